"""Friends of the naive person: whom they meet, what they hear, whom they lose, and what their company costs."""

from __future__ import annotations

import math

import naive_draws as draws
from glasshouse.evidence import Parameters
from glasshouse.population import Population
from glasshouse.population.friends import friends
from naive_draws import ask, chance, happens
from naive_people import HONEST, REAL, Person
from naive_rules import Day, Rules, hundredths, q30

SLOTS = range(8)
MONTH = 365.25 / 12
MOST = 65520


def befriend(people: list[Person], population: Population, seed: int, p: Parameters) -> None:
    """Who is whose friend, and who of them is in touch on the first morning."""
    found, layout = friends(population, seed, p), population.layout
    renewal, fade = p.number("ties.renewal"), p.number("ties.fade")
    standing = chance(renewal / (renewal + fade) if renewal + fade > 0 else 1.0)
    for row, person in enumerate(people):
        street = int(population.building[row]) - person.town * layout.cells_per_town * layout.buildings_per_cell
        person.door = 32 * street + int(population.place[row])
        person.friends = [int(friend[row]) if friend[row] != row else -1 for friend in found.friend]
    for person in people:
        person.in_touch = [
            friend >= 0 and happens(of_two(seed, person, people[friend], 0, slot)[1], standing)
            for slot, friend in enumerate(person.friends)
        ]
        person.isolation = lost(person)


def of_two(seed: int, one: Person, other: Person, day: int, slot: int) -> tuple[int, int, int, int]:
    """What two friends draw together."""
    return ask(seed, min(one.door, other.door), one.town, day, draws.TIE, slot, draws.TIE_OF_TWO)


def lost(p: Person) -> int:
    """Share of friends lost, of MOST."""
    had = sum(friend >= 0 for friend in p.friends)
    return (had - sum(p.in_touch)) * MOST // had if had else 0


def as_bits(flags: list[bool]) -> int:
    """Flags as the bits of a number."""
    return sum(flag << n for n, flag in enumerate(flags))


class Company:
    """What friends do to each other.

    Attributes:
        people, rules, seed, unscored: of the village.
    """

    people: list[Person]
    rules: Rules
    seed: int
    unscored: int

    def meet(self, p: Person, today: Day) -> None:
        """The friend of the day."""
        slot = today.number % 8
        friend = p.friends[slot]
        p.heard[slot] = friend >= 0 and self.people[friend].spoke

    def among_friends(self, p: Person, otherwise: int) -> int:
        """Share of friends in touch who voiced dissent when last met, times 2^16."""
        known = [heard for heard, near in zip(p.heard, p.in_touch, strict=True) if near]
        return sum(known) * (2**16 // len(known)) if known else otherwise

    def lose_and_find_friends(self, today: Day) -> None:
        """Once a month: ties, isolation, and points for the company kept. Nobody sees what another became tonight."""
        before = [list(p.in_touch) for p in self.people]
        for p in self.people:
            self.review(p, today)
        listed = [[self.blacklisted(p, today, book) for p in self.people] for book in (REAL, HONEST)]
        rate = q30(1 - math.exp(-MONTH / self.rules.p.number("ties.isolation_days")))
        homes = {id(p): row for row, p in enumerate(self.people)}
        for p, was in zip(self.people, before, strict=True):
            changes = list(zip(was, p.in_touch, strict=True))
            p.fates |= changes.count((True, False)) << 13 | changes.count((False, True)) << 17
            word = ask(self.seed, p.number, p.town, today.number, draws.ISOLATION)[0]
            step = (lost(p) - p.isolation) * rate
            p.isolation += step // 2**30 + (word >> 2 < step % 2**30)
            near = [friend for friend, held in zip(p.friends, p.in_touch, strict=True) if held]
            for book, on in zip((REAL, HONEST), listed, strict=True):
                company = sum(on[friend] for friend in near) + sum(on[homes[id(k)]] for k in p.kin)
                if p.subject and self.cost_of_company():
                    loss = company * self.cost_of_company()
                    p.fates |= (book == REAL and company > 0) << 30
                    p.score[book] = min(max(p.score[book] - loss, self.rules.lowest), self.rules.highest)

    def review(self, p: Person, today: Day) -> None:
        """One person's ties. Both ends do this alike, so the order of people does not matter."""
        for slot, friend in enumerate(p.friends):
            if friend < 0:
                continue
            other = self.people[friend]
            cut, restored = self.chances(slot, *self.pull(p, other, today))
            if happens(of_two(self.seed, p, other, today.number, slot)[0], cut if p.in_touch[slot] else restored):
                p.in_touch[slot] = not p.in_touch[slot]

    def pull(self, one: Person, other: Person, today: Day) -> tuple[int, int]:
        """Tiers between two friends, for the better one who knows; and displays before a friend who knows."""
        tiers = one.tier[REAL], other.tier[REAL]
        better = one if tiers[0] < tiers[1] else other
        gap = abs(tiers[0] - tiers[1]) if self.unscored not in tiers and better.aware else 0
        shown = [self.displayed(p, today) for p in (one, other)]
        return gap, (one.aware and shown[1]) + (other.aware and shown[0])

    def displayed(self, p: Person, today: Day) -> bool:
        """Whether the month counts as one on public display."""
        word = ask(self.seed, p.number, p.town, today.number, draws.ISOLATION)[1]
        return happens(word, min(p.days["shamed"] * int(2**32 / MONTH), draws.CERTAIN))

    def chances(self, slot: int, gap: int, shame: int) -> tuple[int, int]:
        """Of being cut and of being restored in a month."""
        n, score = self.rules.p.number, self.rules.book.score
        visible = score.visible.value if score else 0.0
        close = n("ties.close_local") if slot < n("ties.local_slots") else n("ties.close_wide")
        pulled = (1 - n("ties.tier_gap") * visible * (1 - close)) ** gap * (1 - n("ties.shame")) ** shame
        h, r = 1 - (1 - n("ties.fade")) * pulled, n("ties.renewal")
        moved = (1 - (1 - h - r) ** MONTH) / (h + r)
        return chance(h * moved), chance(r * moved)

    def blacklisted(self, p: Person, today: Day, book: int) -> bool:
        """Whether a blacklist binds the person tonight, by a book."""
        return any(entry.black and self.on(p, today, n, book) for n, entry in enumerate(self.rules.lists))

    def cost_of_company(self) -> int:
        """Hundredths of a point a month for each blacklisted friend in touch and housemate."""
        score = self.rules.book.score
        return hundredths(score.association.value * MONTH) if score else 0
