"""Facts of whole societies: the documented regime's reach, the article's classes, bundled scores (the rest)."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
from numpy.typing import NDArray

from glasshouse.measures.access import price_premiums
from glasshouse.measures.firms import firms
from glasshouse.measures.totals import Totals, ratio
from glasshouse.regimes import regime
from glasshouse.validation.finding import Finding, finds, law
from glasshouse.validation.plays import COMPANY, Plays
from glasshouse.words import REMEDY_STEPS

Floats = NDArray[np.float64]

DOCUMENTED, ARTICLE, LIST = "documented", "article", "defaulters"
_LOWEST = ("C", "D")
_EARLY = (dt.date(2010, 1, 1), dt.date(2013, 12, 1))
_STOCKS = {"January 2020": dt.date(2020, 1, 1), "December 2023": dt.date(2023, 12, 1)}
_MONTHS_A_YEAR = 12
_QUEUE = "care"
_CHALLENGEABLE = (("wrong_entry", "cause"), ("entered", "list"))


def _of(values: Floats, run: Totals, world: str) -> float:
    """One world's sum over towns of [worlds, towns]."""
    return float(values[run.worlds.index(world)].sum())


@law("F06")
def shaming_and_debts() -> Finding:
    """Nobody pays a debt because of a display here."""
    return Finding(detail="leaving a list does not depend on being shown in public, and debts have no size there")


@finds("F23")
def challenges(plays: Plays) -> Finding:
    """Appeals over what could be appealed against: wrong entries and listings; and how the decided ones ended."""
    run = plays.totals(DOCUMENTED)
    steps = {step: _of(run.over_run("appeals", "step").of(step), run, DOCUMENTED) for step in REMEDY_STEPS}
    listing, entry, upheld, let_off, dismissed, _ = (steps[step] for step in REMEDY_STEPS)
    could = sum(_of(run.over_run(name, by).sum(), run, DOCUMENTED) for name, by in _CHALLENGEABLE)
    decided = upheld + let_off + dismissed
    return Finding(
        {
            "challenged": (listing + entry) / could if could else math.nan,
            "won": (upheld + let_off) / decided if decided else math.nan,
        },
        f"{listing + entry:,.0f} appeals, {decided:,.0f} decided, of {could:,.0f} wrong entries and listings",
    )


def _silent(run: Totals, world: str) -> float:
    adults = _of(run.over_run("adult_days", "all").sum(), run, world)
    return _of(run.over_run("silent_days", "all").sum(), run, world) / adults


@finds("F09")
def held_back(plays: Plays) -> Finding:
    """Days on which opposition is held and not shown."""
    run = plays.totals(DOCUMENTED)
    here, usual = (_silent(run, world) for world in (DOCUMENTED, run.worlds[run.baseline]))
    return Finding(
        {"held and not voiced": here}, f"{usual:.2%} under ordinary law: hardly any of it is the regime's doing"
    )


@finds("F10")
def fear(plays: Plays) -> Finding:
    """Silence beyond that of ordinary law, where nobody has a score to fear for."""
    run = plays.totals(DOCUMENTED)
    more = _silent(run, DOCUMENTED) - _silent(run, run.worlds[run.baseline])
    return Finding(
        {"silent for fear of the regime": more}, "few know the schemes, and the law fears nothing but their points"
    )


def _monthly(run: Totals, measure: str, dimension: str, key: str) -> Floats:
    """One key month by month in the documented world, all towns."""
    found: Floats = run.by_month(measure, dimension).of(key)[run.worlds.index(DOCUMENTED)].sum(axis=0)
    return found


def _scored(run: Totals) -> Floats:
    tiers = run.manifest.world(DOCUMENTED).tiers
    found: Floats = np.stack([_monthly(run, "people", "tier", tier) for tier in tiers]).sum(axis=0)
    return found


@finds("F13")
def awareness(plays: Plays) -> Finding:
    """Adults who know the scheme of their district, in the first years."""
    run = plays.totals(DOCUMENTED)
    early = [n for n, month in enumerate(run.months) if _EARLY[0] <= month <= _EARLY[1]]
    aware, scored = _monthly(run, "people", "aware", "aware")[early].sum(), _scored(run)[early].sum()
    return Finding({"aware, where a pilot runs": float(aware / scored)}, f"{scored / len(early):,.0f} scored people")


@finds("F14")
def stocks(plays: Plays) -> Finding:
    """The courts' list at the ends of two months."""
    run = plays.totals(DOCUMENTED)
    found = {name: stock(run, month) for name, month in _STOCKS.items()}
    people = run.manifest.people
    told = " and ".join(f"{count:,.0f}" for count in found.values())
    return Finding({name: count / people for name, count in found.items()}, f"{told} of {people:,} people")


def stock(run: Totals, month: dt.date) -> float:
    """People on the courts' list at the end of a month."""
    return float(_monthly(run, "listed", "list", LIST)[run.months.index(month)])


@finds("F15")
def refusals(plays: Plays) -> Finding:
    """Refused flights over person-years on the list."""
    run = plays.totals(DOCUMENTED)
    years = _monthly(run, "listed", "list", LIST).sum() / _MONTHS_A_YEAR
    refused = _monthly(run, "refused", "service", "flight").sum()
    return Finding({"refusals": float(refused / years)}, f"{refused:,.0f} refusals in {years:,.0f} listed years")


@finds("F16")
def lowest_classes(plays: Plays) -> Finding:
    """Share of the scored in the two lowest classes, over all month ends."""
    run = plays.totals(DOCUMENTED)
    lowest = sum(_monthly(run, "people", "tier", tier).sum() for tier in _LOWEST)
    scored = _scored(run).sum()
    return Finding(
        {"in C or D": float(lowest / scored)},
        f"{lowest:,.0f} of {scored:,.0f} months of scored people; too rare to tell below a million people",
    )


@finds("F17")
def ignored(plays: Plays) -> Finding:
    """What the schemes change in the life of the median adult who has one, and in everybody's offences."""
    records, run = plays.run(DOCUMENTED).records, plays.totals(DOCUMENTED)
    rows = records.sql(
        "SELECT median(here.voiced_days - usual.voiced_days) AS days, count(*) AS people FROM people here "
        "JOIN people usual USING (person) WHERE here.world = ? AND usual.world = ? AND here.age >= 18 "
        "AND here.tier < ?",
        [DOCUMENTED, run.worlds[run.baseline], len(run.manifest.world(DOCUMENTED).tiers)],
    )
    years = len(run.months) / _MONTHS_A_YEAR
    change = _change(run, run.deeds("offence", lawful=False))
    return Finding(
        {"median change of days voiced": float(rows[0]["days"] or 0) / years, "offences": change},
        f"{rows[0]['people']:,} adults with a score at the end",
    )


def _change(run: Totals, deeds: tuple[str, ...]) -> float:
    done = run.over_run("deeds", "deed").take(deeds).sum(axis=(1, 2))
    return float(done[run.worlds.index(DOCUMENTED)] / done[run.baseline] - 1)


@finds("F18")
def violations(plays: Plays) -> Finding:
    """Offences that cost points in the schemes, beside the same people's under ordinary law."""
    run, book = plays.totals(DOCUMENTED), regime(DOCUMENTED).book
    costly = tuple(
        id for id in run.deeds("offence", lawful=False) if id in book.deeds and float(book.deeds[id].points) < 0
    )
    done = run.over_run("deeds", "deed").take(costly).sum(axis=-1)
    here, usual = done[run.worlds.index(DOCUMENTED)], done[run.baseline]
    told = f"{(here - usual).sum():+,.0f} of {usual.sum():,.0f}"
    return Finding.over_towns({"violations that cost points": ratio(here, usual) - 1}, told)


@finds("F26")
def connections(plays: Plays) -> Finding:
    """Mean rating of connected firms over that of others."""
    run = plays.totals(DOCUMENTED)
    (premium,) = [found for found in firms(run) if found.measure == "connection_premium"]
    by_town = premium.values[run.worlds.index(DOCUMENTED), :, 0]
    return Finding.over_towns({"connected less others": by_town}, "mean of all months in which firms were rated")


@finds("F30")
def bundling(plays: Plays) -> Finding:
    """What punishing company adds, with weak ties less with strong ones."""
    control, fabric = {}, {}
    for name in ("weak-ties", "strong-ties"):
        run = plays.totals(name)
        voiced = run.over_run("voiced_days", "all").sum()
        held = run.at_end("ties", "all").sum()
        there, here = (run.worlds.index(world) for world in (COMPANY, ARTICLE))
        control[name], fabric[name] = (ratio(x[there], x[here]) - 1 for x in (voiced, held))
    told = ", ".join(f"{n}: dissent {control[n].mean():+.2%}, ties {fabric[n].mean():+.2%}" for n in control)
    return Finding.over_towns(
        {
            "more control where ties are weak": control["weak-ties"] - control["strong-ties"],
            "more ties lost where they are weak": fabric["weak-ties"] - fabric["strong-ties"],
        },
        told,
    )


@finds("F33")
def tiers_pay(plays: Plays) -> Finding:
    """Prices and waits for care of the article's lowest tier, and the waiting of all."""
    run = plays.totals(ARTICLE)
    here, tiers = run.worlds.index(ARTICLE), run.manifest.world(ARTICLE).tiers
    (premium,) = [found for found in price_premiums(run) if found.measure == "price_premium"]
    nights, served = run.over_run("waiting_days", "service_tier"), run.over_run("served", "service_tier")

    def wait(tier: str) -> Floats:
        key = f"{_QUEUE}|{tier}"
        return ratio(nights.of(key)[here], served.of(key)[here])

    reached = [tier for tier in tiers if served.of(f"{_QUEUE}|{tier}")[here].sum() > 0]
    worst, best = wait(reached[-1]), wait(reached[0])
    total = run.over_run("waiting_days", "service").sum()
    return Finding.over_towns(
        {
            "price premium of the lowest tier": premium.values[here, :, 0],
            "longer wait of the lowest tier": worst - best,
            "waiting as a whole": ratio(total[here], total[run.baseline]) - 1,
        },
        f"days for care: {np.nanmean(worst):.2f} in {reached[-1]}, {np.nanmean(best):.2f} in {reached[0]}",
    )
