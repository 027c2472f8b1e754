"""Remedies and safeguards: what protects people must have something to protect them from."""

from __future__ import annotations

from glasshouse.regimes.checks.case import Case
from glasshouse.regimes.messages import quote
from glasshouse.words import MOST_SERVICES


def remedies(case: Case) -> None:
    """Appeals have an object, repair a way out, domains known services, unread alerts a staff that is too small."""
    book = case.book
    if book.appeals is not None and book.score is None and not book.lists:
        text = "there is nothing to appeal against; add a section [score] or a list, or take [appeals] out"
        case.fault(("appeals",), text)
    for name, given in book.lists.items():
        if float(given.repair_after) and given.exit_per_year is None:
            text = f"nobody leaves {quote(name)} by repair; add exit_per_year, or take repair_after out"
            case.fault(("lists", name, "repair_after"), text)
        for position, service in enumerate(given.services):
            if service not in case.services:
                case.unknown(("lists", name, "services", position), "service", service, case.services)
    cameras, cap = book.cameras, book.safeguards.stacking_cap
    if cameras is not None and cameras.automation_bias is not None and cameras.review_staff is None:
        text = "automation_bias is about unread alerts, and all of them are read; add review_staff, or take it out"
        case.fault(("cameras", "automation_bias"), text)
    if cap is not None and not 1 <= float(cap) <= MOST_SERVICES:
        text = f"a cap of {float(cap):g} services; write 1 to {MOST_SERVICES}"
        case.fault(("safeguards", "stacking_cap"), text)
