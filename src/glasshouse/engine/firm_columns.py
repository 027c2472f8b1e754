"""Firms on the grid that devices hold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.parts import FirmBooks, FirmTraits
from glasshouse.population.firms import Firms
from glasshouse.regimes.firm_tables import FIRM_TIERS
from glasshouse.words import LEDGERS


def firm_traits(firms: Firms, cells: int) -> FirmTraits:
    """The firms of a population, with vacant cells after the last one."""

    def padded(column: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([column, np.zeros((cells - len(column), *column.shape[1:]), column.dtype)])

    columns = {**firms.of_cells(), "exists": firms.exists}
    return FirmTraits(**{name: padded(columns[name]) for name in FirmTraits._fields})


def no_books(shape: tuple[int, ...]) -> FirmBooks:
    """Nothing is held against anybody."""

    def nothing(dtype: type, value: int = 0) -> tuple[NDArray[Any], ...]:
        return tuple(np.full(shape, value, dtype) for _ in LEDGERS)

    score, tier, until, came = nothing(np.int32), nothing(np.uint8, FIRM_TIERS), nothing(np.uint16), nothing(np.bool_)
    return FirmBooks(score, tier, until, came, np.zeros(shape, np.uint16))


def opened(books: FirmBooks, start: Any) -> FirmBooks:
    """The same books with every account at its start."""
    return books._replace(score=tuple(np.full_like(score, start) for score in books.score))
