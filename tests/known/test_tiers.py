"""Tiers: the stationary vector of the clipped walk (T12), and a shift that changes nothing (T31h)."""

from __future__ import annotations

from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.arithmetic import chance, happens
from glasshouse.engine.columns import OUTCOME_COLUMNS
from glasshouse.engine.devices import prepare
from glasshouse.mechanisms import ledger, tiers
from glasshouse.regimes import Number, RuleBook
from glasshouse.words import REAL
from known.oracle import Z_LIMIT, drawn, drawn_within, z_of_count
from stage import Life, book, live, same_bytes, standard

PEOPLE, DAYS = 300_000, 60
LOWEST, HIGHEST, START = 0, 40, 25  # in steps of 5 points
CUTS = (35, 26, 12, 3)  # lower bounds, best first
STEP = 500  # hundredths of a point


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


class Walk:
    """One good deed of `gain` steps with chance `up`, one bad one of `loss` with chance `down`, each day.

    Args:
        up, gain, down, loss: chances and steps.
        forgiveness: steps a day back towards the start.
    """

    def __init__(self, up: float, gain: int, down: float, loss: int, forgiveness: int) -> None:
        self.up, self.gain, self.down, self.loss, self.forgiveness = up, gain, down, loss, forgiveness

    def matrix(self) -> NDArray[np.float64]:
        """P[s, s'], from equation (10) written out once more."""
        size = HIGHEST - LOWEST + 1
        found = np.zeros((size, size))
        for s in range(LOWEST, HIGHEST + 1):
            for good, p in ((self.gain, self.up), (0, 1 - self.up)):
                for bad, q in ((self.loss, self.down), (0, 1 - self.down)):
                    held = min(max(s + good - bad, LOWEST), HIGHEST)
                    held += min(self.forgiveness, max(START - held, 0))
                    found[s - LOWEST, held - LOWEST] += p * q
        return found

    def stationary(self) -> NDArray[np.float64]:
        """The vector pi = pi P with sum 1."""
        p = self.matrix()
        equations = np.vstack([p.T - np.eye(len(p)), np.ones(len(p))])
        solved: NDArray[np.float64] = np.linalg.lstsq(equations, np.eye(len(p) + 1)[-1])[0]
        return solved

    def played(self, first: NDArray[np.int32]) -> NDArray[np.int64]:
        """People by tier after DAYS days of ledger and tiers."""
        who, everybody = jnp.arange(PEOPLE, dtype=jnp.uint32), jnp.ones(PEOPLE, bool)
        up, down = jnp.uint32(chance(self.up)), jnp.uint32(chance(self.down))
        limits = [jnp.int32(STEP * n) for n in (START, LOWEST, HIGHEST, self.forgiveness)]

        def a_day(day: Any, score: Any) -> Any:
            word = drawn_within(who, day, 7)
            posted = jnp.where(happens(word.a, up), STEP * self.gain, 0)
            posted -= jnp.where(happens(word.b, down), STEP * self.loss, 0)
            return ledger.post(score, posted.astype(jnp.int32), everybody, *limits)

        score = jax.jit(lambda s: jax.lax.fori_loop(0, DAYS, a_day, s))(jnp.asarray(first * STEP, jnp.int32))
        cuts = jnp.asarray(STEP * np.array(CUTS), jnp.int32)
        tier = np.asarray(tiers.tier(score, cuts, everybody, len(CUTS) + 1))
        return np.bincount(tier, minlength=len(CUTS) + 1)


def shares_of_tiers(of_score: NDArray[np.float64]) -> list[float]:
    """Best tier first."""
    s = np.arange(LOWEST, HIGHEST + 1)
    tier = sum((s < cut).astype(int) for cut in CUTS)
    return [float(of_score[tier == k].sum()) for k in range(len(CUTS) + 1)]


WALKS = {
    "drifting down": Walk(0.10, 2, 0.20, 2, 0),
    "up in small steps, down in large ones": Walk(0.30, 1, 0.04, 6, 0),
    "forgiven a little every day": Walk(0.05, 3, 0.30, 4, 1),
}


@pytest.mark.parametrize("name", WALKS)
def test_tiers_from_stationarity_stay_at_the_stationary_vector(name: str) -> None:
    pi = WALKS[name].stationary()
    first = np.searchsorted(chance(np.cumsum(pi)[:-1]), drawn(PEOPLE, sub=9).a, side="right") + LOWEST
    found = WALKS[name].played(first.astype(np.int32))
    for tier, share in enumerate(shares_of_tiers(pi)):
        assert abs(z_of_count(found[tier], PEOPLE, share)) < Z_LIMIT, tier


@pytest.mark.parametrize("name", WALKS)
def test_tiers_on_the_way_there_follow_the_powers_of_the_chain(name: str) -> None:
    """Everybody starts at the start score; after n days the law is e_start P^n."""
    law = np.linalg.matrix_power(WALKS[name].matrix(), DAYS)[START - LOWEST]
    found = WALKS[name].played(np.full(PEOPLE, START, np.int32))
    for tier, share in enumerate(shares_of_tiers(law)):
        if share * PEOPLE > 20:
            assert abs(z_of_count(found[tier], PEOPLE, share)) < Z_LIMIT, tier


def test_who_is_not_scored_has_the_tier_after_the_last() -> None:
    score = jnp.array([100, 100], jnp.int32)
    cuts = jnp.array([50, 2**31 - 1], jnp.int32)
    found = tiers.tier(score, cuts, jnp.array([True, False]), 3)
    assert found.tolist() == [0, 3]


def test_a_bound_belongs_to_the_better_tier_and_padding_to_none() -> None:
    cuts = jnp.array([1_000, 0, -500, 2**31 - 1, 2**31 - 1], jnp.int32)
    score = jnp.array([2**31 - 2, 1_000, 999, 0, -1, -500, -501, -(2**31)], jnp.int32)
    found = tiers.tier(score, cuts, jnp.ones(8, bool), 6)
    assert found.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def shifted(c: float, bounds_too: bool) -> RuleBook:
    """The article's regime within wide bounds, start and cuts shifted by c points."""
    article = book("article")
    assert article.score is not None
    move = c if bounds_too else 0.0
    score = article.score.model_copy(
        update={
            "start": Number(value=1_000 + c),
            "lowest": Number(value=-9_000 + move),
            "highest": Number(value=9_000 + move),
        }
    )
    moved = [
        tier if tier.from_ is None else tier.model_copy(update={"from_": Number(value=float(tier.from_) + c)})
        for tier in article.tiers
    ]
    return article.model_copy(update={"score": score, "tiers": moved})


@cache
def life(c: float, bounds_too: bool = False) -> Life:
    return live(standard(), shifted(c, bounds_too))


@pytest.mark.parametrize("bounds_too", [False, True], ids=["bounds stay", "bounds move, too"])
@pytest.mark.parametrize("c", [17.35, -250.0, 1_000.0])
def test_shifting_start_and_cuts_together_changes_no_tier_and_no_life(c: float, bounds_too: bool) -> None:
    there, here = life(c, bounds_too), life(0.0)
    for one, other in zip(there.months, here.months, strict=True):
        assert same_bytes(one.tier, other.tier)
        for moved, was in zip(one.score, other.score, strict=True):
            assert (moved - was == round(100 * c)).all()
        for column in OUTCOME_COLUMNS:
            assert same_bytes(getattr(one, column), getattr(other, column)), column
    assert same_bytes((there.deeds, there.notices), (here.deeds, here.notices))


def test_shifting_the_cuts_alone_does_change_tiers() -> None:
    """The comparison can fail."""
    article = book("article")
    lower = [
        tier if tier.from_ is None else tier.model_copy(update={"from_": Number(value=float(tier.from_) - 30)})
        for tier in article.tiers
    ]
    told = live(standard(), shifted(0.0, False).model_copy(update={"tiers": lower}))
    assert not same_bytes(told.end.tier[REAL], life(0.0).end.tier[REAL])
