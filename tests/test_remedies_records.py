"""What the records tell of remedies: cases add up, and entries say how they ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

import glasshouse as gh
from glasshouse.regimes import regime
from glasshouse.words import REMEDY_STEPS

APPEALS = """
[appeals]
staff = 2000
hearing_days = 20
noticed = 1

[safeguards]
audit = 0.5
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> gh.Run:
    """Half a year in which faces are mixed up daily, and an office that is a little too small."""
    folder: Path = tmp_path_factory.mktemp("remedies")
    text = regime("article").text.replace("gallery = { value = 100000", "gallery = { value = 1000000000")
    (folder / "appealing.toml").write_text(text + APPEALS, "utf-8")
    books = [str(folder / "appealing.toml")]
    return gh.simulate(books, people=2400, towns=2, seed=3, from_="2020-01-01", until="2020-07-31", out=folder / "run")


def ask(run: gh.Run, query: str) -> list[Any]:
    with duckdb.connect() as connection:
        return connection.execute(query.replace("RUN", str(run.folder))).fetchall()


def total(run: gh.Run, step: str) -> int:
    query = "SELECT coalesce(sum(value), 0) FROM 'RUN/totals.parquet' WHERE measure = 'appeals' AND key = '{}'"
    ((found,),) = ask(run, query.format(step) + " AND world = 'appealing'")
    return int(found)


def test_cases_add_up(run: gh.Run) -> None:
    """Filed less decided is what waits on the last evening."""
    listing, entry, upheld, let_off, dismissed, mended = (total(run, step) for step in REMEDY_STEPS)
    ((open_cases,),) = ask(
        run, "SELECT sum(value) FROM 'RUN/totals.parquet' WHERE measure = 'backlog' AND month = DATE '2020-07-01'"
    )
    assert upheld > 100
    assert dismissed > 50
    assert open_cases == listing + entry - upheld - let_off - dismissed
    assert mended > 50


def test_an_entry_says_how_it_ended(run: gh.Run) -> None:
    rows = ask(
        run, "SELECT reason, count(*), min(removed - day), bool_and(removed IS NULL OR removed >= day) "
        "FROM 'RUN/entries.parquet' WHERE kind = 'deed' AND cause <> 'true' GROUP BY reason ORDER BY reason",
    )  # fmt: skip
    assert [row[0] for row in rows] == ["appeal", "audit", None]
    assert all(row[1] > 50 and row[3] for row in rows)
    ((true_removed,),) = ask(
        run, "SELECT count(*) FROM 'RUN/entries.parquet' WHERE kind = 'deed' AND cause = 'true' AND removed IS NOT NULL"
    )
    assert true_removed == 0


def test_a_file_corrected_has_no_older_mistake_standing(run: gh.Run) -> None:
    """Whatever was entered wrongly before a person's last correction was removed by it or by an earlier one."""
    ((standing,),) = ask(
        run, "SELECT count(*) FROM 'RUN/entries.parquet' AS one JOIN (SELECT person, max(removed) AS last "
        "FROM 'RUN/entries.parquet' WHERE kind = 'deed' AND reason IN ('appeal', 'audit') GROUP BY person) "
        "USING (person) "
        "WHERE kind = 'deed' AND cause <> 'true' AND removed IS NULL AND day < last",
    )  # fmt: skip
    assert standing == 0


def test_the_measures_of_remedies(run: gh.Run) -> None:
    """remedy gap = 1 - challenges of wrong entries / wrong entries; the share upheld is of the decided."""
    found = {line.measure: line.value for line in run.effects() if line.world == "appealing"}
    by_town = ask(
        run, "SELECT town, sum(value) FILTER (key = 'filed against an entry') AS filed, "
        "sum(value) FILTER (measure = 'wrong_entry' AND dimension = 'cause') AS wrong FROM 'RUN/totals.parquet' "
        "WHERE world = 'appealing' GROUP BY town",
    )  # fmt: skip
    gap = sum(1 - filed / wrong for _, filed, wrong in by_town) / len(by_town)
    assert found["remedy_gap"] == pytest.approx(gap)
    assert 0.5 < found["remedy_gap"] < 1
    assert 0.4 < found["appeals_upheld"] < 0.8
    assert found["appeals_filed"] > 0
    assert found["appeals_open"] >= 0
