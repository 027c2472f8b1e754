"""Devices: how many, and how people are shared out between them.

People live on a mesh of one axis. With towns enough, each device holds whole towns and days pass without a word
between devices; a single large town is split by cells, and devices exchange its sums once a day. The bytes of a run
do not depend on the number of devices.
"""

from __future__ import annotations

import contextlib
import os
import warnings
from pathlib import Path
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

AXIS = "people"


def prepare(devices: int | None) -> Mesh:
    """Set JAX up and return the mesh.

    Args:
        devices: how many devices to use; None for as many as are at hand (a CPU stands for one a core, at
            most 2, or for as many as the environment forces).

    64-bit integers are on, and compiled programs are kept between runs in the user's cache folder
    (GLASSHOUSE_CACHE overrides it; an unwritable folder only costs the compilation again).
    """
    jax.config.update("jax_enable_x64", True)
    if devices is not None or not _forced():
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
        with contextlib.suppress(RuntimeError):  # JAX already runs in this process: take the devices it has
            jax.config.update("jax_num_cpu_devices", devices or min(cores, 2))
    _keep_compiled()
    found = jax.devices()[: devices or None]
    return Mesh(np.array(found), (AXIS,))


def _forced() -> bool:
    """Whether the environment says how many devices a CPU stands for."""
    flags = os.environ.get("XLA_FLAGS", "")
    return "xla_force_host_platform_device_count" in flags or "JAX_NUM_CPU_DEVICES" in os.environ


def place(mesh: Mesh, tree: Any, specs: Any) -> Any:
    """Put columns on the devices of the mesh; a spec holds for everything below it."""
    shardings = jax.tree.map(lambda spec: NamedSharding(mesh, spec), specs, is_leaf=_is_spec)
    return jax.tree.map(
        lambda sharding, below: jax.tree.map(lambda x: jax.device_put(x, sharding), below),
        shardings,
        tree,
        is_leaf=lambda node: isinstance(node, NamedSharding),
    )


def _is_spec(node: Any) -> bool:
    return isinstance(node, PartitionSpec)


def _keep_compiled() -> None:
    folder = Path(os.environ.get("GLASSHOUSE_CACHE") or Path.home() / ".cache" / "glasshouse" / "compiled")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    # A full disk, or two runs that write the same program, cost a compilation and no more.
    warnings.filterwarnings(
        "ignore", message="Error (reading|writing) persistent compilation cache", category=UserWarning
    )
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


def cells_at(axis: int, rank: int) -> PartitionSpec:
    """The layout of an array of `rank` axes whose cells lie on `axis`."""
    return PartitionSpec(*(AXIS if n == axis else None for n in range(rank)))
