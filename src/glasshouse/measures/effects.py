"""The table of effects: every measure of every regime beside its twin world, with an interval."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

from glasshouse.measures.access import denied_days, price_premiums, refusals
from glasshouse.measures.certificates import certificates
from glasshouse.measures.deterrence import ALL_OFFENCES, deterrence
from glasshouse.measures.estimates import Effect, Estimates, effect
from glasshouse.measures.expression import chill, opposition
from glasshouse.measures.faces import wrong_faces
from glasshouse.measures.firms import firms
from glasshouse.measures.livelihood import careers, money
from glasshouse.measures.mobility import mobility
from glasshouse.measures.remedies import remedies
from glasshouse.measures.sanctions import disparate_impact, wrongful_days
from glasshouse.measures.spillover import spillover
from glasshouse.measures.tiers import tier_shares
from glasshouse.measures.ties import ties
from glasshouse.measures.totals import ALL, Totals
from glasshouse.measures.views import cascades, views
from glasshouse.measures.waits import waits
from glasshouse.records.read import Records

HEADLINE: Final = (
    "tier_share",
    "wrongful_days",
    "wrongful_days_mistaken",
    "wrongful_days_rule_made",
    "wrongful_days_both",
    "denied_days",
    "dissent_held",
    "dissent_voiced",
    "dissent_silent",
    "deterred",
    "price_premium",
    "wrong_faces",
)
"""The measures a run prints, in order."""


def estimates(run: Totals) -> list[Estimates]:
    """Every measure of a run, families in order."""
    return [
        *tier_shares(run),
        *mobility(run),
        *wrongful_days(run),
        disparate_impact(run),
        denied_days(run),
        *refusals(run),
        *price_premiums(run),
        *waits(run),
        *opposition(run),
        *chill(run),
        *views(run),
        *cascades(run),
        *deterrence(run),
        *wrong_faces(run),
        *spillover(run),
        *careers(run),
        *money(run),
        *firms(run),
        *certificates(run),
        *ties(run),
        *remedies(run),
    ]


def effects(records: Records) -> list[Effect]:
    """The tidy table of a run, one line for each measure, regime and key that has a meaning there."""
    return effects_of(Totals(records))


def effects_of(run: Totals) -> list[Effect]:
    """As `effects`, from totals already opened."""
    lines = [
        effect(given, key, world, run.baseline, name)
        for given in estimates(run)
        for world, name in enumerate(run.worlds)
        if world != run.baseline
        for key in range(len(given.keys))
    ]
    return [line for line in lines if line is not None]


def headline(lines: list[Effect]) -> list[Effect]:
    """The lines a run prints: every tier, and everything else for all people together."""
    chosen = [line for line in lines if line.measure == "tier_share" or line.key in (ALL, ALL_OFFENCES)]
    return sorted((line for line in chosen if line.measure in HEADLINE), key=lambda line: HEADLINE.index(line.measure))


class EffectTable(list[Effect]):
    """The table of effects: a list of `Effect`, printable, and ready for any data frame (`to_dicts`)."""

    def to_dicts(self) -> list[dict[str, object]]:
        """One dictionary a line, for `pandas.DataFrame(...)`, `polars.DataFrame(...)` or JSON."""
        return [asdict(line) for line in self]

    def __repr__(self) -> str:
        """A plain table of the headline measures."""
        rows = [("measure", "world", "key", "value", "difference", "95 % interval")]
        for line in headline(self):
            between = "" if line.low is None or line.high is None else f"[{line.low:.4g}, {line.high:.4g}]"
            apart = "" if line.difference is None else f"{line.difference:.4g}"
            rows.append((line.label, line.world, line.key, f"{line.value:.4g}", apart, between or line.remark))
        widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
        return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)
