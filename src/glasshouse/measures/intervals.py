"""How sure a difference between twin worlds is: paired t intervals over towns.

A town is a replicate; people inside one share its streets and its fears and are not independent. With the
paired differences d_1 .. d_R of R towns the interval is

    mean(d) +- t_{R-1}(0.975) * s_d / sqrt(R)                     Student 1908

It covers the chance of which towns were drawn, nothing else: not the assumed numbers, not the form of the
model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

LEVEL: Final = 0.95
"""Coverage of every interval in the house."""

FEWEST_CASES: Final = 10
"""Below this many cases a rate is said to be too small to see."""


@dataclass(frozen=True)
class Interval:
    """A mean over towns with its interval; `low` and `high` are None with fewer than two towns."""

    mean: float
    low: float | None
    high: float | None
    towns: int

    @property
    def clear_of_zero(self) -> bool:
        """Whether the interval leaves zero out. Without an interval nothing is clear."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def _t(towns: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(towns - 1, (1 + LEVEL) / 2))


def interval(values: ArrayLike) -> Interval | None:
    """The t interval of the mean of `values`, one a town, NaN where it is not defined. None if all are."""
    given = np.asarray(values, np.float64)
    given = given[np.isfinite(given)]
    towns = given.size
    if towns == 0:
        return None
    mean = float(given.mean())
    if towns == 1:
        return Interval(mean, None, None, 1)
    half = _t(towns) * float(given.std(ddof=1)) / math.sqrt(towns)
    return Interval(mean, mean - half, mean + half, towns)


def towns_to_halve(towns: int) -> int | None:
    """The fewest towns R for an interval half as wide: t_{R-1}/sqrt(R) halves. None below two."""
    if towns < 2:
        return None
    goal = _t(towns) / math.sqrt(towns) / 2
    more = towns + 1
    while _t(more) / math.sqrt(more) > goal:
        more += 1
    return more


def variance_reduction(treated: Sequence[float] | ArrayLike, baseline: Sequence[float] | ArrayLike) -> float | None:
    """VRF = (s_1^2 + s_0^2) / s_d^2: how many times more towns unpaired worlds would need.

    None with fewer than two towns, or where the difference does not vary at all.
    """
    one, zero = np.asarray(treated, np.float64), np.asarray(baseline, np.float64)
    both = np.isfinite(one) & np.isfinite(zero)
    if both.sum() < 2:
        return None
    one, zero = one[both], zero[both]
    spread = float(np.var(one - zero, ddof=1))
    if spread == 0:
        return None
    return float((np.var(one, ddof=1) + np.var(zero, ddof=1)) / spread)
