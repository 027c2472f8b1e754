"""Perceived risk, and how opposition moves (equation 4).

    pi <- pi + own * (caught - pi)              on a day with an offence
             + seen * (share * certainty - pi)+ of sanctioned people in the building, for those who know the regime
             + drift * (true - pi)              drift = ln 2 / half-life: novelty wears off
             + campaign * (1 - pi)              once, on the day of a launch, for those who know
    nu <- nu + drift * (true surveillance - nu)
    x  <- x + backlash * (1 - x)                on a harsh or mistaken sanction of one's own
             - fading * (x - x0)                back to one's own level

Without deeds the excess over the true value halves every half-life. The law is the same in every world; only what is
true, seen and done differs.

Left out: trust, propaganda, news of others' wrongs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

from glasshouse.arithmetic import ONE_Q30, step_towards


class Coefficients(NamedTuple):
    """int64 Q30: weights of own experience and of seen sanctions, drift, backlash, fading; int32 Q30: certainty."""

    own: Any
    seen: Any
    drift: Any
    backlash: Any
    fading: Any
    certainty: Any


def risk(perceived: Any, did: Any, caught: Any, share: Any, true: Any, campaign: Any, numbers: Coefficients) -> Any:
    """Perceived detection of deeds tomorrow, int32 Q30.

    Args:
        perceived: int32 Q30, pi.
        did, caught: bool, an offence today, and a punishment or known entry for it.
        share: int32 Q16, sanctioned among the neighbours (0 for the unaware).
        true: int32 Q30, what detection really is for this person.
        campaign: int64 Q30, 0 but on launch days and for those who know.
        numbers: the weights.
    """
    learnt = jnp.where(did, step_towards(perceived, jnp.where(caught, ONE_Q30, 0), numbers.own), perceived)
    warned = ((share.astype(jnp.int64) * numbers.certainty) >> 16).astype(jnp.int32)
    seen = jnp.where(warned > learnt, step_towards(learnt, warned, numbers.seen), learnt)
    settled = step_towards(seen, true, numbers.drift)
    return step_towards(settled, jnp.int32(ONE_Q30), campaign)


def watched(perceived: Any, true: Any, numbers: Coefficients) -> Any:
    """Perceived surveillance of speech tomorrow, int32 Q30."""
    return step_towards(perceived, true, numbers.drift)


def opposition(held: Any, own_level: Any, wronged: Any, numbers: Coefficients) -> Any:
    """Private opposition tomorrow, int32 Q30.

    Args:
        held: int32 Q30, x.
        own_level: int32 Q30, x0.
        wronged: bool, a harsh or mistaken sanction today.
        numbers: backlash and fading.
    """
    moved = jnp.where(wronged, step_towards(held, jnp.int32(ONE_Q30), numbers.backlash), held)
    return step_towards(moved, own_level, numbers.fading)
