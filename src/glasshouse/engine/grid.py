"""From people to columns: the padded grid that devices hold, and back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import ONE_Q16
from glasshouse.draws.philox import Key, uniforms
from glasshouse.draws.purposes import PILOT_ORDER
from glasshouse.engine import circles, livelihood_people, queue_columns
from glasshouse.engine.columns import PLACES, People, World
from glasshouse.engine.files import covered
from glasshouse.engine.firm_columns import firm_traits, no_books
from glasshouse.engine.health_calendar import newborn_health
from glasshouse.engine.numbers import Numbers, numbers
from glasshouse.engine.parts import Firms, Ties, Views
from glasshouse.evidence import Parameters, ServiceFact
from glasshouse.population import Population
from glasshouse.population.firms import found
from glasshouse.regimes.compile import Shape
from glasshouse.regimes.society import request_chance
from glasshouse.words import LEDGERS


class Grid:
    """Where each person sits: cells by places, with the town of each cell; vacant cells pad the last device."""

    def __init__(self, population: Population, devices: int) -> None:
        """Lay a population out for a number of devices.

        Whole towns go to each device where there are towns enough; a single town is split by cells.
        """
        layout = population.layout
        self.places = layout.places_per_cell
        towns, cells = layout.towns, layout.cells_per_town
        self.split = towns < devices
        slots = towns if self.split else -(-towns // devices) * devices
        self.cells = slots * cells
        self.cells += -self.cells % devices
        town = np.minimum(np.arange(self.cells) // cells, towns)
        self.towns = towns + 1 if (town == towns).any() else towns
        self.town = town.astype(np.int32)
        self.index = population.grid_index()
        self.seen_cells = self.cells if self.split else self.cells // devices
        self.shape = (self.cells, self.places)

    def lay(self, column: NDArray[np.generic], vacant: int = 0) -> NDArray[np.generic]:
        """A column of people on the grid."""
        flat = np.full(self.cells * self.places, vacant, column.dtype)
        flat[self.index] = column
        return flat.reshape(self.shape)

    def read(self, column: NDArray[np.generic]) -> NDArray[np.generic]:
        """A grid [..., C, P] back to people [..., N]."""
        return column.reshape(*column.shape[:-2], -1)[..., self.index]


def people(
    population: Population,
    grid: Grid,
    seed: int,
    parameters: Parameters,
    services: tuple[ServiceFact, ...],
    median_income: float,
) -> People:
    """The static columns."""
    p = population
    living, coefficients = livelihood_people.by_person(p, seed, parameters), numbers(parameters)
    adult = grid.lay(p.adult)
    bits = np.uint32(1) << p.place.astype(np.uint32)
    adults_of_household = np.zeros(int(p.household.max()) + 1, np.uint32)
    np.bitwise_or.at(adults_of_household, p.household, np.where(p.adult, bits, 0).astype(np.uint32))
    kin = (adults_of_household[p.household] & ~bits).astype(np.uint32)
    by_cell = adult.sum(axis=1, dtype=np.int32)
    requests = tuple(
        grid.lay(np.where(_asks(service, p), request_chance(service, p.income, median_income), 0).astype(np.uint32))
        for service in services
    )
    firms = found(p, seed, parameters)
    columns = People(
        number=grid.lay(p.number, vacant=0xFFFFFFFF),
        resident=grid.lay(np.ones(len(p.number), np.bool_)),
        adult=adult,
        liable=adult,
        driver=grid.lay(p.driver),
        parent=grid.lay(p.parent),
        digital=grid.lay(p.digital),
        prosocial=grid.lay(p.prosocial),
        group=grid.lay(p.group),
        requests=requests,
        susceptibility=grid.lay(p.susceptibility),
        risk=grid.lay(p.risk),
        boldness=grid.lay(p.boldness),
        lookalike=grid.lay(p.lookalike),
        level=grid.lay(p.opposition.astype(np.int32)),
        aware_word=grid.lay(p.aware_word),
        covered=grid.lay(covered(p, seed)),
        kin=grid.lay(kin),
        kin_share=grid.lay((ONE_Q16 // np.maximum(np.bitwise_count(kin).astype(np.int32), 1)).astype(np.int32)),
        town=grid.town,
        rank=_ranks(p, grid, seed),
        building_adults=adult.reshape(grid.cells, -1, PLACES).sum(axis=2, dtype=np.int32),
        cell_adults=by_cell,
        town_adults=np.bincount(grid.town, by_cell, grid.towns).astype(np.int32),
        likeness=likeness(p, grid, p.adult),
        places=(),
        lots=queue_columns.lots(p, seed, grid.lay),
        **{name: grid.lay(column) for name, column in living.items()},
        spending=livelihood_people.public_spending(living["wage"], living["job"], p.town, grid.towns, coefficients),
        employer=grid.lay(firms.employer),
        owned=grid.lay(firms.owned),
        firms=firm_traits(firms, grid.cells),
        venues=(),
        standing=grid.lay(_standing(p.income)),
        friends=circles.lay(p, grid, seed, parameters),
    )
    purse = livelihood_people.newborn(columns, coefficients).purse
    return replace(columns, places=queue_columns.places(services, requests, purse, grid.town, grid.towns))


def likeness(population: Population, grid: Grid, who: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Sum of look-alike factors by cell and group, over some of the people."""
    p = population
    total = np.zeros((grid.cells, len(p.groups.labels)), np.int64)
    np.add.at(total, (p.cell[who], p.group[who]), p.lookalike[who].astype(np.int64))
    return total


def _standing(income: NDArray[np.int32]) -> NDArray[np.uint8]:
    """Rank of each income among all, 0 to 255; equal incomes rank alike."""
    below = np.searchsorted(np.sort(income), income)
    return (below * 256 // len(income)).astype(np.uint8)


def _asks(service: ServiceFact, p: Population) -> NDArray[np.bool_]:
    asking: dict[str, NDArray[np.bool_]] = {
        "everyone": np.ones_like(p.adult),
        "adults": p.adult,
        "parents": p.parent,
    }
    return asking[service.who]


def _ranks(population: Population, grid: Grid, seed: int) -> NDArray[np.int32]:
    """Turn in which each cell's district adopts: the order of keyed draws over all districts of the run."""
    layout = population.layout
    districts = np.arange(layout.districts_per_town)
    drawn = np.concatenate([uniforms(Key.of(seed), districts, PILOT_ORDER, 0, town)[0] for town in range(layout.towns)])
    turn = np.argsort(np.argsort(drawn, kind="stable"), kind="stable").reshape(layout.towns, -1)
    rank = np.full(grid.cells, np.iinfo(np.int32).max, np.int32)
    rank[population.cell] = turn[population.town, population.district]
    return rank


def newborn(
    people: People, shape: Shape, services: tuple[ServiceFact, ...], faces: int, start: int, numbers: Numbers,
    views: Views,
) -> World:  # fmt: skip
    """A world on its very first morning.

    Args:
        people: the static columns.
        shape: numbers of tiers and lists.
        services: of the run.
        faces: number of face deeds.
        start: int, the score everybody starts with.
        numbers: coefficients.
        views: what people think.
    """
    grid = np.shape(people.adult)
    books = len(LEDGERS)
    return World(
        score=tuple(np.full(grid, start, np.int32) for _ in range(books)),
        tier=tuple(np.full(grid, shape.tiers, np.uint8) for _ in range(books)),
        announced=tuple(np.full(grid, shape.tiers, np.uint8) for _ in range(books)),
        tier_since=_zeros(grid, np.uint16, books),
        until=tuple(_zeros(grid, np.uint16, books) for _ in range(shape.lists)),
        shown_until=np.zeros(grid, np.uint16),
        risk=np.zeros(grid, np.int32),
        watched=np.zeros(grid, np.int32),
        opposition=np.array(people.level, np.int32),
        voice=np.zeros(grid, np.bool_),
        sanctioned=np.zeros(grid, np.bool_),
        probes=np.zeros((grid[0], faces, people.likeness.shape[1]), np.int32),
        appeals=queue_columns.empty(np.shape(people.building_adults)),
        spared=np.zeros(grid, np.uint8),
        queues=queue_columns.nobody(np.shape(people.building_adults), services),
        livelihood=livelihood_people.newborn(people, numbers),
        account=livelihood_people.even(grid[0]),
        firms=Firms(np.array(people.firms.first), np.array(people.firms.open)),
        firm_books=no_books(people.firms.first.shape),
        health=newborn_health(grid) if shape.health else (),
        views=views,
        ties=Ties(np.array(people.friends.slots), np.zeros(grid, np.uint8), np.zeros(grid, np.uint16)),
        pending=np.zeros(grid, np.uint32),
        informed=np.zeros(people.building_adults.shape, np.uint32),
        avoiding=np.zeros(grid, np.uint8),
    )


def _zeros(shape: tuple[int, ...], dtype: type, copies: int) -> tuple[NDArray[np.generic], ...]:
    return tuple(np.zeros(shape, dtype) for _ in range(copies))
