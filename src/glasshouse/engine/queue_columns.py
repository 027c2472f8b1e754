"""The columns of queues, on the host: places a town has, lots, and lists on which nobody waits yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.draws.philox import Key, words
from glasshouse.draws.purposes import LOT
from glasshouse.evidence import ServiceFact
from glasshouse.mechanisms import queues
from glasshouse.population import Population


def places(
    services: Sequence[ServiceFact], requests: Sequence[Any], purse: Any, town: NDArray[np.int32], towns: int
) -> dict[int, NDArray[np.int64]]:
    """Mean places an opening, int64 Q32 [T], by number of each service that has fewer than people ask for.

    Args:
        services: of the run.
        requests: uint32 [C, P] by service, chance of a request at an opening (Q32 of a request).
        purse: int32 [C, P], the most one necessity may cost.
        town: int32 [C]; towns: how many there are.
    """
    found = {}
    for number, service in enumerate(services):
        if service.load is not None:
            price = round(100 * float(service.price))
            asked = np.where((purse >= price) | (not service.essential), requests[number], 0)
            by_town = np.zeros(towns, np.int64)
            np.add.at(by_town, town, asked.sum(axis=1, dtype=np.int64))
            found[number] = np.floor(by_town / float(service.load)).astype(np.int64)
    return found


def lots(population: Population, seed: int, lay: Any) -> tuple[NDArray[np.uint32], ...]:
    """Planes of everybody's lot, uint32 [C, P / 32], most significant first.

    Args:
        population: the people.
        seed: of the run.
        lay: puts a column of people on the grid.
    """
    count = max(1, int(population.number.max()).bit_length())
    drawn = words(Key.of(seed), population.number, LOT, np.uint32(0), population.town.astype(np.uint32)).a
    lot = np.zeros(len(population), np.uint32)
    for town in range(population.layout.towns):
        here = population.town == town
        lot[here] = queues.lots(drawn[here], count)
    return tuple(packed((lay(lot) >> np.uint32(place)) & 1) for place in reversed(range(count)))


def nobody(shape: tuple[int, int], services: Sequence[ServiceFact]) -> dict[int, queues.Queue]:
    """Queues in which nobody waits, by number of each service that people wait for, words of `shape`."""

    return {number: empty(shape) for number, service in enumerate(services) if service.waits}


def empty(shape: tuple[int, ...]) -> queues.Queue:
    """A queue in which nobody waits, words of `shape`."""

    def nothing() -> NDArray[np.uint32]:
        return np.zeros(shape, np.uint32)

    return queues.Queue(nothing(), tuple(nothing() for _ in range(queues.DAY_PLANES)))


def packed(flags: NDArray[Any]) -> NDArray[np.uint32]:
    """Flags [C, P] as words [C, P / 32], on the host."""
    held: NDArray[np.uint32] = np.packbits(flags.astype(np.bool_), axis=-1, bitorder="little").view("<u4")
    return held


def unpacked(held: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Words [C, P / 32] as flags [C, P], on the host."""
    by_byte = np.ascontiguousarray(held, "<u4").view(np.uint8)
    return np.unpackbits(by_byte, axis=-1, bitorder="little").astype(np.bool_)
