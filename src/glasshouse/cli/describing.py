"""`glasshouse describe`: the plan of a day, with the share of time each step takes."""

from __future__ import annotations

import json
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table


def describe_and_print(regime: str, people: int, month: str, as_json: bool) -> None:
    """Print the plan of a day of one regime.

    Args:
        regime: as named.
        people: how many to time it with.
        month: as 2020-09.
        as_json: print JSON, with what each step reads and writes.
    """
    from glasshouse.api import describe

    steps = describe(regime, people=people, month=month)
    if as_json:
        print(json.dumps(steps, indent=1))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("step", "what happens", "when", "writes"):
        table.add_column(name, overflow="fold")
    table.add_column("time", justify="right")
    for step in steps:
        table.add_row(step["step"], step["what"], step["when"], _writes(step["writes"]), f"{step['share']:.1%}")
    console = Console()
    console.print(table)
    day = sum(step["seconds"] for step in steps) / steps[0]["length"]
    console.print(
        f"{people:,} people under {regime} in {month}, step by step on one device: {day * 1e3:.1f} ms a day. A run "
        "compiles the whole month at once and is faster; --json has what each step reads.",
        soft_wrap=True,
        highlight=False,
    )


def _writes(names: list[Any]) -> str:
    return ", ".join(name.removeprefix("World.") for name in names)
