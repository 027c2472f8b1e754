"""The registry's numbers as the mechanisms' integer coefficients."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import chance, q16, q30
from glasshouse.evidence import Parameters
from glasshouse.mechanisms import avoidance, deterrence, perception, voice


class Numbers(NamedTuple):
    """World-independent coefficients of a day.

    Attributes:
        deterrence, perception, voice, avoidance: of these mechanisms.
        gaming: uint32, share of rewarded deeds that are only pretended.
        asked: uint32, chance of being asked for one's opinion.
        true_watch, true_risk: int32 Q30, surveillance of speech and detection of deeds under ordinary law.
    """

    deterrence: deterrence.Coefficients
    perception: perception.Coefficients
    voice: voice.Coefficients
    avoidance: avoidance.Coefficients
    gaming: np.uint32
    asked: np.uint32
    true_watch: np.int32
    true_risk: np.int32


def numbers(parameters: Parameters) -> Numbers:
    """Read the registry."""
    n = parameters.number
    return Numbers(
        deterrence=deterrence.Coefficients(
            kappa=q16(n("deterrence.kappa")),
            reference=q16(n("deterrence.pi0")),
            prosocial_weight=q16(n("deterrence.prosocial_weight")),
            crowding_out=q16(n("deterrence.crowding_out")),
        ),
        perception=perception.Coefficients(
            own=_rate(n("perception.own_weight")),
            seen=_rate(n("perception.seen_weight")),
            drift=_rate(-np.expm1(-np.log(2) / n("perception.habituation_days"))),
            backlash=_rate(n("expression.backlash")),
            fading=_rate(n("expression.fading")),
            certainty=q30(n("perception.seen_certainty")),
        ),
        voice=voice.Coefficients(
            own=q16(n("expression.voice_weight")),
            peers=q16(n("expression.peer_weight")),
            cost=q16(n("expression.cost")),
            capacity=q16(n("expression.punish_capacity")),
            weights=q16([n(f"expression.{layer}_weight") for layer in ("household", "building", "cell", "town")]),
        ),
        avoidance=avoidance.Coefficients(
            gain=q16(n("avoidance.gain")).astype(np.int64),
            cost=q16(n("avoidance.cost")).astype(np.int64),
            most=np.int32(round(avoidance.ONE * n("avoidance.most"))),
            step=q16(n("avoidance.step")),
            trips=np.uint32(round(avoidance.ONE * n("avoidance.trips"))),
        ),
        gaming=np.uint32(chance(n("gaming.share"))),
        asked=np.uint32(chance(n("expression.asked"))),
        true_watch=np.int32(q30(n("perception.surveillance_reference"))),
        true_risk=np.int32(q30(n("deterrence.pi0"))),
    )


def confusion(wrong: NDArray[np.uint32], sizes: NDArray[np.float64], parameters: Parameters) -> NDArray[np.uint32]:
    """Chance that a probe of group h ends in an entry against somebody of group g: wrong_h * W(h -> g).

    Args:
        wrong: uint32 [G], chance that a probe of a person of the group ends in a wrong entry.
        sizes: float64 [G], shares of the groups among those who can be named.
    """
    same = parameters.number("faces.same_group")
    spread = same * np.eye(len(sizes)) + (1 - same) * (sizes / sizes.sum())[None, :]
    return np.floor(wrong[:, None].astype(np.float64) * spread).astype(np.uint32)


def _rate(value: float) -> NDArray[np.int64]:
    return q30(value).astype(np.int64)
