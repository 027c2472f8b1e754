"""What an observer estimates from pilots, against what twins show (T34)."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.engine.calendar import Span
from glasshouse.engine.columns import DAY_COUNTS
from glasshouse.engine.stage import Stage
from glasshouse.evidence import parameters
from glasshouse.measures.event_study import event_study, twin_effect
from glasshouse.population import invent
from glasshouse.regimes import Number, RuleBook
from glasshouse.regimes.schema import Consequence, Phase
from known.oracle import Z_LIMIT
from stage import book, live

SPAN = Span(dt.date(2020, 1, 1), dt.date(2020, 8, 31), 0)
WAVES = ((dt.date(2020, 4, 1), 0.25), (dt.date(2020, 5, 1), 0.5), (dt.date(2020, 6, 1), 0.75))
EVENTS = range(0, 2)


def phase(date: dt.date, districts: float, **more: float) -> Phase:
    numbers = {"districts": districts, "awareness": 1.0, "coverage": 0.0} | more
    return Phase.model_validate({"date": date, **numbers})


def staggered(article: RuleBook) -> RuleBook:
    """A quarter of the districts adopts every month from April to June; the last quarter never does."""
    return article.model_copy(update={"timeline": [phase(date, share) for date, share in WAVES]})


def fares() -> RuleBook:
    """Bus fares double for everybody who is scored, and nothing else follows."""
    article = staggered(book("article"))
    dearer = {tier.name: Consequence(prices={"bus": Number(value=2)}) for tier in article.tiers}
    return article.model_copy(update={"lists": {}, "consequences": dearer})


@cache
def towns() -> Stage:
    layers = [id for id in parameters() if id.startswith("expression.") and id.endswith("_weight")]
    layers = [id for id in layers if id not in ("expression.voice_weight", "expression.peer_weight")]
    weights = {id: 0.7 if id == "expression.town_weight" else 0.3 / (len(layers) - 1) for id in layers}
    registry = parameters().with_values(weights | {"expression.fear": 0.6, "expression.asked": 0.3})
    return Stage(invent(12_000, 3, 4, parameters=registry), [book("article")], SPAN, 1, registry)


@cache
def panel(name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Per adult, by district and month: hundredths paid for the bus, and days of voicing dissent."""
    stage = towns()
    rule_book = {"fares": fares, "speech": lambda: staggered(book("article"))}.get(name, lambda: book("ordinary-law"))()
    told = live(stage, rule_book)
    p = stage.population
    unit = p.town.astype(np.int64) * p.layout.districts_per_town + p.district
    units = p.layout.towns * p.layout.districts_per_town
    heads = np.bincount(unit[p.adult], minlength=units)

    def by_unit(column: Any) -> NDArray[np.float64]:
        return np.bincount(unit[p.adult], column[p.adult].astype(np.float64), units) / heads

    bus = [service.id for service in stage.services].index("bus")
    voiced = DAY_COUNTS.index("voiced")
    paid = np.stack([by_unit(month.paid[bus]) for month in told.gains], axis=1)
    return paid, np.stack([by_unit(month.days[voiced]) for month in told.gains], axis=1)


def adopted() -> NDArray[np.int64]:
    """Month in which each district adopts; 99 for never."""
    p, rank = towns().population, np.asarray(towns().people.rank)
    units = p.layout.towns * p.layout.districts_per_town
    turn = np.zeros(units, np.int64)
    turn[p.town.astype(np.int64) * p.layout.districts_per_town + p.district] = rank[p.cell]
    month = np.full(units, 99, np.int64)
    for date, share in reversed(WAVES):
        month[turn < round(share * units)] = date.month - 1
    return month


def z(estimate: float, truth: float, *errors: float) -> float:
    return float((estimate - truth) / np.sqrt(sum(error**2 for error in errors)))


def control_error(outcome: NDArray[np.float64]) -> float:
    """Standard error of the controls' mean change: a quarter of the districts never adopts."""
    never = outcome[adopted() == 99]
    return float(np.diff(never, axis=1).std() / np.sqrt(len(never)))


def test_each_wave_adopts_in_its_month() -> None:
    found = np.bincount(np.minimum(adopted(), 9), minlength=10)
    assert found[[3, 4, 5]].tolist() == [6, 6, 6]
    assert found[9] == 6


def test_without_spillover_the_observer_finds_what_twins_show() -> None:
    """Fares double where the regime is, and only there: ATT(e) = twin effect = one more fare a ride."""
    paid, twin = panel("fares")[0], panel("ordinary-law")[0]
    seen, true = event_study(paid, adopted(), EVENTS), twin_effect(paid, twin, adopted(), EVENTS)
    for estimate, truth in zip(seen, true, strict=True):
        assert truth.effect == pytest.approx(2 * 180 / 12 * 100, rel=0.1)  # 180 rides a year at 2 CNY
        assert abs(z(estimate.effect, truth.effect, estimate.error, control_error(twin))) < Z_LIMIT


def test_before_adoption_there_is_nothing_to_find() -> None:
    paid = panel("fares")[0]
    (before,) = event_study(paid, adopted(), range(-2, -1))
    assert abs(z(before.effect, 0, before.error, control_error(panel("ordinary-law")[0]))) < Z_LIMIT


def test_with_spillover_the_observer_misses_what_the_others_lost_too() -> None:
    """Silence spreads through the town: controls voice less as well, and the estimate is too small in size by that."""
    voiced, twin = panel("speech")[1], panel("ordinary-law")[1]
    when, event = adopted(), 1
    (estimate,) = event_study(voiced, when, range(event, event + 1))
    (truth,) = twin_effect(voiced, twin, when, range(event, event + 1))
    controls = (voiced - twin)[when == 99][:, WAVES[-1][0].month]
    assert truth.effect < 0
    assert controls.mean() < -Z_LIMIT * controls.std(ddof=1) / np.sqrt(len(controls))
    assert truth.effect < estimate.effect
