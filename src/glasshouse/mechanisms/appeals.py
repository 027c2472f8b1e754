"""Remedies: a wrong is challenged, waits for a hearing, and is corrected or not; an audit finds some unasked.

    file    with chance noticed * file_wrong where the real book is worse than the honest one, noticed * file_right
            where it is not, on the day of a wrong entry or of a new listing; one open case a person
    wait    at least the hearing days, then until the town's staff come to it, oldest case first
    decide  upheld with chance corrects where the office finds a mistake, lets_off where the rule was kept
    audit   on the first of a month a mistaken file is corrected with chance 1 - (1 - yearly share)^(1/12)

A mistake that is found is undone: the real book never stands worse than the honest one afterwards. Who is let off
has the lists end and the score raised to the start. A lawful act punished by the rule is no mistake to the office.
With decisions after D days on average and a term of `dur`, the time to clear a listing is, for decisions inside it,

    E[T] = file * corrects * E[D] + (1 - file * corrects) * dur

Left out: a second instance, costs of an appeal, lawyers, staff who learn from their mistakes, retaliation.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

from glasshouse.arithmetic import happens


class Chances(NamedTuple):
    """uint32 each: filing against a mistake and otherwise; success with a mistake and otherwise; audit in a month."""

    file_wrong: Any
    file_right: Any
    corrects: Any
    lets_off: Any
    audit: Any


def mistaken(score: Any, honest: Any) -> Any:
    """Whether the real score stands below the honest one, bool.

    Args:
        score, honest: int32, hundredths of a point.
    """
    return score < honest


def listed_by_mistake(until: Any, honest: Any, today: Any) -> Any:
    """Whether the real book keeps somebody on a list longer than the honest one does, bool.

    Args:
        until, honest: uint16, first day off the list.
        today: int32, day of the society.
    """
    return (until > today) & (until > honest)


def files(word: Any, occasion: Any, wrong: Any, chances: Chances) -> Any:
    """Whether a person challenges what was entered today, bool.

    Args:
        word: uint32, drawn.
        occasion: bool, a wrong entry or a new listing, and no case of theirs is open.
        wrong: bool, the real book is worse than the honest one.
        chances: of the regime.
    """
    return occasion & happens(word, jnp.where(wrong, chances.file_wrong, chances.file_right))


def upheld(word: Any, decided: Any, wrong: Any, chances: Chances) -> Any:
    """Whether the case decided today succeeds, bool; arguments as `files`."""
    return decided & happens(word, jnp.where(wrong, chances.corrects, chances.lets_off))


def audited(word: Any, wrong: Any, chances: Chances) -> Any:
    """Whether this month's audit corrects the person's file, bool; arguments as `files`."""
    return wrong & (chances.audit > 0) & happens(word, chances.audit)


def cleared_score(score: Any, honest: Any, start: Any, corrected: Any, let_off: Any) -> Any:
    """The real score after the decision, int32: never below the honest one, or the start, and never lowered.

    Args:
        score, honest: int32, by the real and the honest book.
        start: int32, everybody's first score.
        corrected, let_off: bool.
    """
    floor = jnp.where(corrected, honest, start)
    return jnp.where(corrected | let_off, jnp.maximum(score, floor), score)


def cleared_list(until: Any, honest: Any, today: Any, corrected: Any, let_off: Any) -> Any:
    """First day off the list by the real book after the decision, uint16: never later than before.

    Args:
        until, honest: uint16, by the real and the honest book.
        today: int32, day of the society; somebody who leaves today is off from today on.
        corrected, let_off: bool.
    """
    now = today.astype(jnp.uint16)
    ends = jnp.where(corrected, jnp.maximum(honest, now), now)
    return jnp.where((corrected | let_off) & (until > now), jnp.minimum(until, ends), until)


def ripe(waiting: Any, since: tuple[Any, ...], latest: Any) -> Any:
    """Who of those who wait filed on a day or earlier, as words.

    Args:
        waiting: uint32 words, one bit a person.
        since: planes of the days of filing, least significant first: bit i of each belongs to bit i of `waiting`.
        latest: int32, the last day of filing that counts; nobody where it is below 0.
    """
    before, same = jnp.zeros_like(waiting), jnp.full_like(waiting, 0xFFFFFFFF)
    for place in reversed(range(len(since))):
        bit = jnp.uint32(0) - ((latest.astype(jnp.uint32) >> place) & 1)
        before |= same & ~since[place] & bit
        same &= ~(since[place] ^ bit)
    return jnp.where(latest >= 0, waiting & (before | same), jnp.uint32(0))
