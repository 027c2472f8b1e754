"""People who look at alerts before they count, and how many of them there are.

    alerts    = sum over groups h of yesterday's probes_h * (1 - (1 - TPIR_h)(1 - FPIR_h))
    read      = min(1, capacity / alerts)
    pass rate = read * review_false + (1 - read) * automation_bias

Wrong matches pass at that rate instead of `review_false`: what nobody has time to read is accepted as the machine
has it, with the chance called automation bias. Right matches pass as before. Without a number of staff every alert
is read. The day's alerts are those of yesterday's probes, like the wrong names themselves.

Left out: tiredness, a queue of unread alerts, learning, review that depends on the similarity shown.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from glasshouse.arithmetic import ONE_Q16

EVERYTHING = 2**62
"""A capacity that no number of alerts passes."""


def alerts(probes: Any, alerting: Any) -> Any:
    """Expected alerts of a day by town, int64 Q16.

    Args:
        probes: int32 [T, F, G], yesterday's probes by town, face deed and group filmed.
        alerting: uint32 [G], chance that a probe of the group raises an alert, right or wrong.
    """
    by_group = probes.sum(axis=1).astype(jnp.int64)
    return (by_group * (alerting >> 8).astype(jnp.int64)[None]).sum(axis=1) >> 8


def capacity(staff: Any, residents: Any) -> Any:
    """Alerts a day that the staff of a town can read, int64 Q16.

    Args:
        staff: int64 Q30, alerts a day per resident; EVERYTHING without a limit.
        residents: int32 [T].
    """
    wide = jnp.maximum(residents, 1).astype(jnp.int64)
    return jnp.where(staff == EVERYTHING, EVERYTHING, (jnp.minimum(staff, 1 << 31) * wide) >> 14)


def passed(raised: Any, able: Any, read: Any, unread: Any) -> Any:
    """Factor on the wrong matches of each town, int64 Q16, at most 1.

    Args:
        raised: int64 Q16, `alerts`.
        able: int64 Q16, `capacity`.
        read, unread: int64 Q16, pass rate of a wrong match that is read, and of one that is not, relative to the
            larger of the two.
    """
    share = jnp.where(able >= raised, ONE_Q16, (jnp.minimum(able, raised) << 16) // jnp.maximum(raised, 1))
    return (share * read + (ONE_Q16 - share) * unread) >> 16
