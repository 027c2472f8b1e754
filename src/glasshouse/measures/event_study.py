"""What an outside observer would estimate from pilots, to be held against the truth that twins know.

Districts adopt one after the other. An observer without twins compares each adopter with those that have not adopted
yet, before and after (difference in differences by event time, clean controls only):

    ATT(e) = mean over adopters i of [ (y_i,a+e - y_i,a-1) - mean over controls c of (y_c,a+e - y_c,a-1) ]

a: the period in which i adopts, controls: units that adopt after a + e or never. With a homogeneous effect and nothing
spilling over it estimates what the twins show. Where the regime also reaches those who have not adopted (what is heard
in the town, queues, prices), controls move with the adopters and the estimate misses exactly that movement: it is too
small in size wherever the spillover has the sign of the effect.

Left out: covariates, weights, two-way fixed effects (known to be biased when effects differ or build up).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class EventEffect(NamedTuple):
    """An effect at one distance from adoption.

    Attributes:
        event: periods since adoption; 0 is the first period under the regime.
        effect: mean over adopters. error: its standard error over adopters, NaN for one of them.
        adopters: how many there are at this distance.
    """

    event: int
    effect: float
    error: float
    adopters: int


def event_study(outcome: Floats, adopted: Ints, events: range) -> list[EventEffect]:
    """The observer's estimate.

    Args:
        outcome: [units, periods].
        adopted: [units], period of adoption; as many as there are periods, or more, for never.
        events: distances from adoption; negative ones are checks that must show nothing.
    """
    return [_gathered(event, _differences(outcome, adopted, event)) for event in events]


def twin_effect(outcome: Floats, twin: Floats, adopted: Ints, events: range) -> list[EventEffect]:
    """The truth: the same adopters with the regime and without it, at the same distances.

    Args:
        outcome, twin: [units, periods], in the world and in its twin.
        adopted: [units].
        events: distances from adoption.
    """
    apart = outcome - twin
    periods = outcome.shape[1]
    return [
        _gathered(
            event, [apart[i, a + event] for i, a in enumerate(adopted) if a < periods and 0 <= a + event < periods]
        )
        for event in events
    ]


def _differences(outcome: Floats, adopted: Ints, event: int) -> list[float]:
    """Each adopter's change less its controls' change."""
    periods, found = outcome.shape[1], []
    for i, a in enumerate(adopted):
        now, before = a + event, a - 1
        if a >= periods or before < 0 or not 0 <= now < periods:
            continue
        controls = adopted > max(now, before)
        controls[i] = False
        if controls.any():
            change = outcome[:, now] - outcome[:, before]
            found.append(float(change[i] - change[controls].mean()))
    return found


def _gathered(event: int, found: list[float]) -> EventEffect:
    n = len(found)
    effect = float(np.mean(found)) if n else float("nan")
    error = float(np.std(found, ddof=1) / np.sqrt(n)) if n > 1 else float("nan")
    return EventEffect(event, effect, error, n)
