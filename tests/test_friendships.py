"""Friendships through the engine and into the records: both ends agree, shame and company count, rows add up."""

from __future__ import annotations

import datetime as dt
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.measures.ties import assortativity
from glasshouse.population.friends import friends
from glasshouse.records.read import Records
from glasshouse.regimes import Number, RuleBook
from glasshouse.words import CLEAN, FATE_MARK, FRIEND_SLOTS, HONEST, MOST_ISOLATED, REAL
from known.oracle import Z_LIMIT, z_of_count
from stage import Life, book, field, live, same_bytes, standard


def scored(**changes: float) -> RuleBook:
    """The article's regime with other numbers in [score]."""
    article = book("article")
    assert article.score is not None
    numbers = {name: Number(value=value) for name, value in changes.items()}
    return article.model_copy(update={"score": article.score.model_copy(update=numbers)})


@cache
def life(name: str) -> Life:
    made = {
        "blind": lambda: scored(visible=0),
        "seen": lambda: scored(visible=1),
        "company": lambda: scored(visible=0, association=0.5),
    }
    return live(standard(), made[name]() if name in made else book(name))


@cache
def circle() -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    stage = standard()
    found = friends(stage.population, stage.seed, stage.parameters)
    return found.friend, found.slots


@pytest.mark.parametrize("name", ["ordinary-law", "seen", "company"])
def test_both_ends_hold_the_same_bit_every_month(name: str) -> None:
    friend, slots = circle()
    for month in life(name).months:
        held = month.ties.in_touch
        assert not (held & ~slots).any()
        for slot in range(FRIEND_SLOTS):
            bit = held >> slot & 1
            assert (bit == bit[friend[slot]]).all()


def test_what_is_heard_is_what_the_friend_of_the_day_said_last_night() -> None:
    """The other seven bits stay as they were; nobody is heard on a slot that is not in use."""
    friend, slots = circle()
    stage = standard()
    eve, day = dt.date(2020, 1, 30), dt.date(2020, 1, 31)
    before, after = live(stage, book("ordinary-law"), [(stage.span.first, eve), (day, day)]).months
    slot = stage.span.number(day) % FRIEND_SLOTS
    said = (before.voice[friend[slot]] & (slots >> slot & 1 == 1)).astype(np.uint8)
    assert said.any()
    assert same_bytes(after.ties.heard >> slot & 1, said)
    assert not ((after.ties.heard ^ before.ties.heard) & ~np.uint8(1 << slot)).any()


def test_most_friends_are_in_touch_from_the_first_morning() -> None:
    """Without a regime r / (r + h0) of ties are, from the start on: towns need no run-in to settle."""
    _, slots = circle()
    p = standard().parameters.number
    rest = p("ties.renewal") / (p("ties.renewal") + p("ties.fade"))
    ties = int(np.bitwise_count(slots).sum()) // 2
    for month in life("ordinary-law").months:
        assert abs(z_of_count(int(np.bitwise_count(month.ties.in_touch).sum()) // 2, ties, rest)) < Z_LIMIT


def test_marks_tell_every_cut_and_every_reunion() -> None:
    lived = life("seen")
    before, after = (month.ties.in_touch for month in lived.months[-2:])
    last = lived.fates[-1:]
    assert (field(last, "cut", FATE_MARK)[0] == np.bitwise_count(before & ~after)).all()
    assert (field(last, "restored", FATE_MARK)[0] == np.bitwise_count(after & ~before)).all()
    assert field(last, "cut", FATE_MARK).any()


def test_tiers_that_friends_see_cost_ties_and_those_they_do_not_see_cost_none() -> None:
    """What is lost between people of different tiers; ties within a tier are untouched, pair by pair, at first."""
    seen, blind = (np.bitwise_count(life(name).end.ties.in_touch).sum() for name in ("seen", "blind"))
    assert seen < blind
    first = [life(name).months[0].ties.in_touch for name in ("seen", "blind")]
    tier, friend = life("seen").months[0].tier[REAL], circle()[0]
    for slot in range(FRIEND_SLOTS):
        alike = tier[friend[slot]] == tier
        assert same_bytes(*(ties[alike] >> slot & 1 for ties in first))


def test_isolation_follows_the_ties() -> None:
    """A moving average of 90 days: between what it was and what was lost, and exact where nothing is lost or won."""
    _, slots = circle()
    before, after = (month.ties for month in life("seen").months[-2:])
    used = np.maximum(np.bitwise_count(slots).astype(np.int64), 1)
    lost = np.bitwise_count(slots & ~after.in_touch).astype(np.int64) * MOST_ISOLATED // used
    low, high = np.minimum(before.isolation, lost), np.maximum(before.isolation, lost)
    assert ((after.isolation >= low) & (after.isolation <= high)).all()
    assert (after.isolation[slots == 0] == 0).all()


# --- Guilt by association


def test_company_costs_points_in_the_real_and_the_honest_book_only() -> None:
    """From the same morning the books part by what company costs, and the clean book never takes it."""
    with_it, without = life("company"), life("blind")
    told = field(with_it.fates, "company", FATE_MARK)
    assert told.any()
    assert not field(without.fates, "company", FATE_MARK).any()
    month = with_it.months[0]
    blamed = told[:31].any(axis=0)
    for number, parted in ((REAL, True), (HONEST, True), (CLEAN, False)):
        difference = month.score[number].astype(np.int64) - without.months[0].score[number]
        assert difference.any() == parted, number
        assert not difference[~blamed].any()
        assert (difference <= 0).all()


# --- Records


@pytest.mark.parametrize("world", ["article", "ordinary-law"])
def test_rows_of_friendships_add_up(run_folder: Any, world: str) -> None:
    """By tier as over all; ties of a month = ties of the month before - cut + restored; pairs = ties, symmetric."""
    records = Records(run_folder)

    def told(measure: str, dimension: str) -> dict[Any, int]:
        rows = records.sql(
            "SELECT month, town, sum(value)::BIGINT AS n FROM totals "
            "WHERE world = ? AND measure = ? AND dimension = ? GROUP BY ALL",
            [world, measure, dimension],
        )
        return {(row["month"], row["town"]): row["n"] for row in rows}

    for measure in ("ties", "friendships", "ties_cut", "ties_restored"):
        assert told(measure, "all") == told(measure, "tier"), measure
    held, cut, restored = (told(measure, "all") for measure in ("ties", "ties_cut", "ties_restored"))
    months = sorted({month for month, _ in held})
    for before, after in pairwise(months):
        for town in {town for _, town in held}:
            change = restored.get((after, town), 0) - cut.get((after, town), 0)
            assert held[after, town] == held[before, town] + change
    pairs = told("tie_tiers", "tier_pair")
    assert {month.month for month, _ in pairs} == {6, 12}
    assert pairs == {where: held[where] for where in pairs}
    rows = records.sql(
        "SELECT key, sum(value)::BIGINT AS n FROM totals WHERE world = ? AND measure = 'tie_tiers' GROUP BY key",
        [world],
    )
    counts = {tuple(row["key"].split("|")): row["n"] for row in rows}
    assert all(counts[b, a] == n for (a, b), n in counts.items())


def test_newmans_assortativity() -> None:
    """All alike: 1. Independent: 0. All unlike, two classes: -1. By hand: (.8 - .5) / (1 - .5) = .6."""
    assert assortativity(np.diag([3.0, 5.0])) == pytest.approx(1)
    assert assortativity(np.outer([0.2, 0.8], [0.2, 0.8])) == pytest.approx(0, abs=1e-12)
    assert assortativity(np.array([[0.0, 4.0], [4.0, 0.0]])) == pytest.approx(-1)
    assert assortativity(np.array([[8.0, 2.0], [2.0, 8.0]])) == pytest.approx(0.6)
    assert np.isnan(assortativity(np.diag([3.0, 0.0])))
    assert np.isnan(assortativity(np.zeros((2, 2))))
