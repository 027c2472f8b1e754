"""Broken sections on firms: each gives one sentence with file, line, what is wrong and how to mend it."""

# ruff: noqa: E501  (a table of cases reads best with one case a line)

from __future__ import annotations

import re
from pathlib import Path

import pytest

from glasshouse.errors import RuleBookError
from glasshouse.regimes import regime
from test_bad_rulebooks import GOOD, said

FIRMS = """
[firms]
start = 1000
lowest = 0
highest = 1300
forgiveness = 1.5
points.arrears = -30
bonus.owner_listed = -100

[firms.tiers]
good.from = 900
good.tender = 1.2
bad.hiring = 2

[firms.list]
title = "Firms"
entry = ["arrears", "owner_listed"]
term = 730
lists_owner = "blacklist"
"""

CASES = {
    "bounds swapped": ("lowest = 0", "lowest = 1400", "lowest = 1400", "not below the highest"),
    "start outside": ("start = 1000", "start = 1301", "start = 1301", "outside 0 to 1300"),
    "points too many": ("points.arrears = -30", "points.arrears = -2000000", "points.arrears", "1,000,000"),
    "points too fine": ("points.arrears = -30", "points.arrears = -0.001", "points.arrears", "hundredths"),
    "reward for a listed owner": ("owner_listed = -100", "owner_listed = 1", "bonus.owner_listed", "write 0 or less"),
    "unknown event": ('["arrears", ', '["arears", ', "entry =", 'Did you mean "arrears"?'),
    "unknown key": ("points.arrears", "points.arreas", "points.arreas", 'Did you mean "arrears"?'),
    "unknown term": ("good.tender", "good.tnder", "good.tnder", 'Did you mean "tender"?'),
    "two worst tiers": ("good.from = 900\n", "", "bad.hiring", "both lack `from`"),
    "no worst tier": ("bad.hiring = 2", "bad.from = 100", "[firms.tiers]", "below 100 are in no tier"),
    "two tiers in one place": ("bad.hiring", "middle.from = 900\nbad.hiring", "middle.from", "both begin at 900"),
    "too many tiers": ("bad.hiring", "".join(f"t{n}.from = {n}\n" for n in range(7)) + "bad.hiring", "bad.hiring", "room for 8"),
    "a bar in a name": ("bad.hiring", '"a|b".hiring', '"a|b"', "visible characters"),
    "spread in points": ("good.tender = 1.2", "good.spread = 2", "good.spread", "write two points as 0.02"),
    "far too dear": ("bad.hiring = 2", "bad.hiring = 101", "bad.hiring", "at most 100"),
    "negative factor": ("bad.hiring = 2", "bad.hiring = -1", "bad.hiring", "below 0"),
    "empty entry": ('["arrears", "owner_listed"]', "[]", "entry =", "name events"),
    "no way off": ("term = 730\nlists_owner", "lists_owner", "[firms.list]", "give it a term or exit_per_year"),
    "endless term": ("term = 730\nlists_owner", "term = 70000\nlists_owner", "term = 70000", "at most 65534"),
    "unknown list of people": ('= "blacklist"', '= "blaklist"', "lists_owner", 'Did you mean "blacklist"?'),
    "ends before it begins": ("start = 1000", "begins = 2015-01-01\nends = 2014-01-01\nstart = 1000", "ends = 2014", "not after"),
    "assumed by nobody": ("bad.hiring = 2", 'bad.hiring = { value = 2, status = "alleged" }', "bad.hiring", "add its source"),
}  # fmt: skip


def test_the_good_section_is_good(tmp_path: Path) -> None:
    path = tmp_path / "good.toml"
    path.write_text(GOOD + FIRMS, "utf-8")
    assert regime(path).book.firms is not None


@pytest.mark.parametrize("name", CASES)
def test_one_sentence_with_line_and_mend(name: str, tmp_path: Path) -> None:
    old, new, at, word = CASES[name]
    assert old in FIRMS
    text = GOOD + FIRMS.replace(old, new, 1)
    line = text[: text.index(at, len(GOOD))].count("\n") + 1
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(RuleBookError) as caught:
        regime(path)
    message = said(caught.value, path)
    assert re.match(rf"line {line}: [^\n]+; [^\n]+\.", message), f"expected line {line}: {message}"
    assert word in message


def test_a_red_list_takes_no_owners(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    red = GOOD.replace("[lists.blacklist]\n", '[lists.blacklist]\ncolour = "red"\n')
    red = red.replace("[consequences.blacklist]\ndenies = { flight = 1, train = 1 }\n", "")
    path.write_text(red.replace("shaming = { chance = 0.5, days = 90 }\n", "") + FIRMS, "utf-8")
    with pytest.raises(RuleBookError, match="honours its people"):
        regime(path)


def test_firms_of_pilots_need_districts(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    about = GOOD[: GOOD.index("[score]")]
    alone = FIRMS.replace('lists_owner = "blacklist"\n', "")
    path.write_text(about + alone, "utf-8")
    with pytest.raises(RuleBookError, match="never comes into force"):
        regime(path)
    path.write_text(about + alone.replace("start = 1000", "everywhere = true\nstart = 1000"), "utf-8")
    assert regime(path).book.firms is not None
