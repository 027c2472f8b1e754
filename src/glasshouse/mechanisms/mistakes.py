"""A stranger's face taken for yours (equation 8, pull form).

Yesterday's probes of a town, by group h of the person filmed, name somebody else with chance FPIR_h * review. Whom
they name is drawn by each possible victim for themselves, in proportion to how much their face looks like others:

    rate_i = lambda_i * sum_h probes_h * FPIR_h * review * W(h -> g_i) / (sum of lambda_j over who can be named of g_i)

W: a share `same` of wrong names falls inside the filmed person's group, the rest on all groups by their size in the
run. Those who can be named are the adults of the town under the regime. The sum of rates is probes * FPIR * review
wherever every group has somebody to name, so totals are Poisson in law (thinned), and a person meets the same mistake
in every world in which the cameras filmed as much. The gallery is the represented one: FPIR depends on its size,
while probes and victims are both scaled down with the simulated town.

Left out: two wrong names of one person on one day; look-alikes as pairs.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from glasshouse.arithmetic import ONE_Q16

_EXTRA = 8  # extra bits of resolution while rates are per unit of look-alike factor


def rates(probes: Any, confusion: Any, likeness: Any, passed: Any = ONE_Q16) -> Any:
    """Chance of a wrong entry by look-alike factor.

    Args:
        probes: int32 [T, F, G], yesterday's probes by town, face deed and group filmed.
        confusion: uint32 [G, G], chance that a probe of group h ends in an entry against somebody of group g.
        likeness: int64 [T, G], sum of look-alike factors (Q8) over those of a group who can be named.
        passed: int64 Q16 [T], share of `confusion` that is entered today (`review`); left out, all of it.

    Returns:
        uint64 [T, F, G]: cumulative over face deeds; times a look-alike factor in Q8 it is a chance in 2^40.
    """
    expected = (probes.astype(jnp.int64)[..., :, None] * confusion.astype(jnp.int64)[None, None]).sum(axis=2)
    factor = jnp.asarray(passed, jnp.int64)[..., None, None]
    expected = jnp.where(factor == ONE_Q16, expected, ((expected >> 8) * factor) >> 8)
    cumulative = jnp.cumsum(expected, axis=1) << _EXTRA
    return (cumulative // jnp.maximum(likeness, 1)[:, None, :]).astype(jnp.uint64)


def mistaken(word: Any, able: Any, lookalike: Any, group: Any, rate: Any) -> Any:
    """Number of the face deed entered against the wrong person today, uint8, 0 for none.

    Args:
        word: uint32, drawn.
        able: bool, the person can be in the gallery (an adult under the regime).
        lookalike: uint16 Q8, lambda_i.
        group: uint8.
        rate: uint64 [rows, F, G], `rates` of the town of each row of people.
    """
    found = jnp.zeros(word.shape, jnp.uint8)
    for face_deed in reversed(range(rate.shape[1])):
        own = rate[:, face_deed, :1]
        for g in range(1, rate.shape[2]):
            own = jnp.where(group == g, rate[:, face_deed, g : g + 1], own)
        threshold = jnp.minimum((lookalike.astype(jnp.uint64) * own) >> _EXTRA, 0xFFFFFFFF).astype(jnp.uint32)
        found = jnp.where(able & (word < threshold), jnp.uint8(face_deed + 1), found)
    return found
