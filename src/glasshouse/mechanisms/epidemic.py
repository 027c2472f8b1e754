"""An infection that passes between people who live near each other: what a certificate is said to be for.

    S -> I -> R,     P(infected today) = (1 - exp(-lambda)) * (1 - protection)
    lambda_i = outside + beta * sum over layers l of u_l * [(1 - v) * I_l + v * a_i * A_l]     l: building, cell, town

I_l: share of the layer's residents who are infectious; A_l: the same, each weighted with the chance of being let into
gated venues; a_i: the own chance; v: part of all contacts that happens in such venues; outside: infections brought
in, many on the first day and few later. Where everybody is let in this is lambda = outside + beta * I. Everybody is
infectious for the same number of days, from the day after infection, and immune for a time afterwards. In a mixed
population R0 = beta * days, and the share ever infected solves

    R = 1 - exp(-R0 * R).

Two doses protect with efficacy e2, which falls by a constant amount a day; one dose with e1. Protection scales the
chance of each day ("leaky").

Left out: severity and death, households inside the building, less infectious breakthroughs, seasons, changed habits.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import ONE_Q16, ONE_Q30, chance

_FOREVER = 65535
_STEP = 20  # one step of the table is 2^20 of a Q30 hazard: 1 / 1024
_LONG_AGO = 4095  # days: protection that fades at all is gone by then, and the product stays below 2^31
_LIMIT = 8  # a hazard of 8 a day infects for certain to 3 in 10,000


class Coefficients(NamedTuple):
    """What the infection is like.

    Attributes:
        building, cell, town: int32 Q16, beta * u_l, infections an infectious person causes in a day in that layer.
        venues: int32 Q16, v.
        full, fading, half: int32 Q16, int32 Q24 a day, int32 Q16: e2, what it loses a day, e1.
        days, immune: int32, days infectious and days immune after them (65535: for ever).
        curve: int64, `curve()`.
    """

    building: Any
    cell: Any
    town: Any
    venues: Any
    full: Any
    fading: Any
    half: Any
    days: Any
    immune: Any
    curve: Any


def curve() -> NDArray[np.int64]:
    """Thresholds of 1 - exp(-lambda) at lambda = 0, 1/1024, ..., 8 (and one more, for interpolation)."""
    steps = np.arange((_LIMIT << (30 - _STEP)) + 2) / 2.0 ** (30 - _STEP)
    return chance(-np.expm1(-steps)).astype(np.int64)


def hazard(building: Any, cell: Any, town: Any, numbers: Coefficients) -> Any:
    """beta * sum of u_l * share_l, int64 Q30.

    Args:
        building, cell, town: int64 Q30, shares of the layers' residents (arrays that broadcast together).
        numbers: the infection.
    """
    return (building * numbers.building + cell * numbers.cell + town * numbers.town) >> 16


def meeting(everywhere: Any, inside: Any, let_in: Any, venues: Any) -> Any:
    """lambda of somebody who is let into gated venues with chance a, int64 Q30.

    Args:
        everywhere: int64 Q30, `hazard` of all who are infectious.
        inside: int64 Q30, `hazard` of the same, weighted by their chance of being let in.
        let_in: int64 Q16, a.
        venues: Q16, v.
    """
    return (everywhere * (ONE_Q16 - venues) + ((inside * venues) >> 16) * let_in) >> 16


def infection_chance(rate: Any, numbers: Coefficients) -> Any:
    """1 - exp(-lambda), uint32, by linear interpolation: off by less than 2e-7.

    Args:
        rate: int64 Q30, lambda; beyond 8 it counts as 8.
        numbers: the infection.
    """
    held = jnp.clip(rate, 0, _LIMIT * ONE_Q30)
    step, rest = held >> _STEP, held & ((1 << _STEP) - 1)
    low, high = numbers.curve[step], numbers.curve[step + 1]
    return (low + (((high - low) * rest) >> _STEP)).astype(jnp.uint32)


def protection(full: Any, half: Any, since: Any, numbers: Coefficients) -> Any:
    """Share of infections that the doses prevent, int32 Q16.

    Args:
        full, half: bool, two doses (whatever the paper says); one only.
        since: int32, days since the last dose.
        numbers: the infection.
    """
    lost = (jnp.minimum(since, _LONG_AGO) * numbers.fading) >> 8
    left = jnp.maximum(numbers.full - lost, 0)
    return jnp.where(full, left, jnp.where(half, numbers.half, 0))


def shielded(threshold: Any, shield: Any) -> Any:
    """Chance of an infection that protection leaves, uint32.

    Args:
        threshold: uint32, `infection_chance`.
        shield: int32 Q16, `protection`.
    """
    left = (threshold.astype(jnp.uint64) * (ONE_Q16 - shield).astype(jnp.uint64)) >> 16
    return left.astype(jnp.uint32)


def infectious(ill_until: Any, today: Any) -> Any:
    """Who passes the infection on today, bool; those infected today do from tomorrow."""
    return ill_until > today


def susceptible(ill_until: Any, immune_until: Any, today: Any) -> Any:
    """Who can be infected today, bool."""
    return (ill_until <= today) & (immune_until <= today)


def ill(ill_until: Any, caught: Any, today: Any, numbers: Coefficients) -> Any:
    """First day on which the person no longer passes the infection on, uint16."""
    ends = jnp.minimum(today + 1 + numbers.days, _FOREVER - 1)
    return jnp.where(caught, jnp.asarray(ends).astype(jnp.uint16), ill_until)


def immune(immune_until: Any, caught: Any, today: Any, numbers: Coefficients) -> Any:
    """First day on which the person can be infected again, uint16."""
    ends = jnp.minimum(today + 1 + numbers.days + numbers.immune, _FOREVER - 1)
    ends = jnp.where(numbers.immune == _FOREVER, _FOREVER, ends)
    return jnp.where(caught, ends.astype(jnp.uint16), immune_until)
