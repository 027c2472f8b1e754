"""What a face match is worth: wrong accusations, and how often an alert names the right person.

Precision = right alerts / all alerts that were entered. The similarity a matcher prints is not this number.
"""

from __future__ import annotations

import numpy as np

from glasshouse.measures.estimates import Estimates
from glasshouse.measures.sanctions import PER, years
from glasshouse.measures.totals import Floats, Totals, ratio, with_all


def wrong_faces(run: Totals) -> list[Estimates]:
    """`wrong_faces` per 1e5 person-years and `alert_precision`, for all and by group of the accused."""
    wrong = with_all(run.over_run("wrong_face", "group").take(run.manifest.groups))
    right, alerts = _alerts(run)
    keys = run.with_groups()
    return [
        Estimates(
            "wrong_faces",
            "wrong accusations by face match",
            "entries per 100,000 person-years",
            keys,
            PER * ratio(wrong, years(run)),
            wrong.sum(axis=1),
        ),
        Estimates(
            "alert_precision",
            "face alerts that name the right person",
            "share",
            keys,
            ratio(with_all(right), with_all(alerts)),
            with_all(alerts).sum(axis=1),
        ),
    ]


def _alerts(run: Totals) -> tuple[Floats, Floats]:
    """Right face entries and all face entries in the ledger, each [worlds, towns, groups]."""
    rows = run.records.sql(
        'SELECT e.world, p.town, p."group" AS place, count(*) AS alerts, '
        "count(*) FILTER (cause = 'true') AS named_right "
        "FROM entries e JOIN people p ON p.world = e.world AND p.person = e.person "
        "WHERE kind = 'deed' AND likelihood IS NOT NULL GROUP BY ALL"
    )
    shape = (len(run.worlds), len(run.towns), len(run.manifest.groups))
    right, alerts = np.zeros(shape), np.zeros(shape)
    for row in rows:
        where = run.worlds.index(row["world"]), run.towns.index(row["town"]), row["place"]
        right[where], alerts[where] = row["named_right"], row["alerts"]
    return right, alerts
