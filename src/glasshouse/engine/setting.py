"""What a day is played in, and the small readers that every step shares."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

from glasshouse.arithmetic import happens
from glasshouse.draws.philox import Key, Words, words
from glasshouse.draws.purposes import Purpose
from glasshouse.engine.columns import People, Today, World
from glasshouse.engine.numbers import Numbers
from glasshouse.regimes.society import SocietyTables
from glasshouse.regimes.tables import Law
from glasshouse.words import DEED_MARK, Field


class Setting(NamedTuple):
    """What stays the same all day.

    Attributes:
        key: the seed.
        people: who lives here.
        society: what people do and need.
        law: the regime.
        numbers: the mechanisms' coefficients.
        confusion: uint32 [G, G], chance that a probe of one group ends in an entry against another.
    """

    key: Key
    people: People
    society: SocietyTables
    law: Law
    numbers: Numbers
    confusion: Any


class Standing(NamedTuple):
    """subject: under the score and the local lists; aware: knows it. bool [C, P]."""

    subject: Any
    aware: Any


def standing(setting: Setting, today: Today) -> Standing:
    """Who is under the regime today, and who knows."""
    people = setting.people
    subject = people.adult & (people.rank < today.districts)[:, None]
    return Standing(subject, subject & happens(people.aware_word, today.aware))


def drawn(setting: Setting, purpose: Purpose, today: Today, sub: int = 0) -> Words:
    """The people's words for a purpose today."""
    people = setting.people
    town = people.town[:, None].astype(jnp.uint32)
    return words(setting.key, people.number, purpose, today.day.astype(jnp.uint32), town, sub)


def field(marks: Any, name: str, layout: dict[str, Field] = DEED_MARK) -> Any:
    """Read a field of the marks, uint32."""
    bits = layout[name]
    return (marks >> bits.shift) & bits.mask


def done(marks: Any, slot: str) -> tuple[Any, Any]:
    """Whether a deed was done on a slot, and its table row (0 where none was)."""
    number = field(marks, f"deed_{slot}").astype(jnp.int32)
    return number > 0, jnp.maximum(number - 1, 0)


def put(value: Any, name: str, layout: dict[str, Field] = DEED_MARK) -> Any:
    """A value in its place of the marks."""
    return value.astype(jnp.uint32) << layout[name].shift


def score_bin(score: Any, law: Law, bins: int) -> Any:
    """Bin of a score in the stake tables, int32."""
    return jnp.clip((score - law.stake.origin) >> law.stake.shift, 0, bins - 1)


def listed(today: Today, world: World, number: int, book: int) -> Any:
    """Who is on a list tonight, by one of the three books, bool; nobody once the list itself has ended."""
    return today.begun[number] & (world.until[number][book] > today.day)
