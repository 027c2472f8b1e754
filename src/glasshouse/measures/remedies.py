"""What became of complaints: who never challenges a wrong entry, who wins, and what still waits.

    remedy gap = 1 - challenges of wrong entries / wrong entries

A wrong entry on a day on which the person's case is open already counts as unchallenged: there is one case a person.
"""

from __future__ import annotations

import numpy as np

from glasshouse.measures.estimates import Estimates
from glasshouse.measures.totals import ALL, Floats, Totals, ratio
from glasshouse.words import REMEDY_STEPS

PER = 1e5
"""Rates are told per 100,000 person-years, as those of sanctions are."""


def remedies(run: Totals) -> list[Estimates]:
    """`remedy_gap`, `appeals_filed`, `appeals_upheld`, `files_audited`, `appeals_open`."""
    wrong, steps = run.over_run("wrong_entry", "cause").sum(), run.over_run("appeals", "step")
    listing, entry, upheld, let_off, dismissed, audited = (steps.of(step) for step in REMEDY_STEPS)
    filed, won, waiting = listing + entry, upheld + let_off, run.at_end("backlog", "all").sum()
    lived = run.person_years()
    gap = np.maximum(1 - ratio(entry, wrong), 0)
    return [
        _one("remedy_gap", "wrong entries never challenged", "share", gap, wrong),
        _one("appeals_filed", "appeals", "per 100,000 person-years", PER * ratio(filed, lived), filed),
        _one("appeals_upheld", "appeals that succeed", "share", ratio(won, won + dismissed), won + dismissed),
        _one(
            "files_audited",
            "files mended by auditors",
            "per 100,000 person-years",
            PER * ratio(audited, lived),
            audited,
        ),
        _one("appeals_open", "appeals that wait at the end", "cases", waiting, waiting),
    ]


def _one(name: str, label: str, unit: str, values: Floats, cases: Floats) -> Estimates:
    return Estimates(name, label, unit, (ALL,), values[..., None], cases.sum(axis=1)[:, None])
