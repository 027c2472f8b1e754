"""The same bytes from one device, two and four, however the days are called (T02)."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from glasshouse.engine.columns import World
from glasshouse.regimes import Number
from stage import Life, book, by_person, live, same_bytes, set_stage, standard

ROOT = Path(__file__).parent.parent.parent
TOWNS = (1, 3)
"One town is split by two and by four devices; three are shared out by two, and split by four."
SCRIPT = """
import datetime as dt, hashlib, sys
import jax
from stage import book, live, people, set_stage
devices = int(sys.argv[1])
for towns in map(int, sys.argv[2:]):
    last = dt.date(2020, 2, 3)
    stage = set_stage(people(1_200, towns), [], last=last, devices=devices)
    assert stage.mesh.size == devices, stage.mesh
    assert stage.grid.split == (towns < devices)
    told = live(stage, book("article"))
    digest = hashlib.sha256()
    for column in [*jax.tree.leaves(told.months), told.deeds, told.notices, told.fates]:
        digest.update(str((column.dtype, column.shape)).encode() + column.tobytes())
    print(digest.hexdigest())
"""


def start(devices: int) -> subprocess.Popen[str]:
    environment = os.environ | {
        "JAX_NUM_CPU_DEVICES": str(devices),
        "JAX_PLATFORMS": "cpu",
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT / "tests"))),
    }
    command = [sys.executable, "-c", SCRIPT, str(devices), *map(str, TOWNS)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)


@cache
def digests() -> dict[int, list[str]]:
    """Digest of everything that was lived, by number of devices: one a number of towns."""
    found = {}
    for devices, process in {n: start(n) for n in (1, 2, 4)}.items():
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        found[devices] = out.split()
    return found


@pytest.mark.parametrize("devices", [2, 4])
@pytest.mark.parametrize("place", range(len(TOWNS)), ids=[f"{n} towns" for n in TOWNS])
def test_devices_do_not_change_a_byte(devices: int, place: int) -> None:
    assert digests()[devices][place] == digests()[1][place]


def test_other_towns_are_other_lives() -> None:
    """The digest tells lives apart."""
    assert len(set(digests()[1])) == len(TOWNS)


@cache
def by_months() -> Life:
    return live(standard(), book("article"), QUARTER)


def month(number: int, first: int, last: int) -> tuple[dt.date, dt.date]:
    return dt.date(2020, number, first), dt.date(2020, number, last)


QUARTER = [month(1, 1, 31), month(2, 1, 29), month(3, 1, 31)]
CHUNKINGS = {
    "halves": [part for n, end in ((1, 31), (2, 29), (3, 31)) for part in (month(n, 1, 9), month(n, 10, end))],
    "thirds": [
        part for n, end in ((1, 31), (2, 29), (3, 31)) for part in (month(n, 1, 3), month(n, 4, 25), month(n, 26, end))
    ],
    "single days at first": [*(month(1, day, day) for day in range(1, 32)), *QUARTER[1:]],
}  # fmt: skip


@pytest.mark.parametrize("chunking", CHUNKINGS)
def test_how_days_are_called_does_not_matter(chunking: str) -> None:
    told = live(standard(), book("article"), CHUNKINGS[chunking])
    assert same_bytes(told.end, by_months().end)
    for name in ("deeds", "notices", "fates", "gains"):
        assert same_bytes(getattr(told, name), getattr(by_months(), name)), name


def test_worlds_beside_it_do_not_change_a_world() -> None:
    """Months of three worlds in turns, against one world alone."""
    stage = standard()
    actors = [stage.actor(book(name)) for name in ("article", "none", "ordinary-law")]
    worlds = [stage.place(stage.branch(stage.newborn(), actor)) for actor in actors]
    for days in QUARTER:
        for n in (2, 0, 1):
            worlds[n] = stage.play(actors[n], worlds[n], days).world
    alone = [live(stage, actor.book, QUARTER).end for actor in actors]
    for world, other in zip(worlds, alone, strict=True):
        read: World = by_person(stage, world)
        assert same_bytes(read, other)


def test_room_for_another_regimes_tiers_and_lists_does_not_change_a_world() -> None:
    """A longer rule book on the stage widens the tables; the padding is inert."""
    article = book("article")
    top = article.tiers[0].model_copy(update={"name": "top", "from_": Number(value=1200)})
    more = {f"list {n}": article.lists["redlist"] for n in range(3)}
    longer = article.model_copy(update={"tiers": [top, *article.tiers], "lists": article.lists | more})
    wide = set_stage(books=[longer])
    assert wide.shape != standard().shape
    told = live(wide, article, QUARTER[:1]).end
    here = live(standard(), article, QUARTER[:1]).end
    for name in (
        "score",
        "risk",
        "watched",
        "opposition",
        "voice",
    ):
        assert same_bytes(getattr(told, name), getattr(here, name)), name
    assert same_bytes(told.until[: len(article.lists)], here.until)
