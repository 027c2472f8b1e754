"""The columns: one array a variable, on a grid of cells by places.

C cells, P places a cell (whole buildings of 32 places), T towns, D deeds, L lists, S services, G groups, F face deeds.
Vacant places are rows of nobody: not adult, not resident, and nothing ever happens to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax

PLACES = 32
"Places of a building: one bit each of a machine word, so a neighbourhood is read with one load and a count of bits."

DAY_COUNTS = ("sanctioned", "mistaken", "rule_made", "wrongful", "denied", "voiced", "held", "shamed", "silent")
"Days of a month a person spent so, in the order of `Counts.days`. Silent: holding opposition and not voicing it."


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class People:
    """What a person is, the same in every world. [C, P] unless said otherwise.

    Attributes:
        number: uint32, number inside the town; draws are keyed by it.
        standing: uint8, rank of income in the run, 255 the richest.
        resident, adult, driver, parent: bool.
        liable: bool, adults whom the regime can reach: all of them but in an experiment on a share of people.
        digital, prosocial, group: uint8.
        requests: uint32 by service, chance of a request on an open day (0 for those who never ask).
        susceptibility: int32 Q16. risk, boldness, lookalike: uint16 Q8. level: int32 Q30, own level of opposition.
        covered: uint16, bits of the registers whose files the person is in.
        aware_word: uint32, the person knows the regime once this lies under the share who do.
        kin: uint32, bits of the other adults of the household within the building; kin_share: int32 Q16, what each
            of them counts (0 for those who live alone).
        town: int32 [C]. rank: int32 [C], turn in which the cell's district adopts pilots.
        building_adults: int32 [C, P / 32]; cell_adults: int32 [C]; town_adults: int32 [T].
        likeness: int64 [C, G], sum of look-alike factors of those liable.
        places: int64 Q32 [T] by number of a service with limited places, mean places an opening.
        lots: planes of lots, uint32 [C, P / 32], most significant first.
        wage: int32, CNY a month before tax on the first morning (of those without work: when at work). career: uint8,
            row of the career table. job: uint8, on the first morning. borrower: bool. seat, members: uint8, number
            in the household, and how many they are. spending: int64 [T], CNY a month.
        employer, owned: uint8, slot + 1 of the firm of the own cell that the person works for, or owns; 0 for none.
        firms: FirmTraits.
        venues: uint8, share of life behind the gates of a certificate, 255 = all; () in a run without certificates.
        friends: `Friends`.
    """

    number: Any
    resident: Any
    adult: Any
    liable: Any
    driver: Any
    parent: Any
    digital: Any
    prosocial: Any
    group: Any
    requests: Any
    susceptibility: Any
    risk: Any
    boldness: Any
    lookalike: Any
    level: Any
    aware_word: Any
    covered: Any
    kin: Any
    kin_share: Any
    town: Any
    rank: Any
    building_adults: Any
    cell_adults: Any
    town_adults: Any
    likeness: Any
    places: Any
    lots: Any
    wage: Any
    career: Any
    job: Any
    borrower: Any
    seat: Any
    members: Any
    spending: Any
    employer: Any
    owned: Any
    firms: Any
    venues: Any
    standing: Any
    friends: Any


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class World:
    """What differs between worlds. Every array is [C, P] but those of BY_CELL; tuples hold one a book (words.LEDGERS)
    or list.

    Separate arrays, not stacked ones: a compiled step then writes each with a loop of its own.

    Attributes:
        score: int32 by book, hundredths of a point.
        tier: uint8 by book, that which binds. announced: uint8 by book, as last published or withdrawn: the same but
            while a delay runs. tier_since: uint16 by book, day on which the announced one was first published.
        until: uint16 by list and book, first day off the list.
        shown_until: uint16, first day off public display.
        risk, watched: int32 Q30, perceived detection of deeds and surveillance of speech.
        opposition: int32 Q30.
        voice, sanctioned: bool, as published last night. Voice: ready to speak alone.
        views: Views.
        probes: int32 [C, F, G] (the exception), faces searched yesterday by deed and group filmed.
        appeals: mechanisms.queues.Queue [C, P / 32], the open cases.
        spared: uint8, one bit a service that a cap on stacking keeps open tonight; the highest bit: no refusal is left.
        queues: queues.Queue [C, P / 32] by number of a service that people wait for.
        livelihood: `livelihood.Livelihood`. account: `livelihood.Account`, by cell.
        firms: Firms. firm_books: FirmBooks.
        health: Health; () in a run without certificates.
        ties: `Ties`.
        pending: uint32, the packet on its way to the ledger (mechanisms.registers).
        informed: uint32 [C, P / 32], one bit a place, who informed on a neighbour, as published last night.
        avoiding: uint8, share of exposure to cameras avoided, in 1 / 256.
    """

    score: Any
    tier: Any
    announced: Any
    tier_since: Any
    until: Any
    shown_until: Any
    risk: Any
    watched: Any
    opposition: Any
    voice: Any
    sanctioned: Any
    probes: Any
    appeals: Any
    spared: Any
    queues: Any
    livelihood: Any
    account: Any
    firms: Any
    firm_books: Any
    health: Any
    views: Any
    ties: Any
    pending: Any
    informed: Any
    avoiding: Any


BY_CELL = ("probes", "appeals", "queues", "account", "firms", "firm_books", "informed")
"Columns of a world with one row a cell instead of one a person."

OUTCOME_COLUMNS = (
    "risk", "watched", "opposition", "voice", "queues", "livelihood", "account", "firms", "health", "views", "ties",
    "avoiding",
)  # fmt: skip
"Columns that must be the same, byte for byte, under `none` and under `ordinary-law`; the others are bookkeeping."

OUTCOME_COUNTS = ("asked", "refused", "short", "paid", "health")
"The same of the fields of `counts.Gains`."


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Today:
    """What the calendar says, one entry a day of the month ([31] arrays; scalars once a day is picked).

    Attributes:
        day: int32, days since the society began (run-in included).
        first: bool, the first of a month (tiers are published); last: bool, its last day (the month is closed).
        of_month: int32, which day of the month it is.
        open: bool, always true: the wall in front of mechanisms that run every day.
        districts: int32, how many districts of the run are under the regime.
        filming: uint32, chance that a passage is filmed usably there.
        aware: uint32, threshold of the share who know.
        campaign: int64 Q30.
        joined: uint32, bits of the registers that feed the ledger.
        true_risk: int32 Q30, what detection of deeds really is for those who know; true_watch: of speech.
        falls: bool, tiers announced a delay ago bind from today on. terms: int32 [31, L], the list binds people who
            leave it within so many days: its term where punishment is delayed, NO_TERM otherwise.
        firms: bool, the regime's section on firms is in force.
        begun: bool [31, L], the list is in force; ending: bool [31, L], it was until yesterday.
        withdrawn: bool, fewer districts are under the regime than yesterday.
        season: bool [31, S], the service is open; opening: int32 [31, S], for the how-manieth time (-1: it is not).
        health: HealthDay.
    """

    day: Any
    first: Any
    last: Any
    of_month: Any
    open: Any
    districts: Any
    filming: Any
    aware: Any
    campaign: Any
    joined: Any
    true_risk: Any
    true_watch: Any
    falls: Any
    terms: Any
    firms: Any
    begun: Any
    ending: Any
    withdrawn: Any
    season: Any
    opening: Any
    health: Any
