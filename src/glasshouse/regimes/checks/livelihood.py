"""What tiers and lists may do to work and money."""

from __future__ import annotations

from typing import Final

from glasshouse.regimes.checks.case import Case
from glasshouse.regimes.messages import quote
from glasshouse.regimes.schema import Consequence

FACTORS: Final = ("promotion", "job", "tax")
_MOST_FACTOR = 50
_MOST_POINTS = 1


def livelihoods(case: Case, name: str, given: Consequence) -> None:
    """Factors and interest of a size that a month can carry."""
    for term in FACTORS:
        factor = getattr(given, term)
        if factor is not None and float(factor) > _MOST_FACTOR:
            text = f"a factor of {float(factor):g} on {term}; write at most {_MOST_FACTOR}"
            case.fault(("consequences", name, term), text)
    if given.loan is not None and abs(float(given.loan)) > _MOST_POINTS:
        text = f"interest of {float(given.loan):g} is {float(given.loan):.0%} a year; write 3 % as 0.03"
        case.fault(("consequences", name, "loan"), text)


def only_rewards(case: Case, name: str, given: Consequence) -> None:
    """A red list makes nobody poorer."""
    limits = (
        ("promotion", -1, "at least 1"),
        ("job", 1, "at most 1"),
        ("tax", 1, "at most 1"),
        ("loan", 1, "at most 0"),
    )
    for term, sign, wanted in limits:
        value = getattr(given, term)
        ordinary = 0.0 if term == "loan" else 1.0
        if value is not None and sign * (float(value) - ordinary) > 0:
            text = f"the red list {quote(name)} rewards, and its {term} punishes; write {wanted}"
            case.fault(("consequences", name, term), text)
