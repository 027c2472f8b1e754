"""What people think against what they say.

held     share of adult-days with private opposition above a half
voiced   share of adult-days on which opposition is shown
silent   share of adult-days on which it is held and not shown  preference falsification, Kuran 1995
gap      held - shown, net: some show opposition with little of their own, carried along by others
chill    1 - acts / acts in the baseline world, for each act of speech or reading
"""

from __future__ import annotations

from typing import Any

import numpy as np

from glasshouse.measures.estimates import Estimates
from glasshouse.measures.totals import ALL, Totals, most, ratio, with_all


def opposition(run: Totals) -> list[Estimates]:
    """`dissent_held`, `_voiced`, `_silent` and `falsification_gap`, shares of adult-days, all and by group."""
    groups = run.manifest.groups
    adult = with_all(run.over_run("adult_days", "group").take(groups))
    held = ratio(with_all(run.over_run("held_days", "group").take(groups)), adult)
    voiced = ratio(with_all(run.over_run("voiced_days", "group").take(groups)), adult)
    holders, speakers = run.people_with("held_days"), run.people_with("voiced_days")
    keys, unit = run.with_groups(), "share of adult-days"
    return [
        Estimates("dissent_held", "dissent held in private", unit, keys, held, holders),
        Estimates("dissent_voiced", "dissent shown", unit, keys, voiced, speakers),
        Estimates(
            "dissent_silent",
            "held but not shown",
            unit,
            keys,
            ratio(with_all(run.over_run("silent_days", "group").take(groups)), adult),
            run.people_with("silent_days"),
        ),
        Estimates(
            "falsification_gap",
            "held minus shown, net",
            unit,
            keys,
            held - voiced,
            np.maximum(holders, speakers),
        ),
    ]


def chill(run: Totals) -> list[Estimates]:
    """`chill` by act, and `lawful_chill`: the share of the silenced acts that ordinary law permits."""
    acts = run.deeds("speech", "reading")
    lawful = [act in run.deeds("speech", "reading", lawful=True) for act in acts]
    done = run.over_run("deeds", "deed").take(acts)
    lost = done[run.baseline] - done
    total = lost.sum(axis=-1)
    share = np.where(total > 0, ratio(lost[..., lawful].sum(axis=-1), total), np.nan)
    share[run.baseline] = np.nan
    return [
        Estimates(
            "chill",
            "acts of speech or reading silenced",
            "share",
            acts,
            1 - ratio(done, done[run.baseline]),
            most(done, run.baseline),
            True,
        ),
        Estimates(
            "lawful_chill",
            "silenced acts that ordinary law permits",
            "share",
            (ALL,),
            share[..., None],
            np.abs(lost).sum(axis=(1, 2))[:, None],
        ),
    ]


def opposition_by_month(run: Totals) -> list[dict[str, Any]]:
    """Rows world, month, measure ("held" or "voiced"), share of adult-days: all towns together."""
    adult = run.by_month("adult_days", "all").sum().sum(axis=1)
    rows: list[dict[str, Any]] = []
    for name in ("held", "voiced"):
        shares = ratio(run.by_month(f"{name}_days", "all").sum().sum(axis=1), adult)
        for world, line in zip(run.worlds, shares, strict=True):
            for month, share in zip(run.months, line, strict=True):
                if np.isfinite(share):
                    rows.append({"world": world, "month": month, "measure": name, "share": float(share)})
    return rows
