"""Where a run stands: all worlds at the end of a month, and the parts recorded up to it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.columns import World
from glasshouse.errors import RunFolderError
from glasshouse.runs.folder import WORK, write_arrays

_STATE = "state.npz"
_PART = re.compile(r"part-(\d{5})-(\d{5})\.npz")

Part = dict[str, NDArray[Any]]


def save(folder: Path, first: int, last: int, part: Part, worlds: dict[str, World]) -> None:
    """Record months `first` to `last` and the worlds after them.

    Args:
        folder: the run folder.
        first, last: numbers of the months recorded in `part`.
        part: arrays by name.
        worlds: on the host, by name.
    """
    work = folder / WORK
    write_arrays(work / f"part-{first:05}-{last:05}.npz", part)
    state: Part = {"month": np.array(last)}
    for name, world in worlds.items():
        for n, column in enumerate(jax.tree.leaves(world)):
            state[f"{name}/{n}"] = np.asarray(column)
    write_arrays(work / _STATE, state)


def load(folder: Path, like: World, names: list[str]) -> tuple[int, dict[str, World]]:
    """The last month recorded (-1 for none) and the worlds after it; parts beyond it are removed.

    Args:
        folder: the run folder.
        like: any world of this run, for its structure.
        names: of the worlds.

    Raises:
        RunFolderError: the state cannot be read.
    """
    path = folder / WORK / _STATE
    if not path.exists():
        _drop_beyond(folder, -1)
        return -1, {}
    shape = jax.tree.structure(like)
    try:
        with np.load(path) as held:
            last = int(held["month"])
            worlds = {
                name: jax.tree.unflatten(shape, [held[f"{name}/{n}"] for n in range(shape.num_leaves)])
                for name in names
            }
    except (OSError, ValueError, KeyError) as problem:
        raise RunFolderError(f"{path} is damaged ({problem}); start again with --force.") from problem
    _drop_beyond(folder, last)
    return last, worlds


def parts(folder: Path) -> list[Path]:
    """The recorded parts, in the order of their months."""
    return sorted(path for path in (folder / WORK).iterdir() if _PART.fullmatch(path.name))


def _drop_beyond(folder: Path, last: int) -> None:
    for path in parts(folder):
        found = _PART.fullmatch(path.name)
        if found and int(found[2]) > last:
            path.unlink()
