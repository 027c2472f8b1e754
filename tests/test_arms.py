"""Arms of an experiment: edits of a rule book, and what they must leave alone."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from glasshouse.api import simulate
from glasshouse.arithmetic import chance, happens
from glasshouse.engine.columns import OUTCOME_COLUMNS, OUTCOME_COUNTS
from glasshouse.errors import InputError
from glasshouse.regimes import regime
from glasshouse.regimes.arms import ARMS, WITHOUT
from glasshouse.regimes.safeguards import SAFEGUARDS
from glasshouse.words import NOTICE_MARK, REAL
from known.oracle import binomial_fits
from stage import Life, field, live, same_bytes, standard

QUARTER = [(dt.date(2020, n, 1), dt.date(2020, n, end)) for n, end in ((1, 31), (2, 29), (3, 31))]


@cache
def life(spec: str) -> Life:
    return live(standard(), regime(spec).book, QUARTER)


@cache
def listening() -> np.ndarray:
    """Whom a regime for half of the people reaches."""
    people = standard().population
    return people.adult & happens(people.lot, chance(0.5))


def test_an_arm_has_a_name_a_title_and_a_text_of_its_own() -> None:
    whole, arm = regime("article"), regime("article:without=cameras,share=0.5")
    assert arm.name == "article:without=cameras,share=0.5"
    assert arm.base == "article"
    assert arm.shipped
    assert arm.spec == arm.name
    assert arm.book.about.title == f"{whole.book.about.title} (without=cameras,share=0.5)"
    assert arm.sha256 != whole.sha256
    assert arm.book.cameras is None
    assert float(arm.book.share) == 0.5


def test_an_arm_of_a_file_is_found_again_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(regime("article").text, "utf-8")
    monkeypatch.chdir(tmp_path)
    arm = regime("mine.toml:sunset=2022-01-01")
    assert arm.spec == f"{file}:sunset=2022-01-01"
    assert regime(arm.spec).book.safeguards.sunset == dt.date(2022, 1, 1)


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("article:without=camera", r'^No mechanism "camera" .*cameras'),
        ("article:shares=0.5", r'^There is no arm "shares".*share'),
        ("article:share=2", "a number from 0 to 1"),
        ("article:share=half", "a number from 0 to 1"),
        ("article:sunset=soon", "is not a date"),
        ("article:null=1", "takes nothing"),
        ("article:without", "takes something"),
    ],
)
def test_a_wrong_arm_is_refused(spec: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        regime(spec)


@pytest.mark.parametrize("mechanism", WITHOUT)
def test_what_is_left_out_is_gone_and_the_rest_is_a_valid_rule_book(mechanism: str) -> None:
    whole, arm = regime("article").book, regime(f"article:without={mechanism}").book
    assert arm != whole
    assert regime(f"article:without={mechanism},without={mechanism}").book.deeds == arm.deeds
    assert type(arm).model_validate(arm.model_dump(by_alias=True, exclude_unset=True)) is not None


@pytest.mark.parametrize("spec", ["article:null", "article:share=0"])
def test_a_regime_without_consequences_or_without_people_is_ordinary_law(spec: str) -> None:
    """The null arm of any regime, and one that reaches nobody: every outcome of every month, byte for byte."""
    there, here = life(spec), life("ordinary-law")
    for month, (one, other) in enumerate(zip(there.months, here.months, strict=True)):
        apart = [c for c in OUTCOME_COLUMNS if not same_bytes(getattr(one, c), getattr(other, c))]
        assert apart == [], f"month {month}"
    for one, other in zip(there.gains, here.gains, strict=True):
        assert [c for c in OUTCOME_COUNTS if not same_bytes(getattr(one, c), getattr(other, c))] == []


def test_a_regime_for_everybody_is_the_regime() -> None:
    assert same_bytes(life("article:share=1").end, life("article").end)


def test_a_share_of_people_is_keyed_and_only_they_are_scored_listed_or_accused() -> None:
    told, liable = life("article:share=0.5"), listening()
    adults = int(standard().population.adult.sum())
    assert binomial_fits(int(liable.sum()), adults, 0.5)
    scored = told.end.tier[REAL] < standard().shape.tiers
    assert (scored == liable).all()
    assert not (field(told.notices, "listed", NOTICE_MARK)[:, ~liable] > 0).any()
    assert not (told.end.score[REAL][~liable] != told.actor.law.score.start).any()


def test_direct_and_spillover_effects_of_a_share(tmp_path: Path) -> None:
    """By hand, from the people's table: means over the lot, and over the others' twins."""
    run = simulate(
        "article:share=0.5", people=1_200, towns=2, seed=3, from_="2020-01-01", until="2020-06-30", out=tmp_path / "run"
    )
    lines = {(line.measure, line.key): line for line in run.effects() if line.measure.endswith("_effect")}
    rows = run.records.sql("SELECT world, town, person, liable, voiced_days FROM people ORDER BY person")
    arm = {row["person"]: row for row in rows if row["world"] != "ordinary-law"}
    twin = {row["person"]: row for row in rows if row["world"] == "ordinary-law"}
    adults = [person for person, row in twin.items() if row["liable"]]
    direct, spill = [], []
    for town in (0, 1):
        there = [p for p in adults if arm[p]["town"] == town]
        lot, others = ([p for p in there if arm[p]["liable"] is side] for side in (True, False))
        here, besides, without = (
            np.mean([table[p]["voiced_days"] for p in group])
            for table, group in ((arm, lot), (arm, others), (twin, others))
        )
        direct.append(here - besides)
        spill.append(besides - without)
    assert lines["direct_effect", "voiced_days"].value == pytest.approx(np.mean(direct))
    assert lines["spillover_effect", "voiced_days"].value == pytest.approx(np.mean(spill))
    assert lines["direct_effect", "sanctioned_days"].value > 0
    assert lines["spillover_effect", "sanctioned_days"].value == 0


@pytest.mark.parametrize("name", [name for name in SAFEGUARDS if name != "sunset"])
def test_every_safeguard_is_an_arm(name: str) -> None:
    arm = regime(f"article:safeguard={name}").book
    assert arm.safeguards != regime("article").book.safeguards or arm.appeals or arm.cameras


def test_arms_are_known_by_name() -> None:
    assert set(ARMS) >= {"null", "safeguard", "share", "sunset", "without"}
