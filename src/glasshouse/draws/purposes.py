"""The registry of purposes: every question chance is ever asked, with a number of its own.

Numbers are never reused and never moved: adding a purpose leaves every other draw where it was.
"""

from __future__ import annotations

from typing import NamedTuple


class Purpose(NamedTuple):
    """One question.

    Attributes:
        number: 0 to 65535, unique.
        kind: what kind of entity asks: PERSON or HOUSEHOLD or DISTRICT.
        question: what each of the four words answers.
    """

    number: int
    kind: int
    question: str


PERSON, HOUSEHOLD, DISTRICT = 0, 1, 2

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
PILOT_ORDER = Purpose(4, DISTRICT, "order in which districts adopt, spare, spare, spare")

# A day in a life (engine).
DEED = Purpose(16, PERSON, "occasion on slot a, taking it, occasion on slot b, taking it")
SIGHTING = Purpose(17, PERSON, "cameras on a, on b, other channels on a, on b")
HAZARD = Purpose(18, PERSON, "ordinary law on a, on b, spare, spare")
SERVICE = Purpose(19, PERSON, "requests of the four services of a block; sub = number of the block")
VOICE = Purpose(20, PERSON, "asked today, spare, spare, spare")
MISTAKE = Purpose(24, PERSON, "a stranger's face taken for yours, spare, spare, spare")
# Once a month.
LEAVE = Purpose(21, PERSON, "leaving the four lists of a block; sub = number of the block")
# On a day on which somebody is listed.
DISPLAY = Purpose(23, PERSON, "shown in public on entering a list, spare, spare, spare")
# On a day on which something is challenged, decided or audited.
APPEAL = Purpose(38, PERSON, "filing, success of the case decided today, audit, spare")
# For the records.
FOLLOWED = Purpose(25, PERSON, "kept in the ledger of a run too large to keep all, spare, spare, spare")
# Drawn once (host): who goes first among those who joined a queue on the same day.
LOT = Purpose(30, PERSON, "the person's lot, spare, spare, spare")
# Looked up after a run.
LIKELIHOOD = Purpose(22, PERSON, "similarity printed beside a face match on a, on b, beside a wrong one, spare")


def registry() -> dict[str, Purpose]:
    """Every purpose by name."""
    return {name: value for name, value in globals().items() if isinstance(value, Purpose)}
