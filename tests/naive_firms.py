"""The naive firm, and a month of it: what happens to it, how it fares, what is held against it."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field

import naive_draws as draws
from glasshouse.engine.columns import World
from glasshouse.evidence import Parameters
from glasshouse.mechanisms.firms import Coefficients
from glasshouse.population.firms import NOBODY, Firms
from glasshouse.regimes import RuleBook
from glasshouse.regimes.firm_rules import FirmTerms
from glasshouse.words import FIRM_MARK
from naive_draws import ask, chance, happens
from naive_people import CLEAN, HONEST, REAL, Person
from naive_rules import Register, Rules, hundredths, plain

TRADE, CONDUCT, FIRM = 51, 52, 3
UNSCORED = 8
MOST = 2**28


@dataclass
class Firm:
    """A firm: what it is, how it stands."""

    number: int
    town: int
    cell: int
    slot: int
    turn: int
    owner: Person | None
    connected: bool
    sharing: bool
    quality: int
    first: int
    lot: int
    level: int
    open: bool
    score: list[int] = field(default_factory=lambda: [0, 0, 0])
    tier: list[int] = field(default_factory=lambda: [UNSCORED] * 3)
    until: list[int] = field(default_factory=lambda: [0, 0, 0])
    came: list[bool] = field(default_factory=lambda: [False] * 3)
    told: int = 0


@dataclass
class FirmNumbers:
    """The registry as whole numbers. The tables of luck and of closing are data from the host."""

    p: Parameters
    luck: list[int]
    exit: list[int]

    @staticmethod
    def of(p: Parameters, tables: Coefficients) -> FirmNumbers:
        return FirmNumbers(p, plain(tables.course.luck), plain(tables.course.exit))

    def chance(self, name: str) -> int:
        return chance(self.p.number(f"firms.{name}"))

    def doubling(self, name: str) -> int:
        return doublings(self.p.number(f"firms.{name}"))


@dataclass
class Trade:
    """On what terms a firm trades."""

    tender: int
    inspection: int
    drag: int


class FirmRules:
    """What a rule book says of firms, read plainly."""

    def __init__(self, book: RuleBook, p: Parameters) -> None:
        self.given, self.sunset, self.p = book.firms, book.safeguards.sunset, p
        self.spare = book.safeguards.spare_lawful_acts
        self.share = chance(book.share.value)
        self.lists = list(book.lists)
        given = self.given
        self.tiers: list[tuple[float, FirmTerms]] = []
        self.moves = False
        if given is None:
            return
        self.tiers = [(-math.inf if t.from_ is None else t.from_.value, t) for t in given.tiers.values()]
        self.tiers.sort(key=lambda tier: tier[0], reverse=True)
        every = [terms for _, terms in self.tiers] + ([given.list] if given.list else [])
        four = [(t.tender.value, t.spread.value, t.inspections.value, t.hiring.value) for t in every]
        self.moves = any(terms != (1, 0, 1, 1) for terms in four) or bool(given.list and given.list.blocks_exit)

    @property
    def start(self) -> int:
        return hundredths(self.given.start.value) if self.given else 0

    def in_force(self, date: dt.date) -> bool:
        given = self.given
        if given is None or (self.sunset is not None and date >= self.sunset):
            return False
        return (given.begins is None or given.begins <= date) and (given.ends is None or date < given.ends)

    def trade(self, terms: FirmTerms) -> Trade:
        n = self.p.number
        drag = n("firms.debt") * terms.spread.value / 12 + n("firms.hiring") * (terms.hiring.value - 1)
        return Trade(
            chance(min(n("firms.tender") * terms.tender.value, 1)),
            chance(min(n("firms.inspection") * terms.inspections.value, 1)),
            doublings(drag),
        )

    def terms(self, tier: int, on_list: bool) -> Trade:
        """The worse of tier and list."""
        given = self.trade(self.tiers[tier][1] if tier < len(self.tiers) else FirmTerms())
        if on_list and self.given and self.given.list:
            other = self.trade(self.given.list)
            given = Trade(min(given.tender, other.tender), max(given.inspection, other.inspection),
                          max(given.drag, other.drag))  # fmt: skip
        return given

    def tier(self, rating: int) -> int:
        return sum(rating < hundredths(bound) for bound, _ in self.tiers if bound > -math.inf)

    def points(self, event: str) -> int:
        assert self.given is not None
        points = hundredths(getattr(self.given.points, event).value)
        return 0 if self.spare and event == "resistance" and points < 0 else points

    def leads(self, event: str) -> bool:
        """Whether an event leads onto the list."""
        listing = self.given.list if self.given else None
        return listing is not None and event in listing.entry and not (self.spare and event == "resistance")


def settle_firms(firms: Firms, people: list[Person], places: list[int]) -> list[Firm]:
    """All firms on the first morning. `places`: where each person sits in the own cell."""
    turns = {p.cell: (p.town, p.turn) for p in people}
    sits = {(p.cell, place): p for p, place in zip(people, places, strict=True)}
    found = []
    for cell, row in enumerate(firms.exists.tolist()):
        for slot, there in enumerate(row):
            if there:
                town, turn = turns[cell]
                owner, first = int(firms.owner[cell, slot]), int(firms.first[cell, slot])
                found.append(
                    Firm(int(firms.number[cell, slot]), town, cell, slot, turn,
                         None if owner == NOBODY else sits[cell, owner], bool(firms.connected[cell, slot]),
                         bool(firms.sharing[cell, slot]), int(firms.quality[cell, slot]), first,
                         int(firms.lot[cell, slot]), first, bool(firms.open[cell, slot]))
                )  # fmt: skip
                if owner != NOBODY:
                    sits[cell, owner].owns = len(found) - 1
    for p, employer in zip(people, firms.employer.tolist(), strict=True):
        p.employer = (p.cell, employer - 1) if employer else None
    return found


def month(f: Firm, rules: FirmRules, n: FirmNumbers, seed: int, day: int, date: dt.date, districts: int,
          listed: list[bool]) -> None:  # fmt: skip
    """Close a month of one firm. `listed`: whether the owner is on a blacklist, by book."""
    given = rules.given
    force = rules.in_force(date)
    reached = happens(f.lot, rules.share) and given is not None and (given.everywhere or f.turn < districts)
    subject = force and reached
    on_list = force and f.until[REAL] > day
    terms = rules.terms(f.tier[REAL] if subject else UNSCORED, on_list)
    breach, came, finding, bad = ask(seed, f.number, f.town, day, CONDUCT, 0, FIRM)
    late, slip, asked, listing = ask(seed, f.number, f.town, day, CONDUCT, 1, FIRM)
    tender, luck, turn, leaving = ask(seed, f.number, f.town, day, TRADE, 0, FIRM)
    kept = 1 - (n.p.number("firms.deterrence") if subject and rules.moves else 0.0)
    told: set[str] = set()
    closed = founded = False
    if f.open:
        broke = happens(breach, chance(n.p.number("firms.breach") * kept))
        if happens(came, terms.inspection):
            told.add("inspected")
            if happens(finding, n.chance("found" if broke else "found_wrongly")):
                told |= {"failed"} if broke else {"failed", "failed_wrongly"}
        if happens(late, chance(n.p.number("firms.arrears") * kept)):
            told.add("arrears")
        elif happens(slip, n.chance("arrears_wrongly")):
            told |= {"arrears", "arrears_wrongly"}
        if happens(bad, min(n.chance("fault") * (255 - f.quality) >> 7, draws.LOW)):
            told.add("fault")
        if happens(asked, n.chance("demand")):
            told.add("resisted" if f.owner is not None and f.owner.voice else "obliged")
        if happens(tender, terms.tender):
            told.add("tender")
        share = round(n.p.number("firms.visible") * 2**16)
        if subject and given is not None:
            share = max(share, round(given.publicity.value * 2**16))
        known = n.doubling("quality") * share >> 16
        f.level += n.doubling("growth") + (known * (f.quality - 128) >> 8) + n.luck[luck >> 20] - terms.drag
        f.level += n.doubling("tender_gain") * ("tender" in told)
        f.level -= n.doubling("inspection_cost") * ("inspected" in told)
        f.level = min(max(f.level, -MOST), MOST)
        held = on_list and given is not None and given.list is not None and given.list.blocks_exit
        margin = min(max(f.level - f.first, -(2**19)), 2**19 - 1) + 2**19
        closed = not held and happens(turn, n.exit[margin >> 10])
    else:
        founded = happens(turn, n.chance("entry"))
    record(f, rules, told, subject and f.open, listed, day, listing, leaving)
    f.open = (f.open and not closed) or founded
    if founded:
        f.level = f.first
        f.score, f.until, f.came = [hundredths(given.start.value) if given else 0] * 3, [0] * 3, [False] * 3
    for book in (REAL, HONEST, CLEAN):
        f.tier[book] = rules.tier(rating(f, rules, book, listed[book])) if subject and f.open else UNSCORED
    told |= {"founded"} if founded else {"closed"} if closed else set()
    f.told = sum(1 << FIRM_MARK.index(name) for name in told)


def record(f: Firm, rules: FirmRules, told: set[str], within: bool, listed: list[bool], day: int, listing: int,
           leaving: int) -> None:  # fmt: skip
    """What is held against the firm in each of the three books."""
    given = rules.given
    for book in (REAL, HONEST, CLEAN):
        true = set(told)
        if book != REAL:
            true -= {word.removesuffix("_wrongly") for word in told if word.endswith("_wrongly")}
        held = {event for event, word in (("inspection_failed", "failed"), ("arrears", "arrears"),
                                          ("product_fault", "fault"), ("resistance", "resisted"),
                                          ("loyalty", "obliged")) if word in true}  # fmt: skip
        until = f.until[book]
        if given is not None and given.list is not None and given.list.exit_per_year is not None:
            monthly = 1 - math.exp(-given.list.exit_per_year.value / 12)
            if until > day and happens(leaving, chance(monthly)):
                until = day
        f.came[book] = False
        if within and given is not None:
            for event in held:
                points = rules.points(event)
                if not (book == CLEAN and event in ("resistance", "loyalty") and points < 0):
                    f.score[book] += points
            start = hundredths(given.start.value)
            f.score[book] = min(max(f.score[book], hundredths(given.lowest.value)), hundredths(given.highest.value))
            f.score[book] += max(0, min(start - f.score[book], hundredths(given.forgiveness.value)))
            if given.list is not None:
                held -= {"resistance", "loyalty"} if book == CLEAN else set()
                f.came[book] = any(map(rules.leads, held)) and happens(listing, chance(given.list.chance.value))
                if f.came[book] or (rules.leads("owner_listed") and listed[book]):
                    term = given.list.term
                    until = max(until, 65535 if term is None else min(day + round(term.value), 65534))
        f.until[book] = until


def rating(f: Firm, rules: FirmRules, book: int, listed: bool) -> int:
    given = rules.given
    assert given is not None
    bonus = given.bonus
    standing = ((f.connected, bonus.connection), (f.sharing, bonus.sharing), (listed, bonus.owner_listed))
    return f.score[book] + sum(hundredths(points.value) for holds, points in standing if holds)


def compare_firms(firms: list[Firm], world: World) -> list[str]:
    """Where the engine's firms are not these."""
    books, wrong = world.firm_books, []
    columns = {"level": world.firms.level, "open": world.firms.open, "told": books.told}
    columns |= {
        f"{name}[{n}]": getattr(books, name)[n] for name in ("score", "tier", "until", "came") for n in range(3)
    }
    for name, column in columns.items():
        for f in firms:
            name_of, _, book = name.partition("[")
            wanted = getattr(f, name_of)
            wanted = wanted[int(book[0])] if book else wanted
            if int(column[f.cell, f.slot]) != int(wanted):
                wrong.append(f"firm {f.cell}/{f.slot} {name}: {column[f.cell, f.slot]} for {wanted}")
                break
    return wrong


def doublings(log_points: float) -> int:
    return round(log_points / math.log(2) * 2**16)


class Firmament:
    """The firms of a village: a mixin of `naive.Village`."""

    people: list[Person]
    seed: int
    firms: list[Firm]
    firm_rules: FirmRules
    firm_numbers: FirmNumbers
    rules: Rules

    def close_firms(self, date: dt.date, day: int, districts: int, lists: list[Register], on: list[bool]) -> None:
        """The month of every firm. `on`: the lists of people in force tonight."""
        before = {(f.cell, f.slot) for f in self.firms if f.open}
        for f in self.firms:
            listed = [
                f.owner is not None
                and any(black.black and on[n] and f.owner.until[n][book] > day for n, black in enumerate(lists))
                for book in (REAL, HONEST, CLEAN)
            ]
            month(f, self.firm_rules, self.firm_numbers, self.seed, day, date, districts, listed)
        self.closed = before - {(f.cell, f.slot) for f in self.firms if f.open}

    def join_firm(self, p: Person, day: int, lists: list[Register], on: list[bool]) -> None:
        """The owner of a firm that was listed last night for what it did comes onto a list of people."""
        given = self.firm_rules.given
        if p.owns < 0 or given is None or given.list is None or given.list.lists_owner is None:
            return
        n = self.firm_rules.lists.index(given.list.lists_owner)
        if on[n] and p.liable and (lists[n].everywhere or p.subject):
            for book in (REAL, HONEST, CLEAN):
                if self.firms[p.owns].came[book]:
                    if book == REAL and p.until[n][book] <= day:
                        p.tell("listed", 1, n)
                    term = lists[n].term
                    grace = self.rules.remedies.delay if p.until[n][book] <= day else 0
                    ends = 65535 if term is None else min(day + grace + term, 65534)
                    p.until[n][book] = max(p.until[n][book], ends)
