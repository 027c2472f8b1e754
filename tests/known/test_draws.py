"""Philox and twins: the published vectors (T03), coupling (T04), and what coupling buys (T05)."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.arithmetic import chance, happens
from glasshouse.draws.philox import Key, Words, block, words
from glasshouse.draws.purposes import registry
from glasshouse.engine.devices import prepare
from known.oracle import Z_LIMIT, drawn, z_of_count

# counter, key, result: published with Random123 (zeros, ones, digits of pi).
VECTORS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
WORD = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def numbers(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


def naive(counter: list[int], key: list[int]) -> list[int]:
    """Philox4x32-10 in Python's own integers, as its authors describe it."""
    (a, b, c, d), (k0, k1) = counter, key
    for _ in range(10):
        p, q = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (q >> 32) ^ b ^ k0, q % 2**32, (p >> 32) ^ d ^ k1, p % 2**32
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return [a, b, c, d]


def on_the_host(counter: list[int], key: list[int]) -> list[int]:
    found = block(Key(*map(np.uint32, key)), *(np.array([c], np.uint32) for c in counter))
    return [int(word[0]) for word in found]


@jax.jit
def _compiled(key: Key, counter: Any) -> Words:
    return block(key, *counter)


def on_a_device(counter: list[int], key: list[int]) -> list[int]:
    device_key = Key(*(jax.numpy.uint32(k) for k in key))
    found = _compiled(device_key, tuple(jax.numpy.array([c], jax.numpy.uint32) for c in counter))
    return [int(word[0]) for word in found]


@pytest.mark.parametrize("way", [naive, on_the_host, on_a_device])
@pytest.mark.parametrize(("counter", "key", "result"), VECTORS, ids=["zeros", "ones", "pi"])
def test_the_published_vectors(way: Any, counter: str, key: str, result: str) -> None:
    assert way(numbers(counter), numbers(key)) == numbers(result)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORD, min_size=4, max_size=4), st.lists(WORD, min_size=2, max_size=2))
def test_host_device_and_plain_python_agree(counter: list[int], key: list[int]) -> None:
    assert naive(counter, key) == on_the_host(counter, key) == on_a_device(counter, key)


@settings(max_examples=100, deadline=None)
@given(
    seed=st.integers(0, 2**64 - 1),
    entity=WORD,
    name=st.sampled_from(sorted(registry())),
    day=st.integers(0, 2**16 - 1),
    town=WORD,
    sub=st.integers(0, 255),
)
def test_who_asks_what_and_when_is_the_whole_key(
    seed: int, entity: int, name: str, day: int, town: int, sub: int
) -> None:
    purpose = registry()[name]
    counter = [entity, purpose.number << 8 | sub, day << 16 | purpose.kind << 12, town]
    expected = naive(counter, [seed % 2**32, seed >> 32])
    found = words(Key.of(seed), np.array([entity], np.uint32), purpose, np.uint32(day), np.uint32(town), sub)
    assert [int(word[0]) for word in found] == expected


PAIRS = [(0.02, 0.0174), (0.02, 0.012), (0.5, 0.9), (0.0, 0.003), (0.3, 1.0)]


@pytest.mark.parametrize(("p0", "p1"), PAIRS)
def test_twins_differ_exactly_where_the_word_lies_between_their_chances(p0: float, p1: float) -> None:
    """P(outcomes differ) = |p0 - p1|: no other outcome is touched."""
    n = 400_000
    word = drawn(n).a
    differ = happens(word, chance(p0)) != happens(word, chance(p1))
    low, high = sorted((p0 * 2**32, p1 * 2**32))
    assert (differ == ((word >= np.floor(low)) & (word < np.floor(high)))).all()
    assert abs(z_of_count(differ.sum(), n, abs(p0 - p1))) < Z_LIMIT


@pytest.mark.parametrize(("p0", "p1"), [(0.02, 0.0174), (0.02, 0.012), (0.3, 0.2), (0.1, 0.4)])
def test_coupling_shrinks_the_variance_of_an_effect(p0: float, p1: float) -> None:
    """VRF = [p0 q0 + p1 q1] / [d (1 - d)], d = |p0 - p1|, within 5 % from 20,000 replicates of 400 people."""
    replicates, people = 20_000, 400
    first, second, *_ = (w.reshape(replicates, people) for w in drawn(replicates * people))
    before, after = chance(p0), chance(p1)
    coupled = happens(first, after).sum(axis=1) - happens(first, before).sum(axis=1, dtype=np.int64)
    apart = happens(second, after).sum(axis=1) - happens(first, before).sum(axis=1, dtype=np.int64)
    d = abs(p0 - p1)
    theory = (p0 * (1 - p0) + p1 * (1 - p1)) / (d * (1 - d))
    assert apart.var() / coupled.var() == pytest.approx(theory, rel=0.05)


def test_the_worked_example_of_the_variance_law() -> None:
    """The law's own figures: .02 against .0174 gives 14.15, against .012 gives 3.96."""

    def law(p0: float, p1: float) -> float:
        d = abs(p0 - p1)
        return (p0 * (1 - p0) + p1 * (1 - p1)) / (d * (1 - d))

    assert law(0.02, 0.0174) == pytest.approx(14.15, abs=0.01)
    assert law(0.02, 0.012) == pytest.approx(3.96, abs=0.01)
