"""The naive person, and who lives where: read from the columns of an invented population."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import naive_draws as draws
from glasshouse.evidence import Parameters, ServiceFact
from glasshouse.population import Population
from glasshouse.words import DEED_MARK, FATE_MARK, NOTICE_MARK
from naive_draws import ask, chance
from naive_rules import openings_a_year, q16, q30

ONE = 2**30
REAL, HONEST, CLEAN = 0, 1, 2
COUNTS = ("sanctioned", "mistaken", "rule_made", "wrongful", "denied", "voiced", "held", "shamed", "silent")


@dataclass
class Person:
    """Somebody: who they are, how they stand tonight, and what the day has left behind."""

    number: int
    town: int
    cell: int
    building: int
    turn: int  # in which the district joins the pilots
    group: int
    adult: bool
    driver: bool
    digital: int
    prosocial: int
    susceptibility: int
    sensitivity: int
    boldness: int
    lookalike: int
    level: int
    aware_word: int
    standing: int  # rank of income, 255 the richest
    requests: list[int]
    kin: list[Person] = field(default_factory=list, repr=False)

    score: list[int] = field(default_factory=lambda: [0, 0, 0])
    tier: list[int] = field(default_factory=list)
    since: list[int] = field(default_factory=lambda: [0, 0, 0])
    until: list[list[int]] = field(default_factory=list)
    announced: list[int] = field(default_factory=list)
    filed: int | None = None  # day on which the open case was filed
    shown_until: int = 0
    risk: int = 0
    watched: int = 0
    opposition: int = 0
    voice: bool = False
    sanctioned: bool = False
    state: int = 0  # trust in the state, times 2^16; so the next two
    others: int = 0
    support: int = 0
    ready: int = 0  # bits: alone, at an office, on the street
    files: set[int] = field(default_factory=set)  # the registers that know of the person
    packet: dict[int, Any] = field(default_factory=dict)  # by slot, on its way to the ledger
    sent: int = 0
    informs: bool = False  # today; `informed` yesterday, as published last night
    informed: bool = False
    avoiding: int = 0
    days: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    asked: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    paid: list[int] = field(default_factory=list)
    asking: list[bool] = field(default_factory=list)  # by service, today, for one of its limited places
    waiting: list[int | None] = field(default_factory=list)  # by service, since which day

    household: int = 0
    urban: bool = False
    schooling: int | None = None  # None for those who own a business
    wage: int = 0  # a month, on the lowest rung, before tax
    borrower: bool = False
    job: int = 0
    rung: int = 0
    wealth: int = 0  # of the household
    employer: tuple[int, int] | None = None  # cell and slot of the firm
    purse: int = 0  # the most one necessity may cost
    first_purse: int = 0  # the same on the first morning

    door: int = 0  # place in the town
    friends: list[int] = field(default_factory=list)  # rows of people, by slot; -1 where there is nobody
    in_touch: list[bool] = field(default_factory=list)
    heard: list[bool] = field(default_factory=lambda: [False] * 8)
    isolation: int = 0

    subject: bool = False
    aware: bool = False
    spoke: bool = False  # voice as it was published last night
    deeds: int = 0
    notices: int = 0
    lot: int = 0
    liable: bool = False
    fates: int = 0
    owns: int = -1  # number of the firm that is theirs
    did: set[str] = field(default_factory=set)  # deeds of today

    venues: int = 0
    paper: int = 0
    dosed: int = 0
    ill_until: int = 0
    immune_until: int = 0
    red_until: int = 0
    health: Counter[str] = field(default_factory=Counter)
    shut: bool = False  # out of what a certificate gates, this morning
    by_code: bool = False  # ... by a red code alone

    def tell(self, name: str, value: int, place: int = 0) -> None:
        """Write into one of the day's marks."""
        if name in DEED_MARK:
            self.deeds |= value << DEED_MARK[name].shift + place
        elif name in FATE_MARK:
            self.fates |= value << FATE_MARK[name].shift + place
        else:
            self.notices |= value << NOTICE_MARK[name].shift + place

    def told(self, name: str, place: int) -> bool:
        """Whether a bit of the notices is set."""
        return bool(self.notices >> NOTICE_MARK[name].shift + place & 1)


class Numbers:
    """The registry as the whole numbers that the laws calculate with."""

    def __init__(self, p: Parameters) -> None:
        n = p.number
        self.kappa, self.reference = q16(n("deterrence.kappa")), q16(n("deterrence.pi0"))
        self.prosocial, self.crowding = (
            q16(n("deterrence.prosocial_weight")),
            q16(n("deterrence.crowding_out")),
        )
        self.own, self.seen = q30(n("perception.own_weight")), q30(n("perception.seen_weight"))
        self.drift = q30(-math.expm1(-math.log(2) / n("perception.habituation_days")))
        self.certainty = q30(n("perception.seen_certainty"))
        self.backlash, self.fading = q30(n("expression.backlash")), q30(n("expression.fading"))
        self.omega, self.gamma = q16(n("expression.voice_weight")), q16(n("expression.peer_weight"))
        self.cost, self.capacity = q16(n("expression.cost")), q16(n("expression.punish_capacity"))
        self.weights = [q16(n(f"expression.{w}_weight")) for w in ("household", "friends", "building", "cell", "town")]
        self.asked = chance(n("expression.asked"))
        self.sources: Any = None  # naive_sources.SourceNumbers
        self.true_watch, self.true_risk = (
            q30(n("perception.surveillance_reference")),
            q30(n("deterrence.pi0")),
        )


@dataclass
class Hearsay:
    """Who carried a published flag last night, and how many adults there are: by building, cell and town."""

    buildings: Counter[int]
    cells: Counter[int]
    towns: Counter[int]

    @staticmethod
    def of(people: list[Person]) -> Hearsay:
        return Hearsay(*(Counter(getattr(p, place) for p in people) for place in ("building", "cell", "town")))


def settle(
    population: Population, services: tuple[ServiceFact, ...], numbers: Numbers, seed: int, p: Parameters,
    tiers: int, lists: int,
) -> list[Person]:  # fmt: skip
    """Everybody on the very first morning, in the order of the population."""
    columns = {name: column.tolist() for name, column in population.columns().items()}
    turns = adoption(population, seed)
    incomes = sorted(columns["income"])
    people = []
    homes: dict[int, list[Person]] = {}
    for i in range(len(population)):
        c = {name: column[i] for name, column in columns.items()}
        relative = max(c["income"], 1) / population.median_income
        asks = {"everyone": True, "adults": c["adult"], "parents": c["parent"]}
        rates = [
            chance(min(float(s.requests) / openings_a_year(s.season) * relative ** float(s.income_elasticity), 1.0))
            if asks[s.who]
            else 0
            for s in services
        ]
        person = Person(
            number=c["number"], town=c["town"], cell=c["cell"], building=c["building"],
            turn=turns[c["town"], c["district"]], group=c["group"], adult=c["adult"], driver=c["driver"],
            digital=c["digital"], prosocial=c["prosocial"], susceptibility=c["susceptibility"],
            sensitivity=c["risk"], boldness=c["boldness"], lookalike=c["lookalike"], level=c["opposition"],
            aware_word=c["aware_word"], lot=c["lot"], liable=c["adult"],
            standing=bisect_left(incomes, c["income"]) * 256 // len(incomes),
            requests=rates,
            tier=[tiers] * 3, announced=[tiers] * 3, until=[[0, 0, 0] for _ in range(lists)], risk=numbers.true_risk,
            watched=numbers.true_watch, opposition=c["opposition"],
            asked=[0] * len(services), refused=[0] * len(services), short=[0] * len(services),
            paid=[0] * len(services), asking=[False] * len(services), waiting=[None] * len(services),
        )  # fmt: skip
        people.append(person)
        homes.setdefault(c["household"], []).append(person)
    for home in homes.values():
        for person in home:
            person.kin = [other for other in home if other.adult and other is not person]
    return people


def adoption(population: Population, seed: int) -> dict[tuple[int, int], int]:
    """Turn in which each district of the run joins the pilots: the order of their keyed draws."""
    layout = population.layout
    words = {
        (town, district): ask(seed, district, town, 0, draws.PILOT_ORDER, kind=draws.DISTRICT)[0]
        for town in range(layout.towns)
        for district in range(layout.districts_per_town)
    }
    return {place: turn for turn, place in enumerate(sorted(words, key=words.__getitem__))}
