"""Glasshouse: a simulation laboratory for scored societies.

    import glasshouse as gh
    run = gh.simulate(["article", "documented"], people=20_000, towns=5, seed=1)
    run.effects()

Everybody in it is invented. It is a microscope, never an instrument of rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glasshouse.api import Run, describe, open_run, regime, simulate

__all__ = ["Run", "describe", "open_run", "regime", "simulate"]


def __getattr__(name: str) -> Any:
    """Load the interface when it is first used, so that `import glasshouse` stays quick."""
    if name in __all__:
        from glasshouse import api

        return getattr(api, name)
    raise AttributeError(f"module 'glasshouse' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
