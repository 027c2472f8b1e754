"""Facts of the laws of speech alone: hardening authorities and cascades (F31, F32)."""

from __future__ import annotations

from itertools import pairwise

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from glasshouse.arithmetic import ONE_Q16, q16, q30
from glasshouse.engine.numbers import numbers
from glasshouse.evidence import parameters
from glasshouse.measures.cascades import standing
from glasshouse.mechanisms import reserve, voice
from glasshouse.records.schema import THRESHOLD_BINS
from glasshouse.validation.finding import Finding, law

Floats = NDArray[np.float64]

_CROWD = 20_000
"People of a crowd without luck: quantiles of the laws that people are drawn from."
_GOLDEN = (np.sqrt(5) - 1) / 2
_Q8 = 1 << 8
_MEANS = (0.5, 1.0, 2.0)
"Mean boldness: doublings about the default."
_MOST_FEAR = 31.0
"The continuous law takes threats of up to 32."
_FALL = 0.01
"By so much the cost of speaking falls at a time."
_BEFORE = 6
"Steps before the jump over which the trend is told."


def crowd(people: int) -> tuple[Floats, Floats]:
    """Private opposition and boldness of a crowd, spread evenly over both laws."""
    n = parameters().number
    place = np.arange(people)
    opposition = betaincinv(n("expression.opposition_alpha"), n("expression.opposition_beta"), (place + 0.5) / people)
    other = np.clip((place * _GOLDEN) % 1, 0.5 / people, 1 - 0.5 / people)
    return opposition, np.exp(n("expression.boldness_sd") * ndtri(other))


def steps_to_silence(boldness: float) -> int:
    """Steps of severity until nobody of a crowd with this mean boldness shows more than is tolerated."""
    p = parameters()
    opposition, bold = crowd(_CROWD // 10)
    bold = np.clip(bold * boldness / bold.mean(), 1 / 16, 16)
    law_numbers = numbers(p).reserve._replace(continuous=np.bool_(True), proportional=np.bool_(False))
    # Under uniform punishment people show all they think or what is tolerated: who would show the least bit more than
    # that would show all.
    just_above = jnp.uint32(int(law_numbers.tolerance) << 16)
    step = p.number("validation.hardening")
    threats = jnp.asarray(q16(np.arange(0, _MOST_FEAR, step) / p.number("expression.severity")))[:, None]
    shown = reserve.shows(
        just_above, jnp.asarray(q30(opposition)), jnp.asarray(np.rint(bold * _Q8), jnp.uint16), jnp.int32(0), threats,
        jnp.int32(q16(p.number("validation.noticed"))), jnp.int32(ONE_Q16), law_numbers,
    )  # fmt: skip
    silent = np.array([not row.any() for row in np.asarray(shown)])
    return int(np.argmax(silent)) if silent.any() else len(silent)


@law("F31")
def boldness_delays() -> Finding:
    """An authority that hardens step by step, against crowds of growing boldness."""
    steps = [steps_to_silence(mean) for mean in _MEANS]
    told = ", ".join(f"{steps_} at mean boldness {mean:g}" for steps_, mean in zip(steps, _MEANS, strict=True))
    return Finding({"steps more at each doubling of boldness": float(min(b - a for a, b in pairwise(steps)))}, told)


def settled(cost: float, fear: float) -> float:
    """Share of a crowd that voices dissent in the end, by the threshold law."""
    n = parameters().number
    opposition, bold = crowd(_CROWD)
    own = n("expression.voice_weight") * bold * opposition
    least = voice.thresholds(
        own, np.full(len(own), fear), n("expression.peer_weight"), cost, n("expression.punish_capacity")
    )
    bins = np.clip(np.ceil(least * THRESHOLD_BINS), 0, THRESHOLD_BINS + 1).astype(int)
    return standing(np.bincount(bins, minlength=THRESHOLD_BINS + 2).astype(np.float64)).share


@law("F32")
def no_warning() -> Finding:
    """The cost of speaking falls a little at a time; the largest jump, and what was seen before it."""
    n = parameters().number
    costs = np.arange(n("expression.cost") + _BEFORE * _FALL, n("expression.cost") / 2, -_FALL)
    shares = np.array([settled(float(cost), n("validation.brink_fear")) for cost in costs])
    jump = int(np.argmax(np.diff(shares))) + 1
    before = shares[jump - 1] - shares[max(jump - 1 - _BEFORE, 0)]
    told = f"from {shares[jump - 1]:.1%} to {shares[jump]:.1%} as the cost falls from {costs[jump - 1]:.2f}"
    return Finding({"rise before": float(before), "jump": float(shares[jump] - shares[jump - 1])}, told)
