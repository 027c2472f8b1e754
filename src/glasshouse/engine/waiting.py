"""Queues on the grid: who waits, and the lots that decide among those of one day."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.draws.philox import Key, words
from glasshouse.draws.purposes import LOT
from glasshouse.engine.columns import PLACES
from glasshouse.mechanisms.queues import DAY_PLANES, Queue, lots
from glasshouse.population import Population


def nobody_waits(shape: tuple[int, int]) -> Queue:
    """An empty queue, on the host; shape is [C, B]."""
    return Queue(np.zeros(shape, np.uint32), tuple(np.zeros(shape, np.uint32) for _ in range(DAY_PLANES)))


def lot_planes(population: Population, grid: Any, seed: int) -> tuple[NDArray[np.uint32], ...]:
    """Everybody's lot inside the town as planes [C, B], most significant first."""
    town = population.town.astype(np.uint32)
    drawn = words(Key.of(seed), population.number.astype(np.uint32), LOT, np.uint32(0), town).a
    planes = max(1, int(np.bincount(population.town).max() - 1).bit_length())
    lot = np.zeros(len(town), np.uint32)
    for n in range(population.layout.towns):
        lot[town == n] = lots(drawn[town == n], planes)
    laid = grid.lay(lot).reshape(grid.cells, -1, PLACES)
    powers = np.uint32(1) << np.arange(PLACES, dtype=np.uint32)
    return tuple(
        ((((laid >> np.uint32(place)) & np.uint32(1)) * powers).sum(axis=2, dtype=np.uint32))
        for place in reversed(range(planes))
    )
