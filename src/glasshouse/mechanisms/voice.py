"""Voicing dissent or holding it back (equation 11, binary law).

A person asked today voices dissent if and only if

    omega * beta_i * x_i + gamma * m_i >= c0 + R_i * min(1, mcap / m_i),     R_i = R0 * Psi * rho_i * nu_i

x: private opposition, beta: boldness, m: share of others heard voicing it (household, friends, building, cell, town),
c0: cost of speaking, Psi: what speech can cost at the person's score (`regimes.stakes`), rho: sensitivity to risk, nu:
perceived surveillance of speech, mcap: share that the authority can punish at once (safety in numbers). For fixed R
this is Granovetter's threshold model; with R(m) it has two stable states, so visible dissent can be small just before
it is large (Kuran).

Everybody is asked with chance .1 a day, by their own draw, so nothing oscillates. Division is avoided: the test is
multiplied by m, in 64-bit integers.

Left out: the continuous law of self-censorship; colleagues; censorship of what is seen.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Coefficients(NamedTuple):
    """int32 Q16: omega, gamma, c0, mcap; and the weights of household, friends, building, cell, town in m (sum 1)."""

    own: Any
    peers: Any
    cost: Any
    capacity: Any
    weights: Any


def heard(household: Any, friends: Any, building: Any, cell: Any, town: Any, weights: Any) -> Any:
    """m, the share of others voicing dissent as this person meets it, int32 Q16.

    Args:
        household, friends, building, cell, town: int32 Q16 shares; the town's where a person lives alone or has no
            friend in touch.
        weights: int32 Q16 [5].
    """
    return (
        (household * (weights[0] >> 2) >> 14)
        + (friends * (weights[1] >> 2) >> 14)
        + (building * (weights[2] >> 2) >> 14)
        + (cell * (weights[3] >> 2) >> 14)
        + (town * (weights[4] >> 2) >> 14)
    )


def voices(opposition: Any, boldness: Any, share: Any, fear: Any, numbers: Coefficients) -> Any:
    """The right-hand question of (11), bool.

    Args:
        opposition: int32 Q30, x.
        boldness: uint16 Q8, beta.
        share: int32 Q16, m.
        fear: int32 Q16, R before safety in numbers.
        numbers: the law's coefficients.
    """
    # Halves are added before shifting: rounding down always would bias everybody towards silence, and near a
    # tipping point a bias of one unit moves the share of voices by dozens.
    own = ((numbers.own.astype(jnp.int64) * boldness * (opposition >> 8) + (1 << 29)) >> 30).astype(jnp.int32)
    peers = ((numbers.peers.astype(jnp.int64) * share + (1 << 15)) >> 16).astype(jnp.int32)
    urge = own + peers - numbers.cost
    crowded = share > numbers.capacity
    diluted = urge.astype(jnp.int64) * share >= fear.astype(jnp.int64) * numbers.capacity
    return jnp.where(crowded, diluted, urge >= fear)


def fear(loss: Any, risk: Any, watched: Any) -> Any:
    """R of equation (11), int32 Q16.

    Args:
        loss: int32 Q16, R0 * Psi at the person's score, 0 for the unaware.
        risk: uint16 Q8, rho.
        watched: int32 Q16, perceived surveillance of speech nu.
    """
    return ((((loss * risk.astype(jnp.int32)) >> 8).astype(jnp.int64) * watched) >> 16).astype(jnp.int32)


def thresholds(own: Floats, fear: Floats, peers: float, cost: float, capacity: float) -> Floats:
    """Share of others at which each person voices dissent: own + peers m >= cost + fear min(1, capacity / m).

    For the reader of records, on the host in float64: where thresholds lie says how far a society is from a cascade.

    Args:
        own: omega * beta * x of each person, 0 or more.
        fear: R of each person, 0 or more.
        peers: gamma, above 0.
        cost: c0.
        capacity: mcap, the share that can be punished at once.

    Returns:
        0 for those who speak alone; above 1 for those who never do.
    """
    lacking = cost - np.asarray(own, np.float64)
    alone = (lacking + fear) / peers
    # Beyond the capacity: gamma m^2 - lacking m - fear mcap = 0.
    in_crowd = (lacking + np.sqrt(lacking**2 + 4 * peers * np.asarray(fear, np.float64) * capacity)) / (2 * peers)
    found: Floats = np.maximum(np.where(alone <= capacity, alone, np.maximum(in_crowd, capacity)), 0.0)
    return found
