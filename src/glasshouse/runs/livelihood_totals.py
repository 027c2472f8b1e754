"""Totals of work and money: who works, what households have, and the account of each town."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.columns import World
from glasshouse.runs.cast import Cast, Keys
from glasshouse.words import EMPLOYED, FATE_MARK, FOUND_WORK, LOST_WORK, PROMOTED, UNEMPLOYED

_HUNDREDTHS = 100
_STATES = {"working": EMPLOYED, "unemployed": UNEMPLOYED}
_MOVES = {"lost_work": LOST_WORK, "found_work": FOUND_WORK, "promoted": PROMOTED}


class Sheet(Protocol):
    """Where rows are counted: people, or the events of `persons`, by town and key."""

    def add(
        self,
        measure: str,
        dimension: str,
        keys: Keys,
        weights: NDArray[Any] | None = None,
        persons: NDArray[np.int64] | None = None,
    ) -> None:
        """Count people by town and key."""

    def of_town(self, town: int, measure: str, dimension: str, key: str, value: int) -> None:
        """Note a figure that a town has as a whole."""


def livelihood(
    sheet: Sheet, cast: Cast, world: World, person: NDArray[np.int64], fate: NDArray[np.uint32], keys: dict[str, Keys]
) -> None:
    """Count a month.

    Args:
        sheet: where to.
        cast: the people.
        world: on the last evening, by person; accounts by cell.
        person, fate: of the month's events.
        keys: by dimension.
    """
    home, bits = world.livelihood, FATE_MARK["job"]
    became = (fate >> np.uint32(bits.shift)) & np.uint32(bits.mask)
    for dimension, key in keys.items():
        for measure, state in _STATES.items():
            sheet.add(measure, dimension, Keys(np.where(home.job == state, key.number, -1), key.labels))
        for measure, move in _MOVES.items():
            moved = person[became == move]
            sheet.add(measure, dimension, Keys(key.number[moved], key.labels), persons=moved)
        each = _HUNDREDTHS * home.wealth.astype(np.float64) / cast.population.household_size
        sheet.add("wealth", dimension, key, each)
    for town in range(cast.towns):
        _account(sheet, cast, world, town)


def _account(sheet: Sheet, cast: Cast, world: World, town: int) -> None:
    account, cell = world.account, town * cast.population.layout.cells_per_town
    adults = int(cast.adult[cast.town == town].sum())
    lines = {
        name: int(line[cell]) * (1 if name == "premiums" else _HUNDREDTHS)
        for name, line in account.lines._asdict().items()
    }
    lines |= {"handed_out": _HUNDREDTHS * int(account.each[cell]) * adults, "balance": int(account.balance[cell])}
    homes = {name: _HUNDREDTHS * int(line[cell]) for name, line in account.homes._asdict().items()}
    for measure, figures in (("account", lines), ("households", homes)):
        for name, value in figures.items():
            if value:
                sheet.of_town(town, measure, "line", name, value)
