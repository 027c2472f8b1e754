"""Welfare, term by term: what a year was worth to a person, and where that comes from.

    U = ln(c) + u_h health + u_s safety - u_w waiting - u_d denial - u_e |x - e| - u_i isolation - u_a anxiety
    equivalent income = c * exp(U - ln(c))

c: consumption a year. Every term is reported alone, because their weights are a reader's choice and not a finding:
a single figure could hide any harm behind money. A difference between worlds in one term needs its own weight only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

GOODS: Final = ("health", "safety")
"""Circumstances that add to welfare; their weights are `welfare.<name>` of the parameter registry."""
ILLS: Final = ("waiting", "denial", "expression", "isolation", "anxiety")
"""Circumstances that take from it."""


def terms(
    consumption: ArrayLike, circumstances: Mapping[str, ArrayLike], weights: Mapping[str, float]
) -> dict[str, Floats]:
    """The terms of U, each an array by person; ills are below 0.

    Args:
        consumption: CNY a year; what is below one yuan counts as one.
        circumstances: by name (GOODS, ILLS), each between 0 and 1, but safety: minus the offences suffered in the year.
            What is left out has no term.
        weights: by the same names.
    """
    found = {"consumption": np.log(np.maximum(np.asarray(consumption, np.float64), 1.0))}
    for name in (*GOODS, *ILLS):
        if name in circumstances:
            sign = 1.0 if name in GOODS else -1.0
            found[name] = sign * weights[name] * np.asarray(circumstances[name], np.float64)
    return found


def equivalent_income(found: Mapping[str, ArrayLike]) -> Floats:
    """CNY a year that would be as good with all circumstances neutral: exp(U)."""
    total = sum((np.asarray(term, np.float64) for term in found.values()), np.float64(0.0))
    return np.exp(np.asarray(total))


def losers(under: ArrayLike, twin: ArrayLike) -> float:
    """Share of people worse off than their twin: P(U under the regime < U of the twin)."""
    worse = np.asarray(under, np.float64) < np.asarray(twin, np.float64)
    return float(np.mean(worse)) if worse.size else 0.0


def by_tenth(value: ArrayLike, income: ArrayLike) -> Floats:
    """Mean of a term by tenth of income, poorest first; NaN where a tenth is empty."""
    values, incomes = np.asarray(value, np.float64), np.asarray(income, np.float64)
    order = np.argsort(incomes, kind="stable")
    parts = np.array_split(values[order], 10)
    return np.array([part.mean() if len(part) else np.nan for part in parts])
