"""A number about the world and what it rests on; how one is read from a data file.

A row of a data file is a TOML table:

    value       a finite number, or a list of them
    unit        what it counts; "share" and "probability" lie between 0 and 1
    range       [low, high] around the value: what an experiment may sweep. A published count may leave it out
    status      documented | contested | alleged | assumed
    source      key of the bibliography, or several separated by spaces; only an assumed number may do without
    checked     true when the sources were seen, false when only recalled; an assumed number is never checked
    confidence  high | medium | low
    note, place, date, symbol    free text, optional
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from glasshouse.errors import InputError, nearest
from glasshouse.words import STATUSES

CONFIDENCES: Final = ("high", "medium", "low")
UNIT_INTERVAL: Final = ("share", "probability")
"""Units whose numbers lie between 0 and 1."""

_NEEDED: Final = ("value", "unit", "status", "checked", "confidence")
_TEXTS: Final = ("note", "place", "date", "symbol")
_KEYS: Final = frozenset((*_NEEDED, "range", "source", *_TEXTS))


@dataclass(frozen=True)
class Quantity:
    """One number about the world, or a short row of them.

    Attributes:
        id: "group.name", unique in its file.
        value: float, or a tuple of floats.
        unit: what it counts, as text.
        status: one of `words.STATUSES`.
        source: key of the bibliography, several separated by spaces, or None.
        range: lowest and highest plausible value, in the same unit; None for a published count.
        checked: the source was seen; False if it is only recalled.
        confidence: high, medium or low.
        note: what the number leaves out, how it was derived.
        place: where it was observed.
        date: when it was observed, or which time it describes.
        symbol: the symbol of the equations.
    """

    id: str
    value: float | tuple[float, ...]
    unit: str
    status: str
    source: str | None
    range: tuple[float, float] | None
    checked: bool
    confidence: str
    note: str | None = None
    place: str | None = None
    date: str | None = None
    symbol: str | None = None

    def __float__(self) -> float:
        """The value, where it is a single number; TypeError for a row of them."""
        if isinstance(self.value, tuple):
            raise TypeError(f"{self.id} holds {len(self.value)} numbers, not one")
        return self.value

    @property
    def sources(self) -> tuple[str, ...]:
        """The keys of `source`, one by one."""
        return tuple(self.source.split()) if self.source else ()


@cache
def read(file: str) -> dict[str, Any]:
    """The tables of `data/<file>`, in the order of the file. Shared: do not change what you get."""
    text = _text(file)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise InputError(f"{file}: not valid TOML: {problem}.") from None


def folder(name: str) -> list[str]:
    """The files of `data/<name>/`, in order of their names, as `read` takes them."""
    found = files("glasshouse.evidence").joinpath("data", name).iterdir()
    return sorted(f"{name}/{file.name}" for file in found if file.name.endswith(".toml"))


def _text(file: str) -> str:
    return files("glasshouse.evidence").joinpath("data", file).read_text(encoding="utf-8")


def fault(file: str, row: str, what: str) -> InputError:
    """The error about row `row` of `file`, with the line where the row starts."""
    return InputError(f"{file}, line {_line(_text(file), row)}: {row} {what}.")


def _line(text: str, row: str) -> int:
    """Line of `[row]`, or of an inline `row =` inside its table; the table's own line if neither is found."""
    lines = [line.strip() for line in text.splitlines()]
    if f"[{row}]" in lines:
        return lines.index(f"[{row}]") + 1
    table, _, key = row.rpartition(".")
    start = lines.index(f"[{table}]") if f"[{table}]" in lines else 0
    inline = (at for at in range(start, len(lines)) if lines[at].startswith(f"{key} ="))
    return next(inline, start) + 1


def quantity(file: str, row: str, table: Any, needs_range: bool = True) -> Quantity:
    """Read one row.

    Args:
        file: name of the data file, for the message of an error.
        row: id of the row.
        table: the row as TOML gave it.
        needs_range: whether a number that is not assumed must have a range, too.

    Raises:
        InputError: the row breaks one of the rules at the top of this module.
    """
    problem = _problem(table, needs_range)
    if problem:
        raise fault(file, row, problem)
    value = _numbers(table["value"])
    low_high = _numbers(table["range"]) if "range" in table else None
    return Quantity(
        id=row,
        value=value if isinstance(table["value"], list) else value[0],
        unit=table["unit"],
        status=table["status"],
        source=table.get("source"),
        range=(low_high[0], low_high[1]) if low_high else None,
        checked=table["checked"],
        confidence=table["confidence"],
        **{key: table.get(key) for key in _TEXTS},
    )


def quantities(file: str, needs_range: bool = True) -> dict[str, Quantity]:
    """All rows of a file of groups, by id "group.name", in the order of the file."""
    return {
        f"{group}.{name}": quantity(file, f"{group}.{name}", row, needs_range)
        for group, rows in read(file).items()
        for name, row in rows.items()
    }


def number_problem(value: Any, unit: str) -> str | None:
    """Why `value` cannot be a number of this unit, or None if it can."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"is {value!r}, not a number"
    if not math.isfinite(value):
        return f"is {value}, not a finite number"
    if unit in UNIT_INTERVAL and not 0 <= value <= 1:
        return f"is {value:g}, but a {unit} lies between 0 and 1"
    return None


def _numbers(value: Any) -> tuple[float, ...]:
    return tuple(float(v) for v in value) if isinstance(value, list) else (float(value),)


def _problem(table: Any, needs_range: bool) -> str | None:
    if not isinstance(table, Mapping):
        return "must be a table with value, unit, range, status, checked and confidence"
    for key in table:
        if key not in _KEYS:
            return f'has the unknown key "{key}";{nearest(key, _KEYS)}'.rstrip(".?")
    for key in _NEEDED:
        if key not in table:
            return f'lacks "{key}"; add it'
    return _number_problem(table, needs_range) or _standing_problem(table)


def _number_problem(table: Mapping[str, Any], needs_range: bool) -> str | None:
    given = table["value"] if isinstance(table["value"], list) else [table["value"]]
    limits = table.get("range", [])
    if not isinstance(limits, list) or len(limits) not in (0, 2):
        return "has a range that is not [low, high]"
    for value in (*given, *limits):
        if problem := number_problem(value, table["unit"]):
            return problem
    if not limits:
        missing = needs_range or table["status"] == "assumed"
        return 'lacks "range"; add [low, high] around the value' if missing else None
    if not all(limits[0] <= value <= limits[1] for value in given):
        return f"lies outside its range {limits}; widen the range or mend the value"
    return None


def _standing_problem(table: Mapping[str, Any]) -> str | None:
    status, source = table["status"], table.get("source")
    if status not in STATUSES:
        return f"has the status {status!r}; use {', '.join(STATUSES)}"
    if table["confidence"] not in CONFIDENCES:
        return f"has the confidence {table['confidence']!r}; use {', '.join(CONFIDENCES)}"
    if not isinstance(table["checked"], bool):
        return 'has a "checked" that is neither true nor false'
    if status != "assumed" and not source:
        return f"is {status} without a source; name one, or call it assumed"
    if status == "assumed" and table["checked"]:
        return "is assumed, so there is nothing to check; set checked = false"
    return None
