"""Where a run stands: all worlds at the end of a month, and the parts recorded up to it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.columns import World
from glasshouse.engine.counts import Gains
from glasshouse.errors import RunFolderError
from glasshouse.runs.folder import STATE, WORK, write_arrays

_PART = re.compile(r"part-(\d{5})-(\d{5})\.npz")

Part = dict[str, NDArray[Any]]


def save(folder: Path, first: int, last: int, part: Part, worlds: dict[str, World], sums: dict[str, Gains]) -> None:
    """Record months `first` to `last` and the worlds after them.

    Args:
        folder: the run folder.
        first, last: numbers of the months recorded in `part`.
        part: arrays by name.
        worlds: on the host, by name.
        sums: of the months so far, by name of the world.
    """
    work = folder / WORK
    write_arrays(work / f"part-{first:05}-{last:05}.npz", part)
    state: Part = {"month": np.array(last)}
    for name, world in worlds.items():
        for n, column in enumerate(jax.tree.leaves(world)):
            state[f"{name}/{n}"] = np.asarray(column)
        for n, column in enumerate(jax.tree.leaves(sums[name])):
            state[f"{name}/sum/{n}"] = column
    write_arrays(work / STATE, state)


def load(
    folder: Path, like: World, sums_like: Gains, names: list[str], cells: int
) -> tuple[int, dict[str, World], dict[str, Gains]]:
    """The last month recorded (-1 for none), the worlds after it and their sums; parts beyond it are removed.

    The run may go on with another number of devices than it was begun with, whose grid ends in another number of
    vacant cells: those come from `like`.

    Args:
        folder: the run folder.
        like: any world of this run on its first morning.
        sums_like: any sums of this run.
        names: of the worlds.
        cells: cells that people can live in; what follows them on the grid is vacant.

    Raises:
        RunFolderError: the state or a part cannot be read.
    """
    path = folder / WORK / STATE
    if not path.exists():
        _drop_beyond(folder, -1)
        return -1, {}, {}
    held = read(path)
    leaves, shape = jax.tree.flatten(like)
    try:
        last = int(held["month"])
        worlds = {
            name: jax.tree.unflatten(
                shape, [np.concatenate([held[f"{name}/{n}"][:cells], leaf[cells:]]) for n, leaf in enumerate(leaves)]
            )
            for name in names
        }
        places, tree = jax.tree.flatten(sums_like)
        sums = {name: jax.tree.unflatten(tree, [held[f"{name}/sum/{n}"] for n in range(len(places))]) for name in names}
    except (KeyError, ValueError, TypeError, IndexError) as problem:
        raise _damaged(path) from problem
    _drop_beyond(folder, last)
    _check_months(folder, last)
    return last, worlds, sums


def parts(folder: Path) -> list[Path]:
    """The recorded parts, in the order of their months."""
    return sorted(path for path in (folder / WORK).iterdir() if _PART.fullmatch(path.name))


def read(path: Path, prefix: str = "") -> Part:
    """The arrays of a file whose names begin with a prefix, named without it; RunFolderError if it is damaged."""
    try:
        with np.load(path) as held:
            return {name.removeprefix(prefix): held[name] for name in held.files if name.startswith(prefix)}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, AttributeError) as problem:
        raise _damaged(path) from problem


def _drop_beyond(folder: Path, last: int) -> None:
    for path in parts(folder):
        if _months(path)[1] > last:
            path.unlink()


def _check_months(folder: Path, last: int) -> None:
    """Every month up to the last one must lie in exactly one part, and that must have its end."""
    expected = 0
    for path in parts(folder):
        if not zipfile.is_zipfile(path):
            raise _damaged(path)
        first, end = _months(path)
        if first != expected:
            break
        expected = end + 1
    if expected != last + 1:
        raise RunFolderError(f"{folder / WORK} lacks a part of what was recorded; start again with --force.")


def _months(path: Path) -> tuple[int, int]:
    found = _PART.fullmatch(path.name)
    assert found is not None
    return int(found[1]), int(found[2])


def _damaged(path: Path) -> RunFolderError:
    return RunFolderError(f"{path} is damaged or cut short; start again with --force.")
