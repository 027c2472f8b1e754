"""Who stands where: the share of residents in each tier."""

from __future__ import annotations

from typing import Any

import numpy as np

from glasshouse.measures.estimates import Estimates
from glasshouse.measures.totals import Floats, Totals, ratio


def tier_shares(run: Totals) -> list[Estimates]:
    """Share of the scored in each tier at the end of the run, for each scored world, best tier first."""
    people = run.at_end("people", "tier")
    return [
        Estimates(
            "tier_share",
            "in the tier at the end, of those scored",
            "share",
            world.tiers,
            _only(
                ratio(people.take(world.tiers), people.take(world.tiers).sum(axis=-1, keepdims=True)),
                run,
                place,
            ),
            people.take(world.tiers).sum(axis=1),
        )
        for place, world in enumerate(run.manifest.worlds)
        if world.scored
    ]


def _only(values: Floats, run: Totals, place: int) -> Floats:
    """NaN in every world but this one, and its baseline if that has the same tiers."""
    worlds = run.manifest.worlds
    same = [
        at == place or (at == run.baseline and world.tiers == worlds[place].tiers) for at, world in enumerate(worlds)
    ]
    return np.where(np.array(same)[:, None, None], values, np.nan)


def tiers_by_month(run: Totals) -> list[dict[str, Any]]:
    """Rows world, month, tier, place (0 = best), share: all towns together, scored worlds only."""
    people = run.by_month("people", "tier")
    rows: list[dict[str, Any]] = []
    for place, world in enumerate(run.manifest.worlds):
        if not world.scored:
            continue
        heads = people.take(world.tiers)[place].sum(axis=0)
        shares = ratio(heads, heads.sum(axis=-1, keepdims=True))
        for month, line in zip(run.months, shares, strict=True):
            rows += [
                {"world": world.name, "month": month, "tier": tier, "place": step, "share": float(share)}
                for step, (tier, share) in enumerate(zip(world.tiers, line, strict=True))
                if np.isfinite(share)
            ]
    return rows


def score_histogram(run: Totals) -> list[dict[str, Any]]:
    """Rows world, month, low (points), high, share: the last December whose scores were counted."""
    bins = run.by_month("score_bin", "bin")
    width = run.manifest.score_bin_width
    rows: list[dict[str, Any]] = []
    for place, world in enumerate(run.manifest.worlds):
        counted = np.flatnonzero(bins.values[place].sum(axis=(0, 2)))
        if not world.scored or counted.size == 0:
            continue
        last = int(counted[-1])
        heads = bins.values[place][:, last].sum(axis=0)
        for key, share in sorted(zip(map(float, bins.keys), heads / heads.sum(), strict=True)):
            if share > 0:
                month = run.months[last]
                rows.append(
                    {
                        "world": world.name,
                        "month": month,
                        "low": key,
                        "high": key + width,
                        "share": float(share),
                    }
                )
    return rows
