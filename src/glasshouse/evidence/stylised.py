"""Stylised facts: what the laboratory should reproduce, with targets set before the value is known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from glasshouse.errors import nearest
from glasshouse.evidence.quantity import CONFIDENCES, fault, read
from glasshouse.words import STATUSES

Role = Literal["calibrated", "predicted"]

SETTINGS: Final = ("unit", "article", "documented", "certificate")
_SIGNS: Final = ("+", "-")
_FILE: Final = "stylised.toml"
_NEEDED: Final = ("what", "target", "unit", "setting", "role", "status", "checked", "confidence")
_KEYS: Final = (*_NEEDED, "source", "note")


@dataclass(frozen=True)
class Target:
    """When a value counts as met: inside [low, high], or strictly on one side of zero where only a sign is known."""

    low: float
    high: float
    sign: str = ""

    def met(self, value: float) -> bool:
        """Whether the value is a hit; never for NaN."""
        if self.sign:
            return value > 0 if self.sign == "+" else value < 0
        return self.low <= value <= self.high

    def __str__(self) -> str:
        """As tables print it."""
        if self.sign:
            return f"{'above' if self.sign == '+' else 'below'} 0"
        if math.isinf(self.high):
            return f"over {self.low:g}"
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class StylisedFact:
    """One fact.

    Attributes:
        id: F01 to F34.
        what: in one line.
        targets: by the name of the value; a hit meets all of them.
        unit: of the values.
        setting: one of SETTINGS.
        role: calibrated (numbers were chosen with it in view) or predicted.
        status, source, checked, confidence, note: as of every number of the evidence.
    """

    id: str
    what: str
    targets: Mapping[str, Target]
    unit: str
    setting: str
    role: Role
    status: str
    source: str | None
    checked: bool
    confidence: str
    note: str | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The keys of `source`, one by one."""
        return tuple(self.source.split()) if self.source else ()


@cache
def stylised_facts() -> dict[str, StylisedFact]:
    """Every stylised fact by id, in order (`data/stylised.toml`)."""
    return {id: stylised_fact(id, table) for id, table in read(_FILE).items()}


def stylised_fact(id: str, table: Any) -> StylisedFact:
    """Read one row.

    Raises:
        InputError: the row is not as the head of the data file says.
    """
    problem = _problem(id, table)
    if problem:
        raise fault(_FILE, id, problem)
    targets = {name: _target(given) for name, given in table["target"].items()}
    rest = {key: table[key] for key in _NEEDED if key != "target"}
    return StylisedFact(id=id, targets=targets, source=table.get("source"), note=table.get("note"), **rest)


def _target(given: Any) -> Target:
    if given in _SIGNS:
        return Target(-math.inf, math.inf, given)
    return Target(float(given[0]), float(given[1]))


def _problem(id: str, table: Any) -> str | None:
    if not isinstance(table, Mapping):
        return f"must be a table with {', '.join(_NEEDED)}"
    for key in table:
        if key not in _KEYS:
            return f'has the unknown key "{key}";{nearest(key, _KEYS)}'.rstrip(".?")
    for key in _NEEDED:
        if key not in table:
            return f'lacks "{key}"; add it'
    for key, known in (("setting", SETTINGS), ("status", STATUSES), ("confidence", CONFIDENCES)):
        if table[key] not in known:
            return f"has the {key} {table[key]!r}; use {', '.join(known)}"
    role = "calibrated" if int(id.lstrip("F")) % 2 else "predicted"
    if table["role"] != role:
        return (
            f"has the role {table['role']!r}; this row is {role}, because odd rows are calibrated on and even ones not"
        )
    if table["status"] != "assumed" and not table.get("source"):
        return f"is {table['status']} without a source; name one, or call it assumed"
    return _target_problem(table["target"])


def _target_problem(targets: Any) -> str | None:
    if not isinstance(targets, Mapping) or not targets:
        return 'has no target; write { name = [low, high] }, or "+" or "-" for a sign'
    for name, given in targets.items():
        pair = isinstance(given, list) and len(given) == 2 and all(isinstance(x, int | float) for x in given)
        if given not in _SIGNS and not (pair and given[0] <= given[1]):
            return f'has the target {name} = {given!r}; write [low, high], "+" or "-"'
    return None
