"""The smallest worlds and the largest numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.arithmetic import CERTAIN, chance, q16
from glasshouse.draws import philox
from glasshouse.draws.purposes import SIGHTING
from glasshouse.engine.devices import prepare
from glasshouse.engine.stage import Actor, Stage
from glasshouse.evidence import channels, parameters
from glasshouse.mechanisms import deeds, ledger
from glasshouse.population import invent
from glasshouse.regimes import Number, RuleBook
from glasshouse.regimes.faces import true_match
from glasshouse.words import CAMERA, CLEAN, HONEST, REAL
from known.oracle import binomial_fits, drawn
from stage import Life, at_once, book, field, live, set_stage, standard, wrong

DAYS = 4
Row = NDArray[np.int64]


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


# Occasions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shares", [(0.5, 0.3, 0.01), (0.0, 1.0), (0.25, 0.0, 0.75), (1.0,), (1e-6, 1e-3, 0.0)])
def test_a_slot_brings_each_deed_at_its_own_chance(shares: tuple[float, ...]) -> None:
    n, first = 400_000, 7
    bands = jnp.asarray(chance(np.cumsum(shares)))
    found = deeds.occasion(jnp.asarray(drawn(n).a), bands, first)
    met, deed = np.asarray(found.met), np.asarray(found.deed)
    assert binomial_fits(met.sum(), n, min(sum(shares), 1.0))
    for place, share in enumerate(shares):
        assert binomial_fits((met & (deed == first + place)).sum(), n, share)


def test_certain_occasions_are_met_even_on_the_last_word() -> None:
    words = jnp.array([0, 2**31, 2**32 - 2, 2**32 - 1], jnp.uint32)
    found = deeds.occasion(words, jnp.array([0, CERTAIN], jnp.uint32), 0)
    assert found.met.all()
    assert found.deed.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("digital", [0, 1, 100, 254, 255])
def test_occasions_reach_as_far_as_they_do_into_a_life(digital: int) -> None:
    """Share of a digital life d: d of 256 below the middle, d + 1 above it: nothing at 0, certainty at 255."""
    kind = jnp.array([deeds.EVERYONE, deeds.DIGITAL, deeds.DRIVERS, deeds.DRIVERS])
    driver = jnp.array([False, False, False, True])
    found = deeds.exposed(jnp.full(4, CERTAIN), kind, jnp.full(4, digital, jnp.uint8), driver)
    certain = int(CERTAIN)
    scaled = certain if digital == 255 else (certain >> 8) * (digital + digital // 128)
    assert found.tolist() == [certain, scaled, 0, certain]


# The ledger -------------------------------------------------------------------------------------------------


def posted(score: int, points: int, lowest: int, highest: int, start: int = 0, forgiveness: int = 0) -> int:
    held = ledger.post(
        jnp.array([score], jnp.int32), jnp.array([points], jnp.int32), jnp.array([True]),
        *(jnp.int32(x) for x in (start, lowest, highest, forgiveness)),
    )  # fmt: skip
    assert held.dtype == jnp.int32
    return int(held[0])


@pytest.mark.parametrize(
    ("score", "points", "forgiveness", "expected"),
    [
        (0, -300, 0, -300),
        (-900, -300, 0, -1_000),  # the floor
        (900, 300, 0, 1_000),  # the ceiling
        (-900, 0, 50, -850),  # climbing back
        (-20, 0, 50, 0),  # never past the start
        (500, 0, 50, 500),  # nor back to it from above
        (-900, -300, 50, -950),  # clipped first, forgiven after
    ],
)
def test_posting(score: int, points: int, forgiveness: int, expected: int) -> None:
    assert posted(score, points, -1_000, 1_000, forgiveness=forgiveness) == expected


def test_scores_of_ten_million_points_do_not_wrap() -> None:
    far = 1_000_000_000
    assert posted(far, far, -far, far) == far
    assert posted(-far, -far, -far, far) == -far
    assert posted(-far, 0, -far, far, start=far, forgiveness=far) == 0
    assert posted(-far, 0, -far, far, start=far, forgiveness=2**31 - 1) == far


def test_who_is_not_scored_keeps_the_score() -> None:
    found = ledger.post(jnp.array([7], jnp.int32), jnp.array([100], jnp.int32), jnp.array([False]), *[jnp.int32(0)] * 4)
    assert found.tolist() == [7]


def test_the_clean_book_keeps_rewards_and_drops_deductions_for_lawful_acts() -> None:
    points = jnp.array([-50, -50, 10, -50], jnp.int32)
    lawful, seen = jnp.array([True, False, True, True]), jnp.array([True, True, True, False])
    real, honest, clean = ledger.postings(points, lawful, seen)
    assert real.tolist() == honest.tolist() == [-50, -50, 10, 0]
    assert clean.tolist() == [0, -50, 10, 0]


# One person, four days --------------------------------------------------------------------------------------


def all_seeing() -> RuleBook:
    """The article's regime where every passage is filmed, whose review lets everything through; no forgiveness."""
    article = at_once(book("article"))
    assert article.score is not None
    assert article.cameras is not None
    full = {"coverage": Number(value=1)}
    return article.model_copy(
        update={
            "score": article.score.model_copy(update={"forgiveness": Number(value=0)}),
            "cameras": article.cameras.model_copy(update={"review_true": Number(value=1)}),
            "timeline": [phase.model_copy(update=full) for phase in article.timeline],
        }
    )


@cache
def alone() -> Stage:
    return set_stage(invent(1, 1, 1, parameters=parameters()), last=dt.date(2020, 1, DAYS))


def row(stage: Stage, name: str) -> int:
    return [deed.id for deed in stage.society.deeds].index(name)


def certain(stage: Stage, actor: Actor, first: str, second: str) -> Actor:
    """The same world, in which every slot brings the same deed every day, and everybody always takes it."""
    tables = actor.setting.society
    a, b = np.zeros_like(tables.occasion_a), np.zeros_like(tables.occasion_b)
    a[row(stage, first) :] = CERTAIN
    b[row(stage, second) - len(a) :] = CERTAIN
    # Kind "event": nobody weighs it; logit 16: always.
    always = np.full_like(tables.row, int(q16(16.0)) | 4 << 32)
    like: Any = tables.row  # on the devices by now: new tables go beside it, so that nothing is compiled again
    a, b, always = jax.device_put((a, b, always), like.sharding)
    setting = actor.setting._replace(society=tables._replace(occasion_a=a, occasion_b=b, row=always))
    return replace(actor, setting=setting)


@cache
def hermit() -> tuple[Actor, Life]:
    stage = alone()
    slot_a = [fact.id for fact in stage.society.deeds][: len(stage.society.tables.occasion_a)]
    assert "traffic_violation" in slot_a
    last = stage.society.deeds[-1].id
    actor = certain(stage, stage.actor(all_seeing()), "traffic_violation", last)
    return actor, live(stage, all_seeing(), actor=actor)


def test_one_person_lives_four_days() -> None:
    told = live(alone(), book("article"))
    assert told.deeds.shape == told.notices.shape == (DAYS, 1)
    assert told.end.score[REAL].shape == (1,)
    assert alone().population.adult.all()


def test_a_certain_deed_is_done_and_filmed_every_day() -> None:
    stage, (_, told) = alone(), hermit()
    assert (field(told.deeds, "deed_a") == row(stage, "traffic_violation") + 1).all()
    assert (field(told.deeds, "deed_b") == len(stage.society.deeds)).all()
    assert (field(told.deeds, "seen_a") == CAMERA).all()
    assert not field(told.deeds, "filmed_a").any()  # a case record names the driver, not a face


def test_the_score_of_one_person_is_counted_on_the_fingers() -> None:
    """start - 5 a day for the violation, and what was seen of the last deed of the catalogue."""
    stage, (actor, told) = alone(), hermit()
    points = actor.law.score.points
    seen_b = (field(told.deeds, "seen_b") > 0).sum()
    expected = 100_000 + DAYS * -500 + int(seen_b) * int(points[-1])
    assert int(points[row(stage, "traffic_violation")]) == -500
    assert told.end.score[REAL].tolist() == told.end.score[HONEST].tolist() == [expected]
    assert told.end.score[CLEAN].tolist() == [expected]


def test_sightings_can_be_told_from_the_keys_alone() -> None:
    """The word of (seed, town, person, SIGHTING, day) against the deed's own chance: no other draw interferes."""
    stage, (_, told) = alone(), hermit()
    fact = stage.society.deeds[-1]
    deed = book("article").deeds[fact.id]
    first_channel = next(name for name in deed.seen_by if name != "camera")
    assert "camera" not in deed.seen_by
    who = np.zeros(1, np.uint32)
    for day in range(DAYS):
        word = philox.words(philox.Key.of(stage.seed), who, SIGHTING, np.uint32(day), np.uint32(0)).d[0]
        assert (field(told.deeds, "seen_b")[day, 0] > 0) == (word < chance(float(channels()[first_channel])))


# Cameras at their limits ------------------------------------------------------------------------------------


def watched(coverage: float, gallery: float) -> Life:
    article = at_once(book("article"))
    assert article.cameras is not None
    changed = {"coverage": Number(value=coverage)}
    return live(
        standard(),
        article.model_copy(
            update={
                "timeline": [phase.model_copy(update=changed) for phase in article.timeline],
                "cameras": article.cameras.model_copy(update={"gallery": Number(value=gallery)}),
            }
        ),
        [(dt.date(2020, 1, 1), dt.date(2020, 1, 31))],
    )


def test_without_coverage_no_camera_sees_and_no_face_is_taken_for_another() -> None:
    told = watched(0.0, 1.4e9)
    assert not (field(told.deeds, "seen_a") == CAMERA).any()
    assert not field(told.deeds, "filmed_a").any()
    assert not wrong(told.deeds).any()


def test_a_gallery_of_one_face_accuses_nobody_here() -> None:
    """Thousands of probes at 1.7e-8 each expect less than one case in ten thousand runs."""
    told = watched(1.0, 1)
    assert field(told.deeds, "filmed_a").sum() > 1_000
    assert not wrong(told.deeds).any()


def test_a_gallery_of_a_nation_accuses_somebody_at_nearly_every_glance() -> None:
    """FPIR = 1 - exp(-23): every probe names a stranger, and review lets half of them through."""
    told = watched(1.0, 1.4e9)
    probes = int(field(told.deeds[:-1], "filmed_a").sum() + field(told.deeds[:-1], "filmed_b").sum())
    accused = int(wrong(told.deeds).sum())
    # One person can be named wrongly once a day at most: a few in a hundred meet a second mistake.
    per_day = 0.5 * probes / (len(told.deeds) - 1) / int(standard().population.adult.sum())
    assert accused == pytest.approx(0.5 * probes, rel=per_day + 4 / np.sqrt(0.5 * probes))


def test_full_coverage_enters_every_recognised_face() -> None:
    told = watched(1.0, 1)
    jaywalking = field(told.deeds, "deed_a") == row(standard(), "jaywalking") + 1
    assert (field(told.deeds, "filmed_a") == 1)[jaywalking].all()
    named = (field(told.deeds, "seen_a") == CAMERA) & jaywalking
    assert binomial_fits(named.sum(), jaywalking.sum(), true_match(0.6, parameters()) * 0.95)


# Counters ---------------------------------------------------------------------------------------------------


def test_counters_outlast_every_run() -> None:
    """uint16 days: 65,535 of them are 179 years, and the key of a draw holds as many."""
    told = live(standard(), book("article"), [(dt.date(2020, 1, 1), dt.date(2020, 1, 31))])
    assert {column.dtype for column in told.end.score} == {np.dtype(np.int32)}
    counted = told.sums
    assert all(column.max() <= 31 for column in (*counted.days, *counted.asked))
    assert max(int(column.max()) for column in counted.days) == 31
    assert sum(int(c.max()) for c in counted.asked) > 0
