"""Delay before punishment, waiting time before repair, a cap on stacking: against day-by-day accounts of a life."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.arithmetic import chance
from glasshouse.engine.devices import prepare
from glasshouse.mechanisms import lists, restraints
from known.oracle import drawn


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


LIVES, DAYS = 600, 200


def account(entries: NDArray[np.bool_], term: int, delay: int) -> tuple[list[int], list[bool]]:
    """First day off the list and whether it binds, day by day, of a life with these entries.

    Who is not on the list gets `delay` days of grace; a further entry only prolongs.
    """
    from_day, ends = 0, 0
    until, binds = [], []
    for day, entered in enumerate(entries, 1):
        if entered and ends <= day:
            from_day, ends = day + delay, day + delay + term
        elif entered:
            ends = max(ends, day + term)
        until.append(ends)
        binds.append(from_day <= day < ends)
    return until, binds


@pytest.mark.parametrize(("term", "delay"), [(1, 0), (5, 1), (30, 30), (12, 45), (60, 7)])
def test_a_listing_binds_after_the_delay_and_a_further_entry_never_postpones(term: int, delay: int) -> None:
    entries = np.array([drawn(LIVES, day).a < chance(0.02) for day in range(DAYS)])
    until, found = jnp.zeros(LIVES, jnp.uint16), []
    for n, entered in enumerate(entries):
        today = jnp.int32(n + 1)
        until = lists.prolonged(until, jnp.asarray(entered), today, jnp.int32(term), jnp.int32(delay))
        found.append((np.asarray(until), np.asarray(restraints.stood(until, today, jnp.int32(term), 0))))
    for life in range(LIVES):
        ends, binds = account(entries[:, life], term, delay)
        assert [day[0][life] for day in found] == ends
        assert [day[1][life] for day in found] == binds


@pytest.mark.parametrize(("term", "delay", "after"), [(50, 0, 20), (50, 10, 0), (80, 40, 79), (80, 40, 80), (1, 0, 0)])
def test_repair_waits_from_the_day_on_which_the_listing_binds(term: int, delay: int, after: int) -> None:
    entry, days = 7, jnp.arange(300, dtype=jnp.int32)
    none = jnp.uint16(0)
    until = lists.prolonged(none, jnp.asarray(True), jnp.int32(entry), jnp.int32(term), jnp.int32(delay))
    may = np.asarray(restraints.stood(until, days, jnp.int32(term), jnp.int32(after)))
    assert np.flatnonzero(may).tolist() == list(range(entry + delay + after, entry + delay + term))


def test_a_list_without_a_term_binds_at_once_and_for_ever() -> None:
    until = jnp.array([0, lists.FOREVER, 50], jnp.uint16)
    for day in (49, 50, 6_000, 60_000):
        found = restraints.stood(until, jnp.int32(day), jnp.int32(lists.FOREVER), 0)
        assert found.tolist() == [False, True, day < 50]


@pytest.mark.parametrize("delay", [0, 1, 30, 62])
def test_a_worse_tier_binds_after_the_delay_and_a_better_one_at_once(delay: int) -> None:
    tier, announced, since = jnp.uint8([2, 2, 2]), jnp.uint8([4, 1, 2]), jnp.uint16([100, 100, 40])
    for day in (100, 101, 129, 130, 161, 162):
        found = restraints.due(tier, announced, since, announced > tier, jnp.int32(day), jnp.int32(delay))
        assert found.tolist() == [4 if day - 100 >= delay else 2, 1, 2]


@pytest.mark.parametrize("kind", [jnp.uint8, jnp.uint32])
@pytest.mark.parametrize("most", range(9))
def test_the_cap_keeps_the_first_services(most: int, kind: Any) -> None:
    """Every set of seven services at once."""
    spared = restraints.beyond(jnp.arange(128, dtype=kind), jnp.int32(most), 7)
    assert spared.dtype == kind
    for hit, beyond in enumerate(np.asarray(spared).tolist()):
        services = [n for n in range(7) if hit >> n & 1]
        assert [n for n in range(7) if beyond >> n & 1] == services[most:]
