"""Tiers, published on the first of each month.

    tier = number of lower bounds above the score: 0 is the best

People who are not under the score have the tier after the last, from which nothing follows. Publishing on one day
for everybody keeps a month's consequences constant, so that monthly sums by tier are exact.

Where a regime is withdrawn from a district its tiers end on that day.

Left out: hysteresis between tiers (with monthly publication it changed nothing that is measured).
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp


def tier(score: Any, cuts: Any, subject: Any, unscored: int) -> Any:
    """Tier of a score, uint8.

    Args:
        score: int32, hundredths of a point.
        cuts: int32 [K - 1], lower bounds best first, a large number where padded.
        subject: bool, the person is under the score.
        unscored: the tier of those who are not.
    """
    below = sum(
        ((score < cuts[n]) & (cuts[n] < 2**31 - 1) for n in range(cuts.shape[0])),
        jnp.zeros(score.shape, jnp.uint8),
    )
    return jnp.where(subject, below.astype(jnp.uint8), jnp.uint8(unscored))
