"""Queues: the cut is what a sort would give, exactly; places are carried over exactly; turns go round."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from glasshouse.engine.devices import prepare
from glasshouse.mechanisms import queues
from known.oracle import binomial_fits, drawn

TOWNS, WORDS, LOT_PLANES = 3, 4, 7
PEOPLE = 32 * WORDS


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def packed(flags: NDArray[Any]) -> Any:
    """Flags [..., 32 W] as words [..., W]."""
    return jnp.asarray(np.packbits(flags.astype(np.bool_), axis=-1, bitorder="little").view(np.uint32))


def unpacked(words: Any) -> NDArray[np.bool_]:
    return np.unpackbits(np.asarray(words).view(np.uint8), axis=-1, bitorder="little").astype(np.bool_)


def planes(number: NDArray[Any], count: int) -> tuple[Any, ...]:
    """Planes of numbers, least significant first."""
    return tuple(packed((number >> place) & 1) for place in range(count))


def total(of_words: Any) -> Any:
    """Every row is a town."""
    return of_words.sum(axis=-1, keepdims=True, dtype=jnp.int32)


def reversed_bits(number: NDArray[Any], count: int) -> NDArray[Any]:
    return sum(((number >> place) & 1) << (count - 1 - place) for place in range(count))


def sorted_first(
    among: NDArray[Any], kind: NDArray[Any], since: NDArray[Any], lot: NDArray[Any], room: int
) -> NDArray[np.bool_]:
    """One town, the slow and obvious way."""
    turned = lot ^ reversed_bits(since & ((1 << LOT_PLANES) - 1), LOT_PLANES)
    queue = sorted(np.flatnonzero(among), key=lambda who: (kind[who], since[who], turned[who]))
    served = np.zeros(len(among), np.bool_)
    served[queue[:room]] = True
    return served


ROOMS = st.lists(st.sampled_from([0, 1, 2, 7, 50, PEOPLE - 1, PEOPLE, 10_000]), min_size=TOWNS, max_size=TOWNS)


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    share=st.sampled_from([0.0, 0.01, 0.3, 0.9, 1.0]),
    kinds=st.integers(1, 8),
    days=st.sampled_from([1, 2, 40, 65_536]),
    rooms=ROOMS,
)
def test_the_cut_is_what_a_sort_gives(seed: int, share: float, kinds: int, days: int, rooms: list[int]) -> None:
    chance = np.random.default_rng(seed)
    shape = (TOWNS, PEOPLE)
    among, kind = chance.random(shape) < share, chance.integers(0, kinds, shape)
    since, lot = chance.integers(0, days, shape), np.stack([chance.permutation(PEOPLE) for _ in range(TOWNS)])
    line = queues.order(
        planes(kind, queues.CLASS_PLANES)[::-1],
        planes(since, queues.DAY_PLANES),
        planes(lot, LOT_PLANES)[::-1],
    )
    found = unpacked(queues.first(packed(among), line, jnp.array(rooms, jnp.int32)[:, None], total))
    for town in range(TOWNS):
        expected = sorted_first(among[town], kind[town], since[town], lot[town], rooms[town])
        assert found[town].sum() == min(rooms[town], among[town].sum())
        assert (found[town] == expected).all()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), day=st.integers(0, 65_535), room=st.integers(0, PEOPLE + 1))
def test_where_nobody_waits_the_order_is_that_of_a_queue_of_today(seed: int, day: int, room: int) -> None:
    chance = np.random.default_rng(seed)
    among, kind = chance.random(PEOPLE) < 0.4, chance.integers(0, 8, PEOPLE)
    lot, today = chance.permutation(PEOPLE), np.full(PEOPLE, day)
    line = queues.order(
        planes(kind, queues.CLASS_PLANES)[::-1], queues.day_planes(jnp.int32(day)), planes(lot, LOT_PLANES)[::-1]
    )
    found = unpacked(queues.first(packed(among), line, jnp.array([room], jnp.int32), total))
    assert (found == sorted_first(among, kind, today, lot, room)).all()


def test_a_town_of_one_person() -> None:
    one = np.zeros(32, np.bool_)
    one[17] = True
    for lot in (0, 1):
        line = queues.order(planes(one * 0, 3), planes(one * 0, 16), planes(one * lot, 1))
        for room, served in ((0, 0), (1, 1), (9, 1)):
            found = queues.first(packed(one), line, jnp.array([room], jnp.int32), total)
            assert unpacked(found).sum() == served
        assert not np.asarray(queues.first(packed(one & False), line, jnp.array([5], jnp.int32), total)).any()


def test_who_waits_keeps_their_place() -> None:
    nobody = jnp.zeros(1, jnp.uint32)
    queue = queues.Queue(nobody, (nobody,) * queues.DAY_PLANES)
    queue = queues.join(queue, packed(np.arange(32) % 2 == 0), jnp.int32(6_208))
    queue = queues.join(queue, packed(np.arange(32) % 3 == 0), jnp.int32(65_535))
    day = sum(unpacked(plane).astype(int) << place for place, plane in enumerate(queue.since))
    waiting = unpacked(queue.waiting)
    for who in range(32):
        assert waiting[who] == (who % 2 == 0 or who % 3 == 0)
        if waiting[who]:
            assert day[who] == (6_208 if who % 2 == 0 else 65_535)


def openings(places: float, count: int) -> NDArray[Any]:
    rate = jnp.int64(round(places * 2**32))
    return np.asarray(queues.room(rate, jnp.arange(count, dtype=jnp.int32)))


@pytest.mark.parametrize("places", [0.0, 2.0**-32, 0.1, 1.0, 67.8, 1e6 / 3, 2**30 - 1])
def test_fractions_of_places_are_carried_over(places: float) -> None:
    """The first n openings have floor(n r) places in all, and no opening is more than one place from r."""
    found = openings(places, 7_000).astype(np.int64)
    rate = round(places * 2**32)
    n = np.array([1, 2, 10, 365, 6_999, 7_000])
    assert np.cumsum(found)[n - 1].tolist() == [int(k) * rate >> 32 for k in n]
    assert (abs(found - places) < 1).all()


@pytest.mark.parametrize("people", [1, 2, 31, 33, 1_000, 2_500])
def test_lots_differ_and_part_a_town_in_halves(people: int) -> None:
    count = max(1, (people - 1).bit_length())
    lot = queues.lots(drawn(people).a, count)
    assert len(set(lot.tolist())) == people
    assert lot.max() < 2**count
    halves = np.bincount(lot >> (count - 1), minlength=2)
    assert abs(int(halves[0]) - int(halves[1])) <= 1


def test_lots_follow_the_draws() -> None:
    word = drawn(500).a
    assert (np.argsort(queues.lots(word, 9), kind="stable") == np.argsort(word, kind="stable")).all()


def test_turns_go_round() -> None:
    """Everybody asks every day for half, or a tenth, of the places: over 2^7 days all are served equally often."""
    lot, days = np.arange(PEOPLE), jnp.arange(PEOPLE, dtype=jnp.int32)[:, None]
    everybody = jnp.full((PEOPLE, WORDS), 0xFFFFFFFF, jnp.uint32)
    held = tuple(jnp.broadcast_to(plane, everybody.shape) for plane in planes(lot, LOT_PLANES)[::-1])
    line = queues.order((everybody,) * queues.CLASS_PLANES, queues.day_planes(days), held)
    for room in (PEOPLE // 2, PEOPLE // 10, 1):
        served = unpacked(queues.first(everybody, line, jnp.full((PEOPLE, 1), room, jnp.int32), total))
        assert set(served.sum(axis=1).tolist()) == {room}
        assert set(served.sum(axis=0).tolist()) == {room}


def test_the_lot_favours_nobody_on_a_day() -> None:
    """Of 400 towns in which 30 of 100 are served, the hundredth person is served in three of ten."""
    found = [
        queues.lots(drawn(100, sub=town % 256, seed=1 + town // 256).a, 7)[99] < np.ceil(0.3 * 128)
        for town in range(400)
    ]
    assert binomial_fits(sum(found), 400, 0.3)
