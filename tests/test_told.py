"""What a run says so that nobody is misled: silence, harm with few towns, changed numbers, runs begun again."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import pytest

import glasshouse as gh
from glasshouse.errors import InputError
from glasshouse.measures.estimates import Effect
from glasshouse.records import Records
from glasshouse.regimes import write_copy
from glasshouse.report.words import finding
from glasshouse.runs.folder import begun_with
from glasshouse.runs.plan import plan

HARM = Effect(
    "wrongful_days",
    "wrongful sanction days",
    "days",
    "article",
    "all",
    120.0,
    0.0,
    120.0,
    -40.0,
    280.0,
    31,
    2,
    None,
    "",
)


def test_silence_is_held_and_not_shown_never_more_than_held(run_folder: Path) -> None:
    rows = Records(run_folder).sql(
        "SELECT count(*) AS n FROM people WHERE silent_days > held_days OR silent_days < held_days - voiced_days"
    )
    assert rows[0]["n"] == 0
    silent = Records(run_folder).sql("SELECT sum(silent_days) AS days FROM people")
    assert silent[0]["days"] > 0


def test_a_harm_that_the_twin_cannot_know_is_told_with_its_number() -> None:
    said = finding(HARM, "ordinary law")
    assert "at least 31 people" in said
    assert "not distinguishable" not in said
    unclear = dataclasses.replace(HARM, baseline=100.0, difference=20.0)
    assert "not distinguishable" in finding(unclear, "ordinary law")


def test_people_who_are_not_scored_lose_no_points_and_have_no_tier(run_folder: Path) -> None:
    records = Records(run_folder)
    unscored = records.sql("SELECT count(*) AS n FROM people WHERE world = 'ordinary-law' AND tier IS NOT NULL")
    assert unscored[0]["n"] == 0
    # Nobody under 18 is scored, whatever the regime.
    assert records.sql("SELECT count(*) AS n FROM people WHERE age < 18 AND tier IS NOT NULL")[0]["n"] == 0
    lost = records.sql(
        "SELECT count(*) AS n FROM entries JOIN people USING (world, person) WHERE age < 18 AND points <> 0"
    )
    assert lost[0]["n"] == 0


def test_changed_numbers_stand_on_the_first_screen_and_in_what_to_type_again(tmp_path: Path) -> None:
    run = gh.simulate(
        "ordinary-law", people=300, towns=1, from_="2020-01-01", until="2020-01-02", parameters={"deterrence.xi": 0.5}
    )
    page = run.report(tmp_path / "page.html").read_text("utf-8")
    before_the_claims = page.split('id="claims"')[0]
    assert "deterrence.xi = 0.5" in before_the_claims
    assert "parameters={" in page.split('id="again"')[1]


def test_an_interrupted_run_knows_what_it_was_begun_with(run_folder: Path, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    shutil.copytree(run_folder, begun)
    manifest = json.loads((begun / "manifest.json").read_text("utf-8"))
    manifest["files"] = ["article", "documented"]
    (begun / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    found = begun_with(begun)
    assert found["regimes"] == ["article", "documented"]
    assert found["people"] == manifest["people"]
    assert found["from_"] == manifest["from"]
    assert begun_with(tmp_path / "nothing here") == {}


def test_a_file_may_not_bear_the_name_of_the_librarys(tmp_path: Path) -> None:
    mine = write_copy("documented", tmp_path / "article.toml")
    with pytest.raises(InputError, match="rename the file"):
        plan([mine])
    assert plan([write_copy("documented", tmp_path / "mine.toml")]).regimes[1].name == "mine"
    assert plan([gh.regime("article")]).regimes[1].shipped
