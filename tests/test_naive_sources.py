"""The engine against the naive twin where registers feed the ledger, neighbours inform and people pretend."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from glasshouse.engine.calendar import Span
from glasshouse.population import invent
from glasshouse.regimes import regime
from naive_books import changed, crowded, piloted
from naive_play import DEVICES, SEED, Play, plentiful

BUSY = {"registers.error_factor": 150.0, "informing.false_share": 0.6, "gaming.share": 0.4, "avoidance.gain": 4.0,
        "avoidance.cost": 0.01, "avoidance.trips": 0.9, "deterrence.reward_kappa": 40.0}  # fmt: skip


def through_registers(raw: dict[str, Any]) -> None:
    """Everything that happens often happens through a register; some of them join late, one never does."""
    deeds = raw["deeds"]
    deeds["loitering"] |= {"seen_by": ["camera", "patrol", "bank"]}
    deeds["gossip"] |= {"seen_by": ["platform", "neighbour", "office"]}
    deeds["browsing"] |= {"seen_by": ["app"]}
    deeds["kindness"] |= {"seen_by": ["employer"], "points": 9}
    deeds["mishap"] |= {"seen_by": ["court", "utility"]}
    deeds["singing"] |= {"seen_by": ["neighbour", "staff", "school"], "face": False}
    deeds["volunteering"] |= {"seen_by": ["clinic"], "points": 30}
    deeds["informing"] = {"points": 60, "seen_by": ["hotline"]}
    deeds["gaming"] = {"points": 5, "seen_by": ["app"]}
    raw["registers"] = {"bank": dt.date(2020, 8, 20), "platform": {"date": "2020-08-07"}, "school": {"never": True},
                        "clinic": {}}  # fmt: skip
    raw["lists"]["red"]["entry"] = {"deeds": ["kindness", "volunteering"]}


def sourced(raw: dict[str, Any]) -> None:
    """The crowded regime through registers."""
    crowded(raw)
    through_registers(raw)
    raw["timeline"] = [
        {"date": dt.date(2020, 8, 1), "districts": 1, "coverage": 0.7, "awareness": 0.9},
        {"date": dt.date(2020, 8, 19), "campaign": 0.9, "awareness": 1},
    ]


def in_pilots(raw: dict[str, Any]) -> None:
    """The same, coming and going district by district, with a national list."""
    piloted(raw)
    through_registers(raw)
    raw["timeline"] = [phase | {"awareness": 1} for phase in raw["timeline"]]


@pytest.fixture(scope="module")
def play() -> Play:
    registry = plentiful().with_values(BUSY)
    books = [regime("ordinary-law").book, changed("article", sourced), changed("article", in_pilots),
             changed("none", lambda raw: raw.update(registers={"bank": dt.date(2020, 8, 9)}))]  # fmt: skip
    span = Span(dt.date(2020, 8, 1), dt.date(2020, 10, 4), 12)
    return Play(invent(150, 2, SEED + 5, parameters=registry), books, span, registry, DEVICES)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_bit_of_every_day(play: Play, number: int) -> None:
    play.world_of(number)


def test_all_of_it_has_happened(play: Play) -> None:
    people = play.world_of(1).people
    assert {("wrong_cause", n) for n in range(4)} <= play.told
    assert {("fake_a", 1), ("fake_b", 1), ("given_up", 1)} <= play.told
    assert {("seen_a", 7), ("seen_b", 7)} <= play.told
    assert any(p.avoiding for p in people)
    assert any(p.packet for p in people)
    informing = [act.row for act in play.rules[1].acts if act.id == "informing"]
    assert ("deed_b", informing[0] + 1) in play.told
