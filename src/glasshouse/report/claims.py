"""Two panels of equal size: what supporters say such systems do, what critics say, each with its measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from glasshouse.measures.deterrence import ALL_OFFENCES
from glasshouse.measures.estimates import NO_CASES, Effect
from glasshouse.measures.totals import ALL
from glasshouse.records.schema import World
from glasshouse.report.words import amount, by_design, finding, number, same, spread


@dataclass(frozen=True)
class Claim:
    """One thing said about such systems, and what this run has to say to it."""

    text: str
    measure: str
    key: str = ALL


SUPPORTERS: Final = (
    Claim("People break fewer rules: offences deterred", "deterred", ALL_OFFENCES),
    Claim("More is done for others: growth in good deeds", "good_deeds"),
    Claim("Offences no longer go unseen: share entered", "entered_share", ALL_OFFENCES),
    Claim("Good conduct is rewarded: prices of the highest tier, above the ordinary", "price_premium_top"),
)
CRITICS: Final = (
    Claim("People stop saying what they think: opposition shown", "dissent_voiced"),
    Claim("People are punished who should not be: wrongful sanction days", "wrongful_days"),
    Claim("Doors close: days with a service closed", "denied_days"),
    Claim("There are classes: prices of the lowest tier, above the ordinary", "price_premium"),
)
MISSING: Final = {
    SUPPORTERS: "Not in this version: repayment of debts, accidents, trust between traders.",
    CRITICS: "Not in this version: queues and waiting, ties that break, careers and firms.",
}


class Lines:
    """The effects of a run, found by measure, world and key."""

    def __init__(self, effects: Sequence[Effect]) -> None:
        """Any order."""
        self._known = {(line.measure, line.world, line.key): line for line in effects}

    def get(self, measure: str, world: str, key: str = ALL) -> Effect | None:
        """The line, or None where the measure has no meaning."""
        return self._known.get((measure, world, key))

    def of(self, world: str) -> list[Effect]:
        """All lines of a world."""
        return [line for (_, name, _), line in self._known.items() if name == world]


def answer(claim: Claim, lines: Lines, world: World, twin: str) -> str:
    """What the run says to a claim under one regime; wrongful days always with their split."""
    said = finding(lines.get(claim.measure, world.name, claim.key), twin)
    return f"{said} {split(lines, world)}".strip() if claim.measure == "wrongful_days" else said


def split(lines: Lines, world: World) -> str:
    """Of the wrongful days: how many by mistake, by the rule, by both."""
    whole = lines.get("wrongful_days", world.name)
    if whole is None or whole.value <= 0:
        return ""
    parts = []
    for measure, text in (
        ("wrongful_days_mistaken", "by mistake only"),
        ("wrongful_days_rule_made", "by the rule only"),
        ("wrongful_days_both", "by both"),
    ):
        line = lines.get(measure, world.name)
        if line is not None:
            parts.append(f"{amount(line.value / whole.value, 'share')} {text}")
    return f"Of the wrongful days: {', '.join(parts)}."


def headline(lines: Lines, world: World, twin: str) -> str:
    """The run's finding on one regime: four fixed measures, told only if clear of zero."""
    if nothing_happened(lines, world):
        return f"Nothing happened: every outcome is the same as under {twin}, to the last digit."
    voiced = lines.get("dissent_voiced", world.name)
    wrong = lines.get("wrongful_days", world.name)
    offences = lines.get("deterred", world.name, ALL_OFFENCES)
    closed = lines.get("denied_days", world.name)
    told = {"opposition shown": voiced, "closed services": closed, "wrongful sanctions": wrong, "offences": offences}
    if any(line is not None and line.low is None for line in told.values()):
        return "With one town nothing can be told from chance; what was counted stands below, without intervals."
    parts = []
    unclear = [name for name, line in told.items() if line is None or not (line.clear or by_design(line))]
    if voiced is not None and voiced.clear and voiced.baseline is not None:
        parts.append(
            f"opposition was shown on {amount(voiced.value, voiced.unit)} of adult-days instead of "
            f"{amount(voiced.baseline, voiced.unit)} (difference: {spread(voiced)})"
        )
    if closed is not None and (closed.clear or by_design(closed)):
        per = closed.unit.removeprefix("days per ")
        parts.append(f"some service was closed to people on {number(closed.value)} days a {per} ({spread(closed)})")
    if wrong is not None and (wrong.clear or by_design(wrong)):
        per = wrong.unit.removeprefix("days ")
        parts.append(f"there were {number(wrong.value)} {wrong.label} {per} ({spread(wrong)})")
    if offences is not None and offences.clear:
        way = "fell" if offences.value > 0 else "rose"
        parts.append(f"offences {way} by {amount(abs(offences.value), offences.unit)} ({_turned(offences)})")
    said = [f"In this simulation {'; '.join(parts)}."] if parts else []
    if wrong is not None and (wrong.clear or by_design(wrong)):
        said.append(split(lines, world))
    if unclear:
        said.append(f"Not distinguishable from {twin}: {', '.join(unclear)}.")
    return " ".join(said)


BOOKKEEPING: Final = ("entered_share", "wrong_faces", "alert_precision", "tier_mobility", "stuck_below")
"""Measures of what the regime writes down; alone they do nothing to anybody."""


def nothing_happened(lines: Lines, world: World) -> bool:
    """Whether every outcome of the regime is exactly its twin's. Tiers that nobody sees are no outcome."""
    compared = [
        line for line in lines.of(world.name) if line.difference is not None and line.measure not in BOOKKEEPING
    ]
    return bool(compared) and all(same(line) or (line.remark == NO_CASES and line.value == 0) for line in compared)


def _turned(line: Effect) -> str:
    """The interval of a share deterred, said the way the sentence goes."""
    if line.low is None or line.high is None or line.value > 0:
        return spread(line)
    return f"95 % interval {amount(-line.high, line.unit)} to {amount(-line.low, line.unit)}"
