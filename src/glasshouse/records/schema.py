"""What a run folder holds: the tables, their columns, and what every measure of the totals counts.

Reader and writer share this page. A folder holds `manifest.json` and five Parquet tables; all strings of the
tables are dictionary encoded, all money is in hundredths of a CNY, all scores in hundredths of a point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

FORMAT: Final = 1
"""Version of the folder. A reader refuses any other."""

MANIFEST: Final = "manifest.json"

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "totals": {
        "world": "VARCHAR",
        "town": "SMALLINT",
        "month": "DATE",  # its first day
        "measure": "VARCHAR",  # a name in MEASURES
        "dimension": "VARCHAR",  # by what it is counted
        "key": "VARCHAR",  # a value of that dimension; "all" for the dimension "all"
        "value": "BIGINT",
    },
    "people": {
        "world": "VARCHAR",
        "person": "INTEGER",
        "town": "SMALLINT",
        "district": "SMALLINT",
        "cell": "INTEGER",
        "household": "INTEGER",
        "age": "UTINYINT",
        "female": "BOOLEAN",
        "group": "UTINYINT",  # index into the manifest's groups
        "role": "VARCHAR",
        "education": "UTINYINT",
        "urban": "BOOLEAN",
        "income": "INTEGER",
        "liable": "BOOLEAN",  # the regime can reach the person: all adults, but in an experiment on a share of people
        "score": "INTEGER",
        "honest_score": "INTEGER",
        "clean_score": "INTEGER",
        "tier": "UTINYINT",  # index into the world's tiers, 0 = best; NULL: not scored
        "honest_tier": "UTINYINT",
        "clean_tier": "UTINYINT",
        "listed": "UTINYINT",  # one bit a list
        "held": "BOOLEAN",
        "voiced": "BOOLEAN",
        "work": "VARCHAR",  # outside, employed, unemployed
        "rung": "UTINYINT",  # promotions in the run
        "wealth": "INTEGER",  # of the household, CNY
        "opposition": "FLOAT",
        "perceived": "FLOAT",
        "trust_state": "FLOAT",
        "trust_people": "FLOAT",
        "support": "FLOAT",
        "sanctioned_days": "INTEGER",
        "mistaken_days": "INTEGER",
        "rule_made_days": "INTEGER",
        "wrongful_days": "INTEGER",
        "denied_days": "INTEGER",
        "voiced_days": "INTEGER",
        "held_days": "INTEGER",
        "shamed_days": "INTEGER",
        "silent_days": "INTEGER",
    },
    "years": {
        "world": "VARCHAR",
        "person": "INTEGER",
        "year": "SMALLINT",  # state on its 31 December
        "score": "INTEGER",
        "clean_score": "INTEGER",
        "tier": "UTINYINT",
        "clean_tier": "UTINYINT",
        "listed": "UTINYINT",
        "held": "BOOLEAN",
        "voiced": "BOOLEAN",
    },
    "entries": {
        "world": "VARCHAR",
        "entry": "BIGINT",
        "day": "DATE",
        "done": "DATE",  # day of the deed, before `day` where a register is slow; NULL for lists
        "person": "INTEGER",
        "kind": "VARCHAR",  # "deed" or "list"
        "rule": "VARCHAR",  # id of the deed or list
        "points": "INTEGER",
        "channel": "VARCHAR",
        "likelihood": "FLOAT",  # similarity of the two faces; NULL where no face was matched
        "cause": "VARCHAR",  # a word of `words.CAUSES`
        "lawful": "BOOLEAN",  # ordinary law permits the act
        "shamed": "BOOLEAN",
        "removed": "DATE",  # NULL while it stands
        "reason": "VARCHAR",  # of the removal
    },
    "refusals": {
        "world": "VARCHAR",
        "day": "DATE",
        "person": "INTEGER",
        "service": "VARCHAR",
        "outcome": "VARCHAR",  # "refused", "unaffordable" or "turned away"
    },
}
"""Table -> column -> DuckDB type."""

SERVICE_COLUMNS: Final = ("requests", "refused", "unaffordable", "paid", "ordinary", "waited")
"""`people` has one column `<name>_<service>` of each for every service: counts, money and days over the run."""

MEASURES: Final[Mapping[str, tuple[str, ...]]] = {
    "people": ("group", "tier", "clean_tier", "aware"),  # residents at month end
    "person_days": ("all",),
    "adult_days": ("all", "group"),
    "deeds": ("deed", "deed_group"),  # committed, seen or not
    "seen": ("deed", "channel", "deed_group"),  # records of deeds done, by day of the deed; entered then or later
    "overtaken": ("deed",),  # records lost on the way, another being on its way
    "pretended": ("deed",),  # rewarded deeds done for show only
    "fined": ("deed",),  # by ordinary law
    "filmed": ("group",),  # camera probes
    "wrong_entry": ("cause", "cause_group", "deed"),  # entered against somebody who did not do it
    "trips_given_up": ("group",),  # to avoid cameras
    "wrong_face": ("group", "deed"),  # false accusations entered, by the group of the accused
    "listed": ("list",),  # on the list at month end
    "entered": ("list",),
    "left": ("list",),
    "sanctioned_days": ("group", "tier"),
    "wrongful_days": ("group",),  # real worse than clean
    "mistaken_days": ("group",),  # wrongful, and real worse than honest
    "rule_made_days": ("group",),  # wrongful, and honest worse than clean; a day can be both
    "denied_days": ("group", "tier"),  # person-days with any service closed
    "requests": ("service", "service_tier"),
    "refused": ("service", "service_tier"),
    "unaffordable": ("service", "service_tier"),
    "paid": ("service", "service_tier"),
    "ordinary_price": ("service", "service_tier"),  # the same purchases at factor 1
    "served": ("service", "service_tier", "service_group"),  # places got, of services with limited places
    "waiting_days": ("service", "service_tier", "service_group"),  # nights spent in their queues
    "turned_away": ("service", "service_tier", "service_group"),  # requests, where there is no waiting
    "voiced_days": ("all", "group"),
    "held_days": ("all", "group"),  # private opposition above a half
    "shamed_days": ("group",),
    "silent_days": ("all", "group"),  # opposition held and not voiced
    "shamed": ("group",),  # persons put on display
    "appeals": ("step",),  # a word of `words.REMEDY_STEPS`
    "backlog": ("all",),  # open cases at month end
    "working": ("group", "tier"),  # at month end
    "unemployed": ("group", "tier"),
    "promoted": ("group", "tier"),
    "lost_work": ("group", "tier"),
    "found_work": ("group", "tier"),
    "wealth": ("group", "tier"),  # of households, shared equally among their members, at month end
    "account": ("line",),  # the town's: what came and went in the month, and `balance` at its end
    "households": ("line",),  # income after tax, bills for services, living
    "firms": ("all", "connected", "sector"),  # open at month end
    "firms_rated": ("connected", "firm_tier", "firm_clean_tier"),  # of them, those under a score
    "firm_rating_sum": ("connected",),  # of those
    "firms_listed": ("connected",),  # open and on the blacklist of firms at month end
    "firms_wrongful": ("connected",),  # open, and the real tier or list worse than the clean one
    "firms_mistaken": ("connected",),  # wrongful, and real worse than honest
    "firms_rule_made": ("connected",),  # wrongful, and honest worse than clean
    "firms_founded": ("connected",),
    "firms_closed": ("connected",),
    "firm_events": ("firm_event",),  # a word of `words.FIRM_MARK`
    "firm_revenue": ("all", "connected", "sector"),  # of the month, of firms open at its end
    "firm_jobs": ("all",),  # people at work in open firms of their cell, owners included
    "firm_herfindahl": ("sector",),  # sum of squared shares of a town's revenue, in millionths, each December
    # Only in runs with a certificate:
    "papers": ("paper", "paper_group"),  # adults at month end
    "shut_out_days": ("all", "group"),  # with nothing to show while gates ask for a paper
    "visits": ("all", "group"),  # to gated venues, on days on which gates ask
    "turned_back": ("all", "group"),  # of these; those with a forged paper apart
    "red_days": ("all", "group"),  # with a code set to red for what is not the paper's business
    "doses": ("all", "group"),
    "forged": ("all", "group"),  # papers got
    "found_out": ("all", "group"),  # forged papers
    "infections": ("all", "group"),
    "ill_days": ("all", "group"),  # infectious
    "adults": ("group",),  # at month end; so the sums below it, in units of 2^-16 of a share
    "opposition_sum": ("group",),
    "trust_state_sum": ("group",),
    "trust_people_sum": ("group",),
    "support_sum": ("group",),
    "threshold_bin": ("bin",),  # adults each December by the share of others at which they speak up (THRESHOLD_BINS)
    "ties": ("all", "tier"),  # ends of friendships that are in touch at month end, by the tier of that end
    "friendships": ("all", "tier"),  # the same of all friendships, those out of touch included
    "ties_cut": ("all", "tier"),  # ends cut this month
    "ties_restored": ("all", "tier"),
    "tie_tiers": ("tier_pair",),  # ends in touch by own tier and friend's, June and December month ends
    "isolation": ("tier", "group"),  # sum over people who have friendships, in units of words.MOST_ISOLATED
    "befriended": ("tier", "group"),  # people who have friendships
    "company": ("group",),  # people who lost points this month for friends or housemates on a blacklist
    "score_sum": ("all",),  # at month end
    "score_bin": ("bin",),  # people by score each December month end; key: lower edge in points
}
"""Measure -> the dimensions it is counted by. Two-part keys are joined by `|`: `jaywalking|majority`."""

THRESHOLD_BINS: Final = 256
"""Bins of the thresholds between nobody and everybody. Bin 0: those who need nobody; the last but one: all of the
others; the last: those whom no crowd would move."""

DAYS_A_YEAR: Final = 365.25
"""Person-days in a person-year, by convention."""

NO_TIER: Final = "-"
"""The only tier of a world that keeps no score."""


@dataclass(frozen=True)
class World:
    """One regime of the run, as the manifest describes it."""

    name: str
    title: str
    status: str
    sha256: str
    tiers: tuple[str, ...]
    "Best first."
    lists: tuple[str, ...]
    numbers: Mapping[str, int]
    "Status -> how many numbers of its rule book rest on it."
    timeline: tuple[Mapping[str, Any], ...]
    "What came into force: `date`, `note`."
    file: str | None = None
    "Name of the rule book's file, where it is not the library's."

    @property
    def scored(self) -> bool:
        """Whether the regime sorts people into tiers."""
        return self.tiers != (NO_TIER,)


@dataclass(frozen=True)
class Manifest:
    """What was run: versions, seed, worlds, and the names behind the numbers of the tables."""

    glasshouse: str
    seed: int
    people: int
    towns: int
    from_: str
    until: str
    baseline: str
    worlds: tuple[World, ...]
    groups: tuple[str, ...]
    deeds: tuple[Mapping[str, Any], ...]
    services: tuple[Mapping[str, Any], ...]
    parameters: tuple[Mapping[str, Any], ...]
    inputs: Mapping[str, Any]
    score_bin_width: float
    changes: Mapping[str, float]
    "Parameters that differ from the registry."

    @property
    def regimes(self) -> tuple[World, ...]:
        """The worlds compared with the baseline, in the order given."""
        return tuple(world for world in self.worlds if world.name != self.baseline)

    def world(self, name: str) -> World:
        """The world of that name; KeyError if the run has none."""
        for world in self.worlds:
            if world.name == name:
                return world
        raise KeyError(name)


def manifest(given: Mapping[str, Any]) -> Manifest:
    """The manifest from its JSON object; KeyError or TypeError where a field is missing or wrong."""
    worlds = tuple(
        World(
            name=str(world["name"]),
            title=str(world["title"]),
            status=str(world["status"]),
            sha256=str(world["sha256"]),
            tiers=tuple(world["tiers"]),
            lists=tuple(world["lists"]),
            numbers=dict(world["numbers"]),
            timeline=tuple(world["timeline"]),
            file=world.get("file"),
        )
        for world in given["worlds"]
    )
    return Manifest(
        glasshouse=str(given["glasshouse"]),
        seed=int(given["seed"]),
        people=int(given["people"]),
        towns=int(given["towns"]),
        from_=str(given["from"]),
        until=str(given["until"]),
        baseline=str(given["baseline"]),
        worlds=worlds,
        groups=tuple(given["groups"]),
        deeds=tuple(given["deeds"]),
        services=tuple(given["services"]),
        parameters=tuple(given["parameters"]),
        inputs=dict(given["inputs"]),
        score_bin_width=float(given.get("score_bin_width", 0)),
        changes=dict(given.get("plan", {}).get("changes", {})),
    )
