"""Worlds with a certificate: what it changes, when, for whom, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.engine.columns import DAY_COUNTS, OUTCOME_COLUMNS, OUTCOME_COUNTS
from glasshouse.engine.parts import HEALTH_COUNTS
from glasshouse.engine.stage import Stage
from glasshouse.mechanisms.certificates import FORGED, NONE
from glasshouse.regimes import Number, RuleBook
from glasshouse.words import NOTICE_MARK, REFUSED
from known.oracle import binomial_fits
from stage import Life, book, field, live, people, same_bytes, set_stage

FIRST, LAST = dt.date(2021, 6, 1), dt.date(2021, 12, 31)
ANNOUNCED, BEGINS, CREEP = dt.date(2021, 7, 12), dt.date(2021, 8, 9), dt.date(2021, 11, 1)


def certificate(**changes: object) -> RuleBook:
    made = book("certificate")
    assert made.certificate is not None
    return made.model_copy(update={"certificate": made.certificate.model_copy(update=changes)})


BOOKS = {
    "ordinary-law": lambda: book("ordinary-law"),
    "none": lambda: book("none"),
    "certificate": lambda: book("certificate"),
    "certificate-creep": lambda: book("certificate-creep"),
}


@cache
def stage() -> Stage:
    return set_stage(people(8_000, 2), [make() for make in BOOKS.values()], FIRST, LAST)


@cache
def life(name: str) -> Life:
    return live(stage(), BOOKS[name]())


def counted(name: str, what: str) -> NDArray[np.int64]:
    """Of each month, how often by person [months, N]."""
    place = HEALTH_COUNTS.index(what)
    return np.array([gains.health[place] for gains in life(name).gains], np.int64)


def day(date: dt.date) -> int:
    return (date - FIRST).days


def test_the_null_regime_lives_through_the_same_infection() -> None:
    for there, here in zip(life("none").months, life("ordinary-law").months, strict=True):
        assert all(same_bytes(getattr(there, c), getattr(here, c)) for c in OUTCOME_COLUMNS)
    for there, here in zip(life("none").gains, life("ordinary-law").gains, strict=True):
        assert all(same_bytes(getattr(there, c), getattr(here, c)) for c in OUTCOME_COUNTS)
    assert counted("ordinary-law", "infections").sum() > 300
    assert counted("ordinary-law", "doses").sum() > 3_000


def test_nothing_differs_before_the_announcement() -> None:
    here, there = life("certificate"), life("ordinary-law")
    for one, other in ((here.deeds, there.deeds), (here.notices, there.notices), (here.fates, there.fates)):
        assert same_bytes(one[: day(ANNOUNCED)], other[: day(ANNOUNCED)])
    assert not same_bytes(here.fates[day(ANNOUNCED) :], there.fates[day(ANNOUNCED) :])


def test_two_classes_from_the_day_gates_open() -> None:
    """Nobody is shut out before; from then on those without a paper, and refusals only at gated services."""
    shut = counted("certificate", "shut_out")
    assert not shut[:2].any()
    assert (shut[2:].sum(axis=1) > 0).all()
    assert not counted("ordinary-law", "shut_out").any()
    outcomes = field(life("certificate").notices, "outcomes", NOTICE_MARK)
    names = [service.id for service in stage().services]
    refused = {name: (outcomes >> 2 * n & 3) == REFUSED for n, name in enumerate(names)}
    assert refused["flight"][day(BEGINS) :].any()
    assert not any(refused[name].any() for name in names if name not in ("flight", "train"))
    assert not any(taken[: day(BEGINS)].any() for taken in refused.values())


def test_nobody_with_a_paper_is_turned_away() -> None:
    """Turned away in a month means shut out on at least as many days of it."""
    assert (counted("certificate", "turned_back") <= counted("certificate", "shut_out")).all()
    assert (counted("certificate", "turned_back") <= counted("certificate", "visits")).all()


def test_gates_that_check_turn_away_their_share() -> None:
    """Among those shut out on every day of September: P(away | visit) = checked."""
    month = 3
    always = counted("certificate", "shut_out")[month] == 30
    visits, away = (int(counted("certificate", name)[month][always].sum()) for name in ("visits", "turned_back"))
    made = BOOKS["certificate"]().certificate
    assert made is not None
    assert visits > 100
    assert binomial_fits(away, visits, float(made.checked))


def test_the_pass_has_a_benefit_side() -> None:
    """More doses from the announcement on, and fewer infections: with and without, in the same people."""
    with_pass, without = (counted(name, "doses").sum(axis=1) for name in ("certificate", "ordinary-law"))
    assert with_pass[0] == without[0]
    assert with_pass[1:3].sum() > 1.15 * without[1:3].sum()
    infections = [int(counted(name, "infections").sum()) for name in ("certificate", "ordinary-law")]
    assert infections[0] < infections[1]


def test_codes_turn_red_for_dissent_and_for_nothing_else() -> None:
    """F28: until the creep begins the two passes are one; then only those who dissent meet a red code."""
    creep, plain = life("certificate-creep"), life("certificate")
    for one, other in ((creep.deeds, plain.deeds), (creep.notices, plain.notices), (creep.fates, plain.fates)):
        assert same_bytes(one[: day(CREEP)], other[: day(CREEP)])
    red = counted("certificate-creep", "red").sum(axis=0)
    assert red.sum() > 0
    assert not counted("certificate", "red").any()
    rows = {deed.id: row + 1 for row, deed in enumerate(stage().society.deeds)}
    named = [rows[name] for name in ("petition", "protest", "critical_post")]
    acted = np.zeros(len(red), bool)
    for slot in "ab":
        acted |= np.isin(field(creep.deeds, f"deed_{slot}")[day(CREEP) :], named).any(axis=0)
    assert not (red[~acted] > 0).any()
    # Shut out by the code alone is wrongful, made by the rule: it is what the creep adds.
    rule_made = creep.sums.days[DAY_COUNTS.index("rule_made")]
    assert rule_made.sum() > 0
    assert (rule_made <= red).all()


def test_the_same_codes_turn_red_in_a_second_run() -> None:
    again = live(stage(), BOOKS["certificate-creep"]())
    assert same_bytes(again.end.health, life("certificate-creep").end.health)


def test_nobody_is_ill_without_seeds() -> None:
    parameters_of = stage().parameters
    made = certificate()
    assert made.certificate is not None
    none = made.certificate.epidemic.model_copy(update={"seeds": Number(value=0)})
    quiet = certificate(epidemic=none)
    small = set_stage(people(600, 1), [quiet], FIRST, dt.date(2021, 9, 30))
    small.parameters = parameters_of.with_values({"epidemic.outside": 0})
    lived = live(small, quiet)
    assert not np.array(lived.sums.health[HEALTH_COUNTS.index("infections")]).any()
    assert not lived.end.health.ill_until.any()


@pytest.mark.parametrize("name", BOOKS)
def test_children_carry_no_paper(name: str) -> None:
    adult = stage().population.adult
    assert (life(name).end.health.paper[~adult] == NONE).all()
    assert name.startswith("certificate") or not (life(name).end.health.paper == FORGED).any()
