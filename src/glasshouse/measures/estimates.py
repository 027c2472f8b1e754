"""One shape for every measure: a number for each world, town and key, with the cases it rests on.

`effects` turns these into the tidy table of a run: value, value in the baseline, difference, interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glasshouse.measures.intervals import FEWEST_CASES, interval, variance_reduction
from glasshouse.measures.totals import Floats

TOO_SMALL = "too small to see here"
ONE_TOWN = "one town: no interval"
NO_CASES = "no case in this run"


@dataclass(frozen=True)
class Estimates:
    """A measure in every world and town of a run."""

    measure: str
    label: str
    unit: str
    keys: tuple[str, ...]
    values: Floats
    "Shape [worlds, towns, keys]; NaN where the measure has no meaning."
    cases: Floats
    "Shape [worlds, keys]: cases in the whole run; people where days are counted, as one's days cling."
    relative: bool = False
    "Whether a value already compares with the baseline (a share deterred); its baseline value is then zero."


@dataclass(frozen=True)
class Effect:
    """One line of the table of effects.

    The interval is that of `difference`; where the baseline has no such number (no score, so no tiers) it is
    that of `value`. `remark` says when a number is not to be trusted: no case, too few cases, one town.
    """

    measure: str
    label: str
    unit: str
    world: str
    key: str
    value: float
    baseline: float | None
    difference: float | None
    low: float | None
    high: float | None
    n_cases: int
    towns: int
    vrf: float | None
    remark: str
    relative: bool = False
    "Whether `value` already compares with the baseline."

    @property
    def clear(self) -> bool:
        """Whether the difference can be told from none: enough cases, and the interval leaves zero out."""
        told = self.difference is not None and self.low is not None and self.high is not None
        return told and not self.remark and (self.low or 0.0) * (self.high or 0.0) > 0


def effect(given: Estimates, key: int, world: int, baseline: int, name: str) -> Effect | None:
    """One key in one world, paired by town with the world at index `baseline`; None if undefined there."""
    here, there = given.values[world, :, key], given.values[baseline, :, key]
    both = np.isfinite(here) & np.isfinite(there)
    if both.any() and not given.relative:  # towns in which the measure has a meaning in one world only tell of neither
        here, there = np.where(both, here, np.nan), np.where(both, there, np.nan)
    value = interval(here)
    if value is None:
        return None
    twin = None if given.relative else interval(there)
    paired = value if given.relative else interval(here - there)
    told = paired or value
    cases = int(max(given.cases[world, key], 0 if given.relative else given.cases[baseline, key]))
    return Effect(
        measure=given.measure,
        label=given.label,
        unit=given.unit,
        world=name,
        key=given.keys[key],
        value=value.mean,
        baseline=0.0 if given.relative else twin.mean if twin else None,
        difference=paired.mean if paired else None,
        low=_held(told.low, given.unit, paired is not None),
        high=_held(told.high, given.unit, paired is not None),
        n_cases=cases,
        towns=told.towns,
        vrf=None if given.relative else variance_reduction(here, there),
        remark=_remark(cases, told.towns),
        relative=given.relative,
    )


def _held(edge: float | None, unit: str, difference: bool) -> float | None:
    """The edge of an interval; that of a share stays between 0 and 1, where Student's law knows no bounds."""
    return edge if edge is None or difference or unit != "share" else min(max(edge, 0.0), 1.0)


def _remark(cases: int, towns: int) -> str:
    if cases == 0:
        return NO_CASES
    if cases < FEWEST_CASES:
        return TOO_SMALL
    return ONE_TOWN if towns == 1 else ""
