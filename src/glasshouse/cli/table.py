"""The short table a run prints."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from glasshouse.measures.effects import headline
from glasshouse.measures.estimates import NO_CASES, Effect
from glasshouse.records.schema import Manifest
from glasshouse.report.words import SHARES, number

_MARKS = "*†‡§"


def headline_table(manifest: Manifest, effects: Sequence[Effect]) -> Group:
    """The headline measures of each regime beside ordinary law, with 95 % intervals over towns."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("", overflow="fold")
    table.add_column(manifest.baseline, justify="right")
    worlds = [world.name for world in manifest.regimes]
    for name in worlds:
        table.add_column(name, justify="right")
    marks: dict[str, str] = {}
    rows: dict[tuple[str, str], dict[str, Effect]] = {}
    for line in headline(list(effects)):
        rows.setdefault((line.measure, line.key), {})[line.world] = line
    for (measure, key), by_world in rows.items():
        first = next(iter(by_world.values()))
        label = f"in tier {key} at the end, of the scored" if measure == "tier_share" else first.label
        same = first.baseline is None or first.relative
        baseline = "" if same else _number(first.baseline or 0.0, first)
        table.add_row(f"{label}, {_unit(first)}", baseline, *(_cell(by_world.get(name), marks) for name in worlds))
    town = "town" if manifest.towns == 1 else "towns"
    note = (
        f"{manifest.people:,} invented people in {manifest.towns} {town}, {manifest.from_} to {manifest.until}. "
        "After a comma: the difference to ordinary law. In brackets: 95 % intervals over towns, of that difference (of "
        "the value itself where ordinary law has none). One setting of the assumed numbers, not yet varied."
    )
    remarks = "".join(f" {mark} {remark}." for remark, mark in marks.items())
    return Group(table, Text(note + remarks, style="dim"))


def _cell(line: Effect | None, marks: dict[str, str]) -> str:
    """Value and interval; a remark becomes a mark, told under the table."""
    if line is None:
        return "-"
    value = _number(line.value, line)
    if line.remark:
        return f"{value} {marks.setdefault(line.remark, _MARKS[len(marks)])}" if line.remark != NO_CASES else value
    if line.low is None or line.high is None:
        return value
    if line.baseline and line.difference is not None and not line.relative:
        value += f", {'+' if line.difference > 0 else ''}{_number(line.difference, line)}"
    return f"{value} [{_number(line.low, line)}, {_number(line.high, line)}]"


def _number(value: float, line: Effect) -> str:
    return number(100 * value if line.unit in SHARES else value)


def _unit(line: Effect) -> str:
    return "%" if line.unit in SHARES else line.unit
