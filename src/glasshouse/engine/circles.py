"""Friends laid out on the grid, and how they stand on the first morning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.arithmetic import chance, happens
from glasshouse.draws.philox import Key, words
from glasshouse.draws.purposes import TIE
from glasshouse.engine.parts import Friends, Ties
from glasshouse.evidence import Parameters
from glasshouse.population import Population
from glasshouse.population.friends import friends
from glasshouse.regimes.bonds import in_touch
from glasshouse.words import FRIEND_SLOTS, MOST_ISOLATED

if TYPE_CHECKING:
    from glasshouse.engine.grid import Grid


def lay(population: Population, grid: Grid, seed: int, parameters: Parameters) -> Friends:
    """Find everybody's friends and say where each of them lives.

    A device sees the cells of whole towns: its own, or all of them where a town is split. Where its part of the
    towns begins is taken off, so that a place in the town and the start of the town make an index.
    """
    found = friends(population, seed, parameters)
    cells = population.layout.cells_per_town
    town_cell = np.where(grid.town < population.layout.towns, grid.town * cells, 0)
    here = np.arange(grid.cells)
    in_town = grid.index - population.town.astype(np.int64) * cells * grid.places
    return Friends(
        place=np.stack([grid.lay(in_town[friend].astype(np.int32)) for friend in found.friend]),
        slots=grid.lay(found.slots),
        town_start=np.where(town_cell > 0, town_cell % grid.seen_cells * grid.places, 0).astype(np.int32),
        cell_start=((here - town_cell) * grid.places).astype(np.int32),
    )


def settled(circle: Friends, born: Ties, grid: Grid, seed: int, parameters: Parameters) -> Ties:
    """Ties on the first morning: in touch with the chance at which time alone leaves them, drawn by pair."""
    threshold, held = chance(in_touch(parameters)), np.zeros(grid.shape, np.uint8)
    place = np.asarray(circle.place)
    own = np.asarray(circle.cell_start)[:, None] + np.arange(grid.places, dtype=np.int32)
    town = grid.town[:, None].astype(np.uint32)
    for slot in range(FRIEND_SLOTS):
        pair = np.minimum(place[slot], own).astype(np.uint32)
        drawn = words(Key.of(seed), pair, TIE, np.uint32(0), town, slot).b
        held |= happens(drawn, threshold).astype(np.uint8) << np.uint8(slot)
    held &= born.in_touch
    used, lost = (np.bitwise_count(bits).astype(np.int64) for bits in (born.in_touch, born.in_touch & ~held))
    return born._replace(in_touch=held, isolation=(lost * MOST_ISOLATED // np.maximum(used, 1)).astype(np.uint16))
