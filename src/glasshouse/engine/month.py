"""The evening of a month's last day: what moves month by month, in the order in which it happens.

Everybody reads how the month's days were counted and what was published last night, and writes only their own row.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import jax.numpy as jnp

from glasshouse.engine import firms, friends, livelihood, sources, views
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
    world, fates = columns
    # Firms trade, are inspected and rated; some close, others open.
    open_before = world.firms.open
    firm_columns = (world.firms, world.firm_books)
    firm_columns = wall(today.open, partial(firms.close, setting, today, world), firm_columns)
    world = replace(world, firms=firm_columns[0], firm_books=firm_columns[1])
    out_of_work = firms.out_of_work(setting, open_before, world)
    # People are paid and pay, the town balances its account, careers move.
    lonely = world.ties.isolation.astype(jnp.int32)
    world, fates = livelihood.month(setting, today, under, counts, collect, world, out_of_work, lonely, fates)
    # Friends lose touch, or find each other again; some regimes punish for the company kept.
    world, fates = friends.revise(setting, today, under, counts, collect, (world, fates))
    # What people have seen and borne moves opposition, trust and support.
    informers, lonely = sources.prevalence(setting, world.informed), world.ties.isolation.astype(jnp.int32)
    think = partial(views.close, setting, today, under, counts, collect, informers, lonely)
    world = wall(today.open, think, world)
    # Those who have learnt what cameras cost take other ways.
    world = wall(today.open, partial(sources.avoid, setting, today, under), world)
    return world, fates
