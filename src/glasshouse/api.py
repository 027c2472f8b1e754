"""The Python interface: simulate, and ask a run what it did to people."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasshouse.errors import InputError
from glasshouse.regimes import Regime, regime

if TYPE_CHECKING:
    from glasshouse.measures.effects import EffectTable
    from glasshouse.measures.life import Life
    from glasshouse.records import Records
    from glasshouse.runs.perform import Watch

__all__ = ["Regime", "Run", "describe", "open_run", "regime", "simulate"]


class Run:
    """A finished run: a folder of records, and what they say."""

    def __init__(self, folder: str | Path, keep: tempfile.TemporaryDirectory[str] | None = None) -> None:
        """Open the run in `folder`.

        Args:
            folder: the run folder.
            keep: a temporary directory that lives as long as this object.

        Raises:
            RunFolderError: it is no run, unfinished, or of another version.
        """
        self.folder = Path(folder)
        self._keep = keep
        self.records  # noqa: B018  (opening tells at once whether it is a run)

    @cached_property
    def records(self) -> Records:
        """The tables, for questions of your own in SQL: `run.records.sql("SELECT ...")`."""
        from glasshouse.records import Records

        return Records(self.folder)

    def effects(self) -> EffectTable:
        """The tidy table of effects: measure, world, key, value, difference to the twin world, interval.

        Differences are paired by town: the same invented people under ordinary law. Intervals are 95 % intervals
        over towns and cover chance alone, not the assumed numbers.
        """
        from glasshouse.measures.effects import EffectTable, effects

        return EffectTable(effects(self.records))

    def life(self, person: int) -> Life:
        """One invented person's years in every world: entries, refusals, score and tier year by year.

        Args:
            person: 0 to people - 1.

        Raises:
            InputError: there is no such person in the run.
        """
        from glasshouse.measures.life import life

        return life(self.records, person)

    def pick(self, kind: str) -> int:
        """The number of a telling person: "wrongful", "fallen", "risen", "median"."""
        from glasshouse.measures.life import pick

        return pick(self.records, kind)

    def report(self, target: str | Path | None = None) -> Path:
        """Write the self-contained report page; into the run folder if no target is given."""
        from glasshouse.report import build

        return build(self.records, None if target is None else Path(target))

    def __repr__(self) -> str:
        """Where it is and what it holds."""
        worlds = ", ".join(world.name for world in self.records.manifest.worlds)
        return f"Run({str(self.folder)!r}: {worlds})"


def open_run(folder: str | Path) -> Run:
    """Open a finished run folder; RunFolderError if it is none."""
    return Run(folder)


def simulate(
    regimes: str | Path | Regime | Sequence[str | Path | Regime] = ("article", "documented"),
    *,
    people: int = 20_000,
    towns: int = 5,
    seed: int = 1,
    from_: str | dt.date = "2009-01-01",
    until: str | dt.date = "2025-12-31",
    out: str | Path | None = None,
    resume: bool = False,
    force: bool = False,
    country: str = "china",
    parameters: Mapping[str, float] | None = None,
    devices: int | None = None,
    watch: Watch | None = None,
) -> Run:
    """Let invented people live under regimes, beside the same people under ordinary law.

    Args:
        regimes: library names or rule book files; ordinary law is added by itself.
        people: over all towns. towns: replicates, at most `people`. seed: of every draw.
        from_, until: first and last day.
        out: run folder; a temporary one, gone with the returned object, if left out.
        resume: finish the interrupted run in `out`. force: overwrite the run in `out`.
        country: margins to draw people from: a country that ships, or a country file.
        parameters: values that differ from the registry, by id.
        devices: devices to use; never changes the result.
        watch: called with the progress.

    Raises:
        InputError: something given is wrong; the message says what and how to mend it.
    """
    from glasshouse.runs.plan import plan

    made = plan(regimes, people, towns, seed, from_, until, country, parameters)
    from glasshouse.runs.perform import perform  # JAX: only once there is something to play

    keep = None if out is not None else tempfile.TemporaryDirectory(prefix="glasshouse-")
    folder = Path(out) if out is not None else Path(keep.name) / "run" if keep else Path()
    perform(made, folder, resume=resume, force=force, devices=devices, watch=watch or _ignore)
    return Run(folder, keep)


def describe(
    regime_name: str | Path | Regime = "article", people: int = 100_000, month: str = "2020-09"
) -> list[dict[str, Any]]:
    """The plan of a day, read off the day itself: its steps in order, what they read and write, how long they take.

    Args:
        regime_name: whose days. people: how many to time them with, in one town.
        month: whose days are played, as 2020-09.

    Returns:
        One dictionary a step: step, what, when, reads, writes, seconds (over the month), share (of all steps' time),
        length (days of the month).

    Raises:
        InputError: there is no such regime or month.
    """
    from glasshouse.runs.plan import plan

    first, last = month_of(month)
    made = plan([regime_name], people, 1, 1, first, last)
    from glasshouse.engine.anatomy import anatomy
    from glasshouse.engine.calendar import Span
    from glasshouse.engine.stage import Stage
    from glasshouse.population import invent

    population = invent(people, 1, made.seed, made.country, made.parameters)
    stage = Stage(population, [one.book for one in made.regimes], Span(first, last, 0), made.seed, made.parameters, 1)
    steps = anatomy(stage, stage.actor(made.regimes[-1].book), (first, last))
    total, length = sum(step.seconds for step in steps), (last - first).days + 1
    return [
        {
            "step": step.name, "what": step.what, "when": step.when(length), "reads": sorted(step.reads),
            "writes": sorted(step.writes), "seconds": step.seconds, "share": step.seconds / total, "length": length,
        }
        for step in steps
    ]  # fmt: skip


def month_of(month: str) -> tuple[dt.date, dt.date]:
    """First and last day of a month written 2020-09; InputError if it is none."""
    try:
        first = dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise InputError(f'--month "{month}" is not a month; write it as 2020-09.') from None
    after = dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, after - dt.timedelta(days=1)


def _ignore(_: object) -> None:
    """Nobody watches."""
