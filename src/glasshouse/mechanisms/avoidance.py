"""Avoidance: routes around cameras, and the trips they cost.

    felt_i  = rho_i * pi_i * G(s_i)                                   for those who know the regime, else 0
    target  = clip(zeta * felt_i - cost, 0, most)
    av     <- av + step * (target - av)                               once a month, rounded by chance
    P(filmed | passage)  = coverage * (1 - av)
    P(trip given up)     = rate * trips * av                          on the word of the request

rho: sensitivity to risk; pi: perceived detection; G: standing that a filmed deed can cost at this score, in weeks of
income, at most 1 (0 where no camera feeds the regime). A trip given up is a request that would have been made without
avoidance, so the same person makes it in the twin world.

Left out: time lost on longer ways, masks and other disguise, learning from neighbours where cameras are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

from glasshouse.arithmetic import happens

ONE = 256
"Avoidance is uint8 in units of 1 / 256."


class Coefficients(NamedTuple):
    """zeta: int64 Q16; cost: int64 Q16; most: int32 in 1 / 256; step: int32 Q16; trips: uint32 in 1 / 256."""

    gain: Any
    cost: Any
    most: Any
    step: Any
    trips: Any


def felt(aware: Any, risk: Any, perceived: Any, glare: Any) -> Any:
    """Felt cost of being seen, int32 Q16.

    Args:
        aware: bool.
        risk: uint16 Q8, rho.
        perceived: int32 Q16, pi.
        glare: int32 Q16, G at the person's score.
    """
    weighed = (risk.astype(jnp.int64) * perceived >> 8) * glare >> 16
    return jnp.where(aware, weighed, 0).astype(jnp.int32)


def target(cost_felt: Any, numbers: Coefficients) -> Any:
    """Share of exposure that the person would avoid, int32 in 1 / 256."""
    wished = ((numbers.gain * cost_felt >> 16) - numbers.cost) >> 8
    return jnp.clip(wished, 0, numbers.most).astype(jnp.int32)


def moved(avoiding: Any, goal: Any, word: Any, numbers: Coefficients) -> Any:
    """Next month's avoidance, uint8.

    Rounded down after adding a drawn fraction: the mean moves exactly, so nothing stalls below one unit.

    Args:
        avoiding: uint8.
        goal: int32, `target`.
        word: uint32, drawn.
        numbers: for the step.
    """
    was = avoiding.astype(jnp.int32)
    fraction = (word & 0xFFFF).astype(jnp.int32)
    return jnp.clip(was + (((goal - was) * numbers.step + fraction) >> 16), 0, ONE - 1).astype(jnp.uint8)


def filming(coverage: Any, avoiding: Any) -> Any:
    """Chance that a passage of this person is filmed, uint32: coverage * (1 - av); exactly coverage where av is 0."""
    return coverage - (coverage >> 8) * avoiding.astype(jnp.uint32)


def given_up(word: Any, rate: Any, avoiding: Any, numbers: Coefficients) -> Any:
    """Whether a trip that the word asks for is given up, bool.

    Args:
        word: uint32, drawn, the request's own.
        rate: uint32, chance of a request.
        avoiding: uint8.
        numbers: for the share of trips.
    """
    kept = rate - (rate >> 16) * (avoiding.astype(jnp.uint32) * numbers.trips)
    return happens(word, rate) & ~happens(word, kept)
