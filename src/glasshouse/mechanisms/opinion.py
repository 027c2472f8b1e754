"""How private opposition is moved by others, once a month (its daily part is in `perception`).

    x <- x + alpha * q * (m - x)        people come to believe what they hear said
           + seen * s * (1 - x)         sanctioned people next door anger those who know why
           - prop * T * x               propaganda, believed as far as the state is trusted

m: share of others heard voicing dissent, q: how far people take it for real although they know that others hold back
(0 unless an experiment says otherwise: with q = 1 and nothing else the heard share is DeGroot's), s: share of the
building under sanction, T: trust in the state, prop: the rule book's propaganda a month.

Left out: who is more open to influence than others; news from outside the town; propaganda that backfires.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

from glasshouse.arithmetic import ONE_Q30, step_towards


class Coefficients(NamedTuple):
    """int64 Q30, a month: influence alpha * q, backlash of seen sanctions."""

    influence: Any
    seen: Any


def opposition(held: Any, heard: Any, around: Any, trust: Any, propaganda: Any, numbers: Coefficients) -> Any:
    """Private opposition after a month, int32 Q30.

    Args:
        held: int32 Q30, x.
        heard: int32 Q16, m.
        around: int32 Q16, s, 0 for those who do not know the regime.
        trust: uint16 Q16, T.
        propaganda: int64 Q30, prop, 0 outside the regime.
        numbers: the rates.
    """
    swayed = step_towards(held, heard << 14, numbers.influence)
    angered = step_towards(swayed, jnp.int32(ONE_Q30), (numbers.seen * around) >> 16)
    return step_towards(angered, jnp.int32(0), (propaganda * trust.astype(jnp.int64)) >> 16)
