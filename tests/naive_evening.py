"""The second half of the naive day: services, speech, learning, and the count of the day."""

from __future__ import annotations

import naive_draws as draws
from naive_draws import ask, both, happens
from naive_people import CLEAN, HONEST, ONE, REAL, Hearsay, Numbers, Person
from naive_rules import Act, Day, Rules
from naive_sources import Sources
from naive_ties import Company
from naive_views import Views, towards

REFUSED, UNAFFORDABLE = 2, 3


class Evening(Sources, Views, Company):
    """What follows for a person from how they stand, and what they make of it.

    Attributes:
        rules, numbers, seed: what the day is lived by.
        adults: how many live in each building, cell and town.
        origin, shift, fear: of the stake table.
    """

    rules: Rules
    numbers: Numbers
    seed: int
    adults: Hearsay
    origin: int
    shift: int
    fear: list[int]

    def bin(self, p: Person) -> int:
        """Where the person's score lies in the stake tables."""
        return min(max((p.score[REAL] - self.origin) >> self.shift, 0), len(self.fear) - 1)

    def fined(self, p: Person, today: Day, slot: int, act: Act) -> bool:
        """Whether ordinary law punishes the deed."""
        return happens(ask(self.seed, p.number, p.town, today.number, draws.HAZARD)[slot], act.punished)

    def on(self, p: Person, today: Day, n: int, book: int = REAL) -> bool:
        """Whether the person is bound by a list tonight."""
        left, law = p.until[n][book] - today.number, self.rules.lists[n]
        pending = self.rules.remedies.delay > 0 and law.term is not None and left > law.term
        return today.lists[n] and left > 0 and not pending

    def request(self, p: Person, today: Day, service: int) -> None:
        """A request for a service, if it comes up today."""
        word = ask(self.seed, p.number, p.town, today.number, draws.SERVICE, service // 4)[service % 4]
        p.asking[service] = False
        if not today.open[service] or not happens(word, p.requests[service]) or p.waiting[service] is not None:
            return
        if self.rules.services[service].trip and self.gives_up(p, word, p.requests[service]):
            p.tell("given_up", 1)
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
            p.asking[service] = self.rules.services[service].load is not None
            p.paid[service] += 0 if p.asking[service] else price

    def terms(self, p: Person, today: Day, service: int) -> tuple[int, int]:
        """Chance of refusal and price: the worst of tier and blacklists; a red list can only make it cheaper."""
        r, tier = self.rules, p.tier[REAL]
        refusal, price = 0, r.ordinary[service]
        if tier < len(r.tier_denies):
            refusal, price = r.tier_denies[tier][service], r.tier_prices[tier][service]
        held = [entry for n, entry in enumerate(r.lists) if self.on(p, today, n)]
        refusal = max([refusal, *(entry.denies[service] for entry in held)])
        asked = [(entry.black, entry.prices[service]) for entry in held]
        if service in self.spared(p, today):
            refusal, price = 0, min(price, r.ordinary[service])
            asked = [(black, own) for black, own in asked if not black]
        if p.shut and r.clinic and r.clinic.services[service]:
            refusal = max(refusal, r.clinic.checked)
        dear = [own for black, own in asked if black and own is not None]
        cheap = [own for black, own in asked if not black and own is not None]
        return refusal, min([max([price, *dear]), *cheap])

    def spared(self, p: Person, today: Day) -> list[int]:
        """Services that would be refused or overcharged, but for a cap on how many may be."""
        r, tier, cap = self.rules, p.tier[REAL], self.rules.remedies.cap
        if cap is None:
            return []
        held = [entry for n, entry in enumerate(r.lists) if self.on(p, today, n)]
        hit = []
        for service, ordinary in enumerate(r.ordinary):
            prices = [entry.prices[service] for entry in held if entry.black]
            shut = [entry.denies[service] for entry in held]
            if tier < len(r.tier_denies):
                prices.append(r.tier_prices[tier][service])
                shut.append(r.tier_denies[tier][service])
            if any(shut) or any(price is not None and price > ordinary for price in prices):
                hit.append(service)
        return hit[cap:]

    def locked_out(self, p: Person, today: Day) -> bool:
        """Whether any service is closed to the person tonight."""
        r, tier, spared = self.rules, p.tier[REAL], self.spared(p, today)
        rows = [r.tier_denies[tier]] if tier < len(r.tier_denies) else []
        rows += [entry.denies for n, entry in enumerate(r.lists) if self.on(p, today, n)]
        return any(share for row in rows for service, share in enumerate(row) if service not in spared)

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
        """Whether a list refuses or overcharges; red lists never do."""
        entry = self.rules.lists[n]
        dearer = any(p is not None and p > o for p, o in zip(entry.prices, self.rules.ordinary, strict=True))
        back = any(place is not None and place > 4 for place in entry.classes)
        return entry.black and (any(entry.denies) or dearer or back or any(entry.terms))

    def harsh(self, p: Person, today: Day) -> bool:
        """Whether tier or lists refuse or overcharge the person tonight."""
        lists = range(len(self.rules.lists))
        return self.grade(p, REAL) > 0 or any(self.harsh_list(n) and self.on(p, today, n) for n in lists)

    def grade(self, p: Person, book: int) -> int:
        """How harsh the tier of a book is; nothing follows from not being scored."""
        tier = p.tier[book]
        return self.rules.grades[tier] if tier < len(self.rules.grades) else 0

    def worse(self, p: Person, today: Day, book: int, other: int) -> bool:
        """Whether one book has the person in a harsher tier than another, or on a harsh list unknown to it."""
        return self.grade(p, book) > self.grade(p, other) or any(
            self.harsh_list(n) and self.on(p, today, n, book) and not self.on(p, today, n, other)
            for n in range(len(self.rules.lists))
        )

    def count(self, p: Person, today: Day) -> None:
        """What kind of day it was."""
        p.sanctioned = self.harsh(p, today) or p.shut
        wrongful = (p.sanctioned and self.worse(p, today, REAL, CLEAN)) or p.by_code
        facts = {
            "sanctioned": p.sanctioned,
            "wrongful": wrongful,
            "mistaken": wrongful and self.worse(p, today, REAL, HONEST),
            "rule_made": (wrongful and self.worse(p, today, HONEST, CLEAN)) or p.by_code,
            "denied": p.shut or self.locked_out(p, today),
            "voiced": p.voice,
            "held": p.adult and p.opposition > ONE // 2,
            "shamed": p.shown_until > today.number,
            "silent": p.adult and p.opposition > ONE // 2 and not p.voice,
        }
        for name, fact in facts.items():
            p.days[name] += fact
