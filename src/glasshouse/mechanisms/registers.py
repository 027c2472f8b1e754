"""Data sources: who is in their files, what they pass on, and when.

    open_ir  = covered_ir and joined_r(t)                P(covered) = cover_r (* digital_i)
    P(told by channel n) = p_n * prod_{m < n} (1 - p_m)  over the open channels of the deed, in the rule book's order
    entry day = first of a month, at least lag days after the deed; the same day where lag is 0

A channel that belongs to a register tells of a deed only once the register has joined, and only of people in its
file. Slow registers deliver once a month. A deed that one of them may tell of waits for the slowest of its registers,
whichever channel has it, unless a camera has. What waits of one day is a packet, and one packet a person is on its
way at a time: a slow record that finds another packet travelling is *overtaken*: it is never entered, and it is
counted.

Sources: equation (7) over channels; coverage, lags and joining dates are rows of the registers' catalogue.

Left out: corrections by the register itself, records of several days in one delivery, people who enter or
leave a file.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from glasshouse.arithmetic import both
from glasshouse.regimes.source_law import DIRECT, NEIGHBOURS, NUMBER_BITS

RECORD_BITS, SLOTS_A_DAY = 7, 2
"A record is a deed + 1 in six bits and whether it was only pretended in the seventh."
DAY_SHIFT = RECORD_BITS * SLOTS_A_DAY


def opened(covered: Any, joined: Any) -> Any:
    """Bits of the registers that speak about a person today, uint32; `DIRECT` and `NEIGHBOURS` always do.

    Args:
        covered: uint16, bits of the registers whose file the person is in.
        joined: uint32 scalar, bits of those that feed the ledger today.
    """
    return (covered.astype(jnp.uint32) & joined) | jnp.uint32(1 << DIRECT | 1 << NEIGHBOURS)


def heard(chances: Any, numbers: Any, is_open: Any, neighbours: Any) -> tuple[Any, ...]:
    """Cumulative chances that the first, the first two ... channels of a deed tell of it, uint32.

    Args:
        chances: uint32 by place of the channel, 0 where there is none.
        numbers: int32, the channels' registers side by side, `NUMBER_BITS` each.
        is_open: uint32 bits, `opened`.
        neighbours: uint32, chance that neighbours tell.
    """
    told: list[Any] = []
    for place, given in enumerate(chances):
        number = register_at(numbers, place)
        chance = jnp.where(number == NEIGHBOURS, neighbours, given)
        chance = jnp.where((is_open >> number.astype(jnp.uint32)) & 1 == 1, chance, jnp.uint32(0))
        told.append(told[-1] + both(~told[-1], chance) if told else chance)
    return tuple(told)


def register_at(numbers: Any, place: Any) -> Any:
    """The register of the channel at a place, from `numbers` side by side, int32."""
    return (numbers >> (NUMBER_BITS * place)) & ((1 << NUMBER_BITS) - 1)


def sent(pending: Any, today: Any, records: Any) -> Any:
    """The packet on its way tonight, uint32: today's slow records where none was travelling this morning.

    Args:
        pending: uint32, two records and the day of the deeds; 0 none.
        today: uint32 scalar, day number.
        records: uint32 by slot, the slow record made today; 0 none.
    """
    held = sum((record << (RECORD_BITS * n) for n, record in enumerate(records)), jnp.zeros_like(pending))
    return jnp.where((pending == 0) & (held > 0), held | (today << DAY_SHIFT), pending)


def carried(pending: Any) -> tuple[Any, ...]:
    """The two records of a packet, uint32."""
    return tuple((pending >> (RECORD_BITS * n)) & ((1 << RECORD_BITS) - 1) for n in range(SLOTS_A_DAY))


def due(pending: Any, today: Any, lags: Any) -> Any:
    """Whether the packet is entered on this first of a month, bool.

    Args:
        pending: uint32.
        today: uint32 scalar, day number.
        lags: uint32 by slot, days until the record is known; 0 where there is none.
    """
    wait = jnp.maximum(lags[0], lags[1])
    return (pending > 0) & (today >= (pending >> DAY_SHIFT) + wait)
