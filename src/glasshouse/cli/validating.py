"""`glasshouse validate`: the stylised facts, hit or miss, misses included."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from glasshouse.validation import Result, chosen, validate

_ROLES = {"calibrated": "cal.", "predicted": "pred."}
_SMALL = 1e-4
"Below it, a number is written out."
_COLOURS = {"hit": "green", "miss": "bold red", "not modelled": "yellow"}


def validate_and_print(only: str | None, people: int, towns: int, seed: int, as_json: bool, keep: Path | None) -> None:
    """Find the facts and print a table, or JSON.

    Args:
        only: facts, settings or roles, joined by commas; all facts if left out.
        people, towns, seed: of the main runs.
        as_json: print JSON.
        keep: a folder for the runs.
    """
    wanted = [name.strip() for name in only.split(",") if name.strip()] if only else None
    chosen(wanted)
    console = Console(stderr=True)
    with console.status("looking at the laws") as status:
        results = validate(
            wanted, people=people, towns=towns, seed=seed, keep=keep,
            say=lambda name: status.update(f"playing the run {name}"),
        )  # fmt: skip
    if as_json:
        print(json.dumps([result.to_dict() for result in results], indent=1, ensure_ascii=False))
        return
    screen = Console()
    screen.print(table(results))
    screen.print(
        f"{summary(results)}. {people:,} people in {towns} towns, seed {seed}. Numbers were chosen with the calibrated "
        "facts in view, so their hits prove little; nothing was fitted to the predicted ones. A hit is no proof that "
        "the laboratory is right, a miss is one that it is wrong somewhere.",
        soft_wrap=True,
        highlight=False,
    )


def table(results: list[Result]) -> Table:
    """One row a fact; where a fact has several values, one more for each."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("")
    shown.add_column("fact", overflow="fold", min_width=16)
    shown.add_column("value", justify="right", no_wrap=True)
    shown.add_column("target", no_wrap=True)
    shown.add_column("", no_wrap=True)
    shown.add_column("role", no_wrap=True)
    shown.add_column("source", overflow="fold", min_width=4)
    for result in results:
        fact, values = result.fact, result.finding.values
        marked = f"[{_COLOURS[result.verdict]}]{result.verdict}[/]"
        rest = (marked, _ROLES[fact.role], fact.source or "-")
        if not values:
            shown.add_row(fact.id, f"{fact.what}: {result.finding.detail}", "-", "-", *rest)
        elif len(fact.targets) == 1:
            ((name, target),) = fact.targets.items()
            shown.add_row(fact.id, f"{fact.what}: {name}", number(values[name]), str(target), *rest)
        else:
            shown.add_row(fact.id, fact.what, "", "", *rest)
            for name, target in fact.targets.items():
                shown.add_row("", f"  {name}", number(values[name]), str(target), "", "", "")
    return shown


def number(value: float) -> str:
    """Three figures that matter, never an exponent."""
    return f"{value:.3g}" if abs(value) >= _SMALL or value == 0 else f"{value:.6f}"


def summary(results: list[Result]) -> str:
    """Hits and misses of each role, as a sentence without its full stop."""
    parts = []
    for role in ("calibrated", "predicted"):
        found = Counter(result.verdict for result in results if result.fact.role == role)
        told = f"{found['hit']} of {found['hit'] + found['miss']} hit"
        missing = f", {found['not modelled']} not modelled" if found["not modelled"] else ""
        parts.append(f"{role.capitalize()}: {told}{missing}")
    return ". ".join(parts)
