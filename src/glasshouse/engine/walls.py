"""Walls between the mechanisms of a day.

A compiler that sees a whole day at once recomputes whatever feeds several outputs, random blocks included. A
mechanism behind a condition on the calendar is compiled on its own, and costs nothing on a day on which it is off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import jax

Columns = TypeVar("Columns")
Watcher = Callable[[Any, Callable[[Any], Any], Any], Any]
"(on, mechanism, columns) -> columns: stands in for `wall`."

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


def wall(on: Any, mechanism: Callable[[Columns], Columns], columns: Columns) -> Columns:
    """`mechanism(columns)` where `on`, the columns unchanged where not.

    Args:
        on: bool scalar, from the calendar or the law.
        mechanism: from columns to columns of the same shapes and types.
        columns: what the mechanism writes.
    """
    if (watcher := _watcher.get()) is not None:
        watched: Any = watcher(on, mechanism, columns)
        return watched
    result: Any = jax.lax.cond(on, mechanism, lambda unchanged: unchanged, columns)
    return result


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Inside, every wall calls `watcher` instead: how the plan of a day is read off the day itself."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)
