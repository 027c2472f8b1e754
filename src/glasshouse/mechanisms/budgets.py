"""Household budgets: what a month brings in, what is due, what is left (whole CNY).

    earned   = base * ladder[rung]                          at work, before tax
             = benefit * base * ladder[rung]                without work, untaxed
             = base                                         outside the labour force, untaxed (pensions, transfers)
    tax      = rate * max(0, earned - allowance),  relief = tax * (1 - f_t)
    interest = principal * spread / 12
    income   = sum over the household of earned - tax + relief - interest + dividend
    living   = members * s + c * max(0, income - bills - members * s)
    wealth'  = wealth + income - bills - living,  never below the limit of debt

f_t: the regime's factor on tax, spread: what it adds to the yearly rate of interest, dividend: the household's part of
what the town hands back (below zero: raises), bills: what was paid for services, s: what one person must live on, c:
propensity to consume beyond that. Where money is short the household first lives on less, then falls into arrears:
what passes the limit of debt is written off at the town's cost, so nothing vanishes.

Ordinary interest is part of living; only the regime's spread is counted. Left out: returns on savings, borrowing anew
and repayment, prices that move, bequests, and who in the household decides.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from glasshouse.arithmetic import ONE_Q16
from glasshouse.words import EMPLOYED, OUTSIDE, UNEMPLOYED

MOST = 2**31 - 1
_MONTHS_A_YEAR = 12


class Coefficients(NamedTuple):
    """World-independent numbers.

    Attributes:
        ladder: int64 Q16 [rungs], wage by rung over the wage at the start.
        allowance, subsistence, limit: int64, CNY: free of tax a month; s; wealth of a household at its limit of debt.
        rate, benefit, propensity: int64 Q16.
    """

    ladder: Any
    allowance: Any
    subsistence: Any
    limit: Any
    rate: Any
    benefit: Any
    propensity: Any


class Month(NamedTuple):
    """A household's month, int64: wealth after it, what it lived on, what was written off (below 0: above the most)."""

    wealth: Any
    lived_on: Any
    written_off: Any


def before_tax(net: Any, allowance: Any, rate: Any) -> Any:
    """What must be earned before tax for `net` to be left, float64 on the host; the inverse of `tax`."""
    return np.where(net > allowance, (net - rate * allowance) / (1 - rate), net)


def earned(job: Any, base: Any, factor: Any, benefit: Any) -> Any:
    """A month's earnings before tax, int64 CNY.

    Args:
        job: uint8, words.OUTSIDE, EMPLOYED or UNEMPLOYED.
        base: int32, CNY a month at the start.
        factor: int64 Q16, the rung's.
        benefit: int64 Q16.
    """
    wage = (base.astype(np.int64) * factor + ONE_Q16 // 2) >> 16
    return wage * (job == EMPLOYED) + ((wage * benefit) >> 16) * (job == UNEMPLOYED) + base * (job == OUTSIDE)


def tax(job: Any, earnings: Any, numbers: Coefficients) -> Any:
    """A month's tax under ordinary law, int64 CNY, on wages only."""
    taxed = (earnings - numbers.allowance).clip(0)
    return ((taxed * numbers.rate) >> 16) * (job == EMPLOYED)


def relief(ordinary: Any, factor: Any) -> Any:
    """What a regime takes off a tax, int64 CNY; below 0 where it adds. `factor`: int64 Q16, 1 for nothing."""
    return (ordinary * (ONE_Q16 - factor)) >> 16


def interest(principal: Any, spread: Any) -> Any:
    """A month's interest due to the regime, int64 CNY; below 0 where it makes loans cheaper.

    Args:
        principal: int64, CNY.
        spread: int64 Q16, added to the yearly rate.
    """
    return (principal * spread) // (_MONTHS_A_YEAR << 16)


def living(income: Any, bills: Any, members: Any, numbers: Coefficients) -> Any:
    """What a household would live on, int64 CNY."""
    needs = members * numbers.subsistence
    return needs + ((jnp.maximum(income - bills - needs, 0) * numbers.propensity) >> 16)


def settle(wealth: Any, income: Any, bills: Any, wanted: Any, limit: Any) -> Month:
    """The month's end of a household.

    Args:
        wealth: int32, CNY.
        income, bills, wanted: int64, CNY; `wanted` is what it would live on.
        limit: int64, wealth at the limit of debt.
    """
    before = wealth.astype(np.int64) + income - bills
    lived_on = jnp.clip(wanted, 0, jnp.maximum(before - limit, 0))
    after = jnp.clip(before - lived_on, limit, MOST)
    return Month(after, lived_on, after - (before - lived_on))
