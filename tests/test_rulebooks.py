"""Rule books: the library, reading, places, numbers and their status, the schema for editors, copies."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glasshouse import evidence
from glasshouse.errors import InputError, RuleBookError
from glasshouse.regimes import RuleBook, json_schema, library, numbers, regime, shares, write_copy
from glasshouse.regimes.editor import SCHEMA_FILE, schema_text
from glasshouse.regimes.firm_rules import moves_something
from glasshouse.regimes.places import Place, line_of, places
from test_bad_rulebooks import GOOD

NAMES = ("article", "certificate-creep", "certificate", "documented", "none", "ordinary-law")
STEADY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True)


def load(text: str, folder: Path) -> RuleBook:
    path = folder / "book.toml"
    path.write_text(text, "utf-8")
    return regime(path).book


# --- The library


def test_the_library_has_its_rule_books() -> None:
    assert tuple(library()) == NAMES
    for name in NAMES:
        assert regime(name).book.about.title == library()[name]


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_the_library_says_what_it_rests_on(name: str) -> None:
    for place, number in numbers(regime(name).book):
        if number.status == "assumed":
            assert number.range is not None, f"{place} is assumed, so it needs a range"
        else:
            assert number.source is not None, f"{place} is {number.status}, so it needs a source"
            assert set(number.source.split()) <= set(evidence.sources()), place


def test_the_article_is_taken_at_its_word() -> None:
    book = regime("article").book
    tiers = [(tier.name, tier.from_ and tier.from_.value) for tier in book.tiers]
    assert tiers == [("AAA", 1050), ("AA", 1030), ("A", 960), ("B", 850), ("C", 600), ("D", None)]
    jaywalking = book.deeds["jaywalking"]
    assert (jaywalking.points.value, jaywalking.points.range, jaywalking.face) == (-3, (-3, -2), True)
    assert (jaywalking.points.status, jaywalking.points.source) == ("alleged", "A")
    punished = {name for name, deed in book.deeds.items() if deed.points.value < 0}
    lawful = {fact.id for fact in evidence.deeds() if fact.lawful}
    assert punished & lawful == {"petition", "critical_post", "protest"}
    assert book.consequences["D"].prices["care"].value == 1.4
    assert book.consequences["AAA"].prices["bus"].value == 0
    assert {service for service, chance in book.consequences["blacklist"].denies.items() if chance.value == 1} == {
        "flight",
        "train",
        "school",
        "housing",
    }
    queues = [book.consequences[tier].priority for tier in ("AAA", "AA", "B", "C", "D")]
    assert [int(ranks["housing"]) for ranks in queues] == [2, 3, 5, 6, 7]
    assert [int(ranks.get("care", 4)) for ranks in queues] == [3, 3, 4, 5, 5]
    assert {place.status for ranks in queues[:2] for place in ranks.values()} == {"alleged"}
    assert {place.status for ranks in queues[2:] for place in ranks.values()} == {"assumed"}
    assert book.timeline[1].date == dt.date(2011, 10, 20)
    assert [phase.date.year for phase in book.timeline] == [2009, 2011, 2014, 2018, 2020, 2021, 2025]


def test_the_documented_regime_has_no_cameras_and_refuses_nobody_for_a_score() -> None:
    book = regime("documented").book
    assert book.cameras is None
    assert not any("camera" in deed.seen_by for deed in book.deeds.values())
    assert not any(book.consequences[tier.name].denies for tier in book.tiers if tier.name in book.consequences)
    dear = [price.value for rules in book.consequences.values() for price in rules.prices.values() if price.value > 1]
    assert dear == []
    defaulters = book.lists["defaulters"]
    assert (defaulters.begins, defaulters.everywhere) == (dt.date(2013, 10, 1), True)
    # Exits over stock: 2.821 million in 2024 of 8.54 million at the end of 2023.
    assert defaulters.exit_per_year is not None
    assert defaulters.exit_per_year.value == pytest.approx(2.821 / 8.54, abs=0.005)


def test_ordinary_law_keeps_no_account() -> None:
    book = regime("ordinary-law").book
    assert book.model_fields_set == {"about", "speech"}
    assert book.speech is not None
    assert book.speech.surveillance.value == 0


def test_none_is_the_article_with_nobody_aware_and_nothing_that_follows() -> None:
    article, none = regime("article").book, regime("none").book
    assert (none.score, none.deeds, none.cameras) == (article.score, article.deeds, article.cameras)
    assert none.registers == article.registers
    assert [(t.name, t.from_) for t in none.tiers] == [(t.name, t.from_) for t in article.tiers]
    assert [(p.date, p.districts, p.coverage) for p in none.timeline] == [
        (p.date, p.districts, p.coverage) for p in article.timeline
    ]
    unshamed = {name: given.model_copy(update={"shaming": None}) for name, given in article.lists.items()}
    assert none.lists == unshamed
    assert none.consequences == {}
    assert none.firms is not None
    assert article.firms is not None
    assert (none.firms.points, none.firms.bonus) == (article.firms.points, article.firms.bonus)
    assert not moves_something(none.firms)
    assert moves_something(article.firms)
    assert float(none.firms.publicity) == 0
    assert all(tier.worth.value == 0 for tier in none.tiers)
    assert all(phase.campaign is None for phase in none.timeline)
    assert all(phase.awareness is None or phase.awareness.value == 0 for phase in none.timeline)
    assert none.speech is not None
    assert none.speech.surveillance.value == 0


# --- Reading


def test_a_regime_keeps_its_text_and_digest(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, "utf-8")
    found = regime(path)
    assert (found.name, found.text, found.path) == ("mine", GOOD, str(path))
    assert found.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()
    assert regime(str(path)) == found
    assert regime("article").path == "library/article.toml"


def test_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, "utf-8", newline="\n")
    unix = regime(path)
    path.write_bytes(("\ufeff" + GOOD).replace("\n", "\r\n").encode())
    assert regime(path) == unix


def test_bare_numbers_and_tables_say_the_same(tmp_path: Path) -> None:
    table = GOOD.replace("points = -3", "points = { value = -3 }").replace("worth = 10", "worth = { value = 10.0 }")
    assert load(table, tmp_path) == load(GOOD, tmp_path)


def test_dates_may_stand_in_quotes(tmp_path: Path) -> None:
    assert load(GOOD.replace("2015-01-01", '"2015-01-01"'), tmp_path) == load(GOOD, tmp_path)


def test_a_permanent_list_says_so(tmp_path: Path) -> None:
    book = load(GOOD.replace("term = 730", "permanent = true"), tmp_path)
    assert book.lists["blacklist"].permanent
    assert book.lists["blacklist"].term is None


def test_sources_may_be_addresses_or_several_keys(tmp_path: Path) -> None:
    for source in ("https://example.org/rules", "doi:10.1000/1", "R02 R02b"):
        book = load(GOOD.replace('source = "R02"', f'source = "{source}"'), tmp_path)
        assert book.tiers[1].from_ is not None
        assert book.tiers[1].from_.source == source


def test_unicode_names(tmp_path: Path) -> None:
    text = GOOD.replace('name = "low"', 'name = "失信"').replace('tier = "low"', 'tier = "失信"')
    text = text.replace("[consequences.low]", '[consequences."失信"]').replace('"spitting"', '"Öffentlich spucken 🫧"')
    text = text.replace("blacklist]", '"чёрный.список"]')
    book = load(text, tmp_path)
    assert book.tiers[-1].name == "失信"
    assert "Öffentlich spucken 🫧" in book.deeds
    assert set(book.consequences) == {"失信", "чёрный.список"}


def blocks(text: str) -> list[str]:
    """The text cut before every section header."""
    return [block for block in re.split(r"(?m)^(?=\[)", text) if block.startswith("[")]


def reordered(text: str, order: list[float], comments: list[str]) -> str:
    """Sections in another order; tiers and phases keep theirs among themselves, where the order is meant."""
    parts = blocks(text)
    keys = list(order[: len(parts)])
    for header in ("[[tiers]]", "[[timeline]]"):
        mine = [n for n, part in enumerate(parts) if part.startswith(header)]
        for n, key in zip(mine, sorted(keys[n] for n in mine), strict=True):
            keys[n] = key
    ranked = sorted(range(len(parts)), key=lambda n: (keys[n], n))
    return "".join(f"# {comments[n % len(comments)]}\n{parts[n]}\n" for n in ranked)


COMMENT = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20)


@pytest.mark.parametrize("name", NAMES)
@settings(STEADY, max_examples=15)
@given(
    order=st.lists(st.floats(0, 1), min_size=60, max_size=60),
    comments=st.lists(COMMENT, min_size=1, max_size=5),
)
def test_sections_may_stand_in_any_order(name: str, order: list[float], comments: list[str], tmp_path: Path) -> None:
    found = regime(name)
    assert len(blocks(found.text)) <= 60
    assert load(reordered(found.text, order, comments), tmp_path) == found.book


@settings(STEADY, max_examples=300)
@given(
    start=st.integers(0, len(GOOD)),
    gone=st.integers(0, 30),
    new=st.text(st.sampled_from("[]{}=\",.#'\n-0a é\\tT:"), max_size=6),
)
def test_any_damage_gives_one_sentence_or_a_rule_book(start: int, gone: int, new: str, tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    path.write_text(GOOD[:start] + new + GOOD[start + gone :], "utf-8", newline="\n")
    try:
        regime(path)
    except RuleBookError as error:
        message = str(error).removeprefix(str(path))
        assert re.match(r", line [1-9]\d*: .+; .+\.", message)
        assert message.isprintable()


# --- Places


def test_places_of_every_kind_of_toml() -> None:
    text = '''\
# comment with a = 1
top = 1  # [not.a.table]
"quoted key" = """
inside = 2
[nor.this]
"""
'li.teral' = \'\'\'x = "
\'\'\'
a . "b.c".d = { e = [1, [2,
  3]], f.g = "}#" }
esc = "\\" # \\\\" # "

[t.u]
list = [
  "one", # ] not the end
  { k = 1979-05-27 07:32:00 },
]
[[t.rows]]
x = 1
[t.rows.sub]
y = 2
[[t.rows]] # second
x = 3
[t . "é"]
z = 1
'''
    tomllib.loads(text)
    found = places(text)
    expected: dict[Place, int] = {
        ("top",): 2, ("quoted key",): 3, ("li.teral",): 7,
        ("a",): 9, ("a", "b.c"): 9, ("a", "b.c", "d"): 9, ("a", "b.c", "d", "e"): 9,
        ("a", "b.c", "d", "e", 0): 9, ("a", "b.c", "d", "e", 1): 9, ("a", "b.c", "d", "e", 1, 0): 9,
        ("a", "b.c", "d", "e", 1, 1): 10, ("a", "b.c", "d", "f"): 10, ("a", "b.c", "d", "f", "g"): 10,
        ("esc",): 11, ("t",): 13, ("t", "u"): 13, ("t", "u", "list"): 14,
        ("t", "u", "list", 0): 15, ("t", "u", "list", 1): 16, ("t", "u", "list", 1, "k"): 16,
        ("t", "rows"): 18, ("t", "rows", 0): 18, ("t", "rows", 0, "x"): 19, ("t", "rows", 0, "sub"): 20,
        ("t", "rows", 0, "sub", "y"): 21, ("t", "rows", 1): 22, ("t", "rows", 1, "x"): 23,
        ("t", "é"): 24, ("t", "é", "z"): 25,
    }  # fmt: skip
    assert found == expected
    assert line_of(("t", "rows", 1, "sub", "missing"), found) == 22
    assert line_of(("nowhere",), found) == 1


KEYS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=5)
TREES = st.recursive(
    st.just(0),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def numbered(tree: Any, counter: list[int]) -> Any:
    """The tree with a different number in every leaf."""
    if isinstance(tree, dict):
        return {key: numbered(item, counter) for key, item in tree.items()}
    if isinstance(tree, list):
        return [numbered(item, counter) for item in tree]
    counter.append(900_000 + len(counter))
    return counter[-1]


def leaves(tree: Any, place: Place = ()) -> list[tuple[Place, int]]:
    if isinstance(tree, dict | list):
        items = tree.items() if isinstance(tree, dict) else enumerate(tree)
        return [leaf for key, item in items for leaf in leaves(item, (*place, key))]
    return [(place, tree)]


@settings(STEADY, max_examples=150)
@given(st.dictionaries(KEYS, TREES, max_size=4))
def test_every_leaf_stands_on_its_line(tree: dict[str, Any]) -> None:
    text = tomlkit.dumps(numbered(tree, []))
    found, lines = places(text), text.split("\n")
    for place, value in leaves(tomllib.loads(text)):
        assert str(value) in lines[found[place] - 1]


# --- Numbers


def test_numbers_have_places_and_defaults_do_not_count(tmp_path: Path) -> None:
    found = dict(numbers(load(GOOD, tmp_path)))
    assert found["tiers.middle.from"].value == 900
    assert found["timeline.2015-01-01.districts"].value == 1
    assert found["lists.blacklist.entry.days"].value == 30
    assert found["consequences.low.denies.flight"].value == 0.5
    assert "deeds.judgment_unpaid.points" not in found
    # 4 score, 3 tiers, 5 deeds, 4 list, 4 consequences, 1 channel, 2 cameras, 1 speech, 4 timeline
    assert len(found) == len(numbers(load(GOOD, tmp_path))) == 28


def test_shares_sum_to_one(tmp_path: Path) -> None:
    assert shares(load(GOOD, tmp_path)) == pytest.approx(
        {"documented": 1 / 28, "contested": 0, "alleged": 0, "assumed": 27 / 28}
    )
    for name in NAMES:
        assert sum(shares(regime(name).book).values()) == pytest.approx(1)
    bare = load(GOOD[: GOOD.index("[score]")], tmp_path)
    assert set(shares(bare).values()) == {0}


def test_every_number_of_a_text_is_found(tmp_path: Path) -> None:
    """Against the text itself: every number that is not a year, in the order of reading."""
    raw = tomllib.loads(GOOD)
    del raw["about"]
    told = [value for _, value in leaves(raw) if type(value) in (int, float)]
    told = [value for value in told if value not in (850, 950)]  # the two ends of a range
    assert sorted(told) == sorted(number.value for _, number in numbers(load(GOOD, tmp_path)))


# --- The schema for editors


def plain(value: Any) -> Any:
    """As an editor sees it: dates are text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def test_the_shipped_schema_is_the_generated_one() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(), (
        "write it anew: python -c 'from glasshouse.regimes import editor; "
        'editor.SCHEMA_FILE.write_text(editor.schema_text(), "utf-8")\''
    )
    assert json.loads(schema_text()) == json_schema()


@pytest.mark.parametrize("name", NAMES)
def test_editors_accept_the_library(name: str) -> None:
    jsonschema.Draft7Validator.check_schema(json_schema())
    jsonschema.Draft7Validator(json_schema()).validate(plain(tomllib.loads(regime(name).text)))
    assert regime(name).text.startswith("#:schema ./rulebook.schema.json\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("points = -3", 'points = "-3"'),
        ("points = -3", "point = -3"),
        ("flight = 0.5", "flight = 1.5"),
        ("worth = 10", "worth = -10"),
        ("value = 900", "valeu = 900"),
        ('status = "assumed"', 'status = "sure"'),
        ("threshold = 0.6\n", ""),
        ("years = [2010, 2020]", "years = [2010]"),
    ],
)
def test_editors_refuse_what_the_loader_refuses(old: str, new: str, tmp_path: Path) -> None:
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    assert not jsonschema.Draft7Validator(json_schema()).is_valid(plain(tomllib.loads(text)))
    with pytest.raises(RuleBookError):
        load(text, tmp_path)


def test_the_schema_explains_every_key() -> None:
    for section in json_schema()["$defs"].values():
        for key, field in section["properties"].items():
            assert field.get("description"), key


# --- Copies


def test_a_copy_keeps_comments_and_loads(tmp_path: Path) -> None:
    target = write_copy("article", tmp_path / "mine.toml")
    assert target.read_text("utf-8") == regime("article").text
    assert regime(target).book == regime("article").book
    assert [file.name for file in tmp_path.iterdir()] == ["mine.toml"]


def test_a_copy_overwrites_only_when_told(tmp_path: Path) -> None:
    target = tmp_path / "mine.toml"
    target.write_text("precious")
    with pytest.raises(InputError, match="exists already"):
        write_copy("article", target)
    assert target.read_text() == "precious"
    write_copy("none", target, force=True)
    assert regime(target).book == regime("none").book


def test_a_copy_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        write_copy("article", tmp_path)
    with pytest.raises(InputError, match="cannot be written"):
        write_copy("article", tmp_path / "no" / "such" / "mine.toml")
    with pytest.raises(InputError, match='Did you mean "article"'):
        write_copy("artikle", tmp_path / "mine.toml")
    assert list(tmp_path.iterdir()) == []


# --- Weight


def test_naming_regimes_loads_nothing_heavy() -> None:
    code = (
        "import sys; from glasshouse.regimes import library; library(); print(sorted(set(sys.modules) & "
        "{'jax', 'numpy', 'scipy', 'duckdb', 'altair', 'glasshouse.evidence'}))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == "[]"
