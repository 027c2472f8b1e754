"""Papers and infections: gates let people in or turn them away, doses are given, the infection passes on.

Only runs with a certificate have these columns. The step comes at the end of a day: gates and services of the day ask
for this morning's paper. Children carry no paper and are asked for none, but they are infected like everybody.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final

import jax.numpy as jnp

from glasshouse.arithmetic import ONE_Q16, happens, has, sigmoid
from glasshouse.draws import purposes
from glasshouse.engine.columns import PLACES, Today, World
from glasshouse.engine.counts import Counts, packed
from glasshouse.engine.neighbours import Collect, by_place, town_sums
from glasshouse.engine.parts import SHUT, SHUT_BY_CODE, Health
from glasshouse.engine.setting import Setting, done, drawn, put
from glasshouse.engine.walls import wall
from glasshouse.mechanisms import certificates, epidemic
from glasshouse.regimes.certificate_law import NO_TERM
from glasshouse.words import FATE_MARK, PASS_NEWS, SLOTS, Field

_NEWS: Final = {
    "infected": Field(0, 1),
    "dose": Field(1, 1),
    "forged": Field(2, 1),
    "door": Field(3, 2),
    "red": Field(5, 1),
}
"""What chance decided today, in one word between the walls."""

_BITS_A_COUNT = 8
_MOST = (1 << _BITS_A_COUNT) - 1


def open_gates(setting: Setting, today: Today, world: World) -> World:
    """In the morning gates open to those with something to show, while they ask for it."""
    if not world.health:
        return world
    gate = wall(today.health.active, partial(check, setting, today, world.health), world.health.gate)
    return replace(world, health=world.health._replace(gate=gate))


def check(setting: Setting, today: Today, health: Health, gate: Any) -> Any:
    """Gates that ask for a paper are shut on those who have none, or a red code."""
    del gate
    recovered = ~epidemic.infectious(health.ill_until, today.day) & (health.immune_until > today.day)
    recovered &= setting.law.certificate.recovery
    red = health.red_until > today.day
    nothing = certificates.shut_out(health.paper, jnp.bool_(False), recovered)
    shut = jnp.where(nothing, SHUT, jnp.where(red, SHUT_BY_CODE, 0))
    return jnp.where(today.health.asked & setting.people.liable, shut, 0).astype(jnp.uint8)


def shut_out(world: World) -> Any:
    """Who is shut out today, bool [C, P]; False in a run without certificates."""
    return world.health.gate > 0 if world.health else False


def shut_by_code(world: World) -> Any:
    """Who is shut out by a red code alone, bool [C, P]; False in a run without certificates."""
    return world.health.gate == SHUT_BY_CODE if world.health else False


def live(
    setting: Setting, today: Today, marks: Any, collect: Collect, columns: tuple[World, Counts, Any]
) -> tuple[World, Counts, Any]:
    """A day of papers and infections."""
    world, counts, fates = columns
    if not world.health:
        return columns
    health: Health = world.health
    paper = wall(today.health.granting, partial(exempt, setting, today), health.paper)
    world = replace(world, health=health._replace(paper=paper))
    none = jnp.zeros(fates.shape, jnp.uint32)
    catching = wall(today.health.infection, partial(catch, setting, today, world, collect), none)
    dosing = wall(today.health.doses, partial(consider, setting, today, world), none)
    chances = (catching, dosing)
    news = wall(today.health.active, partial(decide, setting, today, world, marks, chances), none)
    evening = (world.health, counts.health, fates)
    settled = wall(today.health.active, partial(settle, setting, today, world, news), evening)
    return replace(world, health=settled[0]), counts._replace(health=settled[1]), settled[2]


def exempt(setting: Setting, today: Today, paper: Any) -> Any:
    """Exemptions are granted to a share of those without a dose."""
    word = drawn(setting, purposes.EXEMPTION, today).a
    return certificates.exempted(word, paper, setting.people.liable, setting.law.certificate.exempt)


def catch(setting: Setting, today: Today, world: World, collect: Collect, chances: Any) -> Any:
    """How likely an infection is today: uint32, 0 for those who cannot be infected."""
    del chances
    health, people, numbers = world.health, setting.people, setting.numbers.epidemic
    shut = shut_out(world)
    ill = epidemic.infectious(health.ill_until, today.day)
    everywhere, kept_out = _hazards(setting, ill, ill & shut, collect)
    barred = setting.law.certificate.barred.astype(jnp.int64)
    inside = everywhere - ((kept_out * barred) >> 16)
    admitted, others = (
        epidemic.infection_chance(
            epidemic.meeting(everywhere, inside, let_in, numbers.venues) + today.health.outside, numbers
        )
        for let_in in (jnp.int64(ONE_Q16), ONE_Q16 - barred)
    )
    threshold = jnp.where(shut, by_place(others), by_place(admitted))
    since = today.day - health.dosed.astype(jnp.int32)
    full = (health.paper == certificates.VALID) | (health.paper == certificates.EXPIRED)
    shield = epidemic.protection(full, health.paper == certificates.PARTIAL, since, numbers)
    able = people.resident & epidemic.susceptible(health.ill_until, health.immune_until, today.day)
    return jnp.where(able, epidemic.shielded(threshold, shield), jnp.uint32(0))


def _hazards(setting: Setting, ill: Any, kept_out: Any, collect: Collect) -> tuple[Any, Any]:
    """Hazards of each building from two kinds of its residents, its cell's and its town's, int64 Q30."""
    people = setting.people
    # Three counts of up to 32 side by side in one word: one sum over a building's places instead of three.
    flags = (ill, kept_out, people.resident)
    side_by_side = sum(flag.astype(jnp.uint32) << (_BITS_A_COUNT * n) for n, flag in enumerate(flags))
    sums = side_by_side.reshape(ill.shape[0], -1, PLACES).sum(axis=2, dtype=jnp.uint32)
    building = [((sums >> (_BITS_A_COUNT * n)) & _MOST).astype(jnp.int32) for n in range(len(flags))]
    cell = jnp.stack([count.sum(axis=1) for count in building], axis=1)
    town = town_sums(cell, people, collect)[people.town]

    def hazard(kind: int) -> Any:
        own = _share(building[kind], building[-1])
        near, far = (_share(counts[:, kind], counts[:, -1])[:, None] for counts in (cell, town))
        return epidemic.hazard(own, near, far, setting.numbers.epidemic)

    return hazard(0), hazard(1)


def _share(count: Any, of: Any) -> Any:
    return (count.astype(jnp.int64) << 30) // jnp.maximum(of, 1)


def consider(setting: Setting, today: Today, world: World, chances: Any) -> Any:
    """People consider a dose: chance of taking it today, uint32, 0 for those who need none."""
    del chances
    health, people = world.health, setting.people
    had = (certificates.has_dose(health.paper) & people.adult).sum(axis=1, dtype=jnp.int64)
    peers = ((had << 16) // jnp.maximum(people.cell_adults, 1)).astype(jnp.int32)[:, None]
    numbers, work = setting.numbers.certificate, setting.law.certificate.work
    gates = jnp.where(people.liable, today.health.gates, 0)
    z = certificates.leaning(people.venues, gates, work, peers, world.opposition, numbers)
    due = certificates.wants_dose(health.paper, people.adult)
    return jnp.where(due, sigmoid(setting.society.sigmoid, z), jnp.uint32(0))


def decide(setting: Setting, today: Today, world: World, marks: Any, chances: tuple[Any, Any], news: Any) -> Any:
    """Chance decides on infections, doses, forged papers, what comes of visits, and red codes."""
    health, people, law = world.health, setting.people, setting.law.certificate
    catching, dosing = chances
    block = drawn(setting, purposes.CERTIFICATE, today)
    asked = today.health.asked
    due = certificates.wants_dose(health.paper, people.adult)
    forgery = jnp.where(asked & people.liable, certificates.by_use(people.venues, law.forgery), jnp.uint32(0))
    takes, fakes = certificates.steps(block.b, due, health.paper, dosing, forgery)
    visits = setting.numbers.certificate.visits
    door = certificates.at_the_door(
        block.c, visits, people.venues, shut_out(world), health.paper, law.checked, law.caught
    )
    door = jnp.where(asked & people.liable, door, certificates.NO_DOOR)
    acted = jnp.zeros(marks.shape, bool)
    for slot in SLOTS:
        did, deed = done(marks, slot)
        acted |= did & has(law.creep, deed)
    red = acted & people.liable & today.health.creeping & happens(block.d, law.red)
    news |= put(happens(block.a, catching), "infected", _NEWS) | put(takes, "dose", _NEWS)
    return news | put(fakes, "forged", _NEWS) | put(door, "door", _NEWS) | put(red, "red", _NEWS)


def settle(setting: Setting, today: Today, world: World, news: Any, evening: tuple[Any, ...]) -> tuple[Any, ...]:
    """What the day has brought is written down: papers, infections, counts, fates."""
    health, counts, fates = evening
    law, day = setting.law.certificate, today.day.astype(jnp.int32)
    numbers = setting.numbers.epidemic
    infected, takes, fakes, red = (_news(news, name) > 0 for name in ("infected", "dose", "forged", "red"))
    door = _news(news, "door")
    caught = door == certificates.CAUGHT
    second = certificates.second_dose(health.paper, health.dosed, day, setting.numbers.certificate.interval)
    dosed = takes | second
    term = jnp.where(today.health.asked & setting.people.liable, law.term, NO_TERM)
    age = day - health.dosed.astype(jnp.int32)
    shut = shut_out(world)
    facts = (
        shut,
        door == certificates.TURNED_AWAY,
        door != certificates.NO_DOOR,
        (health.red_until > today.day) & today.health.asked & setting.people.liable,
        infected,
        epidemic.infectious(health.ill_until, today.day),
        dosed,
        fakes,
        caught,
    )
    tonight = Health(
        paper=certificates.renewed(health.paper, age, second, takes, fakes, caught, term),
        dosed=jnp.where(dosed, day.astype(jnp.uint16), health.dosed),
        ill_until=epidemic.ill(health.ill_until, infected, day, numbers),
        immune_until=epidemic.immune(health.immune_until, infected, day, numbers),
        red_until=certificates.red_until(health.red_until, red, day, law.red_days),
        gate=health.gate,
    )
    told = _worst(red, caught, fakes, dosed)
    fates |= put(told, "certificate", FATE_MARK) | put(infected, "infected", FATE_MARK)
    return tonight, counts + packed(facts), fates


def _worst(red: Any, caught: Any, fakes: Any, dosed: Any) -> Any:
    """The news of the paper that counts most, a place in words.PASS_NEWS."""
    number = {name: jnp.uint32(place) for place, name in enumerate(PASS_NEWS)}
    told = jnp.where(dosed, number["dose"], number["nothing"])
    told = jnp.where(fakes, number["forged paper"], told)
    told = jnp.where(caught, number["forged paper found out"], told)
    return jnp.where(red, number["red code"], told)


def _news(news: Any, name: str) -> Any:
    return (news >> _NEWS[name].shift) & _NEWS[name].mask
