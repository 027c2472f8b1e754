"""Walls between the mechanisms of a day.

A compiler that sees a whole day at once recomputes whatever feeds several outputs, random blocks included. A
mechanism behind a condition on the calendar is compiled on its own, and costs nothing on a day on which it is off.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import jax

Columns = TypeVar("Columns")


def wall(on: Any, mechanism: Callable[[Columns], Columns], columns: Columns) -> Columns:
    """`mechanism(columns)` where `on`, the columns unchanged where not.

    Args:
        on: bool scalar, from the calendar or the law.
        mechanism: from columns to columns of the same shapes and types.
        columns: what the mechanism writes.
    """
    result: Any = jax.lax.cond(on, mechanism, lambda unchanged: unchanged, columns)
    return result
