"""Firms of the cells: who works for them, who owns them, and how they begin.

A firm has a slot in a cell, and everybody who works for it or owns it lives there. People work where they live: a
simplification that keeps everything about a firm in one place; workers of the state and of firms far away have no
employer here. A cell has as many firms as its people times the density of firms, rounded so that whole towns have
the right number. The n-th firm of a cell draws its employees in proportion to n^-zeta (Zipf).

A slot outlives its firm: when the firm closes, a new one with the same owner, trade and size can open there.

Left out: commuting, branches, firms of one owner, managers, the self-employed (an owner without a firm is one).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import doublings
from glasshouse.draws.philox import Key, uniforms, words
from glasshouse.draws.purposes import FIRM_MAKE_UP, WORKPLACE
from glasshouse.evidence import Parameters
from glasshouse.population.people import Population, Role

Ints = NDArray[np.int64]

SECTORS: Final = ("trade", "manufacturing", "services", "platforms")
PLATFORM: Final = SECTORS.index("platforms")
MOST_FIRMS: Final = 255
"Firms of a cell: an employer is a number of eight bits, and 0 is none."
NOBODY: Final = 0xFFFF
"Owner of a firm that belongs to nobody of the cell."
_MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, eq=False)
class Firms:
    """The firms of all towns. C cells of the layout, K slots a cell, N people.

    Attributes:
        number: uint32 [C, K], number of the slot inside the town; it keys every draw about the firm.
        size: uint16 [C, K], people at work in it, its owner included; 0 where there is no firm.
        owner: uint16 [C, K], the owner's place in the cell, NOBODY for none.
        sector: uint8 [C, K], index into SECTORS.
        connected: bool [C, K], it has a political connection. sharing: bool [C, K], it hands its data over.
        quality: uint8 [C, K], 128 is middling.
        first: int32 [C, K], logarithm of a new firm's revenue a month, CNY, in 2^-16 of a doubling.
        open: bool [C, K], on the first day.
        lot: uint32 [C, K], a regime for a share of society reaches the firm if this lies under the share.
        employer: uint8 [N], slot + 1 of the firm in the person's cell, 0 for none.
        owned: uint8 [N], the same of the firm that the person owns.
    """

    number: NDArray[np.uint32]
    size: NDArray[np.uint16]
    owner: NDArray[np.uint16]
    sector: NDArray[np.uint8]
    connected: NDArray[np.bool_]
    sharing: NDArray[np.bool_]
    quality: NDArray[np.uint8]
    first: NDArray[np.int32]
    open: NDArray[np.bool_]
    lot: NDArray[np.uint32]
    employer: NDArray[np.uint8]
    owned: NDArray[np.uint8]

    @property
    def slots(self) -> int:
        """K."""
        return int(self.size.shape[1])

    @property
    def exists(self) -> NDArray[np.bool_]:
        """Where there is a firm, [C, K]."""
        return self.size > 0

    @property
    def platform(self) -> NDArray[np.bool_]:
        """The firms that see what people do online, [C, K]."""
        return np.asarray(self.exists & (self.sector == PLATFORM))

    def of_cells(self) -> dict[str, NDArray[Any]]:
        """The columns [C, K] by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name).ndim == 2}


def found(population: Population, seed: int, parameters: Parameters) -> Firms:
    """Found the firms of a population.

    Args:
        population: the people.
        seed: of the run.
        parameters: the registry, rows `firms.*`.
    """
    p, key, n = population, Key.of(seed), parameters.number
    layout = p.layout
    here = _counts(p, n("firms.density"))
    slots = max(1, int(here.max()))
    slot = np.arange(slots)
    exists = slot < here[:, None]
    town = np.repeat(np.arange(layout.towns), layout.cells_per_town)[:, None]
    in_town = np.arange(len(here))[:, None] % layout.cells_per_town
    number = (in_town * (MOST_FIRMS + 1) + slot).astype(np.uint32)
    branch, ties, data, quality = uniforms(key, number, FIRM_MAKE_UP, 0, town, 0)
    private, luck, opened, _ = uniforms(key, number, FIRM_MAKE_UP, 0, town, 1)
    shares = np.cumsum([n(f"firms.{sector}") for sector in SECTORS])
    sector = np.searchsorted(shares[:-1], branch * shares[-1], side="right")
    local, which, turn, _ = uniforms(key, p.number, WORKPLACE, 0, p.town, 0)
    working = (p.role == Role.WORKER) & (local < n("firms.local"))
    employer = _employers(p, working, which, here, n("firms.concentration"))
    owner, owned = _owners(p, turn, exists & (private < n("firms.private")))
    at_work = np.zeros(exists.shape, np.int64)
    hired = employer > 0
    np.add.at(at_work, (p.cell[hired], employer[hired] - 1), 1)
    size = np.where(exists, np.maximum(at_work + (owner != NOBODY), 1), 0)
    closing = np.exp(n("firms.exit"))
    return Firms(
        number=number,
        size=size.astype(np.uint16),
        owner=owner,
        sector=np.where(exists, sector, 0).astype(np.uint8),
        connected=exists & (ties < n("firms.connected")),
        sharing=exists & ((sector == PLATFORM) | (data < n("firms.sharing"))),
        quality=np.floor(quality * 256).astype(np.uint8),
        first=_first(size, luck, n("firms.revenue"), n("firms.revenue_sd")),
        open=exists & (opened * (n("firms.entry") + closing) < n("firms.entry")),
        lot=words(key, number, FIRM_MAKE_UP, np.uint32(0), town.astype(np.uint32), 1).d,
        employer=employer.astype(np.uint8),
        owned=owned,
    )


def _counts(p: Population, density: float) -> Ints:
    """Firms of each cell: the rounded share of the town's people up to its end, less those of the cells before."""
    layout = p.layout
    people = np.bincount(p.cell, minlength=layout.shape[0]).reshape(layout.towns, layout.cells_per_town)
    so_far = np.floor(density * np.cumsum(people, axis=1) + 0.5)
    counts = np.diff(so_far, axis=1, prepend=0.0)
    return np.asarray(np.minimum(counts, MOST_FIRMS).astype(np.int64).reshape(-1))


def _employers(
    p: Population, working: NDArray[np.bool_], which: NDArray[np.float64], here: Ints, power: float
) -> NDArray[np.int64]:
    """Slot + 1 of each person's firm: the place of a draw among the cumulative weights of the cell's firms."""
    weight = np.concatenate([[0.0], np.cumsum(np.arange(1, MOST_FIRMS + 1) ** -power)])
    firms = here[p.cell]
    slot = np.searchsorted(weight[1:], which * weight[firms], side="right")
    return np.where(working & (firms > 0), np.minimum(slot, np.maximum(firms, 1) - 1) + 1, 0)


def _owners(
    p: Population, turn: NDArray[np.float64], private: NDArray[np.bool_]
) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """Owner of each firm, and firm of each owner: the n-th private firm of a cell falls to the n-th owner drawn."""
    business = np.flatnonzero(p.role == Role.OWNER)
    business = business[np.lexsort((turn[business], p.cell[business]))]
    of_cell = np.bincount(p.cell[business], minlength=len(private))
    before = np.cumsum(of_cell) - of_cell
    rank = np.cumsum(private, axis=1) - 1
    taken = private & (rank < of_cell[:, None])
    owner, owned = np.full(private.shape, NOBODY, np.uint16), np.zeros(len(p), np.uint8)
    cell, slot = np.nonzero(taken)
    who = business[before[cell] + rank[cell, slot]]
    owner[cell, slot] = p.grid_index()[who] % p.layout.places_per_cell
    owned[who] = slot + 1
    return owner, owned


def _first(size: Ints, luck: NDArray[np.float64], yearly: float, spread: float) -> NDArray[np.int32]:
    from scipy.special import ndtri

    monthly = np.maximum(size, 1) * (yearly / _MONTHS_A_YEAR)
    return doublings(np.log(monthly) + spread * ndtri(luck))
