"""The house's words: names shared by rule books, columns, records and screens. One word for one thing."""

from __future__ import annotations

from typing import Final

LEDGERS: Final = ("real", "honest", "clean")
"""Three books are kept of the same life.

real: every entry. honest: only true entries. clean: only true entries about acts that ordinary law forbids.
Where `real` leaves a person worse off than `clean` would, a sanction is wrongful: *mistaken* where `real` is worse
than `honest`, *rule-made* where `honest` is worse than `clean`. Worse means harsher consequences: two tiers from which
the same follows are equally good (rule books are read from the best tier down, each harsher than the one above).
"""
REAL, HONEST, CLEAN = range(3)

STATUSES: Final = ("documented", "contested", "alleged", "assumed")
"""What a number about the world rests on."""

CAUSES: Final = ("true", "wrong face", "record error", "false report", "pretended")
"""Why an entry is in the ledger. A pretended deed earned its points and was not done."""

DEED_KINDS: Final = ("offence", "speech", "reading", "good", "event", "answer")
"""How people decide: deterrence (offence), the voice law (speech), deterrence by perceived surveillance of
speech (reading), reward (good), not at all (event), or only where a regime rewards it (answer)."""

VENUES: Final = ("alone", "office", "street")
"""Where an act of speech happens: in one's own words alone, at an office, or on the street with others."""
ALONE, OFFICE, STREET = range(3)

UNSEEN, CAMERA, OTHER, OVERTAKEN = 0, 1, 2, 7
"""How a deed was seen: not at all, by a camera that named the face, by channel `code - OTHER` of the deed's own; or by
a slow register whose record was overtaken and is never entered."""


class Field:
    """A run of bits in the word a person leaves behind each day."""

    def __init__(self, shift: int, width: int) -> None:
        """`width` bits from bit `shift` on."""
        self.shift, self.width = shift, width
        self.mask = (1 << width) - 1


DEED_MARK: Final = {
    # A deed is stored as its number + 1; 0 means that nothing was done on that slot.
    "deed_a": Field(0, 6),
    "seen_a": Field(6, 3),
    "fined_a": Field(9, 1),
    "filmed_a": Field(10, 1),
    "deed_b": Field(11, 6),
    "seen_b": Field(17, 3),
    "fined_b": Field(20, 1),
    "filmed_b": Field(21, 1),
    "wrong_deed": Field(22, 6),  # a deed entered against somebody who did not do it, number + 1
    "wrong_cause": Field(28, 2),  # why: place in CAUSES, 0 none
    "fake_a": Field(30, 1),  # only pretended
    "fake_b": Field(31, 1),
}
"""The day's mark of what a person did and was seen doing: one uint32, zero on a day with nothing to tell."""

NOTICE_MARK: Final = {
    "listed": Field(0, 8),  # one bit a list: entered today
    "unlisted": Field(8, 8),  # one bit a list: left today
    "outcomes": Field(16, 14),  # two bits a service: 0 nothing to tell, REFUSED, UNAFFORDABLE
    "shamed": Field(30, 1),
}
"""The day's mark of what was done to a person."""

FATE_MARK: Final[dict[str, Field]] = {
    "appeal": Field(8, 2),  # 1 filed, 2 upheld, 3 dismissed
    "audited": Field(10, 1),  # a mistake was found and corrected
    "let_off": Field(29, 1),  # upheld although the rule was kept
    # One bit a service with limited places, in the order of the services.
    "joined": Field(0, 4),  # got no place today and waits from now on
    "served": Field(4, 4),  # got a place after waiting
    "turned_away": Field(25, 4),  # got no place, and there is no waiting for it
    "job": Field(11, 2),  # LOST_WORK, FOUND_WORK or PROMOTED
    "certificate": Field(21, 3),  # a dose, or the worst that happened to the paper today: words.PASS_NEWS
    "infected": Field(24, 1),
    "cut": Field(13, 4),  # ties cut this month
    "restored": Field(17, 4),
    "company": Field(30, 1),  # points were lost for friends or housemates on a blacklist
    "given_up": Field(31, 1),  # a trip, to avoid cameras
}
"""The day's mark of what became of a person: work, ties, cases, queues."""

FILED, UPHELD, DISMISSED = 1, 2, 3
"""What became of an appeal today: values of the mark `appeal`."""

REMEDY_STEPS: Final = (
    "filed against a listing", "filed against an entry", "upheld", "let off", "dismissed", "mended by auditors",
)  # fmt: skip
"""What the totals of appeals count; upheld: against a mistake, let off: although the rule was kept."""

CLEARED: Final = ("", "appeal", "let off", "audit")
"""How what had been entered was undone: a mistake found on appeal, an appeal that succeeded although the rule was
kept, a mistake found by an audit."""
FIRM_MARK: Final = (
    "inspected", "failed", "failed_wrongly", "arrears", "arrears_wrongly", "fault", "resisted", "obliged", "tender",
    "founded", "closed",
)  # fmt: skip
"""What a month brought a firm: one bit each."""

PASS_NEWS: Final = ("nothing", "dose", "forged paper", "forged paper found out", "red code")
"""What the field `certificate` of the fates says."""

MOST_LISTS: Final = 8
MOST_SERVICES: Final = 7
MOST_QUEUES: Final = 4
MOST_TIERS: Final = 14
MOST_FIRM_TIERS: Final = 8
MOST_DEEDS: Final = 62
"""What the marks have room for."""

NO_REQUEST, GRANTED, REFUSED, UNAFFORDABLE = range(4)
"""What became of a request for a service."""

TURNED_AWAY: Final = GRANTED
"""In the ledger, what became of a request that was not refused but found no place; granted ones leave no line."""

SLOTS: Final = ("a", "b")
"""A day holds two occasions for a deed; every deed belongs to one slot."""

OUTSIDE, EMPLOYED, UNEMPLOYED = range(3)
"""Where a person stands in working life: outside the labour force, at work (owners too), without work."""

LOST_WORK, FOUND_WORK, PROMOTED = 1, 2, 3
"""What became of a job in a month."""
FRIEND_SLOTS: Final = 8
"""Friends a person can have: the bits of one byte."""

MOST_ISOLATED: Final = 65520
"""Isolation of somebody who lost all friends: every share of one to eight of them is a whole number of it."""
