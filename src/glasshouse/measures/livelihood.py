"""Work and money: who has work, who rises, what people own, and what the regime costs the public.

unemployment     unemployed / (working + unemployed), at the end
promotions       a hundred working years
work_lost        a hundred working years
income           CNY a head and year, after tax, interest and what the town hands out or raises
wealth           CNY a head, at the end; a household's is shared equally
public_money     CNY a head and year by line of the towns' accounts; rewards and costs of a regime are paid from there
"""

from __future__ import annotations

import numpy as np

from glasshouse.measures.estimates import Estimates
from glasshouse.measures.totals import ALL, Floats, Totals, most, ratio, with_all

_HUNDREDTHS = 100
_MONTHS_A_YEAR = 12
_A_HUNDRED = 100
LINES = ("relief", "interest", "premiums", "benefits", "written_off", "running", "handed_out")
"""Lines of the account that a regime moves: tax relief, its interest, what was paid above ordinary prices, support of
those without work, debts written off, the running of the regime, and what was handed to people (below 0: raised)."""


def careers(run: Totals) -> list[Estimates]:
    """`unemployment`, `promotions` and `work_lost`, all and by group."""
    groups, keys = run.manifest.groups, run.with_groups()
    out, working = (with_all(run.at_end(name, "group").take(groups)) for name in ("unemployed", "working"))
    years = with_all(run.by_month("working", "group").take(groups).sum(axis=2)) / _MONTHS_A_YEAR
    found = [Estimates("unemployment", "unemployed", "share", keys, ratio(out, out + working), most(out, run.baseline))]
    for measure, counted, label in (
        ("promotions", "promoted", "promotions"),
        ("work_lost", "lost_work", "work lost"),
    ):
        events = with_all(run.over_run(counted, "group").take(groups))
        rate = _A_HUNDRED * ratio(events, years)
        found.append(Estimates(measure, label, "per 100 working years", keys, rate, most(events, run.baseline)))
    return found


def money(run: Totals) -> list[Estimates]:
    """`income`, `wealth` by group, and `public_money` by line."""
    groups, years = run.manifest.groups, run.person_years()
    heads = with_all(run.at_end("people", "group").take(groups))
    wealth = with_all(run.at_end("wealth", "group").take(groups)) / _HUNDREDTHS
    income = run.over_run("households", "line").of("income") / _HUNDREDTHS
    lines = run.over_run("account", "line").take(LINES) / _HUNDREDTHS
    everybody = _everybody(run)
    return [
        Estimates(
            "income", "income after tax", "CNY a head and year", (ALL,), ratio(income, years)[..., None], everybody
        ),
        Estimates("wealth", "wealth", "CNY a head", run.with_groups(), ratio(wealth, heads), heads.sum(axis=1)),
        Estimates(
            "public_money",
            "public money",
            "CNY a head and year",
            LINES,
            ratio(lines, years[..., None]),
            np.repeat(everybody, len(LINES), axis=-1),
        ),
    ]


def _everybody(run: Totals) -> Floats:
    """People of each world, [worlds, 1]."""
    people: Floats = run.at_end("people", "group").sum().sum(axis=1, keepdims=True)
    return people
