"""The last evening of a month: people are paid and pay, the town balances its account, and careers move.

Wages are those of the month's job; who is promoted, dismissed or hired tonight starts so tomorrow. Households share:
wealth and purse are the household's, the same at each of its members.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from glasshouse.draws import purposes
from glasshouse.engine.columns import People, Today, World
from glasshouse.engine.counts import Counts, bought
from glasshouse.engine.neighbours import Collect, town_sums
from glasshouse.engine.numbers import Numbers
from glasshouse.engine.setting import Setting, Standing, drawn, listed, look_up, put, unscored
from glasshouse.engine.walls import wall
from glasshouse.mechanisms import budgets, careers, treasury
from glasshouse.regimes.livelihood_law import UNTOUCHED
from glasshouse.words import EMPLOYED, FATE_MARK, FOUND_WORK, LOST_WORK, PROMOTED, REAL, UNEMPLOYED

_MONTHS_A_YEAR = 12
_HUNDREDTHS = 100


class Livelihood(NamedTuple):
    """How a person earns and a household stands. [C, P].

    Attributes:
        job: uint8, words.OUTSIDE, EMPLOYED or UNEMPLOYED. rung: uint8, promotions so far.
        wealth: int32, CNY, the household's. purse: int32, hundredths of CNY, the most one necessity may cost.
    """

    job: Any
    rung: Any
    wealth: Any
    purse: Any


class Homes(NamedTuple):
    """The month of a town's households, int64 CNY: income after tax and interest, bills for services, living."""

    income: Any
    bills: Any
    living: Any


class Account(NamedTuple):
    """A town's account, kept by each of its cells. int64 [C].

    Attributes:
        balance: hundredths of CNY. each: CNY handed to each adult last month, below 0 where raised.
        lines: what came and went last month. homes: what households had.
    """

    balance: Any
    each: Any
    lines: treasury.Lines
    homes: Homes


class Pay(NamedTuple):
    """What a month brings a person, int64 CNY; income: after tax and interest, the town's dividend in it."""

    income: Any
    taxes: Any
    relief: Any
    interest: Any
    benefits: Any


def month(
    setting: Setting, today: Today, under: Standing, counts: Counts, collect: Collect, world: World,
    closed: Any, isolation: Any, fates: Any,
) -> tuple[World, Any]:  # fmt: skip
    """A month's end at work and at home.

    Args:
        setting, today, under, counts, collect, world: as everywhere.
        closed: bool, the person's employer has closed. isolation: int32 Q16, share of ties cut. Arrays or scalars.
        fates: the day's mark.
    """
    home, now = world.livelihood, today.open
    empty = jnp.zeros(home.job.shape, jnp.int64)
    # Everybody is paid and taxed.
    paid = wall(now, partial(earn, setting, today, world), Pay(*[empty] * len(Pay._fields)))
    # Households pay their bills and live.
    keep = partial(keep_house, setting, counts, paid)
    wealth, purse, *spent = wall(now, keep, (home.wealth, home.purse, empty, empty, empty))
    # The town balances its account.
    balance = partial(close_account, setting, today, under, counts, collect, paid, tuple(spent))
    account = wall(now, balance, world.account)
    # Some are promoted, some lose their work, some find some.
    blank = jnp.zeros(home.job.shape, jnp.uint32)
    lots = wall(now, partial(draw_lots, setting, today), (blank, blank, blank))
    step = partial(move, setting, today, world, lots, closed, isolation)
    job, rung, fates = wall(now, step, (home.job, home.rung, fates))
    return replace(world, livelihood=Livelihood(job, rung, wealth, purse), account=account), fates


def earn(setting: Setting, today: Today, world: World, _: Pay) -> Pay:
    """Wages, benefits, tax and its relief, a regime's interest, and what the town hands out."""
    people, numbers, home = setting.people, setting.numbers, world.livelihood
    factor = look_up(numbers.budgets.ladder, home.rung)
    earnings = budgets.earned(home.job, people.wage, factor, numbers.budgets.benefit)
    taxes = budgets.tax(home.job, earnings, numbers.budgets)
    relief = budgets.relief(taxes, term(setting, today, world, "tax"))
    owed = jnp.where(people.borrower, people.wage.astype(jnp.int64) * numbers.loan, 0)
    interest = budgets.interest(owed, term(setting, today, world, "loan"))
    each = treasury.dividend(world.account.balance, people.town_adults[people.town])
    return Pay(
        income=earnings - taxes + relief - interest + jnp.where(people.adult, each[:, None], 0),
        taxes=taxes,
        relief=relief,
        interest=interest,
        benefits=jnp.where(home.job == UNEMPLOYED, earnings, 0),
    )


def keep_house(setting: Setting, counts: Counts, paid: Pay, columns: tuple[Any, ...]) -> tuple[Any, ...]:
    """A household's wealth and purse after the month; its bills, what it lived on, what was written off."""
    wealth = columns[0]
    people, numbers = setting.people, setting.numbers
    together = household_sums(paid.income, people)
    spent = household_sums(sum(p.astype(jnp.int64) for p in counts.paid), people)
    # Bills are paid in whole yuan; the town's account bears the odd hundredths.
    bills = (spent + _HUNDREDTHS // 2) // _HUNDREDTHS
    wanted = budgets.living(together, bills, people.members.astype(jnp.int64), numbers.budgets)
    after = budgets.settle(wealth, together, bills, wanted, numbers.budgets.limit)
    return after.wealth.astype(jnp.int32), purse_of(together, numbers), bills, after.lived_on, after.written_off


def close_account(
    setting: Setting, today: Today, under: Standing, counts: Counts, collect: Collect, paid: Pay,
    spent: tuple[Any, ...], account: Account,
) -> Account:  # fmt: skip
    """The account of each town: what came and went, and what is left."""
    people = setting.people
    ordinary = setting.law.access.price_tier[:, unscored(setting.law)]
    # Limited places are paid for when they are got, not when asked for; their premium stays with who gives them.
    worth = sum(
        counts.paid[n].astype(jnp.int64) if n in people.places else bought(counts, n).astype(jnp.int64) * ordinary[n]
        for n in range(len(counts.paid))
    )
    heads = people.resident & (people.seat == 0)
    sums = [of_person.sum(axis=1) for of_person in (*paid, worth)]
    sums += [jnp.where(heads, of_home, 0).sum(axis=1) for of_home in spent]
    totals = town_sums(jnp.stack([*sums, _running(setting, today, under)], axis=1), people, collect)[people.town]
    income, taxes, relief, interest, benefits, price, bills, living, off, costs = totals.T
    lines = treasury.Lines(
        taxes=taxes,
        relief=relief,
        interest=interest,
        premiums=_HUNDREDTHS * bills - price,
        benefits=benefits,
        written_off=off,
        spending=people.spending[people.town],
        running=costs // _HUNDREDTHS,
    )
    adults = people.town_adults[people.town]
    each = treasury.dividend(account.balance, adults)
    balance = treasury.balanced(account.balance, each, adults, lines)
    return Account(balance, each, lines, Homes(income, bills, living))


def draw_lots(setting: Setting, today: Today, _: tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
    """The month's words of careers: promotion, losing work, finding it."""
    drawn_words = drawn(setting, purposes.CAREER, today)
    return drawn_words.a, drawn_words.b, drawn_words.c


def move(
    setting: Setting, today: Today, world: World, lots: Any, closed: Any, isolation: Any,
    columns: tuple[Any, Any, Any],
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Promotion, work lost, work found: job, rung and the mark of fates."""
    job, rung, fates = columns
    people, numbers = setting.people, setting.numbers
    chances = careers.chances(
        look_up(numbers.careers.promotion, people.career),
        look_up(numbers.careers.loss, people.career),
        term(setting, today, world, "promotion"),
        term(setting, today, world, "job"),
        world.shown_until > today.day,
        jnp.broadcast_to(closed, job.shape),
        jnp.broadcast_to(isolation, job.shape),
        numbers.careers,
    )
    now, higher = careers.month(lots, job, rung, chances, numbers.budgets.ladder.shape[0] - 1)
    fate = jnp.where((job == EMPLOYED) & (now == UNEMPLOYED), LOST_WORK, 0)
    fate = jnp.where((job == UNEMPLOYED) & (now == EMPLOYED), FOUND_WORK, fate)
    fate = jnp.where(higher > rung, PROMOTED, fate)
    return now, higher, fates | put(fate, "job", FATE_MARK)


def term(setting: Setting, today: Today, world: World, name: str) -> Any:
    """A term of work or money as the regime sets it for each person, int64 Q16.

    The worst of tier and blacklists; red lists only improve.
    """
    law, black = setting.law.livelihood, setting.law.lists.black
    worse, better = (jnp.minimum, jnp.maximum) if name == "promotion" else (jnp.maximum, jnp.minimum)
    value, own = look_up(getattr(law, f"{name}_tier"), world.tier[REAL]), getattr(law, f"{name}_list")
    for colour, change in ((black, worse), (~black, better)):
        for n in range(len(world.until)):
            on = colour[n] & (own[n] != UNTOUCHED) & listed(today, world, n, REAL)
            value = jnp.where(on, change(value, own[n]), value)
    return value


def household_sums(own: Any, people: People) -> Any:
    """What a household has together, at each of its members: int64 [C, P]."""
    cells, places = own.shape
    place = jnp.arange(cells * places, dtype=jnp.int32)
    head = place - people.seat.reshape(-1).astype(jnp.int32)
    sums = jax.ops.segment_sum(own.reshape(-1), head, cells * places, indices_are_sorted=True)
    return sums[head].reshape(own.shape)


def purse_of(income: Any, numbers: Numbers) -> Any:
    """The most that one necessity may cost a household of this monthly income, int32 hundredths."""
    most = (income.clip(0) * _HUNDREDTHS * numbers.affordable) >> 16
    return most.clip(0, budgets.MOST).astype(np.int32)


def _running(setting: Setting, today: Today, under: Standing) -> Any:
    """What the regime costs to run this month, by cell, int64 hundredths: cameras where it films, offices."""
    law = setting.law.livelihood
    there = under.subject.sum(axis=1, dtype=jnp.int64)
    cameras = (law.cameras * (today.filming >> 16).astype(jnp.int64)) >> 16
    office = jnp.where(setting.law.score.kept, law.office, 0)
    return there * (cameras + office) // _MONTHS_A_YEAR
