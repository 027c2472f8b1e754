"""The month's totals of friendships: each end of a tie counts once, for the person at that end."""

from __future__ import annotations

from typing import Any

import numpy as np

from glasshouse.runs.cast import Cast, Keys
from glasshouse.runs.events import Events
from glasshouse.runs.sheet import Sheet
from glasshouse.words import FATE_MARK


def ties(sheet: Sheet, cast: Cast, held: Any, events: Events, by_tier: Keys, half_year: bool) -> None:
    """Rows of `records.schema.MEASURES` from `ties` to `company`.

    Args:
        sheet: takes the rows.
        cast: the people and their friends.
        held: `engine.parts.Ties` by person, at the month's end.
        events: the month's marks.
        by_tier: everybody's tier.
        half_year: whether to count the pairs of tiers that are friends.
    """
    ends = {"ties": np.bitwise_count(held.in_touch), "friendships": np.bitwise_count(cast.friend_slots)}
    for name in ("cut", "restored"):
        bits = FATE_MARK[name]
        told = (events.fate >> np.uint32(bits.shift)) & np.uint32(bits.mask)
        ends[f"ties_{name}"] = np.bincount(events.person, told, cast.people)
    for measure, count in ends.items():
        if count.any():
            weights = count.astype(np.float64)
            sheet.add(measure, "all", sheet.everyone, weights)
            sheet.add(measure, "tier", by_tier, weights)
    befriended = (cast.friend_slots > 0).astype(np.float64)
    for dimension, keys in (("tier", by_tier), ("group", cast.by_group)):
        sheet.add("befriended", dimension, keys, befriended)
        sheet.add("isolation", dimension, keys, held.isolation * befriended)
    blamed = events.person[(events.fate >> np.uint32(FATE_MARK["company"].shift)) & np.uint32(1) > 0]
    sheet.add("company", "group", Keys(cast.by_group.number[blamed], cast.by_group.labels), persons=blamed)
    if half_year:
        _pairs(sheet, cast, held.in_touch, by_tier)


def _pairs(sheet: Sheet, cast: Cast, in_touch: Any, by_tier: Keys) -> None:
    """Ends in touch by own tier and friend's tier: the table of which assortativity is a number."""
    labels = [f"{own}|{other}" for own in by_tier.labels for other in by_tier.labels]
    for slot, friend in enumerate(cast.friend):
        ends = np.flatnonzero((in_touch >> slot) & 1)
        pair = by_tier.number[ends] * len(by_tier.labels) + by_tier.number[friend[ends]]
        sheet.add("tie_tiers", "tier_pair", Keys(pair, labels), persons=ends)
