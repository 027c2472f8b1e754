"""False accusations (T07): E = sum of probes * FPIR * review, Poisson, by group with W, by likeness."""

from __future__ import annotations

from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.arithmetic import CERTAIN, chance
from glasshouse.engine.devices import prepare
from glasshouse.engine.numbers import confusion
from glasshouse.evidence import parameters
from glasshouse.mechanisms import mistakes
from glasshouse.regimes import Number, RuleBook
from glasshouse.regimes.faces import false_alarm
from glasshouse.words import SLOTS
from known.oracle import Z_LIMIT, drawn, drawn_within, poisson_fits
from stage import Life, book, field, live, standard, wrong

PEOPLE, DAYS = 8_000, 4_000
SHARES = np.array([0.7, 0.2, 0.1])
WRONG = np.array([0.01, 0.02, 0.05])  # FPIR * review of the group filmed
PROBES = np.array([[500, 150, 60], [300, 100, 20]])  # a day, two face deeds by group filmed
SAME = 0.6


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


class Crowd:
    """Eight thousand people of three groups, whose faces are alike to different degrees."""

    def __init__(self) -> None:
        words = drawn(PEOPLE)
        self.group = np.searchsorted(chance(np.cumsum(SHARES)), words.a).astype(np.uint8)
        self.lookalike = (64 + (words.b >> 22)).astype(np.uint16)  # a quarter to 4.25
        self.able = words.c < chance(0.8)
        groups = range(len(SHARES))
        weights = [self.lookalike[self.able & (self.group == g)].sum(dtype=np.int64) for g in groups]
        self.likeness = np.array([weights], np.int64)
        self.sizes = np.bincount(self.group[self.able], minlength=len(SHARES)).astype(float)


@cache
def crowd() -> Crowd:
    return Crowd()


def spread() -> NDArray[np.float64]:
    """W(h -> g): a share stays in the group filmed, the rest falls on all by size."""
    share = crowd().sizes / crowd().sizes.sum()
    found: NDArray[np.float64] = SAME * np.eye(len(SHARES)) + (1 - SAME) * share[None, :]
    return found


@cache
def accused() -> NDArray[np.int64]:
    """Wrong entries [DAYS, face deed, group]; last column: against faces more alike than the median."""
    confused = chance(WRONG[:, None] * spread())
    one = crowd()
    rate = mistakes.rates(jnp.asarray(PROBES)[None], jnp.asarray(confused), jnp.asarray(one.likeness))
    able, lookalike, group = (jnp.asarray(c)[None] for c in (one.able, one.lookalike, one.group))
    alike = lookalike > np.median(one.lookalike)
    who = jnp.arange(PEOPLE, dtype=jnp.uint32)[None]

    def of_day(day: Any) -> Any:
        found = mistakes.mistaken(drawn_within(who, day).a, able, lookalike, group, rate)
        named = [[(found == f + 1) & (group == g) for g in range(3)] + [(found == f + 1) & alike] for f in range(2)]
        return jnp.array([[cell.sum() for cell in row] for row in named])

    return np.asarray(jax.jit(lambda days: jax.lax.map(of_day, days))(jnp.arange(DAYS, dtype=jnp.uint32)))


def z_of_poisson(found: float, mean: float) -> float:
    return float((found - mean) / np.sqrt(mean))


def test_the_total_is_probes_times_false_alarms_times_review() -> None:
    per_day = float((PROBES * WRONG).sum())
    assert abs(z_of_poisson(accused()[:, :, :3].sum(), DAYS * per_day)) < Z_LIMIT


@pytest.mark.parametrize("face_deed", [0, 1])
@pytest.mark.parametrize("group", [0, 1, 2])
def test_each_group_gets_what_the_filmed_groups_send_it(face_deed: int, group: int) -> None:
    """E_g = sum_h probes_h * FPIR_h * review * W(h -> g)."""
    per_day = float((PROBES[face_deed] * WRONG) @ spread()[:, group])
    assert abs(z_of_poisson(accused()[:, face_deed, group].sum(), DAYS * per_day)) < Z_LIMIT


def test_daily_totals_vary_like_a_poisson_count() -> None:
    """var / mean = 1 - mean chance of one person, here .998; its standard error over 4,000 days is .022."""
    totals = accused()[:, :, :3].sum(axis=(1, 2))
    assert 0.9 < totals.var(ddof=1) / totals.mean() < 1.1


def test_people_whose_faces_are_like_others_are_accused_in_proportion() -> None:
    """Within a group chances go by lambda_i."""
    one = crowd()
    alike = one.able & (one.lookalike > np.median(one.lookalike))
    per_group = (PROBES * WRONG).sum(axis=0) @ spread()
    share = [one.lookalike[alike & (one.group == g)].sum(dtype=np.int64) / one.likeness[0, g] for g in range(3)]
    assert abs(z_of_poisson(accused()[:, :, 3].sum(), DAYS * float(per_group @ share))) < Z_LIMIT


def test_wrong_names_are_spread_over_the_groups_and_none_is_lost() -> None:
    """The engine's table: rows of W sum to 1, so the chance of a wrong entry is kept to a unit a group."""
    registry = parameters().with_values({"faces.same_group": SAME})
    sizes = crowd().sizes
    table = confusion(chance(WRONG), sizes, registry).astype(np.float64)
    assert np.abs(table - chance(WRONG).astype(np.float64)[:, None] * spread()).max() <= 1
    assert np.abs(table.sum(axis=1) - chance(WRONG)).max() <= len(sizes)


def test_nobody_is_accused_without_a_probe_or_outside_the_gallery() -> None:
    one = crowd()
    confused = jnp.asarray(chance(WRONG[:, None] * spread()))
    group, lookalike = jnp.asarray(one.group)[None], jnp.asarray(one.lookalike)[None]
    word = jnp.zeros((1, PEOPLE), jnp.uint32)
    nobody, everybody = jnp.zeros((1, PEOPLE), bool), jnp.ones((1, PEOPLE), bool)
    silent = mistakes.rates(jnp.zeros((1, 2, 3), jnp.int32), confused, jnp.asarray(one.likeness))
    rate = mistakes.rates(jnp.asarray(PROBES)[None], confused, jnp.asarray(one.likeness))
    assert not mistakes.mistaken(word, everybody, lookalike, group, silent).any()
    assert not mistakes.mistaken(word, nobody, lookalike, group, rate).any()
    assert mistakes.mistaken(word, everybody, lookalike, group, rate).all()


def test_rates_keep_their_width_in_a_town_of_a_million() -> None:
    """A million probes that are certainly wrong: 10^6 * 2^32 * 2^8 passes 2^50 and stays under 2^63."""
    likeness = np.array([[256 * 1_000_000]], np.int64)
    confused = np.array([[CERTAIN]])
    probes = np.full((1, 3, 1), 1_000_000, np.int32)
    rate = mistakes.rates(jnp.asarray(probes), jnp.asarray(confused), jnp.asarray(likeness))
    exact = [n * 1_000_000 * int(CERTAIN) * 256 // (256 * 1_000_000) for n in (1, 2, 3)]
    assert np.asarray(rate)[0, :, 0].tolist() == exact
    word = jnp.array([[0, 2**31, 2**32 - 2]], jnp.uint32)
    found = mistakes.mistaken(
        word, jnp.ones((1, 3), bool), jnp.full((1, 3), 256, jnp.uint16), jnp.zeros((1, 3), jnp.uint8), rate
    )
    assert found.tolist() == [[1, 1, 1]]


def national() -> RuleBook:
    """The article's regime with a gallery of ten million faces, so that mistakes are many."""
    article = book("article")
    assert article.cameras is not None
    return article.model_copy(update={"cameras": article.cameras.model_copy(update={"gallery": Number(value=1e7)})})


@cache
def life() -> Life:
    return live(standard(), national())


def test_a_run_accuses_as_many_as_its_cameras_searched() -> None:
    """Day by day: yesterday's probes of every group, times FPIR and review, by group with W."""
    told, people, rule = life(), standard().population, national()
    assert rule.cameras is not None
    factors = people.groups.face_factor
    alarm = false_alarm(float(rule.cameras.threshold), 1e7, factors, parameters()) * float(rule.cameras.review_false)
    share = np.bincount(people.group[people.adult], minlength=len(factors)) / people.adult.sum()
    same = parameters().number("faces.same_group")
    w = same * np.eye(len(factors)) + (1 - same) * share[None, :]
    filmed = sum(field(told.deeds[:-1], f"filmed_{slot}").sum(axis=0) for slot in SLOTS)
    probes = np.bincount(people.group, weights=filmed, minlength=len(factors))
    accused = wrong(told.deeds).sum(axis=0)
    found = np.bincount(people.group, weights=accused, minlength=len(factors))
    assert accused[~people.adult].sum() == 0
    assert found.sum() > 1_000
    for group, mean in enumerate((probes * alarm) @ w):
        assert poisson_fits(int(found[group]), float(mean)), group
