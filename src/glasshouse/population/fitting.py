"""Joining margins: two fits that change a first guess as little as they can."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ROUNDS = 500
_CLOSE = 1e-9
_LONGEST_STEP = 2.0
_SHORTEST_STEP = 1e-14


def rake(guess: Floats, margins: Sequence[tuple[tuple[int, ...], Floats]]) -> Floats:
    """Iterative proportional fitting: the table nearest to a guess that has these margins.

    Nearest in relative entropy. Each round scales the table to one margin after another. Source: Deming and
    Stephan 1940.

    Args:
        guess: table of non-negative numbers, any shape.
        margins: pairs (axes summed over, what the sums must be). They must have the same total.

    Returns:
        The table after the margins agree to 1e-9, or after 500 rounds.
    """
    table = guess.copy()
    for _ in range(_ROUNDS):
        before = table
        for axes, wanted in margins:
            have = table.sum(axis=axes)
            ratio = np.divide(wanted, have, out=np.zeros_like(have), where=have > 0)
            table = table * np.expand_dims(ratio, axes)
        if np.abs(table - before).max() < _CLOSE:
            break
    return table


def rake_households(guess: Floats, size: NDArray[np.int64], sizes: Floats, members: Floats, wanted: Floats) -> Floats:
    """Weights of kinds of household that hold the sizes of households and the ages of people at once.

        w_c = share(size_c) * softmax over the kinds of that size of (log guess_c + sum_b members_cb lambda_b)

    with the lambda_b that give `wanted` people of each age b: the weights nearest to the guess in relative
    entropy. Newton's method on the convex dual.

    Args:
        guess: weight of each kind of household before fitting, above zero; shape [kinds].
        size: members of each kind, 1 up; shape [kinds].
        sizes: share of households of size 1, 2, ...; adds up to one.
        members: expected members of each age in each kind; shape [kinds, ages].
        wanted: expected members of each age in a household; adds up to the mean size.

    Returns:
        Weights that add up to one, shape [kinds].

    Raises:
        ValueError: no weights give these ages.
    """
    slope = np.zeros(len(wanted))
    for _ in range(_ROUNDS):
        weight = _softmax_by_size(np.log(guess) + members @ slope, size, sizes)
        missing = wanted - weight @ members
        if np.abs(missing).max() < _CLOSE:
            return weight
        curvature = members.T @ (weight[:, None] * members)
        for n, share in enumerate(sizes, 1):
            if share > 0:
                mean = weight[size == n] @ members[size == n]
                curvature -= np.outer(mean, mean) / share
        step = np.linalg.lstsq(curvature, missing, rcond=1e-10)[0]
        longest = np.abs(step).max()
        if not _SHORTEST_STEP < longest < np.inf:
            break
        slope += step * min(1.0, _LONGEST_STEP / longest)
    raise ValueError(f"off by {np.abs(missing).max():.2g}")


def _softmax_by_size(logit: Floats, size: NDArray[np.int64], sizes: Floats) -> Floats:
    weight = np.zeros_like(logit)
    for n, share in enumerate(sizes, 1):
        mine = size == n
        if not mine.any():
            continue
        raw = np.exp(logit[mine] - logit[mine].max())
        weight[mine] = share * raw / raw.sum()
    return weight
