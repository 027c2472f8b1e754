"""How firms fare: how many there are, who closes, what they earn, who is listed, and what a connection is worth.

closings     = firms closed / firm-years          firm-years = sum of open firms at month ends / 12
revenue      = revenue of a month / open firms, over all months
premium      = mean rating of connected firms - mean rating of the others, over all months
concentration (Herfindahl) = sum of squared shares of a sector's revenue in a town, mean over Decembers
"""

from __future__ import annotations

from typing import Final

import numpy as np

from glasshouse.measures.estimates import Estimates
from glasshouse.measures.totals import ALL, Floats, Totals, ratio, with_all

_TIES: Final = ("unconnected", "connected")
_KEYS: Final = (ALL, *_TIES)
_MONTHS_A_YEAR: Final = 12
_HUNDREDTHS: Final = 100
_MILLION: Final = 1e6


def firms(run: Totals) -> list[Estimates]:
    """Every measure of firms, for all and by political connection."""

    def flow(measure: str) -> Floats:
        return with_all(run.over_run(measure, "connected").take(_TIES))

    months = flow("firms")
    open_now = with_all(run.at_end("firms", "connected").take(_TIES))
    people = run.at_end("people", "group").sum()[..., None]
    listed, wrongful, closed = flow("firms_listed"), flow("firms_wrongful"), flow("firms_closed")
    per_firm = ratio(flow("firm_revenue"), months) / _HUNDREDTHS
    return [
        _of("firms_open", "open firms", "firms per 1,000 people", 1000 * ratio(open_now, people), open_now),
        _of("firm_closings", "firms closed", "per firm-year", _MONTHS_A_YEAR * ratio(closed, months), closed),
        _of("firm_revenue", "revenue of a firm", "CNY a month", per_firm, months),
        _of("firms_listed", "firms on the blacklist", "share", ratio(listed, months), listed),
        _of("firms_wrongful", "firms wrongly sanctioned", "share", ratio(wrongful, months), wrongful),
        _premium(run),
        _concentration(run),
    ]


def _of(measure: str, label: str, unit: str, values: Floats, cases: Floats) -> Estimates:
    return Estimates(measure, label, unit, _KEYS, values, cases.sum(axis=1))


def _premium(run: Totals) -> Estimates:
    """How much higher connected firms are rated, points."""
    rated = run.over_run("firms_rated", "connected").take(_TIES)
    mean = ratio(run.over_run("firm_rating_sum", "connected").take(_TIES), rated) / _HUNDREDTHS
    gap = mean[..., 1:] - mean[..., :1]
    return Estimates(
        "connection_premium", "rating of connected firms over others", "points", (ALL,), gap,
        rated.min(axis=-1, keepdims=True).sum(axis=1),
    )  # fmt: skip


def _concentration(run: Totals) -> Estimates:
    """Herfindahl index of each sector of a town."""
    counts = run.by_month("firm_herfindahl", "sector")
    decembers = [n for n, month in enumerate(run.months) if month.month == _MONTHS_A_YEAR]
    held = counts.values[:, :, decembers]
    there = held > 0
    values = ratio(held.sum(axis=2), there.sum(axis=2).astype(np.float64)) / _MILLION
    cases = there.sum(axis=(1, 2)).astype(np.float64)
    return Estimates("firm_concentration", "concentration of revenue", "Herfindahl index", counts.keys, values, cases)
