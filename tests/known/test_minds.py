"""Speech, opinion, trust and support as people live them: the engine's own days and months."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.arithmetic import ONE_Q16, ONE_Q30
from glasshouse.engine import program
from glasshouse.engine.numbers import numbers
from glasshouse.evidence import parameters
from glasshouse.measures.cascades import standing
from glasshouse.records.schema import THRESHOLD_BINS
from glasshouse.regimes import RuleBook
from glasshouse.regimes.checks import faults
from glasshouse.runs.cast import Cast
from glasshouse.runs.tally import Evening
from glasshouse.runs.views_totals import thresholds, views
from glasshouse.words import STREET
from known.oracle import Z_LIMIT
from stage import FIRST, Life, book, field, live, people, standard

MONTHS = 6


def changed(name: str, change: Callable[[dict[str, Any]], None]) -> RuleBook:
    """A rule book of the library with something changed."""
    raw = book(name).model_dump(mode="json", by_alias=True, exclude_unset=True)
    change(raw)
    made = RuleBook.model_validate(raw)
    assert not faults(made, {(): 1})
    return made


def speech(**given: float) -> RuleBook:
    """Ordinary law everywhere, but for what is done about speech."""

    def change(raw: dict[str, Any]) -> None:
        raw["speech"] = {"surveillance": 0} | given
        raw["timeline"] = [{"date": FIRST, "districts": 1}]

    return changed("ordinary-law", change)


@cache
def life(name: str) -> Life:
    return live(standard(), book(name))


def harden(raw: dict[str, Any]) -> None:
    """Everybody starts a post's worth of points above the best tier from which anything bad follows."""
    raw["score"]["start"] = 965


def under(made: RuleBook, values: dict[str, float], months: int = MONTHS) -> Life:
    """A world of the standard stage whose laws have other numbers; nothing is compiled anew."""
    stage, actor = standard(), standard().actor(made)
    placed = stage._place(numbers(parameters().with_values(values)), program.REPLICATED)
    actor = replace(actor, setting=actor.setting._replace(numbers=placed))
    return live(stage, made, stage.span.months()[:months], actor)


@cache
def harsh() -> Life:
    return live(standard(), changed("article", harden))


def adults() -> NDArray[np.bool_]:
    return people().adult


def mean(column: Any) -> float:
    return float(np.asarray(column)[adults()].mean())


# --- Speech


def test_what_the_media_hide_keeps_people_quiet() -> None:
    """Who speaks up although the town's voices are hidden would speak up anyway: fewer, and no others."""
    open_press, hidden = (live(standard(), speech(censored=c)).end for c in (0, 1))
    assert (hidden.voice <= open_press.voice).all()
    assert hidden.voice.sum() < 0.9 * open_press.voice.sum()
    assert (hidden.views.ready & ~open_press.views.ready == 0).all()


def test_the_open_word_is_the_first_bit_and_petitions_come_before_protests() -> None:
    end = life("article").end
    assert (end.voice == (end.views.ready & 1 == 1)).all()
    told = [mean(end.views.ready >> venue & 1) for venue in range(3)]
    assert told[1] > told[0] > told[STREET] > 0
    assert not end.views.ready[~adults()].any()


def test_more_capacity_to_punish_means_no_more_voices() -> None:
    """T31f: m_cap up, expression weakly down."""
    found = [mean(under(book("article"), {"expression.punish_capacity": c}, 2).end.voice) for c in (0.01, 0.1, 1.0)]
    assert found == sorted(found, reverse=True)
    assert found[-1] < found[0]


def test_by_the_continuous_law_a_free_society_shows_what_it_thinks() -> None:
    """a = d where nothing is at stake: everybody asked speaks with a chance that is their opposition."""
    end = under(book("ordinary-law"), {"expression.law": 1}).end
    x = end.opposition[adults()] / ONE_Q30
    found = end.voice[adults()]
    assert abs(found.sum() - x.sum()) < Z_LIMIT * np.sqrt((x * (1 - x)).sum())
    watched = under(book("article"), {"expression.law": 1}).end
    assert 0 < mean(watched.voice) < mean(end.voice)


# --- Opinion, trust and support


def test_propaganda_works_on_those_who_trust() -> None:
    """x falls by prop * T a month, and a thousandth of what it is away from home comes back a day."""
    plain, told = (live(standard(), speech(propaganda=p)).end for p in (0, 0.1))
    assert (told.opposition <= plain.opposition).all()
    left = mean(told.opposition) / mean(plain.opposition)
    trust = parameters().number("trust.state_level")
    assert (1 - 0.1 * trust) ** MONTHS < left < (1 - 0.1 * trust) ** MONTHS + 0.1


def test_ordinary_law_leaves_views_where_they_were() -> None:
    """Nothing happens to anybody: the mean stays within the wobble of rounding, children have no views."""
    end, p = life("ordinary-law").end.views, parameters()
    wobble = Z_LIMIT * 0.5 * np.sqrt(MONTHS / adults().sum()) / ONE_Q16
    assert mean(end.state) / ONE_Q16 == pytest.approx(p.number("trust.state_level"), abs=wobble + 1 / ONE_Q16)
    # Friends are lost in every world, and the lonely trust others less: k7 a month at most for each lost share of them.
    lonely = mean(life("ordinary-law").end.ties.isolation) / ONE_Q16
    low = p.number("trust.people_level") - MONTHS * p.number("trust.lonely") * max(lonely, 0.2)
    assert low < mean(end.people) / ONE_Q16 < p.number("trust.people_level") + wobble
    for column in (end.state, end.people):
        assert not column[~adults()].any()


def test_the_well_off_approve_more_and_the_harmed_less() -> None:
    """F12, and the sign of harm: who was under sanction all June supports less than the rest."""
    income = people().income
    rich = adults() & (income > np.quantile(income, 0.8))
    poor = adults() & (income < np.quantile(income, 0.2))
    for lived in (life("ordinary-law"), harsh()):
        support = lived.end.views.support
        assert support[rich].mean() > support[poor].mean() + 0.05 * ONE_Q16
    all_june = harsh().gains[-1].days[0] == 30
    assert 200 < all_june.sum() < 0.8 * adults().sum()
    support = harsh().end.views.support
    assert support[all_june].mean() < support[adults() & ~all_june].mean() - 0.05 * ONE_Q16


def test_support_falls_with_what_is_known() -> None:
    """F11: -12 % +- 5 among those whom no sanction ever touched, where everybody hears of wrongful ones."""
    informed = under(changed("article", harden), {"trust.reach": 150})
    spared = adults() & ~np.any([g.days[0] > 0 for g in informed.gains], axis=0)
    assert spared.sum() > 1_000
    told, law = (lived.end.views.support[spared].mean() for lived in (informed, life("ordinary-law")))
    assert told / law - 1 == pytest.approx(-0.12, abs=0.05)


def test_trust_outlives_what_it_was_lost_by() -> None:
    """F24: three months after the end of a regime support is coming back, and almost all of the lost trust is gone."""
    ended = changed("article", lambda raw: harden(raw) or raw.update(safeguards={"sunset": "2020-04-01"}))
    gone, law = live(standard(), ended), life("ordinary-law")
    lost = {
        name: [mean(getattr(law.months[m].views, name)) - mean(getattr(gone.months[m].views, name)) for m in (2, 5)]
        for name in ("people", "support")
    }
    assert lost["people"][1] > 0.9 * lost["people"][0] > 0
    assert 0 < lost["support"][1] < 0.5 * lost["support"][0]


# --- What the records add up


def test_the_sums_are_the_people() -> None:
    cast, end = Cast.of(standard()), life("article").end
    rows = views(cast, Evening(end))
    for name, column in (("support_sum", end.views.support), ("opposition_sum", end.opposition >> 14)):
        assert sum(r.value for r in rows if r.measure == name) == int(column[adults()].astype(np.int64).sum())
    assert sum(r.value for r in rows if r.measure == "adults") == int(adults().sum())


def test_thresholds_say_where_the_voices_of_a_world_are() -> None:
    """Mean-field and measured on the last day: what is heard at home and next door makes the difference."""
    stage, cast = standard(), Cast.of(standard())
    for name in ("ordinary-law", "article"):
        lived = life(name)
        aware = adults() if name == "article" else np.zeros(len(people()), np.bool_)
        rows = thresholds(cast, lived.actor, stage.numbers, Evening(lived.end), aware)
        counts = np.zeros(THRESHOLD_BINS + 2)
        for row in rows:
            counts[int(row.key)] += row.value
        assert counts.sum() == adults().sum()
        assert standing(counts).share == pytest.approx(mean(lived.end.voice), abs=0.08)


# --- Reading while watched


def readings(lived: Life, who: NDArray[np.bool_]) -> int:
    """How often these people read about delicate matters."""
    row = [deed.id for deed in standard().society.deeds].index("sensitive_reading")
    return sum(int((field(lived.deeds, slot)[:, who] == row + 1).sum()) for slot in ("deed_a", "deed_b"))


def test_being_watched_cuts_reading_and_only_for_those_who_know() -> None:
    """F07: all in all -5 to -30 %. F08: it comes from those who feel watched; who knows nothing reads the same."""
    now = standard().calendar(life("article").actor, (FIRST, FIRST)).aware[0]
    aware = adults() & (people().aware_word < now)
    (read, kept), (unknowing, same) = (
        [readings(life(name), who) for name in ("ordinary-law", "article")] for who in (aware, adults() & ~aware)
    )
    assert min(read, unknowing) > 300
    assert same == unknowing
    assert kept < 0.8 * read
    assert -0.30 < (kept + same) / (read + unknowing) - 1 < -0.05
