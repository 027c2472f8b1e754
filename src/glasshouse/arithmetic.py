"""Integers that do not move: probabilities, logits and shares as whole numbers.

Floating-point sums and exponentials differ between one device and four, and between compiled and plain code. So
every curve becomes an integer table here, on the host, in float64; the engine only compares, looks up, interpolates,
multiplies and shifts. The same text runs on NumPy and on JAX arrays.

    chance   uint32  p * 2^32; 2^32 - 1 is certainty (a word below 2^32 cannot otherwise say "always")
    Q16      int32   x * 2^16 (logits, shares, deterrence)
    Q30      int32   x * 2^30 (slow variables between 0 and 1)
    doubling int32   log2(x) * 2^16 (revenue)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

CERTAIN = np.uint32(0xFFFFFFFF)
ONE_Q16 = 1 << 16
ONE_Q30 = 1 << 30

_LOGIT_LIMIT = 16
_LOGIT_STEPS = 4096
_LOGIT_SHIFT = 9  # one table step is 2^9 of a Q16 logit: 2 * 16 * 2^16 / 4096


def chance(p: ArrayLike) -> NDArray[np.uint32]:
    """Probability to threshold: floor(p * 2^32), certainty for p = 1.

    Resolution is 2^-32 absolute: a probability of 2^-20 is carried to 1 part in 4096.
    """
    scaled = np.floor(np.asarray(p, np.float64) * 2.0**32)
    return np.minimum(scaled, float(CERTAIN)).astype(np.uint32)


def happens(word: Any, threshold: Any) -> Any:
    """True where the drawn word falls under the threshold, and always under certainty."""
    return (word < threshold) | (threshold == CERTAIN)


def both(first: Any, second: Any) -> Any:
    """The threshold of two independent chances: floor(first * second / 2^32), certainty kept exact."""
    product = ((first.astype(np.uint64) * second.astype(np.uint64)) >> np.uint64(32)).astype(np.uint32)
    where = _where(first)
    return where(first == CERTAIN, second, where(second == CERTAIN, first, product))


def q16(x: ArrayLike) -> NDArray[np.int32]:
    """Round to Q16."""
    return np.rint(np.asarray(x, np.float64) * ONE_Q16).astype(np.int32)


def q30(x: ArrayLike) -> NDArray[np.int32]:
    """Round to Q30."""
    return np.rint(np.asarray(x, np.float64) * ONE_Q30).astype(np.int32)


def doublings(log_points: ArrayLike) -> NDArray[np.int32]:
    """Log points (natural logarithms) as 2^-16 of a doubling: a slow variable on a logarithmic scale."""
    return np.rint(np.asarray(log_points, np.float64) / np.log(2) * ONE_Q16).astype(np.int32)


def logit(p: ArrayLike) -> NDArray[np.float64]:
    """ln(p / (1 - p)), held within +-16, where the table ends."""
    p = np.clip(np.asarray(p, np.float64), 1e-300, 1 - 1e-16)
    held: NDArray[np.float64] = np.clip(np.log(p / (1 - p)), -_LOGIT_LIMIT, _LOGIT_LIMIT)
    return held


def sigmoid_table() -> NDArray[np.uint64]:
    """Thresholds of 1 / (1 + exp(-z)) at z = -16, -16 + 1/128, ..., 16 (and one more, for interpolation).

    The ends are exact: never at -16 and below, certainty at 16 and above. Each entry holds its own value in the low
    half and the next one's in the high half: one load instead of two.
    """
    z = -_LOGIT_LIMIT + np.arange(_LOGIT_STEPS + 2) * (2 * _LOGIT_LIMIT / _LOGIT_STEPS)
    table = chance(1 / (1 + np.exp(-z)))
    table[0], table[_LOGIT_STEPS:] = 0, CERTAIN
    wide = table.astype(np.uint64)
    return wide[:-1] | wide[1:] << np.uint64(32)


def sigmoid(table: Any, z: Any) -> Any:
    """Threshold of a Q16 logit by linear interpolation in integers.

    Error of interpolation below 1.5e-6 absolute; beyond +-16 the end value holds.
    """
    held = z.clip(-_LOGIT_LIMIT * ONE_Q16, _LOGIT_LIMIT * ONE_Q16) + _LOGIT_LIMIT * ONE_Q16
    step = held >> _LOGIT_SHIFT
    rest = (held & ((1 << _LOGIT_SHIFT) - 1)).astype(np.uint32)
    pair = table[step]
    low, high = pair.astype(np.uint32), (pair >> np.uint64(32)).astype(np.uint32)
    return low + (((high - low) * rest) >> np.uint32(_LOGIT_SHIFT))


def step_towards(value: Any, target: Any, rate_q30: Any) -> Any:
    """One step of value' = value + rate * (target - value), all in Q30, rounded to the nearest unit.

    The step stalls where |target - value| < 1 / (2 * rate) units of 2^-30: for a rate of one in a thousand
    that is 5e-7, far under anything measured.
    """
    gap = (target - value).astype(np.int64) * rate_q30
    return value + ((gap + (1 << 29)) >> 30).astype(np.int32)


def rounded(word: Any, value: Any, places: int) -> Any:
    """value / 2^places, up or down by a drawn word: exact in the mean, so that a slow variable never stalls.

    Args:
        word: uint32, drawn.
        value: int32, 0 to 2^31 - 2^places.
        places: 1 to 30.
    """
    return (value + (word >> np.uint32(32 - places)).astype(np.int32)) >> places


def bits(flags: ArrayLike) -> NDArray[np.uint64]:
    """Flags of up to 64 numbered things as one word (last axis): a test of a bit instead of a table look-up."""
    held = np.asarray(flags, np.bool_)
    powers = np.uint64(1) << np.arange(held.shape[-1], dtype=np.uint64)
    return np.where(held, powers, np.uint64(0)).sum(axis=-1, dtype=np.uint64)


def has(word: Any, number: Any) -> Any:
    """Whether the numbered thing carries the flag, bool."""
    return (word >> number.astype(np.uint64)) & np.uint64(1) != 0


def _where(like: Any) -> Any:
    if isinstance(like, np.ndarray | np.generic):
        return np.where
    import jax.numpy as jnp

    return jnp.where
