"""Informing: yesterday's informers of a building report on its other adults.

    share_i    = k_i / (n - 1)           k_i: informers of the building other than i; n: its adults
    P(false report about i today)        = phi * share_i
    P(neighbours tell of a deed of i)    = (1 - phi) * share_i

Each report is about one other adult of the building, so false reports sum to phi * k over a building of two adults or
more: totals are Poisson in law (thinned), and each person meets the same report in every world in which as many
informed. A false report claims one of the deeds that neighbours can see and that cost points, each as likely.

Left out: reports across buildings, grudges, informers found out.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from glasshouse.arithmetic import happens

_TOP = 0xFFFFFFFF


def reported(weight: Any, informers: Any, own: Any, adults: Any) -> Any:
    """weight * share_i as a chance, uint32.

    Args:
        weight: uint32, a chance: phi, or 1 - phi.
        informers: int32, informers of the building last night.
        own: bool, the person is one of them.
        adults: int32, adults of the building, the person included.
    """
    others = informers - own.astype(jnp.int32)
    expected = weight.astype(jnp.uint64) * others.astype(jnp.uint64)
    return jnp.minimum(expected // jnp.maximum(adults - 1, 1).astype(jnp.uint64), _TOP).astype(jnp.uint32)


def accused(word: Any, which: Any, able: Any, chance: Any, claims: Any) -> Any:
    """Number of the claim of a false report, uint32: 1 to `claims`, 0 for none.

    Args:
        word, which: uint32, drawn: whether there is a report, and what it claims.
        able: bool, the person is under the score.
        chance: uint32, `reported` with weight phi.
        claims: uint32, how many deeds can be claimed.
    """
    claim = ((which.astype(jnp.uint64) * claims.astype(jnp.uint64)) >> 32).astype(jnp.uint32) + jnp.uint32(1)
    return jnp.where(able & (claims > 0) & happens(word, chance), claim, jnp.uint32(0))
