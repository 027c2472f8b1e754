"""A small stage for tests: invented people, a few months, and what is left of each world, by person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.calendar import Span
from glasshouse.engine.columns import BY_CELL, World
from glasshouse.engine.counts import Gains, gains
from glasshouse.engine.stage import Actor, Stage
from glasshouse.evidence import parameters
from glasshouse.population import Population, invent
from glasshouse.regimes import RuleBook, regime
from glasshouse.words import CAUSES, DEED_MARK, Field

FIRST, LAST = dt.date(2020, 1, 1), dt.date(2020, 6, 30)
"From FIRST to LAST the library's `article` and `none` hold in every district, and nothing changes in them."


def book(name: str) -> RuleBook:
    """A rule book of the library."""
    return regime(name).book


def at_once(given: RuleBook) -> RuleBook:
    """The same rule book without registers: every channel tells at once, of everybody, and nobody's file is wrong."""
    return given.model_copy(update={"registers": None})


@cache
def people(count: int = 6_000, towns: int = 2, seed: int = 1) -> Population:
    """Invented people."""
    return invent(count, towns, seed, parameters=parameters())


def set_stage(
    population: Population | None = None,
    books: Sequence[RuleBook] = (),
    first: dt.date = FIRST,
    last: dt.date = LAST,
    devices: int | None = None,
) -> Stage:
    """A stage without run-in. `article` gives the shape, so that one compiled program serves most tests."""
    known = [book("article"), *books]
    return Stage(population or people(), known, Span(first, last, 0), 1, parameters(), devices)


@cache
def standard() -> Stage:
    """The stage that most tests share."""
    return set_stage()


@dataclass(frozen=True)
class Life:
    """One world, lived from its first morning. N people, M calls of `Stage.play`.

    Attributes:
        actor: the regime.
        months: after each call, the world, columns by person [N]; those of BY_CELL by real cell.
        gains: what each month counted, by person.
        deeds, notices, fates: uint32 [days, N], the marks.
    """

    actor: Actor
    months: list[World]
    gains: list[Gains]
    deeds: NDArray[np.uint32]
    notices: NDArray[np.uint32]
    fates: NDArray[np.uint32]

    @property
    def end(self) -> World:
        """The last evening."""
        return self.months[-1]

    @property
    def sums(self) -> Gains:
        """What all months counted, int64."""
        return jax.tree.map(lambda *counts: sum(c.astype(np.int64) for c in counts), *self.gains)


def live(
    stage: Stage,
    regime_book: RuleBook,
    calls: Sequence[tuple[dt.date, dt.date]] | None = None,
    actor: Actor | None = None,
) -> Life:
    """Play a world, month by month or by the given first and last days."""
    actor = actor or stage.actor(regime_book)
    world = stage.place(stage.branch(stage.newborn(), actor))
    months, counted, told, counts = [], [], [], None
    for days in calls or stage.span.months():
        played = stage.play(actor, world, days, counts)
        world, length = played.world, (days[1] - days[0]).days + 1
        months.append(by_person(stage, jax.device_get(world)))
        so_far = jax.tree.map(stage.grid.read, gains(jax.device_get(played.counts)))
        counted = [*(counted if counts is None else counted[:-1]), so_far]
        counts = None if (days[1] + dt.timedelta(days=1)).day == 1 else played.counts
        told.append([stage.grid.read(np.asarray(mark))[:length] for mark in played.marks])
    return Life(actor, months, counted, *(np.concatenate(mark) for mark in zip(*told, strict=True)))


def by_person(stage: Stage, world: World) -> World:
    """Columns of the grid as columns of people; vacant places and the padding of devices fall away."""
    layout = stage.population.layout
    real = layout.towns * layout.cells_per_town

    def cells(column: Any) -> Any:
        return np.asarray(column)[:real]

    def persons(column: Any) -> Any:
        return stage.grid.read(np.asarray(column))

    readers = {field.name: cells if field.name in BY_CELL else persons for field in fields(world)}
    return World(**{name: jax.tree.map(read, getattr(world, name)) for name, read in readers.items()})


def field(marks: NDArray[np.uint32], name: str, layout: dict[str, Field] = DEED_MARK) -> NDArray[np.int64]:
    """One field of the marks."""
    bits = layout[name]
    return ((marks >> np.uint32(bits.shift)) & np.uint32(bits.mask)).astype(np.int64)


def wrong(marks: NDArray[np.uint32], cause: str = "wrong face") -> NDArray[np.bool_]:
    """Where something was entered against somebody who did not do it, for this cause."""
    return field(marks, "wrong_cause") == CAUSES.index(cause)


def same_bytes(one: Any, other: Any) -> bool:
    """Whether two trees of columns are equal, types and every byte included."""
    ones, others = (jax.tree.leaves(tree) for tree in (one, other))
    pairs = zip(ones, others, strict=True)
    return all(a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes() for a, b in pairs)
