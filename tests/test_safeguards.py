"""Safeguards: every one is an edit of a rule book; what is edited, and what a wrong request is told."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glasshouse.errors import InputError, RuleBookError
from glasshouse.evidence import parameters
from glasshouse.regimes import RuleBook, regime
from glasshouse.regimes.checks import faults
from glasshouse.regimes.safeguards import SAFEGUARDS, applied, with_safeguard
from test_bad_rulebooks import GOOD

ARTICLE = regime("article").book
DATE: dict[str, Any] = {"date": dt.date(2021, 5, 1)}


def guarded(name: str, **numbers: Any) -> RuleBook:
    return with_safeguard(ARTICLE, name, **(DATE if name == "sunset" and not numbers else numbers))


@pytest.mark.parametrize("name", SAFEGUARDS)
def test_every_safeguard_edits_one_thing_and_leaves_a_valid_book(name: str) -> None:
    before = ARTICLE.model_dump()
    edited = guarded(name)
    assert faults(edited, {(): 1}) == []
    after = edited.model_dump()
    changed = {key for key in after if after[key] != before[key]}
    assert changed == (
        {"appeals"} if name == "appeals" else {"cameras"} if name == "threshold_floor" else {"safeguards"}
    )
    assert ARTICLE.model_dump() == before
    assert guarded(name).model_dump() == after
    assert with_safeguard(edited, name, **(DATE if name == "sunset" else {})) == edited


@pytest.mark.parametrize("name", SAFEGUARDS)
def test_every_safeguard_says_what_it_does_and_where_its_numbers_are_from(name: str) -> None:
    found = SAFEGUARDS[name]
    assert re.fullmatch(r"[A-Z][^\n]+\.", found.does)
    assert all(row is None or parameters().number(row) >= 0 for row in found.numbers.values())


def test_the_numbers_given_are_the_ones_written() -> None:
    assert guarded("audit", share=0.25).safeguards.audit == guarded("audit", share=0.25).safeguards.audit
    appeals = guarded("appeals", staff=3).appeals
    assert appeals is not None
    assert appeals.hearing_days is not None
    assert (float(appeals.staff), float(appeals.hearing_days)) == (3.0, parameters().number("remedies.hearing_days"))
    assert guarded("sunset", date=dt.date(2030, 1, 1)).safeguards.sunset == dt.date(2030, 1, 1)


def test_a_floor_never_lowers_a_threshold() -> None:
    assert ARTICLE.cameras is not None
    assert guarded("threshold_floor", threshold=0.3) == ARTICLE
    raised = guarded("threshold_floor", threshold=0.7).cameras
    assert raised is not None
    assert float(raised.threshold) == 0.7
    assert with_safeguard(regime("documented").book, "threshold_floor") == regime("documented").book


def test_an_explanation_reaches_everybody() -> None:
    told = applied(with_safeguard(guarded("appeals"), "explanation")).appeals
    assert told is not None
    assert told.noticed is not None
    assert float(told.noticed) == 1
    assert applied(guarded("explanation")).appeals is None


def test_unbundling_leaves_a_list_its_own_domain_and_tiers_nothing() -> None:
    lists = {"blacklist": ARTICLE.lists["blacklist"].model_copy(update={"services": ["school"]})}
    book = applied(with_safeguard(ARTICLE.model_copy(update={"lists": ARTICLE.lists | lists}), "unbundled"))
    assert set(book.consequences) == {"blacklist"}
    assert set(book.consequences["blacklist"].denies) == {"school"}
    assert book.consequences["blacklist"].prices == {}
    assert all(float(tier.worth) == 0 for tier in book.tiers)
    assert [tier.name for tier in book.tiers] == [tier.name for tier in ARTICLE.tiers]


def test_without_safeguards_nothing_is_read_into_a_book() -> None:
    assert applied(ARTICLE) is ARTICLE


@pytest.mark.parametrize(
    ("name", "numbers", "words"),
    [
        ("appeal", {}, ('no safeguard "appeal"', 'Did you mean "appeals"?')),
        ("sunset", {}, ('"sunset" needs "date"', "give it a value")),
        ("audit", {"shar": 0.2}, ('no number "shar"', 'Did you mean "share"?')),
        ("audit", {"share": 2}, ("audit is 2", "write 5 % as 0.05")),
        ("delay", {"days": 2.5}, ("delay is 2.5", "whole number of days")),
        ("explanation", {"x": 1}, ('no number "x"', "It has none.")),
        ("sunset", {"date": 3.0}, ("not a date", "2014-06-14")),
    ],
)
def test_a_wrong_request_is_told_how_to_mend_it(name: str, numbers: dict[str, Any], words: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as error:
        with_safeguard(ARTICLE, name, **numbers)
    for word in words:
        assert word in str(error.value)


# What may be written in a file, and what is wrong with it

APPEALS = "[appeals]\nstaff = 5\nhearing_days = 30\nnoticed = 0.5\ncorrects = 0.6\nlets_off = { value = 0.1 }\n"


def added(text: str) -> Callable[[str], str]:
    return lambda good: good + "\n" + text


def listed(line: str) -> Callable[[str], str]:
    return lambda good: good.replace("term = 730", "term = 730\n" + line)


def filmed(line: str) -> Callable[[str], str]:
    return lambda good: good.replace("gallery = 100000", "gallery = 100000\n" + line)


def test_a_book_may_hold_every_remedy(tmp_path: Path) -> None:
    text = GOOD.replace(
        "term = 730", 'term = 730\nexit_per_year = 1\nrepair_after = 90\nservices = ["flight", "school"]'
    )
    text = text.replace("gallery = 100000", "gallery = 100000\nreview_staff = 20\nautomation_bias = 0.8")
    text += (
        f"\n{APPEALS}\n[safeguards]\naudit = 0.5\ndelay = 30\nstacking_cap = 2\ngroup_parity = true\nunbundled = true\n"
    )
    path = tmp_path / "book.toml"
    path.write_text(text + "explanation = true\n", "utf-8")
    book = regime(path).book
    assert book.appeals is not None
    assert float(book.appeals.staff) == 5
    assert float(book.lists["blacklist"].repair_after) == 90
    assert book.safeguards.stacking_cap is not None


@pytest.mark.parametrize(
    ("change", "at", "words"),
    [
        (added("[appeals]\nhearing_days = 3"), "[appeals]", ('appeals has no key "staff"', "add it")),
        (added("[appeals]\nstaff = -1"), "staff = -1", ("appeals.staff is -1", "write 0 or more")),
        (added("[appeals]\nstaf = 1"), "staf = 1", ('unknown key "staf" in appeals', 'Did you mean "staff"?')),
        (added("[appeals]\nstaff = 1\nhearing_days = 1.5"), "hearing_days", ("hearing_days is 1.5", "whole number")),
        (added("[appeals]\nstaff = 1\ncorrects = 60"), "corrects", ("corrects is 60", "write 5 % as 0.05")),
        (listed("repair_after = 9"), "repair_after", ('leaves "blacklist" by repair', "add exit_per_year")),
        (listed('services = ["flihgt"]'), "services", ('no service "flihgt"', 'Did you mean "flight"?')),
        (filmed("automation_bias = 1"), "automation_bias", ("unread alerts", "add review_staff")),
        (added("[safeguards]\nstacking_cap = 0"), "stacking_cap", ("a cap of 0 services", "write 1 to")),
        (added("[safeguards]\nunbundeld = true"), "unbundeld", ('"unbundeld"', 'Did you mean "unbundled"?')),
        (added("[safeguards]\naudit = 50"), "audit = 50", ("audit is 50", "write 5 % as 0.05")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_remedy(
    tmp_path: Path, change: Callable[[str], str], at: str, words: tuple[str, ...]
) -> None:
    path = tmp_path / "book.toml"
    path.write_text(text := change(GOOD), "utf-8")
    with pytest.raises(RuleBookError) as error:
        regime(path)
    line = next(n for n, row in enumerate(text.splitlines(), 1) if at in row)
    assert f"line {line}:" in str(error.value)
    for word in words:
        assert word in str(error.value)


def test_appeals_need_something_to_appeal_against(tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    path.write_text(regime("ordinary-law").text + "\n" + APPEALS, "utf-8")
    with pytest.raises(RuleBookError, match=r"nothing to appeal against; add a section \[score\]"):
        regime(path)
