"""Firms (equation 12): a random walk with closed forms, an exponential hazard, three books, and a premium."""

from __future__ import annotations

from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from glasshouse.arithmetic import ONE_Q16, chance, doublings
from glasshouse.engine.devices import prepare
from glasshouse.mechanisms import firms
from known.oracle import Z_LIMIT, binomial_fits, drawn, drawn_within, z_of_count

FIRMS, MONTHS = 100_000, 60
DOUBLING = ONE_Q16 / np.log(2)  # units of a level in a log point
LUCK, GROWTH, GAIN, NUISANCE = 0.06, -0.001, 0.05, 0.01
F0, F1, ENTRY = -4.8, 1.5, 0.08
YES = np.bool_(True)


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def course(luck: float = LUCK) -> firms.Course:
    found = firms.Course(doublings(GROWTH), doublings(GAIN), doublings(NUISANCE), firms.luck_table(luck),
                         firms.exit_table(F0, F1), np.uint32(chance(ENTRY)))  # fmt: skip
    return firms.Course(*(jnp.asarray(column) for column in found))


def odds(**given: float) -> firms.Odds:
    return firms.Odds(*(jnp.uint32(chance(given.get(name, 0.0))) for name in firms.Odds._fields))


def month(rate: float = 0.0, quality: int = 128, refuses: Any = False, working: Any = True, **given: float) -> Any:
    """A month of FIRMS firms."""
    one, two = drawn(FIRMS), drawn(FIRMS, sub=1)
    words = tuple(jnp.asarray(word) for word in (*one, *two[:3]))
    return firms.month(words, jnp.uint32(chance(rate)), odds(**given), jnp.uint8(quality), refuses, working)


# --- How firms fare


@cache
def walked() -> NDArray[np.int64]:
    """Level of firms after MONTHS months in which a tenth win a tender and a twentieth are inspected, [firm]."""
    who, law = jnp.arange(FIRMS, dtype=jnp.uint32), course()
    tender, visit = jnp.uint32(chance(0.1)), jnp.uint32(chance(0.05))

    def a_month(n: Any, level: Any) -> Any:
        word = drawn_within(who, n)
        return firms.trade(
            level, word.a < tender, jnp.int32(0), word.b < visit, jnp.uint8(128), jnp.int32(1000), word.c, law
        )

    return np.asarray(jax.jit(lambda: jax.lax.fori_loop(0, MONTHS, a_month, jnp.zeros(FIRMS, jnp.int32)))(), np.int64)


def test_the_walk_has_the_mean_and_variance_of_its_steps() -> None:
    """E = n (g + p_t b_t - p_i b_i);  Var = n (s^2 + p_t (1 - p_t) b_t^2 + p_i (1 - p_i) b_i^2), in log points."""
    level = walked() / DOUBLING
    mean = MONTHS * (GROWTH + 0.1 * GAIN - 0.05 * NUISANCE)
    variance = MONTHS * (LUCK**2 + 0.1 * 0.9 * GAIN**2 + 0.05 * 0.95 * NUISANCE**2)
    rounding = MONTHS / DOUBLING  # each of the three numbers is rounded to a unit
    assert abs(level.mean() - mean) < Z_LIMIT * np.sqrt(variance / FIRMS) + rounding
    assert abs(level.var() / variance - 1) < Z_LIMIT * np.sqrt(2 / FIRMS) + 1e-3


def test_months_of_luck_add_up_to_a_normal_law() -> None:
    level = walked() / DOUBLING
    standard = (level - level.mean()) / level.std()
    assert abs((standard**3).mean()) < Z_LIMIT * np.sqrt(6 / FIRMS)
    assert abs((standard**4).mean() - 3) < Z_LIMIT * np.sqrt(24 / FIRMS)


def test_the_table_of_luck_is_exact() -> None:
    table = firms.luck_table(LUCK) / DOUBLING
    assert abs(table.mean()) < 1 / DOUBLING
    assert table.std() == pytest.approx(LUCK, rel=1e-4)
    assert not firms.luck_table(0.0).any()


@pytest.mark.parametrize(
    ("quality", "share", "expected"),
    [(0, 1.0, -0.005), (0, 0.5, -0.0025), (128, 1.0, 0.0), (192, 1.0, 0.0025), (255, 1.0, 0.00496)],
)
def test_quality_pays_by_who_knows(quality: int, share: float, expected: float) -> None:
    """b_q * (quality - 1/2) * share who know."""
    known = jnp.asarray(doublings(0.01 * share))
    level = firms.trade(jnp.int32(0), False, jnp.int32(0), False, jnp.uint8(quality), known, jnp.uint32(0), course(0.0))
    assert float(level) / DOUBLING - GROWTH == pytest.approx(expected, abs=2 / DOUBLING)


def test_everything_else_moves_revenue_by_itself() -> None:
    def level(won: bool = False, drag: int = 0, inspected: bool = False) -> int:
        return int(firms.trade(jnp.int32(1000), won, jnp.int32(drag), inspected, jnp.uint8(128), jnp.int32(7),
                               jnp.uint32(0), course(0.0)))  # fmt: skip

    still = level()
    assert still - 1000 == round(GROWTH * DOUBLING)
    assert level(won=True) - still == round(GAIN * DOUBLING)
    assert level(drag=77) - still == -77
    assert level(inspected=True) - still == -round(NUISANCE * DOUBLING)


def test_revenue_stays_within_its_bits() -> None:
    end = 2**28
    for start in (-end, end):
        level = jnp.int32(start)
        for _ in range(3):
            level = firms.trade(level, start > 0, jnp.int32(-start), False, jnp.uint8(0), jnp.int32(0), jnp.uint32(0),
                                course())  # fmt: skip
        assert int(level) == start


# --- Closing and opening


@pytest.mark.parametrize("margin", [-3.0, -1.0, 0.0, 0.5, 2.0])
def test_firms_close_at_their_hazard(margin: float) -> None:
    """P = exp(f_0 - f_1 * margin), read in steps of 2^-6 of a doubling."""
    level = jnp.full(FIRMS, round(margin * DOUBLING), jnp.int32)
    closes, opens = firms.turnover(jnp.asarray(drawn(FIRMS).a), YES, level, jnp.int32(0), ~YES, course())
    step = 2.0**-6 * np.log(2)
    middle = (np.floor(margin / step) + 0.5) * step
    assert not opens.any()
    assert binomial_fits(int(closes.sum()), FIRMS, np.exp(F0 - F1 * middle))
    assert abs(np.log(float(course().exit[int(np.floor(margin / step)) + 512]) / 2**32) - (F0 - F1 * margin)) < 0.02


def test_the_hazard_at_its_ends() -> None:
    far = jnp.array([-(2**28), 2**28], jnp.int32)
    table = firms.exit_table(F0, F1)
    closes, _ = firms.turnover(jnp.uint32(0), YES, far, jnp.int32(0), ~YES, course())
    assert closes.tolist() == [True, True]
    assert table[0] == chance(min(np.exp(F0 + F1 * (8 - 2**-7) * np.log(2)), 1.0))
    assert (np.diff(table.astype(np.int64)) <= 0).all()
    assert (firms.exit_table(5.0, 0.0) == 2**32 - 1).all()


def test_the_share_of_open_slots_is_the_balance_of_closing_and_opening() -> None:
    """Two states with hazards x and e: e / (e + x) are open in the long run."""
    law, exits = course(0.0), float(np.exp(F0 - F1 * 2.0**-7 * np.log(2)))
    who, still = jnp.arange(FIRMS, dtype=jnp.uint32), jnp.int32(0)

    def a_month(n: Any, working: Any) -> Any:
        closes, opens = firms.turnover(drawn_within(who, n).a, working, still, still, jnp.bool_(False), law)
        return (working & ~closes) | opens

    found = jax.jit(lambda: jax.lax.fori_loop(0, 300, a_month, jnp.ones(FIRMS, bool)))()
    assert abs(z_of_count(int(found.sum()), FIRMS, ENTRY / (ENTRY + exits))) < Z_LIMIT


def test_who_is_held_cannot_close_and_who_is_closed_cannot_close_again() -> None:
    word, low = jnp.zeros(4, jnp.uint32), jnp.int32(-(2**20))
    working, held = jnp.array([True, True, False, False]), jnp.array([True, False, True, False])
    closes, opens = firms.turnover(word, working, low, jnp.int32(0), held, course())
    assert closes.tolist() == [False, True, False, False]
    assert opens.tolist() == [False, False, True, True]


# --- What is known of them


@pytest.mark.parametrize("breach", [0.0, 0.1, 1.0])
def test_what_inspectors_report(breach: float) -> None:
    """P(reported) = rate * (breach * found + (1 - breach) * found_wrongly)."""
    events = month(0.3, breach=breach, found=0.6, found_wrongly=0.02)
    assert binomial_fits(int(events.inspected.sum()), FIRMS, 0.3)
    assert binomial_fits(int((events.failed & events.truly).sum()), FIRMS, 0.3 * breach * 0.6)
    assert binomial_fits(int((events.failed & ~events.truly).sum()), FIRMS, 0.3 * (1 - breach) * 0.02)
    assert not (events.failed & ~events.inspected).any()


def test_arrears_on_record() -> None:
    events = month(arrears=0.05, arrears_wrongly=0.01)
    assert binomial_fits(int((events.arrears & events.owed).sum()), FIRMS, 0.05)
    assert binomial_fits(int((events.arrears & ~events.owed).sum()), FIRMS, 0.95 * 0.01)


@pytest.mark.parametrize(("quality", "factor"), [(0, 255 / 128), (128, 127 / 128), (255, 0.0)])
def test_product_faults_by_quality(quality: int, factor: float) -> None:
    assert binomial_fits(int(month(quality=quality, fault=0.02).fault.sum()), FIRMS, 0.02 * factor)
    assert month(quality=0, fault=0.9).fault.all()


def test_shows_of_loyalty() -> None:
    refuses = jnp.arange(FIRMS) % 4 == 0
    events = month(demand=0.2, refuses=refuses)
    assert binomial_fits(int((events.resisted | events.obliged).sum()), FIRMS, 0.2)
    assert not (events.resisted & ~refuses).any()
    assert not (events.obliged & refuses).any()


def test_nothing_happens_to_a_closed_firm() -> None:
    events = month(1.0, working=False, breach=1.0, found=1.0, arrears=1.0, fault=0.9, demand=1.0)
    told = firms.books(events)
    assert not any(np.asarray(happened).any() for book in told for happened in book)
    assert not np.asarray(events.inspected).any()


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_more_inspections_find_more_and_spare_nobody_found_before(one: float, other: float) -> None:
    few, many = (month(rate, breach=0.3, found=0.6, found_wrongly=0.1) for rate in sorted((one, other)))
    assert ((few.failed <= many.failed) & (few.inspected <= many.inspected)).all()


# --- Three books

POINTS = jnp.array([-20_00, -10_00, -5_00, -30_00, 4_00], jnp.int32)


def posted(**given: float) -> tuple[NDArray[np.int64], ...]:
    events = month(0.3, refuses=jnp.arange(FIRMS) % 2 == 0, **given)
    return tuple(np.asarray(book, np.int64) for book in firms.postings(events, POINTS))


def test_books_are_equal_where_nothing_is_false_and_nothing_lawful_is_charged() -> None:
    real, honest, clean = posted(breach=0.2, found=0.6, arrears=0.05, fault=0.01)
    assert real.any()
    assert (real == honest).all()
    assert (honest == clean).all()


def test_the_honest_book_takes_no_false_event() -> None:
    real, honest, clean = posted(found_wrongly=0.3, arrears_wrongly=0.1)
    assert binomial_fits(int((real == -20_00).sum() + (real == -30_00).sum()), FIRMS, 0.3 * 0.3)
    assert binomial_fits(int((real % 20_00 != 0).sum()), FIRMS, 0.1)
    assert not honest.any()
    assert not clean.any()


def test_the_clean_book_charges_no_lawful_act_and_keeps_rewards() -> None:
    real, honest, clean = posted(demand=0.4)
    assert set(real.tolist()) == {0, -30_00, 4_00}
    assert (real == honest).all()
    assert (clean == np.maximum(real, 0)).all()


def test_the_mean_of_a_month_of_points() -> None:
    """E = sum of points * chance; var by independence of the words."""
    real, _, _ = posted(breach=0.2, found=0.5, arrears=0.1)
    p, q = 0.3 * 0.2 * 0.5, 0.1
    mean, variance = -20_00 * p - 10_00 * q, 20_00**2 * p * (1 - p) + 10_00**2 * q * (1 - q)
    assert abs(real.mean() - mean) < Z_LIMIT * np.sqrt(variance / FIRMS)


@settings(max_examples=50, deadline=None)
@given(st.integers(-200_000, 200_000), st.integers(0, 6000), st.booleans(), st.booleans())
def test_the_premium_of_a_connection_is_its_bonus(book: int, bonus: int, sharing: bool, listed: bool) -> None:
    given_bonus = jnp.array([bonus, 12_00, -40_00], jnp.int32)
    with_it, without = (firms.rating(jnp.int32(book), tie, sharing, listed, given_bonus) for tie in (True, False))
    assert int(with_it) - int(without) == bonus
    assert int(without) == book + 12_00 * sharing - 40_00 * listed


# --- People and their firms


def test_flags_travel_between_firms_and_people() -> None:
    firm = jnp.array([[True, False], [False, True]])
    employer = jnp.array([[0, 1, 2, 1], [0, 1, 2, 2]], jnp.uint8)
    assert firms.of_employer(firm, employer, True).tolist() == [[True, True, False, True], [True, False, True, True]]
    assert firms.of_employer(firm, employer, False).tolist() == [[False, True, False, True], [False, False, True, True]]
    person = jnp.array([[True, False, True, False], [False, False, False, True]])
    owner = jnp.array([[2, 9], [3, 0]], jnp.uint16)
    assert firms.of_owner(person, owner, 9).tolist() == [[True, False], [True, False]]
