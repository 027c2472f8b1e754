"""The law of firms as the engine reads it: integer tables."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.words import MOST_FIRM_TIERS

FIRM_TIERS = MOST_FIRM_TIERS
"Tiers of firms that a law has room for; unused ones are inert, and the row after the last is for the unscored."


class FirmLaw(NamedTuple):
    """What a regime makes of firms. Points in hundredths, chances uint32, drags in 2^-16 of a doubling a month.

    Attributes:
        kept: bool, the regime scores firms; everywhere: bool, in all districts; share: uint32, of them that it reaches.
        start, lowest, highest: int32; forgiveness: int32 a month.
        points: int32 [mechanisms.firms.EVENTS]; bonus: int32 [connection, sharing, owner listed].
        cuts: int32 [FIRM_TIERS - 1], lower bounds best first, padded.
        tender, inspection: uint32 [FIRM_TIERS + 1], chances of a month by tier; drag: int32, cost above the ordinary.
        grade: uint8 [FIRM_TIERS + 1], how harsh a tier is: 0 where nothing is worse than under ordinary law.
        on_list: the same three for the list, and whether it is harsh: bool.
        entry: bool [EVENTS], events that lead onto the list; listing: uint32, share of them that do.
        by_owner: bool, the owner's blacklists lead onto it.
        term: int32 days; exits: uint32 a month; holds: bool, a listed firm cannot close.
        owners_list: int32, list of people onto which the owner comes, -1 for none.
        breach, arrears: uint32, chances of a month where the law holds.
        publicity: int32 Q16, share of customers who know the quality of firms by the score.
    """

    kept: np.bool_
    everywhere: np.bool_
    share: np.uint32
    start: np.int32
    lowest: np.int32
    highest: np.int32
    forgiveness: np.int32
    points: NDArray[np.int32]
    bonus: NDArray[np.int32]
    cuts: NDArray[np.int32]
    tender: NDArray[np.uint32]
    inspection: NDArray[np.uint32]
    drag: NDArray[np.int32]
    grade: NDArray[np.uint8]
    on_list: OnList
    entry: NDArray[np.bool_]
    listing: np.uint32
    by_owner: np.bool_
    term: np.int32
    exits: np.uint32
    holds: np.bool_
    owners_list: np.int32
    breach: np.uint32
    arrears: np.uint32
    publicity: np.int32


class OnList(NamedTuple):
    """The terms of the list: tender, inspection uint32; drag int32; harsh bool."""

    tender: np.uint32
    inspection: np.uint32
    drag: np.int32
    harsh: np.bool_
