"""The table of effects of a real small run: its numbers are those of the Parquet files."""

from __future__ import annotations

import math
from pathlib import Path

import duckdb
import pytest

from glasshouse.measures.effects import HEADLINE, effects, headline
from glasshouse.measures.estimates import NO_CASES, Effect
from glasshouse.measures.intervals import FEWEST_CASES
from glasshouse.records.read import Records
from glasshouse.records.schema import DAYS_A_YEAR


@pytest.fixture(scope="module")
def records(run_folder: Path) -> Records:
    return Records(run_folder)


@pytest.fixture(scope="module")
def lines(records: Records) -> list[Effect]:
    return effects(records)


def by_town(folder: Path, world: str, measure: str, dimension: str, key: str = "%") -> dict[int, float]:
    rows = duckdb.execute(
        f"SELECT town, sum(value)::DOUBLE FROM '{folder}/totals.parquet' "
        "WHERE world = ? AND measure = ? AND dimension = ? AND key LIKE ? GROUP BY town",
        [world, measure, dimension, key],
    ).fetchall()
    return dict(rows)


def mean_rate(folder: Path, world: str, above: str, dimension: str, below: str, times: float) -> float:
    """Mean over towns of `times * above / below`."""
    counts, whole = by_town(folder, world, above, dimension), by_town(folder, world, below, "all")
    rates = [times * counts.get(town, 0) / whole[town] for town in whole if whole[town]]
    return math.fsum(rates) / len(rates)


def test_every_number_is_finite_and_inside_its_interval(lines: list[Effect]) -> None:
    assert lines
    for line in lines:
        for number in (line.value, line.baseline, line.difference, line.low, line.high, line.vrf):
            assert number is None or math.isfinite(number), line
        if line.low is not None and line.high is not None:
            told = line.value if line.difference is None else line.difference
            assert line.low <= told <= line.high, line
        if line.baseline is not None and line.difference is not None:
            assert line.difference == pytest.approx(line.value - line.baseline, abs=1e-9)


def test_lines_are_told_once(lines: list[Effect], records: Records) -> None:
    known = [(line.measure, line.world, line.key) for line in lines]
    assert len(known) == len(set(known))
    assert {line.world for line in lines} == {world.name for world in records.manifest.regimes}


@pytest.mark.parametrize(
    ("measure", "above", "dimension", "below", "times"),
    [
        ("denied_days", "denied_days", "group", "person_days", DAYS_A_YEAR),
        ("wrongful_days", "wrongful_days", "group", "person_days", DAYS_A_YEAR * 1e5),
        ("sanction_days", "sanctioned_days", "group", "person_days", DAYS_A_YEAR * 1e5),
        ("wrong_faces", "wrong_face", "group", "person_days", DAYS_A_YEAR * 1e5),
        ("dissent_held", "held_days", "all", "adult_days", 1),
        ("dissent_voiced", "voiced_days", "all", "adult_days", 1),
    ],
)
def test_values_are_those_of_the_totals(
    measure: str, above: str, dimension: str, below: str, times: float, lines: list[Effect], run_folder: Path
) -> None:
    baseline = Records(run_folder).manifest.baseline
    for line in lines:
        if line.measure == measure and line.key == "all":
            assert line.value == pytest.approx(mean_rate(run_folder, line.world, above, dimension, below, times))
            there = mean_rate(run_folder, baseline, above, dimension, below, times)
            assert line.baseline == pytest.approx(there)


def test_deterrence_is_that_of_the_totals(lines: list[Effect], run_folder: Path) -> None:
    baseline = Records(run_folder).manifest.baseline
    for line in lines:
        if line.measure == "deterred" and line.key == "jaywalking":
            here = by_town(run_folder, line.world, "deeds", "deed", "jaywalking")
            there = by_town(run_folder, baseline, "deeds", "deed", "jaywalking")
            shares = [1 - here.get(town, 0) / there[town] for town in there]
            assert line.value == pytest.approx(math.fsum(shares) / len(shares))


def test_tiers_hold_everybody(lines: list[Effect], records: Records) -> None:
    for world in records.manifest.regimes:
        shares = [line.value for line in lines if line.measure == "tier_share" and line.world == world.name]
        if world.scored:
            assert math.fsum(shares) == pytest.approx(1)
            assert len(shares) == len(world.tiers)
        else:
            assert shares == []


def test_wrongful_days_are_the_sum_of_their_parts(lines: list[Effect]) -> None:
    known = {(line.measure, line.world, line.key): line.value for line in lines}
    for (measure, world, key), whole in known.items():
        if measure == "wrongful_days":
            parts = [known[f"wrongful_days_{part}", world, key] for part in ("mistaken", "rule_made", "both")]
            assert math.fsum(parts) == pytest.approx(whole)


def test_days_of_people_add_up_to_the_totals(records: Records) -> None:
    for days in ("wrongful_days", "mistaken_days", "rule_made_days", "denied_days", "sanctioned_days"):
        people = records.sql(f"SELECT world, sum({days})::BIGINT AS days FROM people GROUP BY world ORDER BY world")
        totals = records.sql(
            "SELECT world, sum(value)::BIGINT AS days FROM totals WHERE measure = ? AND dimension = 'group' "
            "GROUP BY world ORDER BY world",
            [days],
        )
        counted = {row["world"]: row["days"] for row in totals if row["days"]}
        assert {row["world"]: row["days"] for row in people if row["days"]} == counted


def test_nothing_is_called_clear_on_few_cases(lines: list[Effect]) -> None:
    for line in lines:
        if line.clear:
            assert line.n_cases >= FEWEST_CASES
        if line.remark == NO_CASES:
            assert line.value == 0


def test_headline_keeps_its_order(lines: list[Effect]) -> None:
    shown = headline(lines)
    places = [HEADLINE.index(line.measure) for line in shown]
    assert places == sorted(places)
    assert {"wrongful_days", "denied_days", "dissent_voiced", "deterred"} <= {line.measure for line in shown}
