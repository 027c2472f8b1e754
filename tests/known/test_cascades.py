"""Cascades with a known end (T17, T18, T19): Granovetter's thresholds, run through the engine's own law of voice.

A person speaks if and only if own + m >= 1 (gamma = 1, c0 = 1, no fear), so own = 1 - threshold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtr, ndtri

from glasshouse.arithmetic import ONE_Q16, q16, q30
from glasshouse.engine.devices import prepare
from glasshouse.measures.cascades import Standing, normal_fold
from glasshouse.measures.cascades import standing as standing_of
from glasshouse.mechanisms import voice
from known.oracle import Z_LIMIT, uniform, z_of_count

BOLD = 512  # beta = 2 leaves room for thresholds from -1 to 1
LAW = voice.Coefficients(own=q16(1.0), peers=q16(1.0), cost=q16(1.0), capacity=q16(1.0), weights=q16([0, 0, 0, 1]))
FOLD_SD, FOLD_SHARE = 0.122221, 0.0620  # for thresholds around .25


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def dissent(threshold: NDArray[np.float64]) -> Any:
    """Opposition at which the law gives this threshold; beyond -1 and 1 a threshold is always or never met alike."""
    return jnp.asarray(q30((1 - np.clip(threshold, -1, 1)) / 2))


def _climb(x: Any) -> Any:
    """Everybody starts silent and decides again, all at once, until nobody changes their mind."""
    n = x.shape[-1]
    bold = jnp.full(x.shape, BOLD, jnp.uint16)
    nobody = jnp.zeros(x.shape, jnp.int32)

    def once(state: tuple[Any, Any]) -> tuple[Any, Any]:
        _, spoke = state
        # Rounded up, so that n voices of n are a whole one, and no share falls short of a person's own threshold.
        m = -((-spoke.sum(axis=-1, keepdims=True, dtype=jnp.int64) * ONE_Q16) // n)
        share = jnp.broadcast_to(m.astype(jnp.int32), x.shape)
        return spoke, voice.voices(x, bold, share, nobody, LAW)

    silent = jnp.zeros(x.shape, bool)
    return jax.lax.while_loop(lambda s: (s[0] != s[1]).any(), once, once((silent, silent)))[1]


climb: Callable[[Any], Any] = jax.jit(_climb)


def lattice(mean: float, sd: float, people: int = 100_000) -> NDArray[np.float64]:
    """Thresholds N(mean, sd) without the luck of the draw."""
    return mean + sd * ndtri((np.arange(people) + 0.5) / people)


def lowest_root(mean: float, sd: float) -> float:
    """m = Phi((m - mean) / sd), climbing from 0."""
    m, before = 0.0, -1.0
    while m - before > 1e-14:
        before, m = m, float(ndtr((m - mean) / sd))
    return m


# --- T17: a crowd's smallest fixed point, and where it ceases to exist


@pytest.mark.parametrize("seed", [1, 2])
def test_a_million_people_settle_at_the_smallest_root(seed: int) -> None:
    """m = Phi((m - .25) / .12) has its smallest root at .0402; a sample of N strays by sqrt(m(1-m)/N) / (1 - F')."""
    people, sd = 1_000_000, 0.12
    threshold = 0.25 + sd * ndtri(uniform(people, day=1, seed=seed)[0])
    found = float(climb(dissent(threshold)).mean())
    m = lowest_root(0.25, sd)
    assert m == pytest.approx(0.0402, abs=5e-5)
    slope = np.exp(-(((m - 0.25) / sd) ** 2) / 2) / np.sqrt(2 * np.pi) / sd
    assert abs(found - m) < Z_LIMIT * np.sqrt(m * (1 - m) / people) / (1 - slope)


def test_a_hair_more_spread_and_everybody_joins() -> None:
    assert float(climb(dissent(lattice(0.25, 0.123))).mean()) > 0.97


def test_the_engine_folds_where_the_formula_does() -> None:
    """Bisection on the spread: below s_c = .122221 the crowd stays small, above it everybody joins."""
    low, high = 0.11, 0.13
    while high - low > 2e-4:
        middle = (low + high) / 2
        low, high = (low, middle) if float(climb(dissent(lattice(0.25, middle))).mean()) > 0.5 else (middle, high)
    assert (low + high) / 2 == pytest.approx(FOLD_SD, abs=1e-3)
    share, mean = normal_fold(FOLD_SD)
    assert (share, mean) == (pytest.approx(FOLD_SHARE, abs=1e-4), pytest.approx(0.25, abs=1e-5))


# --- T18: the fold in the mean


def test_the_fold_in_the_mean_is_the_closed_form() -> None:
    """s = .12: z* = sqrt(2 ln(1 / (s sqrt(2 pi)))), m_c = Phi(-z*) = .060565, mu_c = m_c + s z* = .246571."""
    share, mean = normal_fold(0.12)
    z = np.sqrt(2 * np.log(1 / (0.12 * np.sqrt(2 * np.pi))))
    assert share == pytest.approx(ndtr(-z), abs=1e-12)
    assert mean == pytest.approx(ndtr(-z) + 0.12 * z, abs=1e-12)
    assert (share, mean) == (pytest.approx(0.060565, abs=1e-6), pytest.approx(0.246571, abs=1e-6))


def test_either_side_of_the_fold() -> None:
    _, mean = normal_fold(0.12)
    assert float(climb(dissent(lattice(mean + 1e-3, 0.12))).mean()) < 0.07
    assert float(climb(dissent(lattice(mean - 1e-3, 0.12))).mean()) > 0.97


@pytest.mark.parametrize("sd", [0.0, -0.1, 0.399, 1.0])
def test_no_fold_without_a_narrow_spread(sd: float) -> None:
    with pytest.raises(ValueError, match=r"0\.3989"):
        normal_fold(sd)


# --- T19: small groups


@pytest.mark.parametrize("people", [2, 3, 4, 5, 10])
def test_small_groups_are_parking_functions(people: int) -> None:
    """Thresholds uniform on {0, ..., n - 1}: P(all join) = (n + 1)^(n - 1) / n^n."""
    groups = 40_000
    number = (uniform(groups * people, day=people)[0] * people).astype(np.int64).reshape(groups, people)
    # Half a person less, so that k others are enough for a threshold of k and k - 1 are not.
    joined = np.asarray(climb(dissent((number - 0.5) / people))).all(axis=1)
    p = (people + 1) ** (people - 1) / people**people
    assert abs(z_of_count(joined.sum(), groups, p)) < Z_LIMIT


def test_the_known_chances() -> None:
    found = [(n + 1) ** (n - 1) / n**n for n in (2, 3, 5, 10)]
    assert found == pytest.approx([3 / 4, 16 / 27, 0.41472, 0.23579], abs=5e-6)


# --- Standing and margin, for the records' reader


def standing(threshold: NDArray[np.float64], bins: int = 256) -> Standing:
    """From each person's threshold, by its histogram."""
    return standing_of(np.bincount(np.clip(np.ceil(threshold * bins), 0, bins + 1).astype(int), minlength=bins + 2))


def society(cost: float, fear: float, people: int = 200_000) -> Standing:
    """The default society (x ~ Beta(2, 2.5), ln beta ~ N(0, .5), omega .6, gamma .25, mcap .1), certain sanctions."""
    n = np.arange(people)
    x = betaincinv(2.0, 2.5, (n + 0.5) / people)
    golden = np.clip((n * ((np.sqrt(5) - 1) / 2)) % 1, 0.5 / people, 1 - 0.5 / people)
    own = 0.6 * np.exp(0.5 * ndtri(golden)) * x
    return standing(voice.thresholds(own, np.full(people, fear), 0.25, cost, 0.10))


@pytest.mark.parametrize(
    ("cost", "fear", "share"), [(0.40, 0.0, 0.390), (0.40, 0.20, 0.180), (0.40, 0.25, 0.083), (0.40, 0.40, 0.040)]
)
def test_thresholds_tell_where_the_law_settles(cost: float, fear: float, share: float) -> None:
    assert society(cost, fear).share == pytest.approx(share, abs=0.004)


def test_a_cascade_that_nobody_sees_coming() -> None:
    """F32: the cost of speaking falls; voices rise under 4 points while the margin melts, then jump by over 30."""
    still = [society(cost, 0.30) for cost in (0.38, 0.36, 0.34, 0.32)]
    assert still[-1].share - still[0].share < 0.04
    margins = [s.margin for s in still]
    assert margins == sorted(margins, reverse=True)
    assert margins[-1] == pytest.approx(0.006, abs=0.003)
    assert society(0.31, 0.30).share - still[-1].share > 0.30


def test_a_threshold_is_the_least_share_at_which_the_law_says_yes() -> None:
    own, fear, _, _ = uniform(4_000)
    fear = np.where(fear < 0.2, 0.0, fear)
    found = voice.thresholds(own, fear, peers=0.25, cost=0.4, capacity=0.1)
    for shift, speaks in ((1e-9, True), (-1e-9, False)):
        m = found + shift
        ask = (m >= 0) & (m <= 1)
        law = own + 0.25 * m >= 0.4 + fear * np.minimum(1, 0.1 / np.maximum(m, 1e-300))
        assert (law[ask] == speaks).all()


def test_corners_of_standing() -> None:
    assert standing(np.zeros(5)) == Standing(1.0, np.inf)
    assert standing(np.full(5, 2.0)) == Standing(0.0, np.inf)
    assert standing(np.array([0.5])).share == 0.0
    assert standing(np.array([0.5])).tips == pytest.approx(0.5, abs=1 / 128)


@given(st.lists(st.floats(-0.5, 1.5), min_size=1, max_size=60), st.floats(0, 0.5))
@settings(deadline=None, derandomize=True, max_examples=100)
def test_who_needs_less_company_speaks_no_later(threshold: list[float], less: float) -> None:
    held = np.array(threshold)
    before, after = standing(held), standing(held - less)
    assert after.share >= before.share - 1e-12
    assert 0 <= before.share <= 1
    assert before.margin >= 0
