"""How many people are listed (T10): M/G/infinity, whatever the law of durations; and limits of day numbers."""

from __future__ import annotations

from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.arithmetic import chance, happens
from glasshouse.engine.devices import prepare
from glasshouse.mechanisms import lists
from known.oracle import Z_LIMIT, drawn_within, z_of_count

PEOPLE, DAYS, BLOCKS = 400_000, 400, 400
RATE, MEAN = 2e-4, 30  # entries a person-day; days on the list
LAWS = ("term", "two-point", "hazard")


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


@cache
def listed() -> NDArray[np.bool_]:
    """Who is on the list on the last evening, [law, person]. The laws have entries of their own."""
    who = jnp.arange(PEOPLE, dtype=jnp.uint32)
    entry, leaving, coin = (jnp.uint32(chance(p)) for p in (RATE, 1 / MEAN, 0.5))

    def a_day(n: Any, until: tuple[Any, ...]) -> tuple[Any, ...]:
        word, today = drawn_within(who, n), n.astype(jnp.int32) + 1
        # Half of the terms are 10 days, half 50.
        terms = (jnp.int32(MEAN), jnp.where(happens(word.d, coin), 10, 50), jnp.int32(lists.FOREVER))
        left = lists.left(drawn_within(who, n, 1).a, until[2], today, leaving)
        return tuple(
            lists.prolonged(was, happens(w, entry), today, term)
            for was, w, term in zip((*until[:2], left), word[:3], terms, strict=True)
        )

    born = tuple(jnp.zeros(PEOPLE, jnp.uint16) for _ in LAWS)
    until = jax.jit(lambda born: jax.lax.fori_loop(0, DAYS, a_day, born))(born)
    return np.stack([np.asarray(column) > DAYS for column in until])


def never_entered(law: str) -> float:
    """P(not listed) = prod over past days j of (1 - rate * P(D > j)), exactly; -> exp(-rate * E[D])."""
    j = np.arange(DAYS)
    if law == "hazard":
        # Listed people do not enter twice: off -> on with RATE, on -> off with 1 / MEAN before entries.
        on = 0.0
        for _ in j:
            on = 1 - (1 - RATE) * (1 - on * (1 - 1 / MEAN))
        return 1 - on
    outlives = {"term": j < MEAN, "two-point": np.where(j < 10, 1.0, np.where(j < 50, 0.5, 0.0))}[law]
    return float(np.prod(1 - RATE * outlives))


@pytest.mark.parametrize("law", LAWS)
def test_the_stock_is_entries_times_mean_duration(law: str) -> None:
    stock = int(listed()[LAWS.index(law)].sum())
    assert abs(z_of_count(stock, PEOPLE, 1 - never_entered(law))) < Z_LIMIT
    poisson_mean = PEOPLE * (1 - np.exp(-RATE * MEAN))
    assert abs(stock - poisson_mean) / np.sqrt(poisson_mean) < Z_LIMIT


@pytest.mark.parametrize("law", LAWS)
def test_the_stock_of_many_groups_varies_like_a_poisson_count(law: str) -> None:
    """var / mean over 400 groups of people is 1; its standard error is sqrt(2 / 400) = .071."""
    groups = listed()[LAWS.index(law)].reshape(BLOCKS, -1).sum(axis=1)
    assert abs(groups.var(ddof=1) / groups.mean() - 1) < Z_LIMIT * np.sqrt(2 / BLOCKS)


def test_the_law_of_durations_does_not_matter() -> None:
    """Three laws of one mean: their stocks differ by no more than chance allows."""
    stocks = listed().sum(axis=1).astype(float)
    for one in stocks:
        for other in stocks:
            assert abs(one - other) < Z_LIMIT * np.sqrt(one + other)


def prolonged(until: int, today: int, term: int, entered: bool = True) -> int:
    column = jnp.array([until], jnp.uint16)
    found = lists.prolonged(column, jnp.array([entered]), jnp.int32(today), jnp.int32(term))
    assert found.dtype == jnp.uint16
    return int(found[0])


@pytest.mark.parametrize(
    ("until", "today", "term", "expected"),
    [
        (0, 5, 10, 15),  # a first entry
        (12, 5, 10, 15),  # a further entry prolongs
        (40, 5, 10, 40),  # but never shortens
        (0, 5, 0, 5),  # a term of nothing is over at once
        (0, 6_208, lists.FOREVER, lists.FOREVER),
        (lists.FOREVER, 6_208, 10, lists.FOREVER),
        (0, 65_000, 10_000, lists.FOREVER - 1),  # a day number that would wrap stays a term
        (0, 1, 65_534, lists.FOREVER - 1),
    ],
)
def test_terms_at_their_limits(until: int, today: int, term: int, expected: int) -> None:
    assert prolonged(until, today, term) == expected
    assert prolonged(until, today, term, entered=False) == until


def test_leaving() -> None:
    until = jnp.array([0, 50, 101, lists.FOREVER], jnp.uint16)
    words = jnp.zeros(4, jnp.uint32)
    today = jnp.int32(100)
    assert lists.left(words, until, today, jnp.uint32(chance(1.0))).tolist() == [0, 50, 100, 100]
    assert lists.left(words, until, today, jnp.uint32(0)).tolist() == until.tolist()


def test_ripeness() -> None:
    tier, since = jnp.array([5, 5, 4, 5], jnp.uint8), jnp.array([0, 71, 0, 70], jnp.uint16)
    found = lists.ripe(tier, since, jnp.int32(100), jnp.int32(5), jnp.int32(30))
    assert found.tolist() == [True, False, False, True]
    assert not lists.ripe(tier, since, jnp.int32(100), jnp.int32(-1), jnp.int32(0)).any()
