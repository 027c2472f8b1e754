"""A regime for a share of people: what it does to those it reaches, and to those it does not.

A twin difference is a total effect: one's own exposure and everybody else's together. In a world whose regime reaches
a keyed share of the adults the two come apart (Hudgens and Halloran 2008, recalled):

    direct    = mean over those reached - mean over the others, in that world
    spillover = mean over the others in that world - mean over the same people under ordinary law

Both need nobody to be compared with a stranger: who is reached is drawn by lot.
"""

from __future__ import annotations

import numpy as np

from glasshouse.measures.estimates import Estimates
from glasshouse.measures.totals import Floats, Totals

OUTCOMES = {
    "voiced_days": "days of voicing dissent",
    "denied_days": "days with a service closed",
    "sanctioned_days": "days under sanctions",
    "opposition": "private opposition at the end",
    "perceived": "perceived risk at the end",
}
"""Columns of the people's table that are averaged over adults; the key of a line."""


def spillover(run: Totals) -> list[Estimates]:
    """Direct and spillover effects by outcome, in worlds whose regime reaches only a share of the adults."""
    reached, others, twins, counts = _means(run)
    return [
        Estimates(
            "direct_effect", "those the regime reaches, less the others", "per adult", tuple(OUTCOMES),
            reached - others, counts, relative=True,
        ),
        Estimates(
            "spillover_effect", "those it does not reach, less the same people without it", "per adult",
            tuple(OUTCOMES), others - twins, counts, relative=True,
        ),
    ]  # fmt: skip


def _means(run: Totals) -> tuple[Floats, Floats, Floats, Floats]:
    """Means over those reached, over the others, and of the others' twins: [worlds, towns, outcomes]; and people."""
    shape = (len(run.worlds), len(run.towns), len(OUTCOMES))
    reached, others, twins = (np.full(shape, np.nan) for _ in range(3))
    counts = np.zeros((len(run.worlds), len(OUTCOMES)))
    columns = ", ".join(f"avg(here.{name}) AS here_{name}, avg(there.{name}) AS there_{name}" for name in OUTCOMES)
    rows = run.records.sql(
        f"SELECT here.world AS world, here.town AS town, here.liable AS liable, count(*) AS people, {columns} "
        "FROM people AS here JOIN people AS there ON here.person = there.person AND there.world = ? "
        "WHERE there.liable GROUP BY ALL",
        [run.manifest.baseline],
    )
    partial = {row["world"] for row in rows if not row["liable"]}
    for row in rows:
        if row["world"] not in partial:
            continue
        at = run.worlds.index(row["world"]), run.towns.index(row["town"])
        here = [row[f"here_{name}"] for name in OUTCOMES]
        if row["liable"]:
            reached[at] = here
        else:
            others[at], twins[at] = here, [row[f"there_{name}"] for name in OUTCOMES]
        counts[at[0]] += row["people"]
    return reached, others, twins, counts
