"""Where households live: sizes, buildings, cells, districts; and what neighbours share, place and group.

Left out: households of town and countryside are alike in size and age; no household mixes groups.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.draws.philox import Key, uniforms
from glasshouse.draws.purposes import HOUSEHOLD_MAKE_UP
from glasshouse.population.people import PLACES, Layout

Ints = NDArray[np.int64]

FEWEST_CELLS: Final = 40
MOST_BUILDINGS: Final = 128
DISTRICTS: Final = 8
_LOOK_AHEAD: Final = 16
_SPARE_HOUSEHOLDS: Final = 6.0
_GOLDEN: Final = (5**0.5 - 1) / 2


class Homes(NamedTuple):
    """All households of a run, one row each, in the order of the population.

    Attributes:
        town: int64. number: int64, inside the town. size: int64.
        building: int64, inside the town. cell: int64, inside the town. district: int64, inside the town.
        urban: bool, in the built-up part of the district.
    """

    town: Ints
    number: Ints
    size: Ints
    building: Ints
    cell: Ints
    district: Ints
    urban: NDArray[np.bool_]


def settle(people: int, towns: int, key: Key, sizes: NDArray[np.float64], urban: float) -> tuple[Homes, Layout]:
    """Divide people over towns, draw households until every town is full, and house them.

    The n-th household drawn in a town asks for a size (first word of its make-up); the last one takes what is
    left. Buildings are filled in that order; where the next household does not fit, one of the 16 after it
    that does moves forward, so few places stay vacant. Cells hold as many buildings as leave a town 40 cells,
    1 to 128.

    Args:
        people: over all towns. towns: at most `people`. key: the seed.
        sizes: share of households with 1, 2, ... members. urban: share of people in the built-up parts.
    """
    population = np.full(towns, people // towns) + (np.arange(towns) < people % towns)
    largest = int(population.max())
    per_cell = min(MOST_BUILDINGS, max(1, largest // (FEWEST_CELLS * PLACES)))
    districts = min(DISTRICTS, max(1, -(-largest // (PLACES * per_cell)) * DISTRICTS // FEWEST_CELLS))
    homes = [_town(int(n), town, key, sizes, urban, per_cell, districts) for town, n in enumerate(population)]
    joined = Homes(*(np.concatenate(columns) for columns in zip(*homes, strict=True)))
    return joined, Layout(towns, int(joined.cell.max()) + 1, per_cell, districts)


def _town(
    people: int, town: int, key: Key, sizes: NDArray[np.float64], urban: float, per_cell: int, districts: int
) -> Homes:
    size, building = _fill(_sizes(people, town, key, sizes))
    cell = building // per_cell
    district = cell * districts // (int(cell[-1]) + 1)
    _, offset, _, _ = uniforms(key, np.uint32(0), HOUSEHOLD_MAKE_UP, 0, town, 1)
    built_up = _built_up(size, building, district, urban, float(offset))
    return Homes(np.full(len(size), town), np.arange(len(size)), size, building, cell, district, built_up)


def _sizes(people: int, town: int, key: Key, sizes: NDArray[np.float64]) -> list[int]:
    """Sizes of households in the order drawn; they add up to `people`."""
    mean = float(sizes @ np.arange(1, len(sizes) + 1))
    tried = min(people, int(people / mean + _SPARE_HOUSEHOLDS * people**0.5) + 1)
    for count in (tried, people):
        (u, *_) = uniforms(key, np.arange(count), HOUSEHOLD_MAKE_UP, 0, town, 0)
        total = np.cumsum(1 + np.searchsorted(np.cumsum(sizes)[:-1], u, side="right"))
        if total[-1] >= people:
            break
    kept = np.minimum(total[: int(np.searchsorted(total, people)) + 1], people)
    return [int(size) for size in np.diff(kept, prepend=0)]


def _fill(sizes: list[int]) -> tuple[Ints, Ints]:
    """Order households so that buildings fill up. Returns sizes in that order and each one's building."""
    buildings, building, room = [], 0, PLACES
    for at, size in enumerate(sizes):
        if size > room:
            ahead = range(at + 1, min(at + 1 + _LOOK_AHEAD, len(sizes))) if room else ()
            fits = next((later for later in ahead if sizes[later] <= room), None)
            if fits is None:
                building, room = building + 1, PLACES
            else:
                sizes[at], sizes[fits] = sizes[fits], size
                size = sizes[at]
        room -= size
        buildings.append(building)
    return np.array(sizes), np.array(buildings)


def _built_up(size: Ints, building: Ints, district: Ints, share: float, offset: float) -> NDArray[np.bool_]:
    """Whether each household of a town lives in the built-up part of its district.

    The first buildings of every district are town, the rest countryside. How many: the share of the people up
    to the district's end, in full buildings, rounded by an offset of the town, less what earlier districts
    took.
    """
    last = building == building[-1]
    full = size[~last].sum() / building[-1] if building[-1] else size.sum()
    edge = np.searchsorted(district, np.arange(district[-1] + 2))
    people = np.concatenate([[0], np.cumsum(size)])[edge] / full
    built_up = np.diff(np.floor(share * people + offset))
    return np.asarray(building - building[edge[:-1]][district] < built_up[district])


def group(homes: Homes, shares: NDArray[np.float64], clustering: float, key: Key, u: NDArray[np.float64]) -> Ints:
    """The group of each household.

    Cells take a group each, spread through the town in proportion to the shares (a golden-ratio sequence with
    one keyed offset a town); a household belongs to its cell's group with probability `clustering`, and to
    one drawn from the shares otherwise.

    Args:
        homes: households. shares: of the groups. clustering: 0 (mixed) to 1 (apart). key: the seed.
        u: uniform draw per household.
    """
    ends = np.cumsum(shares)[:-1]
    (offset, *_) = uniforms(key, np.uint32(0), HOUSEHOLD_MAKE_UP, 0, homes.town, 1)
    of_cell = np.searchsorted(ends, (offset + homes.cell * _GOLDEN) % 1.0, side="right")
    own = (u - clustering) / max(1.0 - clustering, 1e-9)
    return np.where(u < clustering, of_cell, np.searchsorted(ends, own, side="right"))
