"""Gini, Lorenz and Theil on laws with closed forms (T25)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import ndtr, ndtri

from glasshouse.measures.inequality import gini, lorenz, theil

PEOPLE = 2_000_000
MIDPOINTS = (np.arange(PEOPLE) + 0.5) / PEOPLE


@pytest.mark.parametrize("spread", [0.2, 0.5, 1.0])
def test_a_lognormal_law(spread: float) -> None:
    """G = 2 Phi(s / sqrt 2) - 1, T = s^2 / 2, on quantiles of the law."""
    y = np.exp(spread * ndtri(MIDPOINTS))
    assert gini(y) == pytest.approx(2 * ndtr(spread / np.sqrt(2)) - 1, abs=3e-3)
    assert theil(y).total == pytest.approx(spread**2 / 2, abs=3e-3)


def test_a_uniform_law_has_a_gini_of_one_third() -> None:
    assert gini(MIDPOINTS) == pytest.approx(1 / 3, abs=1e-6)


def test_a_pareto_law() -> None:
    """G = 1 / (2 a - 1)."""
    assert gini((1 - MIDPOINTS) ** (-1 / 3)) == pytest.approx(1 / 5, abs=3e-3)


def test_equal_and_most_unequal() -> None:
    assert gini(np.full(7, 3.0)) == pytest.approx(0, abs=1e-15)
    assert theil(np.full(7, 3.0)).total == pytest.approx(0, abs=1e-15)
    assert gini([0, 0, 0, 8]) == pytest.approx(1 - 1 / 4)
    assert theil([0, 0, 0, 8]).total == pytest.approx(np.log(4))
    assert np.isnan(gini([]))
    assert np.isnan(gini([0.0, 0.0]))
    assert np.isnan(theil([0.0]).total)


@pytest.mark.parametrize("values", [[1.0, -1.0], [np.nan, 1.0], [np.inf]])
def test_what_cannot_be_shared_out_is_refused(values: list[float]) -> None:
    for measure in (gini, theil, lorenz):
        with pytest.raises(ValueError, match="0 or more"):
            measure(values)


incomes = arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 1e6)).filter(lambda y: y.sum() > 1e-3)


@given(incomes, st.integers(1, 5))
def test_theil_is_within_and_between(y: np.ndarray, kinds: int) -> None:
    found = theil(y, np.arange(y.size) % kinds)
    assert found.total == pytest.approx(found.within + found.between, abs=1e-12 * max(1, found.total))
    assert found.between >= -1e-12


@given(incomes, st.floats(0.1, 10))
def test_scale_and_copies_do_not_matter(y: np.ndarray, factor: float) -> None:
    assert gini(factor * y) == pytest.approx(gini(y), abs=1e-9)
    assert gini(np.tile(y, 3)) == pytest.approx(gini(y), abs=1e-9)


@given(incomes)
def test_gini_is_twice_the_area_above_the_lorenz_curve(y: np.ndarray) -> None:
    """Trapezoids are exact for a step law: G = 1 - 2 * area."""
    curve = lorenz(y)
    area = np.trapezoid(curve[:, 1], curve[:, 0])
    assert gini(y) == pytest.approx(1 - 2 * area, abs=1e-9)
