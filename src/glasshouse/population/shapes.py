"""What the value of each row of a country file must look like.

A check takes the value as TOML gave it and returns what is wrong with it, or None.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

Check = Callable[[Any], str | None]

MOST_GROUPS: Final = 8
"""Groups that a run can tell apart."""

SUM_TOLERANCE: Final = 1e-6
"""How far shares may be from adding up to one."""

TYPE_KEYS: Final = {"label", "partner", "parents", "children", "relatives", "share", "head_age"}


def is_number(value: Any) -> bool:
    """Whether this is a finite number (True and False are not)."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def number(low: float = 0.0, high: float = math.inf) -> Check:
    """One number between two limits."""

    def check(value: Any) -> str | None:
        if is_number(value) and low <= value <= high:
            return None
        return f"is {value!r}; write a number from {low:g} to {high:g}"

    return check


def numbers(low: float = 0.0, high: float = math.inf, count: int | None = None) -> Check:
    """A list of numbers between two limits, `count` of them if given."""

    def check(value: Any) -> str | None:
        if not isinstance(value, list) or not value or (count is not None and len(value) != count):
            return f"must be a list of {count or 'one or more'} numbers"
        return next((problem for v in value if (problem := number(low, high)(v))), None)

    return check


def shares(value: Any) -> str | None:
    """A list of shares that add up to one."""
    problem = numbers(0.0, 1.0)(value)
    if problem is None and abs(sum(value) - 1.0) > SUM_TOLERANCE:
        return f"adds up to {sum(value):.6g}; shares must add up to 1"
    return problem


def bands(columns: int, low: float = 0.0, high: float = 1.0, first: float | None = 0.0) -> Check:
    """Rows `[start, ...]`: ascending starts, the first fixed if given; then so many numbers in limits."""

    def check(value: Any) -> str | None:
        if not isinstance(value, list) or len(value) < 2:
            return "must be a list of rows such as [0, ...], [10, ...]"
        for row in value:
            problem = numbers(-math.inf, math.inf, columns + 1)(row) or numbers(low, high)(row[1:])
            if problem:
                return f"has a row {row!r} that does not fit: it {problem}"
        starts = [row[0] for row in value]
        if sorted(set(starts)) != starts or (first is not None and starts[0] != first):
            return f"must have rows of ascending starts{'' if first is None else f' from {first:g} on'}"
        return None

    return check


def age_shares(value: Any) -> str | None:
    """Bands `[first age, share]` of whole years that add up to one."""
    if problem := bands(1)(value):
        return problem
    whole = all(row[0] == int(row[0]) for row in value)
    return shares([row[1] for row in value]) if whole else "has a band that does not start at a whole year"


def level_shares(value: Any) -> str | None:
    """Bands `[first age, none, primary, secondary, college]`, each row adding up to one."""
    problem = bands(4, first=None)(value)
    return problem or next((problem for row in value if (problem := shares(row[1:]))), None)


def quantiles(value: Any) -> str | None:
    """Points `[share below, amount]` from 0 to 1, amounts above zero and ascending."""
    problem = bands(1, low=1.0, high=2.0**31 - 1)(value)
    if problem:
        return problem
    amounts = [row[1] for row in value]
    if value[-1][0] != 1 or sorted(set(amounts)) != amounts:
        return "must end at [1.0, ...] with ascending amounts"
    return None


def gap(value: Any) -> str | None:
    """Mean, standard deviation, lowest, highest."""
    problem = numbers(-math.inf, math.inf, 4)(value)
    if problem is None and not (value[1] > 0 and value[2] <= value[0] <= value[3]):
        return "must be mean, standard deviation above 0, lowest, highest, with the mean between the limits"
    return problem


def labels(value: Any) -> str | None:
    """One to eight different names."""
    fine = isinstance(value, list) and all(isinstance(v, str) for v in value) and len(set(value)) == len(value)
    return None if fine and 1 <= len(value) <= MOST_GROUPS else f"must be 1 to {MOST_GROUPS} different labels"


def role_factors(value: Any) -> str | None:
    """A factor per role. Only a child and a student may bring in nothing: every household has some money."""
    return numbers(0, 100, 7)(value) or numbers(0.001, 100)(value[2:])


def household_types(value: Any) -> str | None:
    """Household types, each with every key of `HouseholdType`."""
    if not isinstance(value, list) or not value:
        return "must be a list of household types"
    return next((problem for entry in value if (problem := _household_type(entry))), None)


def _household_type(entry: Any) -> str | None:
    if not isinstance(entry, dict) or entry.keys() != TYPE_KEYS:
        return f"has an entry without exactly the keys {', '.join(sorted(TYPE_KEYS))}"
    name = entry["label"]
    if not isinstance(entry["partner"], bool):
        return f'says partner = {entry["partner"]!r} in "{name}"; write true or false'
    for key, most in (("parents", 2), ("children", 12), ("relatives", 12)):
        if not isinstance(entry[key], int) or isinstance(entry[key], bool) or not 0 <= entry[key] <= most:
            return f'says {key} = {entry[key]!r} in "{name}"; write a whole number from 0 to {most}'
    problem = number(0.0, 1.0)(entry["share"]) or numbers(1.0, 120.0, 2)(entry["head_age"])
    return f'does not fit in "{name}": it {problem}' if problem else None


SHAPES: Final[dict[str, Check]] = {
    "people.ages": age_shares,
    "people.sex_ratio": number(50, 200),
    "people.men_among_old_singles": number(0, 1),
    "people.oldest": number(80, 120),
    "people.adult": number(14, 25),
    "people.old": number(50, 80),
    "households.sizes": shares,
    "households.mean_size": number(1, 12),
    "households.types": household_types,
    "households.partner_gap": gap,
    "households.parent_gap": gap,
    "households.relative_gap": gap,
    "place.urban": number(0, 1),
    "groups.labels": labels,
    "groups.shares": shares,
    "groups.face_factor": numbers(0, 1000),
    "groups.income_factor": numbers(0.01, 100),
    "groups.clustering": number(0, 1),
    "education.school_ages": numbers(3, 20, 3),
    "education.college": number(0, 1),
    "education.primary": number(0, 1),
    "education.none": number(0, 1),
    "education.mean_years": number(0, 20),
    "education.years": numbers(0, 25, 4),
    "education.urban": level_shares,
    "education.rural": level_shares,
    "work.roles": bands(6, first=None),
    "work.unemployed": numbers(0, 1, 2),
    "work.owners": number(0, 1),
    "income.mean": number(),
    "income.median": number(),
    "income.by_place": numbers(count=2),
    "income.fifths": numbers(count=5),
    "income.gini": number(0, 1),
    "income.quantiles": quantiles,
    "earnings.roles": role_factors,
    "earnings.adult_student": number(0.001, 10),
    "earnings.countryside": numbers(0.001, 10, 2),
    "earnings.women": number(0.01, 10),
    "earnings.return_to_schooling": number(-1, 1),
    "earnings.age": numbers(0, 120, 3),
    "earnings.spread": number(0, 3),
    "passages.median": numbers(0, 255, 2),
    "passages.spread": number(0, 3),
    "passages.most": number(0, 255),
    "digital.online": numbers(0, 1, 2),
    "digital.online_by_age": bands(1),
    "digital.share": numbers(0, 1, 2),
}
"""Every row of a country file and its check."""

LABELS: Final = frozenset({"groups.labels"})
"""Rows of words, which have no limits."""
