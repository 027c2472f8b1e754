"""Figures of what was done to people: doors closed, sanctions nobody deserved."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from glasshouse.measures.access import closed_by_tier, closed_to_listed
from glasshouse.measures.estimates import Effect
from glasshouse.records.schema import World
from glasshouse.report import charts
from glasshouse.report.figures import Figure, Table
from glasshouse.report.studio import Row, Sketch, Studio, by_world
from glasshouse.report.words import amount, number

PARTS: Final = (
    ("wrongful_days_mistaken", "mistaken", "by mistake"),
    ("wrongful_days_both", "both", "by both"),
    ("wrongful_days_rule_made", "rule", "by the rule"),
)
"""Measure, colour and name of the parts of wrongful days, in the order they are stacked."""

EVER_LISTED: Final = "listed"


def denials(studio: Studio) -> Figure:
    """Who was refused what."""
    labels = {service["id"]: str(service["label"]) for service in studio.manifest.services}
    cells = _cells(studio, labels)
    rows = {name: found for name, found in by_world(cells).items() if any(row["refused"] for row in found)}
    top = max((row["share"] for found in rows.values() for row in found), default=1)

    def chart(world: World, found: list[Row]) -> Any:
        used = {row["service"] for row in found}
        services = [label for label in labels.values() if label in used]
        return charts.denials(found, [*world.tiers, EVER_LISTED], services, top)

    def alt(world: World, found: list[Row]) -> str:
        worst = max(found, key=lambda row: float(row["share"]))
        who = "people ever listed" if worst["column"] == EVER_LISTED else f"tier {worst['column']}"
        return (
            f"Share of requests refused by service and tier, {world.title}. Highest: {worst['service']} for "
            f"{who}, {amount(worst['share'], 'share')} of {number(worst['requests'])} requests."
        )

    def empty(_: World) -> str:
        return "Nothing was denied to anybody in this world."

    def line(row: Row) -> tuple[str, ...]:
        counts = (str(row[name]) for name in ("requests", "refused", "unaffordable"))
        return row["world"], row["service"], row["column"], *counts

    return Figure(
        "denials",
        "Who was denied what",
        "Share of requests refused, in per cent, by tier. A refusal because of a list falls on the tier "
        f"of the person, who may have none; “{EVER_LISTED}” gathers everybody who was ever put on a list, for the "
        "whole run. What could not be afforded is counted apart, below: that happens under ordinary law too.",
        studio.panels("denials", studio.manifest.worlds, rows, Sketch(chart, alt, empty)),
        table=Table(
            "Requests over the whole run",
            ("world", "service", "tier", "requests", "refused", "not affordable"),
            tuple(line(row) for row in cells),
        ),
    )


def wrongful(studio: Studio) -> Figure:
    """Sanctions nobody deserved, by group and by kind: never their sum alone."""
    groups, rows = studio.manifest.groups, _wrongful_rows(studio)
    top = 1.05 * max((_sum(found, group) for found in rows.values() for group in groups), default=0)

    def chart(_: World, found: list[Row]) -> Any:
        return charts.wrongful(found, groups, top)

    def alt(world: World, found: list[Row]) -> str:
        said = defaultdict(list)
        for row in found:
            said[row["group"]].append(f"{number(row['rate'])} {PARTS[row['part']][2]}")
        told = "; ".join(f"{group}: {', '.join(parts)}" for group, parts in said.items())
        return f"Wrongful sanction days per 100,000 person-years, {world.title}. {told}."

    def empty(_: World) -> str:
        return "No wrongful sanction day in this world: nobody stood worse than their own lawful record."

    def line(name: str, row: Row) -> tuple[str, ...]:
        effect: Effect = row["effect"]
        span = "none: one town" if effect.low is None or effect.high is None else _span(effect.low, effect.high)
        part = PARTS[row["part"]][2]
        return name, row["group"], part, number(row["rate"]), span, str(effect.n_cases), effect.remark

    return Figure(
        "wrongful",
        "Sanctions nobody deserved",
        "By mistake: the ledger was wrong. By the rule: the act is one that ordinary law permits.",
        studio.panels("wrongful", studio.manifest.regimes, rows, Sketch(chart, alt, empty)),
        tuple((colour, "block", text) for _, colour, text in PARTS),
        Table(
            "Wrongful sanction days per 100,000 person-years, with the people they fell on",
            ("regime", "group", "kind", "days", "95 % interval", "people", "remark"),
            tuple(line(name, row) for name, found in rows.items() for row in found),
        ),
    )


def _cells(studio: Studio, labels: dict[str, str]) -> list[Row]:
    asked = closed_by_tier(studio.run)
    asked += [row | {"tier": EVER_LISTED} for row in closed_to_listed(studio.run)]
    cells = []
    for row in asked:
        if row["requests"] > 0:
            share = row["refused"] / row["requests"]
            seen = {
                "service": labels[row["service"]],
                "column": row["tier"],
                "share": share,
                "text": _percent(share),
            }
            cells.append(row | seen)
    return cells


def _wrongful_rows(studio: Studio) -> dict[str, list[Row]]:
    known = {(effect.measure, effect.world, effect.key): effect for effect in studio.effects}
    rows: dict[str, list[Row]] = defaultdict(list)
    for world in studio.manifest.regimes:
        for group in studio.manifest.groups:
            for part, (measure, _, _) in enumerate(PARTS):
                effect = known.get((measure, world.name, group))
                if effect is not None and effect.value > 0:
                    rows[world.name].append({"group": group, "part": part, "rate": effect.value, "effect": effect})
    return dict(rows)


def _percent(share: float) -> str:
    """A share in a cell of a few letters: per cent, without the sign."""
    if share < 0.0005:
        return "<0.1" if share else "0"
    return f"{100 * share:.1f}" if share < 0.0995 else f"{100 * share:.0f}"


def _span(low: float, high: float) -> str:
    return f"{number(low)} to {number(high)}"


def _sum(rows: list[Row], group: str) -> float:
    return float(sum(row["rate"] for row in rows if row["group"] == group))
