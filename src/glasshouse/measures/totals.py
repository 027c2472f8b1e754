"""The monthly totals as arrays: worlds x towns x keys. Every measure is arithmetic on these.

`Totals` asks the records once for each measure and dimension. A key that a world never used counts zero
there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from glasshouse.records.read import Records
from glasshouse.records.schema import DAYS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Floats = NDArray[np.float64]

ALL: Final = "all"
"""The key of everybody together."""


@dataclass(frozen=True)
class Counts:
    """What was counted: `values` has shape [worlds, towns, keys] (or [worlds, towns, months, keys])."""

    keys: tuple[str, ...]
    values: Floats

    def of(self, key: str) -> Floats:
        """The counts of one key; zeros if nobody ever used it."""
        if key in self.keys:
            return self.values[..., self.keys.index(key)]
        return np.zeros(self.values.shape[:-1])

    def take(self, keys: Sequence[str]) -> Floats:
        """The counts of these keys in this order, shape [..., keys]."""
        empty = np.zeros((*self.values.shape[:-1], 0))
        return np.stack([self.of(key) for key in keys], axis=-1) if keys else empty

    def sum(self) -> Floats:
        """Over all keys."""
        total: Floats = self.values.sum(axis=-1)
        return total


class Totals:
    """The totals of one run, with the names of its worlds, towns and months."""

    def __init__(self, records: Records) -> None:
        """Reads nothing yet but the names."""
        self.records = records
        self.manifest = records.manifest
        self.worlds = tuple(world.name for world in self.manifest.worlds)
        self.baseline = self.worlds.index(self.manifest.baseline)
        found = records.sql("SELECT DISTINCT town FROM totals ORDER BY town")
        self.towns = tuple(int(row["town"]) for row in found)
        self.months = tuple(row["month"] for row in records.sql("SELECT DISTINCT month FROM totals ORDER BY month"))
        self._sums: dict[tuple[str, str], Counts] = {}

    def over_run(self, measure: str, dimension: str) -> Counts:
        """Summed over all months. For flows (days, deeds, requests, money)."""
        if (measure, dimension) not in self._sums:
            self._sums[measure, dimension] = self._counts(measure, dimension, by_month=False, only=None)
        return self._sums[measure, dimension]

    def at_end(self, measure: str, dimension: str) -> Counts:
        """At the end of the last month. For stocks (people, listed)."""
        last = self.months[-1] if self.months else None
        return self._counts(measure, dimension, by_month=False, only=last)

    def by_month(self, measure: str, dimension: str) -> Counts:
        """Month by month, shape [worlds, towns, months, keys]."""
        return self._counts(measure, dimension, by_month=True, only=None)

    def person_years(self) -> Floats:
        """Years lived by residents, shape [worlds, towns]."""
        return self.over_run("person_days", "all").sum() / DAYS_A_YEAR

    def group_years(self) -> Floats:
        """Years lived by the people of each group, shape [worlds, towns, groups].

        Groups are fixed for life and their month-end counts are kept, so the years are shared out in that
        proportion.
        """
        heads = self.by_month("people", "group").take(self.manifest.groups).sum(axis=2)
        share = ratio(heads, heads.sum(axis=-1, keepdims=True))
        return self.person_years()[..., None] * share

    def people_with(self, column: str) -> Floats:
        """How many people have more than zero of a column of `people`: shape [worlds, 1 + groups]."""
        rows = self.records.sql(
            f'SELECT world, "group" AS place, count(*) AS people FROM people WHERE {column} > 0 GROUP BY ALL'
        )
        found = np.zeros((len(self.worlds), len(self.manifest.groups)))
        for row in rows:
            found[self.worlds.index(row["world"]), row["place"]] = row["people"]
        return with_all(found)

    def with_groups(self) -> tuple[str, ...]:
        """The keys of a measure that is told for all people and for each group."""
        return (ALL, *self.manifest.groups)

    def deeds(self, *kinds: str, lawful: bool | None = None) -> tuple[str, ...]:
        """Ids of the deeds of these kinds, as the manifest orders them."""
        chosen = (deed for deed in self.manifest.deeds if deed["kind"] in kinds)
        return tuple(str(deed["id"]) for deed in chosen if lawful is None or bool(deed["lawful"]) is lawful)

    def _counts(self, measure: str, dimension: str, by_month: bool, only: Any) -> Counts:
        month, filtered = ("month, " if by_month else ""), ("AND month = ?" if only else "")
        rows = self.records.arrays(
            f"SELECT world, town, {month}key, sum(value)::DOUBLE AS value FROM totals "
            f"WHERE measure = ? AND dimension = ? {filtered} GROUP BY ALL",
            [measure, dimension, *([only] if only else [])],
        )
        keys = tuple(sorted({str(key) for key in rows["key"]}))
        shape = [len(self.worlds), len(self.towns), len(keys)]
        place = [
            _places(rows["world"], self.worlds),
            _places(rows["town"], self.towns),
            _places(rows["key"], keys),
        ]
        if by_month:
            shape.insert(2, len(self.months))
            place.insert(2, _places(rows["month"].astype("datetime64[D]").astype(object), self.months))
        values = np.zeros(shape)
        values[tuple(place)] = rows["value"]
        return Counts(keys, values)


def _places(found: Iterable[Any], names: Sequence[Any]) -> NDArray[np.intp]:
    index = {name: place for place, name in enumerate(names)}
    return np.array([index[name] for name in found], np.intp)


def ratio(above: Floats, below: Floats) -> Floats:
    """`above / below`, NaN where there is nothing below."""
    quotient: Floats = np.divide(
        above, below, out=np.full(np.broadcast_shapes(above.shape, below.shape), np.nan), where=below != 0
    )
    return quotient


def most(counts: Floats, baseline: int) -> Floats:
    """Cases in a world or in its baseline, whichever are more: [worlds, towns, keys] to [worlds, keys]."""
    cases = counts.sum(axis=1)
    larger: Floats = np.maximum(cases, cases[baseline])
    return larger


def with_all(values: Floats) -> Floats:
    """The keys' counts with their sum put first: shape [..., 1 + keys]."""
    return np.concatenate([values.sum(axis=-1, keepdims=True), values], axis=-1)
