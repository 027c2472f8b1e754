"""Welfare: closed forms, each term alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.evidence import parameters
from glasshouse.measures.welfare import GOODS, ILLS, by_tenth, equivalent_income, losers, terms

WEIGHTS = {name: parameters().number(f"welfare.{name}") for name in (*GOODS, *ILLS)}


def test_consumption_alone_is_its_own_equivalent_income() -> None:
    assert equivalent_income(terms([12_000.0, 30_000.0], {}, WEIGHTS)) == pytest.approx([12_000.0, 30_000.0])


def test_a_term_shifts_equivalent_income_by_its_exponential() -> None:
    for name in (*GOODS, *ILLS):
        found = terms([20_000.0], {name: [0.5]}, WEIGHTS)
        sign = 1 if name in GOODS else -1
        assert float(found[name][0]) == pytest.approx(sign * 0.5 * WEIGHTS[name])
        assert equivalent_income(found) == pytest.approx([20_000.0 * np.exp(sign * 0.5 * WEIGHTS[name])])


def test_terms_of_two_worlds_differ_one_by_one() -> None:
    """A regime that halves consumption and denies a tenth of requests: -ln 2 and -u_d / 10."""
    before = terms([40_000.0], {"denial": [0.0], "health": [1.0]}, WEIGHTS)
    after = terms([20_000.0], {"denial": [0.1], "health": [1.0]}, WEIGHTS)
    change = {name: float(after[name][0] - before[name][0]) for name in before}
    assert change == pytest.approx({"consumption": -np.log(2), "denial": -0.1 * WEIGHTS["denial"], "health": 0.0})


@given(st.lists(st.floats(1, 1e6), min_size=1, max_size=50))
def test_nobody_loses_against_themselves(incomes: list[float]) -> None:
    assert losers(incomes, incomes) == 0.0
    assert losers(incomes, np.array(incomes) + 1) == 1.0


def test_tenths_hold_everybody() -> None:
    income = np.arange(100.0)[::-1]
    assert by_tenth(income, income) == pytest.approx(np.arange(10) * 10 + 4.5)
    assert np.isnan(by_tenth([1.0], [1.0])[1:]).all()
    assert losers([], []) == 0.0


def test_destitution_is_finite() -> None:
    assert np.isfinite(equivalent_income(terms([0.0], {}, WEIGHTS))).all()
