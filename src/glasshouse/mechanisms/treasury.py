"""The fiscal account of a town: rewards cost somebody something.

    each     = floor(balance / (100 * adults))                  CNY handed to every adult (below 0: raised)
    balance' = balance - 100 * each * adults
             + 100 * (taxes - relief + interest - benefits - written off - spending - running) + premiums

balance: hundredths of CNY; taxes: under ordinary law; relief: what the regime takes off them; interest: its spreads on
loans; premiums: what people paid for services above (below 0: under) the ordinary price, which is all that providers
get; benefits: of those without work; spending: what the town spends on everything else, fixed so that the account is
even on the first morning; running: cameras and offices of the regime. The levy is equal for every adult, so it weighs
most on the poor; what cannot be divided stays in the account.

Left out: public debt, other taxes, firms, and what public spending is good for.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

_HUNDREDTHS = 100


class Lines(NamedTuple):
    """A month's lines, int64 CNY, but `premiums` in hundredths. Costs are counted as costs, above 0."""

    taxes: Any
    relief: Any
    interest: Any
    premiums: Any
    benefits: Any
    written_off: Any
    spending: Any
    running: Any


def dividend(balance: Any, adults: Any) -> Any:
    """CNY handed to each adult, int64; below 0 where the town raises a levy.

    Args:
        balance: int64, hundredths.
        adults: int, at least 1 where there is a balance.
    """
    return balance // (_HUNDREDTHS * jnp.maximum(adults, 1).astype(np.int64))


def balanced(balance: Any, each: Any, adults: Any, lines: Lines) -> Any:
    """The balance after a month, int64 hundredths."""
    whole = (
        lines.taxes
        - lines.relief
        + lines.interest
        - lines.benefits
        - lines.written_off
        - lines.spending
        - lines.running
    )
    return balance + _HUNDREDTHS * (whole - each * adults) + lines.premiums
