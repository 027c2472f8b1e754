"""Reading a country file; what is wrong with it, and where."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np

from glasshouse.errors import InputError, nearest
from glasshouse.population.country import Country, Row
from glasshouse.population.shapes import LABELS, SHAPES, numbers
from glasshouse.words import STATUSES

CONFIDENCES: Final = ("high", "medium", "low")


def load(country: str) -> Country:
    """Read a country.

    Args:
        country: the name of a country that ships ("china"), or the path of a TOML file.

    Raises:
        InputError: unknown name, unreadable file, missing or unknown row, or a value of the wrong shape.
    """
    shipped = {
        p.name[:-5]: p for p in resources.files(__package__).joinpath("data").iterdir() if p.name.endswith(".toml")
    }
    if country in shipped:
        return _read(f"{country}.toml", shipped[country].read_text("utf-8"))
    path = Path(country)
    if path.suffix != ".toml":
        raise InputError(f'There is no country "{country}".{nearest(country, shipped)} A path must end in ".toml".')
    try:
        return _read(str(path), path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as broken:
        raise InputError(f"The country file {path} cannot be read ({broken}); give the path of a TOML file.") from None


@cache
def _read(name: str, text: str) -> Country:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise InputError(f"{name} is not TOML: {broken}.") from None
    at = _Place(name, text)
    for head in ("label", "date"):
        if head not in content:
            raise at.wrong(None, f'"{head}" is missing; write {head} = "..." at the top')
    rows = {}
    for group, table in content.items():
        if group in ("label", "date"):
            continue
        if not isinstance(table, dict):
            raise at.wrong(None, f'"{group}" is not a row; rows are tables such as [people.ages]')
        for key, fields in table.items():
            rows[f"{group}.{key}"] = _row(f"{group}.{key}", fields, at)
    for missing in (row for row in SHAPES if row not in rows):
        raise at.wrong(None, f"the row [{missing}] is missing; copy it from china.toml")
    country = Country(str(content["label"]), str(content["date"]), rows)
    _agree(country, at)
    return country


_KEYS: Final = {"value", "unit", "status", "source", "range", "factor", "checked", "confidence", "note"}


class _Place:
    """Where in the file something is wrong."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.lines = name, text.splitlines()

    def wrong(self, row: str | None, what: str) -> InputError:
        heads = (f"[{row}]", f"[{str(row).partition('.')[0]}]")
        lines = {text.strip(): number for number, text in reversed(list(enumerate(self.lines, 1)))}
        line = next((lines[head] for head in heads if head in lines), 1)
        return InputError(f"{self.name}, line {line}: {what}.")


def _row(row: str, fields: Any, at: _Place) -> Row:
    if row not in SHAPES:
        raise at.wrong(row, f'there is no row "{row}".{nearest(row, SHAPES)}'.rstrip(".?") + "; mend its name")
    if not isinstance(fields, dict) or "value" not in fields:
        raise at.wrong(row, f'"{row}" has no value; write value = ...')
    unknown = fields.keys() - _KEYS
    if unknown:
        raise at.wrong(row, f'"{row}" has the unknown key "{min(unknown)}"; use {", ".join(sorted(_KEYS))}')
    if problem := SHAPES[row](fields["value"]):
        raise at.wrong(row, f'the value of "{row}" {problem}')
    if problem := _standing_problem(fields) or _limits_problem(fields, row in LABELS):
        raise at.wrong(row, f'"{row}" {problem}')
    limits = {key: tuple(fields[key]) if key in fields else None for key in ("range", "factor")}
    return Row(id=row, **{"source": None, "note": None, **fields, **limits})


def _standing_problem(fields: dict[str, Any]) -> str | None:
    """What is wrong with the words about a row, if anything."""
    status = fields.get("status")
    if status not in STATUSES:
        return f"has the status {status!r}; write one of {', '.join(STATUSES)}"
    if not isinstance(fields.get("source", ""), str) or not isinstance(fields.get("note", ""), str):
        return "needs source and note as text"
    if status != "assumed" and not fields.get("source"):
        return f'is {status} but names no source; add source = "KEY" or call it assumed'
    if fields.get("confidence") not in CONFIDENCES or not isinstance(fields.get("checked"), bool):
        return "needs checked = true or false, and confidence = high, medium or low"
    if status == "assumed" and fields["checked"]:
        return "is assumed, so nothing was checked; write checked = false"
    return None if isinstance(fields.get("unit"), str) else "needs a unit, as text"


def _limits_problem(fields: dict[str, Any], is_label: bool) -> str | None:
    """What is wrong with the limits of a row, if anything."""
    given = [fields[key] for key in ("range", "factor") if key in fields]
    if not given and fields["status"] == "assumed" and not is_label:
        return "is assumed without limits; add range = [low, high] or factor = [low, high]"
    for limits in given:
        if numbers(-math.inf, math.inf, 2)(limits) or limits[0] > limits[1]:
            return f"has the limits {limits!r}; write [low, high]"
    if "range" in fields and not is_label:
        low, high = fields["range"]
        entries = np.array(fields["value"], np.float64)
        if entries.min() < low or entries.max() > high:
            return f"lies outside its range [{low:g}, {high:g}]; widen the range or mend the value"
    return None


def _agree(country: Country, at: _Place) -> None:
    """Rows that must fit one another."""
    groups = len(country.labels("groups.labels"))
    for row in ("groups.shares", "groups.face_factor", "groups.income_factor"):
        if len(country.rows[row].value) != groups:
            raise at.wrong(
                row, f'"{row}" has {len(country.rows[row].value)} entries for {groups} labels; give each one'
            )
    sizes = set(range(1, len(country.rows["households.sizes"].value) + 1))
    covered = {t.size for t in country.types() if t.share > 0}
    if sizes != covered:
        odd = min(sizes ^ covered)
        raise at.wrong(
            "households.types",
            f'"households.types" and "households.sizes" do not both hold the size {odd}; add or remove it',
        )
    _agree_on_ages(country, at)


def _agree_on_ages(country: Country, at: _Place) -> None:
    """Ages that must leave every family possible."""
    adult, oldest = country.number("people.adult"), country.number("people.oldest")
    _, _, youngest, eldest = country.table("households.parent_gap")
    if not youngest <= adult <= oldest - youngest:
        raise at.wrong(
            "households.parent_gap",
            f'"households.parent_gap" starts at {youngest:g}, after heads are adult ({adult:g}); lower it',
        )
    for row in ("households.partner_gap", "households.relative_gap"):
        if not country.table(row)[2] <= 0 <= country.table(row)[3]:
            raise at.wrong(row, f'"{row}" must have limits on both sides of 0')
    if youngest + np.abs(country.table("households.partner_gap")[2:]).max() > eldest:
        raise at.wrong(
            "households.partner_gap",
            '"households.partner_gap" is wider than "households.parent_gap" allows; narrow its limits',
        )
    if country.table("people.ages")[-1, 0] > oldest:
        raise at.wrong("people.ages", f'"people.ages" goes beyond "people.oldest" ({oldest:g}); mend one of them')
    begin = country.table("education.school_ages")[2]
    for row in ("education.urban", "education.rural", "work.roles"):
        if country.table(row)[0, 0] != begin:
            raise at.wrong(row, f'"{row}" must begin at age {begin:g}, the last of "education.school_ages"')
