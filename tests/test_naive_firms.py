"""Firms against the naive twin, where everything happens to them: firm by firm, bit by bit, every day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from glasshouse.engine.calendar import Span
from glasshouse.evidence import Parameters
from glasshouse.population import invent
from glasshouse.regimes import regime
from glasshouse.words import FIRM_MARK
from naive_books import changed, crowded, piloted
from naive_play import DEVICES, SEED, Play, plentiful

EVENTS = ["inspection_failed", "arrears", "product_fault", "resistance", "owner_listed"]


def eventful() -> Parameters:
    """Many firms, and a month in which most things happen to many of them."""
    return plentiful().with_values(
        {"firms.density": 0.25, "firms.demand": 0.4, "firms.arrears": 0.2, "firms.arrears_wrongly": 0.2,
         "firms.inspection": 0.4, "firms.breach": 0.5, "firms.found_wrongly": 0.4, "firms.fault": 0.3,
         "firms.tender": 0.3, "firms.exit": -1.2, "firms.entry": 0.6, "firms.sharing": 0.5, "firms.connected": 0.4}
    )  # fmt: skip


def harsh(raw: dict[str, Any]) -> None:
    """Everything leads onto the list, and the list leads to the owner."""
    crowded(raw)
    raw["firms"] |= {"everywhere": True, "begins": dt.date(2020, 8, 20), "forgiveness": 7.5, "publicity": 0.9}
    raw["firms"]["tiers"]["B"]["hiring"] = 1.25
    raw["firms"]["list"] |= {"entry": EVENTS, "chance": 0.8, "term": 20, "exit_per_year": 6, "lists_owner": "shame"}


def mild(raw: dict[str, Any]) -> None:
    """By pilots, without end of a listing, and lawful acts spared."""
    piloted(raw)
    raw["firms"]["points"] |= {"loyalty": -2.5, "resistance": 3}
    raw["firms"]["list"] |= {"chance": 1, "exit_per_year": 9, "blocks_exit": False, "lists_owner": "repair"}
    del raw["firms"]["list"]["term"]
    raw["safeguards"] = {"spare_lawful_acts": True}
    raw["share"] = 0.7


def brief(raw: dict[str, Any]) -> None:
    """A section that ends, without a list, for two tiers."""
    raw["firms"] |= {
        "ends": dt.date(2020, 9, 15),
        "everywhere": True,
        "tiers": {"low": {"tender": 0}, "high": {"from": 990}},
    }
    del raw["firms"]["list"]


@pytest.fixture(scope="module")
def played() -> Play:
    registry = eventful()
    books = [regime("ordinary-law").book, changed("article", harsh), changed("article", mild), changed("none", brief)]
    span = Span(dt.date(2020, 8, 27), dt.date(2020, 10, 2), 8)
    return Play(invent(120, 2, SEED + 7, parameters=registry), books, span, registry, DEVICES)


@pytest.mark.parametrize("number", range(4))
def test_every_firm_is_the_naive_one(played: Play, number: int) -> None:
    played.world_of(number)


def test_everything_has_happened_to_firms(played: Play) -> None:
    """The agreement is about something."""
    firms = played.world_of(1).firms
    assert {(f"firm {n}", 1) for n in range(len(FIRM_MARK))} <= played.told
    assert len({f.tier[0] for f in firms}) > 2
    assert any(f.until[0] != f.until[1] for f in firms)
    assert any(f.score[1] != f.score[2] for f in firms)
    assert any(f.owner is None for f in firms)
    shame = played.rules[1].book.lists
    brought = [p for f in firms if f.owner is not None for p in [f.owner] if p.until[list(shame).index("shame")][0]]
    assert brought
