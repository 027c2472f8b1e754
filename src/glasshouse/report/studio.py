"""What all figures share: a run, its effects, its colours, and one panel a world."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glasshouse.measures.estimates import Effect
from glasshouse.measures.totals import Totals
from glasshouse.records.schema import World
from glasshouse.report import charts
from glasshouse.report.figures import Legend, Panel, draw
from glasshouse.report.palette import css_names
from glasshouse.report.titles import shortened

Row = dict[str, Any]


def _no_legend(_: World) -> Legend:
    return ()


@dataclass(frozen=True)
class Sketch:
    """How a figure treats one world: what it draws, what it says of it, and what of nothing."""

    chart: Callable[[World, list[Row]], Any]
    alt: Callable[[World, list[Row]], str]
    empty: Callable[[World], str]
    legend: Callable[[World], Legend] = _no_legend


class Studio:
    """Draws for one run."""

    def __init__(self, run: Totals, effects: Sequence[Effect]) -> None:
        """`effects` are those of the run."""
        self.run, self.effects, self.manifest = run, effects, shortened(run.manifest)
        self.colours = css_names(tuple(len(world.tiers) for world in self.manifest.worlds))

    def panels(
        self, name: str, worlds: Sequence[World], rows: Mapping[str, list[Row]], sketch: Sketch
    ) -> tuple[Panel, ...]:
        """One panel a world, drawn from its rows, or the sentence for having none."""
        made = []
        for place, world in enumerate(worlds):
            found = rows.get(world.name, [])
            if not found:
                made.append(Panel(world.title, sketch.empty(world)))
                continue
            svg = draw(sketch.chart(world, found), f"{name}-{place}", self.colours)
            made.append(Panel(world.title, sketch.alt(world, found), svg, sketch.legend(world)))
        return tuple(made)


def by_world(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of each world, in their order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[str(row["world"])].append(row)
    return dict(found)


def with_year(rows: Sequence[Row]) -> list[Row]:
    """The rows with their month on a line of years."""
    return [row | {"year": charts.year_of(row["month"])} for row in rows]


def lines_of(rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """What can be drawn as a line: worlds with more than one month."""
    return {name: found for name, found in rows.items() if len({row["month"] for row in found}) > 1}


def yearly(rows: Sequence[Row]) -> list[Row]:
    """The rows of each December, and of the last month."""
    last = max(row["month"] for row in rows)
    return [row for row in rows if row["month"].month == 12 or row["month"] == last]


ONE_MONTH = "A single month is no line; its numbers are in the table."


def no_score(_: World) -> str:
    """What stands in for a drawing of scores or tiers."""
    return "This world keeps no score and sorts nobody into tiers."
