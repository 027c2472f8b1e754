"""The compiled month: one program for every world and every month of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax.sharding import Mesh, PartitionSpec

from glasshouse.engine.calendar import MONTH, pick
from glasshouse.engine.columns import People, Today, World
from glasshouse.engine.counts import Counts
from glasshouse.engine.day import Marks, day
from glasshouse.engine.devices import AXIS, cells_at
from glasshouse.engine.neighbours import Collect
from glasshouse.engine.parts import Friends
from glasshouse.engine.setting import Setting

Month = Callable[[Setting, World, Counts, Today, Any], tuple[World, Counts, Marks]]
"""(setting, world, counts so far, calendar of 31 days, number of days) -> (world, counts, marks [31, C, P]; rows past
the last day are zero)"""

COMPILER = {"xla_cpu_prefer_vector_width": 512}
"CPUs with wide registers use all of them: random blocks are half the work of a day. It changes no bit."

REPLICATED = PartitionSpec()
PEOPLE_SPECS = People(
    **dict.fromkeys(
        ("number", "resident", "adult", "liable", "driver", "parent", "digital", "prosocial", "group", "requests",
         "susceptibility", "risk", "boldness", "lookalike", "level", "aware_word", "covered", "kin", "kin_share",
         "wage", "career", "job", "borrower", "seat", "members", "employer", "owned", "firms", "standing"),
        cells_at(0, 2),
    ),
    venues=cells_at(0, 2),
    town=cells_at(0, 1),
    rank=cells_at(0, 1),
    building_adults=cells_at(0, 2),
    cell_adults=cells_at(0, 1),
    town_adults=REPLICATED,
    likeness=cells_at(0, 2),
    places=REPLICATED,
    lots=cells_at(0, 2),
    spending=REPLICATED,
    friends=Friends(cells_at(1, 3), cells_at(0, 2), cells_at(0, 1), cells_at(0, 1)),
)  # fmt: skip
PERSONAL = cells_at(0, 2)
# A field's layout holds for all arrays of the field.
WORLD_SPECS = World(
    **dict.fromkeys((f.name for f in fields(World)), PERSONAL) | {"probes": cells_at(0, 3), "account": cells_at(0, 1)},
)
MARKS_SPECS = Marks(*[cells_at(1, 3)] * len(Marks._fields))


def month_program(mesh: Mesh, split: bool) -> Month:
    """Compile-once program of a month.

    Args:
        mesh: the devices.
        split: whether a town lies on several devices, so that its sums must be exchanged.
    """
    collect = Collect(AXIS if split and mesh.size > 1 else None)
    setting_specs = Setting(REPLICATED, PEOPLE_SPECS, REPLICATED, REPLICATED, REPLICATED, REPLICATED)  # type: ignore[arg-type]
    spread = jax.shard_map(
        partial(_month, collect),
        mesh=mesh,
        in_specs=(setting_specs, WORLD_SPECS, PERSONAL, REPLICATED, REPLICATED),
        out_specs=(WORLD_SPECS, PERSONAL, MARKS_SPECS),
        check_vma=False,
    )
    return jax.jit(spread, donate_argnums=(1, 2), compiler_options=COMPILER)


def _month(
    collect: Any, setting: Setting, world: World, counts: Counts, calendar: Today, days: Any
) -> tuple[World, Counts, Marks]:
    grid = setting.people.number.shape
    blank = Marks(*[jnp.zeros((MONTH, *grid), jnp.uint32) for _ in Marks._fields])

    def one(n: Any, so_far: tuple[World, Counts, Marks]) -> tuple[World, Counts, Marks]:
        world, counts, marks = so_far
        world, counts, today = day(setting, world, counts, pick(calendar, n), collect)
        return world, counts, Marks(*(all_days.at[n].set(one) for all_days, one in zip(marks, today, strict=True)))

    return jax.lax.fori_loop(0, days, one, (world, counts, blank))
