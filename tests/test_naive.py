"""The engine against the naive twin: person by person, bit by bit, every day, in every column and both marks."""

from __future__ import annotations

import datetime as dt
import math
import random
import tomllib
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive import COUNTS, Numbers, Village, settle, towards
from naive_draws import CERTAIN, both, chance, happens, philox
from naive_rules import Rules

from glasshouse import arithmetic
from glasshouse.engine.calendar import Span
from glasshouse.engine.columns import World
from glasshouse.engine.stage import Actor, Stage
from glasshouse.evidence import Parameters, parameters
from glasshouse.population import Population, invent
from glasshouse.regimes import RuleBook, regime
from glasshouse.regimes.checks import faults
from glasshouse.regimes.society import known_deeds
from glasshouse.words import DEED_MARK, NOTICE_MARK, Field

DEVICES = 2
SEED = 0x0123_4567_89AB_CDEF
Change = Callable[[dict[str, Any]], None]

# Deeds that happen often enough for every branch to be taken in a few weeks.
OFTEN: dict[str, Any] = {
    "loitering": {"kind": "offence", "occasions": 0.1, "committed": 0.5, "points": -7.25,
                  "seen_by": ["staff", "camera", "patrol"], "face": True},
    "gossip": {"kind": "speech", "occasions": 0.08, "committed": 0.6, "points": -11, "seen_by": ["platform", "office"]},
    "browsing": {"kind": "reading", "occasions": 0.08, "committed": 0.5, "points": -1, "seen_by": ["platform"]},
    "kindness": {"kind": "good", "occasions": 0.08, "committed": 0.4, "points": 6, "seen_by": ["organiser"]},
    "mishap": {"kind": "event", "occasions": 0.05, "committed": 1.0, "points": -40, "lawful": False,
               "seen_by": ["court"]},
    "singing": {"kind": "offence", "occasions": 0.08, "committed": 0.3, "points": -9, "lawful": True,
                "seen_by": ["camera", "victim", "staff", "patrol"], "face": True},
}  # fmt: skip

ABOUT = {"title": "t", "summary": "s", "place": "p", "years": [2020, 2020], "status": "assumed"}
TIERS = [{"name": "top", "from": 1004.5, "worth": 40}, {"name": "good", "from": 1000, "worth": 20},
         {"name": "fair", "from": 960, "worth": 30}, {"name": "poor", "from": 900, "worth": 60}, {"name": "last"}]  # fmt: skip


def book(raw: dict[str, Any]) -> RuleBook:
    made = RuleBook.model_validate(raw)
    assert faults(made, {(): 1}) == []
    return made


def changed(name: str, change: Change) -> RuleBook:
    raw = tomllib.loads(regime(name).text)
    change(raw)
    return book(raw)


def crowded(raw: dict[str, Any]) -> None:
    """The article moved to where everything happens to everybody."""
    raw["deeds"] |= OFTEN
    raw["deeds"]["protest"]["face"] = False  # three face deeds are the most
    raw["score"] |= {"forgiveness": 0.75, "lowest": 820, "highest": 1012}
    raw["tiers"] = [tier | {"from": bound} if bound else {"name": tier["name"]}
                    for tier, bound in zip(raw["tiers"], (1005, 1002.5, 990, 960, 900, None), strict=True)]  # fmt: skip
    raw["tiers"] = [t | {"worth": 30} if "from" in t else t for t in raw["tiers"]]
    raw["lists"]["blacklist"] = {"title": "by tier", "term": 25, "exit_per_year": 6,
                                 "entry": {"tier": "D", "days": 10, "deeds": ["theft", "fraud", "violence"]}}  # fmt: skip
    raw["lists"]["shame"] = {"title": "by deed", "term": 5, "entry": {"deeds": ["mishap", "loitering", "singing"]},
                             "shaming": {"chance": 0.6, "days": 3}}  # fmt: skip
    raw["lists"]["redlist"] = {"title": "red", "colour": "red", "term": 20, "entry": {"tier": "AAA", "days": 20}}
    raw["lists"]["forever"] = {"title": "never off", "permanent": True, "entry": {"deeds": ["gossip", "protest"]}}
    raw["lists"]["repair"] = {"title": "fifth, on the second block of exits", "exit_per_year": 9,
                              "entry": {"deeds": ["utility_bill_late", "mishap", "jaywalking"]}}  # fmt: skip
    raw["consequences"]["redlist"] = {"prices": {"care": 0.5}}
    raw["consequences"]["shame"] = {"prices": {"care": 3, "bus": 1.25}, "denies": {"train": 0.35}}
    raw["consequences"]["repair"] = {"denies": {"bus": 0.1}}
    raw["cameras"] |= {"threshold": 0.6, "gallery": 1_400_000_000, "review_false": 0.4}
    raw["timeline"] = [
        {"date": dt.date(2020, 8, 1), "districts": 1, "coverage": 0.7, "awareness": 0.4},
        {"date": dt.date(2020, 8, 19), "campaign": 0.3, "awareness": 0.9},
        {"date": dt.date(2020, 9, 12), "coverage": 1, "awareness": 1},
    ]


def piloted(raw: dict[str, Any]) -> None:
    """The same in half of the districts, then in more, then nowhere: pilots come and go in mid-month."""
    crowded(raw)
    raw["timeline"] = [
        {"date": dt.date(2020, 8, 5), "districts": 0.5, "coverage": 0.8, "awareness": 0.7},
        {"date": dt.date(2020, 8, 22), "districts": 0.8},
        {"date": dt.date(2020, 9, 20), "districts": 0.2, "campaign": 1},
    ]
    raw["lists"]["shame"] |= {"everywhere": True, "begins": dt.date(2020, 8, 9)}


def national(raw: dict[str, Any]) -> None:
    """The documented regime with a list that fills, in force outside the pilots too."""
    raw["deeds"] |= OFTEN | {"loitering": OFTEN["loitering"] | {"seen_by": ["patrol"], "face": False},
                             "singing": OFTEN["singing"] | {"seen_by": ["staff", "victim"], "face": False}}  # fmt: skip
    raw["lists"]["defaulters"] |= {"begins": dt.date(2020, 8, 11), "exit_per_year": 4.0}
    raw["lists"]["defaulters"]["entry"]["deeds"] += ["mishap", "singing"]
    raw["timeline"] = [{"date": dt.date(2019, 1, 1), "districts": 0.5, "coverage": 0, "awareness": 0.5}]


def guarded(raw: dict[str, Any]) -> None:
    """The crowded regime with every safeguard."""
    crowded(raw)
    raw["safeguards"] = {"score_free_essentials": True, "spare_lawful_acts": True, "human_review": 0.02,
                         "sunset": dt.date(2020, 10, 1)}  # fmt: skip


def unscored(raw: dict[str, Any]) -> None:
    """Ordinary law with one list and no score."""
    raw["deeds"] = {name: deed | {"points": 0} for name, deed in OFTEN.items()}
    raw["lists"] = {"court": {"title": "court", "everywhere": True, "term": 9, "entry": {"deeds": ["mishap"]},
                              "shaming": {"chance": 1, "days": 4}}}  # fmt: skip
    raw["consequences"] = {"court": {"denies": {"flight": 1, "bus": 0.5}}}
    raw["cameras"] = {"threshold": 0.55, "gallery": 5000}
    raw["timeline"] = [{"date": dt.date(2020, 8, 3), "districts": 1, "coverage": 0.5, "awareness": 0.5}]


def plentiful() -> Parameters:
    """The registry with a livelier exchange of opinions and stakes felt at every score."""
    return parameters().with_values(
        {"expression.asked": 0.3, "deterrence.score_sd": 60.0, "access.affordable_share": 0.12,
         "perception.seen_weight": 0.2, "expression.fear": 0.6, "perception.own_weight": 0.3}
    )  # fmt: skip


def random_book(number: int) -> RuleBook:
    """A rule book drawn from everything that may be written."""
    r = random.Random(number)
    channels = ["patrol", "staff", "victim", "customer", "office", "platform", "court"]
    services = ["care", "bus", "flight", "train", "school"]
    faces = r.sample(["jaywalking", "loitering", "singing", "theft", "gossip"], 3)
    deeds: dict[str, Any] = {}
    for name in ["jaywalking", "fare_evasion", "theft", "critical_post", "volunteering", *OFTEN]:
        new = {k: v for k, v in OFTEN.get(name, {}).items() if k in ("kind", "occasions", "committed")}
        good = name in ("volunteering", "kindness")
        deeds[name] = new | {"points": r.randint(1, 400) / 100 if good else -r.randint(0, 3000) / 100,
                             "seen_by": [*(["camera"] if name in faces or r.random() < 0.3 else []),
                                         *r.sample(channels, r.randint(1, 3))],
                             "face": name in faces}  # fmt: skip
        if r.random() < 0.3:
            deeds[name]["lawful"] = r.random() < 0.5
    bounds = sorted(r.sample(range(93000, 101500, 50), r.randint(1, 5)), reverse=True)
    tiers: list[dict[str, Any]] = [
        {"name": f"t{n}", "from": bound / 100, "worth": r.randint(10, 80)} for n, bound in enumerate(bounds)
    ]
    tiers.append({"name": "last"})
    lists: dict[str, Any] = {}
    for n in range(r.randint(1, 8)):
        entry = {"deeds": r.sample(list(OFTEN), r.randint(1, 3))}
        lists[f"list{n}"] = {"title": "x", "entry": entry, "everywhere": r.random() < 0.3}
        if r.random() < 0.4:
            entry |= {"tier": r.choice(tiers)["name"], "days": r.choice([0, 1, 31])}  # type: ignore[dict-item]
        way = r.choice(["term", "exit_per_year", "both", "permanent"])
        if way in ("term", "both"):
            lists[f"list{n}"]["term"] = r.choice([1, 2, 5, 30, 60000, 65534])
        if way in ("exit_per_year", "both"):
            lists[f"list{n}"]["exit_per_year"] = r.choice([0.5, 6, 1000])
        if way == "permanent":
            lists[f"list{n}"]["permanent"] = True
        if r.random() < 0.3:
            lists[f"list{n}"]["begins"] = dt.date(2020, 8, r.randint(1, 31))
        if r.random() < 0.3 and way != "permanent":
            lists[f"list{n}"]["ends"] = dt.date(2020, 9, r.randint(1, 30))
    lists["red"] = {"title": "red", "colour": "red", "term": 40, "entry": {"tier": "t0", "days": r.choice([0, 20])}}
    if len(lists) > 8:
        del lists["list7"]
    lists["list0"]["entry"].pop("tier", None)
    lists["list0"]["entry"].pop("days", None)
    lists["list0"]["shaming"] = {"chance": r.choice([0.2, 1]), "days": r.randint(1, 9)}
    consequences: dict[str, Any] = {"red": {"prices": {"bus": 0.5}}}
    for name in [t["name"] for t in tiers] + [n for n in lists if n != "red"]:
        if r.random() < 0.8:
            consequences[name] = {"denies": {s: r.choice([0, 0.01, 0.5, 1]) for s in r.sample(services, 2)},
                                  "prices": {s: r.choice([0.3, 0.995, 1, 1.5, 30]) for s in r.sample(services, 2)}}  # fmt: skip
    return book({
        "about": ABOUT,
        "score": {"start": 1000, "lowest": r.choice([0, 900]), "highest": r.choice([1000, 1003.5, 1300]),
                  "forgiveness": r.choice([0, 0.05, 2])},
        "tiers": tiers, "deeds": deeds, "lists": lists, "consequences": consequences,
        "channels": {name: r.choice([0.1, 0.5, 1]) for name in channels},
        "cameras": {"threshold": r.choice([0.5, 0.6, 0.7]), "gallery": r.choice([1, 10**4, 1_400_000_000]),
                    "review_true": r.choice([0.3, 1]), "review_false": r.choice([0, 0.3, 1])},
        "speech": {"surveillance": r.choice([0, 0.4, 1])},
        "timeline": [
            {"date": dt.date(2020, 7, 25), "districts": r.choice([0.1, 0.5, 1]), "coverage": r.choice([0.2, 1]),
             "awareness": r.choice([0, 0.5, 1])},
            {"date": dt.date(2020, 8, r.randint(1, 31)), "districts": r.choice([0, 0.3, 1]),
             "campaign": r.choice([0.1, 0.9])},
            {"date": dt.date(2020, 9, r.randint(1, 15)), "districts": 0.7, "awareness": 1, "coverage": 1},
        ],
        "safeguards": {"spare_lawful_acts": r.random() < 0.3, "score_free_essentials": r.random() < 0.3}
        | ({"sunset": dt.date(2020, 9, 25)} if r.random() < 0.4 else {}),
    })  # fmt: skip


class Play:
    """The engine and the naive twin, through the same days of one population."""

    def __init__(
        self, population: Population, books: list[RuleBook], span: Span, registry: Parameters, devices: int = 1
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
        return village

    def through(
        self, actor: Actor, world: World, village: Village, months: list[tuple[dt.date, dt.date]]
    ) -> World:
        """Day after day, compared every night."""
        now = months[0][0]
        while now <= months[-1][1]:
            village.live(now, self.span.number(now), now.day == 1 or now == self.span.first)
            world, marks = self.stage.play(actor, world, (now, now))
            found, (deeds, notices) = jax.device_get((world, marks))
            self.compare(now, village, found, deeds[0], notices[0])
            now += dt.timedelta(days=1)
        return found

    def note(self, marks: Any, layout: dict[str, Field]) -> None:
        for name, bits in layout.items():
            self.told |= {(name, int(v)) for v in np.unique((marks >> bits.shift) & bits.mask)}

    def compare(self, date: dt.date, village: Village, world: World, deeds: Any, notices: Any) -> None:
        self.note(deeds, DEED_MARK)
        self.note(notices, NOTICE_MARK)
        people = village.people
        wanted: dict[str, list[int]] = {"deeds": [p.deeds for p in people], "notices": [p.notices for p in people]}
        got: dict[str, Any] = {"deeds": deeds, "notices": notices}
        for name in ("shown_until", "risk", "watched", "opposition", "voice", "sanctioned"):
            wanted[name], got[name] = [getattr(p, name) for p in people], getattr(world, name)
        for n in range(3):
            for name, column in (("score", world.score), ("tier", world.tier), ("tier_since", world.tier_since)):
                wanted[f"{name}[{n}]"] = [getattr(p, name.replace("tier_", ""))[n] for p in people]
                got[f"{name}[{n}]"] = column[n]
            for entry in range(len(world.until)):
                wanted[f"until[{entry}][{n}]"] = [p.until[entry][n] for p in people]
                got[f"until[{entry}][{n}]"] = world.until[entry][n]
        for n, name in enumerate(COUNTS):
            wanted[f"days.{name}"], got[f"days.{name}"] = [p.days[name] for p in people], world.days[n]
        for name in ("asked", "refused", "short", "paid"):
            for n in range(len(people[0].asked)):
                wanted[f"{name}[{n}]"] = [getattr(p, name)[n] for p in people]
                got[f"{name}[{n}]"] = getattr(world, name)[n]
        wrong = []
        for name, column in got.items():
            flat = column.reshape(-1).astype(np.int64)
            differ = np.flatnonzero(flat[self.where] != np.array(wanted[name], np.int64))
            if differ.size:
                i = int(differ[0])
                wrong.append(f"{name}: {differ.size} people, first {i}: {flat[self.where[i]]} for {wanted[name][i]}")
            if name not in ("risk", "watched", "opposition") and not name.startswith(("score", "tier")):
                flat[self.where] = 0
                assert not flat.any(), f"{date} {name}: something happens on a vacant place"
        probes = np.zeros_like(world.probes)
        for (cell, face, group), count in village.searched.items():
            probes[cell, face - 1, group] = count
        if (probes != world.probes).any():
            wrong.append("probes")
        assert not wrong, f"{date}: " + "; ".join(wrong)


# --- Whole worlds


@pytest.fixture(scope="module")
def busy() -> Play:
    """Two towns, one on each device where there are two."""
    registry = plentiful()
    books = [regime("ordinary-law").book, regime("none").book, changed("article", crowded),
             changed("article", guarded), changed("ordinary-law", unscored), regime("article").book]  # fmt: skip
    span = Span(dt.date(2020, 8, 1), dt.date(2020, 10, 20), 20)
    return Play(invent(110, 2, SEED, parameters=registry), books, span, registry, DEVICES)


@pytest.fixture(scope="module")
def pilots() -> Play:
    """Five towns of one district each, so that half of them is a question."""
    registry = plentiful()
    books = [regime("ordinary-law").book, changed("article", piloted), changed("documented", national),
             *(random_book(n) for n in range(6))]  # fmt: skip
    span = Span(dt.date(2020, 8, 1), dt.date(2020, 10, 4), 12)
    return Play(invent(130, 5, SEED + 1, parameters=registry), books, span, registry, DEVICES)


@pytest.mark.parametrize("number", range(6))
def test_every_bit_of_every_day_is_the_naive_ones(busy: Play, number: int) -> None:
    busy.world_of(number)


@pytest.mark.parametrize("number", range(9))
def test_pilots_and_random_rule_books(pilots: Play, number: int) -> None:
    pilots.world_of(number)


def test_one_town_on_two_devices() -> None:
    registry = plentiful()
    books = [regime("ordinary-law").book, changed("article", piloted)]
    span = Span(dt.date(2020, 8, 20), dt.date(2020, 9, 12), 3)
    Play(invent(100, 1, SEED + 2, parameters=registry), books, span, registry, DEVICES).world_of(1)


def test_everything_has_happened(busy: Play) -> None:
    """The agreement is about something: every kind of thing came up."""
    people = busy.world_of(2).people
    for count in COUNTS:
        assert sum(p.days[count] for p in people) > 0, count
    for slot in "ab":
        for seen in range(5 if slot == "b" else 3):
            assert (f"seen_{slot}", seen) in busy.told
        assert {(f"filmed_{slot}", 1), (f"fined_{slot}", 1)} <= busy.told
    assert {("wrong_face", n) for n in range(4)} <= busy.told
    for name in ("listed", "unlisted"):
        held = [value for what, value in busy.told if what == name]
        lists = 4 if name == "unlisted" else 5  # nobody leaves the list that is for ever
        assert sum(any(value >> n & 1 for value in held) for n in range(5)) >= lists, name
    assert ("shamed", 1) in busy.told
    for service in range(4):
        assert any(what == "outcomes" and value >> 2 * service & 3 == 2 for what, value in busy.told), service
    assert any(what == "outcomes" and value & 3 == 3 for what, value in busy.told)
    assert sum(p.asked[4] for p in people) > 0  # the season's day


def test_a_month_at_once_is_a_month_of_days(busy: Play) -> None:
    actor, month = busy.stage.actor(busy.books[2]), busy.span.months()[0]
    village = busy.village.branch(busy.rules[2], actor.law.stake, busy.stage.society)
    world = busy.stage.place(busy.stage.branch(busy.world, actor))
    world, marks = jax.device_get(busy.stage.play(actor, world, month))
    for n in range((month[1] - month[0]).days + 1):
        date = month[0] + dt.timedelta(days=n)
        village.live(date, busy.span.number(date), date.day == 1)
        of_day = np.array([p.deeds for p in village.people]), np.array([p.notices for p in village.people])
        assert (marks.deeds[n].reshape(-1)[busy.where] == of_day[0]).all(), date
        assert (marks.notices[n].reshape(-1)[busy.where] == of_day[1]).all(), date
    busy.compare(date, village, world, marks.deeds[n], marks.notices[n])


# --- The parts


def test_philox_gives_the_published_words() -> None:
    ones = 0xFFFFFFFF
    pi = (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0)
    assert philox((0, 0, 0, 0), (0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    assert philox((ones,) * 4, (ones, ones)) == (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)
    assert philox(*pi) == (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)


@given(st.integers(-(2**21), 2**21), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_the_arithmetic_agrees(busy: Play, logit: int, first: int, second: int) -> None:
    table = arithmetic.sigmoid_table()
    assert int(arithmetic.sigmoid(table, np.array([logit], np.int32))[0]) == busy.village.sigmoid(logit)
    a, b = np.array([first], np.uint32), np.array([second], np.uint32)
    for x, y in ((a, b), (a, a * 0 + arithmetic.CERTAIN), (a * 0 + arithmetic.CERTAIN, b)):
        assert int(arithmetic.both(x, y)[0]) == both(int(x[0]), int(y[0]))
        assert bool(arithmetic.happens(x, y)[0]) == happens(int(x[0]), int(y[0]))
    # chances as slow variables: at most 2^30
    value, target, rate = first >> 2, second >> 2, first % (2**30 + 1)
    step = arithmetic.step_towards(np.array([value], np.int32), np.array([target], np.int32), np.int64(rate))
    assert int(step[0]) == towards(value, target, rate)


def test_the_logistic_table(busy: Play) -> None:
    """Entry n holds 1 / (1 + exp(-z)) at z = n / 128 - 16, in units of 2^-32."""
    for n, entry in enumerate(busy.village.logistic[1:4096], 1):
        assert abs(entry - 2**32 / (1 + math.exp(16 - n / 128))) <= 1.001, n
    assert busy.village.logistic[0] == 0
    assert busy.village.logistic[4096:] == [CERTAIN] * 2


@pytest.mark.parametrize("number", [2, 5])
def test_the_stake_table_is_equation_3(busy: Play, number: int) -> None:
    book, village, p = busy.books[number], busy.village, busy.stage.parameters
    law, deeds = busy.stage.actor(book).law.stake, busy.stage.society.deeds
    sigma, week = p.number("deterrence.score_sd"), p.number("deterrence.lawful_reference")

    def value(score: float) -> float:
        return sum(t.worth.value * NormalDist(t.from_.value, sigma).cdf(score) for t in book.tiers if t.from_)

    acts = {act.id: act for act in busy.rules[number].acts}
    for column in range(0, 1024, 31):
        score = (int(law.origin) + (column + 0.5) * 2 ** int(law.shift)) / 100
        gain = {d.id: value(score + acts[d.id].points / 100) - value(score) for d in deeds}
        lost = {d.id: max(float(d.ordinary_fine) - gain[d.id], 0) / (float(d.ordinary_fine) or week) for d in deeds}
        speech = max(lost[d.id] for d in deeds if d.kind == "speech")
        assert int(law.fear[column]) == pytest.approx(2**16 * p.number("expression.fear") * min(speech, 1), abs=1)
        for row, d in enumerate(deeds):
            s = max(lost[d.id], speech) if d.kind == "reading" else lost[d.id]
            won = p.number("deterrence.reward_kappa") * gain[d.id] / week if d.kind == "good" else 0.0
            packed = int(law.stakes[1][row][column])
            assert packed % 2**16 == pytest.approx(min(s ** p.number("deterrence.xi") * 2**12, 65535), abs=1)
            assert packed // 2**16 == pytest.approx(max(won, 0) * 2**12, abs=1)
            assert int(law.stakes[0][row][column]) == 2**12 * (float(d.ordinary_fine) > 0)
    del village


def test_the_logits_meet_the_shares_committed(busy: Play) -> None:
    """Averaged over people's own leanings, the chance at the reference is the share of occasions taken."""
    spread = busy.stage.parameters.number("deterrence.susceptibility_sd")
    own = [min(max(NormalDist().inv_cdf((n + 0.5) / 400) * spread, -4), 4) for n in range(400)]
    for row, deed in enumerate(busy.stage.society.deeds):
        base = busy.village.logit[row] / 2**16
        leanings = own if deed.kind in ("offence", "reading") else [0.0]
        mean = sum(1 / (1 + math.exp(-base - a)) for a in leanings) / len(leanings)
        assert mean == pytest.approx(float(deed.committed), rel=2e-3), deed.id


def test_the_naive_reading_of_cameras_is_the_compiled_one(busy: Play) -> None:
    for rules, made in zip(busy.rules, busy.books, strict=True):
        sight = busy.stage.actor(made).law.sight
        assert abs(int(sight.recognised) - rules.named) <= 1
        assert int(sight.plain) == rules.record
        assert all(abs(int(a) - b) <= 1 for a, b in zip(sight.wrong, rules.wrong, strict=True))
    assert chance(1.0) == CERTAIN
