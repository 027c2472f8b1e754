"""Firms as they are founded: how many, how large, whose, and that everybody who works is counted once."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.arithmetic import ONE_Q16
from glasshouse.evidence import parameters
from glasshouse.population import Population, Role, invent
from glasshouse.population.firms import MOST_FIRMS, NOBODY, PLATFORM, SECTORS, Firms, found
from known.oracle import Z_LIMIT, binomial_fits

P = parameters()


@cache
def people(count: int, towns: int = 1, seed: int = 1) -> Population:
    return invent(count, towns, seed, parameters=P)


@cache
def firms(count: int = 60_000, towns: int = 1, seed: int = 1) -> Firms:
    return found(people(count, towns, seed), seed, P)


def by_slot(p: Population, f: Firms, column: np.ndarray) -> np.ndarray:
    """People by firm, [C, K]."""
    counts = np.zeros(f.size.shape, np.int64)
    np.add.at(counts, (p.cell[column > 0], column[column > 0].astype(int) - 1), 1)
    return counts


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 3_000), st.integers(1, 4), st.integers(0, 5))
def test_nobody_who_works_is_lost_or_counted_twice(count: int, towns: int, seed: int) -> None:
    """Employees and owners by firm add up to the sizes; every owner owns one firm, of the own cell."""
    p = invent(max(count, towns), towns, seed, parameters=P)
    f = found(p, seed, P)
    employed, owned = by_slot(p, f, f.employer), by_slot(p, f, f.owned)
    assert (np.maximum(employed + owned, f.exists) == f.size).all()
    assert (owned == (f.owner != NOBODY)).all()
    assert set(p.role[f.employer > 0].tolist()) <= {Role.WORKER}
    assert set(p.role[f.owned > 0].tolist()) <= {Role.OWNER}
    cell, slot = np.nonzero(f.owner != NOBODY)
    at = cell * p.layout.places_per_cell + f.owner[cell, slot]
    person = np.searchsorted(p.grid_index(), at)
    assert (p.grid_index()[person] == at).all()
    assert (f.owned[person] == slot + 1).all()
    assert not (f.connected | f.sharing | f.open | f.platform)[~f.exists].any()


def test_there_are_as_many_as_the_density_says() -> None:
    """Rounded to whole firms a town, whatever the size of cells."""
    for count in (4_000, 60_000):
        assert abs(firms(count).exists.sum() - P.number("firms.density") * count) <= 0.5
    assert firms(200_000).slots <= MOST_FIRMS


def test_shares_are_those_of_the_registry() -> None:
    p, f = people(60_000), firms()
    total, workers = int(f.exists.sum()), p.role == Role.WORKER
    assert binomial_fits(int(f.connected.sum()), total, P.number("firms.connected"))
    assert binomial_fits(int((f.employer > 0).sum()), int(workers.sum()), P.number("firms.local"))
    assert binomial_fits(int((f.owner != NOBODY).sum()), total, P.number("firms.private"))
    shares = [P.number(f"firms.{sector}") for sector in SECTORS]
    assert sum(shares) == pytest.approx(1)
    for sector, share in enumerate(shares):
        assert binomial_fits(int((f.sector[f.exists] == sector).sum()), total, share)
    others = f.exists & (f.sector != PLATFORM)
    assert f.sharing[f.platform].all()
    assert binomial_fits(int(f.sharing[others].sum()), int(others.sum()), P.number("firms.sharing"))
    closing, entry = np.exp(P.number("firms.exit")), P.number("firms.entry")
    assert binomial_fits(int(f.open.sum()), total, entry / (entry + closing))


def test_sizes_follow_zipf() -> None:
    """P(an employee works for the n-th firm) = n^-zeta / sum, by cell; z over all cells."""
    p, f = people(60_000), firms()
    employed, zeta = by_slot(p, f, f.employer), P.number("firms.concentration")
    for slot in (0, 1, 4):
        mean = variance = 0.0
        for cell in range(len(employed)):
            here = int(f.exists[cell].sum())
            if slot < here:
                share = (slot + 1) ** -zeta / (np.arange(1, here + 1) ** -zeta).sum()
                mean += employed[cell].sum() * share
                variance += employed[cell].sum() * share * (1 - share)
        assert abs(employed[:, slot].sum() - mean) / np.sqrt(variance) < Z_LIMIT


def test_first_revenue_by_head() -> None:
    f = firms()
    heads = np.log(f.size[f.exists] * P.number("firms.revenue") / 12)
    luck = f.first[f.exists] / ONE_Q16 * np.log(2) - heads
    spread = P.number("firms.revenue_sd")
    assert abs(luck.mean()) < Z_LIMIT * spread / np.sqrt(len(luck))
    assert abs(luck.std() / spread - 1) < Z_LIMIT / np.sqrt(2 * len(luck))


def test_a_town_does_not_depend_on_the_towns_beside_it() -> None:
    """Two towns of one size: the first of them is the town alone, but for the padding of cells and slots."""
    alone, both = found(people(2_000), 1, P), found(people(4_000, 2), 1, P)
    cells, slots = alone.size.shape
    for name, column in alone.of_cells().items():
        beside = both.of_cells()[name]
        assert (beside[:cells, :slots][alone.exists] == column[alone.exists]).all(), name
    assert (both.employer[:2_000] == alone.employer).all()
    assert (both.owned[:2_000] == alone.owned).all()


def test_no_firms_one_person_and_a_crowded_cell() -> None:
    nobody = found(people(1), 1, P)
    assert nobody.size.shape == (1, 1)
    assert not nobody.exists.any()
    assert not nobody.employer.any()
    none = found(people(2_000), 1, P.with_values({"firms.density": 0.0}))
    assert not none.exists.any()
    assert not none.employer.any()
    assert not none.owned.any()
    full = found(people(200_000), 1, P.with_values({"firms.density": 0.5}))
    assert full.slots == MOST_FIRMS
    assert full.employer.max() == MOST_FIRMS
    state = found(people(2_000), 1, P.with_values({"firms.private": 0.0, "firms.local": 0.0}))
    assert not state.employer.any()
    assert not state.owned.any()
    assert (state.size[state.exists] == 1).all()
