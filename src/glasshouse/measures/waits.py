"""Waiting: how long for a place, who is turned away, and what waiting for care costs in health.

    mean wait              W = days waited / places got
    healthy days lost      k_h * days waited for care, a person-year

A regime that only changes who goes first leaves the days waited by everybody together as they were (the conservation
law of priority queues): look at the waits of tiers, not at their mean.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from glasshouse.measures.estimates import Estimates
from glasshouse.measures.totals import ALL, Totals, most, ratio

CARE, HEALTH_COST = "care", "queues.health_cost"


def waits(run: Totals) -> list[Estimates]:
    """Mean days waited for a place and share turned away, by service; healthy days lost by waiting for care."""
    nights, got, missed = (run.over_run(name, "service") for name in ("waiting_days", "served", "turned_away"))
    asked = run.over_run("requests", "service")
    return [
        Estimates(
            "days_waited",
            "days waited for a place",
            "days",
            nights.keys,
            ratio(nights.values, got.take(nights.keys)),
            most(got.take(nights.keys), run.baseline),
        ),
        Estimates(
            "turned_away_share",
            "requests turned away",
            "share",
            missed.keys,
            ratio(missed.values, asked.take(missed.keys)),
            missed.values.sum(axis=1),
        ),
        *_health(run),
    ]


def _health(run: Totals) -> list[Estimates]:
    cost = [float(row["value"]) for row in run.manifest.parameters if row["id"] == HEALTH_COST]
    nights = run.over_run("waiting_days", "service").of(CARE)
    if not cost or not nights.any():
        return []
    lost = cost[0] * ratio(nights, run.person_years())
    label = "healthy days lost by waiting for care"
    got = run.over_run("served", "service").of(CARE)
    return [
        Estimates("health_lost", label, "days per person-year", (ALL,), lost[..., None], got.sum(axis=1)[..., None])
    ]


def waits_by_tier(run: Totals) -> list[dict[str, Any]]:
    """Rows world, service, tier, place, served, waiting_days, turned_away: all towns together, whole run."""
    counts = {name: run.over_run(name, "service_tier") for name in ("served", "waiting_days", "turned_away")}
    rows: list[dict[str, Any]] = []
    for index, world in enumerate(run.manifest.worlds):
        for service in run.over_run("served", "service").keys:
            for place, tier in enumerate(world.tiers):
                found = {name: int(np.sum(count.of(f"{service}|{tier}")[index])) for name, count in counts.items()}
                rows.append({"world": world.name, "service": service, "tier": tier, "place": place} | found)
    return rows
