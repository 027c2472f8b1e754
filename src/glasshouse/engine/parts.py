"""The columns of single mechanisms, as People, World and Today hold them: named tuples, one array a variable.

Shapes as in `columns`: C cells, P places a cell.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Friends(NamedTuple):
    """Who is whose friend.

    Attributes:
        place: int32 [8, C, P], the friend's place in the town, by slot; any place where the slot is not in use.
        slots: uint8 [C, P], bits of the slots in use.
        town_start: int32 [C], where among the places that a device sees the cell's town begins.
        cell_start: int32 [C], place in the town of the cell's first place.
    """

    place: Any
    slots: Any
    town_start: Any
    cell_start: Any


class Ties(NamedTuple):
    """What becomes of friendships. [C, P].

    Attributes:
        in_touch: uint8, bits of the slots whose friends are in touch; both ends hold the same bit.
        heard: uint8, bits of the slots whose friends voiced dissent when last met.
        isolation: uint16 of words.MOST_ISOLATED, moving average of the share of friends lost.
    """

    in_touch: Any
    heard: Any
    isolation: Any


class Views(NamedTuple):
    """What people think and where they would say so, 0 for children. [C, P].

    Attributes:
        state, people: uint16 Q16, trust in the state and in other people. support: uint16 Q16, for the authorities.
        ready: uint8, bit set of words.VENUES as of the day on which the person was last asked.
    """

    state: Any
    people: Any
    support: Any
    ready: Any


class FirmTraits(NamedTuple):
    """What a firm is, the same in every world: `population.firms.Firms` on the grid, [C, K] for K slots a cell."""

    number: Any
    exists: Any
    open: Any
    owner: Any
    connected: Any
    sharing: Any
    quality: Any
    first: Any
    lot: Any


class Firms(NamedTuple):
    """How firms fare, [C, K]: level int32, logarithm of revenue a month in 2^-16 of a doubling; open bool."""

    level: Any
    open: Any


class FirmBooks(NamedTuple):
    """What is held against firms, [C, K].

    Attributes:
        score: int32 by book. tier: uint8 by book, as last published. until: uint16 by book, first day off the list.
        came: bool by book, entered for an event of its own when the last month was closed.
        told: uint16, words.FIRM_MARK of that month.
    """

    score: Any
    tier: Any
    until: Any
    came: Any
    told: Any


class Health(NamedTuple):
    """Papers and infections. [C, P].

    Attributes:
        paper: uint8, a place in mechanisms.certificates.PAPERS. dosed: uint16, day of the last dose.
        ill_until, immune_until: uint16, first day on which the person is no longer infectious, can be infected again.
        red_until: uint16, first day on which the code is not red.
        gate: uint8, whether gates shut the person out today: 0, SHUT, or SHUT_BY_CODE where the paper alone would do.
    """

    paper: Any
    dosed: Any
    ill_until: Any
    immune_until: Any
    red_until: Any
    gate: Any


SHUT, SHUT_BY_CODE = 1, 2
"What `Health.gate` says."

HEALTH_COUNTS = ("shut_out", "turned_back", "visits", "red", "infections", "ill", "doses", "forged", "found_out")
"Days of a month a person spent so, in the order of `Counts.health`; of visits, infections and doses one a day at most."


class HealthDay(NamedTuple):
    """What the calendar says of papers and the infection.

    Attributes:
        active: bool, anything of it, or yesterday. asked: bool, gates ask for the paper. granting: bool, exemptions are
            granted. creeping: bool, codes turn red for other ends. doses: bool, doses are given.
        infection: bool, the infection passes on. gates: int32 Q16, strength of the gates as people feel it.
        outside: int64 Q30, hazard of an infection brought in.
    """

    active: Any
    asked: Any
    granting: Any
    creeping: Any
    doses: Any
    infection: Any
    gates: Any
    outside: Any
