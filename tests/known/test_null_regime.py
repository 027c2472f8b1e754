"""A regime without consequences changes nothing, to the last byte (T01, T31a)."""

from __future__ import annotations

from functools import cache

import jax
import pytest

from glasshouse.engine.columns import OUTCOME_COLUMNS, OUTCOME_COUNTS
from glasshouse.regimes import Number, RuleBook
from glasshouse.regimes.schema import Consequence, Costs
from glasshouse.words import FATE_MARK, NOTICE_MARK, REAL
from stage import Life, book, field, live, same_bytes, standard

LIVED = ("deed_a", "deed_b", "fined_a", "fined_b")
"Fields of the marks that tell what people did and what ordinary law did to them."


@cache
def life(name: str) -> Life:
    return live(standard(), {"toothless": toothless()}.get(name) or book(name))


def toothless() -> RuleBook:
    """The article's regime with nobody aware, every factor 1, every refusal and spread 0, and run for nothing."""
    article = book("article")
    nothing, unmoved = Number(value=0), Number(value=1)
    consequences = {
        name: Consequence(
            denies=dict.fromkeys(c.denies, nothing),
            prices=dict.fromkeys(c.prices, unmoved),
            priority=dict.fromkeys(c.priority, Number(value=4)),
            **dict.fromkeys(("promotion", "job", "tax"), unmoved),
            loan=nothing,
        )
        for name, c in article.consequences.items()
    }
    timeline = [phase.model_copy(update={"awareness": nothing}) for phase in article.timeline]
    costs = Costs(cameras=nothing, office=nothing)
    changed = {"consequences": consequences, "timeline": timeline, "firms": book("none").firms, "costs": costs}
    return article.model_copy(update=changed)


@pytest.mark.parametrize("name", ["none", "toothless"])
def test_every_outcome_of_every_month_is_that_of_ordinary_law(name: str) -> None:
    pairs = zip(life(name).months, life("ordinary-law").months, strict=True)
    for month, (there, here) in enumerate(pairs):
        apart = [c for c in OUTCOME_COLUMNS if not same_bytes(getattr(there, c), getattr(here, c))]
        assert apart == [], f"month {month}"
    counted = zip(life(name).gains, life("ordinary-law").gains, strict=True)
    for month, (there_gains, here_gains) in enumerate(counted):
        apart = [c for c in OUTCOME_COUNTS if not same_bytes(getattr(there_gains, c), getattr(here_gains, c))]
        assert apart == [], f"month {month}"


@pytest.mark.parametrize("name", ["none", "toothless"])
def test_every_deed_and_every_fine_of_every_day_is_that_of_ordinary_law(name: str) -> None:
    there, here = life(name), life("ordinary-law")
    for mark in LIVED:
        assert same_bytes(field(there.deeds, mark), field(here.deeds, mark)), mark
    outcomes = [field(one.notices, "outcomes", NOTICE_MARK) for one in (there, here)]
    assert same_bytes(*outcomes)


@pytest.mark.parametrize("name", ["none", "toothless"])
def test_the_machinery_did_run(name: str) -> None:
    """Sightings, probes, wrong names, scores, tiers and lists: otherwise equality would say nothing."""
    there = life(name)
    assert (field(there.deeds, "seen_a") > 0).sum() > 1_000
    assert (field(there.deeds, "filmed_a") > 0).sum() > 1_000
    assert {1, 2} <= set(field(there.deeds, "wrong_cause").ravel().tolist())
    assert there.end.pending.any()
    assert (there.end.score[REAL] != there.actor.law.score.start).mean() > 0.1
    assert len(set(there.end.tier[REAL].tolist())) > 2
    assert (field(there.notices, "listed", NOTICE_MARK) > 0).any()


def test_a_regime_with_consequences_moves_every_outcome() -> None:
    """The comparison can fail: under the article's own rules nearly every outcome column differs."""
    there, here = life("article"), life("ordinary-law")
    columns = [c for c in OUTCOME_COLUMNS if jax.tree.leaves(getattr(here.end, c))]
    counts = [c for c in OUTCOME_COUNTS if getattr(here.sums, c)]
    assert [c for c in columns if same_bytes(getattr(there.end, c), getattr(here.end, c))] == []
    same = [c for c in counts if same_bytes(getattr(there.sums, c), getattr(here.sums, c))]
    assert set(same) <= {"asked", "short"}
    for mark in LIVED:
        assert not same_bytes(field(life("article").deeds, mark), field(life("ordinary-law").deeds, mark)), mark


def test_what_people_ask_for_is_the_same_in_every_world() -> None:
    """But for what they wait for, as who waits does not ask again; and for trips given up to avoid cameras."""
    waited = standard().newborn().queues
    there, here = life("article"), life("ordinary-law")
    given_up = field(there.fates, "given_up", FATE_MARK).sum(axis=0)
    bus = [service.id for service in standard().services].index("bus")
    assert given_up.sum() > 0
    assert not field(here.fates, "given_up", FATE_MARK).any()
    for service, (asked, twin) in enumerate(zip(there.sums.asked, here.sums.asked, strict=True)):
        assert service in waited or (asked + (given_up if service == bus else 0) == twin).all(), service


def test_the_same_life_twice_is_the_same_to_the_last_byte() -> None:
    again = live(standard(), book("article"))
    assert same_bytes(jax.tree.leaves(again.end), jax.tree.leaves(life("article").end))
    assert same_bytes(
        (again.deeds, again.notices, again.gains),
        (life("article").deeds, life("article").notices, life("article").gains),
    )
