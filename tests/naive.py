"""The naive twin: a day of a life in plain Python, person after person, in whole numbers.

Slow and obvious on purpose. It follows the laws as the docstrings of `glasshouse.mechanisms` and `glasshouse.engine`
state them and shares no code with the engine, only data: rule books, the registry, the invented people, the stake
table, the logistic table and the layout of the marks.
"""

from __future__ import annotations

import copy
import datetime as dt
import math
import statistics
from collections import Counter
from dataclasses import dataclass, field

import naive_draws as draws
from naive_draws import ask, both, chance, happens
from naive_rules import Act, Day, Register, Rules, listed, q16, q30

from glasshouse.evidence import Parameters, ServiceFact
from glasshouse.population import Population
from glasshouse.regimes.society import Society
from glasshouse.regimes.tables import StakeLaw
from glasshouse.words import DEED_MARK, NOTICE_MARK

ONE = 2**30
REAL, HONEST, CLEAN = 0, 1, 2
REFUSED, UNAFFORDABLE = 2, 3
FOREVER = 65535
COUNTS = ("sanctioned", "mistaken", "rule_made", "wrongful", "denied", "voiced", "held", "shamed")


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
    requests: list[int]
    purse: int
    kin: list[Person] = field(default_factory=list, repr=False)

    score: list[int] = field(default_factory=lambda: [0, 0, 0])
    tier: list[int] = field(default_factory=list)
    since: list[int] = field(default_factory=lambda: [0, 0, 0])
    until: list[list[int]] = field(default_factory=list)
    shown_until: int = 0
    risk: int = 0
    watched: int = 0
    opposition: int = 0
    voice: bool = False
    sanctioned: bool = False
    days: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    asked: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    paid: list[int] = field(default_factory=list)

    subject: bool = False
    aware: bool = False
    spoke: bool = False  # voice as it was published last night
    deeds: int = 0
    notices: int = 0

    def tell(self, name: str, value: int, place: int = 0) -> None:
        """Write into one of the day's two marks."""
        if name in DEED_MARK:
            self.deeds |= value << DEED_MARK[name].shift + place
        else:
            self.notices |= value << NOTICE_MARK[name].shift + place


class Numbers:
    """The registry as the whole numbers that the laws calculate with."""

    def __init__(self, p: Parameters) -> None:
        n = p.number
        self.kappa, self.reference = q16(n("deterrence.kappa")), q16(n("deterrence.pi0"))
        self.prosocial, self.crowding = q16(n("deterrence.prosocial_weight")), q16(n("deterrence.crowding_out"))
        self.own, self.seen = q30(n("perception.own_weight")), q30(n("perception.seen_weight"))
        self.drift = q30(-math.expm1(-math.log(2) / n("perception.habituation_days")))
        self.certainty = q30(n("perception.seen_certainty"))
        self.backlash, self.fading = q30(n("expression.backlash")), q30(n("expression.fading"))
        self.omega, self.gamma = q16(n("expression.voice_weight")), q16(n("expression.peer_weight"))
        self.cost, self.capacity = q16(n("expression.cost")), q16(n("expression.punish_capacity"))
        self.weights = [q16(n(f"expression.{w}_weight")) for w in ("household", "building", "cell", "town")]
        self.asked = chance(n("expression.asked"))
        self.true_watch, self.true_risk = q30(n("perception.surveillance_reference")), q30(n("deterrence.pi0"))


@dataclass
class Hearsay:
    """Who carried a published flag last night, and how many adults there are: by building, cell and town."""

    buildings: Counter[int]
    cells: Counter[int]
    towns: Counter[int]

    @staticmethod
    def of(people: list[Person]) -> Hearsay:
        return Hearsay(*(Counter(getattr(p, place) for p in people) for place in ("building", "cell", "town")))


class Village:
    """All people of a run, under one rule book, day after day.

    Args:
        people: everybody.
        rules: the rule book, read plainly.
        stake: the table of what is at stake, from the host.
        society: for the logistic table and the deeds' logits.
        numbers: the registry.
        seed: of the run.
        tiers: number of the tier in which nobody is scored.
        districts: of the whole run.
    """

    def __init__(
        self, people: list[Person], rules: Rules, stake: StakeLaw, society: Society, numbers: Numbers,
        seed: int, tiers: int, districts: int,
    ) -> None:  # fmt: skip
        self.people, self.rules, self.numbers, self.seed = people, rules, numbers, seed
        self.unscored, self.districts = tiers, districts
        self.origin, self.shift = int(stake.origin), int(stake.shift)
        self.stakes, self.fear = listed(stake.stakes), listed(stake.fear)
        self.logistic = [pair % 2**32 for pair in listed(society.tables.sigmoid)] + [draws.CERTAIN]
        self.logit = [signed(row % 2**32) for row in listed(society.tables.row)]
        self.adults = Hearsay.of([p for p in people if p.adult])
        self.faces_like: Counter[tuple[int, int]] = Counter()
        for p in people:
            if p.adult:
                self.faces_like[p.town, p.group] += p.lookalike
        self.searched: Counter[tuple[int, int, int]] = Counter()  # yesterday: (cell, face deed, group)
        self.town_of_cell = {p.cell: p.town for p in people}

    def branch(self, rules: Rules, stake: StakeLaw, society: Society) -> Village:
        """The same morning under another rule book: its start score, and counts from zero."""
        other = Village(copy.deepcopy(self.people), rules, stake, society, self.numbers, self.seed,
                        self.unscored, self.districts)  # fmt: skip
        other.searched = Counter(self.searched)
        for p in other.people:
            services = len(p.asked)
            p.score, p.days = [rules.start] * 3, dict.fromkeys(COUNTS, 0)
            p.asked, p.refused, p.short, p.paid = ([0] * services for _ in range(4))
        return other

    def live(self, date: dt.date, number: int, first: bool) -> None:
        """One day of everybody."""
        today = self.rules.day(date, number, first, self.districts)
        voices = Hearsay.of([p for p in self.people if p.voice])
        sanctioned = Hearsay.of([p for p in self.people if p.sanctioned])
        probes: Counter[tuple[int, int, int]] = Counter()
        for (cell, face, group), times in self.searched.items():
            probes[self.town_of_cell[cell], face, group] += times
        self.searched = Counter()
        for p in self.people:
            p.spoke, p.deeds, p.notices = p.voice, 0, 0
            p.subject = p.adult and p.turn < today.districts
            p.aware = p.subject and happens(p.aware_word, today.aware)
        for p in self.people:
            if today.first:
                self.publish(p, today)
            acts = self.act(p, today)
            seen = [self.see(p, today, slot, act) for slot, act in enumerate(acts)]
            wrong = self.mistake(p, today, probes)
            self.enter(p, acts, seen, wrong)
            self.list_up(p, today, acts, seen, wrong)
            for service in range(len(self.rules.services)):
                self.request(p, today, service)
            before = p.sanctioned
            self.speak(p, today, voices)
            self.learn(p, today, acts, seen, wrong, sanctioned, before)
            self.count(p, today)

    # Morning.

    def publish(self, p: Person, today: Day) -> None:
        """On the first of the month: the tier, exits from lists, and entries for a long stay in a tier."""
        now = today.number
        for book in (REAL, HONEST, CLEAN):
            tier = self.unscored
            if p.subject and self.rules.scored:
                tier = sum(p.score[book] < bound for bound in self.rules.bounds)
            if tier != p.tier[book]:
                p.tier[book], p.since[book] = tier, now
        for n, entry in enumerate(self.rules.lists):
            word = ask(self.seed, p.number, p.town, now, draws.LEAVE, n // 4)[n % 4]
            for book in (REAL, HONEST, CLEAN):
                if p.until[n][book] > now and happens(word, entry.exits):
                    p.until[n][book] = now
                    if book == REAL:
                        p.tell("unlisted", 1, n)
                ripe = p.tier[book] == entry.tier and now - p.since[book] >= entry.days
                if ripe and p.subject and today.lists[n]:
                    if book == REAL and p.until[n][book] <= now:
                        p.tell("listed", 1, n)
                        self.show(p, now, entry)
                    p.until[n][book] = prolonged(p.until[n][book], now, entry)

    def show(self, p: Person, now: int, entry: Register) -> None:
        """Public display of somebody newly on a list."""
        if entry.shame and happens(ask(self.seed, p.number, p.town, now, draws.DISPLAY)[0], entry.shame):
            p.shown_until = max(p.shown_until, now + entry.shame_days)
            p.notices |= 1 << NOTICE_MARK["shamed"].shift

    # Deeds.

    def act(self, p: Person, today: Day) -> list[Act | None]:
        """The deed of each slot, if any."""
        if not p.adult:
            return [None, None]
        words = ask(self.seed, p.number, p.town, today.number, draws.DEED)
        done: list[Act | None] = []
        for slot, name in ((0, "a"), (1, "b")):
            act = self.occasion(words[2 * slot], slot)
            if act is not None and not happens(words[2 * slot + 1], self.chance_of(p, act)):
                act = None
            if act is not None:
                p.tell(f"deed_{name}", act.row + 1)
            done.append(act)
        return done

    def occasion(self, word: int, slot: int) -> Act | None:
        """The deed whose band of the slot's chances holds the word."""
        bands = self.rules.bands[slot]
        if not happens(word, bands[-1]):
            return None
        first = len(self.rules.bands[0]) if slot else 0
        for place, band in enumerate(bands):
            if word < band or place == len(bands) - 1:
                return self.rules.acts[first + place]
        raise AssertionError

    def chance_of(self, p: Person, act: Act) -> int:
        """Chance that the person takes an occasion: equation (1), or the law of the deed's kind."""
        if act.kind == "speech" and not p.voice:
            return 0
        n = self.numbers
        packed = self.stakes[int(p.aware)][act.row][self.bin(p)]
        loss, reward = packed % 2**16, packed // 2**16
        logit = self.logit[act.row]
        if act.kind in ("offence", "reading"):
            perceived = (p.watched if act.kind == "reading" else p.risk) >> 14
            surplus = (perceived * loss >> 12) - (n.reference if act.fined else 0)
            held_back = (n.kappa * p.sensitivity >> 8) * surplus >> 16
            logit += p.susceptibility - held_back
        if act.kind == "good":
            wish = n.prosocial * p.prosocial // 255
            # Somebody who knows that a deed earns points wishes less for its own sake.
            if p.aware and self.rules.scored and act.points > 0:
                wish -= wish * (n.crowding >> 4) >> 12
            logit += wish - n.prosocial // 2 + (reward << 4)
        return self.reach(p, act, self.sigmoid(logit))

    def reach(self, p: Person, act: Act, threshold: int) -> int:
        """A chance scaled by how far the deed's occasions reach into this life."""
        if act.exposure == "drivers":
            return threshold if p.driver else 0
        if act.exposure == "digital" and p.digital < 255:
            return (threshold >> 8) * (p.digital + 1) if p.digital else 0
        return threshold

    def sigmoid(self, logit: int) -> int:
        """1 / (1 + exp(-z)) between the points of the table, 128 to a logit, from -16 to 16."""
        if logit <= -16 * 2**16:
            return self.logistic[0]
        if logit >= 16 * 2**16:
            return draws.CERTAIN
        step, rest = divmod(logit + 16 * 2**16, 512)
        low, high = self.logistic[step], self.logistic[step + 1]
        return low + (high - low) * rest // 512

    def bin(self, p: Person) -> int:
        """Where the person's score lies in the stake tables."""
        return min(max((p.score[REAL] - self.origin) // 2**self.shift, 0), len(self.fear) - 1)

    # Who sees it.

    def see(self, p: Person, today: Day, slot: int, act: Act | None) -> int:
        """How the deed was seen: 0 not, 1 by a camera, 2 and more by another channel."""
        if act is None:
            return 0
        name = "ab"[slot]
        sight = ask(self.seed, p.number, p.town, today.number, draws.SIGHTING)
        seen = 0
        for place, told in reversed(list(enumerate(act.told))):
            if happens(sight[2 + slot], told) and (p.subject or self.asked_for(act, today)):
                seen = 2 + place
        if act.camera and p.subject and happens(sight[slot], today.filming):
            if act.face:
                p.tell(f"filmed_{name}", 1)
                self.searched[p.cell, act.face, p.group] += 1
            if happens(sight[slot], both(today.filming, self.rules.named if act.face else self.rules.record)):
                seen = 1
        p.tell(f"seen_{name}", seen)
        if self.fined(p, today, slot, act):
            p.tell(f"fined_{name}", 1)
        return seen

    def asked_for(self, act: Act, today: Day) -> bool:
        """Whether a nation-wide list in force asks for the deed."""
        return any(
            entry.everywhere and act.id in entry.deeds and today.lists[n]
            for n, entry in enumerate(self.rules.lists)
        )

    def fined(self, p: Person, today: Day, slot: int, act: Act) -> bool:
        """Whether ordinary law punishes the deed."""
        return happens(ask(self.seed, p.number, p.town, today.number, draws.HAZARD)[slot], act.punished)

    def mistake(self, p: Person, today: Day, probes: Counter[tuple[int, int, int]]) -> Act | None:
        """The face deed entered today against this person although somebody else was filmed."""
        if not p.subject or not self.rules.faces or not probes:
            return None
        word = ask(self.seed, p.number, p.town, today.number, draws.MISTAKE)[0]
        expected = 0
        for act in self.rules.faces:
            for group, row in enumerate(self.rules.confusion):
                expected += probes[p.town, act.face, group] * row[p.group]
            each = (expected << 8) // self.faces_like[p.town, p.group]
            if word < min(p.lookalike * each >> 8, 2**32 - 1):
                p.tell("wrong_face", act.face)
                return act
        return None

    # What is entered.

    def enter(self, p: Person, acts: list[Act | None], seen: list[int], wrong: Act | None) -> None:
        """The three books at the end of the day."""
        if not p.subject or not self.rules.scored:
            return
        r, posted = self.rules, [0, 0, 0]
        for act, how in zip(acts, seen, strict=True):
            if act is not None and how:
                posted[REAL] += act.points
                posted[HONEST] += act.points
                if not act.lawful or act.points > 0:
                    posted[CLEAN] += act.points
        if wrong is not None:
            posted[REAL] += wrong.points
        for book in (REAL, HONEST, CLEAN):
            score = min(max(p.score[book] + posted[book], r.lowest), r.highest)
            if score < r.start:
                score += min(r.forgiveness, r.start - score)
            p.score[book] = score

    def list_up(self, p: Person, today: Day, acts: list[Act | None], seen: list[int], wrong: Act | None) -> None:
        """Entries that put the person on lists, and terms that end."""
        now = today.number
        for n, entry in enumerate(self.rules.lists):
            until = p.until[n]
            within = today.lists[n] and p.adult and (entry.everywhere or p.subject)
            true = [a for a, how in zip(acts, seen, strict=True) if a and how and a.id in entry.deeds and within]
            clean = [act for act in true if not act.lawful]
            mistaken = wrong is not None and wrong.id in entry.deeds and within
            if (true or mistaken) and until[REAL] <= now:
                p.tell("listed", 1, n)
                self.show(p, now, entry)
            elif until[REAL] == now > 0:
                p.tell("unlisted", 1, n)
            for book, counts in ((REAL, true or mistaken), (HONEST, true), (CLEAN, clean)):
                if counts:
                    until[book] = prolonged(until[book], now, entry)

    def on(self, p: Person, today: Day, n: int, book: int = REAL) -> bool:
        """Whether the person is on a list tonight."""
        return today.lists[n] and p.until[n][book] > today.number

    # What follows.

    def request(self, p: Person, today: Day, service: int) -> None:
        """A request for a service, if it comes up today."""
        word = ask(self.seed, p.number, p.town, today.number, draws.SERVICE, service // 4)[service % 4]
        if not today.open[service] or not happens(word, p.requests[service]):
            return
        p.asked[service] += 1
        refusal, price = self.terms(p, today, service)
        if refusal and happens(word, both(p.requests[service], refusal)):
            p.refused[service] += 1
            p.tell("outcomes", REFUSED, 2 * service)
        elif self.rules.services[service].essential and price > p.purse:
            p.short[service] += 1
            p.tell("outcomes", UNAFFORDABLE, 2 * service)
        else:
            p.paid[service] += price

    def terms(self, p: Person, today: Day, service: int) -> tuple[int, int]:
        """Chance of refusal and price: the worst of tier and blacklists; a red list can only make it cheaper."""
        r, tier = self.rules, p.tier[REAL]
        refusal, price = 0, r.ordinary[service]
        if tier < len(r.tier_denies):
            refusal, price = r.tier_denies[tier][service], r.tier_prices[tier][service]
        held = [entry for n, entry in enumerate(r.lists) if self.on(p, today, n)]
        refusal = max([refusal, *(entry.denies[service] for entry in held)])
        dear = [e.prices[service] for e in held if e.black and e.prices[service] is not None]
        cheap = [e.prices[service] for e in held if not e.black and e.prices[service] is not None]
        return refusal, min([max([price, *dear]), *cheap])  # type: ignore[type-var,list-item]

    def speak(self, p: Person, today: Day, voices: Hearsay) -> None:
        """Equation (11), for those asked today."""
        word = ask(self.seed, p.number, p.town, today.number, draws.VOICE)[0]
        if not p.adult or not happens(word, self.numbers.asked):
            return
        n = self.numbers
        building, cell, town = self.shares(p, voices)
        home = sum(k.spoke for k in p.kin) * (2**16 // len(p.kin)) if p.kin else town
        heard = sum(s * (w >> 2) >> 14 for s, w in zip((home, building, cell, town), n.weights, strict=True))
        fear = 0
        if p.aware:
            fear = (self.fear[self.bin(p)] * p.sensitivity >> 8) * (p.watched >> 14) >> 16
        urge = (n.omega * p.boldness * (p.opposition >> 8) >> 30) + (n.gamma * heard >> 16) - n.cost
        if heard > n.capacity:
            p.voice = urge * heard >= fear * n.capacity
        else:
            p.voice = urge >= fear

    def shares(self, p: Person, flagged: Hearsay) -> tuple[int, int, int]:
        """Share of adults with a flag in the person's building, cell and town, times 2^16."""
        return (
            (flagged.buildings[p.building] << 16) // max(self.adults.buildings[p.building], 1),
            (flagged.cells[p.cell] << 16) // max(self.adults.cells[p.cell], 1),
            (flagged.towns[p.town] << 16) // max(self.adults.towns[p.town], 1),
        )

    # Night.

    def learn(
        self, p: Person, today: Day, acts: list[Act | None], seen: list[int], wrong: Act | None,
        sanctioned: Hearsay, before: bool,
    ) -> None:  # fmt: skip
        """Equation (4)."""
        n = self.numbers
        tried = caught = False
        for slot, (act, how) in enumerate(zip(acts, seen, strict=True)):
            if act is not None and act.kind == "offence":
                tried = True
                caught = caught or (how > 0 and p.aware) or self.fined(p, today, slot, act)
        if tried:
            p.risk = towards(p.risk, ONE if caught else 0, n.own)
        warned = self.shares(p, sanctioned)[0] * n.certainty >> 16 if p.aware else 0
        if warned > p.risk:
            p.risk = towards(p.risk, warned, n.seen)
        p.risk = towards(p.risk, today.true_risk if p.aware else n.true_risk, n.drift)
        if p.aware:
            p.risk = towards(p.risk, ONE, today.campaign)
        p.watched = towards(p.watched, today.true_watch if p.aware else n.true_watch, n.drift)
        newly = self.harsh(p, today) and not before
        if p.aware and (newly or wrong is not None):
            p.opposition = towards(p.opposition, ONE, n.backlash)
        p.opposition = towards(p.opposition, p.level, n.fading)

    def harsh_list(self, n: int) -> bool:
        """Whether a list refuses or overcharges."""
        entry = self.rules.lists[n]
        dearer = any(p is not None and p > o for p, o in zip(entry.prices, self.rules.ordinary, strict=True))
        return any(entry.denies) or (entry.black and dearer)

    def harsh(self, p: Person, today: Day) -> bool:
        """Whether tier or lists refuse or overcharge the person tonight."""
        r, tier = self.rules, p.tier[REAL]
        by_tier = tier < len(r.tier_denies) and (
            any(r.tier_denies[tier])
            or any(own > usual for own, usual in zip(r.tier_prices[tier], r.ordinary, strict=True))
        )
        return by_tier or any(self.harsh_list(n) and self.on(p, today, n) for n in range(len(r.lists)))

    def worse(self, p: Person, today: Day, book: int, other: int) -> bool:
        """Whether one book has the person in a worse tier, or on a harsh list, that another does not know."""
        return p.tier[book] > p.tier[other] or any(
            self.harsh_list(n) and self.on(p, today, n, book) and not self.on(p, today, n, other)
            for n in range(len(self.rules.lists))
        )

    def count(self, p: Person, today: Day) -> None:
        """What kind of day it was."""
        tier = p.tier[REAL]
        p.sanctioned = self.harsh(p, today)
        wrongful = p.sanctioned and self.worse(p, today, REAL, CLEAN)
        closed = tier < len(self.rules.tier_denies) and any(self.rules.tier_denies[tier])
        facts = {
            "sanctioned": p.sanctioned,
            "wrongful": wrongful,
            "mistaken": wrongful and self.worse(p, today, REAL, HONEST),
            "rule_made": wrongful and self.worse(p, today, HONEST, CLEAN),
            "denied": closed
            or any(any(e.denies) and self.on(p, today, n) for n, e in enumerate(self.rules.lists)),
            "voiced": p.voice,
            "held": p.adult and p.opposition > ONE // 2,
            "shamed": p.shown_until > today.number,
        }
        for name, fact in facts.items():
            p.days[name] += fact


def towards(value: int, target: int, rate: int) -> int:
    """value + rate * (target - value), to the nearest unit."""
    return value + ((target - value) * rate + ONE // 2) // ONE


def prolonged(until: int, now: int, entry: Register) -> int:
    """First day off the list after an entry today."""
    return max(until, FOREVER if entry.term is None else min(now + entry.term, FOREVER - 1))


def signed(word: int) -> int:
    """A word of 32 bits as a number with a sign."""
    return word - 2**32 if word >= 2**31 else word


def settle(
    population: Population, services: tuple[ServiceFact, ...], numbers: Numbers, seed: int, p: Parameters,
    tiers: int, lists: int,
) -> list[Person]:  # fmt: skip
    """Everybody on the very first morning, in the order of the population."""
    columns = {name: column.tolist() for name, column in population.columns().items()}
    median = max(statistics.median(columns["income"]), 1.0)
    turns = adoption(population, seed)
    share, people, homes = p.number("access.affordable_share"), [], {}
    for i in range(len(population)):
        c = {name: column[i] for name, column in columns.items()}
        relative = max(c["income"], 1) / median
        asks = {"everyone": True, "adults": c["adult"], "parents": c["parent"]}
        rates = [
            chance(min(float(s.requests) / (1 if s.season else 365) * relative ** float(s.income_elasticity), 1.0))
            if asks[s.who]
            else 0
            for s in services
        ]
        person = Person(
            number=c["number"], town=c["town"], cell=c["cell"], building=c["building"],
            turn=turns[c["town"], c["district"]], group=c["group"], adult=c["adult"], driver=c["driver"],
            digital=c["digital"], prosocial=c["prosocial"], susceptibility=c["susceptibility"],
            sensitivity=c["risk"], boldness=c["boldness"], lookalike=c["lookalike"], level=c["opposition"],
            aware_word=c["aware_word"], requests=rates,
            purse=min(round(100 * share * (c["income"] * c["household_size"]) / 12), 2**31 - 1),
            tier=[tiers] * 3, until=[[0, 0, 0] for _ in range(lists)], risk=numbers.true_risk,
            watched=numbers.true_watch, opposition=c["opposition"],
            asked=[0] * len(services), refused=[0] * len(services), short=[0] * len(services),
            paid=[0] * len(services),
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
