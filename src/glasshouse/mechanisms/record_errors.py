"""False records: a register says of you what somebody else did, or what was never done.

    P(false entry this month about a covered person) = sum over open registers r of  errors_r * k_e * q_e / 12

errors_r: false records a covered person-year; q_e: share of them that touch the score; k_e: a factor for experiments.
Registers match their files once a month.
What the record claims is one of the register's deeds that cost points, each as likely as the others, picked by the
same word: every claim has a band of its own, so a register that joins adds its bands and moves nobody else's deed.

Calibration: with errors that stand Y_e years, P(any) = 1 - E[prod_r (1 - cover_r + cover_r exp(-errors_r Y_e))] = .21
and P(score touched) is the same with q_e errors_r = .13 (United States, 2012; facts errors.any, errors.score).

Left out: false records in a person's favour, stale records told from wrong persons, two errors of one month.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp


def claimed(word: Any, able: Any, is_open: Any, registers: Any, widths: Any) -> Any:
    """Number of the claim entered this month without ground, uint8; 0 for none.

    Args:
        word: uint32, drawn.
        able: bool, the person is under the score.
        is_open: uint32, bits of the registers that speak about the person today.
        registers: int32 [M], the register of each claim.
        widths: uint32 [M], chance a month of each claim; 0 where padded. They sum to less than 1.
    """
    found = jnp.zeros(word.shape, jnp.uint8)
    passed = jnp.zeros(word.shape, jnp.uint32)
    for m in range(widths.shape[0]):
        speaks = (is_open >> registers[m].astype(jnp.uint32)) & 1 == 1
        reached = passed + jnp.where(speaks, widths[m], jnp.uint32(0))
        found = jnp.where(able & (word >= passed) & (word < reached), jnp.uint8(m + 1), found)
        passed = reached
    return found
