"""Nothing is lost and nothing made up: points, money and counts (T30)."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from glasshouse.engine.counts import Gains
from glasshouse.regimes import Number, RuleBook
from glasshouse.regimes.schema import Consequence
from glasshouse.words import (
    CLEAN,
    FATE_MARK,
    HONEST,
    NOTICE_MARK,
    REAL,
    REFUSED,
    SLOTS,
    UNAFFORDABLE,
)
from stage import FIRST, Life, at_once, book, field, live, standard


def unbounded() -> RuleBook:
    """The article's regime with a vast gallery and dear crossings, without registers, forgiveness and bounds."""
    article = at_once(book("article"))
    assert article.score is not None
    assert article.cameras is not None
    wide = {
        "lowest": Number(value=-100_000),
        "highest": Number(value=100_000),
        "forgiveness": Number(value=0),
    }
    cameras = article.cameras.model_copy(update={"gallery": Number(value=1e7)})
    crossing = article.deeds["jaywalking"].model_copy(update={"points": Number(value=-160)})
    return article.model_copy(
        update={
            "score": article.score.model_copy(update=wide),
            "cameras": cameras,
            "deeds": article.deeds | {"jaywalking": crossing},
        }
    )


def prices_by_tier() -> RuleBook:
    """The article's regime with consequences of tiers only, and some refusals in the tier of most people."""
    article = book("article")
    tiers = {tier.name for tier in article.tiers}
    kept = {name: c for name, c in article.consequences.items() if name in tiers}
    some = Number(value=0.3)
    kept["A"] = Consequence(denies={"bus": some, "flight": some}, prices={"care": Number(value=1.25)})
    return article.model_copy(update={"consequences": kept})


@cache
def life(of: str) -> Life:
    return live(standard(), {"unbounded": unbounded, "prices by tier": prices_by_tier}[of]())


@pytest.mark.parametrize("ledger", [REAL, HONEST, CLEAN], ids=["real", "honest", "clean"])
def test_a_score_changes_by_the_sum_of_its_postings(ledger: int) -> None:
    """real: all entries; honest: not the wrong and the pretended ones; clean: nor deductions for lawful acts."""
    told, law = life("unbounded"), life("unbounded").actor.law.score
    points = np.asarray(law.points)
    lawful = (int(law.lawful) >> np.arange(len(points))) & 1 == 1
    spared = lawful & (points < 0)
    posted = np.zeros(told.deeds.shape, np.int64)
    for slot in SLOTS:
        deed, seen = field(told.deeds, f"deed_{slot}"), field(told.deeds, f"seen_{slot}") > 0
        row = np.maximum(deed - 1, 0)
        assert (deed[seen] > 0).all()
        pretended = (ledger != REAL) & (field(told.deeds, f"fake_{slot}") > 0)
        posted += np.where(seen & ~((ledger == CLEAN) & spared[row]) & ~pretended, points[row], 0)
    wrong = field(told.deeds, "wrong_deed")
    assert {1, 3} <= set(field(told.deeds, "wrong_cause").ravel().tolist())
    if ledger == REAL:
        posted += np.where(wrong > 0, points[np.maximum(wrong - 1, 0)], 0)
    change = told.end.score[ledger].astype(np.int64) - int(law.start)
    adult = standard().population.adult
    assert (change[adult] == posted.sum(axis=0)[adult]).all()
    assert (change[~adult] == 0).all()


def test_the_three_books_do_part() -> None:
    real, honest, clean = life("unbounded").end.score
    assert (real != honest).any()
    assert (honest != clean).any()
    assert (honest <= clean).all()


def got(told: Life, counted: Gains, days: slice, service: int) -> Any:
    """What a month granted, less those who began to wait or were turned away, and those who had waited."""
    asked, refused, short = (
        column[service].astype(np.int64) for column in (counted.asked, counted.refused, counted.short)
    )
    granted, limited = asked - refused - short, sorted(standard().people.places)
    if service not in limited:
        return granted
    joined, served, missed = (
        ((field(told.fates[days], name, FATE_MARK) >> limited.index(service)) & 1).sum(axis=0)
        for name in ("joined", "served", "turned_away")
    )
    return granted - joined + served - missed


def test_what_is_paid_is_what_was_got_at_the_price_of_the_tier() -> None:
    """paid = sum over months of what was got * price of that month's tier."""
    told = life("prices by tier")
    starts = [(first - FIRST).days for first, _ in standard().span.months()]
    months = [slice(*ends) for ends in pairwise([*starts, len(told.fates)])]
    prices = np.asarray(told.actor.law.access.price_tier).astype(np.int64)
    for world, counted, days in zip(told.months, told.gains, months, strict=True):
        for service in range(len(prices)):
            bought = got(told, counted, days, service)
            assert (bought >= 0).all()
            assert (counted.paid[service] == bought * prices[service, world.tier[REAL]]).all(), service
    assert len(set(told.end.tier[REAL][standard().population.adult].tolist())) > 2
    assert (prices[0] != prices[0, -1]).any()


def test_notices_and_counts_tell_the_same_story() -> None:
    told = life("prices by tier")
    outcomes = field(told.notices, "outcomes", NOTICE_MARK)
    for service, (refused, short) in enumerate(zip(told.sums.refused, told.sums.short, strict=True)):
        code = (outcomes >> (2 * service)) & 3
        assert ((code == REFUSED).sum(axis=0) == refused).all()
        assert ((code == UNAFFORDABLE).sum(axis=0) == short).all()
    assert sum(int(column.sum()) for column in told.sums.refused) > 0


def test_every_wrongful_day_has_its_reason() -> None:
    """wrongful = mistaken or rule-made, or both, on every day of every person."""
    days = dict(zip(("sanctioned", "mistaken", "rule_made", "wrongful"), life("unbounded").sums.days, strict=False))
    assert (days["wrongful"] <= days["mistaken"] + days["rule_made"]).all()
    assert (np.maximum(days["mistaken"], days["rule_made"]) <= days["wrongful"]).all()
    assert (days["wrongful"] <= days["sanctioned"]).all()
    assert days["mistaken"].sum() > 0
