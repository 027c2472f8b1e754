"""Three books of one life (equation 10).

    s <- clip(s + points posted, lowest, highest);   s <- s + min(forgiveness, start - s) where s is below the start

The real book takes every entry. The honest one takes only true entries, the clean one only true entries about acts
that ordinary law forbids. Where they part, somebody is wronged: by a mistake (real against honest) or by the rule
(honest against clean). Scores are int32 in hundredths of a point, so nothing is rounded away.

Left out: repair, appeals, association with the listed.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp


def postings(points: Any, lawful: Any, seen: Any, pretended: Any = False) -> tuple[Any, Any, Any]:
    """Points of a true entry in the three books, int32 each.

    Args:
        points: int32, of the deed done.
        lawful: bool, ordinary law permits the deed (rewards are never held back from the clean book).
        seen: bool, an entry is made.
        pretended: bool, the deed was not really done: only the real book takes it.
    """
    posted = jnp.where(seen, points, 0)
    true = jnp.where(pretended, 0, posted)
    return posted, true, jnp.where(lawful & (points < 0), 0, true)


def post(score: Any, posted: Any, subject: Any, start: Any, lowest: Any, highest: Any, forgiveness: Any) -> Any:
    """One book at the end of the day, int32.

    Args:
        score: int32, this morning.
        posted: int32, points of the day.
        subject: bool, the person is under the score.
        start, lowest, highest, forgiveness: int32, of the rule book.
    """
    held = jnp.clip(score + posted, lowest, highest)
    forgiven = held + jnp.clip(start - held, 0, forgiveness)
    return jnp.where(subject, forgiven, score)
