"""What a day is played in, and the small readers that every step shares."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from glasshouse.arithmetic import happens
from glasshouse.draws.philox import Key, Words, words
from glasshouse.draws.purposes import Purpose
from glasshouse.engine.columns import People, Today, World
from glasshouse.engine.numbers import Numbers
from glasshouse.regimes.society import DeedRow, SocietyTables, unpack
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
    subject = people.liable & (people.rank < today.districts)[:, None]
    return Standing(subject, subject & happens(people.aware_word, today.aware))


def drawn(setting: Setting, purpose: Purpose, today: Today, sub: int = 0) -> Words:
    """The people's words for a purpose today."""
    people = setting.people
    return _drawn(setting.key, people.number, purpose, today.day, people.town, sub)


@partial(jax.jit, static_argnums=(2, 5), inline=True)  # traced once a purpose, then copied
def _drawn(key: Key, number: Any, purpose: Purpose, day: Any, town: Any, sub: int) -> Words:
    return words(key, number, purpose, day.astype(jnp.uint32), town[:, None].astype(jnp.uint32), sub)


def field(marks: Any, name: str, layout: dict[str, Field] = DEED_MARK) -> Any:
    """Read a field of the marks, uint32."""
    bits = layout[name]
    return (marks >> bits.shift) & bits.mask


def done(marks: Any, slot: str) -> tuple[Any, Any]:
    """Whether a deed was done on a slot, and its table row (0 where none was)."""
    number = field(marks, f"deed_{slot}").astype(jnp.int32)
    return number > 0, jnp.maximum(number - 1, 0)


def rows_of(setting: Setting, slot: str) -> slice:
    """The table rows of the deeds of a slot."""
    first_b: int = setting.society.occasion_a.shape[0]
    return slice(0, first_b) if slot == "a" else slice(first_b, first_b + setting.society.occasion_b.shape[0])


def deed_row(setting: Setting, slot: str, deed: Any) -> DeedRow:
    """What deciding needs to know of the deeds met on a slot (of the slot's first deed where none was)."""
    rows = rows_of(setting, slot)
    return DeedRow(*(look_up(column, deed - rows.start) for column in unpack(setting.society.row[rows])))


def put(value: Any, name: str, layout: dict[str, Field] = DEED_MARK) -> Any:
    """A value in its place of the marks."""
    return value.astype(jnp.uint32) << layout[name].shift


@partial(jax.jit, inline=True)
def look_up(table: Any, number: Any) -> Any:
    """A short table read by comparisons: unlike a load from memory, the compiler can do many people at once.

    Args:
        table: [n], n >= 1.
        number: integers of any shape, 0 to n - 1.
    """
    value = jnp.broadcast_to(table[0], number.shape)
    for n in range(1, table.shape[0]):
        value = jnp.where(number == n, table[n], value)
    return value


def score_bin(score: Any, law: Law, bins: int) -> Any:
    """Bin of a score in the stake tables, int32."""
    return jnp.clip((score - law.stake.origin) >> law.stake.shift, 0, bins - 1)


def unscored(law: Law) -> int:
    """The tier of those who are not scored: the row after the last tier."""
    last: int = law.access.grade.shape[0] - 1
    return last


def listed(today: Today, world: World, number: int, book: int) -> Any:
    """Who is bound by a list tonight, by one of the three books, bool; nobody once the list itself has ended."""
    left = world.until[number][book].astype(jnp.int32) - today.day
    return today.begun[number] & (left > 0) & (left <= today.terms[number])
