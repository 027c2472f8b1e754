"""Informing, gaming, avoidance: totals of false reports, pretended deeds, routes around cameras."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from glasshouse.arithmetic import CERTAIN, ONE_Q16, chance
from glasshouse.engine.devices import prepare
from glasshouse.mechanisms import avoidance, gaming, informing
from known.oracle import Z_LIMIT, binomial_fits, drawn, poisson_fits

N = 200_000
PHI = 0.3


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


# --- false reports


def chances(adults: int, informs: NDArray[np.bool_], weight: float = PHI) -> NDArray[np.uint32]:
    """Of each adult of one building."""
    k = jnp.full(len(informs), informs.sum(), jnp.int32)
    found = informing.reported(jnp.uint32(chance(weight)), k, jnp.asarray(informs), jnp.full(len(informs), adults))
    return np.asarray(found)


@given(st.integers(2, 32), st.integers(0, 32), st.floats(0, 1))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_reports_of_a_building_sum_to_what_its_informers_sent(adults: int, informers: int, weight: float) -> None:
    """sum over i of weight * k_i / (n - 1) = weight * k, for any k <= n."""
    informs = np.arange(32) < min(informers, adults)
    total = chances(adults, informs, weight)[:adults].sum(dtype=np.float64) / 2**32
    assert total == pytest.approx(weight * min(informers, adults), abs=2**-24)


def test_nobody_reports_on_themselves() -> None:
    assert chances(20, np.arange(20) < 1)[0] == 0
    assert chances(1, np.array([True])).tolist() == [0]
    assert chances(1, np.array([False])).tolist() == [0]


def test_certain_reports_about_everybody_stay_in_range() -> None:
    """Two adults, both inform, nothing that they say is true."""
    assert (chances(2, np.array([True, True]), 1.0) >= CERTAIN - 1).all()


def test_false_reports_are_phi_times_the_informers() -> None:
    """6,000 buildings of 24 adults, two informers in every third: total phi * 4,000, Poisson."""
    adults, buildings, days = 24, 6_000, 10
    informs = np.zeros((buildings, adults), bool)
    informs[::3, :2] = True
    found = 0
    threshold = np.stack([chances(adults, row) for row in informs[:3]])[np.arange(buildings) % 3]
    for day in range(days):
        words = drawn(buildings * adults, day)
        word, which = (jnp.asarray(w).reshape(informs.shape) for w in (words.c, words.d))
        claim = informing.accused(word, which, jnp.bool_(True), jnp.asarray(threshold), jnp.uint32(3))
        found += int((np.asarray(claim) > 0).sum())
    assert poisson_fits(found, days * PHI * informs.sum())


def test_a_report_claims_each_deed_as_often() -> None:
    words = drawn(N)
    claim = np.asarray(informing.accused(jnp.asarray(words.c), jnp.asarray(words.d), jnp.bool_(True),
                                         jnp.uint32(chance(0.5)), jnp.uint32(5)))  # fmt: skip
    assert binomial_fits((claim > 0).sum(), N, 0.5)
    for n in range(1, 6):
        assert binomial_fits((claim == n).sum(), N, 0.1)
    assert claim.max() == 5


def test_where_nothing_can_be_claimed_nobody_is_accused() -> None:
    word = jnp.zeros(3, jnp.uint32)
    assert not informing.accused(word, word, jnp.bool_(True), jnp.uint32(CERTAIN), jnp.uint32(0)).any()
    assert not informing.accused(word, word, jnp.bool_(False), jnp.uint32(CERTAIN), jnp.uint32(4)).any()


# --- pretended deeds


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_rewarded_deeds_are_pretended_at_the_share(share: float) -> None:
    words = drawn(N)
    did, rewarded = words.b < chance(0.5), words.c < chance(0.4)
    found = np.asarray(gaming.pretended(jnp.asarray(words.a), jnp.asarray(did), jnp.asarray(rewarded),
                                        jnp.uint32(chance(share))))  # fmt: skip
    assert not found[~(did & rewarded)].any()
    assert binomial_fits(int(found.sum()), int((did & rewarded).sum()), share)


# --- avoidance


def coefficients(gain: float = 1.0, cost: float = 0.05, most: float = 0.5, step: float = 0.3,
                 trips: float = 0.2) -> avoidance.Coefficients:  # fmt: skip
    return avoidance.Coefficients(
        jnp.int64(round(gain * ONE_Q16)), jnp.int64(round(cost * ONE_Q16)), jnp.int32(round(most * 256)),
        jnp.int32(round(step * ONE_Q16)), jnp.uint32(round(trips * 256)),
    )  # fmt: skip


@given(st.floats(0.0625, 16), st.floats(0, 1), st.floats(0, 1), st.floats(0, 5), st.floats(0, 0.5), st.floats(0, 0.99))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_the_target_is_the_clipped_line(
    rho: float, pi: float, glare: float, gain: float, cost: float, most: float
) -> None:
    """clip(zeta * rho * pi * G - cost, 0, most), to two units of 1 / 256."""
    felt = avoidance.felt(jnp.bool_(True), jnp.uint16(round(rho * 256)), jnp.int32(round(pi * ONE_Q16)),
                          jnp.int32(round(glare * ONE_Q16)))  # fmt: skip
    found = int(avoidance.target(felt, coefficients(gain, cost, most)))
    exact = min(max(gain * (round(rho * 256) / 256) * pi * glare - cost, 0), most)
    assert abs(found - 256 * exact) <= 2


def test_the_unaware_and_the_unthreatened_avoid_nothing() -> None:
    all_of_it = jnp.uint16(4096), jnp.int32(ONE_Q16), jnp.int32(ONE_Q16)
    assert int(avoidance.felt(jnp.bool_(False), *all_of_it)) == 0
    assert int(avoidance.felt(jnp.bool_(True), *all_of_it[:2], jnp.int32(0))) == 0
    nothing = jnp.zeros(1000, jnp.uint8)
    words = jnp.asarray(drawn(1000).a)
    assert not avoidance.moved(nothing, jnp.int32(0), words, coefficients()).any()


@pytest.mark.parametrize("step", [0.01, 0.3, 1.0])
def test_habits_move_by_the_step_on_average_and_reach_the_target(step: float) -> None:
    """E[av after m months] = target (1 - (1 - step)^m): a small step does not stall below one unit."""
    n, months, goal = 20_000, 12, 100
    av = jnp.zeros(n, jnp.uint8)
    for month in range(months):
        av = avoidance.moved(av, jnp.int32(goal), jnp.asarray(drawn(n, month).a), coefficients(step=step))
    held = np.asarray(av).astype(float)
    mean = goal * (1 - (1 - step) ** months)
    se = max(held.std(ddof=1), 0.5) / np.sqrt(n)
    assert abs(held.mean() - mean) / se < Z_LIMIT + 0.02 / se  # step is held to 2^-16
    assert held.max() <= goal


@given(st.floats(0, 1), st.integers(0, 254))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_who_avoids_is_filmed_less(coverage: float, av: int) -> None:
    """coverage * (1 - av / 256); never more for more avoidance."""
    whole = chance(coverage)
    found = int(avoidance.filming(jnp.uint32(whole), jnp.uint8(av)))
    assert found == pytest.approx(int(whole) * (1 - av / 256), abs=256)
    assert int(avoidance.filming(jnp.uint32(whole), jnp.uint8(av + 1))) <= found
    assert int(avoidance.filming(jnp.uint32(whole), jnp.uint8(0))) == whole


@pytest.mark.parametrize(("rate", "av", "trips"), [(0.5, 128, 0.2), (0.9, 255, 1.0), (0.3, 0, 1.0), (0.3, 200, 0.0)])
def test_trips_given_up_are_a_share_of_those_asked_for(rate: float, av: int, trips: float) -> None:
    words = drawn(N).a
    found = np.asarray(avoidance.given_up(jnp.asarray(words), jnp.uint32(chance(rate)), jnp.uint8(av),
                                          coefficients(trips=trips)))  # fmt: skip
    assert binomial_fits(int(found.sum()), N, rate * round(trips * 256) * av / 65536)
    assert not found[words >= chance(rate)].any()
