"""The naive reading of a rule book: what it says on which day about which deed, list and service."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from glasshouse.evidence import DeedFact, Parameters, ServiceFact, channels
from glasshouse.evidence.registers import registers
from glasshouse.regimes.schema import Consequence, Deed, List, RuleBook
from naive_draws import chance
from naive_remedies_law import Remedies, Staff

if TYPE_CHECKING:
    from naive_certificate import Clinic

NEIGHBOURS = -1


@dataclass
class Act:
    """A deed as a person meets it under one rule book."""

    row: int
    id: str
    kind: str
    exposure: str
    fined: bool
    punished: int
    points: int
    lawful: bool
    camera: bool
    face: int  # its number among the face deeds, 1 to 3; 0 for none
    venue: str = "alone"
    tells: list[tuple[int, int | None, bool]] = field(default_factory=list)  # chance, register, whether the patrol


@dataclass
class Register:
    """One list."""

    deeds: set[str]
    tier: int | None
    days: int
    term: int | None
    exits: int
    everywhere: bool
    black: bool
    shame: int
    shame_days: int
    begins: dt.date
    ends: dt.date
    denies: list[int]
    prices: list[int | None]
    repair_after: int
    classes: list[int | None]
    terms: list[int]


@dataclass
class Day:
    """What is in force on a date."""

    date: dt.date
    number: int
    first: bool
    districts: int
    filming: int
    aware: int
    campaign: int
    true_risk: int
    true_watch: int
    joined: set[int]  # registers that feed the ledger
    lists: list[bool]  # in force
    ending: list[bool]  # in force until yesterday
    withdrawn: bool  # fewer districts than yesterday are under the regime
    open: list[bool]
    openings: list[int]


class Rules:
    """One rule book, read plainly.

    Args:
        book: the rule book.
        facts: the deeds of the run in the order in which they are known.
        services: the services of the run.
        factors: how often faces of each group are confused.
        adults: adults of each group in the run.
        p: the registry.
    """

    def __init__(
        self,
        book: RuleBook,
        facts: list[DeedFact],
        services: tuple[ServiceFact, ...],
        factors: tuple[float, ...],
        adults: list[int],
        p: Parameters,
    ) -> None:
        self.book, self.services, self.p = book, services, p
        self.slots = deal(facts)
        self.bands = [running_chances(slot) for slot in self.slots]
        self.acts = self._acts([fact for slot in self.slots for fact in slot])
        self.faces = [act for act in self.acts if act.face]
        score = book.score
        self.scored = score is not None
        self.share = chance(book.share.value)
        self.start = hundredths(score.start.value) if score else 0
        self.lowest = hundredths(score.lowest.value) if score else 0
        self.highest = hundredths(score.highest.value) if score else 0
        self.forgiveness = hundredths(score.forgiveness.value) if score else 0
        self.bounds = [hundredths(tier.from_.value) for tier in book.tiers if tier.from_ is not None]
        self.ordinary = [hundredths(float(service.price)) for service in services]
        names = [tier.name for tier in book.tiers]
        self.tier_denies = [self._denies(name) for name in names]
        self.tier_prices = [
            [usual if own is None else own for own, usual in zip(self._prices(name), self.ordinary, strict=True)]
            for name in names
        ]
        self.tier_classes = [[4 if own is None else own for own in self._classes(name)] for name in names]
        self.tier_terms = [hardships(book, name) for name in names]
        self.grades = self._grades()
        self.lists = [self._register(name, names) for name in book.lists]
        self._read_cameras(factors, adults)
        self.remedies = Remedies(book, p)
        self.clinic: Clinic | None = None
        self.censored = q16(book.speech.censored.value) if book.speech else 0
        self.propaganda = q30(book.speech.propaganda.value) if book.speech else 0
        self.claims = self._claims()
        passed_on = float(book.channels.get("neighbour", channels()["neighbour"]))
        self.truthful = chance((1 - p.number("informing.false_share")) * passed_on)
        self.reports = [a for a in self.acts if a.points < 0 and NEIGHBOURS in [number for _, number, _ in a.tells]]
        self.glare = [0]  # the host's table of what being filmed can cost, by score

    def grade(self, tier: int) -> int:
        """How harsh a tier is; nothing follows from not being scored."""
        return self.grades[tier] if tier < len(self.grades) else 0

    def _acts(self, ordered: list[DeedFact]) -> list[Act]:
        sees = {name: float(seen) for name, seen in channels().items()}
        sees.update({name: float(seen) for name, seen in self.book.channels.items()})
        acts, faces = [], 0
        for row, fact in enumerate(ordered):
            given = self.book.deeds.get(fact.id, Deed())
            lawful = fact.lawful if given.lawful is None else given.lawful
            points, seen_by, face = given.points.value, list(given.seen_by), given.face
            if self.book.safeguards.spare_lawful_acts and lawful and points <= 0:
                points, seen_by, face = 0.0, [], False
            act = Act(row, fact.id, fact.kind, fact.exposure, float(fact.ordinary_fine) > 0,
                      chance(float(fact.ordinary_detection)), hundredths(points), lawful,
                      "camera" in seen_by, 0, fact.venue or "alone")  # fmt: skip
            if face and act.camera:
                faces += 1
                act.face = faces
            for channel in seen_by:
                if channel != "camera":
                    act.tells.append((chance(sees[channel]), self._register_of(channel), channel == "patrol"))
            acts.append(act)
        return acts

    def _register_of(self, channel: str) -> int | None:
        if channel == "neighbour":
            return NEIGHBOURS
        owners = [n for n, r in enumerate(registers()) if channel in r.channels and self.book.registers is not None]
        return owners[0] if owners else None

    def lag_of(self, act: Act) -> int:
        """Days until the slowest register that may tell of a deed knows."""
        own = [number for _, number, _ in act.tells if number is not None and number != NEIGHBOURS]
        return max((int(float(registers()[number].lag)) for number in own), default=0)

    def _claims(self) -> list[tuple[Act, int, int]]:
        """What false records claim: deed, register, chance a month."""
        found = []
        touch = self.p.number("registers.error_factor") * self.p.number("registers.error_touch")
        for n, register in enumerate(registers()):
            own = [act for act in self.acts if act.points < 0 and n in [number for _, number, _ in act.tells]]
            found += [(act, n, chance(float(register.errors) * touch / 12 / len(own))) for act in own]
        return found

    def _denies(self, name: str) -> list[int]:
        given = self._follows(name)
        return [
            0 if self._free(service) or service.id not in given.denies else chance(given.denies[service.id].value)
            for service in self.services
        ]

    def _prices(self, name: str) -> list[int | None]:
        given = self._follows(name)
        return [
            None
            if self._free(service) or service.id not in given.prices
            else hundredths(float(service.price) * given.prices[service.id].value)
            for service in self.services
        ]

    def _follows(self, name: str) -> Consequence:
        """What follows from a tier or list; unbundled, a list acts in its own domain alone and a tier nowhere."""
        given = self.book.consequences.get(name, Consequence())
        if not self.book.safeguards.unbundled:
            return given
        own = set(self.book.lists[name].services) if name in self.book.lists else set()
        return Consequence(
            denies={service: share for service, share in given.denies.items() if service in own},
            prices={service: factor for service, factor in given.prices.items() if service in own},
            priority={service: place for service, place in given.priority.items() if service in own},
        )

    def _classes(self, name: str) -> list[int | None]:
        given = self._follows(name).priority
        return [
            None if self._free(service) or service.id not in given else int(given[service.id].value)
            for service in self.services
        ]

    def _free(self, service: ServiceFact) -> bool:
        return service.essential and self.book.safeguards.score_free_essentials

    def harsh_tier(self, tier: int) -> bool:
        """Whether a tier refuses, overcharges, or makes work or money harder."""
        dearer = (own > usual for own, usual in zip(self.tier_prices[tier], self.ordinary, strict=True))
        behind = max(self.tier_classes[tier]) > 4
        return any(self.tier_denies[tier]) or any(dearer) or behind or any(self.tier_terms[tier])

    def _grades(self) -> list[int]:
        """How harsh each tier is: harsh tiers down to this one, those from which the same follows counted once."""
        grades, worst, above = [], 0, None
        for tier, follows in enumerate(
            zip(self.tier_denies, self.tier_prices, self.tier_classes, self.tier_terms, strict=True)
        ):
            harsh = self.harsh_tier(tier)
            worst += harsh and follows != above
            grades.append(worst if harsh else 0)
            above = follows
        return grades

    def _register(self, name: str, tiers: list[str]) -> Register:
        given = self.book.lists[name]
        deeds = {
            act.id
            for act in self.acts
            if act.id in given.entry.deeds and not (self.book.safeguards.spare_lawful_acts and act.lawful)
        }
        hazard = given.exit_per_year.value if given.exit_per_year else 0.0
        sunset = self.book.safeguards.sunset or dt.date.max
        return Register(
            deeds=deeds,
            tier=None if given.entry.tier is None else tiers.index(given.entry.tier),
            days=int(given.entry.days.value),
            term=self._term(given),
            exits=chance(1 - math.exp(-hazard / 12)),
            everywhere=given.everywhere,
            black=given.colour == "black",
            shame=chance(given.shaming.chance.value) if given.shaming else 0,
            shame_days=int(given.shaming.days.value) if given.shaming else 0,
            begins=given.begins or dt.date.min,
            ends=min(given.ends or dt.date.max, sunset),
            denies=self._denies(name),
            prices=self._prices(name),
            repair_after=int(given.repair_after.value),
            classes=self._classes(name),
            terms=hardships(self.book, name),
        )

    def _term(self, given: List) -> int | None:
        """Days of a listing; a list without a term that must know its age gets 30,000."""
        if given.term is not None:
            return round(given.term.value)
        return 30_000 if given.repair_after.value or self.book.safeguards.delay.value else None

    def _read_cameras(self, factors: tuple[float, ...], adults: list[int]) -> None:
        number, cameras = self.p.number, self.book.cameras
        self.record, self.named, self.wrong = 0, [0] * len(factors), [0] * len(factors)
        self.adults, self.alert = adults, [0] * len(factors)
        self.staff = Staff(self.book, self.p)
        self.confusion = [[0] * len(factors) for _ in factors]
        if cameras is None:
            return
        reference = number("faces.reference_threshold")
        spread = number("faces.genuine_sd")
        mean = reference - spread * NormalDist().inv_cdf(1 - number("faces.tpir"))
        self.record = chance(cameras.review_true.value)
        for group, factor in enumerate(factors):
            threshold = cameras.threshold.value
            if self.book.safeguards.group_parity:
                threshold += number("faces.fmr_scale") * math.log(factor / min(factors))
            above = threshold - reference
            found = 1 - NormalDist(mean, spread).cdf(threshold)
            self.named[group] = chance(found * cameras.review_true.value)
            pair = min(1.0, number("faces.fmr") * math.exp(-above / number("faces.fmr_scale"))) * factor
            alarm = 1.0 if pair >= 1 else -math.expm1(cameras.gallery.value * math.log1p(-pair))
            self.wrong[group] = chance(alarm * self.staff.top)
            self.alert[group] = chance(1 - (1 - found) * (1 - alarm))
        same, everybody = number("faces.same_group"), sum(adults)
        for filmed, row in enumerate(self.confusion):
            for taken in range(len(factors)):
                share = same * (filmed == taken) + (1 - same) * (adults[taken] / everybody)
                row[taken] = int(self.wrong[filmed] * share)

    def day(self, date: dt.date, number: int, first: bool, districts: int) -> Day:
        """What is in force on a date, `districts` being those of the whole run."""
        eve = date - dt.timedelta(days=1)
        taken = self._adopted(date, districts)
        coverage = self._last_word(date, "coverage") if self.book.cameras else 0.0
        campaign = sum(
            phase.campaign.value
            for phase in self.book.timeline
            if phase.date == date and phase.campaign and not self._over(date)
        )
        ordinary = self.p.number("deterrence.pi0")
        named = [n / 2**32 for n in self.named]
        apart = sum((n - named[0]) * a for n, a in zip(named, self.adults, strict=True)) / sum(self.adults)
        seen = 1 - (1 - ordinary) * (1 - coverage * (named[0] + apart))
        heard = max(self.p.number("perception.surveillance_reference"),
                    self.book.speech.surveillance.value if self.book.speech else 0.0)  # fmt: skip
        return Day(
            date=date,
            number=number,
            first=first,
            districts=taken,
            filming=chance(coverage),
            aware=chance(self._last_word(date, "awareness")),
            campaign=q30(campaign),
            true_risk=q30(seen),
            true_watch=q30(heard),
            joined=self._joined(date),
            lists=[entry.begins <= date < entry.ends for entry in self.lists],
            ending=[entry.begins <= eve < entry.ends <= date for entry in self.lists],
            withdrawn=taken < self._adopted(eve, districts),
            open=[is_open(s.season, date) for s in self.services],
            openings=[opening(s.season, date) for s in self.services],
        )

    def _joined(self, date: dt.date) -> set[int]:
        """Registers that feed the ledger: those named from their date on, those left out always."""
        named = self.book.registers
        if named is None:
            return set()
        late = {name for name, when in named.items() if when.never or (when.date and when.date > date)}
        return {n for n, register in enumerate(registers()) if register.id not in late}

    def _over(self, date: dt.date) -> bool:
        """Whether the sunset has come."""
        sunset = self.book.safeguards.sunset
        return sunset is not None and date >= sunset

    def _last_word(self, date: dt.date, name: str) -> float:
        """What the timeline said last of districts, coverage or awareness."""
        said = [getattr(phase, name) for phase in self.book.timeline if phase.date <= date and not self._over(date)]
        return next((word.value for word in reversed(said) if word is not None), 0.0)

    def _adopted(self, date: dt.date, districts: int) -> int:
        """How many districts are under the regime: at least one where a share above 0 is."""
        share = self._last_word(date, "districts")
        return max(1, round(share * districts)) if share > 0 else 0


ORDINARY = {"promotion": 1, "job": 1, "tax": 1, "loan": 0}
"Terms of work and money under ordinary law."


def hardships(book: RuleBook, name: str) -> list[int]:
    """How much worse than ordinary law a tier's or list's terms of work and money are, 0 where they are not."""
    given = Consequence() if book.safeguards.unbundled else book.consequences.get(name, Consequence())
    found = []
    for term, ordinary in ORDINARY.items():
        value = getattr(given, term)
        worse = 0 if value is None else q16(value.value) - q16(ordinary)
        found.append(max(-worse if term == "promotion" else worse, 0))
    return found


def deal(facts: list[DeedFact]) -> list[list[DeedFact]]:
    """Each deed goes to the first of two slots that has room for its occasions."""
    slots: list[list[DeedFact]] = [[], []]
    room = [1.0, 1.0]
    for fact in facts:
        slot = 0 if float(fact.occasions) <= room[0] else 1
        assert float(fact.occasions) <= room[slot]
        slots[slot].append(fact)
        room[slot] -= float(fact.occasions)
    return slots


def running_chances(slot: list[DeedFact]) -> list[int]:
    """Chance of an occasion of the first deed, of the first two, and so on."""
    total, bands = 0.0, []
    for fact in slot:
        total += float(fact.occasions)
        bands.append(chance(total))
    return bands


def is_open(season: str | None, date: dt.date) -> bool:
    """Whether a service is open: always, on a day of every month, on a day of the year, or between two."""
    if season is None:
        return True
    if len(season) == 2:
        return date.strftime("%d") == season
    return season[:5] <= date.strftime("%m-%d") <= season[-5:]


def openings_a_year(season: str | None) -> int:
    """How often it opens in a year of 365 days."""
    days = (dt.date(2019, 1, 1) + dt.timedelta(days=n) for n in range(365))
    return sum(is_open(season, day) for day in days)


def opening(season: str | None, date: dt.date) -> int:
    """A number of the opening; from one to the next it grows by one."""
    if season is None:
        return date.toordinal()
    if len(season) == 2:
        return 12 * date.year + date.month
    first = dt.date(date.year, int(season[:2]), int(season[3:5]))
    return date.year * openings_a_year(season) + (date - first).days


def hundredths(value: float) -> int:
    """Points or money in hundredths."""
    return round(100 * value)


def q16(value: float) -> int:
    """A number times 2^16."""
    return round(value * 2**16)


def q30(value: float) -> int:
    """A number times 2^30."""
    return round(value * 2**30)


def plain(table: Any) -> list[Any]:
    """A host table as plain Python lists and ints."""
    whole: list[Any] = table.tolist()
    return whole
