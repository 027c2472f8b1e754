"""From the section on firms to integer tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import chance, doublings, q16
from glasshouse.evidence import Parameters
from glasshouse.regimes.firm_rules import FirmBonus, FirmPoints, Firms, FirmTerms, moves_something, tiers_in_order
from glasshouse.regimes.firm_tables import FIRM_TIERS, FirmLaw, OnList
from glasshouse.regimes.number import Number
from glasshouse.regimes.schema import RuleBook

_MONTHS_A_YEAR = 12
_NEVER = 2**31 - 1
_NO_TERM = 65535


def firm_law(book: RuleBook, parameters: Parameters) -> FirmLaw:
    """Compile the section on firms, or ordinary law where a regime leaves firms alone.

    Args:
        book: a valid rule book.
        parameters: the registry, rows `firms.*`.
    """
    number, firms = parameters.number, _spared(book)
    given = firms or Firms(start=Number(value=0), lowest=Number(value=0), highest=Number(value=0))
    tiers = [tier for _, tier in tiers_in_order(given)]
    by_tier = [*tiers, *[FirmTerms()] * (FIRM_TIERS + 1 - len(tiers))]
    rows = [_terms(terms, parameters) for terms in by_tier]
    cuts = np.full(FIRM_TIERS - 1, _NEVER, np.int32)
    bounds = [_hundredths(float(tier.from_)) for tier in tiers if tier.from_ is not None]
    cuts[: len(bounds)] = bounds
    tender, inspection, drag = (np.array(column) for column in zip(*rows, strict=True))
    kept = 1.0 - (number("firms.deterrence") if firms is not None and moves_something(firms) else 0.0)
    listing = given.list
    exits = 0.0 if listing is None or listing.exit_per_year is None else listing.exit_per_year.value
    events = tuple(FirmPoints.model_fields)
    return FirmLaw(
        kept=np.bool_(firms is not None),
        everywhere=np.bool_(given.everywhere),
        share=np.uint32(chance(float(book.share))),
        start=np.int32(_hundredths(float(given.start))),
        lowest=np.int32(_hundredths(float(given.lowest))),
        highest=np.int32(_hundredths(float(given.highest))),
        forgiveness=np.int32(_hundredths(float(given.forgiveness))),
        points=np.array([_hundredths(float(getattr(given.points, name))) for name in events], np.int32),
        bonus=np.array([_hundredths(float(getattr(given.bonus, n))) for n in FirmBonus.model_fields], np.int32),
        cuts=cuts,
        tender=chance(np.minimum(tender, 1.0)),
        inspection=chance(np.minimum(inspection, 1.0)),
        drag=doublings(drag),
        grade=_grades(by_tier),
        on_list=_on_list(listing or FirmTerms(), parameters),
        entry=np.array([listing is not None and name in listing.entry for name in events]),
        listing=np.uint32(chance(0.0 if listing is None else listing.chance.value)),
        by_owner=np.bool_(listing is not None and "owner_listed" in listing.entry),
        term=np.int32(_term(listing.term.value if listing is not None and listing.term is not None else None)),
        exits=np.uint32(chance(-np.expm1(-exits / _MONTHS_A_YEAR))),
        holds=np.bool_(listing is not None and listing.blocks_exit),
        owners_list=np.int32(_place(listing.lists_owner if listing is not None else None, list(book.lists))),
        breach=np.uint32(chance(number("firms.breach") * kept)),
        arrears=np.uint32(chance(number("firms.arrears") * kept)),
        publicity=np.int32(q16(float(given.publicity))),
    )


def _spared(book: RuleBook) -> Firms | None:
    """The section, without a price on lawful acts where the safeguard says so."""
    firms = book.firms
    if firms is None or not book.safeguards.spare_lawful_acts:
        return firms
    points = firms.points
    if float(points.resistance) < 0:
        points = points.model_copy(update={"resistance": Number(value=0)})
    listing = firms.list
    if listing is not None:
        listing = listing.model_copy(update={"entry": [name for name in listing.entry if name != "resistance"]})
    return firms.model_copy(update={"points": points, "list": listing})


def _terms(terms: FirmTerms, parameters: Parameters) -> tuple[float, float, float]:
    """Chance of a tender, chance of an inspection, and log points a month of credit and hiring."""
    number = parameters.number
    credit = number("firms.debt") * float(terms.spread) / _MONTHS_A_YEAR
    return (
        number("firms.tender") * float(terms.tender),
        number("firms.inspection") * float(terms.inspections),
        credit + number("firms.hiring") * (float(terms.hiring) - 1.0),
    )


def _on_list(terms: FirmTerms, parameters: Parameters) -> OnList:
    tender, inspection, drag = _terms(terms, parameters)
    return OnList(
        np.uint32(chance(min(tender, 1.0))),
        np.uint32(chance(min(inspection, 1.0))),
        np.int32(doublings(drag)),
        np.bool_(_harsh(terms) or getattr(terms, "blocks_exit", False)),
    )


def _harsh(terms: FirmTerms) -> bool:
    """Whether anything is worse than under ordinary law."""
    dearer = float(terms.spread) > 0 or float(terms.hiring) > 1
    return dearer or float(terms.tender) < 1 or float(terms.inspections) > 1


def _grades(tiers: Sequence[FirmTerms]) -> NDArray[np.uint8]:
    """One more wherever a harsh tier differs from the one above it, as for people."""
    grades, worst, above = [], 0, None
    for terms in tiers:
        follows = tuple(float(getattr(terms, name)) for name in FirmTerms.model_fields)
        harsh = _harsh(terms)
        worst += harsh and follows != above
        grades.append(worst if harsh else 0)
        above = follows
    return np.array(grades, np.uint8)


def _term(days: float | None) -> int:
    return _NO_TERM if days is None else min(round(days), _NO_TERM - 1)


def _place(name: str | None, lists: Sequence[str]) -> int:
    """Its number; an arm of an experiment may have left the list out."""
    return list(lists).index(name) if name is not None and name in lists else -1


def _hundredths(value: float) -> int:
    return round(100 * value)
