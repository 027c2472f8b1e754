"""Measures of firms against numbers worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasshouse.measures.effects import effects
from glasshouse.measures.estimates import NO_CASES, Effect
from glasshouse.records.read import Records
from test_measures import Cell, both, write_run


def counts(town: int) -> list[Cell]:
    """A town of 1,000 people in one month: 30 + 10 firms by law, 20 + 10 by the rule."""
    rows: list[tuple[str, str, str, float, float]] = [
        ("people", "group", "majority", 1000, 1000),
        ("firms", "connected", "unconnected", 30, 20),
        ("firms", "connected", "connected", 10, 10),
        ("firms_closed", "connected", "unconnected", 2, 5),
        ("firm_revenue", "connected", "unconnected", 600_000, 200_000),
        ("firm_revenue", "connected", "connected", 400_000, 400_000),
        ("firms_listed", "connected", "unconnected", 0, 4),
        ("firms_wrongful", "connected", "unconnected", 0, 3),
        ("firms_rated", "connected", "unconnected", 0, 20),
        ("firms_rated", "connected", "connected", 0, 10),
        ("firm_rating_sum", "connected", "unconnected", 0, 1_900_000),
        ("firm_rating_sum", "connected", "connected", 0, 1_020_000),
        ("firm_herfindahl", "sector", "trade", 250_000, 300_000),
    ]
    return [cell for name, dimension, key, law, rule in rows for cell in both(town, name, dimension, key, law, rule)]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Effect]:
    folder = write_run(tmp_path_factory.mktemp("firms") / "run", counts(0) + counts(1))
    return {(line.measure, line.key): line for line in effects(Records(folder))}


@pytest.mark.parametrize(
    ("measure", "key", "law", "rule"),
    [
        ("firms_open", "all", 40.0, 30.0),  # per 1,000 people
        ("firms_open", "connected", 10.0, 10.0),
        ("firm_closings", "all", 12 * 2 / 40, 12 * 5 / 30),
        ("firm_closings", "unconnected", 12 * 2 / 30, 12 * 5 / 20),
        ("firm_revenue", "all", 1_000_000 / 40 / 100, 600_000 / 30 / 100),
        ("firm_revenue", "unconnected", 200.0, 100.0),
        ("firms_listed", "all", 0.0, 4 / 30),
        ("firms_wrongful", "unconnected", 0.0, 3 / 20),
        ("firm_concentration", "trade", 0.25, 0.3),
    ],
)
def test_by_hand(found: dict[tuple[str, str], Effect], measure: str, key: str, law: float, rule: float) -> None:
    line = found[measure, key]
    assert line.value == pytest.approx(rule)
    assert line.baseline == pytest.approx(law)
    assert line.difference == pytest.approx(rule - law)


def test_the_premium_of_a_connection_is_a_difference_of_means(found: dict[tuple[str, str], Effect]) -> None:
    """102,000 points over 10 firms against 95,000 over 20, in hundredths; ordinary law rates nobody."""
    line = found["connection_premium", "all"]
    assert line.value == pytest.approx(1020 - 950)
    assert line.baseline is None
    assert line.n_cases == 20


def test_a_run_without_firms_says_so(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", both(0, "people", "group", "majority", 10, 10))
    lines = {(line.measure, line.key): line for line in effects(Records(folder))}
    assert lines["firms_open", "all"].value == 0
    assert lines["firms_open", "all"].remark == NO_CASES
    assert ("firm_revenue", "all") not in lines
    assert ("connection_premium", "all") not in lines
