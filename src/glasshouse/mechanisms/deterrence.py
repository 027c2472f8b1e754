"""Deterrence: what a person expects to lose holds them back (equations 1 and 2).

    P(commit) = 1 / (1 + exp(-(b_k + a_i - D)))
    D         = kappa * rho_i * (pi * S^xi - pi0 * S0^xi)

b_k: the deed's own logit, a_i: the person's susceptibility, rho_i: sensitivity to risk, pi: perceived detection (of
deeds; of speech for reading), S: what is at stake (equation 3, `regimes.stakes`), S0 = 1 where ordinary law punishes
the deed and 0 where it permits it. For rare deeds the relative change is exp(-D) - 1; the elasticity to certainty is
-(1 - P) kappa rho pi S^xi and the elasticity to severity xi times that: certainty deters more than severity (Nagin).

Good deeds: P = 1 / (1 + exp(-(b_k - c / 2 + c * prosociality * (1 - chi * rewarded) + reward))); c / 2 centres the
weight of prosociality, whose middle is one half. Answers (deeds that exist only where a regime rewards them):
P = 1 / (1 + exp(-(b_k + reward))) for those who know of the reward, 0 for everybody else.

Left out: emotions, anger at unfair punishment, deeds done for others.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

OFFENCE, SPEECH, READING, GOOD, EVENT, ANSWER = range(6)


class Temper(NamedTuple):
    """What a person brings along.

    Attributes:
        susceptibility: int32 Q16, a_i.
        risk: uint16 Q8, rho_i.
        prosocial: uint8, 255 = 1.
    """

    susceptibility: Any
    risk: Any
    prosocial: Any


class Coefficients(NamedTuple):
    """World-independent numbers, int32 Q16: kappa, reference detection pi0, prosocial weight c, crowding-out chi."""

    kappa: Any
    reference: Any
    prosocial_weight: Any
    crowding_out: Any


def drag(risk: Any, perceived: Any, loss: Any, punished: Any, numbers: Coefficients) -> Any:
    """D of equation (2), int32 Q16.

    Args:
        risk: uint16 Q8, rho.
        perceived: int32 Q16, pi.
        loss: int32 Q12, S^xi, below 16.
        punished: bool, ordinary law punishes the deed (S0 = 1).
        numbers: kappa and pi0.
    """
    # Unsigned: 1 times 16 passes 2^31, but stays below 2^32.
    expected = ((perceived.astype(jnp.uint32) * loss.astype(jnp.uint32)) >> 12).astype(jnp.int32)
    surplus = expected - jnp.where(punished, numbers.reference, 0)
    weight = (numbers.kappa.astype(jnp.int64) * risk) >> 8
    return ((weight * surplus) >> 16).astype(jnp.int32)


def leaning(
    kind: Any, base: Any, temper: Temper, held_back: Any, reward: Any, rewarded: Any, numbers: Coefficients
) -> Any:
    """The logit of taking an occasion, int32 Q16, by kind of deed.

    Args:
        kind: uint8, index into words.DEED_KINDS.
        base: int32 Q16, b_k.
        temper: the person.
        held_back: int32 Q16, D.
        reward: int32 Q16, kappa_R dV / V_ref.
        rewarded: bool, the person knows that the deed earns points.
        numbers: the prosocial weight and crowding-out.
    """
    intrinsic = (numbers.prosocial_weight * temper.prosocial.astype(jnp.int32)) // 255
    crowded = intrinsic - jnp.where(rewarded, (intrinsic * (numbers.crowding_out >> 4)) >> 12, 0)
    deterred = base + temper.susceptibility - held_back
    return jnp.where(
        (kind == OFFENCE) | (kind == READING),
        deterred,
        jnp.where(
            kind == GOOD,
            base + crowded - numbers.prosocial_weight // 2 + reward,
            jnp.where(kind == ANSWER, base + reward, base),
        ),
    )
