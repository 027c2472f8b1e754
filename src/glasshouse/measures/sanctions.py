"""Sanctions nobody deserved, and on whom they fall.

A sanction day is wrongful where the real book is worse than the clean one. It is *mistaken* where an error
made it so, *rule-made* where the rule punishes what ordinary law permits, and it can be both; the parts are
always told.

    both            = mistaken + rule-made - wrongful
    mistaken only   = wrongful - rule-made
    rule-made only  = wrongful - mistaken
"""

from __future__ import annotations

from typing import Final

import numpy as np

from glasshouse.measures.estimates import Estimates
from glasshouse.measures.totals import Floats, Totals, ratio, with_all

PER: Final = 1e5
"""Rates are told per 100,000 person-years, as epidemiology does."""

_UNIT = "days per 100,000 person-years"


def years(run: Totals) -> Floats:
    """Person-years of everybody and of each group: shape [worlds, towns, 1 + groups]."""
    return np.concatenate([run.person_years()[..., None], run.group_years()], axis=-1)


def wrongful_days(run: Totals) -> list[Estimates]:
    """`sanction_days` and `wrongful_days` with its three parts, per 1e5 person-years, all and by group."""

    def days(measure: str) -> Floats:
        return with_all(run.over_run(measure, "group").take(run.manifest.groups))

    wrongful, mistaken, rule_made = days("wrongful_days"), days("mistaken_days"), days("rule_made_days")
    parts = (
        ("sanction_days", "sanction days", days("sanctioned_days"), "sanctioned_days"),
        ("wrongful_days", "wrongful sanction days", wrongful, "wrongful_days"),
        ("wrongful_days_mistaken", "wrongful by mistake only", wrongful - rule_made, "wrongful_days - rule_made_days"),
        ("wrongful_days_rule_made", "wrongful by the rule only", wrongful - mistaken, "wrongful_days - mistaken_days"),
        (
            "wrongful_days_both",
            "wrongful by both",
            mistaken + rule_made - wrongful,
            "mistaken_days + rule_made_days - wrongful_days",
        ),
    )
    lived = years(run)
    return [
        Estimates(
            name,
            label,
            _UNIT,
            run.with_groups(),
            PER * ratio(np.maximum(found, 0), lived),
            run.people_with(column),
        )
        for name, label, found, column in parts
    ]


def disparate_impact(run: Totals) -> Estimates:
    """Sanction days a person-year of one group over those of another, in both directions. 1 is parity.

    The reference is the first group. Employment law in some places takes four fifths as a line; that is a
    convention.
    """
    groups = run.manifest.groups
    rates = ratio(run.over_run("sanctioned_days", "group").take(groups), run.group_years())
    people = run.people_with("sanctioned_days")[:, 1:]
    keys, values, cases = [], [], []
    for other in range(1, len(groups)):
        for above, below in ((other, 0), (0, other)):
            keys.append(f"{groups[above]} / {groups[below]}")
            values.append(ratio(rates[..., above], rates[..., below]))
            cases.append(np.minimum(people[:, above], people[:, below]))
    shape = rates.shape[:2]
    return Estimates(
        "disparate_impact",
        "sanction days of one group over another's",
        "ratio",
        tuple(keys),
        np.stack(values, axis=-1) if values else np.zeros((*shape, 0)),
        np.stack(cases, axis=-1) if cases else np.zeros((shape[0], 0)),
    )
