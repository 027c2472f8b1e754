"""A country: the published margins that people are drawn from, and the assumptions that join them.

A country is a TOML file. `data/china.toml` is the one that ships; any file of the same rows, given by its
path, is another country. A file holds shares and laws, never a record about anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One row of a country file: a value and what it rests on.

    Attributes:
        id: dotted name, as in `households.sizes`.
        value: number, list of numbers, list of lists, or labels, as the file has it.
        unit: what is counted.
        status: one of `glasshouse.words.STATUSES`.
        source: keys of the bibliography, separated by spaces, or None for what is assumed.
        range: lowest and highest plausible entry; needed, or `factor`, where a number is assumed.
        factor: limits of a number that multiplies every entry.
        checked: whether the source was seen (False: recalled).
        confidence: high, medium or low.
        note: caution for the reader.
    """

    id: str
    value: Any
    unit: str
    status: str
    source: str | None
    range: tuple[float, float] | None
    factor: tuple[float, float] | None
    checked: bool
    confidence: str
    note: str | None


@dataclass(frozen=True)
class HouseholdType:
    """Who lives together: a head and, besides, a partner, parents, children, relatives of the head."""

    label: str
    partner: bool
    parents: int
    children: int
    relatives: int
    share: float
    head_age: tuple[float, float]

    @property
    def size(self) -> int:
        """Members, the head included."""
        return 1 + self.partner + self.parents + self.children + self.relatives


@dataclass(frozen=True, eq=False)
class Country:
    """The rows of one country file.

    Attributes:
        label: name on reports.
        date: the day the margins describe.
        rows: every row by its id.
    """

    label: str
    date: str
    rows: dict[str, Row]

    def number(self, row: str) -> float:
        """The value of a single number."""
        return float(self.rows[row].value)

    def table(self, row: str) -> Table:
        """The value of a list or table as float64; shape [n] or [n, columns]."""
        return np.array(self.rows[row].value, np.float64)

    def labels(self, row: str) -> tuple[str, ...]:
        """The value of a list of labels."""
        return tuple(self.rows[row].value)

    def types(self) -> tuple[HouseholdType, ...]:
        """The household types, smallest first."""
        types = [HouseholdType(**{**t, "head_age": tuple(t["head_age"])}) for t in self.rows["households.types"].value]
        return tuple(sorted(types, key=lambda t: t.size))
