"""The step of a day in which limited places are given away, service by service.

Queues are words, one bit a person; a town's people are counted with `town_sums`, wherever its cells lie.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from glasshouse.arithmetic import CERTAIN
from glasshouse.engine.columns import Today, World
from glasshouse.engine.neighbours import Collect, bit_words, flags, town_sums
from glasshouse.engine.setting import Setting, listed, look_up
from glasshouse.engine.walls import wall
from glasshouse.mechanisms import queues
from glasshouse.words import FATE_MARK, REAL


class Turn(NamedTuple):
    """What an opening brought, uint32 words [C, P / 32].

    Attributes:
        got: got a place, today's askers and others. asked: asked for one today.
    """

    got: Any
    asked: Any


def give(
    setting: Setting, today: Today, world: World, service: int, asking: Any, collect: Collect, queue: Any
) -> tuple[Any, Turn]:
    """Give away the places of an opening; the service may be closed today.

    Args:
        setting: what does not change.
        today: what the calendar says.
        world: how people stand today.
        service: its number.
        asking: bool [C, P], who asks today and is not refused.
        collect: sums over the devices that share a town.
        queue: queues.Queue, or None where nobody waits.

    Returns:
        The queue tonight, and what the opening brought.
    """
    nobody = jnp.zeros((asking.shape[0], setting.people.lots[0].shape[1]), jnp.uint32)
    opened = partial(_open, setting, today, world, service, asking, collect)
    result: tuple[Any, Turn] = wall(today.season[service], opened, (queue, Turn(nobody, nobody)))
    return result


def _open(
    setting: Setting, today: Today, world: World, service: int, asking: Any, collect: Collect,
    columns: tuple[Any, Turn],
) -> tuple[Any, Turn]:  # fmt: skip
    """Those who ask join the line, and the first in line get the places of the opening."""
    people, law, (queue, _) = setting.people, setting.law, columns
    asked = bit_words(asking)
    since = queues.day_planes(today.day)
    among = asked
    if queue is not None:
        queue = queues.join(queue, asked, today.day)
        since = queue.since
        # Whoever the service is closed to keeps their place and is passed over.
        passed = partial(_open_to, setting, today, world, service)
        among = wall(law.queues.closes[service], passed, queue.waiting)
    room = queues.room(people.places[service], today.opening[service])

    def by_town(of_words: Any) -> Any:
        return town_sums(of_words.sum(axis=1, dtype=jnp.int32), people, collect)

    def total(of_words: Any) -> Any:
        return by_town(of_words)[people.town][:, None]

    def cut(among: Any) -> Any:
        ranks = partial(_class_planes, setting, today, world, service)
        classes = wall(law.queues.ranked[service], ranks, (jnp.zeros_like(among),) * queues.CLASS_PLANES)
        line = queues.order(classes, since, people.lots)
        return queues.first(among, line, room[people.town][:, None], total)

    full = (by_town(jax.lax.population_count(among).astype(jnp.int32)) > room).any()
    got = wall(full, cut, among)
    if queue is not None:
        queue = queue._replace(waiting=queue.waiting & ~got)
    return queue, Turn(got, asked)


def _open_to(setting: Setting, today: Today, world: World, service: int, among: Any) -> Any:
    """Those of `among` to whom neither tier nor list closes the service for certain."""
    law = setting.law.access
    closed = look_up(law.deny_tier[service], world.tier[REAL]) == CERTAIN
    for n in range(len(world.until)):
        closed |= listed(today, world, n, REAL) & (law.deny_list[service, n] == CERTAIN)
    return among & ~bit_words(closed & ((world.spared >> service) & 1 == 0))


def _class_planes(setting: Setting, today: Today, world: World, service: int, planes: tuple[Any, ...]) -> Any:
    """Planes of everybody's class, most significant first: the worst of tier and blacklists, bettered by red lists."""
    law, black = setting.law.queues, setting.law.lists.black
    on_list = [listed(today, world, n, REAL) for n in range(len(world.until))]
    place, own = look_up(law.class_tier[service], world.tier[REAL]), law.class_list[service]
    for n, on in enumerate(on_list):
        place = jnp.where(on & black[n], jnp.maximum(place, own[n]), place)
    for n, on in enumerate(on_list):
        place = jnp.where(on & ~black[n], jnp.minimum(place, own[n]), place)
    return tuple(bit_words((place >> bit) & 1 == 1) for bit in reversed(range(len(planes))))


def tell(number: int, waits: bool, turn: Turn, fates: Any) -> Any:
    """Mark who has to wait from now on, who was served after waiting, and who was turned away.

    Args:
        number: of the queue, among the services with limited places.
        waits: whether people wait for the service.
        turn: what the opening brought.
        fates: the day's mark of fates.
    """
    missed = turn.asked & ~turn.got

    def put(name: str, who: Any) -> Any:
        return flags(who).astype(jnp.uint32) << (FATE_MARK[name].shift + number)

    if not waits:
        return fates | put("turned_away", missed)
    return fates | put("joined", missed) | put("served", turn.got & ~turn.asked)
