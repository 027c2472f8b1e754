"""Occasions and deeds.

On each slot of a day a person meets at most one occasion, drawn by inverse distribution from the cumulative chances
of the slot's deeds: identical in all worlds. Whether the occasion is taken is one comparison with the chance that the
person's own law gives it (equation 1, `deterrence`), so a world that changes the chance by d flips the outcome of
exactly a share d of occasions and of no others.

Left out: two occasions of deeds on one slot in a day; deeds of children; chains of deeds within a day.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

from glasshouse.arithmetic import happens

EVERYONE, DIGITAL, DRIVERS = range(3)


class Occasion(NamedTuple):
    """What one slot of the day brings.

    Attributes:
        deed: uint8, row of the deed in the society's tables (any row where nothing is met).
        met: bool.
    """

    deed: Any
    met: Any


def occasion(word: Any, cumulative: Any, first: int) -> Occasion:
    """The deed whose band of the cumulative chances holds the word.

    Args:
        word: uint32, drawn.
        cumulative: uint32 [n], chances of the slot's n deeds, summed in order.
        first: table row of the slot's first deed.
    """
    last = cumulative.shape[0] - 1
    passed = sum(((word >= cumulative[j]).astype(jnp.uint8) for j in range(last)), jnp.zeros_like(word, jnp.uint8))
    return Occasion(passed + jnp.uint8(first), happens(word, cumulative[last]))


def exposed(threshold: Any, exposure: Any, digital: Any, driver: Any) -> Any:
    """The chance of a deed scaled by how far its occasions reach into this life.

    Args:
        threshold: uint32, chance per occasion.
        exposure: uint8, EVERYONE, DIGITAL (scaled by the digital share) or DRIVERS (nobody else).
        digital: uint8, share of life on platforms, 255 = all.
        driver: bool.
    """
    wide = digital.astype(jnp.uint32)
    share = jnp.where(exposure == DIGITAL, wide + (wide >> 7), jnp.uint32(256))
    share = jnp.where((exposure == DRIVERS) & ~driver, jnp.uint32(0), share)
    return jnp.where(share == 256, threshold, (threshold >> 8) * share)
