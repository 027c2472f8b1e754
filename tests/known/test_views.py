"""What people come to think: opposition, trust and support month by month, and speech with a price of its own."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaincinv, ndtri

from glasshouse.arithmetic import ONE_Q16, ONE_Q30, chance, q16, q30
from glasshouse.engine.devices import prepare
from glasshouse.mechanisms import opinion, protest, trust, voice
from known.oracle import Z_LIMIT, drawn

PEOPLE = 20_000
MONTHS_A_YEAR = 12


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def rates(**changes: float) -> trust.Coefficients:
    """Trust that only remembers, but for what is given."""
    slow = dict.fromkeys(("safety", "news", "denied", "informers", "watched", "lonely", "told", "harmed"), 0.0)
    slow |= {"memory": 1 - 2 ** (-1 / (10 * MONTHS_A_YEAR)), "pace": 0.3} | changes
    wide = {
        name: q30(slow[name]).astype(np.int64)
        for name in slow
        if name not in ("state", "people", "base", "slope", "reach")
    }
    levels = {name: q30(changes.get(name, usual)) for name, usual in
              (("state", 0.6), ("people", 0.5), ("base", 0.75), ("slope", 0.1))}  # fmt: skip
    return trust.Coefficients(
        **wide, **levels, reach=np.int32(changes.get("reach", 20)), usual_risk=q30(0.05), usual_watch=q30(0.02)
    )


def words(month: int, which: str = "a") -> Any:
    return jnp.asarray(getattr(drawn(PEOPLE, day=month, sub=53), which))


def held(value: float) -> Any:
    return jnp.full(PEOPLE, round(value * ONE_Q16), jnp.uint16)


def zero() -> Any:
    return jnp.zeros(PEOPLE, jnp.int32)


def full() -> Any:
    return jnp.full(PEOPLE, ONE_Q16, jnp.int32)


def close(column: Any, exact: float) -> bool:
    """Mean within Z_LIMIT standard errors (and a hair for the rounding of the rates themselves)."""
    value = np.asarray(column, np.float64) / ONE_Q16
    return bool(abs(value.mean() - exact) < Z_LIMIT * value.std() / np.sqrt(PEOPLE) + 1e-7)


# --- Trust


def test_a_shock_to_trust_halves_in_the_years_of_memory() -> None:
    """F24: T0 - T = d * 2^(-t / 10 years); five years after its end seven tenths of a shock are left."""
    column, shock = held(0.4), 0.6 - round(0.4 * ONE_Q16) / ONE_Q16
    for month in range(5 * MONTHS_A_YEAR):
        column = trust.state(column, words(month), jnp.full(PEOPLE, q30(0.05), jnp.int32), zero(), zero(), rates())
    assert close(column, 0.6 - shock * 2**-0.5)
    assert 0.6 - float(column.mean()) / ONE_Q16 > 0.65 * shock


def test_trust_in_the_state_moves_by_its_three_terms() -> None:
    """T' = T + r (T0 - T) + k1 (pi - pi0)+ - k2 news - k3 denied."""
    n = rates(safety=0.02, news=0.03, denied=0.05)
    risk = jnp.full(PEOPLE, q30(0.45), jnp.int32)
    back = float(n.memory) / ONE_Q30 * (0.6 - 0.3)
    for news, denied, change in ((0, 0, 0.02 * 0.4), (1, 0, 0.02 * 0.4 - 0.03), (1, 1, 0.02 * 0.4 - 0.08)):
        found = trust.state(held(0.3), words(1), risk, full() * news, full() * denied, n)
        assert close(found, round(0.3 * ONE_Q16) / ONE_Q16 + back + change)
    nobody_safer = trust.state(held(0.6), words(1), zero(), zero(), zero(), n)
    assert close(nobody_safer, round(0.6 * ONE_Q16) / ONE_Q16)


def test_trust_in_people_falls_with_informers_watchers_and_lost_ties() -> None:
    """P' = P + r (P0 - P) - k5 informers - k6 (nu - nu0)+ - k7 lonely."""
    n = rates(informers=0.1, watched=0.02, lonely=0.04)
    for informers, watched, lonely in ((1, 0.02, 0), (0, 0.52, 0), (0, 0.02, 1), (1, 0.52, 1), (0, 0.0, 0)):
        found = trust.people(
            held(0.5), words(2, "b"), full() * informers, jnp.full(PEOPLE, q30(watched), jnp.int32), full() * lonely, n
        )
        assert close(found, 0.5 - 0.1 * informers - 0.02 * max(watched - 0.02, 0) - 0.04 * lonely)


def test_trust_stays_between_nothing_and_one() -> None:
    n = rates(news=1.1, safety=1.0, informers=1.1)
    risk = jnp.full(PEOPLE, ONE_Q30, jnp.int32)
    for start in (0.0, 0.9999):
        down = trust.state(held(start), words(3), zero(), full(), full(), n)
        assert int(down.max()) == 0
        up = trust.state(held(start), words(3), risk, zero(), zero(), n)
        top = min(start + float(n.memory) / ONE_Q30 * (0.6 - start) + 0.95, 1 - 1 / ONE_Q16)
        assert float(up.mean()) / ONE_Q16 == pytest.approx(top, abs=2e-5)
    assert int(trust.people(held(0.3), words(3), full(), zero(), zero(), n).max()) == 0


# --- Support


def test_who_is_told_of_repression_approves_an_eighth_less() -> None:
    """F11: support settles at S0 for those who know nothing and at S0 (1 - .12) for those who know."""
    n, standing = rates(told=0.12), jnp.full(PEOPLE, 128, jnp.uint8)
    own = trust.approval(standing, n)
    unaware = aware = held(0.75)
    for month in range(36):
        unaware = trust.support(unaware, words(month, "c"), own, zero(), zero(), n)
        aware = trust.support(aware, words(month, "c"), own, full(), zero(), n)
    level = 0.75 + 0.1 * (128 / 255 - 0.5)
    assert close(unaware, level + (0.75 - level) * (1 - 0.3) ** 36)
    told = level * (1 - 0.12)
    assert close(aware, told + (0.75 - told) * (1 - 0.3) ** 36)
    assert float(aware.mean()) / float(unaware.mean()) == pytest.approx(0.88, abs=1e-3)


def test_the_harmed_withdraw_more_and_come_back_when_it_ends() -> None:
    n, own = rates(told=0.12, harmed=0.3), jnp.full(PEOPLE, q30(0.75), jnp.int32)
    column = held(0.75)
    for month in range(24):
        column = trust.support(column, words(month, "c"), own, full(), full(), n)
    assert float(column.mean()) / ONE_Q16 == pytest.approx(0.75 * 0.88 * 0.7, abs=2e-4)
    for month in range(24):
        column = trust.support(column, words(month, "c"), own, zero(), zero(), n)
    assert float(column.mean()) / ONE_Q16 == pytest.approx(0.75 - (0.75 - 0.75 * 0.88 * 0.7) * 0.7**24, abs=2e-4)


def test_the_well_off_approve_more() -> None:
    """F12: S0 rises with the rank of income, from base - slope / 2 to base + slope / 2."""
    found = np.asarray(trust.approval(jnp.arange(256, dtype=jnp.uint8), rates())).astype(np.int64)
    assert (np.diff(found) > 0).all()
    assert found[[0, 255]] / ONE_Q30 == pytest.approx([0.70, 0.80], abs=1e-8)
    steep = np.asarray(trust.approval(jnp.array([0, 255], jnp.uint8), rates(base=0.9, slope=0.6)))
    assert (steep / ONE_Q30).tolist() == [pytest.approx(0.6), 1.0]


def test_news_needs_one_wronged_among_those_one_hears_of() -> None:
    """min(1, reach * share), the larger share of building and town; one's own wrong is known."""
    n = rates(reach=20)
    share = jnp.asarray(q16([0.0, 0.01, 0.05, 0.5, 0.0]))
    town = jnp.asarray(q16([0.0, 0.02, 0.0, 0.0, 0.0]))
    own = jnp.array([False, False, False, False, True])
    found = np.asarray(trust.news(share, town, own, n)) / ONE_Q16
    assert found == pytest.approx([0, 0.4, 1, 1, 1], abs=2e-4)


# --- Opposition


def moves(influence: float = 0.0, seen: float = 0.0) -> opinion.Coefficients:
    return opinion.Coefficients(q30(influence).astype(np.int64), q30(seen).astype(np.int64))


def test_opposition_moves_by_each_term() -> None:
    """x' = x + alpha q (m - x), then + seen s (1 - x), then - prop T x."""
    x = jnp.asarray(q30([0.3]))
    for influence, heard, seen, around, prop, believed in (
        (0.1, 0.8, 0.0, 0.0, 0.0, 0.0),
        (0.0, 0.8, 0.2, 0.5, 0.0, 0.0),
        (0.0, 0.8, 0.0, 0.0, 0.1, 0.5),
        (0.1, 0.2, 0.2, 1.0, 0.1, 1.0),
    ):
        found = opinion.opposition(
            x, jnp.int32(q16(heard)), jnp.int32(q16(around)), jnp.uint16(min(round(believed * ONE_Q16), 65_535)),
            jnp.int64(q30(prop)), moves(influence, seen),
        )  # fmt: skip
        exact = 0.3 + influence * (heard - 0.3)
        exact += seen * around * (1 - exact)
        exact -= prop * believed * exact
        assert float(found[0]) / ONE_Q30 == pytest.approx(exact, abs=3e-6)


def test_nothing_said_and_nothing_seen_moves_nobody() -> None:
    """By default people do not take for real what they know is forced, and no propaganda is nobody's opinion."""
    x = jnp.asarray(q30(np.linspace(0, 1, 101)))
    found = opinion.opposition(x, jnp.int32(ONE_Q16), jnp.int32(0), jnp.uint16(40_000), jnp.int64(0), moves(seen=0.05))
    assert (np.asarray(found) == np.asarray(x)).all()


@given(*(st.floats(0, 1) for _ in range(7)))
@settings(deadline=None, derandomize=True, max_examples=100)
def test_opposition_stays_a_share(x: float, m: float, s: float, t: float, a: float, b: float, p: float) -> None:
    found = opinion.opposition(
        jnp.int32(q30(x)), jnp.int32(q16(m)), jnp.int32(q16(s)), jnp.uint16(min(int(t * ONE_Q16), 65_535)),
        jnp.int64(q30(p)), moves(a, b),
    )  # fmt: skip
    assert 0 <= int(found) <= ONE_Q30


# --- The street


def test_patrols_note_only_so_many() -> None:
    """c_k(s) = 1 - (1 - s p) * prod of the others (1 - p_j), for channels camera-less: office, patrol, platform."""
    office, patrol, platform = 0.2, 0.6, 0.5
    told = [office, 1 - (1 - office) * (1 - patrol), 1 - (1 - office) * (1 - patrol) * (1 - platform)]
    part = [0.0, patrol * (1 - office), patrol * (1 - office) * (1 - platform)]
    for share, capacity in ((0.05, 0.1), (0.1, 0.1), (0.4, 0.1), (1.0, 0.005)):
        s = min(1.0, capacity / share)
        exact = [office, 1 - (1 - office) * (1 - s * patrol), 1 - (1 - office) * (1 - s * patrol) * (1 - platform)]
        missed = protest.missed(jnp.int32(q16(share)), jnp.int32(q16(capacity)))
        found = [
            (int(chance(t)) - int(protest.lost(jnp.uint32(chance(p)), missed))) / 2**32
            for t, p in zip(told, part, strict=True)
        ]
        assert found == pytest.approx(exact, abs=5e-5)
    assert int(protest.missed(jnp.int32(0), jnp.int32(q16(0.1)))) == 0


def crowd() -> tuple[Any, Any]:
    n = np.arange(PEOPLE)
    golden = np.clip((n * ((np.sqrt(5) - 1) / 2)) % 1, 0.5 / PEOPLE, 1 - 0.5 / PEOPLE)
    x = betaincinv(2.0, 2.5, (n + 0.5) / PEOPLE)
    return jnp.asarray(q30(x)), jnp.asarray(np.rint(256 * np.exp(0.5 * ndtri(golden))).astype(np.uint16))


def would(cost: float, fear: float, share: float = 0.0, capacity: float = 0.1, more: float = 0.0) -> Any:
    """Who would act at this cost, after a shock of `more` to everybody's opposition."""
    x, bold = crowd()
    x = jnp.minimum(x + jnp.int32(q30(more)), ONE_Q30)
    law = voice.Coefficients(q16(0.6), q16(0.25), q16(cost), q16(capacity), q16([0, 0, 0, 1]))
    return np.asarray(
        voice.voices(x, bold, jnp.full(PEOPLE, q16(share), jnp.int32), jnp.full(PEOPLE, q16(fear), jnp.int32), law)
    )


def test_whoever_would_protest_would_speak_and_whoever_would_speak_would_petition() -> None:
    for fear in (0.0, 0.25):
        street, open_word, office = (would(cost, fear, share=0.1) for cost in (0.6, 0.4, 0.3))
        assert (street <= open_word).all()
        assert (open_word <= office).all()
        assert 0 < street.sum() < open_word.sum() < office.sum()


@pytest.mark.parametrize("cost", [0.3, 0.4, 0.6], ids=["office", "word", "street"])
def test_more_capacity_to_punish_never_makes_anybody_speak(cost: float) -> None:
    """T31f: expression is weakly decreasing in mcap, person by person, and somewhere strictly."""
    found = [would(cost, 0.4, share=0.3, capacity=c) for c in (0.005, 0.05, 0.1, 0.3, 1.0)]
    assert all((more <= less).all() for less, more in pairwise(found))
    assert found[-1].sum() < found[0].sum()


def test_fear_dulls_the_answer_of_the_street_to_a_shock() -> None:
    """F25: the same rise of opposition brings fewer onto the street where cameras make punishment certain."""
    answer = {fear: would(0.6, fear, more=0.1).mean() - would(0.6, fear).mean() for fear in (0.0, 0.25, 0.6)}
    assert answer[0.0] > answer[0.25] > answer[0.6] > 0
