"""Waiting and places of a month: how long people waited, what they got, and who was turned away.

Read from the marks: a night of waiting lies between the day on which somebody joined and the day on which they were
served, or the month's end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.columns import World
from glasshouse.engine.counts import Gains
from glasshouse.engine.queue_columns import unpacked
from glasshouse.runs.cast import Cast, Keys
from glasshouse.runs.events import Events
from glasshouse.words import FATE_MARK

Ints = NDArray[np.int64]


def places(cast: Cast, counted: Gains, after: World, events: Events, days: int) -> Gains:
    """The month's counts with places got and days waited in them.

    Args:
        cast: the people.
        counted: the month's counts.
        after: the world on the last evening; queues by cell.
        events: the month's marks.
        days: length of the month.
    """
    got = [a.astype(np.int32) - r - s for a, r, s in zip(counted.asked, counted.refused, counted.short, strict=True)]
    waited = [np.zeros(cast.people, np.int32) for _ in cast.services]
    first, end = events.last_day + 1 - days, events.last_day + 1
    for number, service in enumerate(cast.limited):
        joined, served, missed = (_told(events, name, number) for name in ("joined", "served", "turned_away"))
        of_all = [_count(cast, events, told) for told in (joined, served, missed)]
        got[service] += (of_all[1] - of_all[0] - of_all[2]).astype(np.int32)
        if service in after.queues:
            now = _by_person(cast, after.queues[service].waiting)
            before = now + of_all[1] - of_all[0]
            nights = _days(cast, events, served) - _days(cast, events, joined) + now * end - before * first
            waited[service] = nights.astype(np.int32)
    return counted._replace(got=tuple(got), waited=tuple(waited))


def queues(sheet: Any, cast: Cast, gains: Gains, events: Events, by_tier: Keys) -> None:
    """Rows of a month: places got, days waited, requests turned away, of services with limited places."""
    groups = cast.by_group
    for number, service in enumerate(cast.limited):
        name = cast.services[service]
        missed = _count(cast, events, _told(events, "turned_away", number))
        for measure, weights in (
            ("served", gains.got[service]), ("waiting_days", gains.waited[service]), ("turned_away", missed),
        ):  # fmt: skip
            if weights.any():
                figure = weights.astype(np.float64)
                sheet.add(measure, "service", Keys(sheet.everyone.number, [name]), figure)
                sheet.add(measure, "service_tier", Keys(by_tier.number, _labels(name, by_tier.labels)), figure)
                sheet.add(measure, "service_group", Keys(groups.number, _labels(name, groups.labels)), figure)


def _labels(service: str, keys: Sequence[str]) -> list[str]:
    return [f"{service}|{key}" for key in keys]


def _told(events: Events, name: str, number: int) -> NDArray[np.intp]:
    """The events with a fate's bit of one queue."""
    return np.flatnonzero((events.fate >> np.uint32(FATE_MARK[name].shift + number)) & np.uint32(1))


def _count(cast: Cast, events: Events, told: NDArray[np.intp]) -> Ints:
    return np.bincount(events.person[told], minlength=cast.people)


def _days(cast: Cast, events: Events, told: NDArray[np.intp]) -> Ints:
    """Sum of the days of some events, by person."""
    found = np.zeros(cast.people, np.int64)
    np.add.at(found, events.person[told], events.day[told])
    return found


def _by_person(cast: Cast, words: NDArray[np.uint32]) -> Ints:
    """Words by inhabited cell as 0 or 1 by person."""
    flat = unpacked(words).reshape(-1)
    return flat[cast.grid.index].astype(np.int64)
