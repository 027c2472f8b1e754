"""The five drawings of the report, as Altair charts: one world each, every month or less, never a day.

Colours are the light ones of `palette`; `figures.draw` hands them over to the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from glasshouse.report.figures import HEIGHT
from glasshouse.report.palette import LIGHT, tier_palette

if TYPE_CHECKING:
    import datetime as dt

    import altair as alt

Row = dict[str, Any]


def year_of(month: dt.date) -> float:
    """The end of a month on a line of years. Dates would be drawn in a time zone; numbers are not."""
    return round(month.year + month.month / 12, 4)


_NAMES: Final[Row] = {"labelLimit": 110, "minExtent": 116}
"Room for names beside an axis: a browser's letters may be wider than those the drawing was laid out with."


def _years(rows: Sequence[Row]) -> alt.X:
    import altair as alt

    years = [row["year"] for row in rows]
    scale = alt.Scale(domain=[int(min(years) - 0.001), max(years)], nice=False, zero=False)
    return alt.X("year:Q", title=None, scale=scale, axis=alt.Axis(format="d", tickCount=5, tickMinStep=1, grid=False))


def _share(field: str, title: str | None, top: float) -> alt.Y:
    import altair as alt

    scale = alt.Scale(domain=[0, top], nice=False)
    return alt.Y(field, title=title, scale=scale, axis=alt.Axis(format=".0%" if top > 0.05 else ".1%", tickCount=5))


def _chart(rows: Sequence[Row]) -> alt.Chart:
    import altair as alt

    plain = [{key: cell for key, cell in row.items() if isinstance(cell, int | float | str)} for row in rows]
    return alt.Chart(alt.InlineData(values=plain))


def scores(rows: Sequence[Row]) -> alt.Chart:
    """Histogram. Rows: low, high (points), share."""
    import altair as alt

    top = max(row["share"] for row in rows) * 1.05
    step = rows[0]["high"] - rows[0]["low"]
    edges = [min(row["low"] for row in rows) - step, max(row["high"] for row in rows) + step]
    drawn: alt.Chart = (
        _chart(rows)
        .mark_bar(color=LIGHT["with"], stroke=LIGHT["surface"], strokeWidth=0.5)
        .encode(
            x=alt.X(
                "low:Q",
                title="points",
                scale=alt.Scale(domain=edges, nice=False, zero=False),
                axis=alt.Axis(grid=False, tickCount=4, format="d", labelOverlap="greedy", labelSeparation=8),
            ),
            x2="high:Q",
            y=_share("share:Q", "share of people", top),
            y2=alt.datum(0),
        )
        .properties(height=HEIGHT)
    )
    return drawn


def tiers(rows: Sequence[Row], count: int) -> alt.Chart:
    """Stacked shares, best tier on top. Rows: year, place (0 = best), share."""
    import altair as alt

    colours = alt.Scale(domain=list(range(count)), range=list(tier_palette(count)))
    drawn: alt.Chart = (
        _chart(rows)
        .mark_area(interpolate="linear", stroke=LIGHT["surface"], strokeWidth=0.7)
        .encode(
            x=_years(rows),
            y=_share("share:Q", "share of people", 1.0),
            color=alt.Color("place:O", legend=None, scale=colours),
            order=alt.Order("place:O", sort="descending"),
        )
        .properties(height=HEIGHT)
    )
    return drawn


def dissent(rows: Sequence[Row], top: float) -> alt.Chart:
    """Held in private (dashes) against shown (line). Rows: year, measure ("held", "voiced"), share."""
    import altair as alt

    names = ["held", "voiced"]
    drawn: alt.Chart = (
        _chart(rows)
        .mark_line(strokeWidth=2)
        .encode(
            x=_years(rows),
            y=_share("share:Q", "share of adult-days", top),
            color=alt.Color(
                "measure:N",
                legend=None,
                scale=alt.Scale(domain=names, range=[LIGHT["without"], LIGHT["with"]]),
            ),
            strokeDash=alt.StrokeDash("measure:N", legend=None, scale=alt.Scale(domain=names, range=[[5, 3], [1, 0]])),
        )
        .properties(height=HEIGHT)
    )
    return drawn


def denials(
    rows: Sequence[Row], columns: Sequence[str], services: Sequence[str], top: float
) -> alt.LayerChart | alt.FacetChart:
    """Share of requests refused, service by tier or list. Rows: service, column, share, text."""
    import altair as alt

    base = _chart(rows).encode(
        x=alt.X("column:N", title=None, sort=list(columns), axis=alt.Axis(labelAngle=0, orient="top", grid=False)),
        y=alt.Y("service:N", title=None, sort=list(services), axis=alt.Axis(grid=False, **_NAMES)),
    )
    shade = alt.Opacity("share:Q", legend=None, scale=alt.Scale(domain=[0, top], range=[0.04, 0.5]))
    cells = base.mark_rect(color=LIGHT["heat"], stroke=LIGHT["surface"]).encode(opacity=shade)
    return alt.layer(cells, base.mark_text(fontSize=11).encode(text="text:N")).properties(
        height=34 + 30 * len(services)
    )


def wrongful(rows: Sequence[Row], groups: Sequence[str], top: float) -> alt.Chart:
    """Bars by group. Rows: group, part (0 mistaken, 1 both, 2 rule-made), rate per 100,000 person-years."""
    import altair as alt

    colours = alt.Scale(domain=[0, 1, 2], range=[LIGHT["mistaken"], LIGHT["both"], LIGHT["rule"]])
    drawn: alt.Chart = (
        _chart(rows)
        .mark_bar(stroke=LIGHT["surface"], strokeWidth=1, height={"band": 0.6})
        .encode(
            y=alt.Y("group:N", title=None, sort=list(groups), axis=alt.Axis(grid=False, **_NAMES)),
            x=alt.X(
                "rate:Q",
                title="days per 100,000 person-years",
                scale=alt.Scale(domain=[0, top], nice=False),
                axis=alt.Axis(format=",.0f" if top > 10 else ".1f", tickCount=4),
            ),
            color=alt.Color("part:O", legend=None, scale=colours),
            order=alt.Order("part:O"),
        )
        .properties(height=50 + 40 * len(groups))
    )
    return drawn
