"""Playing a plan: run-in, branch, month after month of every world, and the records on the way."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.calendar import Span
from glasshouse.engine.columns import World
from glasshouse.engine.counts import Gains, gains
from glasshouse.engine.stage import Actor, Played, Stage
from glasshouse.errors import RunFolderError
from glasshouse.population import invent
from glasshouse.records.schema import FORMAT, MANIFEST, NO_TIER
from glasshouse.runs import checkpoint, tally, views_totals
from glasshouse.runs import folder as run_folder
from glasshouse.runs.assemble import assemble
from glasshouse.runs.cast import Cast
from glasshouse.runs.events import Channels, channels, events, ledger
from glasshouse.runs.firm_totals import firm_totals
from glasshouse.runs.manifest import manifest
from glasshouse.runs.people_table import Final
from glasshouse.runs.plan import BASELINE, Plan
from glasshouse.runs.queues_totals import places
from glasshouse.runs.sheet import Row
from glasshouse.words import CLEAN, REAL

_SAVE_EVERY = 5.0
"Seconds of play between two checkpoints, about; they fall on month ends and leave no trace in the result."


@dataclass(frozen=True)
class Progress:
    """Where a run stands: what is being done, the day played, person-days done and in all."""

    doing: str
    day: dt.date | None = None
    done: int = 0
    total: int = 0


Watch = Callable[[Progress], None]


@dataclass
class _Player:
    """One world of a running plan."""

    name: str
    actor: Actor
    tiers: list[str]
    channels: Channels
    world: World
    sums: Gains
    evening: tally.Evening | None = None
    ledger: list[dict[str, NDArray[Any]]] = field(default_factory=list)
    totals: list[tuple[int, Row]] = field(default_factory=list)
    years: list[dict[str, NDArray[Any]]] = field(default_factory=list)


def perform(
    plan: Plan, folder: Path, *, resume: bool = False, force: bool = False, devices: int | None = None,
    watch: Watch = lambda _: None,
) -> Path:  # fmt: skip
    """Run a plan into a folder, or finish an interrupted run of the same plan.

    Args:
        plan: what to run.
        folder: the run folder.
        resume: go on from the last checkpoint; force: overwrite an existing run.
        devices: devices to use; does not change the result.
        watch: told of progress.

    Raises:
        RunFolderError: the folder cannot be used.
    """
    if not _open(plan, folder, resume, force):
        return folder
    watch(Progress("inventing people"))
    span = Span(plan.first, plan.last, plan.run_in)
    population = invent(plan.people, plan.towns, plan.seed, plan.country, plan.parameters)
    stage = Stage(population, [r.book for r in plan.regimes], span, plan.seed, plan.parameters, devices)
    cast = Cast.of(stage)
    players = _players(plan, stage, cast, folder, watch)
    watch(Progress("writing the tables"))
    finals = {player.name: _final(cast, player) for player in players}
    try:
        assemble(plan, stage, cast, folder, finals)
    except RuntimeError as stopped:  # how DuckDB tells of Ctrl-C
        if "interrupt" in str(stopped).lower():
            raise KeyboardInterrupt from stopped
        raise
    run_folder.write_json(folder / MANIFEST, manifest(plan, stage, cast, span))
    run_folder.clean(folder)
    return folder


def _open(plan: Plan, folder: Path, resume: bool, force: bool) -> bool:
    """Make the folder ready; whether anything is left to do in it."""
    begun = {
        "format": FORMAT,
        "finished": False,
        "glasshouse": version("glasshouse"),
        "plan": plan.identity(),
        "files": plan.files(),
    }
    if not resume or run_folder.empty(folder):
        run_folder.start(folder, force, begun)
        return True
    found = run_folder.reopen(folder)
    _match(found, begun, folder)
    if found.get("finished") and run_folder.whole(folder):
        run_folder.clean(folder)
        return False
    run_folder.begin(folder, begun)
    return True


def _match(found: dict[str, Any], begun: dict[str, Any], folder: Path) -> None:
    """Refuse to go on with a run that another version, or another plan, has begun."""
    if found.get("glasshouse") != begun["glasshouse"]:
        raise RunFolderError(
            f"{folder} was begun by glasshouse {found.get('glasshouse')}, and this is {begun['glasshouse']}; finish it "
            "with that version, or start again with --force."
        )
    there, here = found.get("plan"), begun["plan"]
    if there != here:
        differ = [name for name in here if not isinstance(there, dict) or there.get(name) != here[name]]
        raise RunFolderError(
            f"{folder} was started with other {', '.join(differ)}; give the same ones to --resume it, or --force "
            "to start again."
        )


def _players(plan: Plan, stage: Stage, cast: Cast, folder: Path, watch: Watch) -> list[_Player]:
    """Play all worlds to the end."""
    months = stage.span.months()
    watch(Progress("compiling the day"))
    like = stage.newborn()
    layout = stage.population.layout
    names, cells, nothing = (
        [r.name for r in plan.regimes],
        layout.towns * layout.cells_per_town,
        tally.nothing_counted(cast),
    )
    last, worlds, sums = checkpoint.load(folder, like, nothing, names, cells)
    if last < 0:
        worlds = _run_in(plan, stage, like, watch)
    players = [
        _player(plan, stage, cast, n, worlds[name], jax.tree.map(np.copy, sums.get(name, nothing)))
        for n, name in enumerate(names)
    ]
    total = plan.people * plan.days * len(players)
    done = plan.people * len(players) * sum((b - a).days + 1 for a, b in months[: last + 1])
    first, saved = last + 1, time.monotonic()
    for number in range(first, len(months)):
        waiting: tuple[_Player, Played] | None = None
        for player in players:
            played = stage.play(player.actor, player.world, months[number])
            player.world = played.world
            if waiting is not None:
                _record(stage, cast, *waiting, months[number], number)
            waiting = (player, played)
            done += plan.people * ((months[number][1] - months[number][0]).days + 1)
        if waiting is not None:
            _record(stage, cast, *waiting, months[number], number)
        watch(Progress("living", months[number][1], done, total))
        if time.monotonic() - saved > _SAVE_EVERY or number == len(months) - 1:
            _save(folder, cast, players, first, number)
            first, saved = number + 1, time.monotonic()
    return players


def _run_in(plan: Plan, stage: Stage, morning: World, watch: Watch) -> dict[str, World]:
    """The days before the first, lived once under ordinary law; then the worlds part."""
    baseline = next(r for r in plan.regimes if r.name == BASELINE)
    actor = stage.actor(baseline.book)
    world = stage.place(stage.branch(morning, actor))
    for days in stage.span.run_in_months():
        world = stage.play(actor, world, days).world
        watch(Progress("settling in", days[1]))
    settled = jax.device_get(world)
    return {r.name: stage.branch(settled, stage.actor(r.book)) for r in plan.regimes}


def _player(plan: Plan, stage: Stage, cast: Cast, number: int, world: World, sums: Gains) -> _Player:
    regime = plan.regimes[number]
    tiers = [tier.name for tier in regime.book.tiers]
    padded = tiers + [f"#{n}" for n in range(len(tiers), stage.shape.tiers)] + [NO_TIER]
    return _Player(
        name=regime.name,
        actor=stage.actor(regime.book),
        tiers=padded,
        channels=channels(regime.book, cast.deeds, [stage.span.number(first) for first, _ in stage.span.months()]),
        world=stage.place(world),
        sums=sums,
    )


def _record(
    stage: Stage, cast: Cast, player: _Player, played: Played, days: tuple[dt.date, dt.date], number: int
) -> None:
    """Count a month of a world and keep what its ledger needs."""
    length = (days[1] - days[0]).days + 1
    today, marks = played.today, played.marks
    found = events(
        cast,
        np.asarray(marks.deeds)[:length],
        np.asarray(marks.notices)[:length],
        np.asarray(marks.fates)[:length],
        stage.span.number(days[0]),
        player.channels,
        today.begun[length - 1],
    )
    after = player.evening = tally.Evening.of(cast, played.world)
    counted = jax.tree.map(cast.read, gains(jax.device_get(played.counts)))
    counted = places(cast, counted, after.world, found, length)
    player.sums = jax.tree.map(np.add, player.sums, counted)
    subject = player.actor.liable & (cast.rank < today.districts[length - 1])
    aware = subject & (cast.population.aware_word < today.aware[length - 1])
    lists = list(player.actor.book.lists)
    end_of_year = days[1].month == 12 and days[1].day == 31
    half_year = days[1].month in (6, 12)
    rows = tally.month(cast, player.tiers, lists, counted, after, found, aware, length, end_of_year, half_year)
    rows += firm_totals(cast, player.actor, today, length, after, end_of_year)
    rows += views_totals.views(cast, after)
    if end_of_year:
        rows += views_totals.thresholds(cast, player.actor, stage.numbers, after, aware)
    player.totals += [(number, row) for row in rows]
    player.ledger.append(ledger(cast, found, player.actor.liable))
    if end_of_year:
        player.years.append(
            _year(
                after.world,
                days[1].year,
                found.last_day,
                today.begun[length - 1],
                len(player.actor.book.tiers),
            )
        )


def _final(cast: Cast, player: _Player) -> Final:
    """How a world ended."""
    evening = player.evening or tally.Evening.of(cast, player.world)
    return Final(player.actor.liable, evening.world, player.sums)


def _year(world: World, year: int, last_day: int, in_force: NDArray[np.bool_], tiers: int) -> dict[str, NDArray[Any]]:
    """Everybody's standing on 31 December."""
    listed = sum(
        ((books[REAL] > last_day) & bool(in_force[n])).astype(np.uint8) << n for n, books in enumerate(world.until)
    )
    return {
        "year": np.full(len(world.voice), year, np.int16),
        "score": world.score[REAL],
        "clean_score": world.score[CLEAN],
        "tier": np.minimum(world.tier[REAL], tiers).astype(np.uint8),
        "clean_tier": np.minimum(world.tier[CLEAN], tiers).astype(np.uint8),
        "listed": np.asarray(listed, np.uint8),
        "held": world.opposition > 2**29,
        "voiced": world.voice,
    }


def _save(folder: Path, cast: Cast, players: list[_Player], first: int, last: int) -> None:
    """Write what was recorded since the last checkpoint, then the state."""
    part: checkpoint.Part = {}
    for player in players:
        for name in player.ledger[0] if player.ledger else ():
            part[f"{player.name}/ledger/{name}"] = np.concatenate([block[name] for block in player.ledger])
        for name in player.years[0] if player.years else ():
            part[f"{player.name}/years/{name}"] = np.concatenate([block[name] for block in player.years])
        part |= {f"{player.name}/totals/{k}": v for k, v in _columns(player.totals).items()}
        player.ledger, player.years, player.totals = [], [], []
    worlds = {player.name: jax.device_get(player.world) for player in players}
    checkpoint.save(folder, first, last, part, worlds, {player.name: player.sums for player in players})


def _columns(totals: list[tuple[int, Row]]) -> dict[str, NDArray[Any]]:
    return {
        "month": np.array([number for number, _ in totals], np.int32),
        "town": np.array([row.town for _, row in totals], np.int16),
        "measure": np.array([row.measure for _, row in totals]),
        "dimension": np.array([row.dimension for _, row in totals]),
        "key": np.array([row.key for _, row in totals]),
        "value": np.array([row.value for _, row in totals], np.int64),
    }
