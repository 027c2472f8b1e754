"""The engine and the naive twin through the days of a certificate and its infection."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from glasshouse.engine.calendar import Span
from glasshouse.evidence import Parameters
from glasshouse.population import invent
from glasshouse.regimes import RuleBook, regime
from glasshouse.regimes.arms import arm
from naive_books import OFTEN, changed
from naive_certificate import COUNTED, FORGED
from naive_play import DEVICES, SEED, Play, ends, plentiful

FIRST, LAST = dt.date(2020, 8, 1), dt.date(2020, 10, 11)

BUSY: dict[str, Any] = {
    "announced": dt.date(2020, 8, 15), "begins": dt.date(2020, 8, 28), "ends": dt.date(2020, 10, 8),
    "services": ["train", "flight"], "checked": 0.7, "valid_days": 25, "exempt": 0.1, "forgery_per_week": 3,
    "forgery_caught": 0.4, "epidemic": {"begins": dt.date(2020, 8, 4), "ends": dt.date(2020, 10, 10),
                                        "doses": dt.date(2020, 8, 2), "seeds": 0.05},
    "creep": {"begins": dt.date(2020, 9, 5), "deeds": ["petition", "gossip", "singing"], "chance": 0.6, "days": 6},
}  # fmt: skip
"A certificate under which everything happens in a few weeks, in days on which the article's regime is in force."


def with_paper(name: str, **changes: Any) -> RuleBook:
    """A rule book of the library with the busy certificate, deeds that happen often, and a pass on everything."""

    def change(raw: dict[str, Any]) -> None:
        raw["certificate"] = {**BUSY, **changes}
        raw["deeds"] = raw.get("deeds", {}) | {
            n: OFTEN[n] | {"points": 0, "face": False} for n in ("gossip", "singing")
        }

    return changed(name, change)


def lively() -> Parameters:
    return plentiful().with_values(
        {"certificate.interval": 21, "certificate.visits": 0.9, "certificate.use_skew": 2, "epidemic.days": 4,
         "epidemic.immune_days": 90, "epidemic.r0": 3, "certificate.base_hazard": 0.1,
         "certificate.distrust_weight": 4}
    )  # fmt: skip


BOOKS = {
    "ordinary law": lambda: regime("ordinary-law").book,
    "a paper alone": lambda: with_paper("ordinary-law"),
    "a paper beside the article's score": lambda: with_paper("article"),
    "at work, for ever, no recovery": lambda: with_paper("ordinary-law", work=True, valid_days=600, recovery=False),
    "for half of the people": lambda: arm(with_paper("ordinary-law"), "share=0.5"),
    "until a sunset": lambda: arm(with_paper("article"), "sunset=2020-09-20"),
}


@pytest.fixture(scope="module")
def play() -> Play:
    registry = lively()
    books = [make() for make in BOOKS.values()]
    return Play(invent(70, 2, SEED, parameters=registry), books, Span(FIRST, LAST, 3), registry, DEVICES)


@pytest.mark.parametrize("name", BOOKS)
def test_every_bit_of_every_day_is_the_naive_ones(play: Play, name: str) -> None:
    play.world_of(list(BOOKS).index(name))


def test_everything_has_happened(play: Play) -> None:
    village = play.world_of(list(BOOKS).index("a paper alone"))
    assert [name for name in COUNTED if not village.ever[name]] == []
    assert {p.paper for p in village.people if p.adult} >= {0, 2, 3, 4, FORGED}
    assert {("certificate", n) for n in range(5)} <= play.told
    assert ("infected", 1) in play.told
    assert village.ever["rule_made"] > 0
    assert village.ever["mistaken"] == 0


@pytest.mark.parametrize("which", [0, 1], ids=["low", "high"])
def test_at_the_ends_of_the_ranges(which: int) -> None:
    registry = ends(which)
    books = [regime("ordinary-law").book, with_paper("ordinary-law")]
    span = Span(FIRST, dt.date(2020, 9, 5), 2)
    Play(invent(50, 1, SEED + 4, parameters=registry), books, span, registry, DEVICES).world_of(1)
