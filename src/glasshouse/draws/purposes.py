"""The registry of purposes: every question chance is ever asked, with a number of its own.

Numbers are never reused and never moved: adding a purpose leaves every other draw where it was.
"""

from __future__ import annotations

from typing import NamedTuple


class Purpose(NamedTuple):
    """One question.

    Attributes:
        number: 0 to 65535, unique.
        kind: what kind of entity asks: PERSON, HOUSEHOLD, DISTRICT or TIE_OF_TWO.
        question: what each of the four words answers.
    """

    number: int
    kind: int
    question: str


PERSON, HOUSEHOLD, DISTRICT = 0, 1, 2
FIRM = 3
TIE_OF_TWO = 4

# The invention of people (host, day 0). Sub-blocks are listed in population.
HOUSEHOLD_MAKE_UP = Purpose(1, HOUSEHOLD, "size, kind (type and age of head), group, spare; sub 1, household 0 for "
                            "its town: offset of groups, offset of built-up parts, spare, spare")  # fmt: skip
PERSON_MAKE_UP = Purpose(2, PERSON, "age, sex, education, role; sub 1: earnings, driving, spare, spare")
PERSON_TEMPER = Purpose(
    3,
    PERSON,
    "susceptibility, risk sensitivity, boldness, private opposition; sub 1: passages, digital share, look-alike "
    "factor, prosociality; sub 2: awareness, lot, spare, spare",
)
PERSON_LOAN = Purpose(47, PERSON, "has a loan, spare, spare, spare")
PILOT_ORDER = Purpose(4, DISTRICT, "order in which districts adopt, spare, spare, spare")

# A day in a life (engine).
DEED = Purpose(16, PERSON, "occasion on slot a, taking it, occasion on slot b, taking it")
SIGHTING = Purpose(17, PERSON, "cameras on a, on b, other channels on a, on b")
HAZARD = Purpose(18, PERSON, "ordinary law on a, on b, pretending on a, on b")
SERVICE = Purpose(19, PERSON, "requests of the four services of a block; sub = number of the block")
VOICE = Purpose(20, PERSON, "asked today, how much is shown, spare, spare")
MISTAKE = Purpose(24, PERSON, "a stranger's face taken for yours, a false record, a false report, what it claims")
# In runs with a certificate or an epidemic.
CERTIFICATE = Purpose(56, PERSON, "infection, a dose (upper end: a forged paper), a visit to a gated venue, a red code")
EXEMPTION = Purpose(57, PERSON, "exempt, spare, spare, spare; on the day exemptions are granted")
VENUES = Purpose(58, PERSON, "share of life behind gates, spare, spare, spare; on the day of invention")
# Once a month.
LEAVE = Purpose(21, PERSON, "leaving the four lists of a block; sub = number of the block")
CAREER = Purpose(46, PERSON, "promotion, losing work, finding work, spare")
VIEWS = Purpose(53, PERSON, "rounding of trust in the state, of trust in people, of support, spare")
# On a day on which somebody is listed.
DISPLAY = Purpose(23, PERSON, "shown in public on entering a list, spare, spare, spare")
# On a day on which something is challenged, decided or audited.
APPEAL = Purpose(38, PERSON, "filing, success of the case decided today, audit, spare")
# Firms.
FIRM_MAKE_UP = Purpose(49, FIRM, "sector, connection, sharing of data, quality (host, day 0); sub 1: whether the owner "
                       "is of the cell, first revenue, open on the first day, lot of a regime for a share")  # fmt: skip
WORKPLACE = Purpose(50, PERSON, "working for a firm of the cell, for which, turn among the cell's owners, spare")
TRADE = Purpose(51, FIRM, "tender, luck, closing or opening, leaving the list")
CONDUCT = Purpose(52, FIRM, "breach, inspection, what it finds, product fault; sub 1: arrears, arrears recorded "
                  "wrongly, demand of loyalty, spare")  # fmt: skip
# Friends: invented on day 0, revised once a month.
FRIEND_ORDER = Purpose(34, PERSON, "order on the four friend slots of a block; sub = number of the block")
FRIEND_CIRCLE = Purpose(35, PERSON, "keeping to one's own kind on the four friend slots of a block; sub = number of "
                        "the block; sub 2: friends wished for, spare, spare, spare")  # fmt: skip
TIE = Purpose(36, TIE_OF_TWO, "cut or restored, in touch on day 0, spare, spare; entity = the lower of the two places "
              "in the town, sub = slot")  # fmt: skip
ISOLATION = Purpose(37, PERSON, "rounding of isolation, display of some days taken for one of the month, spare, spare")
# Data sources.
COVER = Purpose(42, PERSON, "in the files of the four registers of a block; sub = number of the block; day 0")
AVOIDANCE = Purpose(43, PERSON, "rounding of a month's step, spare, spare, spare")
# For the records.
FOLLOWED = Purpose(25, PERSON, "kept in the ledger of a run too large to keep all, spare, spare, spare")
# Drawn once (host): who goes first among those who joined a queue on the same day.
LOT = Purpose(30, PERSON, "the person's lot, spare, spare, spare")
# A game beside the society, for its validation.
CONVENTION = Purpose(90, PERSON, "order in which players meet, a word between two heard as often, spare, spare")
# Looked up after a run.
LIKELIHOOD = Purpose(22, PERSON, "similarity printed beside a face match on a, on b, beside a wrong one, spare")


def registry() -> dict[str, Purpose]:
    """Every purpose by name."""
    return {name: value for name, value in globals().items() if isinstance(value, Purpose)}
