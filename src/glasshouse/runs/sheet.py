"""Rows of the totals as they are counted: (town, measure, dimension, key, value)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.runs.cast import Cast, Keys


class Row(NamedTuple):
    """One count of one town."""

    town: int
    measure: str
    dimension: str
    key: str
    value: int


class Sheet:
    """Rows as they are counted."""

    def __init__(self, cast: Cast) -> None:
        """Begin with nothing counted."""
        self.cast, self.rows = cast, list[Row]()
        self.everyone = Keys(np.zeros(cast.people, np.int64), ["all"])
        self._town = cast.town.astype(np.int64)
        self._places: dict[tuple[int, int], tuple[NDArray[Any], NDArray[np.int64], NDArray[np.bool_] | None]] = {}

    def of_town(self, town: int, measure: str, dimension: str, key: str, value: int) -> None:
        """Count something that is a town's, not a person's."""
        self.rows.append(Row(town, measure, dimension, key, value))

    def names(self, number: NDArray[Any], labels: Sequence[str]) -> Keys:
        """Everybody's number into some labels."""
        return Keys(number.astype(np.int64), labels)

    def add(
        self,
        measure: str,
        dimension: str,
        keys: Keys,
        weights: NDArray[Any] | None = None,
        persons: NDArray[np.int64] | None = None,
    ) -> None:
        """Count people (or the events of `persons`) by town and key, weighted if asked."""
        size = len(keys.labels)
        if persons is None:
            index, known = self._index(keys.number, size)
        else:
            index, known = self._town[persons] * size + keys.number, keys.number >= 0
        if known is not None and not known.all():
            index = index[known]
            weights = None if weights is None else weights[known]
        counts = np.bincount(index, weights, self.cast.towns * size)
        found = np.flatnonzero(counts)
        for where, value in zip(found.tolist(), np.rint(counts[found]).astype(np.int64).tolist(), strict=True):
            self.rows.append(Row(where // size, measure, dimension, keys.labels[where % size], value))

    def _index(self, number: NDArray[Any], size: int) -> tuple[NDArray[np.int64], NDArray[np.bool_] | None]:
        """Town and key of everybody in one number, and who has a key (None: all); kept for further measures."""
        held = self._places.get((id(number), size))
        if held is None or held[0] is not number:
            known = number >= 0
            held = self._places[id(number), size] = number, self._town * size + number, None if known.all() else known
        return held[1:]
