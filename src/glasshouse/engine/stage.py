"""The stage: people, society and devices, ready to play the months of any number of worlds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import jax
import numpy as np
from jax.sharding import Mesh
from numpy.typing import NDArray

from glasshouse.arithmetic import chance, happens
from glasshouse.draws.philox import Key
from glasshouse.engine import calendar, circles, devices, grid, program, views
from glasshouse.engine.columns import People, Today, World
from glasshouse.engine.counts import Counts, no_counts
from glasshouse.engine.day import Marks
from glasshouse.engine.firm_columns import opened
from glasshouse.engine.health_calendar import venues
from glasshouse.engine.numbers import Numbers, confusion, numbers
from glasshouse.engine.setting import Setting
from glasshouse.evidence import Parameters, ServiceFact, services
from glasshouse.population import Population
from glasshouse.regimes.certificate_law import outbreak
from glasshouse.regimes.compile import Shape, compile_law
from glasshouse.regimes.schema import RuleBook
from glasshouse.regimes.society import Society, known_deeds, society
from glasshouse.regimes.tables import FACE_DEEDS, Law


@dataclass(frozen=True)
class Actor:
    """One world on the stage: its rule book, its law, whom it can reach, and what its days are played in.

    `liable` is bool by person; it names everybody of age but in an experiment on a share of people.
    """

    book: RuleBook
    law: Law
    setting: Setting
    liable: NDArray[np.bool_]


class Played(NamedTuple):
    """A month, or a part of it, as it was played.

    Attributes:
        world: after the last day, on the devices.
        counts: of the month so far.
        marks: uint32 [31, C, P]; rows past the last day are zero.
        today: what was in force, on the host.
    """

    world: World
    counts: Counts
    marks: Marks
    today: Today


class Stage:
    """Everything that the worlds of a run share.

    Args:
        population: the people.
        books: rule books of all worlds that will be played; they fix the common shape.
        span: the days.
        seed: of the run.
        parameters: the registry.
        device_count: devices to use, None for as many as help.
    """

    def __init__(
        self,
        population: Population,
        books: Sequence[RuleBook],
        span: calendar.Span,
        seed: int,
        parameters: Parameters,
        device_count: int | None = None,
    ) -> None:
        """Set the stage."""
        self.population, self.span, self.seed, self.parameters = population, span, seed, parameters
        self.shape = Shape.of(list(books))
        self.services: tuple[ServiceFact, ...] = services()
        self.society: Society = society(known_deeds(books), self.services, parameters)
        self.mesh: Mesh = devices.prepare(device_count)
        self.grid = grid.Grid(population, self.mesh.size)
        self.numbers: Numbers = numbers(parameters)
        self.outbreak = outbreak(books)
        self._program = program.month_program(self.mesh, self.grid.split)

    @cached_property
    def people(self) -> People:
        """The static columns, on the devices."""
        median = self.population.median_income
        columns = grid.people(self.population, self.grid, self.seed, self.parameters, self.services, median)
        if self.shape.health:
            columns = replace(columns, venues=self.grid.lay(venues(self.population, self.seed, self.parameters)))
        return self._place(columns, program.PEOPLE_SPECS)

    def actor(self, book: RuleBook) -> Actor:
        """Compile a rule book and put it on the devices."""
        factors = np.array(self.population.groups.face_factor, np.float64)
        law = compile_law(book, self.society, self.shape, factors, self.parameters)
        adults = np.bincount(self.population.group[self.population.adult], minlength=len(factors))
        wrong = confusion(law.sight.wrong, np.maximum(adults, 1e-9), self.parameters)
        shared = (Key.of(self.seed), self.society.tables, law, self.numbers, wrong)
        key, tables, placed, coefficients, wrong = self._place(shared, program.REPLICATED)
        people, liable = self._reached(float(book.share))
        return Actor(book, law, Setting(key, people, tables, placed, coefficients, wrong), liable)

    def _reached(self, share: float) -> tuple[People, NDArray[np.bool_]]:
        """The static columns of a world whose regime reaches a share of people, and who they are."""
        adult = self.population.adult
        if share == 1:
            return self.people, adult
        liable = adult & happens(self.population.lot, chance(share))
        likeness = grid.likeness(self.population, self.grid, liable)
        placed = self._place((self.grid.lay(liable), likeness), program.PERSONAL)
        return replace(self.people, liable=placed[0], likeness=placed[1]), liable

    def newborn(self) -> World:
        """A world on its first morning, on the host."""
        people = jax.device_get(self.people)
        thoughts = views.newborn(people, self.numbers)
        born = grid.newborn(people, self.shape, self.services, FACE_DEEDS, 0, self.numbers, thoughts)
        return replace(
            born,
            risk=np.full_like(born.risk, self.numbers.true_risk),
            watched=np.full_like(born.watched, self.numbers.true_watch),
            ties=circles.settled(self.people.friends, born.ties, self.grid, self.seed, self.parameters),
        )

    def branch(self, world: World, actor: Actor) -> World:
        """The same morning under another regime: everybody starts with its score."""
        start = actor.law.score.start
        firms = opened(world.firm_books, actor.law.firms.start)
        return replace(world, score=tuple(np.full_like(book, start) for book in world.score), firm_books=firms)

    def place(self, world: World) -> World:
        """Put a world on the devices."""
        return self._place(world, program.WORLD_SPECS)

    def play(self, actor: Actor, world: World, days: tuple[dt.date, dt.date], counts: Counts | None = None) -> Played:
        """Play a month, or days of one.

        Args:
            actor: the regime.
            world: on the devices; it is used up.
            days: first and last day, of one month.
            counts: what earlier days of the same month counted; used up. Left out: nothing.
        """
        if (days[0].year, days[0].month) != (days[1].year, days[1].month):
            raise ValueError(f"{days[0]} to {days[1]} are days of two months; counts are kept by the month.")
        today = self.calendar(actor, days)
        length = np.int32((days[1] - days[0]).days + 1)
        if counts is None:
            counts = self._place(no_counts(self.grid.shape, len(self.services), self.shape.health), program.PERSONAL)
        placed = self._place(today, program.REPLICATED)
        return Played(*self._program(actor.setting, world, counts, placed, length), today)

    def calendar(self, actor: Actor, days: tuple[dt.date, dt.date]) -> Today:
        """What is in force on the days of a month, on the host."""
        layout = self.population.layout
        return calendar.month(
            actor.book,
            self.span,
            days,
            self.shape,
            self.services,
            layout.towns * layout.districts_per_town,
            self._recognised(actor),
            self.parameters,
            self.outbreak,
        )

    def _recognised(self, actor: Actor) -> float:
        """Chance that a filmed face is named rightly: the mean over adults, where thresholds differ by group."""
        by_group = actor.law.sight.recognised / 2.0**32
        population = self.population
        adults = np.bincount(population.group[population.adult], minlength=len(by_group))
        # Differences to the first group, so that one common threshold gives its own value to the last bit.
        apart = np.average(by_group - by_group[0], weights=adults) if adults.any() else 0.0
        return float(by_group[0] + apart)

    def _place(self, tree: Any, specs: Any) -> Any:
        return devices.place(self.mesh, tree, specs)
