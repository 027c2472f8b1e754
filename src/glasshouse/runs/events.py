"""The month's marks, read: who did what, who saw it, and what was done to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.regimes.compile import other_channels
from glasshouse.regimes.schema import Deed, RuleBook
from glasshouse.regimes.tables import FACE_DEEDS, OTHERS
from glasshouse.runs.cast import Cast
from glasshouse.words import DEED_MARK, FATE_MARK, NOTICE_MARK, OTHER, SLOTS, TURNED_AWAY, UNSEEN, UPHELD, Field

CAMERA_CHANNEL = "camera"
Ints = NDArray[np.int64]


class Slot(NamedTuple):
    """One slot of the events' days. deed: int64, table row, -1 none; seen: int64 code; fined, filmed: bool."""

    deed: Ints
    seen: Ints
    fined: NDArray[np.bool_]
    filmed: NDArray[np.bool_]


@dataclass(frozen=True)
class Events:
    """Days on which something happened to a person, in order of day and place.

    Attributes:
        day: int64, day number. person: int64.
        slots: what was done on each slot of the day.
        wrong: int64, table row of the deed entered against the wrong person, -1 none.
        entered, left: int64 bit sets of lists. outcomes: int64, two bits a service. shamed: bool.
        fate: uint32, words.FATE_MARK.
        last_day: the month's last day. in_force: bool by list, on that day.
        channels: names; channel_of: int64 [D, codes], number of the channel behind a sighting's code.
    """

    day: Ints
    person: Ints
    slots: tuple[Slot, Slot]
    wrong: Ints
    entered: Ints
    left: Ints
    outcomes: Ints
    shamed: NDArray[np.bool_]
    fate: NDArray[np.uint32]
    last_day: int
    in_force: NDArray[np.bool_]
    channels: Sequence[str]
    channel_of: NDArray[np.int64]


class Channels(NamedTuple):
    """Names of the channels of a rule book, and the one behind each deed's sighting code."""

    names: list[str]
    of: NDArray[np.int64]


def channels(book: RuleBook, deeds: Sequence[str]) -> Channels:
    """Number the channels of a rule book."""
    names, of = [CAMERA_CHANNEL], np.full((len(deeds), OTHER + OTHERS), 0, np.int64)
    for row, deed in enumerate(deeds):
        for place, name in enumerate(other_channels(book.deeds.get(deed, Deed()))):
            if name not in names:
                names.append(name)
            of[row, OTHER + place] = names.index(name)
    return Channels(names, of)


def events(
    cast: Cast,
    deed_marks: NDArray[np.uint32],
    notice_marks: NDArray[np.uint32],
    fate_marks: NDArray[np.uint32],
    first_day: int,
    face_rows: NDArray[np.int32],
    known: Channels,
    in_force: NDArray[np.bool_],
) -> Events:
    """Read the marks of a month.

    Args:
        cast: the people.
        deed_marks, notice_marks, fate_marks: uint32 [days, C, P].
        first_day: number of the first day.
        face_rows: int32 [FACE_DEEDS], table rows of the face deeds.
        known: channels of the rule book.
        in_force: bool by list, on the last day.
    """
    days = len(deed_marks)
    deeds, notices, fates = deed_marks.reshape(-1), notice_marks.reshape(-1), fate_marks.reshape(-1)
    where = np.flatnonzero(deeds | notices | fates)
    day, spot = np.divmod(where, cast.grid.cells * cast.grid.places)
    mark, notice = deeds[where], notices[where]
    wrong = np.concatenate([[-1], face_rows[:FACE_DEEDS]])[_field(mark, DEED_MARK["wrong_face"])]
    return Events(
        day=day + first_day,
        person=cast.person_at[spot],
        slots=(_slot(mark, SLOTS[0]), _slot(mark, SLOTS[1])),
        wrong=wrong,
        entered=_field(notice, NOTICE_MARK["listed"]),
        left=_field(notice, NOTICE_MARK["unlisted"]),
        outcomes=_field(notice, NOTICE_MARK["outcomes"]) | _turned_away(cast, fates[where]),
        shamed=_field(notice, NOTICE_MARK["shamed"]) > 0,
        fate=fates[where],
        last_day=first_day + days - 1,
        in_force=in_force,
        channels=known.names,
        channel_of=known.of,
    )


def ledger(
    cast: Cast, found: Events, liable: NDArray[np.bool_], districts: NDArray[np.int32]
) -> dict[str, NDArray[Any]]:
    """The columns that the ledger needs, of followed people only, as small integers.

    Args:
        cast: the people.
        found: the month's events.
        liable: bool, whom the regime can reach.
        districts: int32 [days], districts under the regime; entries cost points only there.
    """
    first = found.last_day + 1 - len(districts)
    posted = [np.where(slot.seen != UNSEEN, slot.deed, -1) for slot in found.slots]
    told = (posted[0] >= 0) | (posted[1] >= 0) | (found.wrong >= 0)
    told |= (found.entered | found.left | found.outcomes) > 0
    cleared = _cleared(found.fate)
    told |= cleared > 0
    keep = told & cast.followed[found.person]
    seen = [
        np.where(deed >= 0, found.channel_of[np.maximum(deed, 0), slot.seen], -1)
        for deed, slot in zip(posted, found.slots, strict=True)
    ]
    faced = [slot.filmed & (slot.seen == 1) for slot in found.slots]
    columns: dict[str, NDArray[Any]] = {
        "day": found.day.astype(np.uint16),
        "person": found.person.astype(np.uint32),
        "deed_a": posted[0].astype(np.int8),
        "deed_b": posted[1].astype(np.int8),
        "channel_a": seen[0].astype(np.int8),
        "channel_b": seen[1].astype(np.int8),
        "face_a": faced[0],
        "face_b": faced[1],
        "wrong": found.wrong.astype(np.int8),
        "entered": found.entered.astype(np.uint8),
        "left": found.left.astype(np.uint8),
        "outcomes": found.outcomes.astype(np.uint16),
        "shamed": found.shamed,
        "cleared": cleared,
        "scored": liable[found.person] & (cast.rank[found.person] < districts[found.day - first]),
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
