"""Blacklists and red lists: entry, term, exit, and public display of the newly listed.

An entry into the ledger for a deed of the list, or `days` in its tier, puts a person on the list until today + term;
a further entry prolongs it. A listed person leaves when the term ends, or by paying and repair with a monthly hazard.
The newly listed are shown in public with a given chance for a given number of days. Each of the three books keeps its
own lists by the same rule, so a listing that the clean book does not know is wrongful. A listing outlives a local
pilot's end; it ends with the list itself.

Stock in the long run: entries a day * mean duration, whatever the law of durations (M/G/infinity).

Left out: exits that depend on means. Appeals and delays before a listing binds have mechanisms of their own.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from glasshouse.arithmetic import happens

FOREVER = 65535


def prolonged(until: Any, entered: Any, today: Any, term: Any, delay: Any = 0) -> Any:
    """First day off the list after today's entries, uint16.

    Args:
        until: uint16, first day off the list (0: never listed), FOREVER without a term.
        entered: bool, an entry today.
        today: int32, day of the society.
        term: int32 days, FOREVER for none.
        delay: int32 days before a new listing binds; who is on the list already gets none.
    """
    grace = jnp.where(until > today, 0, delay)
    ends = jnp.where(term == FOREVER, FOREVER, jnp.minimum(today + term + grace, FOREVER - 1))
    return jnp.where(entered, jnp.maximum(until, ends.astype(jnp.uint16)), until)


def ripe(tier: Any, since: Any, today: Any, listed_tier: Any, days: Any) -> Any:
    """Whether a person has been in the list's tier for its number of days, bool; never where `listed_tier` is -1."""
    return (tier == listed_tier) & (listed_tier >= 0) & (today - since >= days)


def left(word: Any, until: Any, today: Any, exits: Any) -> Any:
    """First day off the list after this month's exits, uint16: today for those who leave."""
    leaves = (until > today) & happens(word, exits)
    return jnp.where(leaves, today.astype(jnp.uint16), until)


def shown(word: Any, entered: Any, chance: Any) -> Any:
    """Whether a newly listed person is put on public display."""
    return entered & happens(word, chance)
