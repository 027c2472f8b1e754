"""Every number a rule book says, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel

from glasshouse.regimes.number import Number, Status
from glasshouse.regimes.places import Place
from glasshouse.regimes.schema import RuleBook


def numbers(book: RuleBook) -> list[tuple[str, Number]]:
    """Every number that the book itself says (no defaults), with its dotted place, section by section.

    Tiers are named by their name, phases by their date: `tiers.AAA.from`, `timeline.2009-01-01.districts`.
    """
    return [(".".join(_called(book, place)), number) for place, number in whereabouts(book)]


def shares(book: RuleBook) -> dict[str, float]:
    """Share of the book's numbers by status; they sum to 1, or are all 0 in a book without numbers."""
    statuses = [number.status for _, number in whereabouts(book)]
    return {status: statuses.count(status) / max(1, len(statuses)) for status in get_args(Status)}


def whereabouts(value: object, place: Place = ()) -> Iterator[tuple[Place, Number]]:
    """Every number in a section that the book itself says, with its place as keys and positions."""
    if isinstance(value, Number):
        yield place, value
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            if name in value.model_fields_set:
                yield from whereabouts(getattr(value, name), (*place, field.alias or name))
    elif isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from whereabouts(item, (*place, key))


def _called(book: RuleBook, place: Place) -> Iterator[str]:
    for depth, part in enumerate(place):
        if isinstance(part, int) and depth:
            part = book.tiers[part].name if place[0] == "tiers" else str(book.timeline[part].date)
        yield str(part)
