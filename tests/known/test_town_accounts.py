"""Money of a whole society: nothing appears and nothing vanishes, month after month, to the last hundredth (T30).

sum over households of (wealth' - wealth) = income - bills - living + written off
balance' - balance = 100 (taxes - relief + interest - benefits - written off - spending - running - adults each)
                     + premiums,                      premiums = 100 bills - ordinary price of what was bought
income = sum over people of earned - tax + relief - interest + each [adults],  earned by job, rung and wage
"""

from __future__ import annotations

from functools import cache
from typing import Any

import jax
import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.engine.calendar import Span
from glasshouse.engine.livelihood import household_sums
from glasshouse.engine.livelihood_numbers import budget_numbers
from glasshouse.engine.stage import Stage
from glasshouse.evidence import parameters
from glasshouse.regimes import Number, RuleBook
from glasshouse.regimes.sections.costs import Costs
from glasshouse.words import EMPLOYED, FATE_MARK, FOUND_WORK, LOST_WORK, OUTSIDE, PROMOTED, REAL, UNEMPLOYED
from known.oracle import Z_LIMIT
from stage import FIRST, LAST, Life, book, by_person, field, live, people, same_bytes, standard

Ints = NDArray[np.int64]
WORLDS = ("ordinary-law", "article")


@cache
def life(name: str) -> Life:
    return live(standard(), {"dear": dear()}.get(name) or book(name))


def dear() -> RuleBook:
    """The article's regime where cameras cost what half of the households live on."""
    return book("article").model_copy(update={"costs": Costs(cameras=Number(value=20_000))})


def by_town(of_person: NDArray[Any]) -> Ints:
    return np.bincount(people().town, of_person.astype(np.float64), 2).astype(np.int64)


def of_towns(of_cell: NDArray[Any]) -> Ints:
    """A town's figure, which each of its cells keeps."""
    figures = of_cell.reshape(2, -1)
    assert (figures == figures[:, :1]).all()
    return figures[:, 0].astype(np.int64)


def heads() -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = people().household_place == 0
    return found


def static() -> Any:
    stage = standard()
    names = ("wage", "job", "borrower", "seat", "members")
    held = jax.device_get(stage.people)
    return {name: stage.grid.read(np.asarray(getattr(held, name))) for name in names}


@pytest.mark.parametrize("name", [*WORLDS, "dear"])
def test_households_lose_nothing(name: str) -> None:
    stage = standard()
    before = by_person(stage, stage.newborn()).livelihood.wealth
    for month in life(name).months:
        after, homes = month.livelihood.wealth, month.account.homes
        written_off = of_towns(month.account.lines.written_off)
        flows = of_towns(homes.income) - of_towns(homes.bills) - of_towns(homes.living) + written_off
        moved = after.astype(np.int64) - before
        assert by_town(moved * heads()).tolist() == flows.tolist()
        before = after


@pytest.mark.parametrize("name", [*WORLDS, "dear"])
def test_the_account_loses_nothing(name: str) -> None:
    adults = by_town(people().adult)
    before = np.zeros(2, np.int64)
    for month in life(name).months:
        account = month.account
        line = {key: of_towns(value) for key, value in account.lines._asdict().items()}
        each = of_towns(account.each)
        assert each.tolist() == (before // (100 * adults)).tolist()
        whole = line["taxes"] - line["relief"] + line["interest"] - line["benefits"]
        whole = whole - line["written_off"] - line["spending"] - line["running"] - adults * each
        after = before + 100 * whole + line["premiums"]
        assert of_towns(account.balance).tolist() == after.tolist()
        before = after


@pytest.mark.parametrize("name", WORLDS)
def test_the_lines_are_sums_over_people(name: str) -> None:
    """Earnings, benefits, taxes and premiums of a month, from the jobs held in it and from what was paid in it."""
    stage, p, fixed, n = standard(), people(), static(), budget_numbers(parameters())
    home = by_person(stage, stage.newborn()).livelihood
    prices = np.array([round(100 * float(s.price)) for s in stage.services])
    for month, gained in zip(life(name).months, life(name).gains, strict=True):
        wage = (fixed["wage"].astype(np.int64) * n.ladder[home.rung] + 2**15) >> 16
        earned = np.select(
            [home.job == EMPLOYED, home.job == UNEMPLOYED], [wage, wage * n.benefit >> 16], fixed["wage"]
        )
        tax = np.where(home.job == EMPLOYED, np.maximum(earned - n.allowance, 0) * n.rate >> 16, 0)
        line = {key: of_towns(value) for key, value in month.account.lines._asdict().items()}
        assert by_town(tax).tolist() == line["taxes"].tolist()
        assert by_town(np.where(home.job == UNEMPLOYED, earned, 0)).tolist() == line["benefits"].tolist()
        handed = by_town(p.adult) * of_towns(month.account.each)
        income = by_town(earned - tax) + line["relief"] - line["interest"] + handed
        assert of_towns(month.account.homes.income).tolist() == income.tolist()
        bought = [
            a.astype(np.int64) - r - s for a, r, s in zip(gained.asked, gained.refused, gained.short, strict=True)
        ]
        limited = [service.load is not None for service in standard().services]
        worth = [
            p.astype(np.int64) if full else b * price
            for b, p, price, full in zip(bought, gained.paid, prices, limited, strict=True)
        ]
        ordinary = by_town(sum(worth))
        paid = sum(column.astype(np.int64) for column in gained.paid)
        at_home = np.bincount(p.household, paid)[p.household].astype(np.int64)
        bills = by_town(np.where(heads(), (at_home + 50) // 100, 0))
        assert of_towns(month.account.homes.bills).tolist() == bills.tolist()
        assert line["premiums"].tolist() == (100 * bills - ordinary).tolist()
        home = month.livelihood


def test_households_share() -> None:
    for month in life("article").months:
        for column in (month.livelihood.wealth, month.livelihood.purse):
            first = column[heads()][people().household]
            assert (column == first).all()


def test_household_sums_are_sums_over_households() -> None:
    stage = standard()
    own = np.arange(stage.grid.cells * stage.grid.places, dtype=np.int64).reshape(stage.grid.shape) % 1009
    found = stage.grid.read(np.asarray(household_sums(own, stage.people)))
    of_person = stage.grid.read(own)
    expected = np.bincount(people().household, of_person)[people().household]
    assert (found == expected).all()


def test_the_first_morning_is_even() -> None:
    """Spending is what taxes leave after benefits, so the first month's balance is that of fens alone."""
    month = life("ordinary-law").months[0]
    line = {key: of_towns(value) for key, value in month.account.lines._asdict().items()}
    assert (line["taxes"] - line["benefits"] == line["spending"]).all()
    assert (of_towns(month.account.balance) == line["premiums"] - 100 * line["written_off"]).all()
    for name in ("relief", "interest", "running"):
        assert not line[name].any()


def test_ordinary_premiums_are_only_the_fens_of_bills() -> None:
    for month in life("ordinary-law").months:
        assert (abs(of_towns(month.account.lines.premiums)) <= 50 * by_town(heads())).all()


def test_people_live_on_what_chinas_statistics_say() -> None:
    """28,227 CNY a head in 2024, bills included; incomes of 41,314 after tax. The invented town is rougher: 10 %."""
    month = life("ordinary-law").months[0].account.homes
    a_year = 12 / len(people())
    assert (of_towns(month.income).sum() * a_year) == pytest.approx(41_314, rel=0.1)
    assert (of_towns(month.bills) + of_towns(month.living)).sum() * a_year == pytest.approx(28_227, rel=0.1)


def test_careers_tell_what_became_of_them() -> None:
    """The mark of the last day says who lost work, found some or rose; nobody moves on another day."""
    told, stage = life("article"), standard()
    fates = field(told.fates, "job", FATE_MARK)
    ends = np.cumsum([(days[1] - days[0]).days + 1 for days in stage.span.months()]) - 1
    assert not np.delete(fates, ends, axis=0).any()
    before = by_person(stage, stage.newborn()).livelihood
    for day, month in zip(ends, told.months, strict=True):
        now = month.livelihood
        assert ((fates[day] == LOST_WORK) == ((before.job == EMPLOYED) & (now.job == UNEMPLOYED))).all()
        assert ((fates[day] == FOUND_WORK) == ((before.job == UNEMPLOYED) & (now.job == EMPLOYED))).all()
        assert ((fates[day] == PROMOTED) == (now.rung > before.rung)).all()
        assert ((before.job == OUTSIDE) == (now.job == OUTSIDE)).all()
        before = now


def test_unemployment_stays_at_its_share() -> None:
    """2.5 and 5.1 % of the labour force, by place, after six months of ordinary law in which no firm closes."""
    registry = parameters().with_values({"firms.exit": -50.0})
    stage = Stage(people(), [book("article")], Span(FIRST, LAST, 0), 1, registry)
    job = live(stage, book("ordinary-law")).end.livelihood.job
    for urban, share in ((False, 0.025), (True, 0.051)):
        force = (job != OUTSIDE) & (people().urban == urban)
        out, size = (job[force] == UNEMPLOYED).sum(), force.sum()
        assert abs(out - share * size) / np.sqrt(size * share * (1 - share)) < Z_LIMIT


def test_costs_are_raised_from_everybody_alike() -> None:
    """Twenty thousand yuan a resident and year: every adult is levied, and the poor cut down on living."""
    each = [of_towns(month.account.each) for month in life("dear").months]
    assert (each[-1] < -400).all()
    assert (
        of_towns(life("dear").end.account.homes.living).sum() < of_towns(life("article").end.account.homes.living).sum()
    )


def test_work_lost_makes_the_purse_lighter() -> None:
    stage, told = standard(), life("ordinary-law")
    before = by_person(stage, stage.newborn()).livelihood
    lost = (before.job == EMPLOYED) & (told.months[0].livelihood.job == UNEMPLOYED)
    alone = lost & (people().household_size == 1)
    assert lost.any()
    purse = told.months[1].livelihood.purse
    assert (purse[alone] < before.purse[alone]).all()
    assert purse[lost].astype(np.int64).sum() < before.purse[lost].astype(np.int64).sum()


def test_whom_no_rule_touches_rises_with_their_twin() -> None:
    """Promotions come on the same draws: in a neutral tier or none, on no list, a person rises when their twin does."""
    there, here = life("article"), life("ordinary-law")
    neutral = np.ones(len(people()), bool)
    for month in there.months:
        factor = there.actor.law.livelihood.promotion_tier[month.tier[REAL]]
        on_list = np.any([until[REAL] > 0 for until in month.until], axis=0)
        neutral &= (factor == 1 << 16) & ~on_list
    assert neutral.mean() > 0.3
    assert same_bytes(there.end.livelihood.rung[neutral], here.end.livelihood.rung[neutral])
