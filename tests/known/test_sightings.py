"""Who is seen (T06): det = 1 - (1 - coverage * recognised) * prod (1 - channel). More cameras see more (T31c)."""

from __future__ import annotations

from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.arithmetic import chance
from glasshouse.engine.devices import prepare
from glasshouse.evidence import channels, parameters
from glasshouse.mechanisms import sightings
from glasshouse.regimes import Number, RuleBook
from glasshouse.regimes.faces import true_match
from glasshouse.words import CAMERA, OTHER, SLOTS
from known.oracle import Z_LIMIT, binomial_fits, drawn, z_of_count
from stage import Life, at_once, book, field, live, standard

N = 200_000
SHARE = st.floats(0, 1)


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


@jax.jit
def _seen(
    camera: Any, other: Any, did: Any, watched: Any, filming: Any, recognised: Any, others: Any, face: Any
) -> Any:
    return sightings.sighting(camera, other, did, watched, filming, recognised, others, face)


def seen(
    coverage: float,
    recognised: float,
    channel: tuple[float, ...],
    did: Any = True,
    watched: bool = True,
    face: bool = True,
) -> Any:
    """Sightings of N deeds: codes and whether a face was filmed."""
    words = drawn(N)
    missed = np.cumprod([1 - p for p in (*channel, 0.0, 0.0, 0.0)][:3])
    others = tuple(jnp.full(N, t, jnp.uint32) for t in chance(1 - missed))
    found = _seen(
        jnp.asarray(words.a), jnp.asarray(words.b), jnp.broadcast_to(did, N), jnp.full(N, watched),
        jnp.uint32(chance(coverage)), jnp.full(N, chance(recognised)), others, jnp.full(N, face),
    )  # fmt: skip
    return np.asarray(found.seen), np.asarray(found.filmed)


CASES = [
    (0.3, 0.8455, (0.02,)),
    (0.3, 0.95, (0.02, 0.3)),
    (0.9, 0.5, (0.1, 0.2, 0.3)),
    (0.0, 0.9, (0.05,)),
    (1.0, 0.7, ()),
    (0.6, 1.0, ()),
    (0.01, 0.02, (0.003,)),
]


@pytest.mark.parametrize(("coverage", "recognised", "channel"), CASES)
def test_true_detections_are_binomial(coverage: float, recognised: float, channel: tuple[float, ...]) -> None:
    camera = coverage * recognised
    missed = np.cumprod([1 - camera, *(1 - p for p in channel)])
    code, filmed = seen(coverage, recognised, channel)
    assert binomial_fits((code > 0).sum(), N, 1 - missed[-1])
    assert binomial_fits((code == CAMERA).sum(), N, camera)
    assert binomial_fits(filmed.sum(), N, coverage)
    for place, p in enumerate(channel):
        # This channel sees it, and neither the camera nor an earlier channel did.
        assert binomial_fits((code == OTHER + place).sum(), N, missed[place] * p)


def test_certain_cameras_see_everything_and_absent_ones_nothing() -> None:
    code, filmed = seen(1.0, 1.0, (0.5,))
    assert (code == CAMERA).all()
    assert filmed.all()
    code, filmed = seen(0.0, 1.0, ())
    assert not code.any()
    assert not filmed.any()
    code, _ = seen(1.0, 0.0, (1.0,))
    assert (code == OTHER).all()


def test_what_was_not_done_or_not_watched_is_not_seen_by_a_camera() -> None:
    did = jnp.arange(N) % 3 == 0
    code, filmed = seen(1.0, 1.0, (1.0,), did=did)
    assert ((code > 0) == np.asarray(did)).all()
    assert (filmed == np.asarray(did)).all()
    code, filmed = seen(1.0, 1.0, (), watched=False)
    assert not code.any()
    assert not filmed.any()


def test_without_face_recognition_nobody_is_searched() -> None:
    code, filmed = seen(0.5, 1.0, (), face=False)
    assert (code == CAMERA).sum() > 0
    assert not filmed.any()


def expected(coverage: float, recognised: float, channel: tuple[float, ...]) -> float:
    return 1 - (1 - coverage * recognised) * float(np.prod([1 - p for p in channel]))


@settings(max_examples=40, deadline=None)
@given(SHARE, SHARE, SHARE, st.tuples(SHARE, SHARE))
def test_more_coverage_never_sees_less(
    one: float, other: float, recognised: float, channel: tuple[float, float]
) -> None:
    """In expectation, and in the same draws: what few cameras see, more cameras see, too."""
    low, high = sorted((one, other))
    assert expected(low, recognised, channel) <= expected(high, recognised, channel) + 1e-12
    (code, filmed), (more_code, more_filmed) = (seen(c, recognised, channel) for c in (low, high))
    assert ((code > 0) <= (more_code > 0)).all()
    assert (filmed <= more_filmed).all()


def covered(coverage: float) -> RuleBook:
    """The article's regime with this coverage, without registers, and nobody aware: people behave alike."""
    article = at_once(book("article"))
    changed = {"coverage": Number(value=coverage), "awareness": Number(value=0)}
    return article.model_copy(update={"timeline": [phase.model_copy(update=changed) for phase in article.timeline]})


@cache
def life(coverage: float) -> Life:
    return live(standard(), covered(coverage))


@pytest.mark.parametrize("coverage", [0.0, 0.3, 1.0])
def test_a_run_detects_what_the_law_says(coverage: float) -> None:
    """Every deed by name: entries among deeds done are binomial with the deed's own det."""
    told, sees, rule = life(coverage), channels(), covered(coverage)
    assert rule.cameras is not None
    review, threshold = float(rule.cameras.review_true), float(rule.cameras.threshold)
    tried = 0
    for row, fact in enumerate(standard().society.deeds):
        done = [(field(told.deeds, f"deed_{s}") == row + 1, field(told.deeds, f"seen_{s}") > 0) for s in SLOTS]
        found = sum(int((did & hit).sum()) for did, hit in done)
        trials = sum(int(did.sum()) for did, _ in done)
        deed = rule.deeds.get(fact.id)
        if deed is None:
            assert found == 0
            continue
        named = review * (true_match(threshold, parameters()) if deed.face else 1.0)
        # Nobody informs where nobody knows that it is rewarded.
        others = tuple(float(sees[name]) for name in deed.seen_by if name not in ("camera", "neighbour"))
        det = expected(coverage if "camera" in deed.seen_by else 0.0, named, others)
        assert binomial_fits(found, trials, det), fact.id
        tried += trials > 100
    assert tried >= 8


def test_filmed_passages_of_a_run_are_binomial() -> None:
    told = life(0.3)
    jaywalking = [deed.id for deed in standard().society.deeds].index("jaywalking") + 1
    did = field(told.deeds, "deed_a") == jaywalking
    filmed = field(told.deeds, "filmed_a") > 0
    assert abs(z_of_count((did & filmed).sum(), did.sum(), 0.3)) < Z_LIMIT


def test_ordinary_law_fines_at_its_own_rate() -> None:
    """Fines have draws of their own: binomial with the catalogue's chance, whatever the cameras see."""
    told = life(1.0)
    for row, fact in enumerate(standard().society.deeds):
        did = [(field(told.deeds, f"deed_{s}") == row + 1, field(told.deeds, f"fined_{s}") > 0) for s in SLOTS]
        done, fined = sum(int(d.sum()) for d, _ in did), sum(int((d & f).sum()) for d, f in did)
        assert binomial_fits(fined, done, float(fact.ordinary_detection)), fact.id


def test_a_run_with_more_cameras_sees_every_deed_that_one_with_fewer_sees() -> None:
    few, more, all_of_them = life(0.0), life(0.3), life(1.0)
    for slot in SLOTS:
        deeds = [field(one.deeds, f"deed_{slot}") for one in (few, more, all_of_them)]
        assert (deeds[0] == deeds[1]).all()
        assert (deeds[1] == deeds[2]).all()
        hits = [field(one.deeds, f"seen_{slot}") > 0 for one in (few, more, all_of_them)]
        assert (hits[0] <= hits[1]).all()
        assert (hits[1] <= hits[2]).all()
        assert hits[0].sum() < hits[1].sum() < hits[2].sum() or slot == "b"
