"""The registry's numbers as the mechanisms' integer coefficients."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import chance, q16, q30
from glasshouse.engine.livelihood_numbers import budget_numbers, career_numbers
from glasshouse.evidence import Parameters
from glasshouse.mechanisms import (
    avoidance,
    budgets,
    careers,
    certificates,
    deterrence,
    epidemic,
    firms,
    opinion,
    perception,
    reserve,
    trust,
    voice,
)
from glasshouse.regimes.bonds import MONTH

_MONTHS_A_YEAR = 12
_HALF = 0.5  # a choice between two laws is written 0 or 1
_LAYERS = ("household", "friends", "building", "cell", "town")


class Numbers(NamedTuple):
    """World-independent coefficients of a day.

    Attributes:
        deterrence, perception, voice, firms, certificate, epidemic, reserve, opinion, trust, avoidance: of these
            mechanisms.
        petition, protest: int32 Q16, cost of speaking at an office and on the street.
        gaming: uint32, share of rewarded deeds that are only pretended.
        asked: uint32, chance of being asked for one's opinion.
        true_watch, true_risk: int32 Q30, surveillance of speech and detection of deeds under ordinary law.
        careers, budgets: of these mechanisms. affordable: int64 Q16, largest part of a month's income that a necessity
            may take; loan, savings: int64, months of wages owed by borrowers, of income saved on the first morning.
        local_slots: int32, friend slots filled within the district.
        isolation: int64 Q30, step a month towards the share of friends lost.
    """

    deterrence: deterrence.Coefficients
    perception: perception.Coefficients
    voice: voice.Coefficients
    certificate: certificates.Coefficients
    epidemic: epidemic.Coefficients
    reserve: reserve.Coefficients
    opinion: opinion.Coefficients
    trust: trust.Coefficients
    petition: NDArray[np.int32]
    protest: NDArray[np.int32]
    avoidance: avoidance.Coefficients
    gaming: np.uint32
    asked: np.uint32
    true_watch: np.int32
    true_risk: np.int32
    careers: careers.Coefficients
    budgets: budgets.Coefficients
    affordable: np.int64
    loan: np.int64
    savings: np.int64
    firms: firms.Coefficients
    local_slots: np.int32
    isolation: NDArray[np.int64]


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
            weights=q16([n(f"expression.{layer}_weight") for layer in _LAYERS]),
        ),
        certificate=_certificate(parameters),
        epidemic=_epidemic(parameters),
        reserve=reserve.Coefficients(
            continuous=np.bool_(n("expression.law") >= _HALF),
            proportional=np.bool_(n("expression.punishment") >= _HALF),
            tolerance=q16(n("expression.tolerance")),
            severity=q16(n("expression.severity")),
        ),
        opinion=opinion.Coefficients(
            influence=_rate(n("opinion.influence") * n("opinion.internalising")),
            seen=_rate(n("opinion.seen_backlash")),
        ),
        trust=_trust(parameters),
        petition=q16(n("expression.petition_cost")),
        protest=q16(n("expression.protest_cost")),
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
        careers=career_numbers(parameters),
        budgets=budget_numbers(parameters),
        affordable=np.int64(q16(n("access.affordable_share"))),
        loan=np.int64(round(n("budgets.loan"))),
        savings=np.int64(round(_MONTHS_A_YEAR * n("budgets.savings"))),
        firms=firms.coefficients(n),
        local_slots=np.int32(n("ties.local_slots")),
        isolation=_rate(-np.expm1(-MONTH / n("ties.isolation_days"))),
    )


def _trust(parameters: Parameters) -> trust.Coefficients:
    n = parameters.number
    return trust.Coefficients(
        state=q30(n("trust.state_level")),
        people=q30(n("trust.people_level")),
        memory=_rate(-np.expm1(-np.log(2) / (_MONTHS_A_YEAR * n("trust.memory")))),
        safety=_rate(n("trust.safety")),
        news=_rate(n("trust.news")),
        denied=_rate(n("trust.denied")),
        informers=_rate(n("trust.informers")),
        watched=_rate(n("trust.watched")),
        lonely=_rate(n("trust.lonely")),
        base=q30(n("trust.support")),
        slope=q30(n("trust.support_slope")),
        pace=_rate(n("trust.support_pace")),
        told=_rate(n("trust.support_told")),
        harmed=_rate(n("trust.support_harmed")),
        reach=np.int32(n("trust.reach")),
        usual_risk=q30(n("deterrence.pi0")),
        usual_watch=q30(n("perception.surveillance_reference")),
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


def _certificate(parameters: Parameters) -> certificates.Coefficients:
    n = parameters.number
    return certificates.Coefficients(
        base=q16(np.log(n("certificate.base_hazard"))),
        pull=q16(n("certificate.gate_pull")),
        peers=q16(n("certificate.peer_weight")),
        distrust=q16(n("certificate.distrust_weight")),
        visits=np.uint32(chance(n("certificate.visits"))),
        interval=np.int32(round(n("certificate.interval"))),
    )


def _epidemic(parameters: Parameters) -> epidemic.Coefficients:
    n = parameters.number
    beta = n("epidemic.r0") / round(n("epidemic.days"))
    building, cell, town = (q16(beta * n(f"epidemic.{layer}_share")) for layer in ("building", "cell", "town"))
    return epidemic.Coefficients(
        building=building,
        cell=cell,
        town=town,
        venues=q16(n("epidemic.venue_share")),
        full=q16(n("epidemic.efficacy")),
        fading=np.int32(np.rint(n("epidemic.efficacy_lost") * 2**24)),
        half=q16(n("epidemic.efficacy_first")),
        days=np.int32(round(n("epidemic.days"))),
        immune=np.int32(round(n("epidemic.immune_days"))),
        curve=epidemic.curve(),
    )


def _rate(value: float) -> NDArray[np.int64]:
    return q30(value).astype(np.int64)
