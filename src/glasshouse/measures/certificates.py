"""A certificate's two sides: whom it shut out, and what became of the infection it was for.

    infections      per 100 person-years, beside the same people without the certificate: the benefit side
    doses           per 100 person-years
    shut out        days with nothing to show while gates ask, per person-year, for all and by group
    turned away     share of visits to gated venues
    red             days with a code set to red for what is no business of the certificate, per person-year
    papers          shares of adults at the end of the run

The clean book does not undo a missing paper: who has none is shut out by the certificate's own rule, which is counted
as a sanction and as a closed service, and not as wrongful. A red code for other ends is wrongful, made by the rule.
"""

from __future__ import annotations

import numpy as np

from glasshouse.measures.estimates import Estimates
from glasshouse.measures.totals import ALL, Floats, Totals, ratio, with_all
from glasshouse.records.schema import DAYS_A_YEAR

_PER = 100


def certificates(run: Totals) -> list[Estimates]:
    """All of them; none in a run without a certificate."""
    papers = run.at_end("papers", "paper")
    if not papers.keys:
        return []
    return [
        _rate(run, "infections", "infections"),
        _rate(run, "doses", "doses"),
        _days(run, "shut_out_days", "days shut out of gated places"),
        _turned_back(run),
        _days(run, "red_days", "days with a red code for other ends"),
        Estimates(
            "papers", "adults by paper", "share", papers.keys,
            ratio(papers.values, papers.values.sum(axis=-1, keepdims=True)), papers.values.sum(axis=1),
        ),
    ]  # fmt: skip


def _rate(run: Totals, measure: str, label: str) -> Estimates:
    times = run.over_run(measure, "all").take([ALL])
    values = _PER * ratio(times, run.person_years()[..., None])
    return Estimates(measure, label, "per 100 person-years", (ALL,), values, times.sum(axis=1))


def _days(run: Totals, measure: str, label: str) -> Estimates:
    days = with_all(run.over_run(measure, "group").take(run.manifest.groups))
    years = np.concatenate([run.person_years()[..., None], run.group_years()], axis=-1)
    return Estimates(measure, label, "days per person-year", run.with_groups(), ratio(days, years), _people(run, days))


def _people(run: Totals, days: Floats) -> Floats:
    """How many people the days would fill from the first day to the last: no more than had such days."""
    length = run.person_years().sum() / max(run.by_month("people", "group").values.sum(axis=-1).mean(axis=-1).sum(), 1)
    filled: Floats = days.sum(axis=1) / max(length * DAYS_A_YEAR, 1)
    return np.ceil(filled)


def _turned_back(run: Totals) -> Estimates:
    away, visits = (run.over_run(measure, "all").take([ALL]) for measure in ("turned_back", "visits"))
    return Estimates(
        "turned_back", "visits to gated venues turned away", "share", (ALL,), ratio(away, visits), away.sum(axis=1)
    )
