"""Speed and size of the society's day.

    python benchmarks/society.py --people 100000 --worlds article --devices 2

Prints one line of JSON. Several sizes and worlds take turns month by month in one process, so that their ratios do
not depend on what else the machine was doing. Times are medians over months; a month is played, not recorded.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import time
from typing import Any

import jax

from glasshouse.engine.calendar import Span
from glasshouse.engine.columns import World
from glasshouse.engine.stage import Actor, Stage
from glasshouse.evidence import parameters
from glasshouse.population import invent
from glasshouse.regimes import regime
from machine import peak_bytes

_SEED = 1
_SPAN = Span(dt.date(2020, 1, 1), dt.date(2020, 12, 31), 0)


class House:
    """A town of one size, with all worlds that are played in it."""

    def __init__(self, people: int, worlds: list[str], devices: int | None) -> None:
        """Invent the people and place the worlds."""
        known = parameters()
        books = [regime(name).book for name in worlds]
        started = time.perf_counter()
        population = invent(people, 1, _SEED, parameters=known)
        self.invented = time.perf_counter() - started
        self.people = people
        self.stage = Stage(population, books, _SPAN, _SEED, known, devices)
        born = self.stage.newborn()
        self.actors: list[Actor] = [self.stage.actor(book) for book in books]
        self.worlds: list[World] = [self.stage.place(self.stage.branch(born, actor)) for actor in self.actors]

    def play(self, world: int, month: tuple[dt.date, dt.date]) -> float:
        """Seconds that a month of one world takes."""
        started = time.perf_counter()
        played = self.stage.play(self.actors[world], self.worlds[world], month)
        self.worlds[world] = played.world
        jax.block_until_ready(played[:3])
        return time.perf_counter() - started

    def bytes_a_person(self) -> dict[str, float]:
        """Bytes of columns by person: of one world, and shared by all; vacant places included."""
        size = {"world": self.worlds[0], "shared": self.stage.people}
        return {name: sum(x.nbytes for x in jax.tree.leaves(tree)) / self.people for name, tree in size.items()}


def measure(sizes: list[int], worlds: list[str], devices: int | None, months: int) -> dict[str, Any]:
    """Play `months` months of all worlds at all sizes in turn.

    Returns:
        seconds of the first call (tracing, compilation or a load from the cache, and one day), nanoseconds a
        person-day by size and world, bytes a person by size, and the peak memory of the process in bytes.
    """
    houses = [House(people, worlds, devices) for people in sizes]
    first_day = (_SPAN.first, _SPAN.first)
    first_call = [house.play(0, first_day) for house in houses]
    calendar = _SPAN.months()[:months]
    nanoseconds: dict[tuple[int, int], list[float]] = {}
    for month in calendar:
        days = (month[1] - month[0]).days + 1
        for h, house in enumerate(houses):
            for w in range(len(worlds)):
                nanoseconds.setdefault((h, w), []).append(house.play(w, month) * 1e9 / days / house.people)
    by_size = []
    for h, house in enumerate(houses):
        a_person_day = [statistics.median(nanoseconds[h, w]) for w in range(len(worlds))]
        by_size.append(
            {
                "people": house.people,
                "first_call_s": first_call[h],
                "invent_s": house.invented,
                "ns_a_person_day": a_person_day,
                "million_person_days_a_s": 1e3 * len(worlds) / sum(a_person_day),
                "bytes_a_person": house.bytes_a_person(),
            }
        )
    return {"worlds": worlds, "devices": devices, "months": months, "sizes": by_size, "peak_bytes": peak_bytes()}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Speed and size of the society's day.")
    parser.add_argument("--people", type=int, nargs="+", default=[100_000])
    parser.add_argument("--worlds", nargs="+", default=["article"])
    parser.add_argument("--devices", type=int, default=None)
    parser.add_argument("--months", type=int, default=6)
    given = parser.parse_args()
    print(json.dumps(measure(given.people, given.worlds, given.devices, given.months)))


if __name__ == "__main__":
    main()
