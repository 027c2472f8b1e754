"""Safeguards: edits of a rule book that protect people, one by one, for experiments and for comparison.

    with_safeguard(book, "appeals", staff=20)     the book with an office that hears complaints
    applied(book)                                 what the book says once its safeguards are read into it

A safeguard is never a mechanism of its own: it is a line in the rule book, which anybody can write and read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from glasshouse.errors import InputError, nearest
from glasshouse.regimes.number import Number
from glasshouse.regimes.schema import Appeals, Cameras, Consequence, RuleBook


class Safeguard(NamedTuple):
    """One edit.

    Attributes:
        does: what it does, in one sentence.
        edit: the edit; its numbers are keyword arguments.
        numbers: names of its numbers, with the row of the registry that stands in for each; None where it must be
            given.
    """

    does: str
    edit: Callable[..., RuleBook]
    numbers: dict[str, str | None]


def with_safeguard(book: RuleBook, name: str, **numbers: float | dt.date) -> RuleBook:
    """The rule book with one more safeguard.

    Args:
        book: any rule book; it is not changed.
        name: a key of `SAFEGUARDS`.
        numbers: how much of it; what is left out is the registry's.

    Raises:
        InputError: there is no such safeguard, it has no such number, or one that it needs is missing or impossible.
    """
    if name not in SAFEGUARDS:
        raise InputError(f'There is no safeguard "{name}"; give one of their names.{nearest(name, SAFEGUARDS)}')
    found = SAFEGUARDS[name]
    for given in numbers:
        if given not in found.numbers:
            hint = nearest(given, found.numbers) or " It has none."
            raise InputError(f'The safeguard "{name}" has no number "{given}"; take it out or correct it.{hint}')
    return _valid(name, found.edit(book, **{key: _number(name, key, numbers) for key in found.numbers}))


def applied(book: RuleBook) -> RuleBook:
    """The rule book with those safeguards read into its sections that are nothing but changes of other sections."""
    guards = book.safeguards
    if guards.unbundled:
        book = _unbundled(book)
    if guards.explanation and book.appeals is not None:
        book = book.model_copy(update={"appeals": book.appeals.model_copy(update={"noticed": Number(value=1)})})
    return book


def _unbundled(book: RuleBook) -> RuleBook:
    """Nothing follows from a tier, so it is worth nothing; lists keep what they do in their own domain."""
    lists = {name: set(given.services) for name, given in book.lists.items()}
    kept = {
        name: Consequence().model_copy(
            update={kind: _within(lists[name], row) for kind, row in given if isinstance(row, dict)}
        )
        for name, given in book.consequences.items()
        if name in lists
    }
    tiers = [tier.model_copy(update={"worth": Number(value=0)}) for tier in book.tiers]
    return book.model_copy(update={"consequences": kept, "tiers": tiers})


def _within(services: set[str], row: dict[str, Number]) -> dict[str, Number]:
    return {service: number for service, number in row.items() if service in services}


def _number(name: str, key: str, given: dict[str, float | dt.date]) -> Any:
    """One number of a safeguard: what the caller gave, or the registry's."""
    if key in given:
        return given[key]
    row = SAFEGUARDS[name].numbers[key]
    if row is None:
        raise InputError(f'The safeguard "{name}" needs "{key}"; give it a value.')
    from glasshouse.evidence import parameters

    return parameters().number(row)


def _valid(name: str, edited: RuleBook) -> RuleBook:
    """The edited book as if it had been read from a file."""
    from pydantic import ValidationError

    try:
        return RuleBook.model_validate(edited.model_dump(by_alias=True, exclude_unset=True, warnings=False))
    except ValidationError as why:
        error = why.errors(include_url=False)[0]
        said = str(error.get("ctx", {}).get("error", error["msg"]))
        raise InputError(f'The safeguard "{name}" cannot be so: {error["loc"][-1]} {said}.') from None


def _switched(key: str) -> Callable[..., RuleBook]:
    """A safeguard that is one line of the section [safeguards]: a switch, or its only number."""

    def edit(book: RuleBook, **numbers: Any) -> RuleBook:
        (value,) = numbers.values() or (True,)
        held = Number(value=value) if isinstance(value, float | int) and not isinstance(value, bool) else value
        return book.model_copy(update={"safeguards": book.safeguards.model_copy(update={key: held})})

    return edit


def _appeals(book: RuleBook, **numbers: Any) -> RuleBook:
    given = {key: Number(value=value) for key, value in numbers.items()}
    before = book.appeals
    section = Appeals(**given) if before is None else before.model_copy(update=given)
    return book.model_copy(update={"appeals": section})


def _floor(book: RuleBook, threshold: float) -> RuleBook:
    cameras = book.cameras
    if cameras is None or float(cameras.threshold) >= threshold:
        return book
    higher: Cameras = cameras.model_copy(update={"threshold": Number(value=threshold)})
    return book.model_copy(update={"cameras": higher})


SAFEGUARDS = {
    "appeals": Safeguard(
        "An office with limited staff hears those who challenge an entry or a listing.",
        _appeals,
        {"staff": "remedies.staff", "hearing_days": "remedies.hearing_days"},
    ),
    "audit": Safeguard(
        "Independent auditors find and correct a share of the files with a mistake every year.",
        _switched("audit"),
        {"share": "remedies.audit"},
    ),
    "delay": Safeguard(
        "What follows from a listing or a worse tier begins some days later.",
        _switched("delay"),
        {"days": "remedies.delay"},
    ),
    "explanation": Safeguard("Everybody learns what was entered about them and why.", _switched("explanation"), {}),
    "group_parity": Safeguard(
        "Face thresholds differ by group, so that every group is confused as rarely as the best one.",
        _switched("group_parity"),
        {},
    ),
    "human_review": Safeguard(
        "A person looks at every match and lets through a share of the wrong ones.",
        _switched("human_review"),
        {"passes": "remedies.human_review"},
    ),
    "score_free_essentials": Safeguard(
        "Essential services ignore tiers and lists.", _switched("score_free_essentials"), {}
    ),
    "spare_lawful_acts": Safeguard(
        "Acts that ordinary law permits cost no points and lead onto no list.", _switched("spare_lawful_acts"), {}
    ),
    "stacking_cap": Safeguard(
        "Only so many services may be refused or overcharged to one person at a time.",
        _switched("stacking_cap"),
        {"services": "remedies.stacking_cap"},
    ),
    "sunset": Safeguard("The regime ends on a date.", _switched("sunset"), {"date": None}),
    "threshold_floor": Safeguard(
        "Two faces count as the same only from a higher similarity on.",
        _floor,
        {"threshold": "remedies.threshold_floor"},
    ),
    "unbundled": Safeguard(
        "Nothing follows from tiers, and a list touches only the services of its own domain.",
        _switched("unbundled"),
        {},
    ),
}
"""Name -> what it does and its numbers. Names are those of the section [safeguards] where there is one."""
