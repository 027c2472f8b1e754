"""Deterrence: elasticities to certainty and severity (T22), and how novelty wears off (T23)."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from glasshouse.arithmetic import ONE_Q16, ONE_Q30, logit, q16, q30, sigmoid, sigmoid_table
from glasshouse.engine.devices import prepare
from glasshouse.engine.numbers import numbers
from glasshouse.evidence import parameters
from glasshouse.mechanisms import deterrence, perception

PI0 = 0.05


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def coefficients(kappa: float) -> deterrence.Coefficients:
    return deterrence.Coefficients(q16(kappa), q16(PI0), q16(1.0), q16(0.2))


@jax.jit
def _chance(base: Any, risk: Any, perceived: Any, loss: Any, numbers: deterrence.Coefficients) -> Any:
    held_back = deterrence.drag(risk, perceived, loss, True, numbers)
    temper = deterrence.Temper(jnp.int32(0), risk, jnp.uint8(128))
    kind = jnp.uint8(deterrence.OFFENCE)
    z = deterrence.leaning(kind, base, temper, held_back, jnp.int32(0), False, numbers)
    return sigmoid(jnp.asarray(sigmoid_table()), z)


def chance_of(base: float, rho: float, pi: float, s: float, xi: float, kappa: float) -> float:
    """P of equation (1) by the engine's integers."""
    found = _chance(
        jnp.int32(q16(base)),
        jnp.uint16(round(rho * 256)),
        jnp.int32(q16(pi)),
        jnp.int32(round(4096 * s**xi)),
        coefficients(kappa),
    )
    return float(found) / 2**32


CASES = [
    # p at these values, kappa, xi, rho, pi, S
    (0.05, 1.4, 0.3, 1.0, 0.15, 1.0),
    (0.185, 1.4, 0.3, 1.0, 0.30, 2.0),
    (0.50, 3.0, 0.6, 1.0, 0.20, 3.0),
    (0.002, 0.5, 0.1, 2.0, 0.50, 1.5),
    (0.80, 2.0, 0.45, 0.5, 0.60, 0.8),
]


@pytest.mark.parametrize(("p", "kappa", "xi", "rho", "pi", "s"), CASES)
def test_elasticities_to_certainty_and_severity(
    p: float, kappa: float, xi: float, rho: float, pi: float, s: float
) -> None:
    """d ln p / d ln pi = -(1 - p) kappa rho pi S^xi, and xi times that to severity, by central differences."""
    base = float(logit(p)) + kappa * rho * (pi * s**xi - PI0)
    h = 0.1  # moves pi * S^xi by a tenth either way: the error of the difference is about h^2 / 6
    up, down = (chance_of(base, rho, pi * np.exp(step), s, xi, kappa) for step in (h, -h))
    certainty = (np.log(up) - np.log(down)) / (2 * h)
    up, down = (chance_of(base, rho, pi, s * np.exp(step / xi), xi, kappa) for step in (h, -h))
    severity = (np.log(up) - np.log(down)) / (2 * h / xi)
    assert chance_of(base, rho, pi, s, xi, kappa) == pytest.approx(p, rel=2e-3)
    assert certainty == pytest.approx(-(1 - p) * kappa * rho * pi * s**xi, rel=0.01)
    assert severity == pytest.approx(xi * certainty, rel=0.01)


def drag(rho: float, pi: float, loss: float, punished: bool, kappa: float = 1.4) -> float:
    found = deterrence.drag(
        jnp.uint16(round(rho * 256)), jnp.int32(q16(pi)), jnp.int32(round(4096 * loss)), punished, coefficients(kappa)
    )
    assert found.dtype == jnp.int32
    return float(found) / ONE_Q16


@pytest.mark.parametrize("kappa", [0.5, 1.4, 3.0])
@pytest.mark.parametrize("rho", [1 / 16, 1.0, 16.0])
@pytest.mark.parametrize("pi", [0.0, 0.05, 0.5, 1.0])
@pytest.mark.parametrize("loss", [0.0, 1.0, 5.0, 65_535 / 4096])
@pytest.mark.parametrize("punished", [True, False])
def test_drag_over_its_whole_range(kappa: float, rho: float, pi: float, loss: float, punished: bool) -> None:
    """D = kappa rho (pi S^xi - pi0 S0^xi), up to certain detection and the largest loss that the tables hold."""
    exact = kappa * rho * (pi * loss - PI0 * punished)
    assert drag(rho, pi, loss, punished, kappa) == pytest.approx(exact, rel=1e-3, abs=kappa * rho * 3e-5 + 2e-5)


def test_at_the_reference_nobody_is_held_back() -> None:
    assert drag(1.0, PI0, 1.0, True) == pytest.approx(0.0, abs=1e-4)
    assert drag(1.0, 0.3, 0.0, False) == 0.0


def test_the_cameras_that_the_law_was_fitted_to() -> None:
    """Perceived detection from .05 to .15 cuts a rare offence by 13 %: exp(-1.4 * .1) - 1."""
    before, after = (chance_of(float(logit(0.001)), 1.0, pi, 1.0, 0.3, 1.4) for pi in (0.05, 0.15))
    assert after / before - 1 == pytest.approx(np.expm1(-0.14), rel=0.01)


def leaning(kind: int, prosocial: int, rewarded: bool, reward: float = 0.0) -> float:
    temper = deterrence.Temper(jnp.int32(q16(0.7)), jnp.uint16(256), jnp.uint8(prosocial))
    found = deterrence.leaning(
        jnp.uint8(kind), jnp.int32(q16(-3.0)), temper, jnp.int32(q16(0.4)), jnp.int32(q16(reward)), rewarded,
        coefficients(1.4),
    )  # fmt: skip
    return float(found) / ONE_Q16


def test_each_kind_of_deed_leans_on_its_own_reasons() -> None:
    """Offence, reading: b + a - D. Good: b + c (prosocial (1 - chi rewarded) - 1/2) + reward. Others: b."""
    for kind in (deterrence.OFFENCE, deterrence.READING):
        assert leaning(kind, 255, False) == pytest.approx(-3.0 + 0.7 - 0.4, abs=1e-4)
    assert leaning(deterrence.GOOD, 255, False) == pytest.approx(-3.0 + 1.0 - 0.5, abs=1e-4)
    assert leaning(deterrence.GOOD, 0, False) == pytest.approx(-3.0 - 0.5, abs=1e-4)
    assert leaning(deterrence.GOOD, 255, True, 0.3) == pytest.approx(-3.0 + 0.8 - 0.5 + 0.3, abs=1e-3)
    for kind in (deterrence.SPEECH, deterrence.EVENT):
        assert leaning(kind, 255, True, 0.3) == pytest.approx(-3.0, abs=1e-4)


@pytest.mark.parametrize("half_life", [60.0, 120.0, 400.0])
@pytest.mark.parametrize(("true", "excess"), [(0.05, 0.3), (0.4, -0.25), (0.0, 1.0)])
def test_novelty_halves_every_half_life(half_life: float, true: float, excess: float) -> None:
    """Without deeds pi - pi_true halves every ln 2 / drift days, upwards and downwards."""
    law = numbers(parameters().with_values({"perception.habituation_days": half_life})).perception
    level, nobody, nothing = jnp.int32(q30(true)), jnp.array(False), jnp.int64(0)

    def a_day(_: Any, pi: Any) -> Any:
        return perception.risk(pi, nobody, nobody, jnp.int32(0), level, nothing, law)

    pi = jnp.int32(q30(true + excess))
    run = jax.jit(lambda pi: jax.lax.fori_loop(0, int(half_life), a_day, pi))
    for halvings in range(1, 6):
        pi = run(pi)
        assert (float(pi) / ONE_Q30 - true) / excess == pytest.approx(0.5**halvings, rel=0.005)


def test_perceived_surveillance_wears_off_alike() -> None:
    law = numbers(parameters()).perception
    nu = jnp.int32(q30(0.9))
    for _ in range(120):
        nu = perception.watched(nu, jnp.int32(q30(0.02)), law)
    assert (float(nu) / ONE_Q30 - 0.02) / 0.88 == pytest.approx(0.5, rel=0.005)


def risk(pi: float, did: bool = False, caught: bool = False, share: float = 0.0, campaign: float = 0.0) -> float:
    law = numbers(parameters()).perception._replace(drift=np.int64(0))
    found = perception.risk(
        jnp.int32(q30(pi)), jnp.array(did), jnp.array(caught), jnp.int32(q16(share)), jnp.int32(0),
        jnp.int64(q30(campaign)), law,
    )  # fmt: skip
    return float(found) / ONE_Q30


def test_what_a_day_teaches() -> None:
    """pi + own (det - pi) after a deed; + seen (share * certainty - pi)+; + campaign (1 - pi)."""
    own, seen, certainty = (
        parameters().number(f"perception.{name}") for name in ("own_weight", "seen_weight", "seen_certainty")
    )
    assert risk(0.2) == pytest.approx(0.2, abs=1e-8)
    assert risk(0.2, caught=True) == pytest.approx(0.2, abs=1e-8)
    assert risk(0.2, did=True) == pytest.approx(0.2 * (1 - own), abs=1e-8)
    assert risk(0.2, did=True, caught=True) == pytest.approx(0.2 + own * 0.8, abs=1e-8)
    assert risk(0.2, share=1.0) == pytest.approx(0.2 + seen * (certainty - 0.2), abs=1e-8)
    assert risk(0.9, share=1.0) == pytest.approx(0.9, abs=1e-8)
    assert risk(0.2, campaign=0.15) == pytest.approx(0.2 + 0.15 * 0.8, abs=1e-8)
    assert risk(1.0, did=True, caught=True, share=1.0, campaign=1.0) == pytest.approx(1.0, abs=1e-8)


def test_opposition_rises_on_a_wrong_and_fades_to_its_own_level() -> None:
    law = numbers(parameters()).perception
    back, fading = (parameters().number(f"expression.{name}") for name in ("backlash", "fading"))
    level, held = 0.3, 0.5
    for wronged, moved in ((False, held), (True, held + back * (1 - held))):
        found = perception.opposition(jnp.int32(q30(held)), jnp.int32(q30(level)), jnp.array(wronged), law)
        assert float(found) / ONE_Q30 == pytest.approx(moved + fading * (level - moved), abs=1e-8)
