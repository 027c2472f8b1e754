"""What a figure of the report is: a question, one panel a world, and the table it was drawn from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from glasshouse.report.palette import LIGHT

Legend = tuple[tuple[str, str, str], ...]
"""CSS variable, shape (`block`, `line`, `dashes`), meaning."""

WIDTH: Final = 340
HEIGHT: Final = 220


@dataclass(frozen=True)
class Panel:
    """One world in a figure: a drawing, or the sentence that stands where there is nothing to draw."""

    world: str
    alt: str
    svg: str | None = None
    legend: Legend = ()
    "As the figure's, where worlds differ."


@dataclass(frozen=True)
class Table:
    """The numbers under a figure."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """One question and its answer in pictures."""

    id: str
    title: str
    lead: str
    panels: tuple[Panel, ...]
    legend: Legend = ()
    table: Table | None = None


def draw(chart: Any, name: str, colours: Mapping[str, str]) -> str:
    """The SVG of an Altair chart, in the page's colour variables.

    Args:
        chart: the chart, `WIDTH` wide, drawn in light colours.
        name: prefix that keeps the ids of several drawings on one page apart.
        colours: light colour -> CSS variable.

    Returns:
        An `<svg>` element without size, fonts or colours of its own; the same bytes for the same chart.
    """
    import vl_convert

    svg = str(vl_convert.vegalite_to_svg(_styled(chart.to_dict())))
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r' (?:class|font-family|aria-hidden|aria-roledescription|role|pointer-events)="[^"]*"', "", svg)
    svg = re.sub(r'^<svg ([^>]*?)width="[\d.]+" height="[\d.]+"', r'<svg \1aria-hidden="true" focusable="false"', svg)
    for colour, variable in colours.items():
        svg = svg.replace(f'"{colour}"', f'"var(--{variable})"')
    return svg


def _styled(spec: dict[str, Any]) -> dict[str, Any]:
    """The house style: quiet axes, no background, everything that is said is said by the page."""
    axis = {
        "domainColor": LIGHT["muted"],
        "gridColor": LIGHT["grid"],
        "tickColor": LIGHT["muted"],
        "labelColor": LIGHT["muted"],
        "titleColor": LIGHT["muted"],
        "titleFontWeight": "normal",
        "labelFontSize": 11,
        "titleFontSize": 12,
    }
    config = {
        "aria": False,
        "background": None,
        "view": {"stroke": None},
        "axis": axis,
        "text": {"color": LIGHT["ink"], "fontSize": 12},
    }
    return spec | {"config": config, "width": WIDTH, "autosize": {"type": "fit", "contains": "padding"}}
