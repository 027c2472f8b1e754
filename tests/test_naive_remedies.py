"""The engine against the naive office: hearings, audits, delay, repair, staffed review, parity, unbundling, the cap."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from glasshouse.engine.calendar import Span
from glasshouse.population import invent
from glasshouse.regimes import RuleBook, regime
from naive_books import changed, crowded, piloted
from naive_play import DEVICES, SEED, Play, plentiful


def appealing(raw: dict[str, Any]) -> None:
    """Everybody learns what was entered, an office hears some of it after a week, auditors come on the first."""
    crowded(raw)
    raw["appeals"] = {"staff": 9_000, "hearing_days": 7, "corrects": 0.7, "lets_off": 0.4}
    raw["safeguards"] = {"explanation": True, "audit": 0.95}


def overwhelmed(raw: dict[str, Any]) -> None:
    """One decision a town every few days, in districts that come and go; alerts that few people read."""
    piloted(raw)
    raw["appeals"] = {"staff": 300, "hearing_days": 0, "noticed": 1}
    raw["cameras"] |= {"review_staff": 900, "automation_bias": 0.8, "review_false": 0.1}


def audited(raw: dict[str, Any]) -> None:
    """Audits without an office; nobody has time to read an alert."""
    crowded(raw)
    raw["safeguards"] = {"audit": 0.9, "human_review": 0}
    raw["cameras"] |= {"review_staff": 0}


def delayed(raw: dict[str, Any]) -> None:
    """Punishment waits for nine days, repair for five more, also on a list without a term."""
    appealing(raw)
    raw["safeguards"] |= {"delay": 9}
    raw["lists"]["blacklist"]["repair_after"] = 3
    raw["lists"]["repair"] |= {"repair_after": 5, "exit_per_year": 60}
    del raw["lists"]["repair"]["term"]


def restrained(raw: dict[str, Any]) -> None:
    """Thresholds by group, a delay of over a month, consequences in a list's own domain."""
    crowded(raw)
    raw["cameras"] |= {"threshold": 0.68, "gallery": 10_000_000}
    raw["safeguards"] = {"delay": 40, "group_parity": True, "unbundled": True}
    raw["lists"]["shame"]["services"] = ["train"]
    raw["lists"]["repair"]["services"] = ["flight"]


def capped(raw: dict[str, Any]) -> None:
    """No more than two services at once, whatever tier and lists say."""
    appealing(raw)
    raw["safeguards"] = {"stacking_cap": 2}
    raw["consequences"]["forever"] = {"denies": {"bus": 0.7, "school": 1}, "prices": {"care": 2}}


def capped_at_one(raw: dict[str, Any]) -> None:
    """The first service is dear, and the closed ones are open again."""
    capped(raw)
    raw["safeguards"] = {"stacking_cap": 1, "delay": 3}


BOOKS = {book.__name__: book for book in (appealing, overwhelmed, audited, delayed, restrained, capped, capped_at_one)}


@pytest.fixture(scope="module")
def office() -> Play:
    registry = plentiful()
    books: list[RuleBook] = [regime("ordinary-law").book, *(changed("article", book) for book in BOOKS.values())]
    span = Span(dt.date(2020, 8, 1), dt.date(2020, 10, 12), 6)
    return Play(invent(110, 2, SEED + 7, parameters=registry), books, span, registry, DEVICES)


@pytest.mark.parametrize("name", BOOKS)
def test_every_bit_of_every_day_is_the_naive_ones(office: Play, name: str) -> None:
    office.world_of(1 + list(BOOKS).index(name))


def test_everything_has_happened(office: Play) -> None:
    assert {("appeal", n) for n in range(4)} | {("audited", 1), ("let_off", 1)} <= office.told


def test_one_town_on_two_devices() -> None:
    """The queue of a town is one queue, wherever its people lie."""
    registry = plentiful()
    books = [regime("ordinary-law").book, changed("article", overwhelmed)]
    span = Span(dt.date(2020, 8, 12), dt.date(2020, 9, 8), 3)
    Play(invent(400, 1, SEED + 2, parameters=registry), books, span, registry, DEVICES).world_of(1)
