"""How unequal something is: Gini, Lorenz, Theil, and how much of it lies between groups.

    G = sum_i (2 r_i - n - 1) y_i / (n sum y)          r_i: rank of y_i from the poorest, 1 .. n
    T = mean(y / mu * ln(y / mu))                        0 ln 0 = 0; mu: mean of y
    T = sum_g s_g T_g + sum_g s_g ln(mu_g / mu)          s_g: the group's share of the total (within + between)

For a lognormal law with spread s: G = 2 Phi(s / sqrt 2) - 1 and T = s^2 / 2. Values must not be negative.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Theil(NamedTuple):
    """A Theil index taken apart by groups; `total` is `within + between`."""

    total: float
    within: float
    between: float


def gini(values: ArrayLike) -> float:
    """Gini index, 0 (all equal) to 1 - 1/n (one has everything); NaN of nothing or of zeros.

    Raises:
        ValueError: a value is negative or not finite.
    """
    y = np.sort(_checked(values))
    total = y.sum()
    if total == 0:
        return float("nan")
    rank = np.arange(1, y.size + 1)
    return float(((2 * rank - y.size - 1) * y).sum() / (y.size * total))


def lorenz(values: ArrayLike) -> Floats:
    """Lorenz curve: row k holds the share of people and of the total of the poorest k, k = 0 .. n; shape [n + 1, 2].

    Raises:
        ValueError: a value is negative or not finite.
    """
    y = np.sort(_checked(values))
    people = np.arange(y.size + 1) / max(y.size, 1)
    held = np.concatenate([[0.0], np.cumsum(y)])
    return np.column_stack([people, held / held[-1] if held[-1] > 0 else np.full_like(held, np.nan)])


def theil(values: ArrayLike, groups: ArrayLike | None = None) -> Theil:
    """Theil's T, and its parts within and between groups (all of it within, where none are given).

    Args:
        values: shape [n].
        groups: label of each value, shape [n].

    Raises:
        ValueError: a value is negative or not finite.
    """
    y = _checked(values)
    if y.sum() == 0:
        return Theil(float("nan"), float("nan"), float("nan"))
    total = _theil(y)
    if groups is None:
        return Theil(total, total, 0.0)
    labels = np.asarray(groups)
    parts = [y[labels == label] for label in np.unique(labels)]
    weighed = [(part.sum() / y.sum(), part) for part in parts if part.sum() > 0]
    within = sum(share * _theil(part) for share, part in weighed)
    between = sum(share * np.log(share * y.size / part.size) for share, part in weighed if share > 0)
    return Theil(total, float(within), float(between))


def _theil(y: Floats) -> float:
    relative = y / y.sum() * y.size
    relative = relative[relative > 0]  # 0 ln 0 = 0; a share may be too small for a number
    return float((relative * np.log(relative)).sum() / y.size)


def _checked(values: ArrayLike) -> Floats:
    y = np.asarray(values, np.float64).ravel()
    if not np.isfinite(y).all() or (y < 0).any():
        raise ValueError("inequality is measured on finite values of 0 or more")
    return y
