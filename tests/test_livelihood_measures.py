"""Work and money in the records of a real small run: measures are the arithmetic of the tables."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from glasshouse.measures.effects import effects
from glasshouse.measures.estimates import Effect
from glasshouse.measures.livelihood import LINES
from glasshouse.records.read import Records
from glasshouse.records.schema import DAYS_A_YEAR

WORLDS = ("article", "ordinary-law")


def totals(
    folder: Path, world: str, measure: str, dimension: str, key: str = "%", last: bool = False
) -> dict[int, float]:
    only = f"AND month = (SELECT max(month) FROM '{folder}/totals.parquet')" if last else ""
    rows = duckdb.execute(
        f"SELECT town, sum(value)::DOUBLE FROM '{folder}/totals.parquet' "
        f"WHERE world = ? AND measure = ? AND dimension = ? AND key LIKE ? {only} GROUP BY town",
        [world, measure, dimension, key],
    ).fetchall()
    return dict(rows)


@pytest.fixture(scope="module")
def lines(run_folder: Path) -> dict[tuple[str, str, str], Effect]:
    return {(line.measure, line.world, line.key): line for line in effects(Records(run_folder))}


def mean(figures: list[float]) -> float:
    return sum(figures) / len(figures)


def test_unemployment(run_folder: Path, lines: dict[tuple[str, str, str], Effect]) -> None:
    out, working = (totals(run_folder, "article", name, "group", last=True) for name in ("unemployed", "working"))
    shares = [out.get(town, 0.0) / (out.get(town, 0.0) + working[town]) for town in working]
    line = lines["unemployment", "article", "all"]
    assert line.value == pytest.approx(mean(shares))
    assert line.baseline is not None


@pytest.mark.parametrize(("measure", "counted"), [("promotions", "promoted"), ("work_lost", "lost_work")])
def test_moves(run_folder: Path, lines: dict[tuple[str, str, str], Effect], measure: str, counted: str) -> None:
    moved, months = totals(run_folder, "article", counted, "group"), totals(run_folder, "article", "working", "group")
    rates = [100 * moved.get(town, 0.0) / (months[town] / 12) for town in months]
    assert lines[measure, "article", "all"].value == pytest.approx(mean(rates))


def test_people_and_totals_agree(run_folder: Path) -> None:
    """Workers, the unemployed and wealth at the end, from the table of people."""
    for world in WORLDS:
        table = f"'{run_folder}/people.parquet'"
        rows = duckdb.execute(
            "SELECT town, count(*) FILTER (work = 'employed'), count(*) FILTER (work = 'unemployed'), "
            f"100 * sum(wealth::DOUBLE / size) FROM {table} JOIN (SELECT household, count(*) AS size FROM {table} "
            "WHERE world = ? GROUP BY household) USING (household) WHERE world = ? GROUP BY town",
            [world, world],
        ).fetchall()
        for town, working, out, wealth in rows:
            assert totals(run_folder, world, "working", "group", last=True)[town] == working
            assert totals(run_folder, world, "unemployed", "group", last=True).get(town, 0) == out
            assert totals(run_folder, world, "wealth", "group", last=True)[town] == pytest.approx(wealth, abs=5)


def test_rungs_are_promotions(run_folder: Path) -> None:
    """Nobody is demoted: rungs at the end less those of the run-in, which all worlds share, are promotions."""
    gained = {}
    for world in WORLDS:
        (rungs,) = duckdb.execute(
            f"SELECT sum(rung) FROM '{run_folder}/people.parquet' WHERE world = ?", [world]
        ).fetchall()[0]
        gained[world] = rungs - sum(totals(run_folder, world, "promoted", "group").values())
    assert gained["article"] == gained["ordinary-law"] >= 0


def test_public_money(run_folder: Path, lines: dict[tuple[str, str, str], Effect]) -> None:
    days = totals(run_folder, "article", "person_days", "all")
    for name in LINES:
        found = totals(run_folder, "article", "account", "line", name)
        rates = [found.get(town, 0.0) / 100 / (days[town] / DAYS_A_YEAR) for town in days]
        assert lines["public_money", "article", name].value == pytest.approx(mean(rates))
    assert lines["public_money", "article", "running"].value > 0
    assert lines["public_money", "article", "running"].baseline == 0


def test_the_account_of_a_run_adds_up(run_folder: Path) -> None:
    """balance at the end = balance at the start + all lines of all months, in every town, to the last hundredth."""
    signs = {"taxes": 1, "relief": -1, "interest": 1, "premiums": 1, "benefits": -1, "written_off": -1,
             "spending": -1, "running": -1, "handed_out": -1}  # fmt: skip
    starts = {}
    for world in WORLDS:
        flows = {name: totals(run_folder, world, "account", "line", name) for name in signs}
        ends = totals(run_folder, world, "account", "line", "balance", last=True)
        towns = set(totals(run_folder, world, "people", "group"))
        starts[world] = {
            town: ends.get(town, 0.0) - sum(sign * flows[name].get(town, 0.0) for name, sign in signs.items())
            for town in towns
        }
    assert starts["article"] == starts["ordinary-law"]
