"""A dummy day as wide as the finished model: 60 columns, 14 deeds, 15 random blocks, 56 totals a month.

    python benchmarks/full_width_day.py --people 1000000 --devices 2

No science: fifteen mechanisms of one pattern, built with the house's own draws, walls, arithmetic and devices. Each
draws one block, reads the mechanism before it, and moves four columns of its own (int32, uint16, two uint8: 120 bytes
a person in all). Fourteen of them end in a deed or not. Deeds of the day leave one mark a person; a month's deeds are
counted five bits each and summed once a month by deed and group: 14 * 4 = 56 totals, int64.

What a later mechanism costs is measured against this: a real one may replace a dummy one, and the day stays in budget.
Left out: table look-ups, neighbours, and the marks' way to the disk; benchmarks of the society have them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from glasshouse.arithmetic import ONE_Q30, chance, happens, step_towards
from glasshouse.draws.philox import Key, words
from glasshouse.draws.purposes import PERSON, Purpose
from glasshouse.engine import devices
from glasshouse.engine.program import COMPILER, REPLICATED
from glasshouse.engine.walls import wall
from machine import peak_bytes

MECHANISMS, DEEDS, GROUPS, MONTH = 15, 14, 4, 31
_PLACES = 4096
_FIRST_PURPOSE = 60_000  # far above the registry: dummies ask questions that nobody else asks
_BITS = 5  # a month has at most 31 days


class Person(NamedTuple):
    """What four columns of a mechanism hold: int32 Q30, uint16, uint8, uint8; [C, P]."""

    level: Any
    since: Any
    state: Any
    flag: Any


class Town(NamedTuple):
    """number: uint32 [C, P]; group: uint8 [C, P]; rate: uint32 [MECHANISMS], chance of a deed at rest."""

    number: Any
    group: Any
    rate: Any


def decide(n: int, town: Town, day: Any, before: Person, own: Person, outcome: Any) -> Any:
    """What the block of mechanism `n` brings, uint32: deed, advance and flag in the low bits, noise above them.

    One result only: a compiled step draws its block anew for each column that it writes.
    """
    del outcome
    purpose = Purpose(_FIRST_PURPOSE + n, PERSON, "")
    block = words(Key.of(1), town.number, purpose, day.astype(jnp.uint32), jnp.uint32(0))
    threshold = town.rate[n] + (own.level.astype(jnp.uint32) >> 3) - (before.level.astype(jnp.uint32) >> 4)
    deed = happens(block.a, jnp.where(before.flag > 0, threshold >> 1, threshold))
    advance, flag = happens(block.b, town.rate[n]), happens(block.c, threshold)
    return (block.d & ~jnp.uint32(7)) | deed | (advance.astype(jnp.uint32) << 1) | (flag.astype(jnp.uint32) << 2)


def move(n: int, before: Person, outcome: Any, columns: tuple[Person, Any]) -> tuple[Person, Any]:
    """Move the columns of mechanism `n`, and mark its deed."""
    own, mark = columns
    deed = (outcome & 1) > 0
    state = (own.state + ((outcome >> 1) & 1).astype(jnp.uint8)) & 7
    flag = (state >= before.state) & ((outcome & 4) > 0)
    target = jnp.where(deed, jnp.int32(ONE_Q30), (outcome >> 4).astype(jnp.int32))
    level = step_towards(own.level, target, jnp.int64(ONE_Q30 // 50))
    since = jnp.where(deed, jnp.uint16(0), own.since + jnp.uint16(1))
    kept = mark | (deed.astype(jnp.uint32) << n) if n < DEEDS else mark
    return Person(level, since, state.astype(jnp.uint8), flag.astype(jnp.uint8)), kept


def day(town: Town, on: Any, number: Any, people: tuple[Person, ...]) -> tuple[tuple[Person, ...], Any]:
    """One day: every mechanism in order, its draws and its columns behind a wall each."""
    nothing = jnp.zeros(town.number.shape, jnp.uint32)
    tonight, mark = list(people), nothing
    for n in range(MECHANISMS):
        before, own = tonight[n - 1], tonight[n]
        outcome = wall(on, partial(decide, n, town, number, before, own), nothing)
        tonight[n], mark = wall(on, partial(move, n, before, outcome), (own, mark))
    return tuple(tonight), mark


def month(town: Town, on: Any, first: Any, people: tuple[Person, ...]) -> tuple[tuple[Person, ...], Any, Any]:
    """31 days, the marks of each [31, C, P], and the month's totals, int64 [DEEDS, GROUPS]."""
    blank = jnp.zeros((MONTH, *town.number.shape), jnp.uint32)
    nothing = jnp.zeros(town.number.shape, jnp.uint64)
    halves = (range(DEEDS // 2), range(DEEDS // 2, DEEDS))

    def one(n: Any, so_far: Any) -> Any:
        people, counts, marks = so_far
        people, mark = day(town, on, first + n, people)
        done = [[((mark >> k) & 1).astype(jnp.uint64) << (_BITS * p) for p, k in enumerate(half)] for half in halves]
        return people, tuple(c + sum(d) for c, d in zip(counts, done, strict=True)), marks.at[n].set(mark)

    people, counts, marks = jax.lax.fori_loop(0, MONTH, one, (people, (nothing, nothing), blank))
    totals = [
        jnp.where(town.group == g, (count >> (_BITS * place)) & MONTH, 0).sum(dtype=jnp.int64)
        for count, half in zip(counts, halves, strict=True)
        for place in range(len(half))
        for g in range(GROUPS)
    ]
    return people, marks, jax.lax.psum(jnp.stack(totals).reshape(DEEDS, GROUPS), devices.AXIS)


def measure(people: int, device_count: int | None, months: int) -> dict[str, Any]:
    """Play `months` months; nanoseconds a person-day (median), bytes a person, peak memory."""
    mesh = devices.prepare(device_count)
    cells = -(-people // _PLACES)
    cells += -cells % mesh.size
    shape, seated = (cells, _PLACES), cells * _PLACES
    personal, shared = devices.cells_at(0, 2), REPLICATED
    number = np.arange(seated, dtype=np.uint32).reshape(shape)
    town = Town(number, (number % GROUPS).astype(np.uint8), chance(np.linspace(0.3, 0.6, MECHANISMS)))
    types = Person(np.int32, np.uint16, np.uint8, np.uint8)
    newborn = tuple(Person(*(np.zeros(shape, kind) for kind in types)) for _ in range(MECHANISMS))
    layout = Town(personal, personal, shared)
    town, newborn = devices.place(mesh, town, layout), devices.place(mesh, newborn, (personal,) * MECHANISMS)
    spread = jax.shard_map(
        month,
        mesh=mesh,
        in_specs=(layout, shared, shared, personal),
        out_specs=(personal, devices.cells_at(1, 3), shared),
        check_vma=False,
    )
    program = jax.jit(spread, donate_argnums=3, compiler_options=COMPILER)
    on = np.bool_(True)
    started = time.perf_counter()
    now, marks, totals = jax.block_until_ready(program(town, on, np.int32(0), newborn))
    first_call, seconds = time.perf_counter() - started, []
    for n in range(months):
        started = time.perf_counter()
        now, marks, totals = jax.block_until_ready(program(town, on, np.int32(MONTH * (n + 1)), now))
        seconds.append(time.perf_counter() - started)
    deeds = int(np.bitwise_count(np.asarray(marks)).sum())
    if deeds != int(totals.sum()):
        raise RuntimeError(f"The marks hold {deeds} deeds, the totals {int(totals.sum())}.")
    a_person_day = statistics.median(seconds) * 1e9 / MONTH / seated
    return {
        "people": seated,
        "devices": device_count,
        "months": months,
        "first_call_s": first_call,
        "ns_a_person_day": a_person_day,
        "million_person_days_a_s": 1e3 / a_person_day,
        "bytes_a_person": sum(x.nbytes for x in jax.tree.leaves(now)) / seated,
        "columns": len(jax.tree.leaves(now)),
        "peak_bytes": peak_bytes(),
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="A dummy day as wide as the finished model.")
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--devices", type=int, default=None)
    parser.add_argument("--months", type=int, default=5)
    given = parser.parse_args()
    print(json.dumps(measure(given.people, given.devices, given.months)))


if __name__ == "__main__":
    main()
