"""The month's totals of remedies: what was challenged, decided, corrected unasked, and what still waits."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.columns import World
from glasshouse.runs.cast import Cast, Keys
from glasshouse.runs.events import Events
from glasshouse.words import DISMISSED, FATE_MARK, FILED, UPHELD

CAUSES = ("listing", "wrong entry")
GROUNDS = ("mistake", "rule kept")


class Sheet(Protocol):
    """Where rows are counted."""

    def add(
        self,
        measure: str,
        dimension: str,
        keys: Keys,
        weights: NDArray[Any] | None = None,
        persons: NDArray[np.int64] | None = None,
    ) -> None:
        """Count people or events by town and key."""


def remedies(sheet: Sheet, cast: Cast, world: World, events: Events) -> None:
    """Rows `filed`, `upheld`, `dismissed`, `audited` and `backlog`.

    Args:
        sheet: where they go.
        cast: the people.
        world: on the month's last evening.
        events: of the month.
    """
    code, let_off = fate(events, "appeal"), fate(events, "let_off")
    filed, upheld, dismissed = (np.flatnonzero(code == outcome) for outcome in (FILED, UPHELD, DISMISSED))
    person, wrong = events.person, (events.wrong >= 0).astype(np.int64)
    sheet.add("filed", "cause", Keys(wrong[filed], CAUSES), persons=person[filed])
    sheet.add("upheld", "ground", Keys(let_off[upheld], GROUNDS), persons=person[upheld])
    for measure, where in (("dismissed", dismissed), ("audited", np.flatnonzero(fate(events, "audited")))):
        sheet.add(measure, "all", Keys(np.zeros(len(where), np.int64), ["all"]), persons=person[where])
    sheet.add("backlog", "all", Keys(np.where(open_cases(cast, world), 0, -1), ["all"]))


def fate(events: Events, name: str) -> NDArray[np.int64]:
    """One field of the events' fates."""
    field = FATE_MARK[name]
    return ((events.fate >> np.uint32(field.shift)) & np.uint32(field.mask)).astype(np.int64)


def open_cases(cast: Cast, world: World) -> NDArray[np.bool_]:
    """Whose case is open, by person."""
    words = np.ascontiguousarray(world.appeals.waiting).astype("<u4")
    flags = np.unpackbits(words.view(np.uint8).reshape(-1), bitorder="little")
    return flags[cast.grid.index].astype(np.bool_)
