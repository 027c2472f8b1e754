"""Voice and silence (T35): people who decide anew now and then reach the lower fixed point of equation (11).

m = P(omega beta x >= c0 + R(m) - gamma m),   R(m) = R0 min(1, mcap / m)
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from glasshouse.arithmetic import ONE_Q16, ONE_Q30, chance, happens, q16, q30
from glasshouse.engine.devices import prepare
from glasshouse.mechanisms import voice
from known.oracle import drawn_within

PEOPLE, DAYS = 200_000, 700
OMEGA, GAMMA, MCAP = 0.6, 0.25, 0.10


class Case(NamedTuple):
    """Cost of speaking, fear of a certain sanction, and the share that (11) is said to settle at."""

    cost: float
    fear: float
    settles: float
    within: float


CASES = [
    Case(0.40, 0.00, 0.390, 0.005),
    Case(0.40, 0.20, 0.180, 0.005),
    Case(0.40, 0.25, 0.083, 0.002),
    Case(0.40, 0.40, 0.040, 0.002),
    Case(0.38, 0.30, 0.071, 0.002),
    Case(0.36, 0.30, 0.079, 0.002),
    Case(0.34, 0.30, 0.088, 0.002),
    Case(0.32, 0.30, 0.098, 0.002),
    Case(0.31, 0.30, 0.516, 0.005),
]
NAMES = [f"cost {c.cost}, fear {c.fear}" for c in CASES]


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


@cache
def sample() -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
    """x ~ Beta(2, 2.5) in Q30 and beta ~ LogN(0, .5) in Q8, on an evenly filled lattice: no luck of the draw."""
    n = np.arange(PEOPLE)
    golden = (n * ((np.sqrt(5) - 1) / 2)) % 1
    x = betaincinv(2.0, 2.5, (n + 0.5) / PEOPLE)
    boldness = np.exp(0.5 * ndtri(np.clip(golden, 0.5 / PEOPLE, 1 - 0.5 / PEOPLE)))
    return q30(x), np.rint(256 * boldness).astype(np.uint16)


@cache
def fixed_points() -> list[float]:
    """The lowest share that reproduces itself, in float64 on the same people: F rises, so climb from silence."""
    x, boldness = sample()
    urge = np.sort(OMEGA * (boldness / 256) * (x / ONE_Q30))
    found = []
    for case in CASES:
        m, before = 0.0, -1.0
        while m != before:
            fear = case.fear * (min(1.0, MCAP / m) if m > 0 else 1.0)
            before, m = m, 1 - np.searchsorted(urge, case.cost + fear - GAMMA * m) / PEOPLE
        found.append(float(m))
    return found


@cache
def agents() -> list[float]:
    """Share voicing dissent after DAYS days: everybody starts silent and is asked with chance .1 a day."""
    x, boldness = (jnp.asarray(column) for column in sample())
    who, asked = jnp.arange(PEOPLE, dtype=jnp.uint32), jnp.uint32(chance(0.1))
    laws = [
        voice.Coefficients(
            own=q16(OMEGA), peers=q16(GAMMA), cost=q16(case.cost), capacity=q16(MCAP), weights=q16([0, 0, 0, 0, 1])
        )
        for case in CASES
    ]
    one = jnp.full(PEOPLE, 256, jnp.uint16)
    certain = jnp.full(PEOPLE, ONE_Q16, jnp.int32)

    def a_day(day: Any, voiced: tuple[Any, ...]) -> tuple[Any, ...]:
        today = happens(drawn_within(who, day.astype(jnp.uint32), 11).a, asked)
        tonight = []
        for was, case, law in zip(voiced, CASES, laws, strict=True):
            town = (was.sum(dtype=jnp.int64) * ONE_Q16 // PEOPLE).astype(jnp.int32)
            share = voice.heard(*[jnp.int32(0)] * 4, town, law.weights)
            threat = voice.fear(jnp.full(PEOPLE, q16(case.fear)), one, certain)
            tonight.append(jnp.where(today, voice.voices(x, boldness, share, threat, law), was))
        return tuple(tonight)

    silent = tuple(jnp.zeros(PEOPLE, bool) for _ in CASES)
    voiced = jax.jit(lambda silent: jax.lax.fori_loop(0, DAYS, a_day, silent))(silent)
    return [float(v.mean()) for v in voiced]


@pytest.mark.parametrize("n", range(len(CASES)), ids=NAMES)
def test_people_reach_the_lower_fixed_point(n: int) -> None:
    assert agents()[n] == pytest.approx(fixed_points()[n], abs=1e-4)


@pytest.mark.parametrize("n", range(len(CASES)), ids=NAMES)
def test_the_fixed_points_are_those_that_the_law_was_fitted_to(n: int) -> None:
    assert agents()[n] == pytest.approx(CASES[n].settles, abs=CASES[n].within)


def test_the_chilling_index() -> None:
    """1 - m_R / m_0 = .79 at R0 = .25; and two people in five oppose in private."""
    free, threatened = agents()[0], agents()[2]
    assert 1 - threatened / free == pytest.approx(0.79, abs=0.005)
    x, _ = sample()
    assert (x > ONE_Q30 // 2).mean() == pytest.approx(0.398, abs=0.001)


def test_dissent_gives_no_warning_before_it_breaks_out() -> None:
    """At R0 = .30 the cost falls from .38 to .32 and voices rise under three points; at .31 they jump forty."""
    by_cost = {case.cost: share for case, share in zip(CASES, agents(), strict=True) if case.fear == 0.30}
    assert by_cost[0.32] - by_cost[0.38] < 0.03
    assert by_cost[0.31] - by_cost[0.32] > 0.40


def law(cost: float = 0.4, weights: tuple[float, ...] = (0.35, 0.2, 0.1, 0.1, 0.25)) -> voice.Coefficients:
    return voice.Coefficients(q16(OMEGA), q16(GAMMA), q16(cost), q16(MCAP), q16(weights))


def test_the_law_person_by_person() -> None:
    """omega beta x + gamma m >= c0 + R min(1, mcap / m), away from ties, against float64."""
    x, boldness = sample()
    n = np.arange(PEOPLE)
    m = ((n * 7919) % 65_537) / ONE_Q16
    fear = ((n * 104_729) % 65_537) / ONE_Q16
    found = voice.voices(jnp.asarray(x), jnp.asarray(boldness), jnp.asarray(q16(m)), jnp.asarray(q16(fear)), law())
    threat = fear * np.minimum(1, MCAP / np.maximum(m, 1e-300))
    margin = OMEGA * (boldness / 256) * (x / ONE_Q30) + GAMMA * m - 0.4 - threat
    # Integers resolve the urge to 3 units of 2^-16; multiplied by m, fear is resolved to as much over m.
    clear = np.abs(margin) > 4 / ONE_Q16 + 2 / ONE_Q16 / np.maximum(m, MCAP)
    assert clear.mean() > 0.99
    assert (np.asarray(found)[clear] == (margin > 0)[clear]).all()


def test_extreme_people_do_not_overflow() -> None:
    """x = 1 at the boldest, m from nobody to everybody, the largest fear that sixteenfold sensitivity makes."""
    most = 16 * ONE_Q16
    for m in (0, 1, ONE_Q16 // 10, ONE_Q16 // 10 + 1, ONE_Q16):
        found = voice.voices(
            jnp.full(2, ONE_Q30, jnp.int32), jnp.full(2, 4_096, jnp.uint16), jnp.full(2, m, jnp.int32),
            jnp.array([0, most], jnp.int32), law(),
        )  # fmt: skip
        share = m / ONE_Q16
        urge = OMEGA * 16 + GAMMA * share - 0.4
        assert found.tolist() == [True, urge >= 16 * (min(1, MCAP / share) if m else 1)]
    found = voice.fear(jnp.int32(ONE_Q16), jnp.uint16(4_096), jnp.int32(ONE_Q16))
    assert int(found) == most
    assert int(voice.fear(jnp.int32(0), jnp.uint16(4_096), jnp.int32(ONE_Q16))) == 0


def test_what_is_heard_is_the_weighted_mean_of_five_circles() -> None:
    shares = (1.0, 0.75, 0.5, 0.25, 0.0625)
    found = voice.heard(*(jnp.int32(q16(s)) for s in shares), law().weights)
    exact = sum(w * s for w, s in zip((0.35, 0.2, 0.1, 0.1, 0.25), shares, strict=True))
    assert float(found) / ONE_Q16 == pytest.approx(exact, abs=2e-4)
    one = jnp.int32(ONE_Q16)
    everybody = voice.heard(*[one] * 5, law().weights)
    assert float(everybody) / ONE_Q16 == pytest.approx(1.0, abs=2e-4)
