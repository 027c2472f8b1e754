"""The stage: people, society and devices, ready to play the months of any number of worlds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh

from glasshouse.draws.philox import Key
from glasshouse.engine import calendar, devices, grid, program
from glasshouse.engine.columns import People, Today, World
from glasshouse.engine.day import Marks
from glasshouse.engine.numbers import Numbers, confusion, numbers
from glasshouse.engine.setting import Setting
from glasshouse.evidence import Parameters, ServiceFact, services
from glasshouse.population import Population
from glasshouse.regimes.compile import Shape, compile_law
from glasshouse.regimes.schema import RuleBook
from glasshouse.regimes.society import Society, known_deeds, society
from glasshouse.regimes.tables import FACE_DEEDS, Law


@dataclass(frozen=True)
class Actor:
    """One world on the stage: its rule book, its law, and what its days are played in."""

    book: RuleBook
    law: Law
    setting: Setting


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
        self._program = program.month_program(self.mesh, self.grid.split)

    @cached_property
    def people(self) -> People:
        """The static columns, on the devices."""
        median = self.population.median_income
        columns = grid.people(self.population, self.grid, self.seed, self.parameters, self.services, median)
        return self._place(columns, program.PEOPLE_SPECS)

    def actor(self, book: RuleBook) -> Actor:
        """Compile a rule book and put it on the devices."""
        factors = np.array(self.population.groups.face_factor, np.float64)
        law = compile_law(book, self.society, self.shape, factors, self.parameters)
        adults = np.bincount(self.population.group[self.population.adult], minlength=len(factors))
        wrong = confusion(law.sight.wrong, np.maximum(adults, 1e-9), self.parameters)
        shared = (Key.of(self.seed), self.society.tables, law, self.numbers, wrong)
        key, tables, placed, coefficients, wrong = self._place(shared, program.REPLICATED)
        return Actor(book, law, Setting(key, self.people, tables, placed, coefficients, wrong))

    def newborn(self) -> World:
        """A world on its first morning, on the host."""
        born = grid.newborn(jax.device_get(self.people), self.shape, len(self.services), FACE_DEEDS, 0)
        return replace(
            born,
            risk=np.full_like(born.risk, self.numbers.true_risk),
            watched=np.full_like(born.watched, self.numbers.true_watch),
        )

    def branch(self, world: World, actor: Actor) -> World:
        """The same morning under another regime: everybody starts with its score, and counts begin anew."""
        start = actor.law.score.start

        def nil(columns: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(np.zeros_like(column) for column in columns)

        return replace(
            world,
            score=tuple(np.full_like(book, start) for book in world.score),
            days=nil(world.days),
            asked=nil(world.asked),
            refused=nil(world.refused),
            short=nil(world.short),
            paid=nil(world.paid),
        )

    def place(self, world: World) -> World:
        """Put a world on the devices."""
        return self._place(world, program.WORLD_SPECS)

    def play(self, actor: Actor, world: World, days: tuple[dt.date, dt.date]) -> tuple[World, Marks]:
        """Play up to a month.

        Args:
            actor: the regime.
            world: on the devices; it is used up.
            days: first and last day, at most 31.

        Returns:
            The world after the last day, and the marks [31, C, P] (rows past the last day are zero).
        """
        today = self._place(self.calendar(actor, days), program.REPLICATED)
        length = np.int32((days[1] - days[0]).days + 1)
        return self._program(actor.setting, world, today, length)

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
            float(actor.law.sight.recognised) / 2**32,
            self.parameters,
        )

    def _place(self, tree: Any, specs: Any) -> Any:
        return devices.place(self.mesh, tree, specs)
