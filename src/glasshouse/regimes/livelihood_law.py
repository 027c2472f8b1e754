"""What tiers and lists do to careers and money: from the consequences of a rule book to integer tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.evidence import Parameters
from glasshouse.regimes.schema import Consequence, RuleBook

NEUTRAL = {"promotion": 1.0, "job": 1.0, "tax": 1.0, "loan": 0.0}
"Terms of ordinary law. A promotion factor below 1 is a sanction; of the others, whatever is above."
_HUNDREDTHS = 100
_ONE = 1 << 16
UNTOUCHED = -(2**31)
"A list that says nothing about a term of work or money."


class LivelihoodLaw(NamedTuple):
    """What tiers and lists do to work and money.

    Attributes:
        promotion_tier, job_tier, tax_tier: int64 Q16 [K + 1], factors; promotion_list, job_list, tax_list: the same by
            list [L], UNTOUCHED where it says nothing.
        loan_tier: int64 Q16 [K + 1], loan_list: [L], added to the yearly rate of interest.
        cameras, office: int64, hundredths of CNY a year for each adult under the regime: for filming, for a score.
    """

    promotion_tier: NDArray[np.int64]
    job_tier: NDArray[np.int64]
    tax_tier: NDArray[np.int64]
    loan_tier: NDArray[np.int64]
    promotion_list: NDArray[np.int64]
    job_list: NDArray[np.int64]
    tax_list: NDArray[np.int64]
    loan_list: NDArray[np.int64]
    cameras: np.int64
    office: np.int64


def livelihood_law(book: RuleBook, tiers: int, lists: int, parameters: Parameters) -> LivelihoodLaw:
    """Compile the consequences for work and money.

    Args:
        book: a valid rule book.
        tiers, lists: common numbers of tiers and lists of the run.
        parameters: for costs that the book leaves out.
    """
    nothing = Consequence()
    by_tier = [book.consequences.get(tier.name, nothing) for tier in book.tiers]
    by_tier += [nothing] * (tiers + 1 - len(by_tier))
    by_list = [book.consequences.get(name, nothing) for name in book.lists]
    by_list += [nothing] * (lists - len(by_list))
    costs, n = book.costs, parameters.number
    cameras = n("treasury.camera_cost") if costs.cameras is None else float(costs.cameras)
    office = n("treasury.office_cost") if costs.office is None else float(costs.office)
    return LivelihoodLaw(
        **{f"{term}_tier": _row(term, by_tier, _ONE * NEUTRAL[term]) for term in NEUTRAL},
        **{f"{term}_list": _row(term, by_list, UNTOUCHED) for term in NEUTRAL},
        cameras=np.int64(round(_HUNDREDTHS * cameras)),
        office=np.int64(round(_HUNDREDTHS * office)),
    )


def hardships(law: LivelihoodLaw) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """How much worse than ordinary law each tier's terms are [terms, K + 1], 0 where they are not, and each list's."""
    tiers, lists = [], []
    for term, ordinary in NEUTRAL.items():
        sign = -1 if term == "promotion" else 1
        of_tier, of_list = getattr(law, f"{term}_tier"), getattr(law, f"{term}_list")
        tiers.append(np.maximum(sign * (of_tier - round(_ONE * ordinary)), 0))
        lists.append((of_list != UNTOUCHED) & (sign * (of_list - round(_ONE * ordinary)) > 0))
    return np.array(tiers, np.int64), np.any(lists, axis=0)


def _row(term: str, rows: Sequence[Consequence], untouched: float) -> NDArray[np.int64]:
    given = [getattr(row, term) for row in rows]
    return np.array([round(untouched) if v is None else round(_ONE * float(v)) for v in given], np.int64)
