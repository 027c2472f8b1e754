"""The infection: final size, protection, conservation, and who meets whom behind a gate."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import brentq

from glasshouse.arithmetic import ONE_Q16, ONE_Q30, chance, happens, q16, q30
from glasshouse.engine.devices import prepare
from glasshouse.mechanisms import epidemic as e
from known.oracle import Z_LIMIT, binomial_fits, drawn, drawn_within

PEOPLE, SEEDS, DAYS = 100_000, 200, 7
FOREVER = 65535


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def numbers(r0: float, immune: int = FOREVER, full: float = 0.0, fading: float = 0.0, half: float = 0.0) -> Any:
    """A mixed population: everybody is met in town."""
    return e.Coefficients(
        building=q16(0.0), cell=q16(0.0), town=q16(r0 / DAYS), venues=q16(0.0), full=q16(full),
        fading=np.int32(round(fading * 2**24)), half=q16(half),
        days=np.int32(DAYS), immune=np.int32(immune), curve=jnp.asarray(e.curve()),
    )  # fmt: skip


def outbreak(
    law: Any, days: int, seeds: int = SEEDS, shield: int = 0, seed: int = 1
) -> tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.int64]]:
    """An epidemic among PEOPLE mixed people: the columns at the end, and S, I and R every morning [days, 3]."""
    who = jnp.arange(PEOPLE, dtype=jnp.uint32)
    first = who < seeds
    today = jnp.int32(0)
    ill, immune = (column(jnp.zeros(PEOPLE, jnp.uint16), first, today, law) for column in (e.ill, e.immune))

    def a_day(n: Any, so_far: tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
        ill, immune, counts = so_far
        today = n.astype(jnp.int32) + 1
        sick, able = e.infectious(ill, today), e.susceptible(ill, immune, today)
        counts = counts.at[n].set(jnp.array([able.sum(), sick.sum(), (~able & ~sick).sum()]))
        share = (sick.sum(dtype=jnp.int64) << 30) // PEOPLE
        rate = e.hazard(jnp.int64(0), jnp.int64(0), share, law)
        threshold = e.shielded(e.infection_chance(rate, law), jnp.int32(shield))
        got = able & happens(drawn_within(who, n, seed=seed).a, threshold)
        return e.ill(ill, got, today, law), e.immune(immune, got, today, law), counts

    counts = jnp.zeros((days, 3), jnp.int64)
    end = jax.jit(lambda *start: jax.lax.fori_loop(0, days, a_day, start))(ill, immune, counts)
    ill, immune, counts = (np.asarray(column) for column in end)
    return ill, immune, counts


@pytest.mark.parametrize("r0", [0.6, 1.5, 2.5, 5.0])
def test_the_final_size_is_the_closed_form(r0: float) -> None:
    """s = (1 - f) exp(-R0 (1 - s)), f the share infected at the start, which for few is R = 1 - exp(-R0 R).

    With a fixed infectious period var(R) = (1 - f) p (1 - p) / (1 - R0 s)^2 / N, p = s / (1 - f) (von Bahr and
    Martin-Löf, 1980).
    """
    ill, _, counts = outbreak(numbers(r0), 400)
    assert counts[-1, 1] == 0  # it is over
    f = SEEDS / PEOPLE
    s = float(brentq(lambda s: s - (1 - f) * np.exp(-r0 * (1 - s)), 0, 1 - f if r0 < 1 else min(1 - f, 1 / r0)))
    p = s / (1 - f)
    deviation = np.sqrt((1 - f) * p * (1 - p) / PEOPLE) / (1 - r0 * s)
    assert abs((ill == 0).mean() - s) < Z_LIMIT * deviation
    if r0 > 1:
        r = float(brentq(lambda r: r - 1 + np.exp(-r0 * r), 1e-6, 1))
        assert 1 - s == pytest.approx(r, abs=3 * f / (1 - r0 * (1 - r)))


def test_everybody_is_susceptible_ill_or_immune() -> None:
    _, _, counts = outbreak(numbers(2.5, immune=20), 200)
    assert (counts.sum(axis=1) == PEOPLE).all()
    assert (counts >= 0).all()
    assert counts[-1, 1] > 0  # immunity wanes, so the infection stays


def test_immunity_that_lasts_is_never_lost() -> None:
    ill, immune, counts = outbreak(numbers(3.0), 200)
    assert (np.diff(counts[:, 0]) <= 0).all()
    assert ((immune == FOREVER) == (ill > 0)).all()


def test_no_infection_no_epidemic() -> None:
    ill, immune, _ = outbreak(numbers(5.0), 50, seeds=0)
    assert not ill.any()
    assert not immune.any()


def test_perfect_protection_of_everybody_stops_it() -> None:
    ill, _, _ = outbreak(numbers(8.0), 60, shield=int(q16(1.0)))
    assert (ill > 0).sum() == SEEDS


def test_half_protection_halves_the_reproduction_number() -> None:
    """A leaky shield e scales each day's chance; while shares are small the hazard is (1 - e) beta I."""
    whole = outbreak(numbers(1.2), 600)[0]
    shielded = outbreak(numbers(2.4), 600, shield=int(q16(0.5)))[0]
    # 1 - exp(-l) scaled by a half against 1 - exp(-l / 2): apart by l^2 / 8 of l, with l at most .05 a day.
    assert (whole > 0).mean() == pytest.approx((shielded > 0).mean(), abs=0.02)


def test_a_case_is_infectious_for_its_days() -> None:
    law = numbers(1.0, immune=30)
    caught, blank = np.array([True]), np.zeros(1, np.uint16)
    ill, immune = (
        np.asarray(e.ill(blank, caught, np.int32(10), law)),
        np.asarray(e.immune(blank, caught, np.int32(10), law)),
    )
    days = np.arange(80)
    assert days[ill[0] > days][-1] == 10 + DAYS  # ill from day 11 (day 10 has passed) to day 17
    assert next(int(d) for d in days if d > 10 and e.susceptible(ill, immune, d)[0]) == 10 + DAYS + 30 + 1
    late = e.ill(blank, caught, np.int32(65_533), law), e.immune(blank, caught, np.int32(65_533), law)
    assert [int(x[0]) for x in late] == [FOREVER - 1] * 2


def test_the_chance_is_the_exponential_law() -> None:
    rates = np.concatenate([np.linspace(0, 8, 20_001), [0.0, 1e-9, 8.0, 9.0, 1_000.0]])
    found = np.asarray(e.infection_chance(np.rint(rates * ONE_Q30).astype(np.int64), numbers(1.0))) / 2**32
    assert abs(found - -np.expm1(-np.minimum(rates, 8))).max() < 2e-7
    assert found[0] == 0
    assert (np.diff(found[:20_001]) > 0).all()


def test_protection_fades_and_ends_at_nothing() -> None:
    law = numbers(1.0, full=0.8, fading=0.003, half=0.4)
    since = np.arange(400, dtype=np.int32)
    full = np.asarray(e.protection(np.True_, np.False_, since, law)) / 2**16
    assert abs(full - np.maximum(0.8 - 0.003 * since, 0)).max() < 1e-4
    assert (np.asarray(e.protection(np.False_, np.True_, since, law)) == law.half).all()
    assert not e.protection(np.False_, np.False_, since, law).any()


@pytest.mark.parametrize("shield", [0.0, 0.25, 0.8, 1.0])
def test_infections_come_at_their_chance(shield: float) -> None:
    p = 0.031
    left = np.asarray(e.shielded(chance(np.full(PEOPLE, p)), q16(shield)))
    assert abs(left / 2**32 - p * (1 - shield)).max() < 1e-6
    assert binomial_fits(int(happens(drawn(PEOPLE).a, left).sum()), PEOPLE, p * (1 - shield))


# --- Gates


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_contacts_behind_a_gate(everywhere: float, inside: float, let_in: float, venues: float) -> None:
    """(1 - v) I + v a A; with everybody let in, A = I and a = 1, it is I."""
    i, a = q30(everywhere).astype(np.int64), q30(inside * everywhere).astype(np.int64)
    own = np.int64(round(let_in * ONE_Q16))
    v = int(q16(venues))
    found = int(e.meeting(i, a, own, v)) / ONE_Q30
    assert found == pytest.approx((1 - v / 2**16) * i / 2**30 + v / 2**16 * (own / 2**16) * (a / 2**30), abs=1e-7)
    assert abs(int(e.meeting(i, i, np.int64(ONE_Q16), v)) - int(i)) <= 1
    assert e.meeting(i, a, np.int64(0), v) <= e.meeting(i, a, own, v) <= i


def test_layers_add_up() -> None:
    law = numbers(1.0)._replace(building=q16(0.1), cell=q16(0.2), town=q16(0.3))
    shares = [q30(x).astype(np.int64) for x in (0.5, 0.25, 0.125)]
    assert int(e.hazard(*shares, law)) / ONE_Q30 == pytest.approx(0.05 + 0.05 + 0.0375, abs=1e-5)
