"""How hard and how soon a regime may hit: delay before punishment, waiting time before repair, a cap on stacking.

    on the list          until > today
    has stood s days     until - today <= term - s     (until = entry + delay + term, so the delay is not counted)
    bound by the list    has stood 0 days
    may be repaired      has stood `repair_after` days
    bound by a tier      announced tier, once it is no harsher than the last, or `delay` days after its announcement
    bound in a service   among the first `most` of the services that would be refused or overcharged

A further entry prolongs a listing and never postpones it. Nothing but a day number and a tier is remembered for this.

Left out: a hearing before the sanction, delays that differ by list, caps by severity.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp


def stood(until: Any, today: Any, term: Any, days: Any) -> Any:
    """Whether a person on a list has stood on it for a number of days, the delay not counted, bool.

    Args:
        until: uint16, first day off the list.
        today: int32, day of the society.
        term: int32 days, of the list.
        days: int32; 0 asks whether the listing binds.
    """
    left = until.astype(jnp.int32) - today
    return (left > 0) & (left <= term - days)


def due(tier: Any, announced: Any, since: Any, harsher: Any, today: Any, delay: Any) -> Any:
    """The tier that binds today, uint8.

    Args:
        tier: uint8, that bound yesterday.
        announced: uint8, as last published.
        since: uint16, day on which it was first published.
        harsher: bool, more follows from the announced tier than from the one that bound yesterday.
        today: int32, day of the society.
        delay: int32 days.
    """
    return jnp.where(harsher & (today - since.astype(jnp.int32) < delay), tier, announced)


def beyond(hit: Any, most: Any, services: int) -> Any:
    """The services that a cap spares, as bits like `hit`: all but the `most` lowest bits that are set.

    Args:
        hit: unsigned, one bit a service that would be refused or overcharged, in the house's order of services.
        most: int32, services that may be; at or above `services` there is no cap.
        services: how many services there are.
    """
    one = jnp.ones((), hit.dtype)
    for n in range(services):
        hit = jnp.where(n < most, hit & (hit - jnp.minimum(hit, one)), hit)
    return hit
