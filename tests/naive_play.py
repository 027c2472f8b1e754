"""The engine and the naive twin, side by side through the same days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.calendar import Span
from glasshouse.engine.columns import World
from glasshouse.engine.counts import Gains, gains
from glasshouse.engine.queue_columns import unpacked
from glasshouse.engine.stage import Actor, Stage
from glasshouse.evidence import Parameters, parameters
from glasshouse.mechanisms.queues import Queue
from glasshouse.population import Population
from glasshouse.regimes import RuleBook
from glasshouse.regimes.society import known_deeds
from glasshouse.words import DEED_MARK, FATE_MARK, NOTICE_MARK, Field
from naive import Village
from naive_people import COUNTS, Numbers, Person, settle
from naive_rules import Rules

DEVICES = 2
SEED = 0x0123_4567_89AB_CDEF


def plentiful() -> Parameters:
    """The registry with a livelier exchange of opinions and stakes felt at every score."""
    return parameters().with_values(
        {"expression.asked": 0.3, "deterrence.score_sd": 60.0, "access.affordable_share": 0.12,
         "perception.seen_weight": 0.2, "expression.fear": 0.6, "perception.own_weight": 0.3}
    )  # fmt: skip


def ends(which: int) -> Parameters:
    """The registry with every number of the laws at the low (0) or high (1) end of its range."""
    layers = {f"expression.{layer}_weight" for layer in ("household", "building", "cell", "town")}  # these sum to 1
    groups = ("deterrence", "perception", "expression", "faces", "access", "remedies")
    rows = {id: row.range for id, row in parameters().items() if id.split(".")[0] in groups and id not in layers}
    return parameters().with_values({id: row[which] for id, row in rows.items() if row is not None})


class Play:
    """The engine and the naive twin, through the same days of one population."""

    def __init__(
        self,
        population: Population,
        books: list[RuleBook],
        span: Span,
        registry: Parameters,
        devices: int,
    ) -> None:
        self.population, self.books, self.span = population, books, span
        self.stage = Stage(population, books, span, SEED, registry, devices)
        self.numbers = Numbers(registry)
        layout = population.layout
        adults = [int(((population.group == g) & population.adult).sum()) for g in range(len(population.groups.labels))]
        self.rules = [
            Rules(b, known_deeds(books), self.stage.services, population.groups.face_factor, adults, registry)
            for b in books
        ]
        people = settle(
            population, self.stage.services, self.numbers, SEED, registry, self.stage.shape.tiers,
            self.stage.shape.lists,
        )  # fmt: skip
        actor = self.stage.actor(books[0])
        self.village = Village(
            people, self.rules[0], actor.law.stake, self.stage.society, self.numbers, SEED,
            self.stage.shape.tiers, layout.towns * layout.districts_per_town,
        )  # fmt: skip
        self.told: set[tuple[str, int]] = set()  # every value that any field of the marks has held
        self.where = population.building.astype(np.int64) * 32 + population.place
        world = self.stage.place(self.stage.newborn())
        self.world = self.through(actor, world, self.village, span.run_in_months())

    def world_of(self, number: int) -> Village:
        """One rule book from the branch to the last day."""
        actor = self.stage.actor(self.books[number])
        village = self.village.branch(self.rules[number], actor.law.stake, self.stage.society)
        world = self.stage.place(self.stage.branch(self.world, actor))
        self.through(actor, world, village, self.span.months())
        village.new_month()
        return village

    def through(self, actor: Actor, world: World, village: Village, months: list[tuple[dt.date, dt.date]]) -> World:
        """Day after day, compared every night."""
        now, counts = months[0][0], None
        while now <= months[-1][1]:
            if now.day == 1:
                counts = None
            if counts is None:
                village.new_month()
            village.live(now, self.span.number(now), now.day == 1 or now == self.span.first)
            played = self.stage.play(actor, world, (now, now), counts)
            world, counts = played.world, played.counts
            found: World = jax.device_get(world)
            counted = gains(jax.device_get(counts))
            marks = {name: mark[0] for name, mark in jax.device_get(played.marks)._asdict().items()}
            self.compare(now, village, found, counted, marks)
            now += dt.timedelta(days=1)
        return found

    def note(self, marks: Any, layout: dict[str, Field]) -> None:
        for name, bits in layout.items():
            self.told |= {(name, int(v)) for v in np.unique((marks >> bits.shift) & bits.mask)}

    def compare(self, date: dt.date, village: Village, world: World, counted: Gains, marks: dict[str, Any]) -> None:
        for name, layout in (("deeds", DEED_MARK), ("notices", NOTICE_MARK), ("fates", FATE_MARK)):
            self.note(marks[name], layout)
        people = village.people
        wanted: dict[str, list[int]] = {name: [getattr(p, name) for p in people] for name in marks}
        got: dict[str, Any] = dict(marks)
        for name in ("shown_until", "risk", "watched", "opposition", "voice", "sanctioned"):
            wanted[name], got[name] = [getattr(p, name) for p in people], getattr(world, name)
        for n in range(3):
            for name, column in (
                ("score", world.score),
                ("tier", world.tier),
                ("announced", world.announced),
                ("tier_since", world.tier_since),
            ):
                wanted[f"{name}[{n}]"] = [getattr(p, name.replace("tier_", ""))[n] for p in people]
                got[f"{name}[{n}]"] = column[n]
            for entry in range(len(world.until)):
                wanted[f"until[{entry}][{n}]"] = [p.until[entry][n] for p in people]
                got[f"until[{entry}][{n}]"] = world.until[entry][n]
        for n, name in enumerate(COUNTS):
            wanted[f"days.{name}"], got[f"days.{name}"] = [p.days[name] for p in people], counted.days[n]
        for name in ("asked", "refused", "short", "paid"):
            for n in range(len(people[0].asked)):
                wanted[f"{name}[{n}]"] = [getattr(p, name)[n] for p in people]
                got[f"{name}[{n}]"] = getattr(counted, name)[n]
        for n, queue in world.queues.items():
            waiting, since = unpacked(queue.waiting), [unpacked(plane).astype(int) for plane in queue.since]
            days = sum(plane << place for place, plane in enumerate(since))
            wanted[f"waiting[{n}]"] = [-1 if p.waiting[n] is None else p.waiting[n] for p in people]
            got[f"waiting[{n}]"] = np.where(waiting, days, -1)
        wrong = []
        for name, column in got.items():
            flat = column.reshape(-1).astype(np.int64)
            differ = np.flatnonzero(flat[self.where] != np.array(wanted[name], np.int64))
            if differ.size:
                i = int(differ[0])
                wrong.append(f"{name}: {differ.size} people, first {i}: {flat[self.where[i]]} for {wanted[name][i]}")
            if name.startswith("waiting"):
                flat += 1
            if name not in ("risk", "watched", "opposition") and not name.startswith(("score", "tier", "announced")):
                flat[self.where] = 0
                assert not flat.any(), f"{date} {name}: something happens on a vacant place"
        wrong += other_cases(people, self.where, world.appeals)
        probes = np.zeros_like(world.probes)
        for (cell, face, group), count in village.searched.items():
            probes[cell, face - 1, group] = count
        if (probes != world.probes).any():
            wrong.append("probes")
        assert not wrong, f"{date}: " + "; ".join(wrong)


def other_cases(people: list[Person], where: NDArray[np.int64], queue: Queue) -> list[str]:
    """Open cases and the days on which they were filed: what differs."""

    def flags(words: Any) -> NDArray[np.bool_]:
        return np.unpackbits(words.reshape(-1).view(np.uint8), bitorder="little").astype(np.bool_)

    waits, found = flags(queue.waiting), []
    if waits.sum() != waits[where].sum():
        found.append("cases of nobody")
    if (waits[where] != np.array([p.filed is not None for p in people])).any():
        found.append("open cases")
    filed = sum(flags(plane)[where].astype(np.int64) << n for n, plane in enumerate(queue.since))
    if any(p.filed is not None and p.filed != day for p, day in zip(people, filed, strict=True)):
        found.append("days of filing")
    return found
