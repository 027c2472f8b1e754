"""What people hear, say and come to think: speech every day, opinion, trust and support at a month's end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np

from glasshouse.arithmetic import happens
from glasshouse.draws import purposes
from glasshouse.engine.columns import People, Today, World
from glasshouse.engine.counts import Counts, days_so
from glasshouse.engine.neighbours import Collect, by_place, household_share, shares
from glasshouse.engine.numbers import Numbers
from glasshouse.engine.parts import Ties, Views
from glasshouse.engine.setting import Setting, Standing, drawn, score_bin
from glasshouse.mechanisms import opinion, protest, reserve, ties, trust, voice
from glasshouse.regimes.tables import STAKE_BINS
from glasshouse.words import ALONE, OFFICE, REAL, STREET


def newborn(people: People, numbers: Numbers) -> Views:
    """What adults think on the very first morning; children hold no views."""
    n, adult = numbers.trust, np.asarray(people.adult)

    def everybody(level: Any) -> Any:
        return np.where(adult, np.minimum(np.asarray(level) >> 14, 65535), 0).astype(np.uint16)

    support = trust.approval(np.asarray(people.standing), n)
    return Views(everybody(n.state), everybody(n.people), everybody(support), np.zeros(adult.shape, np.uint8))


def heard(setting: Setting, under: Standing, voiced: Any, met: Ties, collect: Collect) -> tuple[Any, Any]:
    """Share of others whom each person has heard voicing dissent, and the share of each cell: int32 Q16."""
    people = setting.people
    seen = shares(voiced, people, collect)
    town = _shown(setting, under, seen.town)
    share = voice.heard(
        jnp.where(people.kin > 0, household_share(seen, people), town),
        ties.share_heard(met.heard, met.in_touch, town),
        by_place(seen.building),
        seen.cell[:, None],
        town,
        setting.numbers.voice.weights,
    )
    return share, seen.cell[:, None]


def _shown(setting: Setting, under: Standing, of_town: Any) -> Any:
    """A share of the town [C] as its media show it to each person: censored for those under the regime."""
    let_through = (of_town.astype(jnp.int64) * ((1 << 16) - setting.law.speech.censored)) >> 16
    return jnp.where(under.subject, let_through.astype(jnp.int32)[:, None], of_town[:, None])


def speak(
    setting: Setting, today: Today, under: Standing, world: World, collect: Collect, continuous: bool, ready: Any
) -> Any:
    """Those asked today decide where they would speak up: bit set of words.VENUES, uint8.

    `continuous` chooses the law of the open word; office and street follow the threshold law under either.
    """
    people, law, numbers = setting.people, setting.law, setting.numbers
    block = drawn(setting, purposes.VOICE, today)
    share, in_cell = heard(setting, under, world.voice, world.ties, collect)
    loss = law.stake.fear[score_bin(world.score[REAL], law, STAKE_BINS)]
    loss = jnp.where(under.aware, loss, 0)
    watched = world.watched >> 14
    fear = voice.fear(loss, people.risk, watched)

    def would(cost: Any, others: Any) -> Any:
        return voice.voices(world.opposition, people.boldness, others, fear, numbers.voice._replace(cost=cost))

    if continuous:
        threat = reserve.threat(loss, people.risk)
        alone = reserve.shows(
            block.b, world.opposition, people.boldness, share, threat, watched, numbers.voice.capacity, numbers.reserve
        )
    else:
        alone = would(numbers.voice.cost, share)
    answers = ((ALONE, alone), (OFFICE, would(numbers.petition, share)), (STREET, would(numbers.protest, in_cell)))
    decided = sum(answer.astype(jnp.uint8) << venue for venue, answer in answers)
    return jnp.where(people.adult & happens(block.a, numbers.asked), decided, ready)


def overlooked(setting: Setting, world: World) -> tuple[tuple[Any, ...], ...]:
    """What patrols lose of a crowd: by place of the channel and act on the street, chances uint32 [C, 1]."""
    people, sight = setting.people, setting.law.sight
    voicing = world.voice.sum(axis=1, dtype=jnp.int32)
    share = ((voicing.astype(jnp.int64) << 16) // jnp.maximum(people.cell_adults, 1)).astype(jnp.int32)
    missed = protest.missed(share, setting.numbers.voice.capacity)
    places, acts = sight.patrolled.shape
    return tuple(
        tuple(protest.lost(sight.patrolled[place, n], missed)[:, None] for n in range(acts)) for place in range(places)
    )


def thinned(setting: Setting, deed: Any, told: Any, lost: tuple[Any, ...]) -> Any:
    """Chances that a deed is told by other channels, less what patrols lose of a crowd."""
    for n, chance in enumerate(lost):
        told = jnp.where(deed == setting.society.street[n], told - chance, told)
    return told


def close(
    setting: Setting,
    today: Today,
    under: Standing,
    counts: Counts,
    collect: Collect,
    informers: Any,
    lonely: Any,
    world: World,
) -> World:
    """What the month has done to opposition, trust and support.

    Args:
        setting, today, under, counts, collect: as for the month.
        informers: int32 Q16, share of adults in the building who reported a neighbour this month.
        lonely: int32 Q16, share of own ties that are cut.
        world: tonight.
    """
    people, numbers, views = setting.people, setting.numbers, world.views
    n, speech = numbers.trust, setting.law.speech
    wronged = days_so(counts, "wrongful") > 0
    around = shares(wronged, people, collect)
    news = trust.news(by_place(around.building), _shown(setting, under, around.town), wronged, n)
    denied, harmed = (_share_of_month(counts, today, name) for name in ("denied", "sanctioned"))
    risk = jnp.where(under.aware, world.risk, n.usual_risk)

    said, _ = heard(setting, under, world.voice, world.ties, collect)
    punished = by_place(shares(world.sanctioned, people, collect).building)
    opposition = opinion.opposition(
        world.opposition,
        said,
        jnp.where(under.aware, punished, 0),
        views.state,
        jnp.where(under.subject, speech.propaganda, 0),
        numbers.opinion,
    )
    word = drawn(setting, purposes.VIEWS, today)
    own_support = trust.approval(people.standing, n)
    state = trust.state(views.state, word.a, risk, news, denied, n)
    others = trust.people(views.people, word.b, informers, world.watched, lonely, n)
    support = trust.support(views.support, word.c, own_support, news, harmed, n)

    def of_adults(new: Any, was: Any) -> Any:
        return jnp.where(people.adult, new, was)

    thoughts = Views(
        of_adults(state, views.state), of_adults(others, views.people), of_adults(support, views.support), views.ready
    )
    return replace(world, opposition=of_adults(opposition, world.opposition), views=thoughts)


def _share_of_month(counts: Counts, today: Today, name: str) -> Any:
    return (days_so(counts, name).astype(jnp.int32) << 16) // today.of_month
