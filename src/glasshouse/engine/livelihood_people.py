"""The first morning's livelihoods, on the host: what people earn and owe, and what a town spends."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import chance, happens
from glasshouse.draws.philox import Key, words
from glasshouse.draws.purposes import PERSON_LOAN
from glasshouse.engine.columns import People
from glasshouse.engine.livelihood import Account, Homes, Livelihood, purse_of
from glasshouse.engine.livelihood_numbers import OWNERS
from glasshouse.engine.numbers import Numbers
from glasshouse.evidence import Parameters
from glasshouse.mechanisms import budgets, treasury
from glasshouse.population import Population, Role
from glasshouse.words import EMPLOYED, OUTSIDE, UNEMPLOYED

_MONTHS_A_YEAR = 12


def by_person(p: Population, seed: int, parameters: Parameters) -> dict[str, NDArray[Any]]:
    """The static columns wage, career, job, borrower, seat and members of `People`, by person.

    The population's earnings are what is left after ordinary tax: wages are what must be earned before it.
    """
    n = parameters.number
    working = (p.role == Role.WORKER) | (p.role == Role.OWNER)
    without = p.role == Role.UNEMPLOYED
    benefit = n("budgets.benefit") or 1.0
    net = p.earnings / _MONTHS_A_YEAR / np.where(without, benefit, 1.0)
    gross = np.where(working | without, budgets.before_tax(net, n("budgets.allowance"), n("budgets.tax_rate")), net)
    row = np.where(p.role == Role.OWNER, OWNERS, p.education) + np.where(p.urban, OWNERS + 1, 0)
    drawn = words(Key.of(seed), p.number, PERSON_LOAN, np.uint32(0), p.town.astype(np.uint32))
    return {
        "wage": np.rint(np.minimum(gross, budgets.MOST)).astype(np.int32),
        "career": row.astype(np.uint8),
        "job": np.select([working, without], [EMPLOYED, UNEMPLOYED], OUTSIDE).astype(np.uint8),
        "borrower": p.adult & happens(drawn.a, chance(n("budgets.borrowers"))),
        "seat": p.household_place,
        "members": p.household_size,
    }


def public_spending(wage: Any, job: Any, town: Any, towns: int, numbers: Numbers) -> NDArray[np.int64]:
    """What a town spends beside benefits, int64 CNY a month [T]: its taxes less benefits of the first morning."""
    earnings, taxes = _first_month(wage, job, numbers)
    sums = np.zeros(towns, np.int64)
    np.add.at(sums, town, taxes - earnings * (job == UNEMPLOYED))
    return sums


def newborn(people: People, numbers: Numbers) -> Livelihood:
    """Everybody in the job they begin with, on the lowest rung, with some years of income saved."""
    job = np.array(people.job)
    earnings, taxes = _first_month(people.wage, job, numbers)
    head = np.arange(job.size) - np.ravel(people.seat)
    homes = np.zeros(job.size, np.int64)
    np.add.at(homes, head, np.ravel(earnings - taxes))
    income = homes[head].reshape(job.shape)
    wealth = (income * numbers.savings).clip(0, budgets.MOST).astype(np.int32)
    return Livelihood(job, np.zeros_like(job), wealth, purse_of(income, numbers))


def _first_month(wage: Any, job: Any, numbers: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Earnings and ordinary tax of a first month, int64 CNY."""
    money = numbers.budgets
    earnings = budgets.earned(job, wage, money.ladder[0], money.benefit)
    return earnings, budgets.tax(job, earnings, money)


def even(cells: int) -> Account:
    """An account in which nothing has happened yet."""

    def nothing(copies: int) -> list[NDArray[np.int64]]:
        return [np.zeros(cells, np.int64) for _ in range(copies)]

    balance, each = nothing(2)
    lines = treasury.Lines(*nothing(len(treasury.Lines._fields)))
    return Account(balance, each, lines, Homes(*nothing(len(Homes._fields))))
