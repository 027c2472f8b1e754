"""The parameter registry and the published figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from glasshouse.errors import InputError, nearest
from glasshouse.evidence.quantity import Quantity, folder, number_problem, quantities


class Parameters(Mapping[str, Quantity]):
    """The symbols of the mechanisms' equations by id ("deterrence.kappa"). Never changes; copies may."""

    def __init__(self, rows: Mapping[str, Quantity]) -> None:
        """A registry of these rows."""
        self._rows = dict(rows)

    def __getitem__(self, id: str) -> Quantity:
        """The row with this id; KeyError if there is none."""
        return self._rows[id]

    def __iter__(self) -> Iterator[str]:
        """The ids, in the order of the data file."""
        return iter(self._rows)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def value(self, id: str) -> float | tuple[float, ...]:
        """The bare value; InputError with the nearest id if there is none."""
        return self._row(id).value

    def number(self, id: str) -> float:
        """The bare value of a row that holds one number; TypeError if it holds several."""
        return float(self._row(id))

    def with_values(self, changes: Mapping[str, float | tuple[float, ...]]) -> Parameters:
        """A copy with other values, for experiments and tests.

        A changed row is `assumed` and has no source; its range stays what it was and does not bind.

        Raises:
            InputError: an id is unknown, or a value is not a finite number (for a row of numbers: as many as
                before), or a share or probability is not between 0 and 1.
        """
        return Parameters({**self._rows, **{id: _changed(self._row(id), new) for id, new in changes.items()}})

    def _row(self, id: str) -> Quantity:
        try:
            return self._rows[id]
        except KeyError:
            raise InputError(f'There is no parameter "{id}".{nearest(id, self._rows)}') from None


def _changed(row: Quantity, new: float | tuple[float, ...]) -> Quantity:
    held = len(row.value) if isinstance(row.value, tuple) else None
    given = tuple(new) if isinstance(new, list | tuple) else (new,)
    if held != (len(given) if isinstance(new, list | tuple) else None):
        wanted = "one number" if held is None else f"{held} numbers"
        raise InputError(f"Parameter {row.id} takes {wanted}, not {new!r}.")
    for value in given:
        if problem := number_problem(value, row.unit):
            raise InputError(f"Parameter {row.id} {problem}.")
    if row.range is not None and row.range[0] >= 0 and any(value < 0 for value in given):
        low, high = row.range
        raise InputError(f"Parameter {row.id} cannot be negative: its range is {low:g} to {high:g}.")
    floats = tuple(float(value) for value in given)
    return replace(
        row,
        value=floats[0] if held is None else floats,
        status="assumed",
        source=None,
        checked=False,
        confidence="low",
        note=f"changed for this run; the registry says {row.value}",
    )


@cache
def parameters() -> Parameters:
    """The parameter registry (`data/parameters/`, one file a mechanism).

    "assumed" means that nobody has measured a value, or that it was fitted here; its range is what experiments sweep.
    """
    return Parameters({id: row for file in folder("parameters") for id, row in quantities(file).items()})


@cache
def facts() -> tuple[Quantity, ...]:
    """Published figures to calibrate, validate and cite (`data/facts.toml`); a count may have no range."""
    return tuple(quantities("facts.toml", needs_range=False).values())
