"""A month of firms, and what passes between them and their people."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

from glasshouse.arithmetic import happens
from glasshouse.draws import purposes
from glasshouse.draws.philox import Words, words
from glasshouse.draws.purposes import Purpose
from glasshouse.engine.columns import Today, World
from glasshouse.engine.parts import FirmBooks, Firms
from glasshouse.engine.setting import Setting, Standing, listed, look_up, put
from glasshouse.mechanisms import firms, ledger, lists, tiers
from glasshouse.population.firms import NOBODY
from glasshouse.regimes.firm_tables import FIRM_TIERS
from glasshouse.words import FIRM_MARK, LEDGERS, NOTICE_MARK, REAL

_BOOKS = range(len(LEDGERS))


class Terms(NamedTuple):
    """On what terms a firm trades this month, [C, K]: chances uint32, drag int32, share of customers int32 Q16."""

    tender: Any
    inspection: Any
    drag: Any
    known: Any


def close(setting: Setting, today: Today, world: World, columns: tuple[Firms, FirmBooks]) -> tuple[Firms, FirmBooks]:
    """A month of firms: what happened to them, how they fared, what is held against them, who closed and who began."""
    state, held = columns
    law, traits, numbers = setting.law.firms, setting.people.firms, setting.numbers.firms
    subject = traits.exists & happens(traits.lot, law.share) & _subject(setting, today)
    on_list = today.firms & law.kept & (held.until[REAL] > today.day)
    terms = _terms(setting, subject, held.tier[REAL], on_list)
    odds = numbers.odds._replace(
        breach=jnp.where(subject, law.breach, numbers.odds.breach),
        arrears=jnp.where(subject, law.arrears, numbers.odds.arrears),
    )
    conduct, record = _drawn(setting, purposes.CONDUCT, today), _drawn(setting, purposes.CONDUCT, today, 1)
    trade = _drawn(setting, purposes.TRADE, today)
    refuses = firms.of_owner(world.voice, traits.owner, NOBODY)
    events = firms.month((*conduct, *record[:3]), terms.inspection, odds, traits.quality, refuses, state.open)
    won = state.open & happens(trade.a, terms.tender)
    level = firms.trade(
        state.level, won, terms.drag, events.inspected, traits.quality, terms.known, trade.b, numbers.course
    )
    level = jnp.where(state.open, level, state.level)
    closed, founded = firms.turnover(trade.c, state.open, level, traits.first, on_list & law.holds, numbers.course)
    founded &= traits.exists
    working = (state.open & ~closed) | founded
    books = _books(setting, today, world, held, events, subject & state.open, (record.d, trade.d))
    told = (
        events.inspected, events.failed, events.failed & ~events.truly, events.arrears, events.arrears & ~events.owed,
        events.fault, events.resisted, events.obliged, won, founded, closed,
    )  # fmt: skip
    books = _published(setting, today, world, books, founded, subject & working)
    return Firms(jnp.where(founded, traits.first, level), working), books._replace(told=_marked(told))


def join_owners(
    setting: Setting, today: Today, under: Standing, came: tuple[Any, ...], columns: tuple[Any, Any]
) -> tuple[Any, Any]:
    """Owners come onto a blacklist of people with their firms, the morning after these were listed.

    Only for what the firm did itself: an owner whose own listing brought the firm onto its list is not listed again.
    """
    until, notices = columns
    law, people, now = setting.law, setting.people, today.day.astype(jnp.int32)
    rows = []
    for n, books in enumerate(until):
        chosen = (law.firms.owners_list == n) & today.begun[n]
        within = chosen & people.liable & (law.lists.everywhere[n] | under.subject)
        entered = tuple(within & firms.of_employer(flag, people.owned, False) for flag in came)
        notices |= put(entered[REAL] & (books[REAL] <= now), "listed", NOTICE_MARK) << n
        rows.append(
            tuple(
                lists.prolonged(book, e, now, law.lists.term[n], law.remedies.delay)
                for book, e in zip(books, entered, strict=True)
            )
        )
    return tuple(rows), notices


def out_of_work(setting: Setting, open_before: Any, world: World) -> Any:
    """Whose firm closed this month, bool [C, P]. Who finds work afterwards finds it elsewhere.

    Args:
        setting: for who works where.
        open_before: bool [C, K], firms open at the month's beginning.
        world: after the month's firms were closed.
    """
    return firms.of_employer(open_before & ~world.firms.open, setting.people.employer, False)


def _subject(setting: Setting, today: Today) -> Any:
    """Cells whose firms are scored, bool [C, 1]."""
    law = setting.law.firms
    return (law.kept & today.firms & (law.everywhere | (setting.people.rank < today.districts)))[:, None]


def _terms(setting: Setting, subject: Any, tier: Any, on_list: Any) -> Terms:
    """The worse of tier and list."""
    law, numbers = setting.law.firms, setting.numbers.firms
    tier = jnp.where(subject, tier, jnp.uint8(FIRM_TIERS))
    tender, inspection, drag = (look_up(column, tier) for column in (law.tender, law.inspection, law.drag))
    share = jnp.maximum(numbers.visible, jnp.where(subject, law.publicity, 0)).astype(jnp.int64)
    return Terms(
        jnp.where(on_list, jnp.minimum(tender, law.on_list.tender), tender),
        jnp.where(on_list, jnp.maximum(inspection, law.on_list.inspection), inspection),
        jnp.where(on_list, jnp.maximum(drag, law.on_list.drag), drag),
        ((numbers.quality * share) >> 16).astype(jnp.int32),
    )


def _books(
    setting: Setting, today: Today, world: World, held: FirmBooks, events: firms.Events, within: Any,
    chances: tuple[Any, Any],
) -> FirmBooks:  # fmt: skip
    """Points and entries of the month."""
    law, now = setting.law.firms, today.day.astype(jnp.int32)
    listing, leaving = chances
    score = tuple(
        ledger.post(book, posted, within, law.start, law.lowest, law.highest, law.forgiveness)
        for book, posted in zip(held.score, firms.postings(events, law.points), strict=True)
    )
    until, came = [], []
    for book, told in enumerate(firms.listings(events)):
        caused = sum((law.entry[n] & happened for n, happened in enumerate(told)), jnp.zeros(within.shape, bool))
        own = within & caused & happens(listing, law.listing)
        owner = within & law.by_owner & _owner_listed(setting, today, world, book)
        left = lists.left(leaving, held.until[book], now, law.exits)
        until.append(lists.prolonged(left, own | owner, now, law.term))
        came.append(own)
    return held._replace(score=score, until=tuple(until), came=tuple(came))


def _published(setting: Setting, today: Today, world: World, books: FirmBooks, founded: Any, scored: Any) -> FirmBooks:
    """New firms begin with clean books, and everybody's tier for the next month is published."""
    law, traits = setting.law.firms, setting.people.firms
    score = tuple(jnp.where(founded, law.start, book) for book in books.score)
    rated = (
        firms.rating(score[n], traits.connected, traits.sharing, _owner_listed(setting, today, world, n), law.bonus)
        for n in _BOOKS
    )
    return books._replace(
        score=score,
        tier=tuple(tiers.tier(rating, law.cuts, scored, FIRM_TIERS) for rating in rated),
        until=tuple(jnp.where(founded, jnp.uint16(0), book) for book in books.until),
        came=tuple(book & ~founded for book in books.came),
    )


def _owner_listed(setting: Setting, today: Today, world: World, book: int) -> Any:
    """Whether the owner is on a blacklist of people, by one of the three books, bool [C, K]."""
    black = setting.law.lists.black
    on = sum((black[n] & listed(today, world, n, book) for n in range(len(world.until))), jnp.bool_(False))
    return firms.of_owner(on, setting.people.firms.owner, NOBODY)


def _drawn(setting: Setting, purpose: Purpose, today: Today, sub: int = 0) -> Words:
    """The firms' words for a purpose today."""
    people = setting.people
    town = people.town[:, None].astype(jnp.uint32)
    return words(setting.key, people.firms.number, purpose, today.day.astype(jnp.uint32), town, sub)


def _marked(told: tuple[Any, ...]) -> Any:
    """words.FIRM_MARK, uint16."""
    assert len(told) == len(FIRM_MARK)
    marks = (flag.astype(jnp.uint16) << n for n, flag in enumerate(told))
    return sum(marks, jnp.zeros(told[0].shape, jnp.uint16))
