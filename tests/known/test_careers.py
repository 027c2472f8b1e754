"""Careers: unemployment settles at l / (l + f), wages climb by (1 + h r) a month, and factors scale chances exactly.

A month is a chain of two states, at work and without:  P(lose) = l,  P(find) = f,  P(promoted | kept) = h.
Mean wage factors of the two states follow  (m_e, m_u)' = (m_e (1 - l)(1 + h r) + m_u f,  m_e l + m_u (1 - f)).
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.arithmetic import CERTAIN, ONE_Q16, chance, q16
from glasshouse.engine.devices import prepare
from glasshouse.evidence import parameters
from glasshouse.mechanisms import careers
from glasshouse.population.reading import load
from glasshouse.words import EMPLOYED, OUTSIDE, UNEMPLOYED
from known.oracle import Z_LIMIT, drawn_within, z_of_count

PEOPLE, MONTHS, TOP = 200_000, 120, 31
PROMOTION, LOSS, FOUND, SHOWN, DELTA, RAISE = 0.02, 0.03, 0.12, 0.05, 0.5, 0.1


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def coefficients() -> careers.Coefficients:
    return careers.Coefficients(
        promotion=jnp.asarray(chance([PROMOTION])),
        loss=jnp.asarray(chance([LOSS])),
        found=jnp.uint32(chance(FOUND)),
        shown=jnp.uint32(chance(SHOWN)),
        isolation=jnp.int32(q16(DELTA)),
    )


def terms(
    promoting: float = 1.0, work: float = 1.0, shown: bool = False, closed: bool = False, isolation: float = 0.0
) -> careers.Chances:
    """The chances of one person, in the equations' symbols."""
    return careers.chances(
        jnp.uint32(chance(PROMOTION)),
        jnp.uint32(chance(LOSS)),
        jnp.int64(q16(promoting)),
        jnp.int64(q16(work)),
        jnp.bool_(shown),
        jnp.bool_(closed),
        jnp.int32(q16(isolation)),
        coefficients(),
    )


def live(job: int, months: int = MONTHS, chances: careers.Chances | None = None) -> tuple[Any, Any]:
    """PEOPLE people, some months on."""
    who = jnp.arange(PEOPLE, dtype=jnp.uint32)
    chances = terms() if chances is None else chances

    def a_month(n: Any, state: tuple[Any, Any]) -> tuple[Any, Any]:
        words = drawn_within(who, n.astype(jnp.uint32), 46)
        return careers.month((words.a, words.b, words.c), *state, chances, TOP)

    start = (jnp.full(PEOPLE, job, jnp.uint8), jnp.zeros(PEOPLE, jnp.uint8))
    found: tuple[Any, Any] = jax.jit(lambda s: jax.lax.fori_loop(0, months, a_month, s))(start)
    return np.asarray(found[0]), np.asarray(found[1])


@pytest.mark.parametrize("job", [EMPLOYED, UNEMPLOYED], ids=["all at work", "nobody at work"])
def test_unemployment_settles_at_its_share(job: int) -> None:
    """After 120 months the start is forgotten: (1 - l - f)^120 < 1e-8."""
    jobs, _ = live(job)
    assert abs(z_of_count((jobs == UNEMPLOYED).sum(), PEOPLE, LOSS / (LOSS + FOUND))) < Z_LIMIT


def test_wages_climb_as_the_chain_says() -> None:
    jobs, rung = live(EMPLOYED)
    state = np.array([1.0, 0.0])
    step = np.array([[(1 - LOSS) * (1 + PROMOTION * RAISE), FOUND], [LOSS, 1 - FOUND]])
    for _ in range(MONTHS):
        state = step @ state
    for at, expected in zip((EMPLOYED, UNEMPLOYED), state, strict=True):
        wage = np.where(jobs == at, (1 + RAISE) ** rung.astype(np.float64), 0.0)
        assert abs((wage.mean() - expected) / (wage.std() / np.sqrt(PEOPLE))) < Z_LIMIT


def test_those_never_out_of_work_climb_by_one_plus_h_r_a_month() -> None:
    kept = terms()._replace(loss=jnp.uint32(0))
    _, rung = live(EMPLOYED, chances=kept)
    wage = (1 + RAISE) ** rung.astype(np.float64)
    expected = (1 + PROMOTION * RAISE) ** MONTHS
    assert abs((wage.mean() - expected) / (wage.std() / np.sqrt(PEOPLE))) < Z_LIMIT
    assert abs(z_of_count(rung.sum(), PEOPLE * MONTHS, PROMOTION)) < Z_LIMIT


def test_factors_scale_the_chances() -> None:
    found = terms(promoting=1.5, work=2.0, shown=True, isolation=0.4)
    assert int(found.promotion) / 2**32 == pytest.approx(1.5 * PROMOTION, rel=1e-4)
    assert int(found.loss) / 2**32 == pytest.approx(2 * LOSS + SHOWN, rel=1e-4)
    assert int(found.found) / 2**32 == pytest.approx(FOUND / 2 * (1 - DELTA * 0.4), rel=1e-4)


def test_without_a_regime_the_chances_are_those_of_ordinary_law_to_the_bit() -> None:
    plain = terms()
    assert [int(c) for c in plain] == [int(chance(p)) for p in (PROMOTION, LOSS, FOUND)]


def test_the_ends() -> None:
    never = terms(promoting=0.0, work=0.0)
    assert (int(never.promotion), int(never.loss), int(never.found)) == (0, 0, int(CERTAIN))
    always = terms(promoting=1e4, work=1e4)
    assert (int(always.promotion), int(always.loss)) == (int(CERTAIN), int(CERTAIN))
    assert int(terms(closed=True).loss) == int(CERTAIN)
    jobs, rungs = live(EMPLOYED, 1, terms(closed=True, promoting=1e4))
    assert (jobs == UNEMPLOYED).all()
    assert (rungs == 0).all()
    jobs, rungs = live(EMPLOYED, 50, always._replace(loss=jnp.uint32(0)))
    assert (rungs == TOP).all()
    jobs, rungs = live(OUTSIDE, 12, always)
    assert (jobs == OUTSIDE).all()
    assert (rungs == 0).all()


FACTOR = st.floats(0.0, 30.0)


@settings(deadline=None)
@given(FACTOR, FACTOR, FACTOR, FACTOR, st.floats(0, 1), st.floats(0, 1))
def test_harsher_terms_never_help(p: float, p2: float, w: float, w2: float, i: float, i2: float) -> None:
    kind = terms(max(p, p2), min(w, w2), False, False, min(i, i2))
    harsh = terms(min(p, p2), max(w, w2), True, False, max(i, i2))
    assert harsh.promotion <= kind.promotion
    assert harsh.loss >= kind.loss
    assert harsh.found <= kind.found


def test_unemployment_stays_where_the_population_begins() -> None:
    """l = f u / (1 - u), by place."""
    found = parameters().number("careers.found")
    shares = load("china").table("work.unemployed")
    loss = [parameters().number(f"careers.loss_{place}") for place in ("countryside", "town")]
    assert loss == pytest.approx(found * shares / (1 - shares), rel=1e-4)


def test_one_is_one() -> None:
    assert int(careers.scaled(jnp.uint32(CERTAIN), jnp.int64(ONE_Q16))) == int(CERTAIN)
    assert int(careers.scaled(jnp.uint32(7), jnp.int64(ONE_Q16))) == 7
