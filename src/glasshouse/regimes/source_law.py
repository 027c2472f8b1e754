"""What data sources, informers and cameras' shadows mean under a rule book, as integer tables.

Claims: a false record of a register says that the person did one of the deeds that the register's channels see and
that cost points; each is as likely as the others. A false report of a neighbour says the same of the deeds that
neighbours see.

    width of a claim = errors_r * k_e * q_e / 12 / number of the register's claims

Glare, the standing that a filmed deed can cost at a score, in weeks of income:

    G(s) = min(1, max over deeds that cameras watch of (V(s) - V(s + points)) / V_week)
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import bits, chance, q16
from glasshouse.evidence import Parameters, channels
from glasshouse.evidence.registers import MOST_REGISTERS, register_of, registers
from glasshouse.regimes.schema import Deed, RuleBook
from glasshouse.regimes.tables import OTHERS

DIRECT, NEIGHBOURS, NUMBER_BITS = MOST_REGISTERS, MOST_REGISTERS + 1, 5
"Numbers beside the registers': a channel of nobody's, and the neighbours; and the room of a number."
INFORMING, NEIGHBOUR, CAMERA = "informing", "neighbour", "camera"
_MONTHS_A_YEAR = 12


class SourceLaw(NamedTuple):
    """Data sources, informers, avoidance.

    Attributes:
        kept: bool, the rule book knows registers.
        numbers: int32 [D], registers of a deed's channels besides cameras, side by side, NUMBER_BITS each.
        slow: uint64, bit set of the deeds that a slow register may tell of.
        lags: uint32 [D], days until the slowest register of a deed knows.
        truthful: uint32, share of reports on neighbours that are true and passed on; untrue: that are not true.
        claims: int32 [M], table rows of what false records claim; claimants: int32 [M], whose records they are.
        widths: uint32 [M], chance a month of each, 0 where padded.
        reports: int32 [Q], table rows of what false reports claim; report_count: uint32, how many there are.
        informing: uint64, bit set of the deeds that are rewarded reports on neighbours.
        glare: int32 Q16 [STAKE_BINS].
    """

    kept: np.bool_
    numbers: NDArray[np.int32]
    slow: np.uint64
    lags: NDArray[np.uint32]
    truthful: np.uint32
    untrue: np.uint32
    claims: NDArray[np.int32]
    claimants: NDArray[np.int32]
    widths: NDArray[np.uint32]
    reports: NDArray[np.int32]
    report_count: np.uint32
    informing: np.uint64
    glare: NDArray[np.int32]


def source_law(
    book: RuleBook, names: list[str], deeds: list[Deed], room: tuple[int, int], standing: NDArray[np.float64],
    parameters: Parameters,
) -> SourceLaw:  # fmt: skip
    """Compile.

    Args:
        book: the rule book.
        names: ids of the deeds in table order.
        deeds: the same as the regime treats them.
        room: M and Q, common to all books of the run.
        standing: float64 [D, STAKE_BINS], days of income that a deed's points move V, by score.
        parameters: the registry.
    """
    kept = book.registers is not None
    claims = _claims(book, dict(zip(names, deeds, strict=True))) if kept else []
    reports = [row for row, deed in enumerate(deeds) if NEIGHBOUR in deed.seen_by and float(deed.points) < 0]
    told = parameters.number("registers.error_factor") * parameters.number("registers.error_touch")
    rates = [float(registers()[r].errors) * told / _MONTHS_A_YEAR for _, r in claims]
    shares = [sum(other == r for _, other in claims) for _, r in claims]
    # At most one a month: rates beyond what the bands of a word can hold are scaled down together.
    most = max(1.0, sum(rate / n for rate, n in zip(rates, shares, strict=True)) / (1 - 2.0**-16))
    rewarded = [name == INFORMING and float(deed.points) > 0 for name, deed in zip(names, deeds, strict=True)]
    filmed = np.array([CAMERA in deed.seen_by and book.cameras is not None for deed in deeds])
    week = parameters.number("deterrence.lawful_reference")
    phi = parameters.number("informing.false_share")
    passed_on = float(book.channels.get(NEIGHBOUR, channels()[NEIGHBOUR]))
    return SourceLaw(
        kept=np.bool_(kept),
        numbers=np.array([_numbers(deed, kept) for deed in deeds], np.int32),
        slow=np.uint64(bits([deed_lag(deed, kept) > 0 for deed in deeds])),
        lags=np.array([deed_lag(deed, kept) for deed in deeds], np.uint32),
        truthful=np.uint32(chance((1 - phi) * passed_on)),
        untrue=np.uint32(chance(phi)),
        claims=_padded([names.index(deed) for deed, _ in claims], room[0]),
        claimants=_padded([r for _, r in claims], room[0]),
        widths=np.pad(chance(np.array([rate / n / most for rate, n in zip(rates, shares, strict=True)])),
                      (0, room[0] - len(claims))),
        reports=_padded(reports, room[1]),
        report_count=np.uint32(len(reports)),
        informing=np.uint64(bits(rewarded)),
        glare=q16(np.clip(-standing[filmed].min(axis=0, initial=0.0) / week, 0.0, 1.0)),
    )  # fmt: skip


def room(books: list[RuleBook]) -> tuple[int, int]:
    """Room that all books of a run need for claims of false records and of false reports; at least one each."""
    claims = [len(_claims(book, book.deeds)) for book in books]
    reports = [sum(NEIGHBOUR in deed.seen_by for deed in book.deeds.values()) for book in books]
    return max(1, *claims), max(1, *reports)


def joined(book: RuleBook, day: dt.date) -> int:
    """Bits of the registers that feed the ledger on a day."""
    named = book.registers
    if named is None:
        return 0
    feeding = (r.id not in named or named[r.id].joined(day) for r in registers())
    return sum(1 << n for n, feeds in enumerate(feeding) if feeds)


def channels_of(deed: Deed) -> list[str]:
    """The channels of a deed besides cameras, in the order of the rule book."""
    return [name for name in deed.seen_by if name != CAMERA][:OTHERS]


def register_number(channel: str, kept: bool) -> int:
    """Number of the register that a channel belongs to."""
    if channel == NEIGHBOUR:
        return NEIGHBOURS
    return register_of().get(channel, DIRECT) if kept else DIRECT


def _numbers(deed: Deed, kept: bool) -> int:
    held = (register_number(name, kept) for name in channels_of(deed))
    return sum(number << (NUMBER_BITS * place) for place, number in enumerate(held))


def deed_lag(deed: Deed, kept: bool) -> int:
    """Days until the slowest register that may tell of a deed knows; 0 for channels of nobody's."""
    numbers = (register_number(name, kept) for name in channels_of(deed))
    return max((int(float(registers()[n].lag)) for n in numbers if n < DIRECT), default=0)


def _claims(book: RuleBook, deeds: dict[str, Deed]) -> list[tuple[str, int]]:
    """Deed and register of every claim, register after register, deeds in the order given."""
    if book.registers is None:
        return []
    found = []
    for number, register in enumerate(registers()):
        for name, deed in deeds.items():
            if float(deed.points) < 0 and set(channels_of(deed)) & set(register.channels):
                found.append((name, number))
    return found


def _padded(rows: list[int], size: int) -> NDArray[np.int32]:
    return np.array(rows + [0] * (size - len(rows)), np.int32)
