"""The run folder while it is being made: nothing half-written, nothing overwritten by accident.

    manifest.json        says what is run; `finished` turns true when all tables are there
    .work/part-*.npz     what has been recorded so far, by month
    .work/state.npz      all worlds on the evening of the last recorded month

Every file appears by rename. A part is written before the state that follows it, so a state on disk always has its
parts; whatever lies beyond the state is thrown away on resuming.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import RunFolderError
from glasshouse.records.schema import FORMAT, MANIFEST, TABLES

WORK = ".work"
STATE = "state.npz"
REPORT = "report.html"
_FILES = tuple(f"{table}.parquet" for table in TABLES)


@contextlib.contextmanager
def written(path: Path) -> Iterator[Path]:
    """A path to write to that becomes `path` when the block ends well, and vanishes when it does not."""
    draft = _draft(path)
    try:
        yield draft
        with draft.open("rb") as handle:
            os.fsync(handle.fileno())
        draft.replace(path)
    except OSError as problem:
        raise _cannot_write(path, problem) from problem
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON by rename."""
    with written(path) as draft:
        draft.write_text(json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays by rename, uncompressed."""
    with written(path) as draft, draft.open("wb") as handle:
        np.savez(handle, allow_pickle=False, **arrays)


def start(folder: Path, force: bool, content: Mapping[str, Any]) -> None:
    """Make a run folder that holds nothing but the manifest of a run begun.

    Args:
        folder: new, empty, or (with `force`) that of another run.
        force: overwrite that run.
        content: the manifest.

    Raises:
        RunFolderError: the folder holds something and `force` is not given, or holds something that is not a run,
            or cannot be written.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise RunFolderError(f"{folder} is a file, not a folder; give another --out.")
        held = _held(folder)
        if held and not force:
            raise RunFolderError(
                f"{folder} already holds a run or other files; give another --out, --resume to finish an interrupted "
                "run, or --force to overwrite a run."
            )
        if held and not _is_run(folder, held):
            raise RunFolderError(f"{folder} holds files that are no run, and is left alone; give another --out.")
        folder.mkdir(parents=True, exist_ok=True)
        # The state first: without it whatever else was recorded counts for nothing.
        (folder / WORK / STATE).unlink(missing_ok=True)
        clean(folder)
    except OSError as problem:
        raise _cannot_write(folder, problem) from problem
    begin(folder, content)


def begin(folder: Path, content: Mapping[str, Any]) -> None:
    """Say in the manifest that a run is on, and take away what will be written at its end."""
    write_json(folder / MANIFEST, content)
    try:
        (folder / WORK).mkdir(exist_ok=True)
        for name in (REPORT, *_FILES):
            (folder / name).unlink(missing_ok=True)
    except OSError as problem:
        raise _cannot_write(folder, problem) from problem


def empty(folder: Path) -> bool:
    """Whether the folder is there and no run was begun in it."""
    try:
        return folder.is_dir() and not _held(folder)
    except OSError:
        return False


def whole(folder: Path) -> bool:
    """Whether every table is there."""
    return all((folder / name).is_file() for name in _FILES)


def begun_with(folder: Path) -> dict[str, Any]:
    """What an interrupted run was begun with, as arguments of `simulate`; nothing if that cannot be told."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        plan = manifest["plan"]
        # A finished run, whose report may be missing, names its regimes but not where their files lay.
        files = manifest.get("files") or [one["name"] for one in plan["regimes"][1:]]
        known = {name: plan[name] for name in ("people", "towns", "seed", "until", "country")}
        return {**known, "from_": plan["from"], "parameters": plan["changes"], "regimes": files}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def reopen(folder: Path) -> dict[str, Any]:
    """The manifest of an interrupted run.

    Raises:
        RunFolderError: there is no run, it cannot be read, or it is of another version.
    """
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = dict(json.loads(path.read_text("utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        raise RunFolderError(f"{folder} holds no run to resume; leave out --resume to start one.") from None
    except (OSError, ValueError, TypeError) as problem:
        raise RunFolderError(f"{path} cannot be read ({problem}); start again with --force.") from problem
    if manifest.get("format") != FORMAT:
        raise RunFolderError(
            f"{folder} is a run of format {manifest.get('format')}, and this version writes format {FORMAT}; "
            "start again with --force."
        )
    return manifest


def clean(folder: Path) -> None:
    """Throw the parts and the state of a finished run away."""
    shutil.rmtree(folder / WORK, ignore_errors=True)


def _held(folder: Path) -> set[str]:
    """Names in the folder, but for the draft that a kill leaves behind when a run has only just begun."""
    return {path.name for path in folder.iterdir()} - {_draft(folder / MANIFEST).name} if folder.exists() else set()


def _is_run(folder: Path, held: set[str]) -> bool:
    if held & {WORK, *_FILES}:
        return True
    try:
        return "format" in json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError, TypeError):
        return False


def _draft(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _cannot_write(path: Path, problem: OSError) -> RunFolderError:
    reason = problem.strerror or str(problem)
    return RunFolderError(f"{path} cannot be written ({reason}); make room or give another --out.")
