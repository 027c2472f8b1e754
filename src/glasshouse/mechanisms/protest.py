"""Acts of speech with a price of their own, and safety in numbers on the street.

Posting costs what any open word costs (`voice`). Petitioning is formal and cheap, protesting dear, and both ask the
same question with their own cost c and their own share m of others:

    omega * beta * x + gamma * m >= c + R * min(1, mcap / m)

at the office with cost c_p and m as heard, on the street with cost c_v and m of the cell.
A person keeps the answers of the day on which they were last asked, and takes or leaves an occasion by them.

On the street the police can only write down so many: patrols see a protester with chance p * min(1, mcap / m), m the
share of the cell that voices dissent; cameras and platforms see as ever.

Left out: organisers, calls to a date, police violence, protests across cells.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from glasshouse.arithmetic import ONE_Q16


def missed(share: Any, capacity: Any) -> Any:
    """1 - min(1, mcap / m): the part of a crowd that patrols cannot write down, int32 Q16, rounded up.

    Args:
        share: int32 Q16, m of each cell.
        capacity: int32 Q16, mcap.
    """
    noted = (capacity.astype(jnp.int64) << 16) // jnp.maximum(share, 1)
    return (ONE_Q16 - jnp.minimum(noted, ONE_Q16)).astype(jnp.int32)


def lost(part: Any, missed: Any) -> Any:
    """(1 - s) * p: what the crowd takes from the patrol's chance, uint32, at most p.

    Args:
        part: uint32, p.
        missed: int32 Q16, 1 - s.
    """
    return ((part.astype(jnp.uint64) * missed.astype(jnp.uint64)) >> jnp.uint64(16)).astype(jnp.uint32)
