"""Measures of what people think, against runs written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasshouse.measures.effects import effects
from glasshouse.records.read import Records
from glasshouse.records.schema import THRESHOLD_BINS
from test_measures import both, found, write_run


def run(folder: Path, cells: list[tuple[str, int, str, str, str, float]]) -> Path:
    base = []
    for town in (0, 1):
        base += both(town, "person_days", "all", "all", 1000, 1000)
        base += both(town, "people", "group", "majority", 100, 100)
    return write_run(folder, base + cells)


def test_means_are_sums_over_adults(tmp_path: Path) -> None:
    """100 adults of the majority at 3/4 and as many of the minority at 1/4: one half; the rule takes an eighth off."""
    cells = []
    for town in (0, 1):
        for group, level in (("majority", 0.75), ("minority", 0.25)):
            cells += both(town, "adults", "group", group, 100, 100)
            cells += both(town, "support_sum", "group", group, 100 * level * 2**16, 100 * level * 2**16 * 7 / 8)
    told = found(run(tmp_path / "run", cells))
    for key, level in (("all", 0.5), ("majority", 0.75), ("minority", 0.25)):
        line = told["support", key]
        assert (line.baseline, line.value) == (pytest.approx(level), pytest.approx(level * 7 / 8))
        assert line.difference == pytest.approx(-level / 8)


def test_margin_from_thresholds(tmp_path: Path) -> None:
    """Under law 20 % speak alone and nobody else ever would; the rule puts half of the people just above 40 %."""
    cells = []
    for town in (0, 1):
        last, near = str(THRESHOLD_BINS + 1), str(round(0.4 * THRESHOLD_BINS) + 1)
        cells += both(town, "threshold_bin", "bin", "0", 200, 200) + both(town, "threshold_bin", "bin", last, 800, 300)
        cells += [("rule", town, "threshold_bin", "bin", near, 500.0)]
    told = found(run(tmp_path / "run", cells))
    settle, margin = told["voices_settle", "all"], told["cascade_margin", "all"]
    assert (settle.baseline, settle.value) == (pytest.approx(0.2, abs=1e-9), pytest.approx(0.2, abs=1e-9))
    # Inside its bin the half is spread evenly: F comes up through the diagonal 2 parts in 5 of the way.
    assert margin.value == pytest.approx(0.2, abs=1.5 / THRESHOLD_BINS)
    assert margin.baseline is None


def test_a_run_without_views_says_nothing_of_them(tmp_path: Path) -> None:
    told = {line.measure for line in effects(Records(run(tmp_path / "run", [])))}
    assert told.isdisjoint({"support", "trust_state", "trust_people", "opposition", "voices_settle", "cascade_margin"})
