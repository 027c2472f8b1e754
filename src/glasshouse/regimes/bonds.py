"""How ties come apart under a regime: chances of a month, by what pulls at a tie (`mechanisms.ties` has the law)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import chance
from glasshouse.evidence import Parameters
from glasshouse.regimes.schema import RuleBook

MONTH = 365.25 / 12
"Days of a mean month, by convention: every month of the calendar counts as one."

KINDS = ("local", "wide")
"Ties within the district and across the town."

_SHAMES = 3


class TieLaw(NamedTuple):
    """What a regime does to friendships.

    Attributes:
        chances: uint32 [KINDS, 2, tiers * 3], chance a month that a tie is restored and that it is cut, by what
            pulls at it.
        association: int32, hundredths of a point that each blacklisted friend or housemate costs a month.
    """

    chances: NDArray[np.uint32]
    association: np.int32


def tie_law(book: RuleBook, tiers: int, parameters: Parameters) -> TieLaw:
    """Compile what a rule book does to ties; `tiers` is the common number of tiers of the run."""
    visible = float(book.score.visible) if book.score else 0.0
    points = float(book.score.association) if book.score else 0.0
    cut, restored = of_a_month(hazards(visible, tiers, parameters), parameters.number("ties.renewal"))
    return TieLaw(np.stack([restored, cut], axis=1), np.int32(round(100 * points * MONTH)))


def hazards(visible: float, tiers: int, parameters: Parameters) -> NDArray[np.float64]:
    """Chance a day that a tie is cut: float64 [KINDS, tiers * 3], by gap * 3 + shame.

    Args:
        visible: v, how well tiers are known among friends.
        tiers: number of tiers; two people are less than that apart.
        parameters: rows `ties.*`.
    """
    n = parameters.number
    gap, shame = np.divmod(np.arange(tiers * _SHAMES), _SHAMES)
    known = [n("ties.tier_gap") * visible * (1 - n(f"ties.close_{kind}")) for kind in KINDS]
    kept = (1 - np.array(known)[:, None]) ** gap * (1 - n("ties.shame")) ** shame
    return np.asarray(1 - (1 - n("ties.fade")) * kept)


def of_a_month(cut: NDArray[np.float64], renewal: float) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Chances a month of being cut and of being restored, uint32, from the chances a day."""
    both = np.maximum(cut + renewal, np.finfo(float).tiny)
    moved = (1 - np.maximum(1 - both, 0) ** MONTH) / both
    return chance(cut * moved), chance(renewal * moved)


def in_touch(parameters: Parameters) -> float:
    """Share of ties in touch in the long run where nothing but time pulls at them: r / (r + h0)."""
    renewal, fade = parameters.number("ties.renewal"), parameters.number("ties.fade")
    return renewal / (renewal + fade) if renewal + fade > 0 else 1.0
