"""From a run with a certificate to its measures: the table of effects says what the totals counted."""

from __future__ import annotations

import pytest

import glasshouse as gh
from glasshouse.measures.estimates import Effect
from glasshouse.records.schema import DAYS_A_YEAR, MEASURES

PEOPLE, DAYS = 2_000, 61


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> gh.Run:
    folder = tmp_path_factory.mktemp("certificate") / "run"
    parameters = {"epidemic.outside": 0.001, "certificate.visits": 1.0}
    return gh.simulate(
        ["certificate-creep"], people=PEOPLE, towns=2, seed=1, from_="2021-10-15", until="2021-12-14", out=folder,
        parameters=parameters,
    )  # fmt: skip


def total(run: gh.Run, world: str, measure: str, dimension: str, key: str = "%") -> int:
    rows = run.records.sql(
        "SELECT coalesce(sum(value), 0)::BIGINT AS n FROM totals "
        "WHERE world = ? AND measure = ? AND dimension = ? AND key LIKE ?",
        [world, measure, dimension, key],
    )
    return int(rows[0]["n"])


def effect(run: gh.Run, measure: str, key: str = "all") -> Effect:
    found: Effect = next(e for e in run.effects() if e.measure == measure and e.key == key)
    return found


def test_measures_are_the_totals(run: gh.Run) -> None:
    years = PEOPLE * DAYS / DAYS_A_YEAR
    for measure in ("infections", "doses"):
        for world, value in (
            ("certificate-creep", effect(run, measure).value),
            ("ordinary-law", effect(run, measure).baseline),
        ):
            assert value == pytest.approx(100 * total(run, world, measure, "all") / years)
    for measure in ("shut_out_days", "red_days"):
        assert effect(run, measure).value == pytest.approx(total(run, "certificate-creep", measure, "all") / years)
        assert effect(run, measure).baseline == 0
    away, visits = (total(run, "certificate-creep", name, "all") for name in ("turned_back", "visits"))
    assert 0 < away < visits


def test_groups_sum_to_all_and_papers_to_adults(run: gh.Run) -> None:
    for world in ("certificate-creep", "ordinary-law"):
        for measure in ("shut_out_days", "visits", "turned_back", "red_days", "doses", "infections", "ill_days"):
            assert total(run, world, measure, "group") == total(run, world, measure, "all"), measure
        adults = run.records.sql("SELECT count(*) AS n FROM people WHERE world = ? AND age >= 18", [world])[0]["n"]
        assert total(run, world, "papers", "paper") == 3 * adults  # at each of three month ends
    assert sum(e.value for e in run.effects() if e.measure == "papers") == pytest.approx(1)


def test_days_shut_out_are_days_denied_and_sanctioned(run: gh.Run) -> None:
    """No score and no list: what is closed is closed by the paper, and wrongful is what a red code closed."""
    shut = total(run, "certificate-creep", "shut_out_days", "all")
    assert shut == total(run, "certificate-creep", "denied_days", "group")
    assert shut == total(run, "certificate-creep", "sanctioned_days", "group")
    red = total(run, "certificate-creep", "red_days", "all")
    assert 0 < total(run, "certificate-creep", "rule_made_days", "group") <= red
    assert total(run, "certificate-creep", "mistaken_days", "group") == 0


def test_every_total_is_in_the_schema(run: gh.Run) -> None:
    counted = {
        (r["measure"], r["dimension"]) for r in run.records.sql("SELECT DISTINCT measure, dimension FROM totals")
    }
    assert all(dimension in MEASURES[measure] for measure, dimension in counted)
