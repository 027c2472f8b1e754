"""Appeals: the time to clear a listing (T11), who files, what a decision does, and staff that are overwhelmed."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from glasshouse.arithmetic import chance
from glasshouse.engine.devices import prepare
from glasshouse.mechanisms import appeals
from known.oracle import Z_LIMIT, drawn, uniform, z_of_count

PEOPLE = 100_000
TERM = 300


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def chances(
    file_wrong: float = 0.0, file_right: float = 0.0, corrects: float = 0.0, lets_off: float = 0.0, audit: float = 0.0
) -> appeals.Chances:
    return appeals.Chances(*(jnp.uint32(chance(p)) for p in (file_wrong, file_right, corrects, lets_off, audit)))


def cleared(filing: float, success: float, decision: NDArray[np.int64]) -> NDArray[np.int64]:
    """Day on which each of PEOPLE mistaken listings of day 0 ends, with these days from filing to decision."""
    law, word = chances(file_wrong=filing, corrects=success), drawn(PEOPLE)
    everybody, nobody = jnp.ones(PEOPLE, bool), jnp.zeros(PEOPLE, bool)
    filed = appeals.files(jnp.asarray(word.a), everybody, everybody, law)
    won = np.asarray(appeals.upheld(jnp.asarray(word.b), filed, everybody, law))
    until, honest = jnp.full(PEOPLE, TERM, jnp.uint16), jnp.zeros(PEOPLE, jnp.uint16)
    ends = np.full(PEOPLE, TERM)
    for day in np.unique(decision[decision < TERM]):
        today = jnp.int32(int(day))
        now = jnp.asarray(won & (decision == day))
        until = appeals.cleared_list(until, honest, today, now, nobody)
        ends[np.asarray(now)] = np.asarray(until)[np.asarray(now)]
    return ends


@pytest.mark.parametrize("mean", [20, 60, 250])
@pytest.mark.parametrize(("filing", "success"), [(0.25, 0.6), (1.0, 0.3), (0.05, 1.0)])
def test_the_time_to_clear_an_error(mean: int, filing: float, success: float) -> None:
    """E[T] = pf ps E[min(D, dur)] + (1 - pf ps) dur, with D geometric: E[min(D, dur)] = d (1 - (1 - 1/d)^dur)."""
    u = uniform(PEOPLE, sub=1)[0]
    decision = np.ceil(np.log(u) / np.log1p(-1 / mean)).astype(np.int64)
    found = cleared(filing, success, decision)
    inside = mean * (1 - (1 - 1 / mean) ** TERM)
    p = filing * success
    expected = p * inside + (1 - p) * TERM
    z = (found.mean() - expected) / (found.std(ddof=1) / np.sqrt(PEOPLE))
    assert abs(z) < Z_LIMIT


def test_the_time_to_clear_with_a_fixed_hearing_is_a_two_point_law() -> None:
    found = cleared(0.25, 0.6, np.full(PEOPLE, 60))
    assert set(np.unique(found)) == {60, TERM}
    assert abs(z_of_count((found == 60).sum(), PEOPLE, 0.25 * 0.6)) < Z_LIMIT


@pytest.mark.parametrize("wrong", [True, False])
def test_who_files_and_who_wins(wrong: bool) -> None:
    law, word = chances(0.25, 0.05, 0.6, 0.1, 0.02), drawn(PEOPLE)
    flag, everybody = jnp.full(PEOPLE, wrong), jnp.ones(PEOPLE, bool)
    filed = appeals.files(jnp.asarray(word.a), everybody, flag, law)
    won = appeals.upheld(jnp.asarray(word.b), filed, flag, law)
    found = appeals.audited(jnp.asarray(word.c), flag, law)
    assert abs(z_of_count(int(filed.sum()), PEOPLE, 0.25 if wrong else 0.05)) < Z_LIMIT
    assert abs(z_of_count(int(won.sum()), int(filed.sum()), 0.6 if wrong else 0.1)) < Z_LIMIT
    assert abs(z_of_count(int(found.sum()), PEOPLE, 0.02)) < Z_LIMIT if wrong else not found.any()
    assert not (won & ~filed).any()


def test_without_an_occasion_nobody_files_and_nothing_is_certain_by_accident() -> None:
    word = jnp.asarray(drawn(1000).a)
    everybody, nobody = jnp.ones(1000, bool), jnp.zeros(1000, bool)
    assert not appeals.files(word, nobody, everybody, chances(1.0, 1.0)).any()
    assert appeals.files(word, everybody, everybody, chances(1.0)).all()
    assert not appeals.files(word, everybody, everybody, chances()).any()
    assert not appeals.audited(word, everybody, chances()).any()
    assert appeals.audited(word, everybody, chances(audit=1.0)).all()


# What a decision does to the real book

DAYS = st.integers(0, 60_000)
HONEST = st.integers(0, 65_535)
SCORES = st.integers(-(2**20), 2**20)


@given(SCORES, SCORES, SCORES, st.booleans(), st.booleans())
@settings(deadline=None, derandomize=True, max_examples=200)
def test_a_decision_never_lowers_a_score(score: int, honest: int, start: int, corrected: bool, let_off: bool) -> None:
    columns = (jnp.int32(score), jnp.int32(honest), jnp.int32(start), jnp.asarray(corrected), jnp.asarray(let_off))
    found = int(appeals.cleared_score(*columns))
    wanted = max(score, honest) if corrected else max(score, start) if let_off else score
    assert found == wanted


@given(HONEST, HONEST, DAYS, st.booleans(), st.booleans())
@settings(deadline=None, derandomize=True, max_examples=200)
def test_a_decision_never_lengthens_a_listing(
    until: int, honest: int, today: int, corrected: bool, let_off: bool
) -> None:
    real, other = jnp.uint16(until), jnp.uint16(honest)
    found = appeals.cleared_list(real, other, jnp.int32(today), jnp.asarray(corrected), jnp.asarray(let_off))
    assert found.dtype == jnp.uint16
    if until <= today or not (corrected or let_off):
        assert int(found) == until  # nothing to end: the past stays as it was
    elif corrected:
        assert int(found) == min(until, max(honest, today))
    else:
        assert int(found) == today


@given(HONEST, HONEST, SCORES, SCORES, DAYS)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_after_a_correction_there_is_no_mistake(until: int, honest: int, score: int, true: int, today: int) -> None:
    yes, no, now = jnp.asarray(True), jnp.asarray(False), jnp.int32(today)
    on_list = appeals.cleared_list(jnp.uint16(until), jnp.uint16(honest), now, yes, no)
    points = appeals.cleared_score(jnp.int32(score), jnp.int32(true), jnp.int32(0), yes, no)
    assert not appeals.listed_by_mistake(on_list, jnp.uint16(honest), now)
    assert not appeals.mistaken(points, jnp.int32(true))


# Staff: an office of K decisions a day, oldest case first


def office(filings: NDArray[np.int64], capacity: int, hearing: int) -> dict[str, Any]:
    """Backlog, decisions by day and the wait of every decided case, for given filings a day."""
    open_cases: list[int] = []
    backlog, decided, waits = [], [], []
    for day, new in enumerate(filings):
        ripe = [filed for filed in open_cases if filed + hearing <= day][:capacity]
        open_cases = open_cases[len(ripe) :] + [day] * int(new)
        waits += [day - filed for filed in ripe]
        decided.append(len(ripe))
        backlog.append(len(open_cases))
    return {"backlog": np.array(backlog), "decided": np.array(decided), "waits": np.array(waits)}


def test_a_flood_overwhelms_the_office() -> None:
    """With A filings and K < A decisions a day the backlog grows by A - K, and case n waits n (1 / K - 1 / A)."""
    arrivals, capacity, days = 9, 4, 400
    found = office(np.full(days, arrivals), capacity, 10)
    assert (np.diff(found["backlog"])[10:] == arrivals - capacity).all()
    case = np.arange(len(found["waits"]))
    assert np.abs(found["waits"] - (10 + case * (1 / capacity - 1 / arrivals))).max() <= 1


def test_without_staff_nothing_is_decided() -> None:
    found = office(np.full(50, 3), 0, 0)
    assert found["decided"].sum() == 0
    assert found["backlog"][-1] == 150
