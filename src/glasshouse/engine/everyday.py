"""Steps of a day, second half: services, speech, learning, and the count of the day."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import jax.numpy as jnp

from glasshouse.arithmetic import ONE_Q30, has
from glasshouse.draws import purposes
from glasshouse.engine import queueing
from glasshouse.engine.columns import Today, World
from glasshouse.engine.counts import SERVICES_A_BLOCK, Counts, blocks, counted, packed
from glasshouse.engine.health import shut_by_code, shut_out
from glasshouse.engine.neighbours import Collect, by_place, flags, shares
from glasshouse.engine.setting import Setting, Standing, done, drawn, field, listed, look_up, put
from glasshouse.engine.walls import wall
from glasshouse.evidence import services
from glasshouse.mechanisms import access, avoidance, perception
from glasshouse.words import (
    CLEAN,
    FATE_MARK,
    GRANTED,
    HONEST,
    MOST_SERVICES,
    NO_REQUEST,
    NOTICE_MARK,
    OVERTAKEN,
    REAL,
    REFUSED,
    SLOTS,
    UNAFFORDABLE,
)

_GIVEN_UP = 2 * SERVICES_A_BLOCK  # bit of a block's outcomes


def serve(
    setting: Setting, today: Today, world: World, counts: Counts, notices: Any, fates: Any, collect: Collect
) -> tuple[World, Counts, Any, Any]:
    """People ask for the services that are open today, and get a place where there is one."""
    paid, requests = list(counts.paid), list(counts.requests)
    queued, lists = sorted(setting.people.places), dict(world.queues)
    for n, block in enumerate(blocks(len(paid))):
        is_open = today.season[block].any()
        codes = jnp.zeros(notices.shape, jnp.uint32)
        codes = wall(is_open, partial(_ask, setting, today, world, block), codes)
        fates |= put((codes >> _GIVEN_UP) & 1, "given_up", FATE_MARK)
        got = {}
        for service in [service for service in queued if block.start <= service < block.stop]:
            asking, waits = _code(codes, service - block.start) == GRANTED, service in lists
            queue, turn = queueing.give(setting, today, world, service, asking, collect, lists.get(service))
            tell = partial(queueing.tell, queued.index(service), waits, turn)
            fates = wall((turn.asked != turn.got).any(), tell, fates)
            got[service] = turn.got
            if waits:
                lists[service] = queue
        columns = (tuple(paid[block]), requests[n], notices)
        paid[block], requests[n], notices = wall(
            is_open, partial(_settle, setting, today, world, block, codes, got), columns
        )
    return replace(world, queues=lists), counts._replace(paid=tuple(paid), requests=tuple(requests)), notices, fates


def _code(codes: Any, place: int) -> Any:
    return (codes >> (2 * place)) & 3


def _ask(setting: Setting, today: Today, world: World, block: slice, codes: Any) -> Any:
    """Outcomes of the block's requests (words.GRANTED and so on), two bits each; and whether a trip was given up."""
    people, essential = setting.people, setting.society.essential
    drawn_words = drawn(setting, purposes.SERVICE, today, block.start // SERVICES_A_BLOCK)
    for place, service in enumerate(range(block.start, block.stop)):
        refusal, price = _terms(setting, today, world, service)
        able = people.resident & today.season[service]
        if service in world.queues:  # who waits already does not ask again
            able &= ~flags(world.queues[service].waiting)
        rate = people.requests[service]
        purse = world.livelihood.purse
        code = access.request(drawn_words[place], able, rate, refusal, price, purse, essential[service])
        if services()[service].trip:
            gone = able & avoidance.given_up(drawn_words[place], rate, world.avoiding, setting.numbers.avoidance)
            code = jnp.where(gone, jnp.uint8(NO_REQUEST), code)
            codes |= gone.astype(jnp.uint32) << _GIVEN_UP
        codes |= code.astype(jnp.uint32) << (2 * place)
    return codes


def _settle(
    setting: Setting, today: Today, world: World, block: slice, codes: Any, got: dict[int, Any],
    columns: tuple[Any, ...],
) -> Any:  # fmt: skip
    """Book the block's outcomes: money, counts, and notices of what was refused or out of reach."""
    paid, requests, notices = columns
    services = range(block.start, block.stop)
    code = [_code(codes, place) for place in range(len(services))]
    for c, service in zip(code, services, strict=True):
        notices |= put(jnp.where(c >= REFUSED, c, 0), "outcomes", NOTICE_MARK) << (2 * service)
    prices = [_terms(setting, today, world, service)[1] for service in services]
    outcomes = [flag for c in code for flag in (c > 0, c == REFUSED, c == UNAFFORDABLE)]
    # A place is paid for on the day on which one gets it.
    bought = [flags(got[s]) if s in got else c == GRANTED for c, s in zip(code, services, strict=True)]
    paid = tuple(so_far + jnp.where(b, p, 0) for so_far, b, p in zip(paid, bought, prices, strict=True))
    return paid, requests + packed(outcomes), notices


def _terms(setting: Setting, today: Today, world: World, service: int) -> tuple[Any, Any]:
    """Chance of refusal and price for each person: the worst of tier, blacklists and gates; red lists only improve."""
    law, black, tier = setting.law.access, setting.law.lists.black, world.tier[REAL]
    on_list = [listed(today, world, n, REAL) for n in range(len(world.until))]
    refusal, price = look_up(law.deny_tier[service], tier), look_up(law.price_tier[service], tier)
    own = law.price_list[service]
    spared = (world.spared >> service) & 1 > 0
    price = jnp.where(spared, jnp.minimum(price, law.price_tier[service, -1]), price)
    for n, on in enumerate(on_list):
        refusal = jnp.where(on, jnp.maximum(refusal, law.deny_list[service, n]), refusal)
        price = jnp.where(on & ~spared & black[n] & (own[n] >= 0), jnp.maximum(price, own[n]), price)
    refusal = jnp.where(spared, jnp.uint32(0), refusal)
    gate = setting.law.certificate
    asked = gate.services[service] & shut_out(world)
    refusal = jnp.where(asked, jnp.maximum(refusal, gate.checked), refusal)
    for n, on in enumerate(on_list):
        price = jnp.where(on & ~black[n] & (own[n] >= 0), jnp.minimum(price, own[n]), price)
    return refusal, price


def learn(setting: Setting, today: Today, under: Standing, marks: Any, collect: Collect, world: World) -> World:
    """What the day teaches: perceived risk, perceived surveillance of speech, opposition."""
    people, numbers = setting.people, setting.numbers
    tried, caught = _experience(setting, under, marks)
    seen = by_place(shares(world.sanctioned, people, collect).building)
    risk = perception.risk(
        world.risk,
        tried,
        caught,
        jnp.where(under.aware, seen, 0),
        jnp.where(under.aware, today.true_risk, numbers.true_risk),
        jnp.where(under.aware, today.campaign, 0),
        numbers.perception,
    )
    true_watch = jnp.where(under.aware, today.true_watch, numbers.true_watch)
    harsh = (harsh_now(setting, today, world, REAL) & ~world.sanctioned) | (field(marks, "wrong_cause") > 0)
    return replace(
        world,
        risk=risk,
        watched=perception.watched(world.watched, true_watch, numbers.perception),
        opposition=perception.opposition(world.opposition, people.level, harsh & under.aware, numbers.perception),
    )


def _experience(setting: Setting, under: Standing, marks: Any) -> tuple[Any, Any]:
    """Whether the person committed an offence today, and whether they know that it was punished or entered."""
    tried = caught = jnp.zeros(marks.shape, bool)
    for slot in SLOTS:
        did, deed = done(marks, slot)
        offence = did & has(setting.society.offence, deed)
        seen = field(marks, f"seen_{slot}")
        known = (seen > 0) & (seen != OVERTAKEN) & under.aware
        tried, caught = tried | offence, caught | (offence & (known | (field(marks, f"fined_{slot}") > 0)))
    return tried, caught


def harsh_now(setting: Setting, today: Today, world: World, book: int) -> Any:
    """Whether a book's tier or lists refuse or overcharge the person tonight, bool."""
    law = setting.law.access
    harsh = has(law.harsh_tier, world.tier[book])
    for n in range(len(world.until)):
        harsh |= law.harsh_list[n] & listed(today, world, n, book)
    return harsh


def count(setting: Setting, today: Today, world: World, columns: tuple[Any, Any]) -> tuple[Any, Any]:
    """Publish who is sanctioned, and count the day (columns.DAY_COUNTS)."""
    _, days = columns
    law, lists = setting.law.access, range(len(world.until))
    on = [[law.harsh_list[n] & listed(today, world, n, book) for n in lists] for book in (REAL, HONEST, CLEAN)]
    shut, by_code = shut_out(world), shut_by_code(world)
    sanctioned = harsh_now(setting, today, world, REAL) | shut
    grade = [look_up(law.grade, tier) for tier in world.tier]

    def worse(book: int, than: int) -> Any:
        return (grade[book] > grade[than]) | sum((on[book][n] & ~on[than][n] for n in lists), False)

    wrongful = (sanctioned & worse(REAL, CLEAN)) | by_code
    denied = has(law.closed_tier, world.tier[REAL])
    for n in lists:
        denied |= law.closed_list[n] & listed(today, world, n, REAL)
    denied = (denied & (world.spared >> MOST_SERVICES == 0)) | shut
    holds = setting.people.adult & (world.opposition > ONE_Q30 // 2)
    facts = (
        sanctioned,
        wrongful & worse(REAL, HONEST),
        (wrongful & worse(HONEST, CLEAN)) | by_code,
        wrongful,
        denied,
        world.voice,
        holds,
        world.shown_until > today.day,
        holds & ~world.voice,
    )
    return sanctioned, counted(days, facts)
