"""The month's totals: counts by town, from the marks of its days and from what the counters gained.

Every row is (town, measure, dimension, key, value); `records.schema.MEASURES` says what each counts. All integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.columns import BY_CELL, DAY_COUNTS, World
from glasshouse.engine.counts import Gains
from glasshouse.engine.parts import HEALTH_COUNTS
from glasshouse.errors import RunFailed
from glasshouse.runs.cast import Cast, Keys
from glasshouse.runs.events import Events
from glasshouse.runs.health_totals import health
from glasshouse.runs.livelihood_totals import livelihood
from glasshouse.runs.queues_totals import queues
from glasshouse.runs.remedies_totals import remedies
from glasshouse.runs.sheet import Row, Sheet
from glasshouse.runs.source_totals import sources
from glasshouse.runs.ties_totals import ties
from glasshouse.words import CAUSES, CLEAN, REAL

SCORE_BIN = 1000
"Width of a bar of the score histogram, hundredths of a point."

_DAY_MEASURES = {
    "sanctioned": ("group", "tier"),
    "wrongful": ("group",),
    "mistaken": ("group",),
    "rule_made": ("group",),
    "denied": ("group", "tier"),
    "voiced": ("all", "group"),
    "held": ("all", "group"),
    "shamed": ("group",),
    "silent": ("all", "group"),
}


@dataclass(frozen=True)
class Evening:
    """A world's columns at a month's end, by person (not by place); those of columns.BY_CELL by inhabited cell."""

    world: World

    @staticmethod
    def of(cast: Cast, world: World) -> Evening:
        """Read a world; of the queues only who waits."""
        readers = {field.name: cast.read_cells if field.name in BY_CELL else cast.read for field in fields(world)}
        world = replace(world, queues={n: queue._replace(since=()) for n, queue in world.queues.items()})
        return Evening(
            World(**{name: jax.tree.map(read, jax.device_get(getattr(world, name))) for name, read in readers.items()})
        )


def nothing_counted(cast: Cast) -> Gains:
    """Sums of a run before its first month, by person: int32, money int64."""

    def nothing(copies: int, dtype: type = np.int32) -> tuple[NDArray[Any], ...]:
        return tuple(np.zeros(cast.people, dtype) for _ in range(copies))

    services = len(cast.services)
    asked, refused, short, got, waited = (nothing(services) for _ in range(5))
    counted = nothing(len(HEALTH_COUNTS) if cast.health else 0)
    return Gains(nothing(len(DAY_COUNTS)), asked, refused, short, nothing(services, np.int64), got, waited, counted)


def month(
    cast: Cast, tiers: Sequence[str], lists: Sequence[str], gains: Gains, after: Evening, events: Events,
    aware: NDArray[np.bool_], days: int, december: bool, half_year: bool,
) -> list[Row]:  # fmt: skip
    """All rows of a month of one world.

    Args:
        cast: the people.
        tiers: names of the world's tiers and, last, of the unscored; lists: names of its lists.
        gains: the month's counts, by person.
        after: the world on the last evening.
        events: the month's marks.
        aware: who knows the regime.
        days: length of the month.
        december: whether to take the score histogram; half_year: whether to take the table of friends' tiers.
    """
    sheet = Sheet(cast)
    tier = after.world.tier[REAL]
    by_tier, by_clean = sheet.names(tier, tiers), sheet.names(after.world.tier[CLEAN], tiers)
    by_group = cast.by_group
    _people(sheet, by_tier, by_clean, by_group, aware, days)
    _day_counts(sheet, gains, {"group": by_group, "tier": by_tier})
    _services(sheet, cast, gains, by_tier)
    queues(sheet, cast, gains, events, by_tier)
    _lists(sheet, after, events, lists)
    _deeds(sheet, cast, events)
    livelihood(sheet, cast, after.world, events.person, events.fate, {"group": by_group, "tier": by_tier})
    health(sheet, cast, gains, after.world)
    ties(sheet, cast, after.world.ties, events, by_tier, half_year)
    sources(sheet.add, cast, events)
    remedies(sheet.add, cast, after.world, events)
    sheet.add("score_sum", "all", sheet.everyone, after.world.score[REAL].astype(np.float64))
    if december:
        bars = after.world.score[REAL] // SCORE_BIN
        low = int(bars.min())
        labels = [str(bar * SCORE_BIN // 100) for bar in range(low, int(bars.max()) + 1)]
        scored = np.where(tier < len(tiers) - 1, bars - low, -1)
        sheet.add("score_bin", "bin", Keys(scored, labels))
    return sheet.rows


def _people(sheet: Sheet, by_tier: Keys, by_clean: Keys, by_group: Keys, aware: NDArray[np.bool_], days: int) -> None:
    cast = sheet.cast
    sheet.add("people", "group", by_group)
    sheet.add("people", "tier", by_tier)
    sheet.add("people", "clean_tier", by_clean)
    sheet.add("people", "aware", Keys(aware.astype(np.int64), ["unaware", "aware"]))
    whole = np.full(cast.people, float(days))
    sheet.add("person_days", "all", sheet.everyone, whole)
    sheet.add("adult_days", "all", sheet.everyone, whole * cast.adult)
    sheet.add("adult_days", "group", by_group, whole * cast.adult)


def _day_counts(sheet: Sheet, gains: Gains, keys: dict[str, Keys]) -> None:
    keys = {**keys, "all": sheet.everyone}
    for name, days in zip(DAY_COUNTS, gains.days, strict=True):
        if days.any():
            for dimension in _DAY_MEASURES[name]:
                sheet.add(f"{name}_days", dimension, keys[dimension], days.astype(np.float64))


def _services(sheet: Sheet, cast: Cast, gains: Gains, by_tier: Keys) -> None:
    for n, service in enumerate(cast.services):
        gained = {name: getattr(gains, name)[n].astype(np.float64) for name in ("asked", "refused", "short", "paid")}
        if (gained["paid"] < 0).any():
            raise RunFailed(f"What somebody paid for {service} in a month does not fit 32 bits; lower its prices.")
        counts = {
            "requests": gained["asked"],
            "refused": gained["refused"],
            "unaffordable": gained["short"],
            "paid": gained["paid"],
            "ordinary_price": gains.got[n].astype(np.float64) * cast.prices[n],
        }
        labels = [f"{service}|{tier}" for tier in by_tier.labels]
        for measure, weights in counts.items():
            if weights.any():
                sheet.add(measure, "service", Keys(sheet.everyone.number, [service]), weights)
                sheet.add(measure, "service_tier", Keys(by_tier.number, labels), weights)


def _lists(sheet: Sheet, after: Evening, events: Events, lists: Sequence[str]) -> None:
    for n, name in enumerate(lists):
        on = Keys(np.where(events.in_force[n] & (after.world.until[n][REAL] > events.last_day), 0, -1), [name])
        sheet.add("listed", "list", on)
        for measure, bits in (("entered", events.entered), ("left", events.left)):
            moved = events.person[(bits >> n) & 1 == 1]
            sheet.add(measure, "list", Keys(np.zeros(len(moved), np.int64), [name]), persons=moved)
    shown = events.person[events.shamed]
    groups = sheet.cast.by_group
    sheet.add("shamed", "group", Keys(groups.number[shown], groups.labels), persons=shown)


def _deeds(sheet: Sheet, cast: Cast, events: Events) -> None:
    groups = len(cast.by_group.labels)
    both = [f"{deed}|{group}" for deed in cast.deeds for group in cast.by_group.labels]
    for slot in events.slots:
        done = slot.deed >= 0
        person, deed = events.person[done], slot.deed[done]
        seen, group = slot.seen[done], cast.by_group.number[person]
        of_group = deed * groups + group
        sheet.add("deeds", "deed", Keys(deed, cast.deeds), persons=person)
        sheet.add("deeds", "deed_group", Keys(of_group, both), persons=person)
        posted = slot.made[done]
        sheet.add("seen", "deed", Keys(deed[posted], cast.deeds), persons=person[posted])
        sheet.add("seen", "deed_group", Keys(of_group[posted], both), persons=person[posted])
        channel = events.known.of[deed[posted], seen[posted]]
        sheet.add("seen", "channel", Keys(channel, events.known.names), persons=person[posted])
        fined = slot.fined[done]
        sheet.add("fined", "deed", Keys(deed[fined], cast.deeds), persons=person[fined])
        filmed = slot.filmed[done]
        sheet.add("filmed", "group", Keys(group[filmed], cast.by_group.labels), persons=person[filmed])
    wrong = events.cause == CAUSES.index("wrong face")
    accused = events.person[wrong]
    sheet.add("wrong_face", "group", Keys(cast.by_group.number[accused], cast.by_group.labels), persons=accused)
    sheet.add("wrong_face", "deed", Keys(events.wrong[wrong], cast.deeds), persons=accused)
