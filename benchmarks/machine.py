"""What every line of the history says beside its figures: machine, versions, date, commit."""

from __future__ import annotations

import datetime as dt
import os
import platform
import resource
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

_PACKAGES = ("jax", "jaxlib", "numpy")


def circumstances() -> dict[str, Any]:
    """Machine, versions, date and commit (None outside a checkout)."""
    return {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "busy": round(os.getloadavg()[0], 2),  # load of the last minute: above 0.5 at the start, distrust the figures
        "python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
    }


def peak_bytes() -> int:
    """Largest resident size of this process so far, bytes."""
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes if sys.platform == "darwin" else 1024 * kilobytes


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _commit() -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    found = subprocess.run(
        [git, "describe", "--always", "--dirty"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None
