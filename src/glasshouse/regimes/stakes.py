"""What a deed puts at stake, by score: equation (3) and its reward side.

    V(s)  = sum over tier boundaries b of v_b * Phi((s - T_b) / sigma)        value of standing, days of income a year
    S_k(s) = (V(s) - V(s + points_k) + fine_k) / V_ref                        for deeds that cost points
    reward_k(s) = kappa_R * (V(s + points_k) - V(s)) / V_ref                  for deeds that earn them

V_ref is the ordinary fine where ordinary law punishes the deed, a week's income where it does not. Only aware people
see V; for the unaware S is the ordinary fine over itself: 1 for offences, 0 for lawful acts. V is smooth because
nobody knows exactly where they stand (sigma, assumed), which makes people near a boundary the most careful.
Bins are anchored at the start score, so that shifting start and boundaries together changes nothing.

Psi, the loss that voicing dissent risks, is the largest S of the speech deeds, at most 1. Reading is chilled by the
same loss even where it carries no points: who is watched reading can be taken for one who speaks.

Left out: lists carry no value of their own yet; v_b is the same for everybody.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import q16
from glasshouse.evidence import Parameters
from glasshouse.regimes.schema import RuleBook
from glasshouse.regimes.society import Society
from glasshouse.regimes.tables import STAKE_BINS, StakeLaw

_Q12 = 1 << 12


def stake_law(book: RuleBook, points: NDArray[np.float64], society: Society, parameters: Parameters) -> StakeLaw:
    """Tabulate the stakes of a rule book.

    Args:
        book: the rule book; its tiers carry v_b as `worth`.
        points: float64 [D], points of each deed as the regime posts them.
    """
    origin, shift = _bins(book)
    fine = np.array([float(deed.ordinary_fine) for deed in society.deeds])
    week = parameters.number("deterrence.lawful_reference")
    reference = np.where(fine > 0, fine, week)[:, None]
    gain = standing_moved(book, points, parameters)
    xi = parameters.number("deterrence.xi")
    aware = np.maximum(fine[:, None] - gain, 0) / reference
    unaware = np.broadcast_to((fine > 0).astype(np.float64)[:, None], aware.shape)
    good = np.array([deed.kind in ("good", "answer") for deed in society.deeds])[:, None]
    reward = np.where(good, parameters.number("deterrence.reward_kappa") * gain / week, 0.0)
    kind = np.array([deed.kind for deed in society.deeds])
    speech = aware[kind == "speech"].max(axis=0, initial=0.0)
    aware[kind == "reading"] = np.maximum(aware[kind == "reading"], speech)
    return StakeLaw(
        origin=np.int32(origin),
        shift=np.int32(shift),
        stakes=_pack(np.stack([unaware, aware]) ** xi, np.stack([np.zeros_like(reward), reward])),
        fear=q16(parameters.number("expression.fear") * np.minimum(speech, 1.0)),
    )


def standing_moved(book: RuleBook, points: NDArray[np.float64], parameters: Parameters) -> NDArray[np.float64]:
    """V(s + points_k) - V(s), days of income, float64 [D, STAKE_BINS]."""
    origin, shift = _bins(book)
    middle = (origin + (np.arange(STAKE_BINS) + 0.5) * 2.0**shift) / 100
    return np.stack([_value(book, middle + p, parameters) - _value(book, middle, parameters) for p in points])


def _pack(loss: NDArray[np.float64], reward: NDArray[np.float64]) -> NDArray[np.uint32]:
    low, high = (np.clip(np.rint(x * _Q12), 0, 65535).astype(np.uint32) for x in (loss, reward))
    packed: NDArray[np.uint32] = low | high << np.uint32(16)
    return packed


def _bins(book: RuleBook) -> tuple[int, int]:
    if book.score is None:
        return 0, 8
    start, lowest, highest = (round(100 * float(x)) for x in (book.score.start, book.score.lowest, book.score.highest))
    shift = 8
    while (highest - lowest) >> shift >= STAKE_BINS - 2:
        shift += 1
    below = -(-(start - lowest) // (1 << shift))
    return start - (below << shift), shift


def _value(book: RuleBook, score: NDArray[np.float64], parameters: Parameters) -> NDArray[np.float64]:
    from scipy.special import ndtr

    sigma = parameters.number("deterrence.score_sd")
    steps = [(float(t.from_), float(t.worth)) for t in book.tiers if t.from_ is not None]
    value: NDArray[np.float64] = sum(
        (worth * ndtr((score - cut) / sigma) for cut, worth in steps), np.zeros_like(score)
    )
    return value
