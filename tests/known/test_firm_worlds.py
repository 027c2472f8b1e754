"""Firms in whole worlds: conservation month by month, owners and firms on lists, and worlds without firms."""

from __future__ import annotations

from functools import cache
from typing import Any

import jax
import numpy as np
import pytest

from glasshouse.engine.calendar import Span
from glasshouse.engine.stage import Stage
from glasshouse.evidence import parameters
from glasshouse.population import Population, invent
from glasshouse.population.firms import NOBODY, Firms, found
from glasshouse.regimes import RuleBook
from glasshouse.regimes.firm_tables import FIRM_TIERS
from glasshouse.runs.cast import Cast
from glasshouse.runs.firm_totals import _rating, firm_totals, revenues
from glasshouse.runs.tally import Evening, Row
from glasshouse.words import CLEAN, FIRM_MARK, REAL
from naive_books import changed
from stage import FIRST, LAST, Life, book, live, people, same_bytes, standard


def jaywalkers_listed(raw: dict[str, Any]) -> None:
    """Many people are on the blacklist, and so are the firms they own."""
    raw["lists"]["blacklist"]["entry"]["deeds"] += ["jaywalking"]


def owners_too(raw: dict[str, Any]) -> None:
    """A firm's own failures bring its owner onto the blacklist."""
    raw["firms"]["list"] |= {"chance": 1, "lists_owner": "blacklist", "entry": ["arrears", "owner_listed"]}
    raw["firms"]["everywhere"] = True


@cache
def life(name: str) -> Life:
    return live(standard(), book(name))


@cache
def busy() -> Stage:
    """Many firms, to which much happens."""
    return stage_of(people(), density=0.25, arrears=0.1, demand=0.2, connected=0.5)


@cache
def busy_life(change: Any) -> Life:
    return live(busy(), changed("article", change), busy().span.months()[:4])


@cache
def founded() -> tuple[Firms, Any, Any, Any]:
    """The firms of the busy stage; cell, slot and owner (number in the population) of those with an owner."""
    f, p = found(people(), 1, busy().parameters), people()
    cell, slot = np.nonzero(f.owner != NOBODY)
    return f, cell, slot, np.searchsorted(p.grid_index(), cell * p.layout.places_per_cell + f.owner[cell, slot])


def told(world: Any, name: str) -> Any:
    return (world.firm_books.told >> FIRM_MARK.index(name)) & 1 == 1


@pytest.mark.parametrize("name", ["ordinary-law", "article"])
def test_firms_are_founded_and_closed_and_never_lost(name: str) -> None:
    """open today = open before + founded - closed, slot by slot."""
    before = found(people(), 1, parameters()).open
    for world in life(name).months:
        founded, closed = told(world, "founded"), told(world, "closed")
        assert not (founded & before).any()
        assert not (closed & ~before).any()
        assert (world.firms.open == ((before & ~closed) | founded)).all()
        before = world.firms.open


def test_ordinary_law_keeps_no_books() -> None:
    for world in life("ordinary-law").months:
        books = world.firm_books
        assert not any(column.any() for column in (*books.score, *books.until, *books.came))
        assert all((tier == FIRM_TIERS).all() for tier in books.tier)


def test_a_world_whose_regime_leaves_firms_alone_is_that_of_ordinary_law() -> None:
    without = live(standard(), book("article").model_copy(update={"firms": None}))
    assert same_bytes(without.end.firms, life("ordinary-law").end.firms)
    assert not same_bytes(life("article").end.firms, life("ordinary-law").end.firms)


def test_firms_of_listed_owners_are_listed() -> None:
    """Every open firm whose owner is on the blacklist on a month's last evening is on the list of firms."""
    _, cell, slot, owner = founded()
    lived, seen = busy_life(jaywalkers_listed), 0
    for days, world in zip(busy().span.months(), lived.months, strict=False):
        now = busy().span.number(days[1])
        listed = world.until[0][REAL][owner] > now  # the blacklist is the first list
        stayed = world.firms.open[cell, slot] & ~told(world, "founded")[cell, slot]
        assert (world.firm_books.until[REAL][cell, slot][listed & stayed] > now).all()
        seen += int((listed & stayed).sum())
    assert seen > 20


def test_owners_of_listed_firms_are_listed_and_do_not_list_them_for_ever() -> None:
    """Arrears bring a firm onto its list, and its owner onto the people's the next morning, for a term of theirs."""
    _, cell, slot, owner = founded()
    lived = busy_life(owners_too)
    term = int(lived.actor.law.lists.term[0])
    for days, before, after in zip(busy().span.months()[1:], lived.months, lived.months[1:], strict=False):
        came = before.firm_books.came[REAL][cell, slot]
        assert came.sum() > 20
        assert (after.until[0][REAL][owner[came]] >= busy().span.number(days[0]) + term).all()
        assert not (after.firm_books.came[REAL] & ~told(after, "arrears")).any()


def test_books_part_only_where_something_was_false_or_lawful() -> None:
    books = [world.firm_books for world in life("article").months]
    false = np.any([told(world, "failed_wrongly") | told(world, "arrears_wrongly")
                    for world in life("article").months], axis=0)  # fmt: skip
    resisted = np.any([told(world, "resisted") for world in life("article").months], axis=0)
    fresh = np.any([told(world, "founded") for world in life("article").months], axis=0)
    real, honest, clean = books[-1].score
    assert (real[~false & ~fresh] == honest[~false & ~fresh]).all()
    assert (honest[~resisted & ~fresh] == clean[~resisted & ~fresh]).all()
    assert (real < clean).any()


# --- Totals


@cache
def rows(name: str) -> list[list[Row]]:
    stage, lived = standard(), life(name)
    cast, out = Cast.of(stage), []
    for days, world in zip(stage.span.months(), lived.months, strict=True):
        today = stage.calendar(lived.actor, days)
        out.append(firm_totals(cast, lived.actor, today, (days[1] - days[0]).days + 1, Evening(world), True))
    return out


def total(month: list[Row], measure: str, dimension: str) -> int:
    return sum(row.value for row in month if (row.measure, row.dimension) == (measure, dimension))


def test_totals_add_up_over_every_dimension() -> None:
    for month, world in zip(rows("article"), life("article").months, strict=True):
        assert total(month, "firms", "all") == world.firms.open.sum()
        for dimension in ("connected", "sector"):
            assert total(month, "firms", dimension) == total(month, "firms", "all")
            assert total(month, "firm_revenue", dimension) == total(month, "firm_revenue", "all")
        assert total(month, "firm_revenue", "all") == revenues(world.firms.level)[world.firms.open].sum()
        assert total(month, "firms_rated", "firm_tier") == total(month, "firms_rated", "connected")
        assert total(month, "firms_rated", "firm_tier") == (world.firm_books.tier[REAL] < FIRM_TIERS).sum()
        reasons = total(month, "firms_mistaken", "connected") + total(month, "firms_rule_made", "connected")
        assert total(month, "firms_wrongful", "connected") <= reasons


def test_concentration_is_the_sum_of_squared_shares() -> None:
    f, world, town = found(people(), 1, parameters()), life("article").end, people().layout.cells_per_town
    for sector, label in enumerate(("trade", "manufacturing", "services", "platforms")):
        here = world.firms.open[:town] & (f.sector[:town] == sector)
        money = revenues(world.firms.level[:town][here]).astype(float)
        wanted = 1e6 * ((money / money.sum()) ** 2).sum()
        got = [r.value for r in rows("article")[-1] if (r.measure, r.key, r.town) == ("firm_herfindahl", label, 0)]
        assert got == [round(wanted)]


def test_a_rating_is_what_its_tier_is_read_from() -> None:
    """Sorting the ratings of the totals into the law's tiers gives the published tiers."""
    stage, lived = busy(), busy_life(jaywalkers_listed)
    days = stage.span.months()[3]
    rating = _rating(Cast.of(stage), lived.actor, stage.calendar(lived.actor, days), 30, Evening(lived.end))
    tier = lived.end.firm_books.tier[REAL]
    scored = tier < FIRM_TIERS
    cuts = np.asarray(lived.actor.law.firms.cuts)
    assert (tier[scored] == (rating[scored][:, None] < cuts[cuts < 2**31 - 1]).sum(axis=1)).all()
    assert len(np.unique(tier[scored])) > 3


# --- Edges


def stage_of(population: Population, **changes: float) -> Stage:
    registry = parameters().with_values({f"firms.{name}": value for name, value in changes.items()})
    return Stage(population, [book("article")], Span(FIRST, LAST, 0), 1, registry)


def quarter(stage: Stage, regime: RuleBook) -> Life:
    return live(stage, regime, stage.span.months()[:2])


def test_a_country_without_firms_and_a_person_alone() -> None:
    for population, changes in ((people(), {"density": 0.0}), (invent(1, 1, 1), {})):
        end = quarter(stage_of(population, **changes), book("article")).end
        assert not end.firms.open.any()
        assert not end.firm_books.told.any()
        assert all((tier == FIRM_TIERS).all() for tier in end.firm_books.tier)


def test_all_firms_close() -> None:
    stage = stage_of(people(), exit=50.0, exit_margin=0.0, entry=0.0)
    lived = quarter(stage, book("article").model_copy(update={"firms": None}))
    assert not lived.end.firms.open.any()


def test_a_list_that_holds_lets_nobody_close() -> None:
    stage = stage_of(people(), exit=50.0, exit_margin=0.0, arrears=1.0)

    def held(raw: dict[str, Any]) -> None:
        raw["firms"] |= {"everywhere": True}
        raw["firms"]["list"] |= {"entry": ["arrears"], "chance": 1, "blocks_exit": True}

    regime = changed("article", held)
    lived = live(stage, regime, stage.span.months()[:3])
    opened = [world.firms.open for world in lived.months]
    # Nobody is listed in the first month, and all close; those who open again are listed before they can close.
    assert not opened[0][~told(lived.months[0], "founded")].any()
    born = told(lived.months[0], "founded") | told(lived.months[1], "founded")
    assert (opened[2] & born).any()
    deterred = parameters().number("firms.deterrence")
    assert 0 < deterred < 1  # so that arrears are not quite certain, and some close after all
    listed = lived.months[1].firm_books.until[REAL] > 60
    assert (opened[2] | ~(listed & opened[1])).all()


def test_none_runs_the_whole_machinery() -> None:
    lived = life("none")
    assert same_bytes(lived.end.firms, life("ordinary-law").end.firms)
    books = lived.end.firm_books
    assert len(np.unique(books.score[REAL])) > 2
    assert books.until[REAL].any()
    assert (books.score[REAL] != books.score[CLEAN]).any()


def test_every_shape_is_the_same_in_every_world() -> None:
    shapes = {name: jax.tree.map(np.shape, life(name).end) for name in ("article", "none", "ordinary-law")}
    assert shapes["article"] == shapes["none"] == shapes["ordinary-law"]
