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
from glasshouse.population.firms import found
from glasshouse.regimes import RuleBook
from glasshouse.regimes.society import known_deeds
from glasshouse.words import DEED_MARK, FATE_MARK, FIRM_MARK, NOTICE_MARK, Field
from naive import Village
from naive_certificate import COUNTED, Clinic, spread_venues
from naive_firms import FirmNumbers, compare_firms, settle_firms
from naive_livelihood import begin
from naive_people import COUNTS, Numbers, Person, settle
from naive_rules import Rules, plain
from naive_sources import SourceNumbers, files_of
from naive_ties import as_bits, befriend
from naive_views import ViewNumbers

DEVICES = 2
SEED = 0x0123_4567_89AB_CDEF


def plentiful() -> Parameters:
    """The registry with a livelier exchange of opinions and ties, and stakes felt at every score."""
    return parameters().with_values(
        {"expression.asked": 0.3, "deterrence.score_sd": 60.0, "access.affordable_share": 0.12,
         "perception.seen_weight": 0.2, "expression.fear": 0.6, "perception.own_weight": 0.3,
         "careers.promotion": 0.15, "careers.loss_town": 0.15, "careers.loss_countryside": 0.1, "careers.found": 0.3,
         "careers.rungs": 3, "budgets.savings": 0.0, "budgets.debt_limit": 800, "budgets.subsistence": 2500,
         "opinion.internalising": 0.5, "opinion.seen_backlash": 0.05, "trust.memory": 2.0,
         "ties.fade": 2e-3, "ties.renewal": 1e-2, "ties.tier_gap": 5e-3, "ties.shame": 0.02}
    )  # fmt: skip


def ends(which: int) -> Parameters:
    """The registry with every number of the laws at the low (0) or high (1) end of its range."""
    circles = ("household", "friends", "building", "cell", "town")
    layers = {f"expression.{circle}_weight" for circle in circles}  # these sum to 1
    groups = {
        "deterrence", "perception", "expression", "faces", "access", "careers", "budgets", "treasury", "firms",
        "certificate", "epidemic", "opinion", "trust", "ties", "registers", "informing", "gaming", "avoidance",
        "remedies",
    }  # fmt: skip
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
        self.numbers.sources = SourceNumbers(registry)
        layout = population.layout
        adults = [int(((population.group == g) & population.adult).sum()) for g in range(len(population.groups.labels))]
        self.rules = [
            Rules(b, known_deeds(books), self.stage.services, population.groups.face_factor, adults, registry)
            for b in books
        ]
        for b, rules in zip(books, self.rules, strict=True):
            known = [(act.id, act.lawful) for act in rules.acts]
            names = [service.id for service in self.stage.services]
            rules.clinic = Clinic(b, self.stage.outbreak, span.first, known, names, registry)
        people = settle(
            population, self.stage.services, self.numbers, SEED, registry, self.stage.shape.tiers,
            self.stage.shape.lists,
        )  # fmt: skip
        begin(people, population, SEED, registry)
        for rules, made in zip(self.rules, books, strict=True):
            rules.glare = plain(self.stage.actor(made).law.sources.glare)
        for person in people:
            person.files = files_of(SEED, person.number, person.town, person.digital)
        actor = self.stage.actor(books[0])
        self.village = Village(
            people, self.rules[0], actor.law.stake, self.stage.society, self.numbers, ViewNumbers(registry), SEED,
            self.stage.shape.tiers, layout.towns * layout.districts_per_town,
        )  # fmt: skip
        founded = found(population, SEED, registry)
        self.village.firms = settle_firms(founded, people, (population.grid_index() % layout.places_per_cell).tolist())
        self.village.firm_numbers = FirmNumbers.of(registry, self.stage.numbers.firms)
        if self.stage.shape.health:
            for person, use in zip(people, spread_venues(population, SEED, registry), strict=True):
                person.venues = use
        self.village.first_views()
        befriend(people, population, SEED, registry)
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
        for name in ("shown_until", "risk", "watched", "opposition", "voice", "sanctioned", "avoiding"):
            wanted[name], got[name] = [getattr(p, name) for p in people], getattr(world, name)
        for name in ("job", "rung", "wealth", "purse"):
            wanted[name], got[name] = [getattr(p, name) for p in people], getattr(world.livelihood, name)
        for name, column in zip(("state", "others", "support", "ready"), world.views, strict=True):
            wanted[name], got[name] = [getattr(p, name) for p in people], column
        wanted |= {
            "in_touch": [as_bits(p.in_touch) for p in people],
            "heard": [as_bits(p.heard) for p in people],
            "isolation": [p.isolation for p in people],
        }
        got |= world.ties._asdict()
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
        if world.health:
            for name, column in world.health._asdict().items():
                if name == "gate":
                    wanted["gate"], got["gate"] = [(1 + p.by_code) * p.shut for p in people], column
                    continue
                wanted[f"health.{name}"], got[f"health.{name}"] = [getattr(p, name) for p in people], column
            for n, name in enumerate(COUNTED):
                wanted[f"counted.{name}"], got[f"counted.{name}"] = [p.health[name] for p in people], counted.health[n]
        wanted["pending"] = [sum((r.act.row + 1 | r.fake << 6) << 7 * slot for slot, r in p.packet.items())
                             | (p.sent << 14 if p.packet else 0) for p in people]  # fmt: skip
        got["pending"] = world.pending
        wanted["informed"] = [p.informs for p in people]
        got["informed"] = (world.informed[..., None] >> np.arange(32, dtype=np.uint32)) & 1
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
        for cell, town in village.town_of_cell.items():
            told = world.account.lines._asdict() | world.account.homes._asdict()
            got_lines = {name: int(line[cell]) for name, line in told.items()}
            if got_lines != {line: village.lines[town, line] for line in got_lines}:
                wrong.append(f"account of town {town}: {got_lines} for {village.lines}")
            if (world.account.balance[cell], world.account.each[cell]) != (village.account[town], village.each[town]):
                wrong.append(f"balance of town {town}")
        wrong += compare_firms(village.firms, world)
        self.told |= {(f"firm {n}", int(f.told >> n & 1)) for f in village.firms for n in range(len(FIRM_MARK))}
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
