"""What people do and need, whatever the regime: the same tables in every world of a run.

Deeds come from the catalogue, then the new deeds of the run's rule books, in order. A day holds two slots; on each
a person meets at most one occasion. Deeds are dealt to the slots first-fit, so that a deed added at the end moves no
other. Occasions are drawn by inverse distribution on one word per slot and are identical in all worlds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import bits, chance, logit, q16, sigmoid_table
from glasshouse.errors import InputError
from glasshouse.evidence import DeedFact, Parameters, Quantity, ServiceFact, deeds
from glasshouse.evidence.seasons import openings_a_year
from glasshouse.regimes.schema import Deed, RuleBook
from glasshouse.words import DEED_KINDS, MOST_DEEDS, SLOTS, VENUES

EXPOSURES = ("everyone", "digital", "drivers")


class SocietyTables(NamedTuple):
    """Integer tables of the society; D deeds in slot order (first those of slot a), S services.

    Attributes:
        occasion_a, occasion_b: uint32, cumulative chances of an occasion inside each slot.
        row: uint64 [D], what deciding needs in one load: in the low half the logit of taking an occasion under
            ordinary law (int32 Q16), above it kind (3 bits, words.DEED_KINDS), exposure (2 bits, EXPOSURES),
            whether ordinary law fines the deed (1 bit) and venue (2 bits, words.VENUES).
        offence: uint64, bit set of the deeds that are offences.
        ordinary: uint32 [D], the chance that ordinary law punishes the deed.
        street: int32, rows of the acts of speech on the street (-1 where there are none).
        essential: bool [S].
        sigmoid: uint64, the logistic table of `arithmetic`.
    """

    occasion_a: NDArray[np.uint32]
    occasion_b: NDArray[np.uint32]
    row: NDArray[np.uint64]
    offence: np.uint64
    ordinary: NDArray[np.uint32]
    street: NDArray[np.int32]
    essential: NDArray[np.bool_]
    sigmoid: NDArray[np.uint64]


@dataclass(frozen=True)
class Society:
    """The deeds and services of a run: the facts, in table order, and the tables."""

    deeds: tuple[DeedFact, ...]
    services: tuple[ServiceFact, ...]
    tables: SocietyTables


def known_deeds(books: Iterable[RuleBook]) -> list[DeedFact]:
    """The catalogue, then the new deeds of the rule books in order of their first appearance."""
    known = {fact.id: fact for fact in deeds()}
    for book in books:
        for name, deed in book.deeds.items():
            if name not in known:
                known[name] = _new_deed(name, deed)
    return list(known.values())


def _new_deed(name: str, deed: Deed) -> DeedFact:
    """A deed that a rule book invents: assumed throughout, and lawful unless it says otherwise or is an offence."""

    def assumed(value: float, unit: str) -> Quantity:
        return Quantity(f"{name}.{unit}", value, unit, "assumed", None, None, False, "low")

    lawful = deed.lawful if deed.lawful is not None else deed.kind != "offence"
    return DeedFact(
        id=name,
        label=deed.label or name.replace("_", " "),
        kind=deed.kind or "offence",
        lawful=lawful,
        occasions=assumed(float(deed.occasions or 0), "per adult-day"),
        committed=assumed(float(deed.committed or 0), "share"),
        exposure="everyone",
        ordinary_detection=assumed(0.0, "share"),
        ordinary_fine=assumed(0.0, "days of income"),
        harm=assumed(0.0, "none"),
        venue=deed.venue,
    )


def society(
    known: Iterable[DeedFact],
    services: tuple[ServiceFact, ...],
    parameters: Parameters,
) -> Society:
    """Compile the catalogue.

    Raises:
        InputError: the deeds' occasions do not fit into two slots a day.
    """
    found = list(known)
    if len(found) > MOST_DEEDS:
        raise InputError(
            f"The rule books of this run name {len(found)} deeds with the catalogue's, and a run has room for "
            f"{MOST_DEEDS}; run them apart, or drop new deeds."
        )
    slots = _deal(found)
    ordered = tuple(deed for slot in slots for deed in slot)
    spread = float(parameters.number("deterrence.susceptibility_sd"))
    committed = np.array([float(deed.committed) for deed in ordered])
    offence = np.array([deed.kind in ("offence", "reading") for deed in ordered])
    base = [_base_logit(p, spread if own else 0.0) for p, own in zip(committed, offence, strict=True)]
    a, b = (chance(np.cumsum([float(d.occasions) for d in slot])) for slot in slots)
    tables = SocietyTables(
        occasion_a=a,
        occasion_b=b,
        row=np.array([_row(deed, q16(b)) for deed, b in zip(ordered, base, strict=True)], np.uint64),
        offence=np.uint64(bits([deed.kind == "offence" for deed in ordered])),
        ordinary=chance([float(deed.ordinary_detection) for deed in ordered]),
        street=np.array([n for n, deed in enumerate(ordered) if deed.venue == "street"] or [-1], np.int32),
        essential=np.array([service.essential for service in services], np.bool_),
        sigmoid=sigmoid_table(),
    )
    return Society(ordered, services, tables)


def request_chance(service: ServiceFact, income: NDArray[np.int32], median: float) -> NDArray[np.uint32]:
    """Chance of a request on an open day, uint32, by yearly income: rate * (income / median)^elasticity."""
    open_days = openings_a_year(service.season)
    relative = np.maximum(income, 1) / median
    rate = float(service.requests) / open_days * relative ** float(service.income_elasticity)
    return chance(np.minimum(rate, 1.0))


def _deal(deeds: list[DeedFact]) -> list[list[DeedFact]]:
    slots: list[list[DeedFact]] = [[] for _ in SLOTS]
    room = [1.0] * len(slots)
    for deed in deeds:
        need = float(deed.occasions)
        slot = next((n for n, left in enumerate(room) if need <= left), None)
        if slot is None:
            raise InputError(
                f'Deed "{deed.id}" with {need:g} occasions a day finds no room: all deeds together may take '
                f"{len(SLOTS)} occasions a day; lower its occasions."
            )
        slots[slot].append(deed)
        room[slot] -= need
    return slots


class DeedRow(NamedTuple):
    """A row of `SocietyTables.row`, unpacked: base int32 Q16, kind, exposure and venue int32, punished bool."""

    base: Any
    kind: Any
    exposure: Any
    punished: Any
    venue: Any


def unpack(row: Any) -> DeedRow:
    """Read rows of `SocietyTables.row`."""
    high = (row >> np.uint64(32)).astype(np.int32)
    return DeedRow(row.astype(np.uint32).astype(np.int32), high & 7, (high >> 3) & 3, (high >> 5) & 1 == 1, high >> 6)


def _row(deed: DeedFact, base: NDArray[np.int32]) -> int:
    high = DEED_KINDS.index(deed.kind) | EXPOSURES.index(deed.exposure) << 3 | (float(deed.ordinary_fine) > 0) << 5
    high |= VENUES.index(deed.venue or VENUES[0]) << 6
    return high << 32 | int(base) & 0xFFFFFFFF


def _base_logit(committed: float, spread: float) -> float:
    """The logit b at which the mean of 1 / (1 + exp(-(b + a))) over a ~ N(0, spread) is `committed`."""
    if committed in (0.0, 1.0) or spread == 0.0:
        return float(logit(committed))
    from scipy.optimize import brentq
    from scipy.special import expit, ndtri

    a = np.clip(spread * ndtri((np.arange(512) + 0.5) / 512), -4, 4)
    return float(brentq(lambda b: float(expit(b + a).mean()) - committed, -40, 40))
