"""The month's totals of remedies: what was challenged, decided, corrected unasked, and what still waits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.columns import World
from glasshouse.runs.cast import Cast, Keys
from glasshouse.runs.events import Events
from glasshouse.words import DISMISSED, FATE_MARK, FILED, REMEDY_STEPS, UPHELD

Add = Callable[..., None]


def remedies(add: Add, cast: Cast, world: World, events: Events) -> None:
    """Rows `appeals` by step, and `backlog`.

    Args:
        add: takes measure, dimension, keys and the persons counted.
        cast: the people.
        world: on the month's last evening.
        events: of the month.
    """
    code, let_off = fate(events, "appeal"), fate(events, "let_off")
    filed = np.where(code == FILED, (events.wrong >= 0).astype(np.int64), -1)
    decided = np.where(code == UPHELD, 2 + let_off, np.where(code == DISMISSED, 4, -1))
    audited = np.where(fate(events, "audited") > 0, 5, -1)
    for step in (filed, decided, audited):
        add("appeals", "step", Keys(step, REMEDY_STEPS), persons=events.person)
    add("backlog", "all", Keys(np.where(open_cases(cast, world), 0, -1), ["all"]))


def fate(events: Events, name: str) -> NDArray[np.int64]:
    """One field of the events' fates."""
    field = FATE_MARK[name]
    return ((events.fate >> np.uint32(field.shift)) & np.uint32(field.mask)).astype(np.int64)


def open_cases(cast: Cast, world: World) -> NDArray[np.bool_]:
    """Whose case is open, by person."""
    words = np.ascontiguousarray(world.appeals.waiting).astype("<u4")
    flags = np.unpackbits(words.view(np.uint8).reshape(-1), bitorder="little")
    return flags[cast.grid.index].astype(np.bool_)
