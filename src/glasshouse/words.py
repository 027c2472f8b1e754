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

CAUSES: Final = ("true", "wrong face")
"""Why an entry is in the ledger. `record error` and `false report` come with their mechanisms."""

DEED_KINDS: Final = ("offence", "speech", "reading", "good", "event")
"""How people decide: deterrence (offence), the voice law (speech), deterrence by perceived surveillance of
speech (reading), reward (good), or not at all (event)."""

UNSEEN, CAMERA, OTHER = 0, 1, 2
"""How a deed was seen: not at all, by a camera that named the face, by channel `code - OTHER` of the deed's own."""


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
    "wrong_face": Field(22, 2),  # number of the face deed that was entered against the wrong person, 0 none
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
}
"""The day's mark of what became of a person: work, ties, cases, queues."""

FILED, UPHELD, DISMISSED = 1, 2, 3
"""What became of an appeal today: values of the mark `appeal`."""

CLEARED: Final = ("", "appeal", "let off", "audit")
"""How what had been entered was undone: a mistake found on appeal, an appeal that succeeded although the rule was
kept, a mistake found by an audit."""

MOST_LISTS: Final = 8
MOST_SERVICES: Final = 7
MOST_QUEUES: Final = 4
MOST_TIERS: Final = 14
MOST_DEEDS: Final = 62
"""What the marks have room for."""

NO_REQUEST, GRANTED, REFUSED, UNAFFORDABLE = range(4)
"""What became of a request for a service."""

TURNED_AWAY: Final = GRANTED
"""In the ledger, what became of a request that was not refused but found no place; granted ones leave no line."""

SLOTS: Final = ("a", "b")
"""A day holds two occasions for a deed; every deed belongs to one slot."""
