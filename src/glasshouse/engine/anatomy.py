"""The plan of a day, read off the day itself: which step comes when, what it reads and writes, how long it takes.

The day is played once more, wall by wall instead of in one compiled piece: each step is compiled and timed on its own.
Names travel with the columns: what comes out of a step bears the name of what went in.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np

from glasshouse.engine.calendar import pick
from glasshouse.engine.counts import no_counts
from glasshouse.engine.day import day
from glasshouse.engine.month import close
from glasshouse.engine.neighbours import Collect
from glasshouse.engine.program import COMPILER
from glasshouse.engine.remedies import redress
from glasshouse.engine.stage import Actor, Stage
from glasshouse.engine.walls import watched

_ROOTS = ("World", "People", "SocietyTables", "Law", "Numbers", "Today", "Standing", "Counts")
_STORIES = (close, redress)
"Steps that are stories of steps themselves: their walls are watched instead of them."


@dataclass
class Step:
    """One step of the day.

    Attributes:
        name: module and function. what: the first sentence of its docstring.
        days: days of the month on which it ran, once or more. seconds: time spent in it over the month.
        reads, writes: names of columns and tables ("World.risk"); the day's own marks have none.
    """

    name: str
    what: str
    days: set[int] = field(default_factory=set)
    seconds: float = 0.0
    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)

    def when(self, length: int) -> str:
        """On which days of a month it ran, in words."""
        if not self.days:
            return "off"
        if len(self.days) == length:
            return "every day"
        if len(self.days) == 1:
            day = next(iter(self.days))
            return "on the 1st" if day == 1 else "on the last day" if day == length else f"on day {day}"
        return f"on {len(self.days)} days"


class _Watch:
    """Stands in for the walls: runs each step by itself, timed, and notes what it touches."""

    def __init__(self) -> None:
        self.steps: dict[str, Step] = {}
        self.programs: dict[Any, Callable[..., Any]] = {}
        self.names: dict[int, str] = {}
        self.alive: list[Any] = []  # names go by identity: nothing named may be freed and its place reused
        self.today = 0

    def name(self, *trees: Any) -> None:
        """Name every array of these trees by its path."""
        for tree in trees:
            for path, leaf in jax.tree_util.tree_leaves_with_path(tree):
                self._call(leaf, f"{type(tree).__name__}{jax.tree_util.keystr(path)}")

    def _call(self, leaf: Any, name: str) -> None:
        self.names[id(leaf)] = name
        self.alive.append(leaf)

    def __call__(self, on: Any, mechanism: Any, columns: Any) -> Any:
        if isinstance(on, jax.core.Tracer):  # a wall within a step belongs to the step
            return jax.lax.cond(on, mechanism, lambda unchanged: unchanged, columns)
        function, given = mechanism.func, mechanism.args
        if function in _STORIES:
            return mechanism(columns) if bool(on) else columns
        name = f"{function.__module__.removeprefix('glasshouse.engine.')}.{function.__name__}"
        step = self.steps.setdefault(name, Step(name, _sentence(function)))
        if not bool(on):
            return columns
        for tree in given:
            if type(tree).__name__ in _ROOTS:
                self.name(tree)
        leaves, tree = jax.tree.flatten((given, columns))
        arrays = [n for n, leaf in enumerate(leaves) if isinstance(leaf, jax.Array | np.ndarray | np.generic)]
        key = function, tree, repr([leaf for n, leaf in enumerate(leaves) if n not in arrays])
        if key not in self.programs:
            play = _program(function, tree, leaves, arrays)
            self.programs[key] = jax.jit(play, compiler_options=COMPILER)
            self._note(step, play, leaves, arrays, columns)
        started = time.perf_counter()
        after = jax.block_until_ready(self.programs[key]([leaves[n] for n in arrays]))
        step.seconds += time.perf_counter() - started
        step.days.add(self.today)
        for before, now in zip(jax.tree.leaves(columns), jax.tree.leaves(after), strict=True):
            if id(before) in self.names:
                self._call(now, self.names[id(before)])
        return after

    def _note(self, step: Step, play: Any, leaves: list[Any], arrays: list[int], columns: Any) -> None:
        """What a step reads and writes, from its program: an output that is an input was not written."""
        inner = jax.make_jaxpr(play)([leaves[n] for n in arrays]).jaxpr
        used = {id(v) for eqn in inner.eqns for v in eqn.invars}
        known = [self.names.get(id(leaves[n]), "") for n in arrays]
        step.reads |= {_short(name) for name, v in zip(known, inner.invars, strict=True) if name and id(v) in used}
        inside = {id(v) for v in inner.invars}
        for leaf, v in zip(jax.tree.leaves(columns), inner.outvars, strict=True):
            if id(v) not in inside and id(leaf) in self.names:
                step.writes.add(_short(self.names[id(leaf)]))


def _program(function: Any, tree: Any, leaves: list[Any], arrays: list[int]) -> Callable[..., Any]:
    def run(given: list[Any]) -> Any:
        filled = list(leaves)
        for n, leaf in zip(arrays, given, strict=True):
            filled[n] = leaf
        args, columns = jax.tree.unflatten(tree, filled)
        return function(*args, columns)

    return run


def _sentence(function: Any) -> str:
    return " ".join((function.__doc__ or "").split("\n\n")[0].split())


def _short(name: str) -> str:
    """`World.until[0][1]` as `World.until`."""
    return name.partition("[")[0]


def anatomy(stage: Stage, actor: Actor, days: tuple[dt.date, dt.date]) -> list[Step]:
    """The steps of a month's days, in order of their first call, with the time they take once compiled.

    Args:
        stage: on one device.
        actor: the regime.
        days: first and last day of a month.
    """
    watch = _Watch()
    calendar = stage.calendar(actor, days)
    length = (days[1] - days[0]).days + 1
    for _ in range(2):
        for step in watch.steps.values():
            step.days, step.seconds = set(), 0.0
        world = stage.place(stage.branch(stage.newborn(), actor))
        counts = no_counts(stage.grid.shape, len(stage.services), stage.shape.health)
        with watched(watch):
            for n in range(length):
                watch.today = n + 1
                watch.name(actor.setting.people, actor.setting.society, actor.setting.law, world, counts)
                world, counts, _ = day(actor.setting, world, counts, pick(calendar, n), Collect())
                watch.names.clear()
                watch.alive.clear()
    return list(watch.steps.values())
