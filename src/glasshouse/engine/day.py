"""A day, in the order in which it happens.

Everybody reads what was published last night and writes only their own row. Each step is one mechanism behind its
own wall; what a step writes, later steps of the same day read.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import jax.numpy as jnp

from glasshouse.engine import conduct, everyday, firms, friends, health, month, remedies, sources, views
from glasshouse.engine.columns import Today, World
from glasshouse.engine.counts import Counts
from glasshouse.engine.neighbours import Collect
from glasshouse.engine.setting import Setting, standing
from glasshouse.engine.walls import wall
from glasshouse.words import ALONE


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
    # Once a month registers match their files and deliver what is due; some records end up with the wrong person.
    delivers = today.first & law.sources.kept
    marks = wall(delivers, partial(sources.err, setting, today, under), nothing)
    books = (world.score, world.until, notices, world.pending)
    score, until, notices, pending = wall(delivers, partial(conduct.deliver, setting, today, under), books)
    world = replace(world, score=score, until=until, pending=pending)
    # Owners come onto a list with the firms that were listed last night.
    joins = partial(firms.join_owners, setting, today, under, world.firm_books.came)
    until, notices = wall(today.first & (law.firms.owners_list >= 0), joins, (world.until, notices))
    world = replace(world, until=until)
    # Gates that ask for a paper open to those who have one.
    world = health.open_gates(setting, today, world)
    # People meet occasions, and take them or not.
    marks = wall(always, partial(conduct.meet, setting, today), marks)
    even = jnp.zeros_like(nothing, jnp.int32)
    leanings = wall(always, partial(conduct.weigh, setting, under, world, marks), (even, even))
    chances = wall(always, partial(conduct.resolve, setting, under, world, marks, leanings), (nothing, nothing))
    marks = wall(always, partial(conduct.take, setting, today, chances), marks)
    # Cameras, neighbours, offices and ordinary law see some of it; some faces are taken for others.
    overlooked = views.overlooked(setting, world)
    marks = wall(always, partial(conduct.see, setting, today, under, world, overlooked), marks)
    informers = law.sources.informing > 0
    mistakes = partial(conduct.mistake, setting, today, under, world.informed, collect)
    marks, probes = wall(law.sight.faces | informers, mistakes, (marks, world.probes))
    # Slow registers send off what they saw; tonight's informers are published.
    pending = wall(law.sources.kept, partial(sources.send, setting, today, marks), world.pending)
    informed = wall(informers, partial(sources.inform, setting, marks), world.informed)
    # What was seen is entered in the three books, and puts some on lists.
    score = wall(law.score.kept, partial(conduct.enter, setting, under, marks), world.score)
    lists = partial(conduct.list_up, setting, today, under, marks)
    until, notices = wall(law.lists.kept, lists, (world.until, notices))
    shows = partial(conduct.display, setting, today)
    shown_until, notices = wall(law.lists.kept, shows, (world.shown_until, notices))
    world = replace(world, score=score, until=until, shown_until=shown_until, probes=probes)
    world = replace(world, pending=pending, informed=informed)
    # Some are wronged and say so; an office hears the oldest cases, and auditors correct what they find.
    redress = partial(remedies.redress, setting, today, marks, collect)
    world, notices, fates = wall(law.remedies.kept, redress, (world, notices, nothing))
    # Where sanctions must not be stacked, all but the first services stay open.
    world = wall(law.remedies.capped, partial(remedies.spare, setting, today), world)
    # People ask for services, and get them, or do not.
    world, counts, notices, fates = everyday.serve(setting, today, world, counts, notices, fates, collect)
    # They meet a friend, and speak up or keep quiet, having heard the others, by one law or the other.
    heard = wall(always, partial(friends.meet, setting, today, world, collect), world.ties.heard)
    world = replace(world, ties=world.ties._replace(heard=heard))
    ready, continuous = world.views.ready, setting.numbers.reserve.continuous
    ready = wall(~continuous, partial(views.speak, setting, today, under, world, collect, False), ready)
    ready = wall(continuous, partial(views.speak, setting, today, under, world, collect, True), ready)
    # They learn what they risk, and tonight's standing is published.
    world = wall(always, partial(everyday.learn, setting, today, under, marks, collect), world)
    world = replace(world, voice=(ready >> ALONE) & 1 == 1, views=world.views._replace(ready=ready))
    tonight = (world.sanctioned, counts.days)
    sanctioned, days = wall(always, partial(everyday.count, setting, today, world), tonight)
    world, counts = replace(world, sanctioned=sanctioned), counts._replace(days=days)
    # Doses are given, papers looked at, and an infection passes on, in runs that have one.
    world, counts, fates = health.live(setting, today, marks, collect, (world, counts, fates))
    # On the last of the month the month is closed.
    world, fates = wall(today.last, partial(month.close, setting, today, under, counts, collect), (world, fates))
    return world, counts, Marks(marks, notices, fates)
