"""The naive person's views: what they hear and where they speak up, and what a month does to trust and opinion."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

import naive_draws as draws
from glasshouse.evidence import Parameters
from naive_draws import ask, happens
from naive_people import ONE, Hearsay, Numbers, Person
from naive_rules import Day, Rules, q16, q30

WHOLE = 2**16  # a share of 1


class ViewNumbers:
    """The registry as the whole numbers of these laws."""

    def __init__(self, p: Parameters) -> None:
        n = p.number
        self.continuous, self.proportional = n("expression.law") >= 0.5, n("expression.punishment") >= 0.5
        self.tolerance, self.severity = q16(n("expression.tolerance")), q16(n("expression.severity"))
        self.office, self.street = q16(n("expression.petition_cost")), q16(n("expression.protest_cost"))
        self.influence = q30(n("opinion.influence") * n("opinion.internalising"))
        self.seen = q30(n("opinion.seen_backlash"))
        self.memory = q30(-math.expm1(-math.log(2) / (12 * n("trust.memory"))))
        self.levels = q30(n("trust.state_level")), q30(n("trust.people_level"))
        self.safety, self.news, self.denied = (q30(n(f"trust.{k}")) for k in ("safety", "news", "denied"))
        self.informers, self.watched, self.lonely = (q30(n(f"trust.{k}")) for k in ("informers", "watched", "lonely"))
        self.base, self.slope = q30(n("trust.support")), q30(n("trust.support_slope"))
        self.pace = q30(n("trust.support_pace"))
        self.told, self.harmed = q30(n("trust.support_told")), q30(n("trust.support_harmed"))
        self.reach = int(n("trust.reach"))

    def approval(self, standing: int) -> int:
        """Support of somebody of this rank of income who knows of no wrong."""
        return min(max(self.base + self.slope * (2 * standing - 255) // 510, 0), ONE)


class Views:
    """What a village's people say and think.

    Attributes:
        rules, numbers, views, seed: what the day is lived by.
        adults: how many live in each building, cell and town.
        people: everybody.
    """

    rules: Rules
    numbers: Numbers
    views: ViewNumbers
    seed: int
    adults: Hearsay
    people: list[Person]
    fear: list[int]

    def bin(self, p: Person) -> int:
        """Where the person's score lies in the stake tables."""
        raise NotImplementedError

    def first_views(self) -> None:
        """What adults think on the very first morning."""
        for p in self.people:
            if p.adult:
                levels = (*self.views.levels, self.views.approval(p.standing))
                p.state, p.others, p.support = (min(level >> 14, WHOLE - 1) for level in levels)

    def overlooked(self, p: Person, voices: Hearsay) -> int:
        """The part of a crowd of the person's cell that patrols cannot write down, times 2^16."""
        share = (voices.cells[p.cell] << 16) // max(self.adults.cells[p.cell], 1)
        return WHOLE - min((self.numbers.capacity << 16) // max(share, 1), WHOLE)

    def shares(self, p: Person, flagged: Hearsay) -> tuple[int, int, int]:
        """Share of adults with a flag in the person's building, cell and town, times 2^16."""
        return (
            (flagged.buildings[p.building] << 16) // max(self.adults.buildings[p.building], 1),
            (flagged.cells[p.cell] << 16) // max(self.adults.cells[p.cell], 1),
            (flagged.towns[p.town] << 16) // max(self.adults.towns[p.town], 1),
        )

    def shown(self, p: Person, of_town: int) -> int:
        """What the town's media show of a share, to those under the regime."""
        return of_town * (WHOLE - self.rules.censored) >> 16 if p.subject else of_town

    def heard(self, p: Person, voices: Hearsay, spoke: Iterable[bool]) -> int:
        """Share of others heard voicing dissent, `spoke` being the other adults of the household."""
        building, cell, town = self.shares(p, voices)
        town, spoke = self.shown(p, town), list(spoke)
        home = sum(spoke) * (2**16 // len(spoke)) if spoke else town
        circles = home, self.among_friends(p, town), building, cell, town
        parts = zip(circles, self.numbers.weights, strict=True)
        return sum(s * (w >> 2) >> 14 for s, w in parts)

    def speak(self, p: Person, today: Day, voices: Hearsay) -> None:
        """Where the person would speak up: equation (11) with three costs, for those asked today."""
        asked, much, _, _ = ask(self.seed, p.number, p.town, today.number, draws.VOICE)
        n, v = self.numbers, self.views
        if not p.adult or not happens(asked, n.asked):
            return
        heard, cell = self.heard(p, voices, (k.spoke for k in p.kin)), self.shares(p, voices)[1]
        threat = self.fear[self.bin(p)] * p.sensitivity >> 8 if p.aware else 0
        fear = threat * (p.watched >> 14) >> 16

        def would(cost: int, others: int) -> bool:
            return tips(urge(p.opposition, p.boldness, others, n, cost), others, fear, n)

        p.voice = self.shows(p, much, heard, threat) if v.continuous else would(n.cost, heard)
        p.ready = p.voice | would(v.office, heard) << 1 | would(v.street, cell) << 2

    def shows(self, p: Person, word: int, heard: int, threat: int) -> bool:
        """The continuous law: whether the word falls under the act that the person dares."""
        v, u, wanted, nu = self.views, word >> 16, p.opposition >> 14, p.watched >> 14
        crowd = max(heard, self.numbers.capacity)
        bold = (p.boldness << 8) * crowd
        psi = (threat * v.severity >> 16) * self.numbers.capacity
        by_size, always = psi * (WHOLE - nu) >> 16, psi * nu >> 16
        if u >= wanted or u < v.tolerance:
            return u < wanted
        if v.proportional:
            return (2 * u - v.tolerance) * by_size < (bold - always) << 16
        return wanted * (bold - by_size) > bold * v.tolerance + (always << 16)

    def close_views(self, today: Day) -> None:
        """A month's end: opposition, trust and support, all from how things stood before."""
        wronged = Hearsay.of([p for p in self.people if p.days["wrongful"]])
        punished = Hearsay.of([p for p in self.people if p.sanctioned])
        voices = Hearsay.of([p for p in self.people if p.voice])
        spoken = {id(p): p.voice for p in self.people}
        self.tellers = Counter(p.building for p in self.people if p.informs)
        for p in self.people:
            if p.adult:
                self.think(p, today, wronged, self.heard(p, voices, (spoken[id(k)] for k in p.kin)), punished)

    def think(self, p: Person, today: Day, wronged: Hearsay, said: int, punished: Hearsay) -> None:
        """One person's month."""
        n, v = self.numbers, self.views
        word = ask(self.seed, p.number, p.town, today.number, draws.VIEWS)
        building, _, town = self.shares(p, wronged)
        news = WHOLE if p.days["wrongful"] else min(v.reach * max(building, self.shown(p, town)), WHOLE)
        denied, harmed = ((p.days[kind] << 16) // today.date.day for kind in ("denied", "sanctioned"))
        around = self.shares(p, punished)[0] if p.aware else 0
        propaganda = self.rules.propaganda if p.subject else 0

        p.opposition = towards(p.opposition, said << 14, v.influence)
        p.opposition = towards(p.opposition, ONE, v.seen * around >> 16)
        p.opposition = towards(p.opposition, 0, propaganda * p.state >> 16)

        safety = max(p.risk - n.true_risk, 0) >> 14 if p.aware else 0
        over = max(p.watched - n.true_watch, 0) >> 14
        state = v.safety * safety - v.news * news - v.denied * denied
        told_on = (self.tellers[p.building] << 16) // max(self.adults.buildings[p.building], 1)
        others = -(v.informers * told_on + v.watched * over + v.lonely * p.isolation)
        p.state = kept(towards(p.state << 14, v.levels[0], v.memory) + (state >> 16), word[0])
        p.others = kept(towards(p.others << 14, v.levels[1], v.memory) + (others >> 16), word[1])
        target = towards(towards(v.approval(p.standing), 0, v.told * news >> 16), 0, v.harmed * harmed >> 16)
        p.support = kept(towards(p.support << 14, target, v.pace), word[2])


def kept(wide: int, word: int) -> int:
    """A share times 2^30 as one times 2^16, up or down by the word."""
    return (min(max(wide, 0), (WHOLE - 1) << 14) + (word >> 18)) >> 14


def urge(opposition: int, boldness: int, heard: int, n: Numbers, cost: int) -> int:
    """What speaks for voicing dissent, less its cost: each of its two parts to the nearest unit, halves up."""
    return (n.omega * boldness * (opposition >> 8) + 2**29) // 2**30 + (n.gamma * heard + 2**15) // 2**16 - cost


def tips(urge: int, heard: int, fear: int, n: Numbers) -> bool:
    """Whether the urge outweighs the fear, of which many voices at once leave only a part."""
    return urge * heard >= fear * n.capacity if heard > n.capacity else urge >= fear


def towards(value: int, target: int, rate: int) -> int:
    """value + rate * (target - value), to the nearest unit."""
    return value + ((target - value) * rate + ONE // 2) // ONE
