"""What the known answers share: keyed words, and how far chance may stray."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import binomtest, poisson

from glasshouse.draws.philox import Key, Words, words
from glasshouse.draws.purposes import PERSON, Purpose

Z_LIMIT = 4.0
"Statistical tests use fixed seeds and allow this many standard errors."

_TEST = Purpose(60_000, PERSON, "a question of the tests")


def drawn(entities: int, day: int = 0, sub: int = 0, seed: int = 1) -> Words:
    """Four words a head, on the host."""
    who = np.arange(entities, dtype=np.uint32)
    return words(Key.of(seed), who, _TEST, np.uint32(day), np.uint32(0), sub)


def drawn_within(who: Any, day: Any, sub: int = 0, seed: int = 1) -> Words:
    """The same inside a compiled loop: `who` a JAX array of uint32, `day` a JAX scalar."""
    return words(Key.of(seed), who, _TEST, day.astype(np.uint32), np.uint32(0), sub)


def uniform(entities: int, day: int = 0, sub: int = 0, seed: int = 1) -> tuple[NDArray[np.float64], ...]:
    """Four uniforms a head, in (0, 1)."""
    return tuple((w.astype(np.float64) + 0.5) / 2.0**32 for w in drawn(entities, day, sub, seed))


def z_of_count(found: float, trials: float, p: float) -> float:
    """(found - n p) / sqrt(n p (1 - p))."""
    return float((found - trials * p) / np.sqrt(trials * p * (1 - p)))


def binomial_fits(found: int, trials: int, p: float) -> bool:
    """The exact form of |z| < Z_LIMIT, for counts of any size."""
    if trials == 0:
        return found == 0
    return bool(binomtest(int(found), int(trials), float(p)).pvalue > 2 * ndtr(-Z_LIMIT))


def poisson_fits(found: int, mean: float) -> bool:
    """The exact form of |z| < Z_LIMIT for a Poisson count."""
    tail = min(poisson.cdf(found, mean), poisson.sf(found - 1, mean))
    return bool(tail > ndtr(-Z_LIMIT))
