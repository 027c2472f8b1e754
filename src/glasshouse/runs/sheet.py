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
        town = self.cast.town if persons is None else self.cast.town[persons]
        size = len(keys.labels)
        known = keys.number >= 0
        index = town.astype(np.int64) * size + keys.number
        if not known.all():
            index = index[known]
            weights = None if weights is None else weights[known]
        counts = np.bincount(index, weights, self.cast.towns * size)
        for where in np.flatnonzero(counts):
            self.rows.append(
                Row(
                    int(where) // size,
                    measure,
                    dimension,
                    keys.labels[int(where) % size],
                    round(counts[where]),
                )
            )
