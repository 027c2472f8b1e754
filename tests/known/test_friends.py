"""The network of friends (T21): involution, duplicates, degrees, likeness, expansion and clustering."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.linalg import eigsh

from glasshouse.arithmetic import chance, happens
from glasshouse.evidence import parameters
from glasshouse.population import Population, invent
from glasshouse.population.friends import NOBODY, Friends, circles, friends, matching, wishes
from glasshouse.words import FRIEND_SLOTS
from known.oracle import Z_LIMIT, drawn, poisson_fits, z_of_count

SEED = 7


def slots(people: int, count: int = FRIEND_SLOTS) -> NDArray[np.int64]:
    """Matchings of one pool, [count, people]."""
    pool = np.zeros(people, np.int64)
    return np.stack([matching(pool, drawn(people, sub=n // 4)[n % 4]) for n in range(count)])


def edges(pairs: list[NDArray[np.int64]], people: int) -> csr_array:
    """The graph of some ties, each listed from one end or from both; one where there is any."""
    one, other = (np.concatenate([pair[end] for pair in pairs]) for end in (0, 1))
    graph = csr_array(coo_array((np.ones(len(one)), (one, other)), (people, people)))
    graph = graph + graph.T
    graph.data[:] = 1
    return csr_array(graph)


@given(
    pool=st.lists(st.integers(0, 5), max_size=40),
    words=st.lists(st.integers(0, 2**32 - 1), min_size=40, max_size=40),
    dull=st.booleans(),
)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_a_matching_is_an_involution_within_its_pool(pool: list[int], words: list[int], dull: bool) -> None:
    """Equal words included: nobody is their own partner, and an odd pool leaves exactly one person alone."""
    pools, order = np.array(pool, np.int64), np.array(words[: len(pool)], np.uint32) >> np.uint32(31 * dull)
    partner = matching(pools, order)
    some = np.flatnonzero(partner != NOBODY)
    assert (partner[partner[some]] == some).all()
    assert (partner[some] != some).all()
    assert (pools[partner[some]] == pools[some]).all()
    for n in set(pool):
        assert (partner[pools == n] == NOBODY).sum() == pool.count(n) % 2


def test_every_pair_is_as_likely_as_every_other() -> None:
    """Of 3 matchings of 4 people each comes up a third of the time."""
    towns = 30_000
    pool = np.repeat(np.arange(towns), 4)
    partner = matching(pool, drawn(4 * towns, sub=9).a).reshape(towns, 4)[:, 0] % 4
    for friend in (1, 2, 3):
        assert abs(z_of_count(int((partner == friend).sum()), towns, 1 / 3)) < Z_LIMIT


@pytest.mark.parametrize(("people", "towns"), [(65_536, 1), (64, 1_000)])
def test_duplicate_ties(people: int, towns: int) -> None:
    """n C(K, 2) / (n - 1) ends of ties are duplicates, half as many ties."""
    pool = np.repeat(np.arange(towns), people)
    found = [matching(pool, drawn(people * towns, sub=n // 4)[n % 4]) for n in range(FRIEND_SLOTS)]
    pairs = [(a, b) for a in range(FRIEND_SLOTS) for b in range(a)]
    ends = sum(int((found[a] == found[b]).sum()) for a, b in pairs)
    assert ends % 2 == 0
    assert poisson_fits(ends // 2, towns * people * len(pairs) / (people - 1) / 2)


def test_friends_connect_a_town_as_well_as_any_network_of_their_number() -> None:
    """Second eigenvalue of eight random matchings over 8: near Friedman's bound 2 sqrt(K - 1) / K = .6614."""
    people = 16_384
    found, here = slots(people), np.arange(people)
    ties = coo_array((np.ones(found.size), (np.tile(here, FRIEND_SLOTS), found.ravel())), (people, people))
    start = drawn(people, sub=4).a / 2.0**32
    values = eigsh(csr_array(ties) / FRIEND_SLOTS, 2, which="LA", v0=start, return_eigenvectors=False)
    second, first = sorted(values)
    bound = 2 * np.sqrt(FRIEND_SLOTS - 1) / FRIEND_SLOTS
    assert first == pytest.approx(1)
    # The edge of the spectrum wanders by n^(-2/3).
    assert bound - 0.01 < second < bound + people ** (-2 / 3)


def test_clustering_comes_from_households_and_workplaces() -> None:
    """C = [C(h-1, 2) + C(w-1, 2)] / C(k, 2), k = h - 1 + w - 1 + K: .325 for h = 4, w = 10, K = 4."""
    home, work, ties, people = 4, 10, 4, 40_000
    here = np.arange(people)
    staff = np.argsort(drawn(people, sub=5).a, kind="stable")
    cliques = [(here, here // home * home + n) for n in range(home)]
    cliques += [(staff[here], staff[here // work * work + n]) for n in range(work)]
    found = [(here, partner) for partner in slots(people, ties)]
    graph = edges([np.stack(pair) for pair in (*cliques, *found)], people).tolil()
    graph.setdiag(0)
    graph = csr_array(graph)
    degree = graph.sum(axis=1)
    closed = (graph @ graph).multiply(graph).sum(axis=1)
    local = closed / (degree * (degree - 1))
    k = home - 1 + work - 1 + ties
    exact = (3 * 2 / 2 + 9 * 8 / 2) / (k * (k - 1) / 2)
    assert exact == 0.325
    assert local.mean() == pytest.approx(exact, abs=0.002)


# --- Friends of invented people


@cache
def town() -> tuple[Population, Friends]:
    population = invent(40_000, 4, SEED)
    return population, friends(population, SEED, parameters())


def in_use(found: Friends) -> NDArray[np.bool_]:
    """[FRIEND_SLOTS, people]."""
    return np.array([found.slots >> slot & 1 == 1 for slot in range(FRIEND_SLOTS)])


def test_what_a_tie_is() -> None:
    """Both ends agree; adults of one town, of one district on the local slots; nobody of the own household."""
    p, found = town()
    here, used = np.arange(len(p)), in_use(found)
    local = int(parameters().number("ties.local_slots"))
    for slot, friend in enumerate(found.friend):
        assert (friend[friend] == here).all()
        assert ((friend != here) == used[slot]).all()
        ends = np.flatnonzero(used[slot])
        assert len(ends) > 1_000
        assert p.adult[ends].all()
        assert (p.town[friend] == p.town).all()
        assert (p.household[friend[ends]] != p.household[ends]).all()
        if slot < local:
            assert (p.district[friend] == p.district).all()
    assert (p.district[found.friend[local]] != p.district).mean() > 0.05


def test_how_many_friends_people_have() -> None:
    """On slot j both ends wish for more than j: chance c^(2j). A pair is one trial; odd pools and homes take some."""
    p, found = town()
    c, pairs, missed = parameters().number("ties.wish"), int(p.adult.sum()) // 2, 60
    used = in_use(found).sum(axis=1) // 2
    assert pairs - missed <= used[0] <= pairs
    for slot in range(1, FRIEND_SLOTS):
        chance_of_both = c ** (2 * slot)
        assert z_of_count(used[slot], pairs, chance_of_both) < Z_LIMIT
        assert z_of_count(used[slot], pairs - missed, chance_of_both) > -Z_LIMIT
    mean = sum(c ** (2 * slot) for slot in range(FRIEND_SLOTS))
    assert np.bitwise_count(found.slots)[p.adult].mean() == pytest.approx(mean, rel=0.01)


def test_the_law_of_degrees() -> None:
    """A person who wishes for d friends has a sum of independent chances c^j, j < d. Towns are the replicates."""
    towns, people, c = 200, 1_024, 0.85
    pool = np.repeat(np.arange(towns), people)
    wish = wishes(drawn(towns * people, sub=6).a, c)
    degree = np.zeros(len(pool), np.int64)
    for slot in range(FRIEND_SLOTS):
        partner = matching(pool, drawn(len(pool), sub=slot // 4)[slot % 4])
        degree += (wish > slot) & (wish[partner] > slot)
    expected, law = np.zeros(FRIEND_SLOTS + 1), np.array([1.0])
    for d in range(1, FRIEND_SLOTS + 1):
        law = np.convolve(law, [1 - c ** (d - 1), c ** (d - 1)])
        share = c ** (d - 1) * (1 - c) if d < FRIEND_SLOTS else c ** (d - 1)
        expected[: d + 1] += share * law
    assert expected.sum() == pytest.approx(1)
    for k in range(1, FRIEND_SLOTS + 1):
        shares = (degree == k).reshape(towns, people).mean(axis=1)
        assert abs(shares.mean() - expected[k]) < Z_LIMIT * shares.std(ddof=1) / np.sqrt(towns), k


@pytest.mark.parametrize("keeping", [0.0, 0.5, 0.9, 1.0])
def test_people_keep_to_their_own_kind(keeping: float) -> None:
    """P(partner of one's own kind) = h + (1 - h) * share of the kind among those who mix."""
    people = 120_000
    kind = np.searchsorted([0.05, 0.3, 0.6], drawn(people, sub=7).a / 2.0**32).astype(np.int64)
    own = happens(drawn(people, sub=7).b, chance(keeping))
    other = circles(np.zeros(people, np.int64), kind, own, drawn(people, sub=7).c)
    assert (other != NOBODY).all()
    same = kind[other] == kind
    assert same[own].sum() >= own.sum() - 4  # of each kind one may be left over
    mixed = np.bincount(kind[~own], minlength=4)
    for k, n in enumerate(mixed):
        if n > 1:
            found = int((same & ~own & (kind == k)).sum()) / 2
            mean = n * (n - 1) / (2 * (mixed.sum() - 1))
            assert abs(found - mean) < Z_LIMIT * np.sqrt(mean) + 4


def test_small_groups_lose_no_friends_to_homophily() -> None:
    """Whoever finds nobody of their own kind mixes: at most one person of a pool is left alone."""
    pool = np.repeat(np.arange(500), 7)
    kind = np.arange(len(pool), dtype=np.int64) % 7
    other = circles(pool, kind, np.ones(len(pool), bool), drawn(len(pool), sub=8).a)
    assert (np.bincount(pool, other == NOBODY) == 1).all()


def test_friends_of_a_town_do_not_depend_on_other_towns() -> None:
    alone, beside = invent(3_000, 1, SEED), invent(6_000, 2, SEED)
    one, two = (friends(p, SEED, parameters()) for p in (alone, beside))
    assert (one.slots == two.slots[:3_000]).all()
    assert (one.friend == two.friend[:, :3_000]).all()


@pytest.mark.parametrize(("people", "towns"), [(1, 1), (2, 1), (5, 5), (40, 3)])
def test_very_small_towns(people: int, towns: int) -> None:
    p = invent(people, towns, SEED)
    found = friends(p, SEED, parameters())
    here = np.arange(people)
    for friend in found.friend:
        assert (friend[friend] == here).all()
    assert ((found.friend != here) == in_use(found)).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"ties.local_slots": 0},
        {"ties.local_slots": 8},
        {"ties.wish": 1.0, "ties.homophily": 0.0},
        {"ties.homophily": 0.9, "ties.age_band": 5},
    ],
    ids=str,
)
def test_ends_of_the_ranges(changes: dict[str, Any]) -> None:
    p = town()[0]
    found = friends(p, SEED, parameters().with_values(changes))
    here = np.arange(len(p))
    for friend in found.friend:
        assert (friend[friend] == here).all()
    if changes.get("ties.local_slots") == 8:
        assert (p.district[found.friend] == p.district).all()
    if changes.get("ties.wish") == 1.0:
        assert (np.bitwise_count(found.slots)[p.adult] >= 6).all()
        assert (found.slots[p.adult] == 255).mean() > 0.97


def test_nobody_wishes_for_fewer_than_one_friend_or_more_than_eight() -> None:
    ends = np.array([0, 2**32 - 1], np.uint32)
    assert wishes(ends, 0.85).tolist() == [8, 1]
    assert wishes(ends, 1.0).tolist() == [8, 8]
    assert wishes(ends, 0.0).tolist() == [1, 1]
