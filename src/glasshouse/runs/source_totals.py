"""Totals of data sources: who was accused without ground and why, what was pretended, overtaken and given up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.runs.cast import Cast, Keys
from glasshouse.runs.events import Events
from glasshouse.words import CAUSES, FATE_MARK, OVERTAKEN

Add = Callable[..., None]


def sources(add: Add, cast: Cast, events: Events) -> None:
    """Count the month's events.

    Args:
        add: takes measure, dimension, keys and the persons counted.
        cast: the people.
        events: the month's marks.
    """
    groups = cast.by_group

    def count(measure: str, dimension: str, number: NDArray[Any], labels: Sequence[str], person: NDArray[Any]) -> None:
        add(measure, dimension, Keys(number, labels), persons=person)

    wrong = events.wrong >= 0
    accused, cause, deed = events.person[wrong], events.cause[wrong], events.wrong[wrong]
    group = groups.number[accused]
    count("wrong_entry", "cause", cause, CAUSES, accused)
    count("wrong_entry", "deed", deed, cast.deeds, accused)
    pairs = [f"{name}|{label}" for name in CAUSES for label in groups.labels]
    count("wrong_entry", "cause_group", cause * len(groups.labels) + group, pairs, accused)
    for slot in events.slots:
        for measure, those in (("pretended", slot.fake), ("overtaken", slot.seen == OVERTAKEN)):
            count(measure, "deed", slot.deed[those], cast.deeds, events.person[those])
    given_up = FATE_MARK["given_up"]
    person = events.person[((events.fate >> np.uint32(given_up.shift)) & np.uint32(given_up.mask)) > 0]
    count("trips_given_up", "group", groups.number[person], groups.labels, person)
