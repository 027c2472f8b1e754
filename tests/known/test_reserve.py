"""The continuous law (T24): closed forms against a search of every act, and the engine's words against both."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.arithmetic import ONE_Q16, q16, q30
from glasshouse.engine.devices import prepare
from glasshouse.mechanisms import reserve
from known.oracle import uniform

CASES = 3_000
WORDS = 4_096
Floats = NDArray[np.float64]


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def drawn_cases() -> tuple[Floats, ...]:
    """d, beta, nu, psi, tau: everybody and every authority."""
    d, bold, nu, psi = uniform(CASES, day=1)
    tau, _, _, _ = uniform(CASES, day=2)
    return d, 4.0 ** (2 * bold - 1), nu, 4 * psi**2, tau


def utility(a: Floats, d: Floats, bold: Floats, nu: Floats, psi: Floats, tau: Floats, proportional: bool) -> Floats:
    """-beta (d - a) - [nu + (1 - nu) a] psi (1 or a - tau) [a > tau]."""
    punished = np.where(a > tau, (nu + (1 - nu) * a) * psi * (a - tau if proportional else 1.0), 0.0)
    return np.asarray(-bold * (d - a) - punished)


def best(d: Floats, bold: Floats, nu: Floats, psi: Floats, tau: Floats, proportional: bool) -> Floats:
    """The closed forms, in float64."""
    if proportional:
        with np.errstate(divide="ignore", over="ignore"):
            inner = (tau + (bold - nu * psi) / ((1 - nu) * psi)) / 2
        return np.where(d <= tau, d, np.clip(inner, tau, np.maximum(d, tau)))
    slope = bold - (1 - nu) * psi
    with np.errstate(divide="ignore"):
        wins = (slope > 0) & (d > (bold * tau + nu * psi) / slope)
    return np.where((d <= tau) | wins, d, tau)


@pytest.mark.parametrize("proportional", [False, True], ids=["uniform", "proportional"])
def test_the_closed_form_is_the_best_act(proportional: bool) -> None:
    """No act on a fine grid between 0 and d is better by more than 1e-6, and the closed form is one of them."""
    d, bold, nu, psi, tau = drawn_cases()
    act = best(d, bold, nu, psi, tau, proportional)
    assert (act >= 0).all()
    assert (act <= d + 1e-15).all()
    reached = utility(act, d, bold, nu, psi, tau, proportional)
    grid = np.linspace(0, 1, 2_001)[:, None] * d
    grid = np.vstack([grid, np.minimum(tau, d)[None]])
    found = utility(grid, d, bold, nu, psi, tau, proportional).max(axis=0)
    assert (found <= reached + 1e-6).all()
    # The grid's best is at most half a step from the best act: it falls short by no more than a step's utility.
    assert (found >= reached - (bold + 2 * psi) * d / 2_000 - 1e-9).all()


def shown(
    d: Any, bold: Any, nu: Any, psi: Any, tau: float, proportional: bool, share: float = 0.0, capacity: float = 1.0
) -> Floats:
    """Share of evenly spread words on which the engine's people speak."""
    word = ((np.arange(WORDS, dtype=np.uint64) << np.uint64(20)) + np.uint64(1 << 19)).astype(np.uint32)[:, None]
    law = reserve.Coefficients(np.bool_(True), np.bool_(proportional), q16(tau), q16(1.0))
    found = reserve.shows(
        jnp.asarray(word),
        jnp.asarray(q30(d))[None],
        jnp.asarray(np.rint(256 * np.asarray(bold)).astype(np.uint16))[None],
        jnp.int32(q16(share)),
        jnp.asarray(q16(psi))[None],
        jnp.asarray(q16(nu))[None],
        jnp.int32(q16(capacity)),
        law,
    )
    return np.asarray(found).mean(axis=0)


@pytest.mark.parametrize("tau", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("proportional", [False, True], ids=["uniform", "proportional"])
def test_people_speak_with_the_chance_of_the_best_act(proportional: bool, tau: float) -> None:
    """The mean over words is a, to the words' spacing, wherever rounding cannot tip a choice between tau and d."""
    d, bold, nu, psi, _ = drawn_cases()
    bold, psi, nu = np.rint(256 * bold) / 256, q16(psi) / ONE_Q16, q16(nu) / ONE_Q16
    held = np.full(CASES, tau)
    clear = np.abs(d * (bold - (1 - nu) * psi) - (bold * tau + nu * psi)) > 1e-3
    clear |= proportional
    assert clear.mean() > 0.98
    found, act = shown(d, bold, nu, psi, tau, proportional), best(d, bold, nu, psi, held, proportional)
    # An inner optimum divides by (1 - nu) psi, and so does its error of rounding.
    within = 1.5 / WORDS + (4 / ONE_Q16 * (1 + bold / np.maximum((1 - nu) * psi, 1e-6)) if proportional else 0)
    assert (np.abs(found - act) <= within)[clear].all()


def test_safety_in_numbers_divides_the_severity() -> None:
    """psi min(1, mcap / m): at m = .4 and mcap = .1 a quarter of it is left."""
    d, bold, nu, psi, _ = drawn_cases()
    bold = np.rint(256 * bold) / 256
    for proportional in (False, True):
        crowd = shown(d, bold, nu, psi, 0.1, proportional, share=0.4, capacity=0.1)
        alone = shown(d, bold, nu, psi / 4, 0.1, proportional)
        assert np.quantile(np.abs(crowd - alone), 0.98) <= 3 / WORDS


def test_more_capacity_never_makes_anybody_speak_more() -> None:
    """T31f for this law."""
    d, bold, nu, psi, _ = drawn_cases()
    for proportional in (False, True):
        found = [shown(d, bold, nu, psi, 0.1, proportional, share=0.3, capacity=c) for c in (0.01, 0.1, 0.3, 1.0)]
        assert all((more <= less).all() for less, more in pairwise(found))
        assert (found[-1] < found[0]).any()


def test_corners() -> None:
    """No dissent, nothing at stake, everything watched, everything tolerated: finite and sensible."""

    def one(d: float, bold: float, nu: float, psi: float, tau: float, proportional: bool) -> float:
        return float(shown(np.array([d]), np.array([bold]), np.array([nu]), np.array([psi]), tau, proportional)[0])

    near = 1.5 / WORDS
    for proportional in (False, True):
        assert one(0.0, 1.0, 0.5, 4.0, 0.1, proportional) == 0
        assert one(1.0, 1.0, 0.5, 0.0, 0.1, proportional) == 1
        assert one(0.8, 1.0, 0.5, 4.0, 1.0, proportional) == pytest.approx(0.8, abs=near)
        # Watched all the time, a timid person stops at what is tolerated and a bold one shows everything.
        assert one(0.9, 1.0, 1.0, 15.0, 0.25, proportional) == pytest.approx(0.25, abs=near)
        assert one(0.9, 16.0, 1.0, 0.5, 0.25, proportional) == pytest.approx(0.9, abs=near)
    assert one(1.0, 16.0, 0.0, 15.9, 0.0, False) == 1
    assert one(1.0, 1 / 16, 1.0, 15.9, 0.0, False) == 0


def test_boldness_delays_the_silence() -> None:
    """F31: severity grows by one part a year; the bolder people are, the later all keep to what is tolerated."""
    d, spread, _, _ = uniform(2_000, day=3)
    tau, nu = np.full(d.size, 0.1), np.full(d.size, 0.3)
    years = np.arange(0, 400) / 10
    for proportional in (False, True):
        silence = []
        for mean in (0.5, 1.0, 2.0, 4.0):
            bold = mean * (0.5 + spread)
            kept = [
                (best(d, bold, nu, np.full(d.size, y + 1e-9), tau, proportional) <= tau + 1e-9).all() for y in years
            ]
            silence.append(int(np.argmax(kept)) if any(kept) else len(years))
        assert silence == sorted(silence)
        assert len(set(silence)) == len(silence)
