"""Household budgets and the town's account: nothing appears and nothing vanishes, to the last yuan (T30).

wealth' - wealth = income - bills - lived on + written off
balance' - balance = 100 (taxes - relief + interest - benefits - written off - spending - running - adults each)
                     + premiums
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.arithmetic import q16
from glasshouse.engine.devices import prepare
from glasshouse.mechanisms import budgets, treasury
from glasshouse.words import EMPLOYED, OUTSIDE, UNEMPLOYED

ALLOWANCE, RATE, BENEFIT, NEEDS, PROPENSITY, LIMIT = 5_000, 0.1, 0.25, 700, 0.58, -100_000


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def wide(value: float) -> Any:
    return jnp.int64(value)


def numbers() -> budgets.Coefficients:
    return budgets.Coefficients(
        ladder=jnp.asarray(np.rint(65_536 * 1.1 ** np.arange(32)).astype(np.int64)),
        allowance=wide(ALLOWANCE),
        subsistence=wide(NEEDS),
        limit=wide(LIMIT),
        rate=wide(q16(RATE)),
        benefit=wide(q16(BENEFIT)),
        propensity=wide(q16(PROPENSITY)),
    )


MONEY = st.integers(-(2**40), 2**40)
WEALTH = st.integers(LIMIT, budgets.MOST)


@settings(deadline=None)
@given(WEALTH, MONEY, MONEY, MONEY)
def test_nothing_appears_or_vanishes_in_a_household(wealth: int, income: int, bills: int, wanted: int) -> None:
    found = budgets.settle(jnp.int32(wealth), wide(income), wide(bills), wide(wanted), wide(LIMIT))
    after, lived_on, off = (int(part) for part in found)
    assert after - wealth == income - bills - lived_on + off
    assert LIMIT <= after <= budgets.MOST
    assert 0 <= lived_on <= max(wanted, 0)


@settings(deadline=None)
@given(WEALTH, st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**6))
def test_a_household_cuts_down_before_it_defaults(wealth: int, income: int, bills: int, wanted: int) -> None:
    found = budgets.settle(jnp.int32(wealth), wide(income), wide(bills), wide(wanted), wide(LIMIT))
    if int(found.written_off) > 0:
        assert int(found.lived_on) == 0
        assert int(found.wealth) == LIMIT
    if int(found.lived_on) < wanted:
        assert int(found.wealth) == LIMIT
    if wealth + income - bills - wanted >= LIMIT:
        assert int(found.lived_on) == wanted
        assert int(found.written_off) <= 0


def test_limits_of_the_column() -> None:
    """int32 holds 2,147,483,647 yuan: what passes it goes to the town, counted."""
    found = budgets.settle(jnp.int32(2**31 - 1), wide(5_000), wide(0), wide(1_000), wide(LIMIT))
    assert int(found.wealth) == 2**31 - 1
    assert int(found.written_off) == -4_000
    found = budgets.settle(jnp.int32(LIMIT), wide(0), wide(2**31), wide(0), wide(LIMIT))
    assert int(found.wealth) == LIMIT
    assert int(found.written_off) == 2**31
    assert found.wealth.astype(jnp.int32) == LIMIT


@settings(deadline=None)
@given(st.integers(0, 2**31 - 1), st.sampled_from([0.0, 0.5, 0.95, 0.98, 1.0, 1.5]))
def test_tax_is_the_equation_and_relief_its_share(earnings: int, factor: float) -> None:
    owed = int(budgets.tax(jnp.uint8(EMPLOYED), wide(earnings), numbers()))
    assert owed == (max(0, earnings - ALLOWANCE) * int(q16(RATE))) >> 16
    assert abs(owed - RATE * max(0, earnings - ALLOWANCE)) <= 1 + earnings / 2**16
    eased = int(budgets.relief(wide(owed), wide(q16(factor))))
    assert abs(eased - owed * (1 - factor)) <= 1 + owed / 2**16
    assert int(budgets.relief(wide(owed), wide(q16(1.0)))) == 0


@settings(deadline=None)
@given(st.floats(0, 1e7))
def test_before_tax_undoes_tax(net: float) -> None:
    gross = float(budgets.before_tax(net, ALLOWANCE, RATE))
    owed = RATE * max(0.0, gross - ALLOWANCE)
    assert gross - owed == pytest.approx(net, rel=1e-12)
    assert int(budgets.tax(jnp.uint8(EMPLOYED), wide(round(gross)), numbers())) == pytest.approx(owed, rel=1e-4, abs=2)


def test_earnings_by_job_and_rung() -> None:
    job = jnp.array([OUTSIDE, EMPLOYED, UNEMPLOYED, EMPLOYED], jnp.uint8)
    base = jnp.full(4, 6_000, jnp.int32)
    factor = numbers().ladder[jnp.array([0, 0, 0, 3])]
    found = budgets.earned(job, base, factor, wide(q16(BENEFIT)))
    assert found.tolist() == [6_000, 6_000, 1_500, round(6_000 * 1.1**3)]
    taxed = budgets.tax(job, found, numbers())
    assert taxed.tolist() == [0, 100, 0, (7_986 - 5_000) * int(q16(RATE)) >> 16]
    top = budgets.earned(jnp.uint8(EMPLOYED), jnp.int32(2**31 - 1), numbers().ladder[31], wide(q16(BENEFIT)))
    assert int(top) == pytest.approx((2**31 - 1) * 1.1**31, rel=1e-4)


def test_interest_is_the_spread_a_twelfth_a_month() -> None:
    year = sum(int(budgets.interest(wide(120_000), wide(q16(0.03)))) for _ in range(12))
    assert year == pytest.approx(3_600, abs=12)
    assert int(budgets.interest(wide(120_000), wide(q16(-0.01)))) == pytest.approx(-100, abs=1)
    assert int(budgets.interest(wide(120_000), wide(0))) == 0


def test_living_is_needs_and_a_part_of_the_rest() -> None:
    wanted = budgets.living(jnp.array([1_000, 5_000]), jnp.array([200, 200]), jnp.array([3, 3]), numbers())
    assert wanted.tolist() == [2_100, 2_100 + (2_700 * int(q16(PROPENSITY)) >> 16)]


LINE = st.integers(-(10**12), 10**12)


@settings(deadline=None)
@given(st.integers(-(10**15), 10**15), st.integers(1, 10**7), st.lists(LINE, min_size=8, max_size=8))
def test_the_levy_conserves_to_the_last_hundredth(balance: int, adults: int, lines: list[int]) -> None:
    each = int(treasury.dividend(wide(balance), jnp.int32(adults)))
    left = balance - 100 * each * adults
    assert 0 <= left < 100 * adults
    month = treasury.Lines(*(wide(line) for line in lines))
    taxes, relief, interest, premiums, benefits, written_off, spending, running = lines
    after = int(treasury.balanced(wide(balance), wide(each), wide(adults), month))
    flows = taxes - relief + interest - benefits - written_off - spending - running
    assert after == left + 100 * flows + premiums


def test_a_town_of_nobody_hands_out_nothing() -> None:
    assert int(treasury.dividend(wide(0), jnp.int32(0))) == 0


def test_a_lasting_deficit_is_raised_in_full() -> None:
    """Constant costs k a month: the levies of n months add up to (n - 1) k less what could not be divided."""
    adults, costs, balance, raised = 997, 123_457, 0, 0
    nothing = [0] * 7
    for _ in range(60):
        each = int(treasury.dividend(wide(balance), jnp.int32(adults)))
        raised -= each * adults
        month = treasury.Lines(*(wide(line) for line in (*nothing, costs)))
        balance = int(treasury.balanced(wide(balance), wide(each), wide(adults), month))
    assert 100 * raised == 60 * 100 * costs + balance
    assert raised == pytest.approx(59 * costs, abs=adults)
