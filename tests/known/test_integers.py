"""The integer laws: curves as tables, chances as thresholds, and no surprise at the limits."""

from __future__ import annotations

from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.arithmetic import (
    CERTAIN,
    ONE_Q16,
    ONE_Q30,
    bits,
    both,
    chance,
    happens,
    has,
    logit,
    q16,
    q30,
    sigmoid,
    sigmoid_table,
    step_towards,
)
from glasshouse.engine.devices import prepare

THRESHOLD = st.one_of(st.integers(0, 2**32 - 1), st.sampled_from([0, 1, 2**31, 2**32 - 2, 2**32 - 1]))
SHARE = st.floats(0, 1)
LAST_WORD = np.uint32(0xFFFFFFFF)


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def u32(value: int) -> np.uint32:
    return np.uint32(value)


@given(SHARE)
def test_a_threshold_is_the_floor_of_its_probability(p: float) -> None:
    exact = Fraction(p) * 2**32
    assert int(chance(p)) == min(exact.numerator // exact.denominator, 2**32 - 1)


def test_never_and_always() -> None:
    assert chance(0.0) == 0
    assert chance(1.0) == CERTAIN
    assert not happens(u32(0), chance(0.0))
    assert happens(LAST_WORD, CERTAIN)
    assert not happens(LAST_WORD, CERTAIN - u32(1))
    assert not happens(LAST_WORD - u32(1), CERTAIN - u32(1))
    assert happens(LAST_WORD - u32(2), CERTAIN - u32(1))


def test_a_rare_chance_is_not_rounded_to_never() -> None:
    """24 bits would make 2^-30 either 0 or 2^-24."""
    assert chance(2.0**-30) == 4


@given(THRESHOLD, THRESHOLD)
def test_both_is_the_product(first: int, second: int) -> None:
    found = int(both(u32(first), u32(second)))
    certain = 2**32 - 1
    exact = second if first == certain else first if second == certain else first * second >> 32
    assert found == exact
    assert found <= min(first, second)
    assert found == int(both(u32(second), u32(first)))


@given(THRESHOLD, THRESHOLD, THRESHOLD)
def test_both_never_falls_when_a_chance_rises(first: int, second: int, other: int) -> None:
    low, high = sorted((first, second))
    assert both(u32(low), u32(other)) <= both(u32(high), u32(other))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(THRESHOLD, THRESHOLD), min_size=8, max_size=8))
def test_both_is_the_same_on_a_device(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array(column, np.uint32) for column in zip(*pairs, strict=True))
    found = np.asarray(jax.jit(both)(jnp.asarray(first), jnp.asarray(second)))
    assert found.dtype == np.uint32
    assert (found == both(first, second)).all()


def test_the_sigmoid_table_stays_within_its_bound() -> None:
    """p(z) = 1 / (1 + exp(-z)): linear interpolation over steps of 1/128 is off by at most h^2 max|p''| / 8 =
    (1/128)^2 * .0962 / 8 = 7.4e-7; the bound stated is 1.5e-6."""
    z = np.arange(-16 * ONE_Q16, 16 * ONE_Q16 + 1, 7, dtype=np.int32)
    found = sigmoid(sigmoid_table(), z).astype(np.float64) / 2**32
    exact = 1 / (1 + np.exp(-z / ONE_Q16))
    assert np.abs(found - exact).max() < 1.5e-6
    assert (np.diff(found) >= 0).all()


def test_the_sigmoid_is_good_for_rare_deeds() -> None:
    """Below 1 % the error of interpolation is h^2 / 8 = 7.6e-6 of the probability, and a unit of 2^-32."""
    z = np.arange(-14 * ONE_Q16, -5 * ONE_Q16, 13, dtype=np.int32)
    found = sigmoid(sigmoid_table(), z).astype(np.float64)
    exact = 2**32 / (1 + np.exp(-z / ONE_Q16))
    assert (np.abs(found - exact) < 1e-5 * exact + 2).all()


def test_the_sigmoid_is_exact_at_its_ends_and_beyond() -> None:
    z = np.array([-(2**31), -17 * ONE_Q16, -16 * ONE_Q16, 16 * ONE_Q16, 17 * ONE_Q16, 2**31 - 1], np.int32)
    assert sigmoid(sigmoid_table(), z).tolist() == [0, 0, 0, *[int(CERTAIN)] * 3]
    assert int(sigmoid(sigmoid_table(), np.int32(0))) == 2**31
    assert [int(q16(logit(p))) for p in (0.0, 1.0)] == [-16 * ONE_Q16, 16 * ONE_Q16]


@given(st.integers(-16 * 65536, 16 * 65536))
def test_the_sigmoid_is_symmetric(z: int) -> None:
    """p(-z) = 1 - p(z), up to interpolation in whole units."""
    table = sigmoid_table()
    up, down = (int(sigmoid(table, np.int32(sign * z))) for sign in (1, -1))
    assert abs(up + down - 2**32) <= 4


def test_the_sigmoid_is_the_same_on_a_device() -> None:
    z = np.linspace(-(2**31), 2**31 - 1, 100_001).astype(np.int32)
    near = np.arange(-20 * ONE_Q16, 20 * ONE_Q16, 97, dtype=np.int32)
    for held in (z, near):
        found = jax.jit(sigmoid)(jnp.asarray(sigmoid_table()), jnp.asarray(held))
        assert (np.asarray(found) == sigmoid(sigmoid_table(), held)).all()


@given(st.integers(0, ONE_Q30), st.integers(0, ONE_Q30), st.integers(0, ONE_Q30))
def test_a_step_goes_towards_the_target_and_never_past_it(value: int, target: int, rate: int) -> None:
    found = int(step_towards(np.int32(value), np.int32(target), np.int64(rate)))
    exact = value + Fraction(rate, ONE_Q30) * (target - value)
    assert abs(found - exact) <= Fraction(1, 2)
    assert min(value, target) <= found <= max(value, target)


def test_whole_steps_and_none() -> None:
    value, target = np.int32(0), np.int32(ONE_Q30)
    assert step_towards(value, target, np.int64(ONE_Q30)) == ONE_Q30
    assert step_towards(value, target, np.int64(0)) == 0
    assert q30(1.0) == ONE_Q30
    assert q30(2.0**-31) == 0


@given(st.lists(st.booleans(), min_size=1, max_size=64))
def test_flags_of_up_to_sixty_four_things_fit_one_word(flags: list[bool]) -> None:
    word = bits(flags)
    assert [bool(has(word, np.int32(n))) for n in range(len(flags))] == flags


def test_all_sixty_four_flags_are_kept_on_a_device() -> None:
    """Without 64-bit integers the upper half would be lost without a word."""
    flags = np.arange(64) % 3 == 0
    found = has(jnp.asarray(bits(flags)), jnp.arange(64, dtype=jnp.int32))
    assert np.asarray(found).tolist() == flags.tolist()
