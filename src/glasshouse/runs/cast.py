"""Who and what the records speak of: people by number, and the names behind the tables' rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import chance, happens
from glasshouse.draws.philox import Key, words
from glasshouse.draws.purposes import FOLLOWED
from glasshouse.engine.grid import Grid
from glasshouse.engine.stage import Stage
from glasshouse.population import Population
from glasshouse.population.firms import Firms, found

MOST_FOLLOWED = 100_000
"People whose whole ledger is kept; of more people, a keyed sample of about this many."


class Keys(NamedTuple):
    """A key for each person or event: number into labels, -1 for none."""

    number: NDArray[Any]
    labels: Sequence[str]


@dataclass(frozen=True)
class Cast:
    """The people of a run as the records see them.

    Attributes:
        population: the people.
        grid: where they sit.
        by_group: group of each person.
        deeds, services: names in table order; prices: int64 hundredths, ordinary price of each service.
        limited: numbers of the services with limited places.
        followed: bool, whose ledger is kept.
        friend: int32 [8, people], each person's friend by slot; friend_slots: uint8, bits of the slots in use.
        person_at: int64, person of each place of the flat grid, -1 where nobody lives.
        firms: the firms of the cells.
        rank: int32, turn in which each person's district adopts pilots.
        health: people carry papers and infections.
    """

    population: Population
    grid: Grid
    by_group: Keys
    deeds: tuple[str, ...]
    services: tuple[str, ...]
    prices: NDArray[np.int64]
    limited: tuple[int, ...]
    followed: NDArray[np.bool_]
    friend: NDArray[np.int32]
    friend_slots: NDArray[np.uint8]
    person_at: NDArray[np.int64]
    firms: Firms
    rank: NDArray[np.int32]
    health: bool = False

    @staticmethod
    def of(stage: Stage) -> Cast:
        """The cast of a stage."""
        population, grid = stage.population, stage.grid
        person_at = np.full(grid.cells * grid.places, -1, np.int64)
        person_at[grid.index] = np.arange(len(population))
        return Cast(
            population=population,
            grid=grid,
            by_group=Keys(population.group.astype(np.int64), population.groups.labels),
            deeds=tuple(deed.id for deed in stage.society.deeds),
            services=tuple(service.id for service in stage.services),
            prices=np.array([round(100 * float(service.price)) for service in stage.services], np.int64),
            limited=tuple(n for n, service in enumerate(stage.services) if service.load is not None),
            followed=_followed(population, stage.seed),
            friend=_friends(stage, person_at),
            friend_slots=grid.read(np.asarray(stage.people.friends.slots)).astype(np.uint8),
            person_at=person_at,
            firms=found(population, stage.seed, stage.parameters),
            rank=np.asarray(stage.people.rank)[population.cell],
            health=stage.shape.health,
        )

    @property
    def people(self) -> int:
        """How many there are."""
        return len(self.population)

    @property
    def towns(self) -> int:
        """How many towns."""
        return self.population.layout.towns

    @property
    def town(self) -> NDArray[np.uint16]:
        """Town of each person."""
        return self.population.town

    @property
    def adult(self) -> NDArray[np.bool_]:
        """Who can be scored."""
        return self.population.adult

    def read(self, column: NDArray[Any]) -> NDArray[Any]:
        """A grid column by person."""
        return self.grid.read(np.asarray(column))

    def read_cells(self, column: NDArray[Any]) -> NDArray[Any]:
        """A column by cell, of the cells that people can live in."""
        layout = self.population.layout
        return np.asarray(column)[: layout.towns * layout.cells_per_town]


def _friends(stage: Stage, person_at: NDArray[np.int64]) -> NDArray[np.int32]:
    """Everybody's friends by slot, as persons."""
    layout = stage.population.layout
    town = stage.population.town * np.int64(layout.cells_per_town * layout.places_per_cell)
    place = stage.grid.read(np.asarray(stage.people.friends.place)).astype(np.int64)
    return person_at[place + town].astype(np.int32)


def _followed(population: Population, seed: int) -> NDArray[np.bool_]:
    share = min(1.0, MOST_FOLLOWED / len(population))
    drawn = words(Key.of(seed), population.number, FOLLOWED, np.uint32(0), population.town.astype(np.uint32))
    kept: NDArray[np.bool_] = happens(drawn.a, chance(share))
    return kept
