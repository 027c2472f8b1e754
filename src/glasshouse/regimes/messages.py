"""What is wrong with a rule book, in one sentence: FILE, line N: what is wrong; how to mend it."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from glasshouse.errors import RuleBookError, nearest
from glasshouse.regimes.places import Place, line_of
from glasshouse.regimes.schema import RuleBook

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # would break the line, or steer a terminal
_LONGEST = 60


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        line: counted from 1.
        text: "what is wrong; how to mend it", without a full stop.
        hint: the nearest valid name, as `errors.nearest` says it.
    """

    line: int
    text: str
    hint: str = ""


def report(shown: str, found: Iterable[Fault]) -> RuleBookError:
    """The error for the first fault in the file's order; says how many more there are."""
    first, *others = sorted(found, key=lambda fault: fault.line)
    more = f" ({len(others)} more after this.)" if others else ""
    return RuleBookError(_UNSEEN.sub("?", f"{shown}, line {first.line}: {first.text}.{first.hint}{more}"))


def quote(value: object) -> str:
    """A value as the reader typed it, roughly, and not too long."""
    if isinstance(value, str):
        text = f'"{value}"'
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, dt.date | dt.time):
        text = value.isoformat()
    else:
        text = "a table" if isinstance(value, dict) else str(list(value) if isinstance(value, tuple) else value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def dotted(place: Place) -> str:
    """A place as the reader would write it; the line number tells array elements apart."""
    return ".".join(str(part) for part in place if isinstance(part, str)) or "the rule book"


_MENDS = {
    "Invalid date or datetime": "write dates as year-month-day, such as 2014-06-14",
    "Invalid value": "write numbers bare, text in double quotes, true and false in small letters",
    "Cannot overwrite a value": "this key or section stands twice, so take one of them out",
    "Cannot declare": "this section stands twice, so join the two",
    "Unclosed array": 'close the list with "]"',
    "Unclosed inline table": 'keep the table on one line and close it with "}"',
    "Unterminated string": "close the text with a quotation mark",
    "Expected '=' after a key": "write key = value, and put keys with blanks or dots in quotes",
    "Expected newline": "write one value a line: a bare number, a date such as 2014-06-14, or text in quotes",
    "Expected ']'": 'close the section name with "]"',
    "Duplicate inline table key": "this key stands twice, so take one of them out",
    "Illegal character": "close the text in quotes on the line where it begins",
}


def syntax(text: str, why: Exception) -> Fault:
    """What tomllib could not read."""
    if isinstance(why, RecursionError):
        return Fault(1, "this is not TOML (brackets in brackets without end); a rule book needs three levels")
    said, _, position = str(why).partition(" (at ")
    found = re.search(r"line (\d+)", position)
    line = int(found[1]) if found else max(1, len(text.rstrip().splitlines()))
    mend = next(
        (mend for begin, mend in _MENDS.items() if said.startswith(begin)),
        "see the rule books of the library",
    )
    return Fault(line, f"this is not TOML ({said[:1].lower()}{said[1:]}); {mend}")


_TYPES = {
    "float_type": "a number such as 0.5",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "string_type": "text in double quotes",
    "list_type": "a list in square brackets",
    "tuple_type": "two numbers in square brackets",
    "too_long": "two numbers in square brackets",
    "dict_type": "a section of its own, or a table in braces",
    "model_type": "a section of its own, or a table in braces",
}


def structural(why: ValidationError, lines: dict[Place, int]) -> list[Fault]:
    """The faults that pydantic found, with their lines; a key that is misspelt is not also called missing."""
    errors = why.errors(include_url=False)
    misspelt = {
        (*error["loc"][:-1], *difflib.get_close_matches(str(error["loc"][-1]), _keys(error["loc"][:-1]), n=1))
        for error in errors
        if error["type"] == "extra_forbidden"
    }
    return [_structural(error, lines) for error in errors if error["type"] != "missing" or error["loc"] not in misspelt]


def _structural(error: ErrorDetails, lines: dict[Place, int]) -> Fault:
    place, kind, given = error["loc"], error["type"], error["input"]
    line, name = line_of(place, lines), dotted(place)
    if kind == "extra_forbidden":
        key, where = (
            str(place[-1]),
            f"in {dotted(place[:-1])}" if len(place) > 1 else "at the top of a rule book",
        )
        section = len(place) > 1 and key in RuleBook.model_fields
        hint = f" A section begins with [{key}]." if section else nearest(key, _keys(place[:-1]))
        return Fault(line, f'unknown key "{key}" {where}; correct it or take it out', hint)
    if kind == "missing" and isinstance(place[-1], int):
        return Fault(line, f"{name} needs two numbers; write the lowest and the highest in square brackets")
    if kind == "missing":
        owner = f"{dotted(place[:-1])} has" if len(place) > 1 else "the rule book has"
        what = "section" if len(place) == 1 else "key"
        return Fault(line, f'{owner} no {what} "{place[-1]}"; add it')
    if kind == "literal_error":
        known = re.findall(r"'(.+?)'", error["ctx"]["expected"])
        return Fault(
            line,
            f"{name} cannot be {quote(given)}; write one of {', '.join(known)}",
            nearest(str(given), known),
        )
    if kind == "value_error":
        said = str(error["ctx"]["error"])
        return Fault(line, f"{name} {said}")
    if kind == "finite_number":
        return Fault(line, f"{name.removesuffix('.value')} is {given}; write a finite number")
    numeric = kind == "model_type" and error["ctx"]["class_name"] == "Number"
    wanted = "a number, bare or as { value = ... }" if numeric else _TYPES.get(kind, "something else")
    return Fault(line, f"{name} cannot be {quote(given)}; write {wanted}")


def _keys(place: Place) -> list[str]:
    """The keys that may stand in the section at a place."""
    node: Any = RuleBook
    for part in place:
        node = _plain(node)
        if isinstance(node, type) and issubclass(node, BaseModel):
            fields = {field.alias or name: field.annotation for name, field in node.model_fields.items()}
            node = fields.get(str(part))
        else:
            node = get_args(node)[-1]
    node = _plain(node)
    if isinstance(node, type) and issubclass(node, BaseModel):
        return [field.alias or name for name, field in node.model_fields.items()]
    return []


def _plain(node: Any) -> Any:
    """An annotation without Annotated and without `| None`."""
    while get_origin(node) in (Annotated, Union, UnionType):
        node = next(part for part in get_args(node) if part is not type(None))
    return node
