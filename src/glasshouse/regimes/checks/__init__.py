"""What must fit together in a rule book whose sections are each well formed."""

from __future__ import annotations

from glasshouse.regimes.checks.case import Case
from glasshouse.regimes.checks.certificate import certificate
from glasshouse.regimes.checks.deeds import deeds_and_channels
from glasshouse.regimes.checks.firms import firms
from glasshouse.regimes.checks.lists import lists_and_consequences
from glasshouse.regimes.checks.remedies import remedies
from glasshouse.regimes.checks.sources import registers_and_informers
from glasshouse.regimes.checks.standing import about, numbers, timeline_and_cameras
from glasshouse.regimes.checks.tiers import score_and_tiers
from glasshouse.regimes.messages import Fault
from glasshouse.regimes.places import Place
from glasshouse.regimes.schema import RuleBook


def faults(book: RuleBook, lines: dict[Place, int]) -> list[Fault]:
    """Everything in the book that does not fit together, in no particular order.

    Args:
        book: the rule book.
        lines: place -> line, from `places.places`.
    """
    case = Case.of(book, lines)
    for check in (
        about,
        score_and_tiers,
        deeds_and_channels,
        lists_and_consequences,
        remedies,
        timeline_and_cameras,
        firms,
        certificate,
        registers_and_informers,
        numbers,
    ):
        check(case)
    return case.found
