"""Philox4x32-10, the only source of chance in the laboratory.

A draw is a function of *who asks, what is asked, and when*, never of how many draws came before. The world is
not part of the key, so the same person meets the same chance in every world, and worlds are twins.

    key     = (seed low 32 bits, seed high 32 bits)
    counter = (entity, purpose << 8 | sub, day << 16 | kind << 12 | slot, town)

Ten rounds of (hi, lo) = M0 * c0, (hi', lo') = M1 * c2; c <- (hi' ^ c1 ^ k0, lo', hi ^ c3 ^ k1, lo); the key is
bumped by the Weyl constants between rounds. Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
easy as 1, 2, 3", SC 2011; checked against the three known-answer vectors published with Random123.

The same text runs on NumPy arrays (the host: population, look-ups after a run) and on JAX arrays (the engine).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from glasshouse.draws.purposes import Purpose

_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (np.uint64(0x9E3779B9), np.uint64(0xBB67AE85))
_ROUNDS = 10
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


class Key(NamedTuple):
    """The seed of a run as two 32-bit words. May hold JAX scalars inside a compiled day."""

    low: Any
    high: Any

    @staticmethod
    def of(seed: int) -> Key:
        """Split a seed of up to 64 bits."""
        return Key(np.uint32(seed & 0xFFFFFFFF), np.uint32(seed >> 32 & 0xFFFFFFFF))


class Words(NamedTuple):
    """The four 32-bit words of one block, each an array of uint32 of the shape of `entity`."""

    a: Any
    b: Any
    c: Any
    d: Any


def block(key: Key, c0: Any, c1: Any, c2: Any, c3: Any) -> Words:
    """One Philox4x32-10 block per element.

    Args:
        key: two uint32.
        c0, c1, c2, c3: counters, uint32 arrays or scalars that broadcast together.

    Returns:
        Four uint32 arrays of the broadcast shape.
    """
    k0, k1 = key.low, key.high
    for turn in range(_ROUNDS):
        if turn:
            k0, k1 = _bump(k0, _WEYL[0]), _bump(k1, _WEYL[1])
        p0 = c0.astype(np.uint64) * _MULTIPLIERS[0]
        p1 = c2.astype(np.uint64) * _MULTIPLIERS[1]
        c0, c1, c2, c3 = (
            (p1 >> _HALF).astype(np.uint32) ^ c1 ^ k0,
            (p1 & _LOW).astype(np.uint32),
            (p0 >> _HALF).astype(np.uint32) ^ c3 ^ k1,
            (p0 & _LOW).astype(np.uint32),
        )
    return Words(c0, c1, c2, c3)


def _bump(key_word: Any, weyl: np.uint64) -> Any:
    return ((key_word.astype(np.uint64) + weyl) & _LOW).astype(np.uint32)


def words(key: Key, entity: Any, purpose: Purpose, day: Any, town: Any, sub: Any = 0) -> Words:
    """The four words that `entity` of `town` draws for `purpose` on `day`.

    Args:
        key: the seed of the run.
        entity: uint32 array, the entity's number inside its town.
        purpose: what is asked; the kind of entity belongs to the purpose.
        day: days since the first day of the society (run-in included); uint32 scalar, or array like `entity`.
        town: uint32 array or scalar, the town's number.
        sub: further blocks of one purpose, 0 to 255; uint32 where it is an array.

    Returns:
        Four uint32 arrays. Which word answers which question is written beside the purpose.
    """
    c1 = np.uint32(purpose.number << 8) | sub
    c2 = (day << np.uint32(16)) | np.uint32(purpose.kind << 12)
    return block(key, entity, entity * np.uint32(0) + c1, entity * np.uint32(0) + c2, entity * np.uint32(0) + town)


def uniforms(key: Key, entity: Any, purpose: Purpose, day: Any, town: Any, sub: int = 0) -> tuple[Any, ...]:
    """The same four words as float64 in (0, 1), for the host's inverse-distribution draws."""
    drawn = words(
        key, np.asarray(entity, np.uint32), purpose, np.asarray(day, np.uint32), np.asarray(town, np.uint32), sub
    )
    return tuple((w.astype(np.float64) + 0.5) / 2.0**32 for w in drawn)
