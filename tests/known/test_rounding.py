"""Keyed rounding (T27): a slow variable in few bits has the mean of the exact one, where plain rounding stalls."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.arithmetic import ONE_Q30, q30, rounded, step_towards
from glasshouse.engine.devices import prepare
from known.oracle import Z_LIMIT, drawn_within

RATE, TARGET, STEPS, COPIES = 0.01, 0.7, 2_000, 4_000


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def run(places: int, keyed: bool) -> Any:
    """Copies of x <- x + a (target - x) in 30 - places bits, from 0, at steps 100, 500 and STEPS."""
    who, rate, target = jnp.arange(COPIES, dtype=jnp.uint32), jnp.int64(q30(RATE)), jnp.int32(q30(TARGET))

    def step(day: Any, held: Any) -> Any:
        moved = step_towards(held << places, target, rate)
        word = drawn_within(who, day, 27).a if keyed else jnp.full(COPIES, 1 << 31, jnp.uint32)
        return rounded(word, moved, places)

    held, kept = jnp.zeros(COPIES, jnp.int32), []
    for start, end in ((0, 100), (100, 500), (500, STEPS)):
        held = jax.jit(lambda h, s=start, e=end: jax.lax.fori_loop(s, e, step, h))(held)
        kept.append(np.asarray(held) * 2.0 ** (places - 30))
    return kept


@pytest.mark.parametrize("places", [14, 22], ids=["16 bits", "8 bits"])
def test_keyed_rounding_has_the_mean_of_the_exact_average(places: int) -> None:
    """E = target (1 - (1 - a)^n), within three standard errors after 100, 500 and 2,000 steps."""
    for held, n in zip(run(places, keyed=True), (100, 500, STEPS), strict=True):
        exact = TARGET * (1 - (1 - RATE) ** n)
        assert abs(held.mean() - exact) < 3 * held.std() / np.sqrt(COPIES)


def test_plain_rounding_of_eight_bits_stalls() -> None:
    """It stops half a unit of 2^-8 over the rate short of the target: near .5 instead of .7."""
    held = run(22, keyed=False)[-1]
    assert held[0] == pytest.approx(TARGET - 0.5 / 256 / RATE, abs=1 / 256)


@given(st.integers(0, ONE_Q30), st.sampled_from([1, 8, 14, 22, 30]))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_a_value_goes_to_one_of_its_two_neighbours(value: int, places: int) -> None:
    words = np.array([0, 2**31, 2**32 - 1], np.uint32)
    found = rounded(words, np.full(3, value, np.int32), places)
    assert found[0] == value >> places
    assert found[2] == -(-value >> places)
    assert (np.diff(found) >= 0).all()


def test_the_share_rounded_up_is_the_fraction() -> None:
    words = drawn_within(jnp.arange(100_000, dtype=jnp.uint32), jnp.uint32(3), 28).a
    for fraction in (1, 5_000, 16_383):
        up = float((rounded(words, jnp.int32((7 << 14) + fraction), 14) == 8).mean())
        p = fraction / 2**14
        assert abs(up - p) < Z_LIMIT * np.sqrt(p * (1 - p) / 100_000)
