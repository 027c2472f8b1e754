"""The law as the engine reads it: integer tables, one named tuple a mechanism.

All laws of a run share one shape (tiers and lists are padded to the largest), so that one compiled program serves
every world. Padded tiers and lists are inert. The row after the last tier stands for people who are not scored:
nothing follows from it.

D deeds, K tiers, L lists, S services, G groups. Points and money are in hundredths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.regimes.bonds import TieLaw
from glasshouse.regimes.certificate_law import CertificateLaw
from glasshouse.regimes.firm_tables import FirmLaw
from glasshouse.regimes.livelihood_law import LivelihoodLaw
from glasshouse.regimes.queues_law import QueuesLaw
from glasshouse.regimes.remedies_law import RemedyLaw

if TYPE_CHECKING:
    from glasshouse.regimes.source_law import SourceLaw

OTHERS = 3
"Channels besides cameras by which one deed can be seen."
FACE_DEEDS = 3
"Deeds whose cameras name the doer by face, and can name the wrong person."
STAKE_BINS = 1024
NEVER = 2**31 - 1
NO_TERM = 65535


class ScoreLaw(NamedTuple):
    """The account of points and the tiers cut from it.

    Attributes:
        kept: bool, the regime keeps a score.
        start, lowest, highest: int32; forgiveness: int32 a day.
        points: int32 [D]; lawful: uint64, bit set of the acts that ordinary law permits.
        rewarded: uint64, bit set of the deeds that earn points.
        cuts: int32 [K - 1], lower bounds of all tiers but the last, best first; NEVER where padded.
    """

    kept: np.bool_
    start: np.int32
    lowest: np.int32
    highest: np.int32
    forgiveness: np.int32
    points: NDArray[np.int32]
    lawful: np.uint64
    rewarded: np.uint64
    cuts: NDArray[np.int32]


class SightLaw(NamedTuple):
    """Who sees a deed.

    Attributes:
        faces: bool, some camera names people by face.
        camera, face: uint64, bit sets of the deeds that cameras watch, and of those they name by face.
        face_rows: int32 [FACE_DEEDS], table rows of the face deeds (-1 where there are fewer).
        others: uint32 [OTHERS, D], chances of the other channels, in the order of the rule book; 0 where there is none.
        recognised: uint32 [G], chance that a filmed face is named rightly and the entry made; plain: the same for
            deeds filmed without face recognition (a case record names the doer).
        wrong: uint32 [G], chance that a probe of a person of the group ends in an entry against somebody else.
        patrolled: uint32 [OTHERS, n], the patrol's part in the chances of the n acts of speech on the street.
    """

    faces: np.bool_
    camera: np.uint64
    face: np.uint64
    face_rows: NDArray[np.int32]
    others: NDArray[np.uint32]
    recognised: NDArray[np.uint32]
    plain: np.uint32
    wrong: NDArray[np.uint32]
    patrolled: NDArray[np.uint32]


class StakeLaw(NamedTuple):
    """What people have to lose or win, by score.

    Attributes:
        origin: int32, score at the lower edge of bin 0; shift: int32, bin = (score - origin) >> shift.
        stakes: uint32 [2, D, STAKE_BINS], first axis unaware, aware; low half S^xi of equation (3) in Q12, high half
            the logit gained by a rewarded deed in Q12.
        fear: int32 Q16 [STAKE_BINS], R0 * Psi of equation (11).
    """

    origin: np.int32
    shift: np.int32
    stakes: NDArray[np.uint32]
    fear: NDArray[np.int32]


class ListLaw(NamedTuple):
    """Blacklists and red lists.

    Attributes:
        kept: bool, the regime keeps a list.
        deed: uint64 [L], bit sets of the deeds whose entry puts on the list.
        tier: int32 [L], tier that leads to the list after `days` int32 [L]; -1 none.
        term: int32 [L] days, NO_TERM for lists that do not expire. repair_after: int32 [L], days before an exit.
        exits: uint32 [L], chance of leaving on the first of a month.
        everywhere: bool [L], in force outside the pilots too; black: bool [L].
        shame: uint32 [L], chance of public display on entry; shame_days: int32 [L].
    """

    kept: np.bool_
    deed: NDArray[np.uint64]
    tier: NDArray[np.int32]
    days: NDArray[np.int32]
    term: NDArray[np.int32]
    repair_after: NDArray[np.int32]
    exits: NDArray[np.uint32]
    everywhere: NDArray[np.bool_]
    black: NDArray[np.bool_]
    shame: NDArray[np.uint32]
    shame_days: NDArray[np.int32]


class AccessLaw(NamedTuple):
    """What tiers and lists open, close and cost.

    Attributes:
        deny_tier: uint32 [S, K + 1]; deny_list: uint32 [S, L], chance that a request is refused.
        price_tier: int32 [S, K + 1]; price_list: int32 [S, L] (-1: the list does not touch it).
        harsh_tier: uint64, bit set of tiers that refuse, overcharge or put behind others; harsh_list: bool [L].
        closed_tier: uint64, bit set of tiers that refuse; closed_list: bool [L].
        grade: uint8 [K + 1], how harsh a tier is: 0 for tiers without sanctions, then one more for each harsh tier
            whose consequences differ from those of the tier above it.
    """

    deny_tier: NDArray[np.uint32]
    deny_list: NDArray[np.uint32]
    price_tier: NDArray[np.int32]
    price_list: NDArray[np.int32]
    harsh_tier: np.uint64
    harsh_list: NDArray[np.bool_]
    closed_tier: np.uint64
    closed_list: NDArray[np.bool_]
    grade: NDArray[np.uint8]


class SpeechLaw(NamedTuple):
    """What is done about speech, where the regime is in force.

    Attributes:
        censored: int32 Q16, share of the town's dissent that is not shown; propaganda: int64 Q30 a month.
        bends: bool, there is propaganda.
    """

    censored: np.int32
    propaganda: np.int64
    bends: np.bool_


class Law(NamedTuple):
    """One regime, compiled."""

    score: ScoreLaw
    sight: SightLaw
    stake: StakeLaw
    lists: ListLaw
    access: AccessLaw
    remedies: RemedyLaw
    queues: QueuesLaw
    livelihood: LivelihoodLaw
    firms: FirmLaw
    certificate: CertificateLaw
    speech: SpeechLaw
    ties: TieLaw
    sources: SourceLaw
