"""Showing part of one's dissent: the continuous law of self-censorship, in place of the threshold law of `voice`.

A person with desired dissent d (their private opposition) and boldness beta shows the act a in [0, d] that maximises

    U(a) = -beta * (d - a) - [a > tau] * (nu + (1 - nu) * a) * psi * P(a)

    uniform punishment       P = 1         a = d where d <= tau or d * (beta - (1 - nu) psi) > beta tau + nu psi,
                                           tau elsewhere
    proportional punishment  P = a - tau   a = (tau + (beta - nu psi) / ((1 - nu) psi)) / 2, held in [tau, d];
                                           d where d <= tau

tau: dissent that the authority tolerates, nu: perceived surveillance of speech (an act is noticed with chance nu, and
otherwise in proportion to its size), psi: severity, here w * R * min(1, mcap / m) with R the fear of the threshold law
before surveillance (`voice`: R0 * Psi * rho), w its weight and mcap / m safety in numbers. Where nothing is at stake,
a = d: everybody shows what they think.

Whoever is asked voices dissent with chance a, on a word of their own: the published bit has the mean of the act. The
word u is compared with the act without ever dividing: u < a if and only if u < d and (u < tau or the rest holds),
where for proportional punishment the rest is (2 u - tau) (1 - nu) psi < beta - nu psi.

Source: Daymude, Axelrod and Forrest 2025, "Strategic Analysis of Dissent and Self-Censorship". Left out: their
authority, which learns; here severity and surveillance are the rule book's. Their boldness is a number; here it is the
person's.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

from glasshouse.arithmetic import ONE_Q16


class Coefficients(NamedTuple):
    """continuous: bool, this law is used; proportional: bool; tolerance tau, severity w: int32 Q16."""

    continuous: Any
    proportional: Any
    tolerance: Any
    severity: Any


def shows(
    word: Any,
    dissent: Any,
    boldness: Any,
    share: Any,
    threat: Any,
    watched: Any,
    capacity: Any,
    numbers: Coefficients,
) -> Any:
    """Whether a person asked today voices dissent: bool, true with chance a.

    Args:
        word: uint32, drawn.
        dissent: int32 Q30, d.
        boldness: uint16 Q8, beta.
        share: int32 Q16, m, the share of others who voice dissent.
        threat: int32 Q16, R, below 2^21.
        watched: int32 Q16, nu.
        capacity: int32 Q16, mcap.
        numbers: the law's coefficients.
    """
    u, wanted = (word >> 16).astype(jnp.int64), (dissent >> 14).astype(jnp.int64)
    tau, nu = numbers.tolerance.astype(jnp.int64), watched.astype(jnp.int64)
    # Both sides times max(m, mcap), so that mcap / m needs no division: Q32 from here on.
    crowd = jnp.maximum(share, capacity).astype(jnp.int64)
    bold = (boldness.astype(jnp.int64) << 8) * crowd
    psi = ((threat.astype(jnp.int64) * numbers.severity) >> 16) * capacity
    by_size, always = (psi * (ONE_Q16 - nu)) >> 16, (psi * nu) >> 16
    open_wins = wanted * (bold - by_size) > bold * tau + (always << 16)
    margin = (2 * u - tau) * by_size < (bold - always) << 16
    beyond = jnp.where(numbers.proportional, margin, open_wins)
    return (u < wanted) & ((u < tau) | beyond)


def threat(loss: Any, risk: Any) -> Any:
    """R of the law, int32 Q16: what a certain sanction costs this person.

    Args:
        loss: int32 Q16, R0 * Psi at the person's score, 0 for the unaware.
        risk: uint16 Q8, rho.
    """
    return (loss * risk.astype(jnp.int32)) >> 8
