"""`glasshouse run`: a folder, a progress bar, a table, a report."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from glasshouse.errors import RunFolderError

if TYPE_CHECKING:
    from glasshouse.runs.perform import Progress as Step

_DEFAULT = "glasshouse-run"


def run_and_report(
    regimes: Sequence[str] | None,
    options: Mapping[str, Any],
    out: Path | None,
    *,
    resume: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Run, print the headline table (or JSON), write the report, say where everything is.

    Args:
        regimes: as named; None for the article's and the documented one, or for those of the run resumed.
        options: of `simulate`, as far as given.
        out: the run folder.
        resume, force: as of `simulate`.
        as_json: print JSON.
    """
    folder = out if out is not None else _default_folder(resume)
    if resume:
        from glasshouse.runs.folder import begun_with

        before = begun_with(folder)
        named = before.pop("regimes", None)
        regimes, options = regimes or named, before | dict(options)
    regimes = regimes or ["article", "documented"]
    console, screen = Console(stderr=True), Console()
    started = time.monotonic()
    try:
        from glasshouse.api import simulate
        from glasshouse.cli.table import headline_table

        with _Bar(console) as bar:
            run = simulate(regimes, **options, out=folder, resume=resume, force=force, watch=bar.show)
            bar.say("writing the report")
            page = run.report()
    except KeyboardInterrupt:
        console.print(f"glasshouse: stopped; the same command with --resume --out {folder} goes on.", soft_wrap=True)
        sys.exit(130)
    effects = run.effects()
    if as_json:
        print(json.dumps({"folder": str(folder), "report": str(page), "effects": effects.to_dicts()}, indent=1))
        return
    screen.print(headline_table(run.records.manifest, effects))
    screen.print(f"Report: {page}", soft_wrap=True, highlight=False)
    screen.print(f"Records: {folder} ({time.monotonic() - started:.0f} s)", soft_wrap=True, highlight=False)


def _default_folder(resume: bool) -> Path:
    """`glasshouse-run`, or the first numbered one that is free; to resume, the newest."""
    taken = [Path(_DEFAULT)] if Path(_DEFAULT).exists() else []
    number = 2
    while Path(f"{_DEFAULT}-{number}").exists():
        taken.append(Path(f"{_DEFAULT}-{number}"))
        number += 1
    if resume:
        if not taken:
            raise RunFolderError("There is no run here to resume; leave out --resume to start one.")
        return taken[-1]
    return Path(f"{_DEFAULT}-{number}") if taken else Path(_DEFAULT)


class _Bar:
    """The day being lived, person-days a second, and the time left."""

    def __init__(self, console: Console) -> None:
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self.task = self.progress.add_task("starting", total=None, speed="")
        self.began: tuple[float, int] | None = None

    def __enter__(self) -> _Bar:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def say(self, doing: str) -> None:
        """Show what is being done when no days pass."""
        self.progress.update(self.task, description=doing, speed="")

    def show(self, step: Step) -> None:
        """Show where the run stands."""
        if not step.total:
            self.say(step.doing)
            return
        now = time.monotonic()
        self.began = self.began or (now, step.done)
        since, first = self.began
        speed = (step.done - first) / (now - since) / 1e6 if now > since else 0.0
        self.progress.update(
            self.task,
            description=f"{step.day:%Y-%m-%d}",
            completed=step.done,
            total=step.total,
            speed=f"{speed:.1f} M person-days/s" if speed else "",
        )
