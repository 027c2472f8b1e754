"""Steps among friends: a meeting a day, and once a month who loses touch with whom."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from glasshouse.draws import purposes
from glasshouse.draws.philox import words
from glasshouse.engine.columns import Today, World
from glasshouse.engine.counts import Counts, days_so
from glasshouse.engine.neighbours import Collect, bit_words, by_place
from glasshouse.engine.setting import Setting, Standing, drawn, listed, put, unscored
from glasshouse.engine.walls import wall
from glasshouse.mechanisms import ledger, ties
from glasshouse.words import FATE_MARK, FRIEND_SLOTS, HONEST, REAL


def meet(setting: Setting, today: Today, world: World, collect: Collect, heard: Any) -> Any:
    """Everybody meets the friend of the day's slot, and remembers whether they voiced dissent last night."""
    slot = today.day % FRIEND_SLOTS
    voiced = collect.everywhere(world.voice).reshape(-1)[_index(setting, slot)]
    return ties.met(heard, slot, voiced, setting.people.friends.slots)


def revise(
    setting: Setting, today: Today, under: Standing, counts: Counts, collect: Collect, columns: tuple[World, Any]
) -> tuple[World, Any]:
    """A month of every tie: cut, restored, felt as isolation, and held against a person where the regime does so."""
    world, fates = columns
    always, was = today.open, world.ties
    faces = wall(always, partial(face, setting, today, under, counts, world), jnp.zeros_like(was.in_touch))
    now = wall(always, partial(part_or_meet_again, setting, today, collect, faces), was.in_touch)
    isolation = wall(always, partial(feel, setting, today, now), was.isolation)
    fates = wall(always, partial(tell, was.in_touch, now), fates)
    blames = partial(blame, setting, under, collect, faces, now)
    score, fates = wall(setting.law.ties.association > 0, blames, (world.score, fates))
    return replace(world, ties=was._replace(in_touch=now, isolation=isolation), score=score), fates


def face(setting: Setting, today: Today, under: Standing, counts: Counts, world: World, blank: Any) -> Any:
    """What friends see of each other: tier, display and blacklists; and who knows the regime."""
    shown = ties.displayed(drawn(setting, purposes.ISOLATION, today).b, days_so(counts, "shamed"))
    on = [jnp.zeros(blank.shape, bool)] * 2
    for n, black in enumerate(setting.law.lists.black):
        on = [so_far | (black & listed(today, world, n, book)) for so_far, book in zip(on, (REAL, HONEST), strict=True)]
    return ties.face(world.tier[REAL], under.aware, shown, *on)


def part_or_meet_again(setting: Setting, today: Today, collect: Collect, faces: Any, in_touch: Any) -> Any:
    """Friends lose touch, or find each other again; both ends decide alike."""
    seen = collect.everywhere(faces).reshape(-1)

    def a_slot(slot: Any, now: Any) -> Any:
        word = _word_of_two(setting, today, slot)
        strained = ties.strain(faces, seen[_index(setting, slot)], unscored(setting.law))
        wide = (slot >= setting.numbers.local_slots).astype(jnp.int32)
        turned = ties.turned(word, (now >> slot) & 1 == 1, strained, setting.law.ties.chances[wide])
        return now ^ ((turned.astype(jnp.uint8) << slot.astype(jnp.uint8)) & setting.people.friends.slots)

    return jax.lax.fori_loop(0, FRIEND_SLOTS, a_slot, in_touch)


def feel(setting: Setting, today: Today, in_touch: Any, felt: Any) -> Any:
    """Isolation moves towards the share of friends lost."""
    word = drawn(setting, purposes.ISOLATION, today).a
    return ties.isolation(felt, in_touch, setting.people.friends.slots, setting.numbers.isolation, word)


def tell(was: Any, now: Any, fates: Any) -> Any:
    """How many friends a person lost and found again this month."""
    lost, found = (jax.lax.population_count(bits).astype(jnp.uint32) for bits in (was & ~now, now & ~was))
    return fates | put(lost, "cut", FATE_MARK) | put(found, "restored", FATE_MARK)


def blame(
    setting: Setting, under: Standing, collect: Collect, faces: Any, in_touch: Any, columns: tuple[Any, Any]
) -> tuple[Any, Any]:
    """Points lost in the real and in the honest book for friends and housemates on a blacklist."""
    score, fates = columns
    seen, none = collect.everywhere(faces).reshape(-1), jnp.zeros(in_touch.shape, jnp.int32)

    def a_slot(slot: Any, so_far: tuple[Any, Any]) -> tuple[Any, Any]:
        listed_now = ties.blamed(seen[_index(setting, slot)], (in_touch >> slot) & 1 == 1)
        return so_far[0] + listed_now[0], so_far[1] + listed_now[1]

    friends = jax.lax.fori_loop(0, FRIEND_SLOTS, a_slot, (none, none))
    at_home = [by_place(bit_words(flag)) & setting.people.kin for flag in ties.blamed(faces, jnp.array(True))]
    law, books = setting.law.score, list(score)
    company = [n + jax.lax.population_count(home).astype(jnp.int32) for n, home in zip(friends, at_home, strict=True)]
    for book, n in zip((REAL, HONEST), company, strict=True):
        loss = -setting.law.ties.association * n
        books[book] = ledger.post(score[book], loss, under.subject, law.start, law.lowest, law.highest, 0)
    return tuple(books), fates | put(under.subject & (company[REAL] > 0), "company", FATE_MARK)


def _index(setting: Setting, slot: Any) -> Any:
    """Where each person's friend on a slot lies among the places that the device sees, int32."""
    circle = setting.people.friends
    return circle.place[slot] + circle.town_start[:, None]


def _word_of_two(setting: Setting, today: Today, slot: Any) -> Any:
    """The word that both friends of a slot draw: keyed by the lower of their two places in the town."""
    people, circle = setting.people, setting.people.friends

    def draw() -> Any:
        own = circle.cell_start[:, None] + jnp.arange(people.number.shape[1], dtype=jnp.int32)
        pair = jnp.minimum(own, circle.place[slot]).astype(jnp.uint32)
        town = people.town[:, None].astype(jnp.uint32)
        day, sub = today.day.astype(jnp.uint32), slot.astype(jnp.uint32)
        return words(setting.key, pair, purposes.TIE, day, town, sub).a

    # Behind a condition, like a wall: one loop of draws, and another that reads what others are.
    return jax.lax.cond(today.open, draw, lambda: jnp.zeros_like(people.number))
