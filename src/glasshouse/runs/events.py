"""The month's marks, read: who did what, who saw it, and what was done to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.regimes.schema import Deed, RuleBook
from glasshouse.regimes.source_law import DIRECT, NEIGHBOURS, channels_of, deed_lag, register_number
from glasshouse.runs.cast import Cast
from glasshouse.words import (
    CAUSES,
    DEED_MARK,
    FATE_MARK,
    NOTICE_MARK,
    OTHER,
    OVERTAKEN,
    SLOTS,
    TURNED_AWAY,
    UNSEEN,
    UPHELD,
    Field,
)  # fmt: skip

CAMERA_CHANNEL = "camera"
RECORD_ERROR, FALSE_REPORT = CAUSES.index("record error"), CAUSES.index("false report")
NEVER = 2**31 - 1
"The day on which what is still on its way at the end of a run is entered."
Ints = NDArray[np.int64]


class Slot(NamedTuple):
    """One slot of the events' days. deed: int64, table row, -1 none; seen: int64 code; fined, filmed, fake: bool."""

    deed: Ints
    seen: Ints
    fined: NDArray[np.bool_]
    filmed: NDArray[np.bool_]
    fake: NDArray[np.bool_]

    @property
    def made(self) -> NDArray[np.bool_]:
        """A record was made that is entered now or later."""
        entered: NDArray[np.bool_] = (self.seen != UNSEEN) & (self.seen != OVERTAKEN)
        return entered


@dataclass(frozen=True)
class Events:
    """Days on which something happened to a person, in order of day and place.

    Attributes:
        day: int64, day number. person: int64.
        slots: what was done on each slot of the day.
        wrong: int64, table row of the deed entered against somebody who did not do it, -1 none; cause: int64, why
            (place in words.CAUSES).
        entered, left: int64 bit sets of lists. outcomes: int64, two bits a service. shamed: bool.
        fate: uint32, words.FATE_MARK.
        last_day: the month's last day. in_force: bool by list, on that day.
        known: channels of the rule book.
    """

    day: Ints
    person: Ints
    slots: tuple[Slot, Slot]
    wrong: Ints
    cause: Ints
    entered: Ints
    left: Ints
    outcomes: Ints
    shamed: NDArray[np.bool_]
    fate: NDArray[np.uint32]
    last_day: int
    in_force: NDArray[np.bool_]
    known: Channels


class Channels(NamedTuple):
    """The channels of a rule book.

    Attributes:
        names: of all channels.
        of: int64 [D, codes], the channel behind each deed's sighting code; lag: int64 [D, codes], days until
            a register knows.
        firsts: int64, the days on which slow registers deliver.
        wrong: int64 [D, causes], the channel through which a deed is entered against somebody who did not do it; of
            several registers that may claim it the first in the rule book.
    """

    names: list[str]
    of: NDArray[np.int64]
    lag: NDArray[np.int64]
    firsts: NDArray[np.int64]
    wrong: NDArray[np.int64]


def channels(book: RuleBook, deeds: Sequence[str], firsts: Sequence[int]) -> Channels:
    """Number the channels of a rule book.

    Args:
        book: the rule book.
        deeds: ids in table order.
        firsts: day numbers on which the months of the run begin.
    """
    names, kept = [CAMERA_CHANNEL], book.registers is not None
    of, lag = (np.zeros((len(deeds), OVERTAKEN + 1), np.int64) for _ in range(2))
    wrong = np.zeros((len(deeds), len(CAUSES)), np.int64)
    for row, deed in enumerate(deeds):
        given = book.deeds.get(deed, Deed())
        lag[row, OTHER:OVERTAKEN] = deed_lag(given, kept)
        for place, name in reversed(list(enumerate(channels_of(given)))):
            if name not in names:
                names.append(name)
            of[row, OTHER + place] = names.index(name)
            register = register_number(name, kept)
            if register < DIRECT:
                wrong[row, RECORD_ERROR] = names.index(name)
            if register == NEIGHBOURS:
                wrong[row, FALSE_REPORT] = names.index(name)
    return Channels(names, of, lag, np.array([*firsts, NEVER], np.int64), wrong)


def events(
    cast: Cast,
    deed_marks: NDArray[np.uint32],
    notice_marks: NDArray[np.uint32],
    fate_marks: NDArray[np.uint32],
    first_day: int,
    known: Channels,
    in_force: NDArray[np.bool_],
) -> Events:
    """Read the marks of a month.

    Args:
        cast: the people.
        deed_marks, notice_marks, fate_marks: uint32 [days, C, P].
        first_day: number of the first day.
        known: channels of the rule book.
        in_force: bool by list, on the last day.
    """
    days = len(deed_marks)
    deeds, notices, fates = deed_marks.reshape(-1), notice_marks.reshape(-1), fate_marks.reshape(-1)
    where = np.flatnonzero(deeds | notices | fates)
    day, spot = np.divmod(where, cast.grid.cells * cast.grid.places)
    mark, notice = deeds[where], notices[where]
    return Events(
        day=day + first_day,
        person=cast.person_at[spot],
        slots=(_slot(mark, SLOTS[0]), _slot(mark, SLOTS[1])),
        wrong=_field(mark, DEED_MARK["wrong_deed"]) - 1,
        cause=_field(mark, DEED_MARK["wrong_cause"]),
        entered=_field(notice, NOTICE_MARK["listed"]),
        left=_field(notice, NOTICE_MARK["unlisted"]),
        outcomes=_field(notice, NOTICE_MARK["outcomes"]) | _turned_away(cast, fates[where]),
        shamed=_field(notice, NOTICE_MARK["shamed"]) > 0,
        fate=fates[where],
        last_day=first_day + days - 1,
        in_force=in_force,
        known=known,
    )


def ledger(cast: Cast, found: Events, liable: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    """The columns that the ledger needs, of followed people only, as small integers.

    Args:
        cast: the people.
        found: the month's events.
        liable: bool, whom the regime can reach.
    """
    posted = [np.where(slot.made, slot.deed, -1) for slot in found.slots]
    told = (posted[0] >= 0) | (posted[1] >= 0) | (found.wrong >= 0)
    told |= (found.entered | found.left | found.outcomes) > 0
    cleared = _cleared(found.fate)
    told |= cleared > 0
    keep = told & cast.followed[found.person]
    seen, lag = (
        [np.where(d >= 0, table[np.maximum(d, 0), s.seen], nil) for d, s in zip(posted, found.slots, strict=True)]
        for table, nil in ((found.known.of, -1), (found.known.lag, 0))
    )
    firsts = found.known.firsts
    delivered = firsts[np.searchsorted(firsts, found.day + np.maximum(*lag))]
    entered = [np.where(wait > 0, delivered, found.day) for wait in lag]
    faced = [slot.filmed & (slot.seen == 1) for slot in found.slots]
    columns: dict[str, NDArray[Any]] = {
        "day": found.day.astype(np.uint16),
        "person": found.person.astype(np.uint32),
        "deed_a": posted[0].astype(np.int8),
        "deed_b": posted[1].astype(np.int8),
        "channel_a": seen[0].astype(np.int8),
        "channel_b": seen[1].astype(np.int8),
        "entered_a": entered[0].astype(np.int32),
        "entered_b": entered[1].astype(np.int32),
        "fake_a": found.slots[0].fake,
        "fake_b": found.slots[1].fake,
        "face_a": faced[0],
        "face_b": faced[1],
        "wrong": found.wrong.astype(np.int8),
        "cause": found.cause.astype(np.uint8),
        "channel_wrong": found.known.wrong[np.maximum(found.wrong, 0), found.cause].astype(np.int8),
        "entered": found.entered.astype(np.uint8),
        "left": found.left.astype(np.uint8),
        "outcomes": found.outcomes.astype(np.uint16),
        "shamed": found.shamed,
        "cleared": cleared,
        "rank": np.where(liable, cast.rank, NEVER)[found.person],
    }
    return {name: column[keep] for name, column in columns.items()}


def _cleared(fate: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """How what had been entered was undone: index into words.CLEARED."""
    bits = FATE_MARK["appeal"]
    upheld = (fate >> np.uint32(bits.shift)) & np.uint32(bits.mask) == UPHELD
    let_off, audited = (fate >> np.uint32(FATE_MARK[name].shift) & np.uint32(1) > 0 for name in ("let_off", "audited"))
    return np.where(audited, 3, np.where(upheld, np.where(let_off, 2, 1), 0)).astype(np.uint8)


def _slot(mark: NDArray[np.uint32], slot: str) -> Slot:
    return Slot(
        deed=_field(mark, DEED_MARK[f"deed_{slot}"]) - 1,
        seen=_field(mark, DEED_MARK[f"seen_{slot}"]),
        fined=_field(mark, DEED_MARK[f"fined_{slot}"]) > 0,
        filmed=_field(mark, DEED_MARK[f"filmed_{slot}"]) > 0,
        fake=_field(mark, DEED_MARK[f"fake_{slot}"]) > 0,
    )


def _turned_away(cast: Cast, fate: NDArray[np.uint32]) -> Ints:
    """The outcome of those who asked and got no place: two bits a service, as in the mark of notices."""
    told = _field(fate, FATE_MARK["turned_away"])
    return sum(
        (((told >> number) & 1) * TURNED_AWAY << 2 * service for number, service in enumerate(cast.limited)),
        np.zeros_like(told),
    )


def _field(mark: NDArray[np.uint32], field: Field) -> Ints:
    return ((mark >> np.uint32(field.shift)) & np.uint32(field.mask)).astype(np.int64)
