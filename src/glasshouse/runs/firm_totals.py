"""The month's totals of firms, by town."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.columns import Today
from glasshouse.engine.stage import Actor
from glasshouse.population.firms import NOBODY, SECTORS
from glasshouse.regimes.firm_rules import tiers_in_order
from glasshouse.regimes.firm_tables import FIRM_TIERS
from glasshouse.runs.cast import Cast
from glasshouse.runs.sheet import Row
from glasshouse.runs.tally import Evening
from glasshouse.words import CLEAN, FIRM_MARK, HONEST, REAL

_MILLION = 1_000_000
_CONNECTED = ("unconnected", "connected")

Column = NDArray[Any]


def firm_totals(cast: Cast, actor: Actor, today: Today, days: int, after: Evening, december: bool) -> list[Row]:
    """All rows of a month of one world's firms.

    Args:
        cast: the people and firms.
        actor: the regime.
        today: the month's calendar. days: length of the month.
        after: the world on the last evening.
        december: whether to take the concentration of revenue.
    """
    state, books, law = after.world.firms, after.world.firm_books, actor.law.firms
    sheet, working = Sheet(cast), state.open
    tie = cast.firms.connected.astype(np.int64)
    everyone = np.zeros_like(tie)
    sheet.add("firms", "all", ["all"], everyone, working)
    sheet.add("firms", "connected", _CONNECTED, tie, working)
    sheet.add("firms", "sector", SECTORS, cast.firms.sector, working)
    sheet.add("firm_jobs", "all", ["all"], everyone, np.where(working, cast.firms.size, 0))
    revenue = np.where(working, revenues(state.level), 0)
    sheet.add("firm_revenue", "all", ["all"], everyone, revenue)
    sheet.add("firm_revenue", "connected", _CONNECTED, tie, revenue)
    sheet.add("firm_revenue", "sector", SECTORS, cast.firms.sector, revenue)
    told = {name: (books.told >> n) & 1 == 1 for n, name in enumerate(FIRM_MARK)}
    for n, happened in enumerate(told.values()):
        sheet.add("firm_events", "firm_event", FIRM_MARK, everyone + n, happened)
    sheet.add("firms_founded", "connected", _CONNECTED, tie, told["founded"])
    sheet.add("firms_closed", "connected", _CONNECTED, tie, told["closed"])
    names = _tier_names(actor)
    rated = working & (books.tier[REAL] < FIRM_TIERS)
    sheet.add("firms_rated", "connected", _CONNECTED, tie, rated)
    sheet.add("firms_rated", "firm_tier", names, books.tier[REAL], rated)
    sheet.add("firms_rated", "firm_clean_tier", names, books.tier[CLEAN], rated)
    rating = _rating(cast, actor, today, days, after)
    sheet.add("firm_rating_sum", "connected", _CONNECTED, tie, np.where(rated, rating, 0))
    last = days - 1
    listed = [bool(today.firms[last]) & (until > today.day[last]) & working for until in books.until]
    sheet.add("firms_listed", "connected", _CONNECTED, tie, listed[REAL])
    grade = [law.grade[tier] for tier in books.tier]

    def worse(book: int, than: int) -> Column:
        by_list = bool(law.on_list.harsh) & listed[book] & ~listed[than]
        return np.asarray(working & ((grade[book] > grade[than]) | by_list))

    wrongful = worse(REAL, CLEAN)
    sheet.add("firms_wrongful", "connected", _CONNECTED, tie, wrongful)
    sheet.add("firms_mistaken", "connected", _CONNECTED, tie, wrongful & worse(REAL, HONEST))
    sheet.add("firms_rule_made", "connected", _CONNECTED, tie, wrongful & worse(HONEST, CLEAN))
    if december:
        _herfindahl(sheet, cast, revenue)
    return sheet.rows


def revenues(level: NDArray[np.int32]) -> NDArray[np.int64]:
    """Revenue of a month, hundredths of CNY, from its logarithm."""
    return np.asarray(np.rint(100 * np.exp2(level / 2.0**16)), np.int64)


class Sheet:
    """Rows as they are counted."""

    def __init__(self, cast: Cast) -> None:
        """An empty sheet."""
        layout = cast.population.layout
        self.rows, self.towns = list[Row](), layout.towns
        self.town = np.repeat(np.arange(layout.towns), layout.cells_per_town)[:, None]

    def add(self, measure: str, dimension: str, labels: Sequence[str], key: Column, weights: Column) -> None:
        """Sum what firms weigh, by town and key."""
        counts = self.sums(labels, key, weights)
        for town, place in np.argwhere(counts):
            self.rows.append(Row(int(town), measure, dimension, labels[place], int(counts[town, place])))

    def sums(self, labels: Sequence[str], key: Column, weights: Column) -> NDArray[np.int64]:
        """Whole numbers [towns, labels]."""
        counts = np.zeros((self.towns, len(labels)), np.int64)
        there = weights != 0
        town = np.broadcast_to(self.town, weights.shape)[there]
        np.add.at(counts, (town, key[there].astype(np.int64)), weights[there].astype(np.int64))
        return counts


def _tier_names(actor: Actor) -> list[str]:
    given = actor.book.firms
    names = [] if given is None else [name for name, _ in tiers_in_order(given)]
    return [*names, *(f"#{n}" for n in range(len(names), FIRM_TIERS + 1))]


def _rating(cast: Cast, actor: Actor, today: Today, days: int, after: Evening) -> NDArray[np.int64]:
    """What each firm's tier is read from, hundredths of a point."""
    bonus, firms, last = actor.law.firms.bonus.astype(np.int64), cast.firms, days - 1
    black = actor.law.lists.black & today.begun[last]
    on = np.zeros(cast.people, np.bool_)
    for n, until in enumerate(after.world.until):
        on |= black[n] & (until[REAL] > today.day[last])
    cell, slot = np.nonzero(firms.owner != NOBODY)
    owner_listed = np.zeros(firms.owner.shape, np.bool_)
    owner_listed[cell, slot] = on[cast.person_at[cell * cast.grid.places + firms.owner[cell, slot]]]
    standing = (firms.connected, firms.sharing, owner_listed)
    return np.asarray(
        after.world.firm_books.score[REAL].astype(np.int64)
        + sum(np.where(holds, bonus[n], 0) for n, holds in enumerate(standing))
    )


def _herfindahl(sheet: Sheet, cast: Cast, revenue: NDArray[np.int64]) -> None:
    """Sum over firms of the square of each one's share of its sector's revenue in the town."""
    sector = cast.firms.sector
    total = sheet.sums(SECTORS, sector, revenue)
    town = np.broadcast_to(sheet.town, revenue.shape)
    share = revenue / np.maximum(total[town, sector], 1)
    squared = np.zeros(total.shape)
    np.add.at(squared, (town.reshape(-1), sector.reshape(-1)), (share**2).reshape(-1))
    for at, place in np.argwhere(total):
        value = round(_MILLION * float(squared[at, place]))
        sheet.rows.append(Row(int(at), "firm_herfindahl", "sector", SECTORS[place], value))
