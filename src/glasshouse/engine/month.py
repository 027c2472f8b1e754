"""The evening of a month's last day: what moves month by month, in the order in which it happens.

Everybody reads how the month's days were counted and what was published last night, and writes only their own row.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from glasshouse.engine import sources
from glasshouse.engine.columns import Today, World
from glasshouse.engine.counts import Counts
from glasshouse.engine.neighbours import Collect
from glasshouse.engine.setting import Setting, Standing
from glasshouse.engine.walls import wall


def close(
    setting: Setting, today: Today, under: Standing, counts: Counts, collect: Collect, columns: tuple[World, Any]
) -> tuple[World, Any]:
    """Close a month.

    Args:
        setting: what does not change.
        today: the calendar of the month's last day.
        under: who is under the regime, and who knows.
        counts: the month's counts, its last day included.
        collect: sums over the devices that share a town.
        columns: the world tonight, and the day's mark of fates.

    Returns:
        The world on the first morning of the next month before it is published, and the mark with the month's fates.
    """
    del counts, collect
    world, fates = columns
    # Those who have learnt what cameras cost take other ways.
    world = wall(today.open, partial(sources.avoid, setting, today, under), world)
    return world, fates
