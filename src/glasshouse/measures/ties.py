"""Friendships: how many are lost, who is isolated, and whether friends come to be of one class.

With e_jk the share of the ends of ties, of those between scored people, that lead from tier j to tier k,

    r = (sum_k e_kk - sum_k a_k b_k) / (1 - sum_k a_k b_k),   a_k = sum_j e_kj, b_k = sum_j e_jk     Newman 2003

is 1 where all friends are of one tier and 0 where friendship does not know tiers. Part of r is there before any
regime: people of one place and age are friends, and commit the same deeds. Compare with the null regime's.
"""

from __future__ import annotations

import numpy as np

from glasshouse.measures.estimates import Estimates
from glasshouse.measures.totals import ALL, Floats, Totals, ratio, with_all
from glasshouse.words import MOST_ISOLATED


def assortativity(ends: Floats) -> float:
    """Newman's r of a table of ties by the classes of their two ends; NaN where there are not two classes."""
    total = ends.sum()
    if total == 0:
        return float("nan")
    e = ends / total
    by_chance = float(e.sum(axis=1) @ e.sum(axis=0))
    return float((np.trace(e) - by_chance) / (1 - by_chance)) if by_chance < 1 else float("nan")


def ties(run: Totals) -> list[Estimates]:
    """`friends_lost`, `isolation` and `tier_assortativity` at the end of the run."""
    all_ends, held = (run.at_end(measure, "all").take([ALL]) for measure in ("friendships", "ties"))
    groups = run.manifest.groups
    people, felt = (with_all(run.at_end(m, "group").take(groups)) for m in ("befriended", "isolation"))
    return [
        Estimates(
            "friends_lost", "friendships out of touch", "share", (ALL,),
            ratio(all_ends - held, all_ends), (all_ends - held).sum(axis=1),
        ),
        Estimates(
            "isolation", "share of friends lost, as it is felt", "share", run.with_groups(),
            ratio(felt / MOST_ISOLATED, people), people.sum(axis=1),
        ),
        _assortativity(run),
    ]  # fmt: skip


def _assortativity(run: Totals) -> Estimates:
    """Of the last June or December."""
    values = np.full((len(run.worlds), len(run.towns), 1), np.nan)
    cases = np.zeros((len(run.worlds), 1))
    counts = run.by_month("tie_tiers", "tier_pair")
    told = np.flatnonzero(counts.values.sum(axis=(0, 1, 3)))
    for place, world in enumerate(run.manifest.worlds):
        if not world.scored or not told.size:
            continue
        pairs = counts.take([f"{own}|{other}" for own in world.tiers for other in world.tiers])[place, :, told[-1]]
        tables = pairs.reshape(-1, len(world.tiers), len(world.tiers))
        values[place, :, 0] = [assortativity(table) for table in tables]
        cases[place, 0] = pairs.sum()
    label = "how far friends are of one tier"
    return Estimates("tier_assortativity", label, "Newman's r", (ALL,), values, cases)
