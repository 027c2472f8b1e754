"""What people see of each other: last night's published bits, building by building.

A building's 32 places are the bits of one word; a household's share is a mask and a count of bits, a cell's share a
sum over its buildings, the town's a sum over its cells (and over devices, where a town is spread over several).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from glasshouse.engine.columns import PLACES, People


@dataclass(frozen=True)
class Collect:
    """What the devices that hold parts of a town tell each other; nothing where each holds whole towns.

    Attributes:
        axis: of the mesh along which a town is split, None where none is.
    """

    axis: str | None = None

    def __call__(self, figure: Any) -> Any:
        """A town's figure, summed over its devices."""
        return figure if self.axis is None else jax.lax.psum(figure, self.axis)

    def everywhere(self, column: Any) -> Any:
        """A column [C, ...] with the cells of all devices that share the town, in order."""
        return column if self.axis is None else jax.lax.all_gather(column, self.axis, tiled=True)


class Shares(NamedTuple):
    """Shares of adults, int32 Q16: per building [C, B], cell [C], town of the cell [C]; words: uint32 [C, B]."""

    words: Any
    building: Any
    cell: Any
    town: Any


def shares(flag: Any, people: People, collect: Collect) -> Shares:
    """Shares of adults with a published flag.

    Args:
        flag: bool [C, P].
        people: who lives where.
        collect: sums over devices.
    """
    words = bit_words(flag)
    in_building = jax.lax.population_count(words).astype(jnp.int32)
    in_cell = in_building.sum(axis=1, dtype=jnp.int32)
    in_town = town_sums(in_cell, people, collect)
    return Shares(
        words=words,
        building=_share(in_building, people.building_adults),
        cell=_share(in_cell, people.cell_adults),
        town=_share(in_town, people.town_adults)[people.town],
    )


def household_share(seen: Shares, people: People) -> Any:
    """Share among the other adults of the household, int32 Q16 [C, P]; the town's share for those who live alone."""
    with_flag = jax.lax.population_count(by_place(seen.words) & people.kin).astype(jnp.int32)
    return jnp.where(people.kin > 0, with_flag * people.kin_share, seen.town[:, None])


def bit_words(flag: Any) -> Any:
    """Flags [C, P] as words [C, P / 32]."""
    places = flag.reshape(flag.shape[0], -1, PLACES).astype(jnp.uint32)
    return (places << jnp.arange(PLACES, dtype=jnp.uint32)).sum(axis=2, dtype=jnp.uint32)


def flags(words: Any) -> Any:
    """Words [C, P / 32] as flags, bool [C, P]."""
    place = jnp.arange(words.shape[1] * PLACES, dtype=jnp.uint32) % PLACES
    return (by_place(words) >> place) & 1 == 1


def by_place(of_building: Any) -> Any:
    """[C, B] to [C, P]: every place gets its building's value."""
    cells, buildings = of_building.shape
    return jnp.broadcast_to(of_building[:, :, None], (cells, buildings, PLACES)).reshape(cells, buildings * PLACES)


def town_sums(of_cell: Any, people: People, collect: Collect) -> Any:
    """Sum a figure of cells [C, ...] to towns [T, ...]."""
    return collect(jax.ops.segment_sum(of_cell, people.town, num_segments=people.town_adults.shape[0]))


def _share(count: Any, of: Any) -> Any:
    return ((count.astype(jnp.int64) << 16) // jnp.maximum(of, 1)).astype(jnp.int32)
