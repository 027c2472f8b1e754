"""The naive reading of certificates and the infection, person after person."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import naive_draws as draws
from glasshouse.evidence import Parameters
from glasshouse.population import Population
from glasshouse.regimes.schema import RuleBook
from glasshouse.regimes.sections.certificate import Epidemic
from naive_draws import ask, both, chance, happens, uniform
from naive_people import Person
from naive_rules import q16, q30

NONE, PARTIAL, VALID, EXPIRED, EXEMPT, FORGED = range(6)
NOWHERE, LET_IN, AWAY, CAUGHT = range(4)
FOREVER = 65535
LAST = 65534
COUNTED = ("shut_out", "turned_back", "visits", "red", "infections", "ill", "doses", "forged", "found_out")


@dataclass
class Spread:
    """Who is about: how many people, how many infectious, how many of these shut out, in one place."""

    people: int = 0
    ill: int = 0
    shut: int = 0


class Clinic:
    """The certificate of one world and the infection of the run.

    Args:
        book: the rule book of the world.
        outbreak: the infection, None in a run without certificates.
        first: first day of the run.
        deeds: names of the deeds in table order, and whether ordinary law permits them.
        services: names.
        p: the registry.
    """

    def __init__(
        self, book: RuleBook, outbreak: Epidemic | None, first: dt.date, deeds: list[tuple[str, bool]],
        services: list[str], p: Parameters,
    ) -> None:  # fmt: skip
        self.book, self.outbreak, self.first, n = book, outbreak, first, p.number
        self.paper = book.certificate
        self.sunset = book.safeguards.sunset or dt.date.max
        self.strength = self.paper.checked.value if self.paper else 0.0
        self.checked, self.barred = chance(self.strength), q16(self.strength)
        self.caught = chance(self.paper.forgery_caught.value) if self.paper else 0
        self.exempt = chance(self.paper.exempt.value) if self.paper else 0
        self.forgery = chance(1 - math.exp(-self.paper.forgery_per_week.value / 7)) if self.paper else 0
        self.services = [self.paper is not None and service in self.paper.services for service in services]
        self.creep = self.paper.creep if self.paper else None
        spared = book.safeguards.spare_lawful_acts
        self.acts = {
            name for name, lawful in deeds if self.creep and name in self.creep.deeds and not (spared and lawful)
        }
        self.felt = n("certificate.anticipation")
        self.base, self.pull = q16(math.log(n("certificate.base_hazard"))), q16(n("certificate.gate_pull"))
        self.peers, self.distrust = q16(n("certificate.peer_weight")), q16(n("certificate.distrust_weight"))
        self.visits, self.interval = chance(n("certificate.visits")), round(n("certificate.interval"))
        self.days, self.immune = round(n("epidemic.days")), round(n("epidemic.immune_days"))
        beta = n("epidemic.r0") / self.days
        self.weights = [q16(beta * n(f"epidemic.{layer}_share")) for layer in ("building", "cell", "town")]
        self.venues = q16(n("epidemic.venue_share"))
        self.full, self.fading = q16(n("epidemic.efficacy")), round(n("epidemic.efficacy_lost") * 2**24)
        self.half = q16(n("epidemic.efficacy_first"))
        self.travellers = n("epidemic.outside")

    # What is in force.

    def asked(self, date: dt.date) -> bool:
        """Whether gates ask for a paper."""
        return self.paper is not None and self.paper.begins <= date < self._over()

    def gates(self, date: dt.date) -> int:
        """How strong the gates are felt to be."""
        if self.paper is None or not self.paper.announced <= date < self._over():
            return 0
        return q16(self.strength * (1 if self.asked(date) else self.felt))

    def _over(self) -> dt.date:
        assert self.paper is not None
        return min(self.paper.ends or dt.date.max, self.sunset)

    def passing(self, date: dt.date) -> bool:
        """Whether the infection passes on."""
        o = self.outbreak
        return o is not None and max(o.begins, self.first) <= date < (o.ends or dt.date.max)

    def outside(self, date: dt.date) -> int:
        """Hazard of an infection brought in."""
        assert self.outbreak is not None
        seeds = min(self.outbreak.seeds.value, 1 - math.exp(-8))
        begins = max(self.outbreak.begins, self.first)
        return q30(self.travellers + (-math.log1p(-seeds) if date == begins else 0.0))

    def shut(self, p: Person, date: dt.date, number: int, code: bool = True) -> bool:
        """Whether a gate shuts the person out, by what they carry and (if `code`) by a red code."""
        if self.outbreak is None or not self.asked(date) or not p.liable:
            return False
        assert self.paper is not None
        recovered = self.paper.recovery and p.ill_until <= number < p.immune_until
        red = code and p.red_until > number
        return red or not (p.paper in (VALID, EXEMPT, FORGED) or recovered)

    def door(self, p: Person, date: dt.date, number: int) -> tuple[bool, bool]:
        """Whether the person is shut out, and by a red code alone."""
        shut = self.shut(p, date, number)
        return shut, shut and not self.shut(p, date, number, code=False)

    # A day.

    def live(self, people: list[Person], date: dt.date, number: int, seed: int, sigmoid: list[int]) -> None:
        """One day of everybody's papers and health; all read this morning's before anybody writes."""
        if self.outbreak is None:
            return
        if self.paper and self.gates_known(date) and date == max(self.paper.announced, self.first):
            for p in people:
                word = ask(seed, p.number, p.town, number, draws.EXEMPTION)[0]
                if p.liable and p.paper == NONE and happens(word, self.exempt):
                    p.paper = EXEMPT
        doses = date >= max(self.outbreak.doses, self.first)
        if not (doses or self.passing(date) or self.gates_known(date)):
            return
        places = self._spread(people, date, number)
        had: Counter[int] = Counter(p.cell for p in people if p.adult and p.paper in (PARTIAL, VALID, EXPIRED))
        adults: Counter[int] = Counter(p.cell for p in people if p.adult)
        changes = []
        for p in people:
            peers = (had[p.cell] << 16) // max(adults[p.cell], 1)
            dose = self._dose(p, date, peers, sigmoid) if doses else 0
            catching = self._catching(p, date, number, places) if self.passing(date) else 0
            changes.append(self._decide(p, date, number, seed, dose, catching))
        for p, change in zip(people, changes, strict=True):
            self._settle(p, date, number, *change)

    def gates_known(self, date: dt.date) -> bool:
        """Whether people know of the certificate and it is not over."""
        return self.paper is not None and self.paper.announced <= date < self._over()

    def _spread(self, people: list[Person], date: dt.date, number: int) -> dict[tuple[str, int], Spread]:
        places: dict[tuple[str, int], Spread] = {}
        for p in people:
            for place in (("building", p.building), ("cell", p.cell), ("town", p.town)):
                here = places.setdefault(place, Spread())
                here.people += 1
                here.ill += p.ill_until > number
                here.shut += p.ill_until > number and self.shut(p, date, number)
        return places

    def _catching(self, p: Person, date: dt.date, number: int, places: dict[tuple[str, int], Spread]) -> int:
        """Chance of an infection today."""
        if number < p.ill_until or number < p.immune_until:
            return 0
        layers = [places["building", p.building], places["cell", p.cell], places["town", p.town]]
        everywhere = sum((s.ill << 30) // s.people * w for s, w in zip(layers, self.weights, strict=True)) >> 16
        kept_out = sum((s.shut << 30) // s.people * w for s, w in zip(layers, self.weights, strict=True)) >> 16
        inside = everywhere - (kept_out * self.barred >> 16)
        own = 2**16 - (self.barred if self.shut(p, date, number) else 0)
        rate = (everywhere * (2**16 - self.venues) + (inside * self.venues >> 16) * own) >> 16
        rate = min(rate + self.outside(date), 8 * 2**30)
        step, rest = divmod(rate, 2**20)
        low, high = exponential(step), exponential(step + 1)
        threshold = low + ((high - low) * rest >> 20)
        shield = 0
        if p.paper in (VALID, EXPIRED):
            shield = max(self.full - (min(number - p.dosed, 4095) * self.fading >> 8), 0)
        elif p.paper == PARTIAL:
            shield = self.half
        return threshold * (2**16 - shield) >> 16

    def _dose(self, p: Person, date: dt.date, peers: int, sigmoid: list[int]) -> int:
        """Chance of a dose by the person's own choice."""
        if not p.adult or p.paper not in (NONE, EXPIRED):
            return 0
        use = 256 if self.paper and self.paper.work else p.venues + (p.venues >> 7)
        gates = self.gates(date) if p.liable else 0
        z = self.base + ((gates * self.pull >> 16) * use >> 8) + (peers * self.peers >> 16)
        z -= (p.opposition >> 14) * self.distrust >> 16
        if z <= -16 * 2**16:
            return sigmoid[0]
        if z >= 16 * 2**16:
            return draws.CERTAIN
        step, rest = divmod(z + 16 * 2**16, 512)
        return sigmoid[step] + (sigmoid[step + 1] - sigmoid[step]) * rest // 512

    def _decide(
        self, p: Person, date: dt.date, number: int, seed: int, dose: int, catching: int
    ) -> tuple[bool, bool, bool, int, bool]:
        """Infected, takes a dose, gets a forged paper, what comes of a visit, code turned red."""
        words = ask(seed, p.number, p.town, number, draws.CERTIFICATE)
        due, reached = p.adult and p.paper in (NONE, EXPIRED), self.asked(date) and p.liable
        takes = due and happens(words[1], dose)
        forgery = part(self.forgery, p) if reached else 0
        fakes = due and p.paper == NONE and not takes and happens(2**32 - 1 - words[1], forgery)
        door = NOWHERE
        if reached and happens(words[2], part(self.visits, p)):
            check = both(self.visits, self.checked)
            looked = happens(words[2], part(check, p))
            found = happens(words[2], part(both(check, self.caught), p))
            door = LET_IN
            if looked and self.shut(p, date, number):
                door = AWAY
            if looked and found and p.paper == FORGED:
                door = CAUGHT
        red = False
        if reached and self.creep and self.creep.begins <= date < (self.creep.ends or dt.date.max):
            red = bool(self.acts & p.did) and happens(words[3], chance(self.creep.chance.value))
        return happens(words[0], catching), takes, fakes, door, red

    def _settle(
        self, p: Person, date: dt.date, number: int, infected: bool, takes: bool, fakes: bool, door: int, red: bool
    ) -> None:
        second = p.paper == PARTIAL and number - p.dosed >= self.interval
        facts = (
            self.shut(p, date, number), door == AWAY, door != NOWHERE,
            p.red_until > number and self.asked(date) and p.liable, infected, p.ill_until > number, takes or second,
            fakes, door == CAUGHT,
        )  # fmt: skip
        for name, fact in zip(COUNTED, facts, strict=True):
            p.health[name] += fact
        term = self.paper.valid_days if self.paper and self.asked(date) and p.liable else None
        over = p.paper == VALID and term is not None and number - p.dosed >= round(term.value)
        p.paper = VALID if second else EXPIRED if over else VALID if takes and p.paper == EXPIRED else p.paper
        if takes and p.paper == NONE:
            p.paper = PARTIAL
        if takes or second:
            p.dosed = number
        if fakes:
            p.paper = FORGED
        elif door == CAUGHT:
            p.paper = NONE
        if infected:
            p.ill_until = min(number + 1 + self.days, LAST)
            p.immune_until = min(number + 1 + self.days + self.immune, LAST)
            p.tell("infected", 1)
        if red:
            assert self.creep is not None
            p.red_until = max(p.red_until, min(number + 1 + int(self.creep.days.value), LAST))
        news = 4 if red else 3 if door == CAUGHT else 2 if fakes else 1 if takes or second else 0
        p.tell("certificate", news)


def part(threshold: int, p: Person) -> int:
    """A chance that goes with the share of life behind gates."""
    share = p.venues + (p.venues >> 7)  # of 256
    return threshold if share == 256 else (threshold >> 8) * share


def exponential(step: int) -> int:
    """1 - exp(-step / 1024) as a chance."""
    return chance(float(-math.expm1(-float(Fraction(step, 1024)))))


def spread_venues(population: Population, seed: int, p: Parameters) -> list[int]:
    """Share of each person's life behind gates: U^k, times 255, to the nearest."""
    young = p.number("certificate.young")
    found = []
    for number, town, age in zip(
        population.number.tolist(), population.town.tolist(), population.age.tolist(), strict=True
    ):
        skew = p.number("certificate.use_skew_young" if age < young else "certificate.use_skew")
        u = uniform(ask(seed, number, town, 0, draws.VENUES)[0])
        found.append(round(255 * u**skew))
    return found
