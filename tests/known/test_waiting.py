"""Queues in a society: who goes first waits less, nobody is forgotten, and the corners of capacity."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import jax
import numpy as np
import pytest

from glasshouse.engine.counts import gains
from glasshouse.engine.queue_columns import unpacked
from glasshouse.engine.stage import Stage
from glasshouse.regimes import Number
from glasshouse.regimes.schema import Consequence
from glasshouse.words import FATE_MARK, REAL
from stage import Life, book, field, live, people, set_stage, standard

CARE, HOUSING = 0, 5
MONTHS = 3


def told(life: Life, name: str, queue: int) -> Any:
    return (field(life.fates, name, FATE_MARK) >> queue) & 1


def waiting(stage: Stage, life: Life, month: int, service: int) -> Any:
    words = life.months[month].queues[service].waiting
    return unpacked(words).reshape(-1)[stage.grid.index]


def with_places(share: float) -> Stage:
    """The standard people, with so many times the places for everything."""
    stage = set_stage()
    stage.people = replace(
        stage.people, places={n: (r * share).astype(np.int64) for n, r in jax.device_get(stage.people.places).items()}
    )
    return stage


@cache
def ranked(first: int, last: int) -> Life:
    """The article's score, from which follows only who goes first for care: tier A before all the others."""
    article = book("article")
    ranks = {tier.name: first if tier.name == "A" else last for tier in article.tiers}
    rows = {name: Consequence(priority={"care": Number(value=place)}) for name, place in ranks.items()}
    return live(standard(), article.model_copy(update={"consequences": rows}), standard().span.months()[:MONTHS])


def nights(life: Life, who: Any) -> int:
    """Nights that some people spent in the queue for care: between joining and being served, or the end."""
    joined, served = told(life, "joined", 0)[:, who], told(life, "served", 0)[:, who]
    days = np.arange(len(joined))[:, None]
    at_the_end = int(joined.sum() - served.sum())
    return int((served * days).sum() - (joined * days).sum() + at_the_end * len(joined))


def test_who_goes_first_waits_less() -> None:
    """F33: the order of classes moves the waiting from some to others and leaves its sum as it was."""
    ahead, behind = ranked(2, 6), ranked(6, 2)
    favoured = np.logical_and.reduce([world.tier[REAL] == 2 for life in (ahead, behind) for world in life.months])
    scored = standard().population.adult
    assert favoured.sum() > 1_000
    assert nights(ahead, favoured) < nights(behind, favoured)
    others = scored & ~favoured
    assert nights(ahead, others) * favoured.sum() > nights(ahead, favoured) * others.sum()
    everybody = np.ones_like(scored)
    # Those who wait do not ask again, so the sum is not conserved to the last night, as it is in the theory's tests.
    assert nights(ahead, everybody) == pytest.approx(nights(behind, everybody), rel=0.05)


def test_nobody_is_forgotten() -> None:
    """Whoever began to wait was served or waits still; nobody is served who did not wait, nobody waits twice."""
    stage, life = standard(), live(standard(), book("article"))
    for queue, service in ((0, CARE), (2, HOUSING)):
        standing = (told(life, "joined", queue) - told(life, "served", queue)).cumsum(axis=0)
        assert set(np.unique(standing)) <= {0, 1}
        assert (standing[-1] == waiting(stage, life, -1, service)).all()
    assert not told(life, "joined", 1).any()
    assert not told(life, "served", 3).any()
    assert told(life, "turned_away", 3).any()


def test_without_places_everybody_waits_or_is_turned_away() -> None:
    stage = with_places(0.0)
    life = live(stage, book("ordinary-law"), stage.span.months()[:MONTHS])
    assert not told(life, "served", 0).any()
    assert (told(life, "joined", 0).sum(axis=0) == waiting(stage, life, -1, CARE)).all()
    assert (life.sums.asked[CARE] - life.sums.short[CARE]).max() == 1  # who waits does not ask again
    assert not any(life.sums.paid[n].any() for n in stage.people.places)
    assert (told(life, "turned_away", 3).sum(axis=0) == life.sums.asked[6]).all()


def test_with_places_enough_nobody_waits() -> None:
    stage = with_places(1_000.0)
    life = live(stage, book("article"), stage.span.months()[:2])
    assert not any(told(life, name, number).any() for name in ("joined", "turned_away") for number in range(4))
    assert not any(queue.waiting.any() for queue in life.end.queues.values())


def test_to_whom_housing_is_closed_keeps_their_place_and_is_passed_over() -> None:
    """Nobody is served; then the service is closed to tier A alone, and places come back: A waits on."""
    empty, ordinary = with_places(0.0), book("ordinary-law")
    asks = jax.device_get(empty.people.requests)
    often = tuple(np.where(r > 0, np.uint32(2**31), r) if n == HOUSING else r for n, r in enumerate(asks))
    empty.people = replace(empty.people, requests=often)
    closed = {"A": Consequence(denies={"housing": Number(value=1)})}
    article = book("article").model_copy(update={"consequences": closed, "lists": {}})
    actor, months = empty.actor(article), empty.span.months()[:2]
    world = empty.place(empty.branch(empty.newborn(), actor))
    world = jax.device_get(empty.play(empty.actor(ordinary), world, months[0]).world)
    before = world.queues[HOUSING].waiting
    every_other = np.where(np.arange(world.voice.shape[1]) % 2, world.score[REAL], 70_000).astype(np.int32)
    world = empty.place(replace(world, score=(every_other, *world.score[1:])))
    plenty = {n: np.full_like(np.asarray(r), 10_000 << 32) for n, r in empty.people.places.items()}
    empty.people = replace(empty.people, places=plenty)
    world = jax.device_get(empty.play(empty.actor(article), world, months[1]).world)
    left, tier = unpacked(world.queues[HOUSING].waiting), world.tier[REAL]
    assert (left == (unpacked(before) & (tier == 2))).all()
    assert left.any()
    assert (unpacked(before) & ~left).any()
    assert actor.law.queues.closes.tolist() == [False] * 5 + [True, False]


def test_one_person() -> None:
    """A town of one: fractions of a place add up, and the one is served in the end."""
    stage = set_stage(people(1, 1))
    life = live(stage, book("article"))
    standing = (told(life, "joined", 0) - told(life, "served", 0)).cumsum(axis=0)
    assert set(np.unique(standing)) <= {0, 1}
    played = stage.play(stage.actor(book("none")), stage.place(stage.newborn()), stage.span.months()[0])
    assert gains(jax.device_get(played.counts)).asked[CARE].max() <= 31
