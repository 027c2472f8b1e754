"""Who is whose friend: eight slots a person, each a perfect matching of the adults of a pool.

    order the pool by keyed words; friends on a slot are the first and second, the third and fourth, ...
    slot j is in use where both ends wish for more than j friends, P(wish > j) = c_f^j, and do not live together

So a tie has two ends by construction, nobody is their own friend, and nothing is stored but eight indices a person.
A pool is a district for the first slots and the town for the rest. On each slot a person keeps to people of their
own group and age band there with chance h_f and mixes with all others who do not otherwise; whoever finds no partner
among their own kind mixes, too. Of an odd pool one person stays alone on the slot.

In a pool of n, two matchings share n C(8,2) / (n - 1) ends in expectation: such friends count twice. A person who
wishes for d friends has a number of them that is a sum of d independent chances c_f^j, j < d: skewed, at most eight,
mean sum over j of c_f^2j. Triangles come from households, not from here.

Left out: friends of friends who become friends, ties across towns, friends below the age of adults, people whom
thousands know (the town's share stands for them), and work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import chance, happens
from glasshouse.draws.philox import Key, words
from glasshouse.draws.purposes import FRIEND_CIRCLE, FRIEND_ORDER
from glasshouse.evidence import Parameters
from glasshouse.population.people import Population
from glasshouse.words import FRIEND_SLOTS

NOBODY: Final = -1

_BLOCKS: Final = (0, 1)
_WISH: Final = 2
"Sub-blocks of the draws."


@dataclass(frozen=True, eq=False)
class Friends:
    """The friends of a population.

    Attributes:
        friend: int32 [FRIEND_SLOTS, people], row of each person's friend; their own where the slot is not in use.
        slots: uint8 [people], bit j where slot j is in use.
    """

    friend: NDArray[np.int32]
    slots: NDArray[np.uint8]


def friends(population: Population, seed: int, parameters: Parameters) -> Friends:
    """Find everybody's friends. The friends of a town do not depend on how many other towns there are.

    Args:
        population: the people.
        seed: of the run.
        parameters: rows `ties.local_slots`, `ties.age_band`, `ties.homophily` and `ties.wish`.
    """
    p, who = population, np.flatnonzero(population.adult)
    number, town = p.number[who], p.town[who].astype(np.uint32)
    home, kind = p.household[who], _kinds(p, parameters)[who]
    local = town.astype(np.int64) * p.layout.districts_per_town + p.district[who]
    key, day = Key.of(seed), np.uint32(0)
    wish = wishes(words(key, number, FRIEND_CIRCLE, day, town, _WISH).a, parameters.number("ties.wish"))
    keeps = chance(parameters.number("ties.homophily"))
    friend = np.tile(np.arange(len(p), dtype=np.int32), (FRIEND_SLOTS, 1))
    slots = np.zeros(len(p), np.uint8)
    orders, circle = (
        [word for block in _BLOCKS for word in words(key, number, purpose, day, town, block)]
        for purpose in (FRIEND_ORDER, FRIEND_CIRCLE)
    )
    for slot in range(FRIEND_SLOTS):
        pool = local if slot < parameters.number("ties.local_slots") else town.astype(np.int64)
        other = circles(pool, kind, happens(circle[slot], keeps), orders[slot])
        ends = np.flatnonzero((other != NOBODY) & (wish > slot))
        ends = ends[(wish[other[ends]] > slot) & (home[other[ends]] != home[ends])]
        friend[slot, who[ends]] = who[other[ends]]
        slots[who[ends]] |= np.uint8(1 << slot)
    return Friends(friend, slots)


def wishes(word: NDArray[np.uint32], share: float) -> NDArray[np.uint8]:
    """Friends wished for, 1 to FRIEND_SLOTS: P(more than j) = share^j."""
    more = (happens(word, chance(share**j)) for j in range(1, FRIEND_SLOTS))
    return np.asarray(1 + sum(flag.astype(np.uint8) for flag in more), np.uint8)


def circles(pool: Any, kind: Any, own_kind: Any, order: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Match people with their own kind where they keep to it, and whoever is left with whoever is left.

    Args:
        pool: int64, who can meet whom at all.
        kind: int64, group and age band.
        own_kind: bool, the person keeps to their own kind.
        order: the keyed words.

    Returns:
        Partners, int64, NOBODY where there is none.
    """
    other = np.full(len(order), NOBODY)
    near, kinds = np.flatnonzero(own_kind), int(kind.max(initial=0)) + 1
    _join(other, near, matching(pool[near] * kinds + kind[near], order[near]))
    rest = np.flatnonzero(other == NOBODY)
    _join(other, rest, matching(pool[rest], order[rest]))
    return other


def matching(pool: NDArray[np.int64], order: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Neighbours in the keyed order of each pool.

    Args:
        pool: int64 [n], at least 0 and under 2^31; people of one pool are matched with each other.
        order: uint32 [n], keyed words.

    Returns:
        int64 [n], the index of each one's partner; NOBODY for the last of an odd pool.
    """
    line = np.argsort(pool.astype(np.uint64) << np.uint64(32) | order, kind="stable")
    sorted_pool, at = pool[line], np.arange(len(line))
    beside = (at - np.searchsorted(sorted_pool, sorted_pool)) % 2 * -2 + 1 + at
    found = beside < len(line)
    found[found] = sorted_pool[beside[found]] == sorted_pool[found]
    partner = np.full(len(line), NOBODY)
    partner[line[found]] = line[beside[found]]
    return partner


def _join(other: NDArray[np.int64], some: NDArray[np.int64], partner: NDArray[np.int64]) -> None:
    """Write the partners that some people found among themselves."""
    found = partner != NOBODY
    other[some[found]] = some[partner[found]]


def _kinds(population: Population, parameters: Parameters) -> NDArray[np.int64]:
    """Group and age band, as one number."""
    bands = (population.age // parameters.number("ties.age_band")).astype(np.int64)
    return population.group * (int(bands.max(initial=0)) + 1) + bands
