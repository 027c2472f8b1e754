"""What adults think at the end of a run, and how far their society is from a cascade.

opposition, trust in the state and in people, support    means over adults, 0 to 1
voices settle    share of adults at which voices come to rest, by the thresholds of the last December
cascade margin   share who would have to speak up out of turn to carry the rest along; none where nobody could

Settling and margin are mean-field: everybody is taken to hear the same share. Only their sign and order are findings.
"""

from __future__ import annotations

import numpy as np

from glasshouse.measures.cascades import standing
from glasshouse.measures.estimates import Estimates
from glasshouse.measures.totals import ALL, Floats, Totals, ratio, with_all
from glasshouse.records.schema import THRESHOLD_BINS

_LABELS = {
    "opposition": "private opposition, mean",
    "trust_state": "trust in the state",
    "trust_people": "trust in other people",
    "support": "support for the authorities",
}
_WHOLE = 2.0**16


def views(run: Totals) -> list[Estimates]:
    """Means of opposition, trust and support over adults at the end, all and by group."""
    groups = run.manifest.groups
    adults = with_all(run.at_end("adults", "group").take(groups))
    return [
        Estimates(
            name, label, "share", run.with_groups(),
            ratio(with_all(run.at_end(f"{name}_sum", "group").take(groups)) / _WHOLE, adults), adults.sum(axis=1),
        )
        for name, label in _LABELS.items()
    ]  # fmt: skip


def cascades(run: Totals) -> list[Estimates]:
    """`voices_settle` and `cascade_margin`, from the thresholds of the last December; NaN where there are none."""
    counts = _thresholds(run)
    share, margin = (np.full((*counts.shape[:2], 1), np.nan) for _ in range(2))
    for place in np.ndindex(counts.shape[:2]):
        if counts[place].any():
            found = standing(counts[place])
            share[place] = found.share
            margin[place] = found.margin if np.isfinite(found.margin) else np.nan
    people = counts.sum(axis=(1, 2))[:, None]
    return [
        Estimates("voices_settle", "share at which voices settle", "share of adults", (ALL,), share, people),
        Estimates("cascade_margin", "margin to a cascade", "share of adults", (ALL,), margin, people),
    ]


def _thresholds(run: Totals) -> Floats:
    """Adults by bin in the last month that has thresholds: [worlds, towns, THRESHOLD_BINS + 2]."""
    by_month = run.by_month("threshold_bin", "bin").take([str(n) for n in range(THRESHOLD_BINS + 2)])
    told = np.flatnonzero(by_month.any(axis=(0, 1, 3)))
    last: Floats = by_month[:, :, told[-1]] if told.size else np.zeros_like(by_month.sum(axis=2))
    return last
