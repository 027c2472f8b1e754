"""Figures of where people stand and what they say: scores, tiers, dissent."""

from __future__ import annotations

from typing import Any

from glasshouse.measures.expression import opposition_by_month
from glasshouse.measures.tiers import score_histogram, tiers_by_month
from glasshouse.records.schema import World
from glasshouse.report import charts
from glasshouse.report.figures import Figure, Legend, Table
from glasshouse.report.palette import tier_name
from glasshouse.report.studio import (
    ONE_MONTH,
    Row,
    Sketch,
    Studio,
    by_world,
    lines_of,
    no_score,
    with_year,
    yearly,
)
from glasshouse.report.words import amount

_SHOWN = {"held": "held", "voiced": "shown"}


def scores(studio: Studio) -> Figure:
    """How many people have which score, the last December."""
    rows = by_world(score_histogram(studio.run))

    def alt(world: World, found: list[Row]) -> str:
        peak = max(found, key=lambda row: float(row["share"]))
        return (
            f"Histogram of scores, {world.title}, {found[0]['month']:%B %Y}: from {found[0]['low']:g} to "
            f"{found[-1]['high']:g} points; the fullest step, {amount(peak['share'], 'share')} of people, "
            f"starts at {peak['low']:g}."
        )

    def empty(world: World) -> str:
        return "No 31 December lies in this run, so no scores were counted." if world.scored else no_score(world)

    def line(name: str, row: Row) -> tuple[str, ...]:
        return (
            name,
            f"{row['month']:%B %Y}",
            f"{row['low']:g}",
            f"{row['high']:g}",
            amount(row["share"], "share"),
        )

    sketch = Sketch(lambda _, found: charts.scores(found), alt, empty)
    return Figure(
        "scores",
        "Who has which score",
        "Everybody starts with the same score. Each bar is as wide as the step of points that it counts.",
        studio.panels("scores", studio.manifest.worlds, rows, sketch),
        table=Table(
            "People by score, share in each step",
            ("regime", "counted", "from", "to", "share of people"),
            tuple(line(name, row) for name, found in rows.items() for row in found),
        ),
    )


def tiers(studio: Studio) -> Figure:
    """Shares of the tiers, month by month."""
    rows = by_world(with_year(tiers_by_month(studio.run)))

    def chart(world: World, found: list[Row]) -> Any:
        return charts.tiers(found, len(world.tiers))

    def alt(world: World, found: list[Row]) -> str:
        last = [row for row in found if row["year"] == found[-1]["year"]]
        shares = ", ".join(f"{row['tier']} {amount(row['share'], 'share')}" for row in last)
        return f"Shares of the tiers over time, {world.title}. At the end: {shares}."

    def legend(world: World) -> Legend:
        return tuple((tier_name(at, len(world.tiers)), "block", tier) for at, tier in enumerate(world.tiers))

    def line(name: str, row: Row) -> tuple[str, ...]:
        return name, f"{row['month']:%Y-%m}", row["tier"], amount(row["share"], "share")

    def empty(world: World) -> str:
        return ONE_MONTH if world.scored else no_score(world)

    return Figure(
        "tiers",
        "Classes over time",
        "Those who are scored, by tier, at each month's end; the best tier is on top. Steps are districts that join, "
        "with everybody at the start.",
        studio.panels("tiers", studio.manifest.worlds, lines_of(rows), Sketch(chart, alt, empty, legend)),
        table=Table(
            "Share of people in each tier at the end of each year",
            ("regime", "month", "tier", "share of people"),
            tuple(line(name, row) for name, found in rows.items() for row in yearly(found)),
        ),
    )


def dissent(studio: Studio) -> Figure:
    """What is thought against what is said."""
    rows = by_world(with_year(opposition_by_month(studio.run)))
    top = max((row["share"] for found in rows.values() for row in found), default=0) * 1.1 or 1.0

    def alt(world: World, found: list[Row]) -> str:
        ends = {row["measure"]: amount(row["share"], "share") for row in found}
        return (
            f"Opposition held and shown over time, {world.title}. In the last month held on {ends['held']} "
            f"and shown on {ends['voiced']} of adult-days."
        )

    def empty(world: World) -> str:
        return ONE_MONTH if world.name in rows else "No adult lived in this world long enough to be asked."

    def line(name: str, row: Row) -> tuple[str, ...]:
        return name, f"{row['month']:%Y-%m}", _SHOWN[row["measure"]], amount(row["share"], "share")

    sketch = Sketch(lambda _, found: charts.dissent(found, top), alt, empty)
    return Figure(
        "dissent",
        "What people think against what they show",
        "Shares of adult-days. Some who show opposition hold little of their own and are carried along by others, so "
        "more is held and not shown than the space between the lines; “held but not shown” below counts it.",
        studio.panels("dissent", studio.manifest.worlds, lines_of(rows), sketch),
        (("without", "dashes", "held in private"), ("with", "line", "shown")),
        Table(
            "Share of adult-days in the last month of each year",
            ("world", "month", "opposition", "share of adult-days"),
            tuple(line(name, row) for name, found in rows.items() for row in yearly(found)),
        ),
    )
