"""Queues and seats: who is served when more ask than there is room for.

    served(t) = min(room(t), waiting(t))                    the first in order of (class, day of joining, lot)
    waiting(t + 1) = waiting(t) - served(t) + joined(t + 1)
    room(n) = floor((n + 1) r) - floor(n r)                 at the n-th opening, r places an opening

A catchment (a town) shares its places. Lower classes go first, within a class those who have waited longest. Between
people of one class and one day the lot decides: lots are drawn once, differ within a town, and are read with the day
of joining turned round and added bit by bit (exclusive or), so that turns go round and a queue is never shuffled.
Where nobody waits (school seats, tickets) everybody joins today, and who is not served is turned away.

Everything is held in planes: bit i of a word says it of the i-th person of 32, and a number is a run of planes. The
exact cut is a radix selection on planes, most significant first: those with a 0 are ahead of those with a 1; if they
all fit they are served and the rest go on with the room that is left, otherwise they alone go on. It counts bits and
sorts nothing, and gives what a sort would give, whatever the number of devices.

Known answers: the mean wait of each class is Bailey's for a bulk queue served once a day (N. Bailey, 1954), and
Cobham's for beds in the limit of small steps (A. Cobham, 1954); the sum of rate times wait over classes does not
depend on who goes first (the conservation law of L. Kleinrock, 1965).

Left out: leaving a queue unserved, appointments, several towns sharing a hospital, places that stay taken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

CLASS_PLANES = 3
"Planes of a class: 0 (served first) to 7."
DAY_PLANES = 16
"Planes of a day number, least significant first."

Total = Callable[[Any], Any]
"Sums int32 figures of words over each word's catchment, in a shape that broadcasts to words."


class Queue(NamedTuple):
    """A waiting list.

    Attributes:
        waiting: uint32 words, who waits.
        since: DAY_PLANES planes of uint32 words, the day on which those who wait joined.
    """

    waiting: Any
    since: tuple[Any, ...]


def day_planes(day: Any) -> tuple[Any, ...]:
    """A day number as planes that are the same for everybody, uint32 scalars."""
    number = day.astype(jnp.uint32)
    return tuple(jnp.uint32(0) - ((number >> place) & 1) for place in range(DAY_PLANES))


def join(queue: Queue, asking: Any, day: Any) -> Queue:
    """Those who ask join at the end; who waits already keeps their place.

    Args:
        queue: this morning.
        asking: uint32 words, who asks today.
        day: int32 or uint32 scalar, today's number.
    """
    new = asking & ~queue.waiting
    since = tuple((was & ~new) | (today & new) for was, today in zip(queue.since, day_planes(day), strict=True))
    return Queue(queue.waiting | new, since)


def order(classes: tuple[Any, ...], since: tuple[Any, ...], lots: tuple[Any, ...]) -> Any:
    """The order of service as one stack of planes [planes, ...], most significant first.

    Args:
        classes: CLASS_PLANES planes, most significant first.
        since: day of joining, DAY_PLANES planes, least significant first (planes of words, or `day_planes`).
        lots: planes of the lots, most significant first.
    """
    # The day's fastest bit turns the lots' first plane: whoever is first today is in the second half tomorrow.
    turned = [lot ^ since[place] if place < DAY_PLANES else lot for place, lot in enumerate(lots)]
    return jnp.stack([jnp.broadcast_to(plane, lots[0].shape) for plane in (*classes, *since[::-1], *turned)])


def first(among: Any, planes: Any, room: Any, total: Total) -> Any:
    """Who of `among` is served, uint32 words: exactly min(room, their number) in every catchment.

    Args:
        among: uint32 words, the candidates.
        planes: [planes, ...] from `order`; people of a catchment whom no plane tells apart are served together or not.
        room: int32 per catchment, in the shape of what `total` gives; at least 0.
        total: sums over catchments.
    """

    def narrow(place: Any, so_far: tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
        served, open_, left = so_far
        plane = jax.lax.dynamic_index_in_dim(planes, place, keepdims=False)
        ahead = open_ & ~plane
        number = total(jax.lax.population_count(ahead).astype(jnp.int32))
        fit = number <= left
        served |= jnp.where(fit, ahead, jnp.uint32(0))
        return served, jnp.where(fit, open_ & plane, ahead), left - jnp.where(fit, number, 0)

    nobody = jnp.zeros_like(among)
    served, last, left = jax.lax.fori_loop(0, planes.shape[0], narrow, (nobody, among, room))
    fit = total(jax.lax.population_count(last).astype(jnp.int32)) <= left
    return served | jnp.where(fit, last, jnp.uint32(0))


def room(places: Any, opening: Any) -> Any:
    """Places at an opening, int32: fractions are carried over, so that n openings have floor(n r) in all.

    Args:
        places: int64 Q32, r, mean places an opening, at least 0 and under 2^30 places.
        opening: int32 or int64, n, number of the opening, from 0.
    """
    whole, part, n = places >> 32, places & 0xFFFFFFFF, opening.astype(jnp.int64)
    return (whole + ((part * (n + 1)) >> 32) - ((part * n) >> 32)).astype(jnp.int32)


def lots(drawn: NDArray[np.uint32], planes: int) -> NDArray[np.uint32]:
    """The lots of a town's people (host): the ranks of their draws, spread evenly over 0 to 2^planes - 1.

    Ranks rather than the draws, so that no two people of a town have the same lot; spread, so that each plane parts
    the town in halves and turning a plane favours nobody.

    Args:
        drawn: uint32, one word a person; equal words go by the person's number.
        planes: at least log2 of the people.
    """
    rank = np.empty(len(drawn), np.uint64)
    rank[np.argsort(drawn, kind="stable")] = np.arange(len(drawn), dtype=np.uint64)
    return ((rank << np.uint64(planes)) // np.uint64(max(len(drawn), 1))).astype(np.uint32)
