"""Waiting by class: Bailey's bulk queue (T13), Cobham's beds (T14), and what priority cannot change (T15)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, eye
from scipy.sparse.linalg import spsolve
from scipy.stats import binom, poisson

from glasshouse.engine.devices import prepare
from glasshouse.mechanisms import queues
from known.oracle import Z_LIMIT, drawn_within

TOWNS, WORDS = 600, 4
WARM_UP, DAYS = 100, 700
SLOTS, RATES = 10, (1.0, 3.0, 5.0)  # served a day; arrivals a day by class
ORDERS = ((0, 1, 2), (2, 1, 0), (3, 3, 3))


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def total(of_words: Any) -> Any:
    """Every row is a town."""
    return of_words.sum(axis=-1, keepdims=True, dtype=jnp.int32)


def places(towns: int, words: int) -> tuple[Any, ...]:
    """Planes of a person's place in the town, most significant first."""
    place = np.arange(32 * words)
    flags = [(place >> bit) & 1 for bit in reversed(range((32 * words).bit_length() - 1))]
    rows = [np.packbits(flag.astype(np.bool_), bitorder="little").view(np.uint32) for flag in flags]
    return tuple(jnp.asarray(np.broadcast_to(row, (towns, words))) for row in rows)


def count(words: Any) -> Any:
    return total(jax.lax.population_count(words).astype(jnp.int32))[:, 0]


# --- slots a day --------------------------------------------------------------------------------------------


class Seen(NamedTuple):
    """Per town: waits of the served in days and their number, by class [3, T]; queue left, over days [days, T]."""

    waits: NDArray[np.int64]
    served: NDArray[np.int64]
    left: NDArray[np.int32]
    lost: int


@cache
def slots(classes: Sequence[int]) -> Seen:
    """Towns with keyed Poisson arrivals of three classes and ten slots a day."""
    who, held = jnp.arange(TOWNS, dtype=jnp.uint32), places(TOWNS, WORDS)
    seats = jnp.stack(held)
    laws = [jnp.asarray(poisson.cdf(np.arange(40), rate) * 2.0**32) for rate in RATES]
    nobody = jnp.zeros((TOWNS, WORDS), jnp.uint32)

    def arrive(kinds: tuple[Any, ...], free: Any, day: Any) -> tuple[tuple[Any, ...], Any, Any]:
        words, lost, asking = drawn_within(who, day), jnp.zeros(TOWNS, jnp.int32), nobody
        held = []
        for kind, word, law in zip(kinds, words[:3], laws, strict=True):
            wanted = (word[:, None].astype(jnp.float64) >= law).sum(axis=1, dtype=jnp.int32)
            new = queues.first(free, seats, wanted[:, None], total)
            lost, free, asking = lost + wanted - count(new), free & ~new, asking | new
            held.append(kind | new)
        return tuple(held), asking, lost

    def a_day(day: Any, state: tuple[Any, ...]) -> tuple[Any, ...]:
        queue, kinds, waits, served, left, lost = state
        kinds, asking, missed = arrive(kinds, ~queue.waiting, day)
        queue = queues.join(queue, asking, day)
        by_bit = [
            sum((kind for kind, of in zip(kinds, classes, strict=True) if of >> bit & 1), nobody) for bit in (2, 1, 0)
        ]
        line = queues.order(tuple(by_bit), queue.since, held)
        now = queues.first(queue.waiting, line, jnp.full((TOWNS, 1), SLOTS, jnp.int32), total)
        own = [kind & now for kind in kinds]
        joined = [sum(count(o & plane) << place for place, plane in enumerate(queue.since)) for o in own]
        counts = (day >= WARM_UP).astype(jnp.int64)
        served += counts * jnp.stack([count(o) for o in own])
        waits += counts * jnp.stack([day * count(o) - j for o, j in zip(own, joined, strict=True)])
        rest = queue.waiting & ~now
        kinds = tuple(kind & rest for kind in kinds)
        left = left.at[day].set(count(rest))
        return queue._replace(waiting=rest), kinds, waits, served, left, lost + missed.sum()

    empty = queues.Queue(nobody, (nobody,) * queues.DAY_PLANES)
    books = jnp.zeros((3, TOWNS), jnp.int64)
    born = (empty, (nobody,) * 3, books, books, jnp.zeros((DAYS, TOWNS), jnp.int32), jnp.int64(0))
    end = jax.jit(lambda state: jax.lax.fori_loop(0, DAYS, a_day, state))(born)
    return Seen(*(np.asarray(column) for column in end[2:5]), int(end[5]))


def bailey(rate: float) -> float:
    """E Q(L) = L / (2 (K - L)) - (K - 1 + L) / 2 + sum over j < K of 1 / (1 - z_j), z_j = w^j exp(L (z_j - 1) / K)."""
    turns = np.exp(2j * np.pi * np.arange(1, SLOTS) / SLOTS)
    root = turns * 0
    for _ in range(1_000):
        root = turns * np.exp(rate * (root - 1) / SLOTS)
    return float((rate / (2 * (SLOTS - rate)) - (SLOTS - 1 + rate) / 2 + (1 / (1 - root)).sum()).real)


def test_the_formula_is_that_of_its_markov_chain() -> None:
    """The queue left after service: q' = max(q + Poisson(L) - K, 0), iterated to rest."""
    for rate in np.cumsum(RATES):
        arrivals, left = poisson.pmf(np.arange(400), rate), np.eye(400)[0]
        for _ in range(3_000):
            come = np.convolve(left, arrivals)[:400]
            left = np.concatenate([[come[: SLOTS + 1].sum()], come[SLOTS + 1 :], np.zeros(SLOTS)])
        assert np.arange(400) @ left == pytest.approx(bailey(rate), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("place", range(3))
def test_waits_by_class_are_those_of_a_bulk_queue(place: int) -> None:
    """W_k = (Q(L_k) - Q(L_k-1)) / rate_k, with L the rates of the classes served before and with k."""
    below, upto = sum(RATES[:place]), sum(RATES[: place + 1])
    expected = (bailey(upto) - (bailey(below) if place else 0.0)) / RATES[place]
    seen = slots(ORDERS[0])
    assert seen.lost == 0
    off = seen.waits[place] - expected * seen.served[place]
    if seen.waits[place].sum() < 20:
        assert expected * seen.served[place].sum() < 1  # too rare to see: less than one day of waiting expected
        assert seen.waits[place].sum() == 0
    else:
        assert abs(off.mean()) < Z_LIMIT * off.std(ddof=1) / np.sqrt(TOWNS)


def test_the_queue_does_not_depend_on_who_goes_first() -> None:
    """Every day, in every town, the same number wait: sum of rate times wait is conserved, to the last person."""
    lefts = [slots(order).left for order in ORDERS]
    assert (lefts[0] == lefts[1]).all()
    assert (lefts[0] == lefts[2]).all()
    one, other = slots(ORDERS[0]), slots(ORDERS[1])
    assert one.waits[2].sum() > 50 * other.waits[2].sum()  # while the waits by class change places


def test_the_mean_queue_is_the_bulk_queues() -> None:
    by_town = slots(ORDERS[0]).left[WARM_UP:].mean(axis=0)
    z = (by_town.mean() - bailey(sum(RATES))) / (by_town.std(ddof=1) / np.sqrt(TOWNS))
    assert abs(z) < Z_LIMIT


# --- beds ---------------------------------------------------------------------------------------------------

BEDS, STAY, ARRIVALS, MOST = 4, 10.0, (0.08, 0.16), 50  # beds; mean days in one; arrivals a day by class; longest line


@cache
def admitted() -> NDArray[np.int64]:
    """Admissions by class for every (free beds, waiting in each class), as the mechanism makes them."""
    free, one, two = (axis.ravel() for axis in np.mgrid[: BEDS + 1, : MOST + 1, : MOST + 1])
    place = np.arange(64)
    both = np.concatenate([place < one[:, None], place < two[:, None]], axis=1)
    waiting = jnp.asarray(np.packbits(both, axis=1, bitorder="little").view(np.uint32))
    rows = len(free)
    second = jnp.broadcast_to(jnp.asarray([0, 0, 0xFFFFFFFF, 0xFFFFFFFF], jnp.uint32), (rows, 4))
    none = jnp.zeros((rows, 4), jnp.uint32)
    line = queues.order((none, none, second), queues.day_planes(jnp.int32(0)), places(rows, 4))
    now = np.asarray(queues.first(waiting, line, jnp.asarray(free, jnp.int32)[:, None], total))
    counts = np.bitwise_count(now).astype(np.int64)
    shape = (BEDS + 1, MOST + 1, MOST + 1)
    return np.stack([counts[:, :2].sum(axis=1), counts[:, 2:].sum(axis=1)]).reshape(2, *shape)


def waits_for_beds(step: float) -> NDArray[np.float64]:
    """Mean waits by class when beds fall free and are given away every `step` days: the chain's stationary law."""
    states = [(busy, 0, 0) for busy in range(BEDS)]
    states += [(BEDS, one, two) for one in range(MOST + 1) for two in range(MOST + 1)]
    busy, one, two = np.array(states).T
    number = {state: row for row, state in enumerate(states)}
    rows, columns, chances = [], [], []
    stays = np.exp(-step / STAY)
    for out in range(BEDS + 1):
        leaving = binom.pmf(out, busy, 1 - stays)
        for new in np.ndindex(3, 3):
            chance = leaving * np.prod([poisson.pmf(n, rate * step) for n, rate in zip(new, ARRIVALS, strict=True)])
            here = np.flatnonzero(chance > 0)
            free = BEDS - (busy[here] - out)
            queue = [np.minimum(q[here] + n, MOST) for q, n in zip((one, two), new, strict=True)]
            taken = admitted()[:, free, queue[0], queue[1]]
            after = (BEDS - free + taken.sum(axis=0), queue[0] - taken[0], queue[1] - taken[1])
            rows.append(here)
            columns.append([number[state] for state in zip(*(part.tolist() for part in after), strict=True)])
            chances.append(chance[here])
    size = len(states)
    moves = coo_matrix((np.concatenate(chances), (np.concatenate(columns), np.concatenate(rows))), (size, size)).tocsc()
    moves = moves.multiply(1 / np.asarray(moves.sum(axis=0)))
    balance = (moves - eye(size)).tolil()
    balance[0] = 1.0
    law = spsolve(balance.tocsc(), np.eye(size)[0])
    return np.array([law @ one / ARRIVALS[0], law @ two / ARRIVALS[1]])


def cobham() -> NDArray[np.float64]:
    """W_k = C(c, a) / (c mu) / ((1 - s_k-1) (1 - s_k)), s_k = sum over the first k rates / (c mu); C is Erlang's."""
    load = sum(ARRIVALS) * STAY
    terms = [load**n / np.prod(np.arange(1, n + 1)) for n in range(BEDS + 1)]
    last = terms[BEDS] / (1 - load / BEDS)
    busy = last / (sum(terms[:BEDS]) + last)
    s = np.concatenate([[0.0], np.cumsum(ARRIVALS)]) * STAY / BEDS
    return busy * STAY / BEDS / ((1 - s[:-1]) * (1 - s[1:]))


def test_beds_in_small_steps_are_a_queue_in_continuous_time() -> None:
    """Within 2 % at steps of .01 day, and half as far off at half the step: the scheme is of first order."""
    off = [waits_for_beds(step) / cobham() - 1 for step in (0.01, 0.005)]
    assert (abs(off[0]) < 0.02).all()
    assert off[0] / off[1] == pytest.approx([2.0, 2.0], rel=0.1)


def test_the_conservation_law_of_beds() -> None:
    """sum of rate_k W_k is that of a single class of all rates."""
    waits, rates = cobham(), np.array(ARRIVALS)
    load = rates.sum() * STAY / BEDS
    single = waits[0] * (1 - rates[0] * STAY / BEDS) / (1 - load)
    assert rates @ waits == pytest.approx(rates.sum() * single)
    found = waits_for_beds(0.01)
    assert rates @ found == pytest.approx(rates.sum() * single, rel=0.02)
