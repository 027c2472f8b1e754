"""Facts of opinion and trust: what news does, who approves, what remains after the watching (F11, F12, F24, F25)."""

from __future__ import annotations

import datetime as dt

import jax.numpy as jnp
import numpy as np

from glasshouse.arithmetic import ONE_Q16
from glasshouse.engine.numbers import numbers
from glasshouse.evidence import parameters
from glasshouse.mechanisms import trust
from glasshouse.validation.finding import Finding, finds, law
from glasshouse.validation.plays import ABOLISHED, FACELESS, Plays

_MONTHS = 60
"Long enough for support to come to rest."
_HALF_WORD, _MIDDLE = 1 << 31, 127
_LOOKED_AT = dt.date(2021, 1, 1)
"Five years after abolition."


@law("F11")
def news() -> Finding:
    """Support of somebody in the middle of incomes who has heard of wrongs, beside somebody who has not."""
    n, word, none = numbers(parameters()).trust, jnp.uint32(_HALF_WORD), jnp.int32(0)
    own = trust.approval(jnp.uint8(_MIDDLE), n)
    rested = []
    for told in (0, ONE_Q16):
        held = (own >> 14).astype(jnp.uint16)
        for _ in range(_MONTHS):
            held = trust.support(held, word, own, jnp.int32(told), none, n)
        rested.append(float(held))
    return Finding({"support": rested[1] / rested[0] - 1}, "with everybody told, at rest")


@finds("F12")
def richer_approve(plays: Plays) -> Finding:
    """Support of the richer and the poorer half of adults at the end of the documented run."""
    rows = plays.run("documented").records.sql(
        "SELECT town, avg(support) FILTER (income > middle) AS rich, avg(support) FILTER (income <= middle) AS poor "
        "FROM people JOIN (SELECT town, median(income) AS middle FROM people WHERE age >= 18 GROUP BY town) "
        "USING (town) WHERE world = 'documented' AND age >= 18 GROUP BY town"
    )
    apart = [float(row["rich"]) - float(row["poor"]) for row in rows]
    return Finding.over_towns({"richer half less poorer half": apart}, "halves of each town's adults")


@finds("F24")
def trust_later(plays: Plays) -> Finding:
    """Trust five years after the article's regime was abolished, beside ordinary law: the smaller loss."""
    run = plays.totals("article")
    month = run.months.index(_LOOKED_AT)
    here, usual = run.worlds.index(ABOLISHED), run.baseline
    adults = run.by_month("adults", "group").sum()[usual, :, month]
    lost = []
    for name in ("trust_state_sum", "trust_people_sum"):
        held = run.by_month(name, "group").sum()[:, :, month] / ONE_Q16 / adults
        lost.append(held[here] - held[usual])
    told = f"state {lost[0].mean():+.4f}, people {lost[1].mean():+.4f} on a scale of 0 to 1"
    return Finding.over_towns({"trust, years after abolition": max(lost, key=np.mean)}, told)


@finds("F25")
def shock(plays: Plays) -> Finding:
    """How much more dissent is voiced after a shock, with face cameras and without."""
    voiced = {}
    for name in ("calm", "shocked"):
        run = plays.totals(name)
        days = run.over_run("voiced_days", "all").sum()
        voiced[name] = {world: days[run.worlds.index(world)] for world in ("article", FACELESS)}
    faces, none = (voiced["shocked"][world] / voiced["calm"][world] - 1 for world in ("article", FACELESS))
    return Finding.over_towns(
        {"answer with faces less answer without": faces - none},
        f"{faces.mean():+.2%} with faces, {none.mean():+.2%} without; fear of speaking does not know of cameras here",
    )
