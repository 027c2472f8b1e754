"""How fixed the classes are: movement between tiers from one 31 December to the next.

With P_jk the share of those in tier j who are in tier k a year later, over K tiers,

    M = (K - tr P) / (K - 1)                                      Shorrocks 1978

is 0 when nobody ever moves and 1 when today's tier says nothing about next year's. Movement of people who
came or left during the year is not seen.
"""

from __future__ import annotations

import numpy as np

from glasshouse.measures.estimates import Estimates
from glasshouse.measures.totals import ALL, Floats, Totals, ratio


def transition_matrix(moves: Floats) -> Floats:
    """Row shares of a K x K table of moves, without the tiers that nobody was ever in."""
    used = moves.sum(axis=1) > 0
    kept = moves[np.ix_(used, used)]
    return ratio(kept, kept.sum(axis=1, keepdims=True))


def shorrocks(transitions: Floats) -> float:
    """M of a matrix of transition probabilities; NaN for fewer than two tiers."""
    tiers = len(transitions)
    return float((tiers - np.trace(transitions)) / (tiers - 1)) if tiers > 1 else float("nan")


def mobility(run: Totals) -> list[Estimates]:
    """`tier_mobility`: Shorrocks' M. `stuck_below`: chance to be still in the lowest tier after a year."""
    shape = (len(run.worlds), len(run.towns), 1)
    moved, stuck, cases = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros((len(run.worlds), 1))
    for place, world in enumerate(run.manifest.worlds):
        if not world.scored:
            continue
        for town, moves in enumerate(_moves(run, world.name, len(world.tiers))):
            transitions = transition_matrix(moves)
            moved[place, town, 0] = shorrocks(transitions)
            if len(transitions) > 1:
                stuck[place, town, 0] = transitions[-1, -1]
                cases[place, 0] += moves.sum(axis=1)[moves.sum(axis=1) > 0][-1]
    everyone = np.full((len(run.worlds), 1), float(run.manifest.people))
    return [
        Estimates("tier_mobility", "movement between tiers in a year", "Shorrocks index", (ALL,), moved, everyone),
        Estimates("stuck_below", "still in the lowest tier a year later", "share", (ALL,), stuck, cases),
    ]


def _moves(run: Totals, world: str, tiers: int) -> Floats:
    """Counts of moves of the scored, shape [towns, tiers, tiers]."""
    rows = run.records.sql(
        "SELECT town, a.tier AS before, b.tier AS after, count(*) AS people FROM years a "
        "JOIN years b ON a.world = b.world AND a.person = b.person AND b.year = a.year + 1 "
        "JOIN people p ON p.world = a.world AND p.person = a.person "
        "WHERE a.world = ? AND a.tier < ? AND b.tier < ? GROUP BY ALL",
        [world, tiers, tiers],
    )
    moves = np.zeros((len(run.towns), tiers, tiers))
    for row in rows:
        moves[run.towns.index(row["town"]), row["before"], row["after"]] += row["people"]
    return moves
