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
from glasshouse.engine.neighbours import Collect, by_place, flag_words
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
    setting: Setting, today: Today, under: Standing, collect: Collect, columns: tuple[World, Any]
) -> tuple[World, Any]:
    """A month of every tie: cut, restored, felt as isolation, and held against a person where the regime does so."""
    world, fates = columns
    always, was = today.open, world.ties
    faces = wall(always, partial(_faces, setting, today, under, world), jnp.zeros_like(was.in_touch))
    seen = collect.everywhere(faces).reshape(-1)

    def a_slot(slot: Any, now: Any) -> Any:
        word = wall(always, partial(_word_of_two, setting, today, slot), jnp.zeros_like(fates))
        other = seen[_index(setting, slot)]
        strained = ties.strain(faces, other, unscored(setting.law))
        wide = (slot >= setting.numbers.local_slots).astype(jnp.int32)
        turned = ties.turned(word, (now >> slot) & 1 == 1, strained, setting.law.ties.chances[wide])
        return now ^ ((turned.astype(jnp.uint8) << slot.astype(jnp.uint8)) & setting.people.friends.slots)

    now = jax.lax.fori_loop(0, FRIEND_SLOTS, a_slot, was.in_touch)
    isolation = wall(always, partial(_isolation, setting, today, now), was.isolation)
    lost, found = (
        jax.lax.population_count(bits).astype(jnp.uint32) for bits in (was.in_touch & ~now, now & ~was.in_touch)
    )
    fates |= put(lost, "cut", FATE_MARK) | put(found, "restored", FATE_MARK)
    blame = partial(_blame, setting, under, faces, seen, now)
    score, fates = wall(setting.law.ties.association > 0, blame, (world.score, fates))
    return replace(world, ties=was._replace(in_touch=now, isolation=isolation), score=score), fates


def _index(setting: Setting, slot: Any) -> Any:
    """Where each person's friend on a slot lies among the places that the device sees, int32."""
    circle = setting.people.friends
    return circle.place[slot] + circle.town_start[:, None]


def _faces(setting: Setting, today: Today, under: Standing, world: World, blank: Any) -> Any:
    """What friends see of each other tonight (`ties.face`)."""
    on = [jnp.zeros(blank.shape, bool)] * 2
    for n, black in enumerate(setting.law.lists.black):
        on = [so_far | (black & listed(today, world, n, book)) for so_far, book in zip(on, (REAL, HONEST), strict=True)]
    return ties.face(world.tier[REAL], under.aware, world.shown_until > today.day, *on)


def _word_of_two(setting: Setting, today: Today, slot: Any, blank: Any) -> Any:
    """The word that both friends of a slot draw: keyed by the lower of their two places in the town."""
    people, circle = setting.people, setting.people.friends
    own = circle.cell_start[:, None] + jnp.arange(blank.shape[1], dtype=jnp.int32)
    pair = jnp.minimum(own, circle.place[slot]).astype(jnp.uint32)
    town = people.town[:, None].astype(jnp.uint32)
    return words(setting.key, pair, purposes.TIE, today.day.astype(jnp.uint32), town, slot.astype(jnp.uint32)).a


def _isolation(setting: Setting, today: Today, in_touch: Any, felt: Any) -> Any:
    word = drawn(setting, purposes.ISOLATION, today).a
    return ties.isolation(felt, in_touch, setting.people.friends.slots, setting.numbers.isolation, word)


def _blame(setting: Setting, under: Standing, faces: Any, seen: Any, in_touch: Any, columns: tuple[Any, Any]) -> Any:
    """Points lost in the real and in the honest book for friends and housemates on a blacklist."""
    score, fates = columns
    none = jnp.zeros(in_touch.shape, jnp.int32)

    def a_slot(slot: Any, so_far: tuple[Any, Any]) -> tuple[Any, Any]:
        listed_now = ties.blamed(seen[_index(setting, slot)], (in_touch >> slot) & 1 == 1)
        return so_far[0] + listed_now[0], so_far[1] + listed_now[1]

    friends = jax.lax.fori_loop(0, FRIEND_SLOTS, a_slot, (none, none))
    at_home = [by_place(flag_words(flag)) & setting.people.kin for flag in ties.blamed(faces, jnp.array(True))]
    law, books = setting.law.score, list(score)
    company = [n + jax.lax.population_count(home).astype(jnp.int32) for n, home in zip(friends, at_home, strict=True)]
    for book, n in zip((REAL, HONEST), company, strict=True):
        loss = -setting.law.ties.association * n
        books[book] = ledger.post(score[book], loss, under.subject, law.start, law.lowest, law.highest, 0)
    return tuple(books), fates | put(under.subject & (company[REAL] > 0), "company", FATE_MARK)
