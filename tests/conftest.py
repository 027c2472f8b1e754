"""Shared by the tests of whole runs: a few small real runs, made once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SMALL: dict[str, Any] = {
    "people": 1_500,
    "towns": 4,
    "seed": 1,
    "from_": "2019-01-01",
    "until": "2020-12-31",
}
"""The run that most tests share."""

RunMaker = Callable[..., Path]


@pytest.fixture(scope="session", autouse=True)
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep compiled programs for the session, for child processes too, and leave the user's cache alone."""
    os.environ.setdefault("GLASSHOUSE_CACHE", str(tmp_path_factory.mktemp("compiled")))


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory, compiled_once: None) -> RunMaker:
    """Runs regimes into a new folder: `live("article", people=100, ...)`."""

    def make(*regimes: str | Path, **options: Any) -> Path:
        import glasshouse as gh

        folder = tmp_path_factory.mktemp("runs") / "run"
        gh.simulate(list(regimes), out=folder, **{**SMALL, **options})
        return folder

    return make


@pytest.fixture(scope="session")
def run_folder(live: RunMaker) -> Path:
    """`article` and `documented` beside ordinary law, uninterrupted, with its report."""
    import glasshouse as gh

    folder = live("article", "documented")
    gh.open_run(folder).report()
    return folder


@pytest.fixture(scope="session")
def lone_folder(live: RunMaker) -> Path:
    """Ordinary law alone, for one day, with its report: almost nothing to tell."""
    import glasshouse as gh

    folder = live("ordinary-law", people=40, towns=3, from_="2020-02-29", until="2020-02-29")
    gh.open_run(folder).report()
    return folder
