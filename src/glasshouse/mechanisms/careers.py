"""Careers: a rung higher, out of work, back to work; asked once a month.

    P(promoted | at work)    = h_p * exp(b_s * (schooling - secondary)) * f_p
    P(loses work | at work)  = l * f_j + l_s [on public display];   1 where the employer has closed
    P(finds work | without)  = f / f_j * (1 - delta * isolation)

h_p: promotion a month, b_s: what a level of schooling adds to its logarithm, f_p: the regime's factor on promotion,
l: losing work a month in town or countryside, f_j: the regime's factor on work (above 1: sooner lost, harder found),
l_s: added while on public display, f: finding work a month, delta: how much being cut off from others hinders the
search. Whoever loses work is not promoted in that month and keeps the rung for the next employer; nobody is demoted.
Left alone, a share l / (l + f) is out of work, and wages at work grow by a factor (1 + h_p raise) a month on average.

Left out: careers between firms, scars of unemployment, retirement and first jobs (people do not age), manager posts.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np

from glasshouse.arithmetic import CERTAIN, ONE_Q16, happens
from glasshouse.words import EMPLOYED, UNEMPLOYED


class Coefficients(NamedTuple):
    """World-independent numbers.

    Attributes:
        promotion, loss: uint32 [rows], chances a month by row of the career table: schooling by place, owners last.
        found, shown: uint32, finding work; losing it while on public display.
        isolation: int32 Q16, delta.
    """

    promotion: Any
    loss: Any
    found: Any
    shown: Any
    isolation: Any


class Chances(NamedTuple):
    """What a month may bring, uint32: promotion, losing work, finding it."""

    promotion: Any
    loss: Any
    found: Any


def scaled(chance: Any, factor: Any) -> Any:
    """A chance times a factor, certainty at most, uint32.

    Args:
        chance: uint32.
        factor: int64 Q16, below 2^31.
    """
    product = (chance.astype(np.uint64) * factor.astype(np.uint64)) >> np.uint64(16)
    return jnp.minimum(product, np.uint64(CERTAIN)).astype(jnp.uint32)


def chances(
    promotion: Any,
    loss: Any,
    promoting: Any,
    work: Any,
    shown: Any,
    closed: Any,
    isolation: Any,
    numbers: Coefficients,
) -> Chances:
    """The three chances of a month.

    Args:
        promotion, loss: uint32, the person's own under ordinary law.
        promoting, work: int64 Q16, the regime's factors f_p and f_j.
        shown: bool, on public display.
        closed: bool, the employer has closed.
        isolation: int32 Q16, share of ties that are cut.
        numbers: the rest.
    """
    added = jnp.where(shown, numbers.shown, 0).astype(np.uint64)
    lost = jnp.minimum(scaled(loss, work).astype(np.uint64) + added, np.uint64(CERTAIN)).astype(jnp.uint32)
    hindered = ONE_Q16 - ((numbers.isolation.astype(np.int64) * isolation) >> 16)
    # found / f_j: one over the factor, again in Q16; a factor of zero finds work at once.
    eased = (hindered << 16) // jnp.maximum(work, 1)
    return Chances(
        promotion=scaled(promotion, promoting),
        loss=jnp.where(closed, CERTAIN, lost),
        found=scaled(numbers.found, jnp.clip(eased, 0, np.int64(2**31 - 1))),
    )


def month(words: Any, job: Any, rung: Any, chance: Chances, top: Any) -> tuple[Any, Any]:
    """Job and rung after a month, both uint8.

    Args:
        words: three uint32, drawn: promotion, losing work, finding it.
        job: uint8, words.OUTSIDE, EMPLOYED or UNEMPLOYED.
        rung: uint8, 0 at the start.
        chance: what may happen.
        top: int, the last rung.
    """
    promoted, lost, found = (happens(word, c) for word, c in zip(words, chance, strict=True))
    at_work, without = job == EMPLOYED, job == UNEMPLOYED
    moved = jnp.where(at_work & lost, UNEMPLOYED, jnp.where(without & found, EMPLOYED, job))
    up = at_work & ~lost & promoted & (rung < top)
    return moved.astype(jnp.uint8), (rung + up).astype(jnp.uint8)
