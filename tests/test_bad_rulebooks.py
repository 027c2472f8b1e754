"""Broken rule books: each gives one sentence with file, line, what is wrong and how to mend it."""

# ruff: noqa: E501  (a table of cases reads best with one case a line)

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from glasshouse.errors import InputError, RuleBookError
from glasshouse.regimes import regime

GOOD = """\
# A small rule book that is right.
[about]
title = "Test"
summary = "For tests"
place = "nowhere"
years = [2010, 2020]
status = "assumed"
sources = ["A"]

[score]
start = 1000
lowest = 0
highest = 1200
forgiveness = 0.05

[[tiers]]
name = "high"
from = 1010
worth = 10

[[tiers]]
name = "middle"
from = { value = 900, status = "documented", source = "R02", range = [850, 950] }

[[tiers]]
name = "low"

[deeds.jaywalking]
points = -3
seen_by = ["camera", "patrol"]
face = true

[deeds.theft]
points = -50
seen_by = [
    "victim",
    "patrol",
]

[deeds.judgment_unpaid]
seen_by = ["court"]

[deeds."spitting"]
points = -1
seen_by = ["patrol"]
kind = "offence"
occasions = 0.1
committed = 0.01

[lists.blacklist]
title = "Blacklist"
term = 730
entry = { deeds = ["judgment_unpaid"], tier = "low", days = 30 }
shaming = { chance = 0.5, days = 90 }

[consequences.low]
denies.flight = 0.5
prices.bus = 1.5

[consequences.blacklist]
denies = { flight = 1, train = 1 }

[channels]
patrol = 0.02

[cameras]
threshold = 0.6
gallery = 100000

[speech]
surveillance = 0.2

[[timeline]]
date = 2010-01-01
districts = 0.5
coverage = 0.1
awareness = 0.1

[[timeline]]
date = 2015-01-01
districts = 1
"""


@dataclass(frozen=True)
class Broken:
    """One change to GOOD.

    Attributes:
        name: of the case.
        old, new: text that is replaced, once.
        at: text whose first line in the broken file is the line that must be reported.
        words: texts that the message must hold.
    """

    name: str
    old: str
    new: str
    at: str
    words: tuple[str, ...]


def broken(name: str, old: str, new: str, at: str | None, *words: str) -> Broken:
    return Broken(name, old, new, new if at is None else at, words)


SCORE = GOOD[GOOD.index("[score]") : GOOD.index("[[tiers]]")]
ABOUT = GOOD[GOOD.index("[about]") : GOOD.index("[score]")]
CAMERAS = GOOD[GOOD.index("[cameras]") : GOOD.index("[speech]")]
TIMELINE = GOOD[GOOD.index("[[timeline]]") :]
LOW = '[[tiers]]\nname = "low"\n'

CASES = [
    # Unknown keys and sections
    broken("unknown section", "[cameras]", "[camera]", None, 'unknown key "camera"', 'Did you mean "cameras"?'),
    broken("unknown key in about", "place =", "plase =", None, 'unknown key "plase" in about', '"place"'),
    broken("unknown key in score", "lowest = 0", "lowst = 0\nlowest = 0", "lowst", "in score", '"lowest"'),
    broken("unknown key in tier", "worth = 10", "worht = 10", None, "in tiers", '"worth"'),
    broken("unknown key in deed", "points = -3", "point = -3", None, "in deeds.jaywalking", '"points"'),
    broken("unknown key in list", "term = 730", "terms = 730", None, "in lists.blacklist", '"term"'),
    broken("unknown key in entry", "days = 30 }", "day = 30 }", "day = 30", "lists.blacklist.entry", '"days"'),
    broken("unknown key in consequence", "denies.flight", "deny.flight", None, '"deny"', '"denies"'),
    broken("unknown key in number", "range = [850", "rnge = [850", None, '"rnge"', '"range"'),
    broken("unknown key in phase", "awareness", "awarenes", None, "in timeline", '"awareness"'),
    broken("unknown safeguard", TIMELINE, TIMELINE + "[safeguards]\nsun_set = 2020-01-01\n", "sun_set", '"sunset"'),
    # Wrong types
    broken("text for a number", "start = 1000", 'start = "1000"', None, "score.start", "a number"),
    broken("truth for a number", "points = -3", "points = true", None, "deeds.jaywalking.points", "a number"),
    broken("list for a number", "points = -3", "points = [-3]", None, "a number"),
    broken("date for a number", "points = -3", "points = 2010-01-01", None, "2010-01-01", "a number"),
    broken("number for text", 'title = "Test"', "title = 3", None, "about.title", "text in double quotes"),
    broken("open list", '"court"]', '"court"', '[deeds."spitting"]', "TOML"),
    broken("text instead of channels", 'seen_by = ["court"]', 'seen_by = "court"', None, "a list in square brackets"),
    broken("number among channels", '"victim",', "7,", None, "text in double quotes"),
    broken("text for truth", "face = true", 'face = "yes"', None, "true or false"),
    broken("number for truth", "face = true", "face = 1", None, "true or false"),
    broken("text for a section", SCORE, "score = 5\n", None, "unknown key", "[score]"),  # it lands in [about]
    broken("table for a list", "[[tiers]]\nname = \"high\"\nfrom = 1010\nworth = 10\n\n[[tiers]]\nname = \"middle\"\n"
           "from = { value = 900, status = \"documented\", source = \"R02\", range = [850, 950] }\n\n" + LOW,
           "[tiers]\nname = \"high\"\n", "[tiers]", "tiers", "a list"),
    broken("number for a deed", "[deeds.theft]\npoints = -50\nseen_by = [\n    \"victim\",\n    \"patrol\",\n]\n",
           "[deeds]\ntheft = -50\n", "theft = -50", "deeds.theft", "a section of its own"),
    broken("one year", "years = [2010, 2020]", "years = [2010]", None, "about.years", "two numbers"),
    broken("three years", "years = [2010, 2020]", "years = [2010, 2015, 2020]", None, "two numbers"),
    broken("half a year", "years = [2010, 2020]", "years = [2010.5, 2020]", None, "a whole number"),
    broken("number without value", "points = -3", 'points = { note = "3" }', None, 'no key "value"'),
    broken("text as range", "range = [850, 950]", 'range = "850-950"', None, "two numbers"),
    # Missing
    broken("no about", ABOUT, "", "# A small", 'no section "about"'),
    broken("no title", 'title = "Test"\n', "", "[about]", 'about has no key "title"'),
    broken("no start", "start = 1000\n", "", "[score]", 'score has no key "start"'),
    broken("no tier name", 'name = "middle"\n', "", "[[tiers]]\nfrom = {", 'no key "name"'),
    broken("no entry", "entry = { deeds", "# entry = { deeds", "[lists.blacklist]", 'no key "entry"'),
    broken("no date", "date = 2015-01-01\n", "", "[[timeline]]\ndistricts = 1\n", 'no key "date"'),
    broken("no threshold", "threshold = 0.6\n", "", "[cameras]", 'no key "threshold"'),
    # Values
    broken("NaN", "points = -3", "points = nan", None, "nan", "finite number"),
    broken("infinity", "highest = 1200", "highest = inf", None, "inf", "finite number"),
    broken("NaN in a table", "value = 900", "value = nan", None, "finite number"),
    broken("infinite range", "[850, 950]", "[850, inf]", None, "finite number"),
    broken("probability above 1", "flight = 0.5", "flight = 1.5", None, "denies.flight", "not between 0 and 1"),
    broken("probability below 0", "chance = 0.5", "chance = -0.5", None, "shaming.chance", "not between 0 and 1"),
    broken("channel above 1", "patrol = 0.02", "patrol = 2", None, "channels.patrol", "0.05"),
    broken("surveillance above 1", "surveillance = 0.2", "surveillance = 20", None, "not between 0 and 1"),
    broken("districts above 1", "districts = 0.5", "districts = 50", None, "timeline.districts"),
    broken("committed above 1", "committed = 0.01", "committed = 1.01", None, "not between 0 and 1"),
    broken("negative price", "prices.bus = 1.5", "prices.bus = -1.5", None, "below 0"),
    broken("dear price", "prices.bus = 1.5", "prices.bus = 1e6", None, "at most 50"),
    broken("negative forgiveness", "forgiveness = 0.05", "forgiveness = -1", None, "below 0"),
    broken("negative worth", "worth = 10", "worth = -10", None, "tiers.worth", "below 0"),
    broken("half a day", "days = 90", "days = 0.5", None, "whole number of days"),
    broken("too many days", "days = 30", "days = 9999", None, "from 0 to 4000"),
    broken("no days of display", "days = 90", "days = 0", None, "shows nobody"),
    broken("no term", "term = 730", "term = 0", None, "the term"),
    broken("no faces", "gallery = 100000", "gallery = 0", None, "cameras.gallery"),
    broken("negative association", "forgiveness = 0.05", "association = -1", None, "below 0"),
    broken("too dear a company", "forgiveness = 0.05", "association = 1001", None, "1,000 or less"),
    broken("tiers seen twice over", "forgiveness = 0.05", "visible = 2", None, "not between 0 and 1"),
    broken("thousandths", "forgiveness = 0.05", "forgiveness = 0.001", None, "hundredths"),
    broken("too many points", "points = -50", "points = -1e9", None, "deeds.theft.points", "1,000,000"),
    broken("unknown status", 'status = "assumed"', 'status = "asumed"', None, 'Did you mean "assumed"?'),
    broken("unknown colour", "term = 730", 'term = 730\ncolour = "blak"', 'colour = "blak"', "black, red", '"black"'),
    broken("unknown kind", 'kind = "offence"', 'kind = "offense"', None, 'Did you mean "offence"?'),
    broken("value outside range", "[850, 950]", "[950, 990]", None, "900 is not in its range 950 to 990"),
    broken("range backwards", "[850, 950]", "[950, 850]", None, "backwards"),
    broken("years backwards", "[2010, 2020]", "[2020, 2010]", None, "backwards"),
    broken("unknown source", 'source = "R02"', 'source = "R99z"', None, 'no source "R99z"'),
    broken("unknown source in about", 'sources = ["A"]', 'sources = ["A", "Wikipedia"]', None, '"Wikipedia"'),
    broken("documented without source", 'source = "R02", ', "", "value = 900", "needs a source"),
    broken("empty title", 'title = "Test"', 'title = " "', None, "title is empty"),
    # Dates
    broken("no such day", "date = 2015-01-01", "date = 2015-02-30", None, "TOML", "2014-06-14"),
    broken("no such month", "date = 2015-01-01", "date = 2015-13-01", None, "TOML"),
    broken("no such day, quoted", "date = 2015-01-01", 'date = "2015-02-30"', None, "timeline.date is not a date"),
    broken("date in words", "date = 2015-01-01", 'date = "June 2015"', None, "not a date", "2014-06-14"),
    broken("only a year", "date = 2015-01-01", "date = 2015", None, "not a date"),
    broken("seconds", "date = 2015-01-01", "date = 86400", None, "not a date"),
    broken("with a clock", "date = 2015-01-01", "date = 2015-01-01T12:00:00", None, "not a date"),
    broken("out of order", "date = 2015-01-01", "date = 2009-12-31", None, "order of date"),
    broken("date twice", "date = 2015-01-01", "date = 2010-01-01\n#", "date = 2010-01-01\n#", "stands twice"),
    broken("ends before it begins", "term = 730", "begins = 2013-01-01\nends = 2012-01-01", "ends", "before it begins"),
    # Tiers
    broken("same bound", "from = 1010", "from = 900", "from = { value = 900", "overlaps", "from 900"),
    broken("ascending", "from = 1010", "from = 850", "from = { value = 900", "overlaps"),
    broken("two without from", "from = 1010\n", "", '[[tiers]]\nname = "high"', 'tier "high" has no `from`'),
    broken("no last tier", LOW, "", "from = { value = 900", "in no tier", "take out the `from`"),
    broken("last tier has from", 'name = "low"', 'name = "low"\nfrom = 5', "from = 5", "below 5 are in no tier"),
    broken("tier above the scores", "from = 1010", "from = 1300", None, "outside the scores 0 to 1200"),
    broken("tier below the scores", "lowest = 0", "lowest = 950", "from = { value = 900", "outside the scores"),
    broken("tier twice", 'name = "middle"', 'name = "high"\n#', 'name = "high"\n#', "two tiers are called"),
    broken("tier and list", "[lists.blacklist]", "[lists.low]", "[lists.low]", "a tier and a list"),
    broken("nameless tier", 'name = "middle"', 'name = ""', None, "will not do"),
    broken("bar in a name", 'name = "middle"', 'name = "mid|dle"', None, "will not do"),
    broken("line break in a name", 'name = "middle"', 'name = "mid\\ndle"', None, "will not do"),
    broken("fifteen tiers", LOW, "".join(f'[[tiers]]\nname = "t{n}"\nfrom = {890 - n}\n' for n in range(12)) + LOW,
           '[[tiers]]\nname = "low"', "15 tiers", "room for 14"),
    broken("tiers without score", SCORE, "", "[[tiers]]", "no score", "[score]"),
    broken("start too high", "start = 1000", "start = 1201", None, "lies outside 0 to 1200"),
    broken("bounds swapped", "lowest = 0", "lowest = 1200", None, "not below the highest"),
    broken("never in force", TIMELINE, "", "[score]", "never comes into force", "districts"),
    # Deeds and channels
    broken("unknown deed", "[deeds.theft]", "[deeds.theff]", None, 'Did you mean "theft"?', "occasions"),
    broken("half a new deed", "occasions = 0.1\n", "", '[deeds."spitting"]', "describe the new deed with occasions"),
    broken("catalogue deed described", "points = -50", "points = -50\ncommitted = 0.5", "committed = 0.5", "catalogue"),
    broken("catalogue venue", "points = -50", 'points = -50\nvenue = "street"', 'venue = "street"', "catalogue"),
    broken("offence with a venue", "occasions = 0.1", 'occasions = 0.1\nvenue = "office"', 'venue = "office"',
           "only speech has a venue"),
    broken("unknown venue", "occasions = 0.1", 'occasions = 0.1\nvenue = "stret"', 'venue = "stret"', '"street"'),
    broken("over-censored", "surveillance = ", "censored = 1.5\nsurveillance = ", "censored = 1.5", "between 0 and 1"),
    broken("too frequent", "occasions = 0.1", "occasions = 3", None, "at most 1"),
    broken("nobody sees", 'seen_by = ["camera", "patrol"]\nface = true', "", "[deeds.jaywalking]", "no channel can see"),
    broken("empty channels", 'seen_by = ["patrol"]\nkind', "seen_by = []\nkind", "seen_by = []", 'can see "spitting"'),
    broken("channel shut", "patrol = 0.02", "patrol = 0", 'seen_by = ["patrol"]', 'no channel can see "spitting"'),
    broken("no cameras", CAMERAS, "", 'seen_by = ["camera"', "add a section [cameras]"),
    broken("camera films nothing", "coverage = 0.1\n", "", "[cameras]", "never film", "coverage"),
    broken("unknown channel", '"victim",', '"victims",', None, 'no channel "victims"', 'Did you mean "victim"?'),
    broken("channel twice", '"victim",', '"patrol",', '    "patrol",\n]', "stands twice"),
    broken("four channels", '["court"]', '["court", "bank", "staff", "office"]', None, "keep 3 of them"),
    broken("unknown channel set", "patrol = 0.02", "patrols = 0.02", None, 'Did you mean "patrol"?'),
    broken("camera as channel", "patrol = 0.02", "camera = 0.3", None, "[cameras]", "coverage"),
    broken("face without camera", '["camera", "patrol"]', '["patrol"]', "face = true", "no camera watches"),
    broken("points without score", SCORE + GOOD[GOOD.index("[[tiers]]") : GOOD.index("[deeds.jay")], "",
           "points = -3", "no score"),
    broken("four face deeds", TIMELINE, "".join(
        f'[deeds.new{n}]\npoints = -1\nseen_by = ["camera"]\nface = true{" " * n}\nkind = "offence"\n'
        "occasions = 0.01\ncommitted = 0.1\n" for n in range(3)) + TIMELINE, "face = true  \n", "room for 3"),
    broken("too many deeds", TIMELINE, "".join(
        f'[deeds.new{n}]\nkind = "offence"\noccasions = 0.001\ncommitted = 0.1\n' for n in range(50)) + TIMELINE,
        "[deeds.new49]", "room for 60"),
    # Lists and consequences
    broken("unknown deed in entry", '["judgment_unpaid"]', '["judgement"]', None, 'Did you mean "judgment_unpaid"?'),
    broken("unknown tier in entry", 'tier = "low"', 'tier = "lowest"', None, 'no tier "lowest"', '"low"'),
    broken("unseen deed in entry", '["judgment_unpaid"]', '["fraud"]', None, "[deeds.fraud]"),
    broken("empty entry", 'deeds = ["judgment_unpaid"], tier = "low", days = 30', "", "entry =", "nobody gets onto"),
    broken("days in no tier", ', tier = "low"', "", "entry =", "counts days"),
    broken("no way off", "term = 730\n", "", "[lists.blacklist]", "nobody leaves", "permanent = true"),
    broken("permanent with a term", "term = 730", "term = 730\npermanent = true", "permanent", "permanent"),
    broken("nine lists", TIMELINE, "".join(
        f'[lists.l{n}]\ntitle = "L"\nterm = 9\nentry.tier = "low"\n' for n in range(8)) + TIMELINE,
        "[lists.l7]", "room for 8"),
    broken("unknown service denied", "denies.flight = 0.5", "denies.fligth = 0.5", None, 'Did you mean "flight"?'),
    broken("unknown service priced", "prices.bus", "prices.buss", None, 'no service "buss"', '"bus"'),
    broken("unknown tier punished", "[consequences.low]", "[consequences.lwo]", None, 'Did you mean "low"?'),
    broken("denied for ever and ever", "{ flight = 1, train = 1 }", "{ flight = 1, train = 7 }", None, "denies.train"),
    broken("class nine", "prices.bus = 1.5", "priority.care = 9", None, "priority.care", "from 0, served first, to 7"),
    broken("class and a half", "prices.bus = 1.5", "priority.care = 2.5", None, "priority.care", "whole number"),
    broken("first in no queue", "prices.bus = 1.5", "priority.flight = 2", None, "room for everybody in flight", "care, housing"),
    broken("first in an unknown queue", "prices.bus = 1.5", "priority.carre = 2", None, 'no service "carre"', '"care"'),
    broken("put back as a reward", "denies = { flight = 1, train = 1 }\n", "priority.care = 5\n[lists.reds]\ntitle = \"R\"\ncolour = \"red\"\nterm = 9\nentry.tier = \"high\"\n[consequences.reds]\npriority.housing = 6\n", "priority.housing = 6", "puts people back in housing", "4 at most"),
    # Not TOML
    broken("key twice", "start = 1000", "start = 1000\nstart = 1001", "start = 1001", "twice"),
    broken("section twice", "[speech]", "[score]", "[score]\nsurveillance", "twice"),
    broken("missing quote", 'place = "nowhere"', 'place = "nowhere', None, "TOML"),
    broken("no quotes", 'name = "middle"', "name = middle", None, "TOML", "quotes"),
    broken("colon", "lowest = 0", "lowest: 0", None, "TOML", "key = value"),
    broken("capital truth", "face = true", "face = True", None, "TOML", "small letters"),
    broken("comma in a number", "gallery = 100000", "gallery = 100,000", None, "TOML"),
    broken("open bracket", "[speech]", "[speech", None, "TOML"),
]  # fmt: skip


def complain(path: Path, text: str | bytes) -> str:
    """The one message about a file, with the file's name taken off."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(RuleBookError) as caught:
        regime(path)
    return said(caught.value, path)


def said(error: Exception, path: Path) -> str:
    message = str(error)
    assert message.startswith(f"{path}, line ")
    assert len(message.splitlines()) == 1
    assert message.isprintable()
    for jargon in (
        "Traceback",
        "pydantic",
        "input_value",
        "errors.",
        'File "',
        "None",
        "Value error",
        "dict",
    ):
        assert jargon not in message.removeprefix(str(path))
    return message.removeprefix(f"{path}, ")


def test_the_good_one_is_good(tmp_path: Path) -> None:
    path = tmp_path / "good.toml"
    path.write_text(GOOD, "utf-8")
    assert regime(path).name == "good"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_sentence_with_line_and_mend(case: Broken, tmp_path: Path) -> None:
    assert case.old in GOOD
    text = GOOD.replace(case.old, case.new, 1)
    line = text[: text.index(case.at)].count("\n") + 1
    message = complain(tmp_path / "mine.toml", text)
    assert re.match(rf"line {line}: [^\n]+; [^\n]+\.", message), f"expected line {line}: {message}"
    for word in case.words:
        assert word in message


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 100
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("raw", "line", "word"),
    [
        (b"", 1, "empty"),
        (b"\n\n# only a comment\n", 1, "empty"),
        (GOOD.replace("nowhere", "caf\xe9").encode("latin-1"), 5, "UTF-8"),
        (b"\xff\xfe" + GOOD.encode("utf-16-le"), 1, "UTF-8"),
        (GOOD.encode().replace(b"Test", b"Te\x00st"), 3, "TOML"),
        (b"a = " + b"[" * 100_000, 1, "TOML"),
        (b"a = " + b"9" * 10_000, 1, "TOML"),
    ],
    ids=["empty", "comment", "latin-1", "utf-16", "nul", "nested", "huge number"],
)
def test_texts_that_are_none(raw: bytes, line: int, word: str, tmp_path: Path) -> None:
    message = complain(tmp_path / "mine.toml", raw)
    assert message.startswith(f"line {line}: ")
    assert word in message


def test_first_in_the_file_and_how_many_more(tmp_path: Path) -> None:
    text = GOOD.replace("surveillance = 0.2", "surveillance = 2").replace("start = 1000", 'start = "x"')
    text = text.replace("term = 730", "terms = 730")
    message = complain(tmp_path / "mine.toml", text)
    assert message.startswith("line 11: score.start")
    assert message.endswith("(2 more after this.)")


def test_line_ends_of_windows_and_a_byte_order_mark(tmp_path: Path) -> None:
    text = "\ufeff" + GOOD.replace("points = -50", "points = fifty").replace("\n", "\r\n")
    line = GOOD[: GOOD.index("points = -50")].count("\n") + 1
    assert complain(tmp_path / "mine.toml", text).startswith(f"line {line}: ")


def test_escapes_do_not_reach_the_terminal(tmp_path: Path) -> None:
    message = complain(tmp_path / "mine.toml", GOOD.replace("years", '"\\u001b[31m\\u2028" = 1\nyears', 1))
    assert "?[31m?" in message


@pytest.mark.parametrize(
    ("act", "word"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.mkdir(), "folder"),
        (lambda path: (path.parent / "mine2.toml").write_text(GOOD), 'Did you mean "mine2.toml"?'),
        (lambda path: path.symlink_to(path), "no such file"),
        (os.mkfifo, "a pipe"),
    ],
    ids=["missing", "folder", "nearest file", "loop of links", "pipe"],
)
def test_files_that_are_none(act: Callable[[Path], object], word: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    act(path)
    with pytest.raises(RuleBookError) as caught:
        regime(path)
    assert word in said(caught.value, path)


@pytest.mark.parametrize(("name", "near"), [("artcle", "article"), ("ordinary_law", "ordinary-law"), ("None", "none")])
def test_unknown_names_have_a_nearest(name: str, near: str) -> None:
    with pytest.raises(InputError) as caught:
        regime(name)
    assert f'Did you mean "{near}"?' in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("name", ["", "zzzzzz", "..", "article\n", "a\0.toml", "a/b", "x" * 300 + ".toml"])
def test_unknown_names_without_a_nearest(name: str) -> None:
    with pytest.raises(InputError) as caught:
        regime(name)
    assert len(str(caught.value).splitlines()) == 1
