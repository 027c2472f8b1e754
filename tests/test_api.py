"""The Python interface: simulate, effects, lives, reports, SQL."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

import glasshouse as gh
from glasshouse.errors import InputError, RunFolderError
from glasshouse.measures.life import PICKS
from glasshouse.runs.perform import Progress

FEW = {"people": 60, "towns": 1, "from_": dt.date(2020, 1, 1), "until": "2020-03-31"}


@pytest.fixture(scope="module")
def run(run_folder: Path) -> gh.Run:
    return gh.open_run(run_folder)


def test_simulate_keeps_a_run_as_long_as_it_is_held(compiled_once: None) -> None:
    steps: list[Progress] = []
    run = gh.simulate("documented", **FEW, watch=steps.append)
    assert steps[0].doing == "inventing people"
    living = [step for step in steps if step.doing == "living"]
    assert [step.day for step in living] == [dt.date(2020, 1, 31), dt.date(2020, 2, 29), dt.date(2020, 3, 31)]
    assert living[-1].done == living[-1].total == 60 * 91 * 2
    assert [world.name for world in run.records.manifest.worlds] == ["ordinary-law", "documented"]
    assert "documented" in repr(run)
    folder = run.folder
    assert folder.is_dir()
    del run
    assert not folder.exists()


def test_parameters_change_the_people_and_are_written_down(compiled_once: None) -> None:
    run = gh.simulate("documented", **FEW, parameters={"society.run_in_days": 0})
    row = next(row for row in run.records.manifest.parameters if row["id"] == "society.run_in_days")
    assert row["value"] == 0
    assert row["status"] == "assumed"
    assert row["source"] is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"regimes": "artcle"}, 'Did you mean "article"'),
        ({"regimes": []}, "No regime was named"),
        ({"people": True}, "whole number"),
        ({"people": 2.0}, "whole number"),
        ({"towns": 61}, "cannot fill"),
        ({"country": "chnia"}, 'Did you mean "china"'),
        ({"parameters": {"society.run_in_dayz": 1}}, 'Did you mean "society.run_in_days"'),
        ({"parameters": {"society.run_in_days": float("nan")}}, "society.run_in_days"),
        ({"until": "2019-12-31"}, "lies before"),
    ],
)
def test_bad_input_writes_nothing(wrong: dict[str, object], said: str, tmp_path: Path) -> None:
    given = {"regimes": "article", **FEW, "out": tmp_path / "run", **wrong}
    with pytest.raises(InputError, match=said):
        gh.simulate(**given)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_effects_are_a_table(run: gh.Run) -> None:
    effects = run.effects()
    assert {line.world for line in effects} == {"article", "documented"}
    rows = effects.to_dicts()
    assert len(rows) == len(effects)
    assert {"measure", "world", "key", "value", "difference", "low", "high"} <= rows[0].keys()
    json.dumps(rows, allow_nan=False)
    assert "95 % interval" in repr(effects)


@pytest.mark.parametrize("kind", PICKS)
def test_a_pick_lives_in_every_world(kind: str, run: gh.Run) -> None:
    life = run.life(run.pick(kind))
    assert [world.world for world in life.worlds] == ["ordinary-law", "article", "documented"]
    assert life.who["age"] >= 18
    law, article, _ = life.worlds
    assert list(law.entries) == []
    assert [row["year"] for row in article.years] == [2019, 2020]
    assert article.years[-1]["score"] == article.end["score"]
    days = [row["day"] for row in article.entries]
    assert days == sorted(days)
    if kind == "wrongful":
        assert max(world.end["wrongful_days"] for world in life.worlds) > 0
    if kind == "fallen":
        lowest = run.records.sql("SELECT min(score) AS low FROM people WHERE world = 'article' AND age >= 18")
        assert article.end["score"] == lowest[0]["low"]
    assert f"Person {life.person} (invented)" in str(life)


def test_there_is_no_such_person(run: gh.Run) -> None:
    for person in (-1, 1500, True, 1.0, "1"):
        with pytest.raises(InputError, match="whole number from 0 to 1499"):
            run.life(person)  # type: ignore[arg-type]
    with pytest.raises(InputError, match='Did you mean "risen"'):
        run.pick("rizen")


def test_sql_sees_the_tables_and_nothing_else(run: gh.Run, tmp_path: Path) -> None:
    assert run.records.sql("SELECT count(*) AS n FROM people") == [{"n": 3 * 1500}]
    assert run.records.arrays("SELECT person FROM people LIMIT 3")["person"].tolist() == [0, 1, 2]
    (tmp_path / "other.csv").write_text("a\n1\n", "utf-8")
    for query in ("SELEC 1", "SELECT nothing FROM people", f"SELECT * FROM '{tmp_path / 'other.csv'}'"):
        with pytest.raises((InputError, RunFolderError)):
            run.records.sql(query)


def test_report_goes_where_it_is_told(run: gh.Run, tmp_path: Path) -> None:
    assert run.report(tmp_path / "page.html") == tmp_path / "page.html"
    assert (tmp_path / "page.html").read_bytes() == (run.folder / "report.html").read_bytes()


def test_regimes_can_be_read() -> None:
    book = gh.regime("article").book
    assert book.score is not None
    assert len(book.tiers) >= 5
    with pytest.raises(InputError, match='Did you mean "none"'):
        gh.regime("non")
