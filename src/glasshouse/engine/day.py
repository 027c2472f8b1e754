"""A day, in the order in which it happens.

Everybody reads what was published last night and writes only their own row. Each step is one mechanism behind its
own wall; what a step writes, later steps of the same day read.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import jax.numpy as jnp

from glasshouse.engine import conduct, everyday, month, remedies
from glasshouse.engine.columns import Today, World
from glasshouse.engine.counts import Counts
from glasshouse.engine.neighbours import Collect
from glasshouse.engine.setting import Setting, standing
from glasshouse.engine.walls import wall


class Marks(NamedTuple):
    """What the day leaves behind of each person: uint32 [C, P], words.DEED_MARK, NOTICE_MARK and FATE_MARK."""

    deeds: Any
    notices: Any
    fates: Any


def day(setting: Setting, world: World, counts: Counts, today: Today, collect: Collect) -> tuple[World, Counts, Marks]:
    """One day of one world.

    Args:
        setting: what does not change.
        world: this morning.
        counts: the month's counts so far.
        today: what the calendar says.
        collect: sums over the devices that share a town.

    Returns:
        The world tonight, the counts with this day in them, and the marks of the day.
    """
    law, always = setting.law, today.open
    under = standing(setting, today)
    nothing = jnp.zeros(setting.people.number.shape, jnp.uint32)

    # Where the regime was withdrawn, tiers end.
    world = wall(today.withdrawn, partial(conduct.withdraw, setting, under), world)
    # Where punishment is delayed, tiers that were announced a delay ago bind from today on.
    world = wall(today.falls, partial(remedies.fall_due, setting, today), world)
    # On the first of the month tiers are published, and some leave their lists.
    world, notices = wall(today.first, partial(conduct.publish, setting, today, under), (world, nothing))
    # People meet occasions, and take them or not.
    marks = wall(always, partial(conduct.meet, setting, today), nothing)
    even = jnp.zeros_like(nothing, jnp.int32)
    leanings = wall(always, partial(conduct.weigh, setting, under, world, marks), (even, even))
    chances = wall(always, partial(conduct.resolve, setting, world, marks, leanings), (nothing, nothing))
    marks = wall(always, partial(conduct.take, setting, today, chances), marks)
    # Cameras, neighbours, offices and ordinary law see some of it; some faces are taken for others.
    marks = wall(always, partial(conduct.see, setting, today, under), marks)
    marks, probes = wall(
        law.sight.faces, partial(conduct.mistake, setting, today, under, collect), (marks, world.probes)
    )
    # What was seen is entered in the three books, and puts some on lists.
    score = wall(law.score.kept, partial(conduct.enter, setting, under, marks), world.score)
    lists = partial(conduct.list_up, setting, today, under, marks)
    until, notices = wall(law.lists.kept, lists, (world.until, notices))
    shows = partial(conduct.display, setting, today)
    shown_until, notices = wall(law.lists.kept, shows, (world.shown_until, notices))
    world = replace(world, score=score, until=until, shown_until=shown_until, probes=probes)
    # Some are wronged and say so; an office hears the oldest cases, and auditors correct what they find.
    heard = partial(remedies.redress, setting, today, marks, collect)
    world, notices, fates = wall(law.remedies.kept, heard, (world, notices, nothing))
    # Where sanctions must not be stacked, all but the first services stay open.
    world = wall(law.remedies.capped, partial(remedies.spare, setting, today), world)
    # People ask for services, and get them, or do not.
    world, counts, notices, fates = everyday.serve(setting, today, world, counts, notices, fates, collect)
    # They speak up or keep quiet, having heard the others.
    voice = wall(always, partial(everyday.speak, setting, today, under, world, collect), world.voice)
    # They learn what they risk, and tonight's standing is published.
    world = wall(always, partial(everyday.learn, setting, today, under, marks, collect), world)
    world = replace(world, voice=voice)
    tonight = (world.sanctioned, counts.days)
    sanctioned, days = wall(always, partial(everyday.count, setting, today, world), tonight)
    world, counts = replace(world, sanctioned=sanctioned), counts._replace(days=days)
    # On the last of the month the month is closed.
    world, fates = wall(today.last, partial(month.close, setting, today, under, counts, collect), (world, fates))
    return world, counts, Marks(marks, notices, fates)
