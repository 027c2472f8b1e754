"""Numbers put into sentences by rules that cannot overclaim.

A difference is called higher or lower only if its interval leaves zero out and it rests on enough cases.
Otherwise the sentence says what stands in the way: no case, too few, one town, or an interval that crosses
zero.
"""

from __future__ import annotations

from typing import Final

from glasshouse.measures.estimates import NO_CASES, TOO_SMALL, Effect
from glasshouse.measures.intervals import LEVEL

LIMITS: Final = (
    "This laboratory computes consequences of stated assumptions for invented people. It does not estimate "
    "the effect of any real programme, does not describe any real person, and its intervals cover only the "
    "uncertainties listed."
)
ONE_SETTING: Final = "One setting of the assumed numbers, not yet varied."

_MINUS, _THIN = "\u2212", "\u202f"
SHARES: Final = ("share", "share of adult-days")


def number(value: float, digits: int = 3) -> str:
    """Rounded to `digits` significant ones, commas between thousands: `12,300`, `0.52`, `−3.1`."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    if rounded == int(rounded):
        text = f"{abs(int(rounded)):,}"
    else:
        text = f"{abs(rounded):.{digits}g}"
        if "e" in text:
            text = f"{abs(rounded):.12f}".rstrip("0")
    return (_MINUS if value < 0 else "") + text


def amount(value: float, unit: str, difference: bool = False) -> str:
    """A value with its unit: shares in per cent, their differences in percentage points."""
    if unit in SHARES:
        return number(100 * value) + (f"{_THIN}points" if difference else f"{_THIN}%")
    return number(value)


def unit_name(unit: str) -> str:
    """The unit as a reader sees it."""
    return {"share": "", "share of adult-days": "of adult-days"}.get(unit, unit)


def spread(line: Effect) -> str:
    """`95 % interval a to b` of the difference (of the value, where there is nothing to compare with)."""
    if line.low is None or line.high is None:
        return "no interval"
    apart = line.difference is not None and not line.relative
    low, high = (amount(edge, line.unit, apart) for edge in (line.low, line.high))
    return f"{LEVEL * 100:.0f}{_THIN}% interval {low} to {high}"


def same(line: Effect) -> bool:
    """Whether the world has exactly the number of its twin, in every town."""
    return line.difference == 0 and line.low in (0, None) and line.high in (0, None)


def by_design(line: Effect) -> bool:
    """Whether the regime did what cannot happen in its twin, though the towns differ too much to say how much."""
    return not line.relative and line.baseline == 0 and line.value > 0 and not line.clear and not line.remark


def finding(line: Effect | None, twin: str) -> str:
    """What one line says about its regime beside its twin world `twin`."""
    if line is None:
        return "Does not apply under this regime."
    value = f"{amount(line.value, line.unit)} {unit_name(line.unit)}".strip()
    if line.remark == NO_CASES:
        return "No case in this run."
    if line.remark == TOO_SMALL:
        return f"{line.n_cases} case{'' if line.n_cases == 1 else 's'} in the whole run: {TOO_SMALL}."
    if line.difference is None:
        return f"{value} ({spread(line)})."
    if same(line):
        return f"{value}, exactly as under {twin}."
    against = "" if line.relative else f", none under {twin}"
    if line.baseline:
        against = f" against {amount(line.baseline, line.unit)} under {twin}"
    if line.low is None or line.high is None:
        return f"{value}{against}; with one town no interval can be given."
    if by_design(line):
        return (
            f"{value}{against}: it fell on at least {number(line.n_cases, 12)} people in this run; how many elsewhere "
            f"is uncertain ({spread(line)})."
        )
    if not line.clear:
        return f"{value}{against}: not distinguishable from {twin} ({spread(line)})."
    if line.relative or not line.baseline:
        return f"{value}{against} ({spread(line)})."
    way = "higher" if line.difference > 0 else "lower"
    apart = amount(abs(line.difference), line.unit, True)
    return f"{value}{against}: {apart} {way} ({spread(line)})."


def towns_sentence(towns: int, halved: int | None) -> str:
    """How wide the intervals are, and what would narrow them."""
    if halved is None:
        return "The run has one town, so no interval can be given; towns are the only independent observations."
    return (
        f"Intervals are over the run's {towns} towns, each paired with itself in the other world. {towns} "
        f"towns give wide ones: {halved} towns would halve them."
    )
