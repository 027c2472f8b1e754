"""A month's totals of papers and the infection: who carries which, who was shut out, who fell ill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from glasshouse.engine.columns import World
from glasshouse.engine.counts import Gains
from glasshouse.engine.parts import HEALTH_COUNTS
from glasshouse.mechanisms.certificates import PAPERS
from glasshouse.runs.cast import Cast, Keys

if TYPE_CHECKING:
    from glasshouse.runs.sheet import Sheet

MEASURE = {"shut_out": "shut_out_days", "red": "red_days", "ill": "ill_days"}
"Counts that are days; the others are called as they are counted."


def health(sheet: Sheet, cast: Cast, gains: Gains, world: World) -> None:
    """Rows of a month; none in a run without certificates.

    Args:
        sheet: where rows go.
        cast: the people.
        gains: the month's counts, by person.
        world: on the last evening, by person.
    """
    if not world.health:
        return
    paper = np.where(cast.adult, world.health.paper.astype(np.int64), -1)
    groups = cast.by_group.labels
    sheet.add("papers", "paper", Keys(paper, PAPERS))
    both = np.where(paper >= 0, paper * len(groups) + cast.by_group.number, -1)
    sheet.add("papers", "paper_group", Keys(both, [f"{name}|{group}" for name in PAPERS for group in groups]))
    for name, times in zip(HEALTH_COUNTS, gains.health, strict=True):
        if times.any():
            for dimension, keys in (("all", sheet.everyone), ("group", cast.by_group)):
                sheet.add(MEASURE.get(name, name), dimension, keys, times.astype(np.float64))
