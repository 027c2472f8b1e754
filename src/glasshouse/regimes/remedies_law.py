"""From a rule book to the tables of its remedies: appeals, audit, human review, delay and the cap on stacking."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import ONE_Q16, chance
from glasshouse.evidence import Parameters
from glasshouse.regimes import faces
from glasshouse.regimes.number import Number
from glasshouse.regimes.schema import Cameras, RuleBook
from glasshouse.words import MOST_SERVICES

_PER = 100_000  # rule books give staff per so many residents
_MOST_A_HEAD = 0.25
_MONTHS_A_YEAR = 12
NO_LIMIT = 2**62


class ReviewLaw(NamedTuple):
    """Who looks at alerts.

    Attributes:
        staff: int64 Q30, alerts a day per resident that can be read; NO_LIMIT where all are.
        read, unread: int64 Q16, pass rates of wrong matches relative to `SightLaw.wrong`.
        alerting: uint32 [G], chance that a probe raises an alert, right or wrong.
    """

    staff: np.int64
    read: np.int64
    unread: np.int64
    alerting: NDArray[np.uint32]


class RemedyLaw(NamedTuple):
    """What people can do against the regime, and what holds it back.

    Attributes:
        kept: bool, there are appeals or audits.
        chances: uint32 [5], filing against a mistake, and otherwise; success against a mistake, and otherwise; audit
            in a month (mechanisms.appeals.Chances).
        hearing_days: int32. staff: int64 Q32, decisions a day per resident.
        delay: int32 days between a listing or a worse tier and what follows from it.
        capped: bool; cap: int32, services that may be refused or overcharged to one person.
        review: of alerts.
    """

    kept: np.bool_
    chances: NDArray[np.uint32]
    hearing_days: np.int32
    staff: np.int64
    delay: np.int32
    capped: np.bool_
    cap: np.int32
    review: ReviewLaw


def remedy_law(book: RuleBook, factors: NDArray[np.float64], parameters: Parameters) -> RemedyLaw:
    """Compile the remedies of a rule book.

    Args:
        book: a valid rule book, safeguards applied.
        factors: float64 [G], how much more often faces of each group are confused than the first group's.
        parameters: the registry.
    """
    given, guards = book.appeals, book.safeguards

    def number(row: str, own: Number | None) -> float:
        return parameters.number(f"remedies.{row}") if own is None else float(own)

    noticed = number("noticed", given.noticed if given else None) if given else 0.0
    yearly = float(guards.audit) if guards.audit is not None else 0.0
    monthly = 1 - (1 - yearly) ** (1 / _MONTHS_A_YEAR)
    chances = [
        noticed * parameters.number("remedies.file_wrong"),
        noticed * parameters.number("remedies.file_right"),
        number("corrects", given.corrects) if given else 0.0,
        number("lets_off", given.lets_off) if given else 0.0,
        monthly,
    ]
    cap = guards.stacking_cap
    return RemedyLaw(
        kept=np.bool_(given is not None or yearly > 0),
        chances=chance(chances),
        hearing_days=np.int32(number("hearing_days", given.hearing_days) if given else 0),
        staff=np.int64(min(float(given.staff) / _PER, _MOST_A_HEAD) * 2**32 if given else 0),
        delay=np.int32(float(guards.delay)),
        capped=np.bool_(cap is not None),
        cap=np.int32(MOST_SERVICES if cap is None else float(cap)),
        review=_review(book, factors, parameters),
    )


def review_rates(book: RuleBook, parameters: Parameters) -> tuple[float, float]:
    """Pass rates of a wrong match that is read, and of one that nobody has time to read; (0, 0) without cameras."""
    cameras = book.cameras
    if cameras is None:
        return 0.0, 0.0
    own = book.safeguards.human_review
    read = float(cameras.review_false if own is None else own)
    return read, _bias(cameras, parameters) if cameras.review_staff is not None else read


def _bias(cameras: Cameras, parameters: Parameters) -> float:
    given = cameras.automation_bias
    return parameters.number("remedies.automation_bias") if given is None else float(given)


def matches(
    book: RuleBook, factors: NDArray[np.float64], parameters: Parameters
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Chance by group that a probe finds the right person (TPIR), and somebody else (FPIR); 0 without cameras."""
    if book.cameras is None:
        return np.zeros(len(factors)), np.zeros(len(factors))
    gallery, each = book.cameras.gallery.value, thresholds(book, factors, parameters)
    found = [faces.true_match(threshold, parameters) for threshold in each]
    alarm = [
        faces.false_alarm(threshold, gallery, factor, parameters)
        for threshold, factor in zip(each, factors, strict=True)
    ]
    return np.array(found), np.array(alarm, np.float64)


def thresholds(book: RuleBook, factors: NDArray[np.float64], parameters: Parameters) -> list[float]:
    """Similarity from which a face of each group counts as the same; none without cameras."""
    if book.cameras is None:
        return []
    common = float(book.cameras.threshold)
    if book.safeguards.group_parity:
        return [float(own) for own in faces.parity(common, factors, parameters)]
    return [common] * len(factors)


def _review(book: RuleBook, factors: NDArray[np.float64], parameters: Parameters) -> ReviewLaw:
    found, alarm = matches(book, factors, parameters)
    read, unread = review_rates(book, parameters)
    top = max(read, unread) or 1.0
    staff = book.cameras.review_staff if book.cameras else None
    return ReviewLaw(
        staff=np.int64(NO_LIMIT if staff is None else round(min(float(staff) / _PER, 2.0) * 2**30)),
        read=np.int64(round(read / top * ONE_Q16)),
        unread=np.int64(round(unread / top * ONE_Q16)),
        alerting=chance(1 - (1 - found) * (1 - alarm)),
    )
