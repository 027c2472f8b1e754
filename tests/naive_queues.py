"""The naive queue: who asks stands in line, person behind person, and the first in line are served."""

from __future__ import annotations

from collections.abc import Sequence

import naive_draws as draws
from glasshouse.evidence import ServiceFact
from naive_draws import CERTAIN, ask
from naive_people import REAL, Person
from naive_rules import Day, Rules, hundredths

ORDINARY = 4
DAY_BITS = 16


class Lines:
    """The lines of every town, by service.

    Attributes:
        rules, people, seed: what the day is lived by.
    """

    rules: Rules
    people: list[Person]
    seed: int

    def on(self, p: Person, today: Day, n: int, book: int = REAL) -> bool:
        """Whether the person is on a list tonight."""
        raise NotImplementedError

    def terms(self, p: Person, today: Day, service: int) -> tuple[int, int]:
        """Chance of refusal and price."""
        raise NotImplementedError

    def give(self, today: Day) -> None:
        """Each town gives away the places of each service that is open today."""
        number = 0
        for service, fact in enumerate(self.rules.services):
            if fact.load is None:
                continue
            if today.open[service]:
                for town in sorted({p.town for p in self.people}):
                    self.serve(today, service, fact, number, [p for p in self.people if p.town == town])
            number += 1

    def serve(self, today: Day, service: int, fact: ServiceFact, number: int, town: list[Person]) -> None:
        """One service of one town: the line is put in order, and the first are served."""
        for p in town:
            if p.asking[service]:
                p.waiting[service] = today.number
        line = [p for p in town if p.waiting[service] is not None]
        if fact.waits:
            line = [p for p in line if self.terms(p, today, service)[0] < CERTAIN]
        bits = max(1, max(p.number for p in self.people).bit_length())  # enough for the largest town
        lots = drawn_lots(town, self.seed, bits)
        line.sort(key=lambda p: self.turn(p, today, service, lots[p.number], bits))
        for p in line[: places_of(town, service, fact, today.openings[service])]:
            p.waiting[service] = None
            p.paid[service] += self.terms(p, today, service)[1]
            if not p.asking[service]:
                p.tell("served", 1, number)
        for p in town:
            if p.asking[service] and p.waiting[service] is not None:
                p.tell("joined" if fact.waits else "turned_away", 1, number)
                if not fact.waits:
                    p.waiting[service] = None

    def turn(self, p: Person, today: Day, service: int, lot: int, bits: int) -> tuple[int, int, int]:
        """What the line is ordered by: class, day of joining, and the lot turned by that day."""
        since = p.waiting[service]
        assert since is not None
        turned = "".join(
            str((lot >> bits - 1 - place & 1) ^ (since >> place & 1 if place < DAY_BITS else 0))
            for place in range(bits)
        )
        return self.class_of(p, today, service), since, int(turned, 2)

    def class_of(self, p: Person, today: Day, service: int) -> int:
        """The class that tier and lists give."""
        held = [
            (entry.black, entry.classes[service]) for n, entry in enumerate(self.rules.lists) if self.on(p, today, n)
        ]
        tier = p.tier[REAL]
        place = self.rules.tier_classes[tier][service] if tier < len(self.rules.tier_classes) else ORDINARY
        back = [own for black, own in held if black and own is not None]
        ahead = [own for black, own in held if not black and own is not None]
        return min([max([place, *back]), *ahead])


def places_of(town: Sequence[Person], service: int, fact: ServiceFact, opening: int) -> int:
    """floor((n + 1) r) - floor(n r), r in units of 2^-32 of a place."""
    price = hundredths(float(fact.price))
    asked = sum(p.requests[service] for p in town if not fact.essential or price <= p.first_purse)
    assert fact.load is not None
    rate = int(asked / float(fact.load))
    return ((opening + 1) * rate >> 32) - (opening * rate >> 32)


_LOTS: dict[tuple[int, int, int, int], dict[int, int]] = {}


def drawn_lots(town: list[Person], seed: int, bits: int) -> dict[int, int]:
    """Rank of each person's draw in the town, spread over all lots."""
    held = (seed, town[0].town, len(town), bits)
    if held not in _LOTS:
        words = {p.number: ask(seed, p.number, p.town, 0, draws.LOT)[0] for p in town}
        ranked = sorted(words, key=lambda number: (words[number], number))
        _LOTS[held] = {number: (rank << bits) // len(town) for rank, number in enumerate(ranked)}
    return _LOTS[held]
