"""Doors and prices: what was refused, to whom, and what the lowest tier pays.

Two premiums are told, because people buy less of what is dear:

    Laspeyres   sum_s f_s q0_s / sum_s q0_s - 1       the tier's prices f for the baseline world's basket q0
    paid        sum_s paid_s / sum_s ordinary_s - 1   what the tier did buy, against its ordinary price

with q0_s the baseline's spending on service s at ordinary prices and f_s = paid_s / ordinary_s.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from glasshouse.measures.estimates import Estimates
from glasshouse.measures.sanctions import years
from glasshouse.measures.totals import ALL, Floats, Totals, ratio, with_all


def denied_days(run: Totals) -> Estimates:
    """Days a person-year on which some service was closed to somebody, for all and by group."""
    days = with_all(run.over_run("denied_days", "group").take(run.manifest.groups))
    values = ratio(days, years(run))
    people = run.people_with("denied_days")
    return Estimates(
        "denied_days", "days with a service closed", "days per person-year", run.with_groups(), values, people
    )


def refusals(run: Totals) -> list[Estimates]:
    """Share of requests refused, and share that the asker could not afford, by service."""
    services = tuple(str(service["id"]) for service in run.manifest.services)
    asked = run.over_run("requests", "service").take(services)
    found = []
    for measure, name, label in (
        ("refused", "refused_share", "requests refused"),
        ("unaffordable", "unaffordable_share", "requests not affordable"),
    ):
        times = run.over_run(measure, "service").take(services)
        found.append(Estimates(name, label, "share", services, ratio(times, asked), times.sum(axis=1)))
    return found


def price_premiums(run: Totals) -> list[Estimates]:
    """What the lowest and the highest tier pay above the ordinary price.

    `price_premium` and `price_premium_paid` are of the lowest tier that bought anything, `price_premium_top`
    is the Laspeyres premium of the highest. A service the tier never bought has no factor and leaves the
    basket. Cases are people: the most that were in the tier at a month's end.
    """
    services = tuple(str(service["id"]) for service in run.manifest.services)
    paid, ordinary = run.over_run("paid", "service_tier"), run.over_run("ordinary_price", "service_tier")
    basket = run.over_run("ordinary_price", "service").take(services)[run.baseline]
    shape = (len(run.worlds), len(run.towns), 1)
    laspeyres, bought, top = (np.full(shape, np.nan) for _ in range(3))
    cases, top_cases = np.zeros((len(run.worlds), 1)), np.zeros((len(run.worlds), 1))
    people = run.by_month("people", "tier")
    for place, world in enumerate(run.manifest.worlds):
        if not world.scored:
            continue
        spent = {t: ordinary.take([f"{s}|{t}" for s in services])[place] for t in world.tiers}
        buying = [tier for tier in world.tiers if spent[tier].sum() > 0]
        if not buying:
            continue
        low, high = buying[-1], buying[0]
        charged = {t: paid.take([f"{s}|{t}" for s in services])[place] for t in (low, high)}
        laspeyres[place, :, 0] = _laspeyres(ratio(charged[low], spent[low]), basket)
        bought[place, :, 0] = ratio(charged[low].sum(axis=-1), spent[low].sum(axis=-1)) - 1
        top[place, :, 0] = _laspeyres(ratio(charged[high], spent[high]), basket)
        cases[place, 0], top_cases[place, 0] = (people.take([t])[place].sum(axis=0).max() for t in (low, high))
    return [
        Estimates(
            "price_premium", "price premium of the lowest tier, same basket", "share", (ALL,), laspeyres, cases, True
        ),
        Estimates(
            "price_premium_paid", "premium the lowest tier paid, own basket", "share", (ALL,), bought, cases, True
        ),
        Estimates(
            "price_premium_top", "price premium of the highest tier, same basket", "share", (ALL,), top, top_cases, True
        ),
    ]


def _laspeyres(factors: Floats, basket: Floats) -> Floats:
    """Premium of prices `factors` (NaN: unknown) on the `basket`, both shape [towns, services]."""
    known = np.isfinite(factors)
    dear = np.where(known, factors, 0) * basket
    return ratio(dear.sum(axis=-1), np.where(known, basket, 0).sum(axis=-1)) - 1


def closed_by_tier(run: Totals) -> list[dict[str, Any]]:
    """Rows world, service, tier, place, requests, refused, unaffordable: all towns together, whole run."""
    asked, refused, dear = (run.over_run(name, "service_tier") for name in ("requests", "refused", "unaffordable"))
    rows: list[dict[str, Any]] = []
    for index, world in enumerate(run.manifest.worlds):
        for service in run.manifest.services:
            for place, tier in enumerate(world.tiers):
                key = f"{service['id']}|{tier}"
                counts = [int(count.of(key)[index].sum()) for count in (asked, refused, dear)]
                names = ("requests", "refused", "unaffordable")
                where = {"world": world.name, "service": service["id"], "tier": tier, "place": place}
                rows.append(where | dict(zip(names, counts, strict=True)))
    return rows


def closed_to_listed(run: Totals) -> list[dict[str, Any]]:
    """Rows world, service, requests, refused, unaffordable of everybody ever put on a list, whole run."""
    columns = ", ".join(
        f'sum("{name}_{service["id"]}")::BIGINT AS "{name}_{service["id"]}"'
        for service in run.manifest.services
        for name in ("requests", "refused", "unaffordable")
    )
    if not columns:
        return []
    found = run.records.sql(
        f"SELECT world, {columns} FROM people SEMI JOIN (SELECT DISTINCT world, person FROM entries "
        "WHERE kind = 'list') listed USING (world, person) GROUP BY world ORDER BY world"
    )
    return [
        {"world": row["world"], "service": service["id"]}
        | {name: int(row[f"{name}_{service['id']}"]) for name in ("requests", "refused", "unaffordable")}
        for row in found
        for service in run.manifest.services
    ]
