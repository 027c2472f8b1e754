"""Steps of a day: complaints, hearings and audits; tiers that fall due; the services that a cap spares."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from glasshouse.draws import purposes
from glasshouse.engine.columns import Today, World
from glasshouse.engine.neighbours import Collect, bit_words, flags, town_sums
from glasshouse.engine.setting import Setting, drawn, field, listed, look_up, put
from glasshouse.engine.walls import wall
from glasshouse.mechanisms import appeals, lists, queues, restraints, review
from glasshouse.words import DISMISSED, FATE_MARK, FILED, HONEST, MOST_SERVICES, NOTICE_MARK, REAL, UPHELD


def redress(
    setting: Setting, today: Today, marks: Any, collect: Collect, columns: tuple[World, Any, Any]
) -> tuple[World, Any, Any]:
    """The office decides the oldest cases; people challenge what was entered today; on the first, audits.

    Args:
        setting, today: the day.
        marks: of deeds, with today's wrong entries.
        collect: sums over devices.
        columns: the world, the notices of the day, and its fates.
    """
    world, notices, fates = columns
    queue, always = world.appeals, today.open
    heard = wall(always, partial(_hear, setting, today, collect, queue), queue.waiting)
    decide = partial(_decide, setting, today, world, marks, notices, flags(queue.waiting), flags(heard))
    fates = wall(always, decide, fates)
    queue = wall(always, partial(_file, setting, today, heard, fates), queue)
    # Whoever is being heard tonight has a case already, so nobody files and is decided on one day.
    cleared = (field(fates, "appeal", FATE_MARK) == UPHELD) | (field(fates, "audited", FATE_MARK) > 0)
    settle = partial(_settle, setting, today, fates)
    world, notices = wall(cleared.any(), settle, (replace(world, appeals=queue), notices))
    return world, notices, fates


def _hear(setting: Setting, today: Today, collect: Collect, queue: queues.Queue, heard: Any) -> Any:
    """Whose cases are decided today, as words: the oldest of each town that have waited long enough."""
    del heard
    people, law = setting.people, setting.law.remedies

    def in_town(of_words: Any) -> Any:
        return town_sums(of_words.sum(axis=1, dtype=jnp.int32), people, collect)[people.town][:, None]

    residents = town_sums(people.resident.sum(axis=1, dtype=jnp.int32), people, collect)[people.town][:, None]
    room = queues.room(law.staff * residents.astype(jnp.int64), today.day)
    ripe = appeals.ripe(queue.waiting, queue.since, today.day - law.hearing_days)
    order = queues.order((), queue.since, people.lots)
    return queues.first(ripe, order, room, in_town)


def _decide(
    setting: Setting, today: Today, world: World, marks: Any, notices: Any, waiting: Any, heard: Any, fates: Any
) -> Any:
    """Today's filings, decisions and audits, written into the mark of fates."""
    chances = appeals.Chances(*setting.law.remedies.chances)
    black = field(notices, "listed", NOTICE_MARK) & _black(setting, today)
    occasion = ((field(marks, "wrong_cause") > 0) | (black > 0)) & ~waiting
    audit = today.first & (chances.audit > 0)

    def told() -> Any:
        wrong, block = _wrong(setting, today, world), drawn(setting, purposes.APPEAL, today)
        filed = appeals.files(block.a, occasion, wrong, chances)
        won = appeals.upheld(block.b, heard, wrong, chances)
        found = audit & appeals.audited(block.c, wrong, chances)
        code = jnp.where(heard, jnp.where(won, UPHELD, DISMISSED), filed.astype(jnp.int32))
        new = put(code, "appeal", FATE_MARK) | put(found, "audited", FATE_MARK)
        return fates | new | put(won & ~wrong, "let_off", FATE_MARK)

    return jax.lax.cond(occasion.any() | heard.any() | audit, told, lambda: fates)


def _wrong(setting: Setting, today: Today, world: World) -> Any:
    """Whether the real book is worse than the honest one: a lower score, or longer on a blacklist, bool."""
    wrong = appeals.mistaken(world.score[REAL], world.score[HONEST])
    for n, books in enumerate(world.until):
        on = today.begun[n] & setting.law.lists.black[n]
        wrong |= on & appeals.listed_by_mistake(books[REAL], books[HONEST], today.day)
    return wrong


def _file(setting: Setting, today: Today, heard: Any, fates: Any, queue: queues.Queue) -> queues.Queue:
    """Decided cases leave the queue, today's join it."""
    del setting
    filed = bit_words(field(fates, "appeal", FATE_MARK) == FILED)
    return queues.join(queue._replace(waiting=queue.waiting & ~heard), filed, today.day)


def _settle(setting: Setting, today: Today, fates: Any, columns: tuple[World, Any]) -> tuple[World, Any]:
    """What was decided is done: the real book follows, but for what was entered only today."""
    world, notices = columns
    law, now = setting.law, today.day.astype(jnp.int32)
    let_off = field(fates, "let_off", FATE_MARK) > 0
    upheld = field(fates, "appeal", FATE_MARK) == UPHELD
    corrected = (upheld & ~let_off) | (field(fates, "audited", FATE_MARK) > 0)
    score = appeals.cleared_score(world.score[REAL], world.score[HONEST], law.score.start, corrected, let_off)
    until = []
    for n, books in enumerate(world.until):
        fresh = (field(notices, "listed", NOTICE_MARK) >> n) & 1 > 0
        open_ = law.lists.black[n] & ~fresh
        ends = appeals.cleared_list(books[REAL], books[HONEST], now, corrected & open_, let_off & open_)
        gone = today.begun[n] & (books[REAL] > now) & (ends <= now)
        notices |= put(gone, "unlisted", NOTICE_MARK) << n
        until.append((ends, *books[HONEST:]))
    standing = _tiers(setting, corrected, world)
    return replace(world, score=(score, *world.score[HONEST:]), until=tuple(until), **standing), notices


def _tiers(setting: Setting, corrected: Any, world: World) -> dict[str, tuple[Any, ...]]:
    """Who falls into a tier by a mistake is put where the honest book has them, at once."""
    grade = setting.law.access.grade

    def worse(tier: tuple[Any, ...]) -> Any:
        return look_up(grade, tier[REAL]) > look_up(grade, tier[HONEST])

    moved = corrected & (worse(world.tier) | worse(world.announced))
    books = {"tier": world.tier, "announced": world.announced, "tier_since": world.tier_since}
    return {name: (jnp.where(moved, book[HONEST], book[REAL]), *book[HONEST:]) for name, book in books.items()}


def _black(setting: Setting, today: Today) -> Any:
    """The blacklists in force, one bit a list, uint32."""
    black = setting.law.lists.black & today.begun
    return (black.astype(jnp.uint32) << jnp.arange(black.shape[0], dtype=jnp.uint32)).sum(dtype=jnp.uint32)


def fall_due(setting: Setting, today: Today, world: World) -> World:
    """Tiers that were announced a delay ago bind from today on."""
    law = setting.law
    tier = tuple(
        restraints.due(was, new, since, harsher(setting, new, was), today.day, law.remedies.delay)
        for was, new, since in zip(world.tier, world.announced, world.tier_since, strict=True)
    )
    return replace(world, tier=tier)


def spare(setting: Setting, today: Today, world: World) -> World:
    """The services that stay open because a cap on stacking is reached, in the house's order of services."""
    law, access = setting.law, setting.law.access
    ordinary, services = access.price_tier[:, -1:], access.deny_tier.shape[0]
    black = law.lists.black[None]
    tier, shut_tier = _service_bits(access.deny_tier > 0, access.price_tier > ordinary)
    own, shut_own = _service_bits(access.deny_list > 0, black & (access.price_list > ordinary))
    hit, shut = look_up(tier, world.tier[REAL]), look_up(shut_tier, world.tier[REAL])
    for n in range(len(world.until)):
        on = listed(today, world, n, REAL)
        hit, shut = hit | jnp.where(on, own[n], 0), shut | jnp.where(on, shut_own[n], 0)
    spared = restraints.beyond(hit, law.remedies.cap, services)
    open_again = (shut > 0) & (shut & ~spared == 0)
    return replace(world, spared=spared | (open_again.astype(jnp.uint8) << MOST_SERVICES))


def _service_bits(shut: Any, dear: Any) -> tuple[Any, Any]:
    """Services [S, ...] that are shut or dear, and those that are shut, as bits uint8."""
    place = jnp.arange(shut.shape[0], dtype=jnp.uint8)[:, None]
    hit, refused = ((flag.astype(jnp.uint8) << place).sum(axis=0, dtype=jnp.uint8) for flag in (shut | dear, shut))
    return hit, refused


def leave(setting: Setting, number: int, now: Any, word: Any, until: Any) -> Any:
    """First day off a list after this month's exits, for those who have been on it long enough."""
    law = setting.law.lists
    after = law.repair_after[number]
    may = (after == 0) | restraints.stood(until, now, law.term[number], after)
    return jnp.where(may, lists.left(word, until, now, law.exits[number]), until)


def harsher(setting: Setting, tier: Any, than: Any) -> Any:
    """Whether more follows from one tier than from another, bool."""
    grade = setting.law.access.grade
    return look_up(grade, tier) > look_up(grade, than)


def reviewed(setting: Setting, searched: Any, residents: Any) -> Any:
    """Factor on wrong matches by town, int64 Q16: yesterday's alerts against the staff that reads them.

    Args:
        setting: the day's.
        searched: int32 [T, F, G], yesterday's probes.
        residents: int32 [T].
    """
    law = setting.law.remedies.review
    raised = review.alerts(searched, law.alerting)
    return review.passed(raised, review.capacity(law.staff, residents), law.read, law.unread)
