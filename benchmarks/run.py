"""All benchmarks, each in a process of its own; appends one line to history.jsonl.

python benchmarks/run.py            about five minutes on two quiet cores
python benchmarks/run.py --quick    a minute: small sizes, few months, nothing appended unless --keep
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from machine import circumstances

_HERE = Path(__file__).parent
_THREE = ["article", "ordinary-law", "documented"]
_MEGABYTE = 1e6


def run(program: str, cache: str, **options: Any) -> dict[str, Any]:
    """Run one program in a fresh process with its own folder of compiled programs; its line of JSON."""
    words = [sys.executable, str(_HERE / f"{program}.py")]
    for name, value in options.items():
        words += [f"--{name}", *([str(x) for x in value] if isinstance(value, list) else [str(value)])]
    done = subprocess.run(words, env=os.environ | {"GLASSHOUSE_CACHE": cache}, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def compilation(cache: str) -> dict[str, float]:
    """Seconds of the first call: with an empty folder of compiled programs, and with the one it leaves behind."""
    cold, cached = (run("society", cache, people=10_000, devices=2, months=1) for _ in range(2))
    return {"cold_s": cold["sizes"][0]["first_call_s"], "cached_s": cached["sizes"][0]["first_call_s"]}


def society(cache: str, sizes: list[int], months: int) -> list[dict[str, Any]]:
    """Every size, with one world and three, on one device and two; a process each, so that peaks are their own."""
    rows = []
    for people in sizes:
        for worlds in (_THREE[:1], _THREE):
            for devices in (1, 2):
                found = run("society", cache, people=people, worlds=worlds, devices=devices, months=months)
                rows.append(found.pop("sizes")[0] | found)
                print(f"society {people} {len(worlds)} worlds {devices} devices", file=sys.stderr)
    return rows


def growth(cache: str, sizes: list[int], months: int) -> float:
    """Time a person-day at the larger size over the smaller; the two take turns in one process."""
    small, large = run("society", cache, people=sizes, devices=2, months=months)["sizes"]
    ratio: float = large["ns_a_person_day"][0] / small["ns_a_person_day"][0]
    return ratio


def second_world(cache: str, people: int, months: int) -> float:
    """Time of a second world over the first, both under the same rule book, in turns in one process."""
    found = run("society", cache, people=people, worlds=["article", "article"], devices=2, months=months)
    first, second = found["sizes"][0]["ns_a_person_day"]
    ratio: float = second / first
    return ratio


def measure(quick: bool) -> dict[str, Any]:
    """Everything, as one line of the history."""
    sizes, months = ([10_000, 50_000], 3) if quick else ([10_000, 100_000, 1_000_000], 6)
    line: dict[str, Any] = {"quick": quick} | circumstances()
    with tempfile.TemporaryDirectory() as cache:
        line["compile"] = compilation(cache)
        line["growth"] = {"sizes": sizes[-2:], "ratio": growth(cache, sizes[-2:], months)}
        line["second_world"] = second_world(cache, sizes[-2], months)
        line["full_width_day"] = [
            run("full_width_day", cache, people=sizes[-1], devices=devices, months=months) for devices in (1, 2)
        ]
        line["society"] = society(cache, sizes, months)
    return line


def show(line: dict[str, Any]) -> None:
    """Print the line for people."""
    console = Console()
    console.print(f"{line['cpu']}, {line['cores']} cores, load {line['busy']} at the start, JAX {line['jax']}")
    table = Table("program", "people", "worlds", "devices", "M person-days/s", "B a world", "B shared", "peak MB")
    for row in line["society"]:
        size = row["bytes_a_person"]
        table.add_row(
            "society", f"{row['people']:,}", str(len(row["worlds"])), str(row["devices"]),
            f"{row['million_person_days_a_s']:.1f}", f"{size['world']:.0f}", f"{size['shared']:.0f}",
            f"{row['peak_bytes'] / _MEGABYTE:.0f}",
        )  # fmt: skip
    for row in line["full_width_day"]:
        table.add_row(
            "full-width day", f"{row['people']:,}", "1", str(row["devices"]),
            f"{row['million_person_days_a_s']:.1f}", f"{row['bytes_a_person']:.0f}", "",
            f"{row['peak_bytes'] / _MEGABYTE:.0f}",
        )  # fmt: skip
    console.print(table)
    small, large = line["growth"]["sizes"]
    console.print(f"time a person-day, {large:,} over {small:,} people: {line['growth']['ratio']:.2f}")
    console.print(f"second world over the first: {line['second_world']:.2f}")
    console.print("first call: {cold_s:.1f} s cold, {cached_s:.1f} s cached".format(**line["compile"]))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="All benchmarks; appends one line to history.jsonl.")
    parser.add_argument("--quick", action="store_true", help="small sizes; nothing is appended")
    parser.add_argument("--keep", action="store_true", help="append even when quick")
    given = parser.parse_args()
    line = measure(given.quick)
    show(line)
    if given.keep or not given.quick:
        with (_HERE / "history.jsonl").open("a", encoding="utf-8") as history:
            history.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
