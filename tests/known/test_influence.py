"""Averaging among circles (T16, DeGroot): the mean is kept to the last unit, and differences shrink as theory says."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.arithmetic import ONE_Q30
from glasshouse.population.friends import matching
from glasshouse.words import FRIEND_SLOTS
from known.oracle import drawn

HOME, WORK = 3, 20
KEEP, FROM_HOME, FROM_WORK = 0.4, 0.3, 0.3
PEOPLE, STEPS = 60_000, 1_000


def group_mean(x: NDArray[np.float64], order: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """Everybody's group mean, groups being runs of `size` in an order."""
    mean = np.empty_like(x)
    mean[order] = np.repeat(x[order].reshape(-1, size).mean(axis=1), size)
    return mean


def test_household_and_workplace_mix_a_town_at_the_rate_of_theory() -> None:
    """lam2 = .4 + .3 (1 + c), c = sqrt(aH (1 - aW)) + sqrt(aW (1 - aH)), aH = 1/3, aW = 1/20: .9236.

    The operator is symmetric, so x.Ax / x.x grows towards its second eigenvalue, step by step.
    """
    staff, here = np.argsort(drawn(PEOPLE, sub=1).a, kind="stable"), np.arange(PEOPLE)
    x = drawn(PEOPLE, sub=2).a / 2.0**32
    x -= x.mean()
    for _ in range(STEPS):
        x -= x.mean()
        x /= np.sqrt(x @ x)
        moved = KEEP * x + FROM_HOME * group_mean(x, here, HOME) + FROM_WORK * group_mean(x, staff, WORK)
        rate, x = float(x @ moved), moved
        assert abs(x.mean()) < 1e-15  # doubly stochastic: nothing leaks into the mean
    home, work = 1 / HOME, 1 / WORK
    theory = KEEP + FROM_HOME * (1 + np.sqrt(home * (1 - work)) + np.sqrt(work * (1 - home)))
    assert theory == pytest.approx(0.9236, abs=5e-5)
    assert rate == pytest.approx(theory, abs=0.002)


def exchanged(own: NDArray[np.int64], other: NDArray[np.int64], weight: int) -> NDArray[np.int64]:
    """What a person takes over of another's opinion, Q30: rounded towards zero, so that the other gives as much."""
    gap = (other - own) * weight
    return np.sign(gap) * (np.abs(gap) >> 30)


def test_the_mean_is_kept_exactly_in_fixed_point() -> None:
    """Exchange by pairs, in homes, at work and with a friend a day: the sum never moves by one unit."""
    people = 6_000
    staff = np.argsort(drawn(people, sub=1).a, kind="stable")
    circles = ((np.arange(people), HOME, FROM_HOME), (staff, WORK, FROM_WORK))
    pool = np.zeros(people, np.int64)
    friend = [matching(pool, drawn(people, sub=3 + n // 4)[n % 4]) for n in range(FRIEND_SLOTS)]
    x = (drawn(people, sub=2).a >> np.uint32(2)).astype(np.int64)
    total, spread = int(x.sum()), [float(x.std())]
    for day in range(40):
        step = exchanged(x, x[friend[day % FRIEND_SLOTS]], ONE_Q30 // 5)
        for order, size, weight in circles:
            group = x[order].reshape(-1, size)
            pulls = exchanged(group[:, :, None], group[:, None, :], round(weight * ONE_Q30 / size))
            step[order] += pulls.sum(axis=2).reshape(-1)
        x = x + step
        spread.append(float(x.std()))
        assert int(x.sum()) == total
    # Two groups alone shrink differences by .92 a day; a friend a day takes off more.
    assert spread[-1] < 0.9**40 * spread[0]
