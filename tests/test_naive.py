"""The engine against the naive twin: person by person, bit by bit, every day, in every column and both marks."""

from __future__ import annotations

import datetime as dt
import math
from statistics import NormalDist
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse import arithmetic
from glasshouse.engine.calendar import Span
from glasshouse.engine.columns import World
from glasshouse.engine.counts import gains
from glasshouse.mechanisms import deterrence, voice
from glasshouse.mechanisms.deeds import exposed
from glasshouse.population import invent
from glasshouse.regimes import regime
from glasshouse.words import NOTICE_MARK
from naive_books import changed, crowded, dissolved, ended, guarded, national, piloted, random_book, unscored
from naive_corners import RED, corners, simple
from naive_draws import CERTAIN, both, chance, happens, philox
from naive_people import COUNTS
from naive_play import DEVICES, SEED, Play, ends, plentiful
from naive_views import tips, towards, urge

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
    """Five towns of one district each, so that half of them is a question; people speak by the continuous law."""
    registry = plentiful().with_values({"expression.law": 1.0})
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
    """Until the 22nd one of its two districts is a pilot: only who lives there can be named by a face match."""
    registry = plentiful()
    books = [regime("ordinary-law").book, changed("article", piloted)]
    span = Span(dt.date(2020, 8, 12), dt.date(2020, 9, 5), 3)
    population = invent(400, 1, SEED + 2, parameters=registry)
    assert population.layout.districts_per_town == 2
    Play(population, books, span, registry, DEVICES).world_of(1)


@pytest.mark.parametrize("which", [0, 1], ids=["low", "high"])
def test_at_the_ends_of_the_ranges(which: int) -> None:
    registry = ends(which)
    books = [regime("ordinary-law").book, changed("article", crowded)]
    span = Span(dt.date(2020, 8, 1), dt.date(2020, 9, 8), 4)
    Play(invent(80, 2, SEED + 4, parameters=registry), books, span, registry, DEVICES).world_of(1)


def test_everything_has_happened(busy: Play) -> None:
    """The agreement is about something: every kind of thing came up."""
    ever = busy.world_of(2).ever
    for count in COUNTS:
        assert ever[count] > 0, count
    for slot in "ab":
        for seen in range(5 if slot == "b" else 3):
            assert (f"seen_{slot}", seen) in busy.told
        assert {(f"filmed_{slot}", 1), (f"fined_{slot}", 1)} <= busy.told
    assert {("wrong_cause", n) for n in range(2)} <= busy.told
    for name in ("listed", "unlisted"):
        held = [value for what, value in busy.told if what == name]
        lists = 4 if name == "unlisted" else 5  # nobody leaves the list that is for ever
        assert sum(any(value >> n & 1 for value in held) for n in range(5)) >= lists, name
    assert ("shamed", 1) in busy.told
    assert {("job", n) for n in range(4)} <= busy.told
    for service in range(4):
        assert any(what == "outcomes" and value >> 2 * service & 3 == 2 for what, value in busy.told), service
    assert any(what == "outcomes" and value & 3 == 3 for what, value in busy.told)
    assert {("cut", 1), ("restored", 1), ("cut", 2), ("company", 1)} <= busy.told
    assert ever["asked 4"] > 0  # the season's day


def test_a_month_at_once_is_a_month_of_days(busy: Play) -> None:
    actor, month = busy.stage.actor(busy.books[2]), busy.span.months()[0]
    village = busy.village.branch(busy.rules[2], actor.law.stake, busy.stage.society)
    world = busy.stage.place(busy.stage.branch(busy.world, actor))
    village.new_month()
    played = jax.device_get(busy.stage.play(actor, world, month))
    for n in range((month[1] - month[0]).days + 1):
        date = month[0] + dt.timedelta(days=n)
        village.live(date, busy.span.number(date), date.day == 1)
        of_day = np.array([p.deeds for p in village.people]), np.array([p.notices for p in village.people])
        assert (played.marks.deeds[n].reshape(-1)[busy.where] == of_day[0]).all(), date
        assert (played.marks.notices[n].reshape(-1)[busy.where] == of_day[1]).all(), date
    marks = {name: mark[n] for name, mark in played.marks._asdict().items()}
    busy.compare(date, village, played.world, gains(played.counts), marks)


# --- The corners of the law, where engine and docstrings once parted


CORNERS = corners()


@pytest.fixture(scope="module")
def corner() -> Play:
    registry = plentiful()
    span = Span(dt.date(2020, 8, 1), dt.date(2020, 10, 3), 5)
    books = [regime("ordinary-law").book, *CORNERS.values()]
    return Play(invent(70, 2, SEED + 3, parameters=registry), books, span, registry, DEVICES)


@pytest.mark.parametrize("question", CORNERS)
def test_the_corners_of_the_law(corner: Play, question: str) -> None:
    corner.world_of(1 + list(CORNERS).index(question))


def test_nobody_leaves_a_list_on_the_first_day_ever(busy: Play) -> None:
    """A world without a run-in: day 0, on which nobody has been on any list."""
    stage, actor = busy.stage, busy.stage.actor(busy.books[4])
    was, stage.span = stage.span, Span(busy.span.first, busy.span.last, 0)
    try:
        world = stage.place(stage.branch(stage.newborn(), actor))
        marks = jax.device_get(stage.play(actor, world, (busy.span.first, busy.span.first)).marks)
    finally:
        stage.span = was
    left = (marks.notices[0] >> NOTICE_MARK["unlisted"].shift) & NOTICE_MARK["unlisted"].mask
    assert not left.any()


def test_everybody_leaves_a_list_that_is_dissolved(busy: Play) -> None:
    """A list ends on its day: those on it leave then, and nobody leaves it a second time."""
    made = changed("ordinary-law", dissolved)
    actor = busy.stage.actor(made)
    world, on = busy.stage.place(busy.stage.branch(busy.world, actor)), np.zeros(len(busy.where), bool)
    now = busy.span.first
    while now < dt.date(2020, 9, 1):
        world, _, marks, _ = busy.stage.play(actor, world, (now, now))
        notices = jax.device_get(marks).notices[0].reshape(-1)[busy.where]
        on |= (notices >> NOTICE_MARK["listed"].shift) & 1 > 0
        left = (notices >> NOTICE_MARK["unlisted"].shift) & 1 > 0
        assert not (left & ~on).any(), f"{now}: somebody leaves who is not on the list"
        on &= ~left
        assert now < dt.date(2020, 8, 20) or not on.any(), f"{now}: {on.sum()} people still on a dissolved list"
        now += dt.timedelta(days=1)


def test_nothing_follows_after_the_sunset(busy: Play) -> None:
    """The regime ends on its day: from then on nobody is refused, overcharged, shown or sanctioned for it."""
    made = changed("article", ended)
    sunset = made.safeguards.sunset
    assert sunset is not None
    actor = busy.stage.actor(made)
    world, now = busy.stage.place(busy.stage.branch(busy.world, actor)), busy.span.first
    harmed = []
    while now <= sunset:
        world = busy.stage.play(actor, world, (now, now)).world
        found: World = jax.device_get(world)
        harmed.append([bool(found.sanctioned.any()), bool((found.shown_until > busy.span.number(now)).any())])
        now += dt.timedelta(days=1)
    assert harmed[-2:] == [[True, True], [False, False]]


@pytest.mark.parametrize(
    "follows", [{"denies": {"bus": 0.1}}, {"prices": {"bus": 2}}, {"prices": {"bus": 51}}], ids=str
)
def test_a_red_list_that_punishes_is_refused(follows: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        simple(lists={"red": RED}, consequences={"red": follows})


def test_who_is_never_online_does_nothing_online() -> None:
    """Of 256 parts of a life 0 are spent online at a digital share of 0, 256 at 255: monotone in between."""
    chance_of_all = np.full(256, 2**31, np.uint32)
    shares, nobody = np.arange(256, dtype=np.uint8), np.zeros(256, bool)
    got = np.asarray(exposed(chance_of_all, np.uint8(1), shares, nobody)).astype(np.int64)
    assert (got[0], got[255]) == (0, 2**31)
    assert (np.diff(got) > 0).all()


def test_the_largest_stake_and_certainty_hold_back_most() -> None:
    """D = kappa * rho * (pi * S^xi - pi0) at pi = 1 and the largest S^xi of the table, just under 16."""
    n = deterrence.Coefficients(*(jnp.int32(x) for x in (2**16, 0, 0, 0)))
    drag = deterrence.drag(jnp.uint16(2**8), jnp.int32(2**16), jnp.int32(65535), False, n)
    assert int(drag) / 2**16 == pytest.approx(16, abs=1e-3)


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


@given(st.integers(0, 2**30), st.integers(0, 2**12), st.integers(0, 2**16), st.integers(-1, 1))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_the_voice_law_agrees_where_it_tips(busy: Play, opposition: int, boldness: int, heard: int, by: int) -> None:
    n = busy.numbers
    weight = urge(opposition, boldness, heard, n, n.cost)
    fear = (weight * heard // n.capacity if heard > n.capacity else weight) + by
    columns = jnp.int32(opposition), jnp.uint16(boldness), jnp.int32(heard), jnp.int32(fear)
    law = voice.Coefficients(*(jnp.asarray(x) for x in busy.stage.numbers.voice))
    assert bool(voice.voices(*columns, law)) == tips(weight, heard, fear, n)


def test_the_logistic_table(busy: Play) -> None:
    """Entry n holds 1 / (1 + exp(-z)) at z = n / 128 - 16, in units of 2^-32."""
    for n, entry in enumerate(busy.village.logistic[1:4096], 1):
        assert abs(entry - 2**32 / (1 + math.exp(16 - n / 128))) <= 1.001, n
    assert busy.village.logistic[0] == 0
    assert busy.village.logistic[4096:] == [CERTAIN] * 2


@pytest.mark.parametrize("number", [2, 5])
def test_the_stake_table_is_equation_3(busy: Play, number: int) -> None:
    book, p = busy.books[number], busy.stage.parameters
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
            won = p.number("deterrence.reward_kappa") * gain[d.id] / week if d.kind in ("good", "answer") else 0.0
            packed = int(law.stakes[1][row][column])
            assert packed % 2**16 == pytest.approx(min(s ** p.number("deterrence.xi") * 2**12, 65535), abs=1)
            assert packed // 2**16 == pytest.approx(max(won, 0) * 2**12, abs=1)
            assert int(law.stakes[0][row][column]) == 2**12 * (float(d.ordinary_fine) > 0)


def test_the_logits_meet_the_shares_committed(busy: Play) -> None:
    """Averaged over people's own leanings, the chance at the reference is the share of occasions taken."""
    spread = busy.stage.parameters.number("deterrence.susceptibility_sd")
    own = [min(max(NormalDist().inv_cdf((n + 0.5) / 400) * spread, -4), 4) for n in range(400)]
    for row, deed in enumerate(busy.stage.society.deeds):
        base = busy.village.logit[row] / 2**16
        leanings = own if deed.kind in ("offence", "reading") else [0.0]
        mean = sum(1 / (1 + math.exp(-base - a)) for a in leanings) / len(leanings)
        assert mean == pytest.approx(float(deed.committed), rel=2e-3), deed.id


def test_the_naive_reading_is_the_compiled_one(busy: Play) -> None:
    """Chances that differ by a hair change nobody's day in a few weeks: they are compared as numbers."""
    for rules, made in zip(busy.rules, busy.books, strict=True):
        actor = busy.stage.actor(made)
        sight, lists = actor.law.sight, actor.law.lists
        near = [(sight.plain, rules.record), *zip(sight.recognised, rules.named, strict=True)]
        near += zip(sight.wrong, rules.wrong, strict=True)
        near += zip(np.ravel(actor.setting.confusion), np.ravel(rules.confusion), strict=True)
        near += [(lists.exits[n], entry.exits) for n, entry in enumerate(rules.lists)]
        near += [(lists.shame[n], entry.shame) for n, entry in enumerate(rules.lists)]
        near += [(sight.others[n][act.row], told) for act in rules.acts for n, (told, *_) in enumerate(act.tells)]
        assert all(abs(int(compiled) - read) <= 1 for compiled, read in near), made.about.title
    columns = jax.device_get(busy.stage.people)
    for n, rate in enumerate(columns.requests):
        rates = np.array([p.requests[n] for p in busy.village.people])
        assert (abs(rate.reshape(-1)[busy.where].astype(np.int64) - rates) <= 1).all()
    assert columns.wage.reshape(-1)[busy.where].tolist() == [p.wage for p in busy.village.people]
    assert chance(1.0) == CERTAIN
