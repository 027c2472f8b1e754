"""The naive month's end: wages, taxes, bills and the town's account, then promotion, work lost and work found."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cached_property

from glasshouse.evidence import Parameters
from glasshouse.population import Population
from glasshouse.regimes.schema import Consequence
from glasshouse.words import FATE_MARK
from naive_draws import CAREER, CERTAIN, LOAN, ask, chance, happens
from naive_people import Person
from naive_rules import ORDINARY, Day, Rules, q16

OUTSIDE, EMPLOYED, UNEMPLOYED = range(3)
LOST, FOUND, PROMOTED = 1, 2, 3
MOST = 2**31 - 1
HOMES = ("income", "bills", "living")
LINES = ("taxes", "relief", "interest", "premiums", "benefits", "written_off", "spending", "running")


class Means:
    """The registry's numbers of careers and money."""

    def __init__(self, p: Parameters) -> None:
        n = p.number
        self.promotion = [
            chance(min(n("careers.promotion") * math.exp(n("careers.skill") * (k - 2)), 1)) for k in range(4)
        ]
        self.loss = [chance(n(f"careers.loss_{place}")) for place in ("countryside", "town")]
        self.found, self.shown = chance(n("careers.found")), chance(n("careers.shown_loss"))
        self.isolation = q16(n("careers.isolation"))
        rungs = round(n("careers.rungs"))
        self.ladder = [round(min((1 + n("careers.raise")) ** k, MOST >> 16) * 2**16) for k in range(rungs)]
        self.allowance, self.rate = round(n("budgets.allowance")), q16(n("budgets.tax_rate"))
        self.benefit, self.needs = q16(n("budgets.benefit")), round(n("budgets.subsistence"))
        self.propensity, self.limit = q16(n("budgets.propensity")), -round(n("budgets.debt_limit"))
        self.loan, self.savings = round(n("budgets.loan")), round(12 * n("budgets.savings"))
        self.affordable = q16(n("access.affordable_share"))

    def earned(self, p: Person) -> int:
        """A month's earnings before tax."""
        wage = (p.wage * self.ladder[p.rung] + 2**15) >> 16
        return {OUTSIDE: p.wage, EMPLOYED: wage, UNEMPLOYED: wage * self.benefit >> 16}[p.job]

    def tax(self, p: Person) -> int:
        """Its tax under ordinary law: wages only."""
        return max(self.earned(p) - self.allowance, 0) * self.rate >> 16 if p.job == EMPLOYED else 0

    def purse(self, income: int) -> int:
        """The most that one necessity may cost."""
        return min(max(income, 0) * 100 * self.affordable >> 16, MOST)


def begin(people: list[Person], population: Population, seed: int, p: Parameters) -> None:
    """Livelihoods on the first morning."""
    n, means = p.number, Means(p)
    for i, person in enumerate(people):
        role, monthly = int(population.role[i]), int(population.earnings[i]) / 12
        person.job = {2: EMPLOYED, 3: EMPLOYED, 4: UNEMPLOYED}.get(role, OUTSIDE)
        if person.job == UNEMPLOYED and n("budgets.benefit"):
            monthly /= n("budgets.benefit")
        if person.job != OUTSIDE and monthly > n("budgets.allowance"):
            monthly = (monthly - n("budgets.tax_rate") * n("budgets.allowance")) / (1 - n("budgets.tax_rate"))
        person.wage = round(min(monthly, MOST))
        person.schooling = None if role == 3 else int(population.education[i])
        person.urban = bool(population.urban[i])
        word = ask(seed, person.number, person.town, 0, LOAN)[0]
        person.borrower = person.adult and happens(word, chance(n("budgets.borrowers")))
        person.household = int(population.household[i])
    for home in households(people):
        income = sum(means.earned(q) - means.tax(q) for q in home)
        for q in home:
            q.wealth, q.purse = min(max(income * means.savings, 0), MOST), means.purse(income)
            q.first_purse = q.purse


def households(people: list[Person]) -> list[list[Person]]:
    """Who lives together."""
    homes: dict[int, list[Person]] = defaultdict(list)
    for p in people:
        homes[p.household].append(p)
    return list(homes.values())


class Livelihood:
    """A village's month's end.

    Attributes:
        account: town -> balance in hundredths. each: town -> what an adult got last. lines: (town, line) -> last month.
    """

    people: list[Person]
    rules: Rules
    seed: int
    account: dict[int, int]
    each: dict[int, int]
    lines: dict[tuple[int, str], int]
    spending: dict[int, int]
    closed: set[tuple[int, int]]  # firms that closed this month

    def on(self, p: Person, today: Day, n: int) -> bool:
        """Whether the person is on a list tonight."""
        raise NotImplementedError

    @cached_property
    def means(self) -> Means:
        """The registry's numbers."""
        return Means(self.rules.p)

    def open_accounts(self) -> None:
        """Accounts on the first morning: even, with spending such that they stay so."""
        towns = {p.town for p in self.people}
        self.account, self.each = dict.fromkeys(towns, 0), dict.fromkeys(towns, 0)
        self.lines = {(town, line): 0 for town in towns for line in LINES + HOMES}
        self.spending = dict.fromkeys(towns, 0)
        for p in self.people:
            benefit = self.means.earned(p) if p.job == UNEMPLOYED else 0
            self.spending[p.town] += self.means.tax(p) - benefit

    def term(self, p: Person, today: Day, name: str) -> int:
        """A term of work or money: the worst of tier and blacklists, then the best of that and red lists."""
        book, tiers = self.rules.book, self.rules.book.tiers

        def said(holder: str) -> int | None:
            given = Consequence() if book.safeguards.unbundled else book.consequences.get(holder, Consequence())
            value = getattr(given, name)
            return None if value is None else q16(value.value)

        value = q16(ORDINARY[name])
        if p.tier[0] < len(tiers) and (own := said(tiers[p.tier[0]].name)) is not None:
            value = own
        worse, better = (min, max) if name == "promotion" else (max, min)
        for change, black in ((worse, True), (better, False)):
            for n, holder in enumerate(book.lists):
                own = said(holder)
                if own is not None and self.rules.lists[n].black == black and self.on(p, today, n):
                    value = change(value, own)
        return value

    def pay(self, today: Day) -> None:
        """Everybody's month, household after household; then the town's account."""
        m, towns = self.means, sorted(self.account)
        month: dict[tuple[int, str], int] = dict.fromkeys(self.lines, 0)
        adults = {town: sum(p.adult for p in self.people if p.town == town) for town in towns}
        self.each = {town: self.account[town] // (100 * max(adults[town], 1)) for town in towns}
        for home in households(self.people):
            town, income = home[0].town, 0
            for p in home:
                earned, tax = m.earned(p), m.tax(p)
                relief = tax * (2**16 - self.term(p, today, "tax")) >> 16
                owed = p.wage * m.loan if p.borrower else 0
                interest = owed * self.term(p, today, "loan") // (12 * 2**16)
                income += earned - tax + relief - interest + (self.each[town] if p.adult else 0)
                month[town, "taxes"] += tax
                month[town, "relief"] += relief
                month[town, "interest"] += interest
                month[town, "benefits"] += earned if p.job == UNEMPLOYED else 0
                for n, usual in enumerate(self.rules.ordinary):
                    limited = self.rules.services[n].load is not None
                    month[town, "premiums"] -= (
                        p.paid[n] if limited else (p.asked[n] - p.refused[n] - p.short[n]) * usual
                    )
            bills = (sum(sum(p.paid) for p in home) + 50) // 100
            month[town, "premiums"] += 100 * bills
            needs = len(home) * m.needs
            wanted = needs + (max(income - bills - needs, 0) * m.propensity >> 16)
            before = home[0].wealth + income - bills
            lived_on = min(max(wanted, 0), max(before - m.limit, 0))
            before -= lived_on
            for line, amount in zip(HOMES, (income, bills, lived_on), strict=True):
                month[town, line] += amount
            after = min(max(before, m.limit), MOST)
            month[town, "written_off"] += after - before
            for p in home:
                p.wealth, p.purse = after, m.purse(income)
        for town in towns:
            month[town, "spending"] = self.spending[town]
            month[town, "running"] = self.running(town, today) // 100
            whole = sum(
                month[town, line] * (1 if line in ("taxes", "interest") else -1) for line in LINES if line != "premiums"
            )
            self.account[town] += 100 * (whole - self.each[town] * adults[town]) + month[town, "premiums"]
        self.lines = month

    def running(self, town: int, today: Day) -> int:
        """Cameras and offices of a town this month, hundredths; rounded down cell by cell."""
        costs, n = self.rules.book.costs, self.rules.p.number
        cameras = n("treasury.camera_cost") if costs.cameras is None else costs.cameras.value
        office = n("treasury.office_cost") if costs.office is None else costs.office.value
        total = 0
        for cell in {p.cell for p in self.people if p.town == town}:
            there = sum(p.subject for p in self.people if p.cell == cell)
            filmed = round(100 * cameras) * (today.filming >> 16) >> 16
            total += there * (filmed + (round(100 * office) if self.rules.scored else 0)) // 12
        return total

    def eased(self, p: Person, work: int) -> int:
        """How much easier it is to find work: harder for the isolated, and by the regime's factor."""
        return (2**16 - (self.means.isolation * p.isolation >> 16) << 16) // max(work, 1)

    def move(self, p: Person, today: Day) -> None:
        """A step of a career."""
        m = self.means
        promoted, lost, found = ask(self.seed, p.number, p.town, today.number, CAREER)[:3]
        work = self.term(p, today, "job")
        if p.job == EMPLOYED:
            chance_lost = min(scaled(m.loss[p.urban], work) + (m.shown if p.shown_until > today.number else 0), CERTAIN)
            rise = 0 if p.schooling is None else scaled(m.promotion[p.schooling], self.term(p, today, "promotion"))
            if p.employer in self.closed or happens(lost, chance_lost):
                p.job = UNEMPLOYED
                p.fates |= LOST << FATE_MARK["job"].shift
            elif happens(promoted, rise) and p.rung < len(m.ladder) - 1:
                p.rung += 1
                p.fates |= PROMOTED << FATE_MARK["job"].shift
        elif p.job == UNEMPLOYED and happens(found, scaled(m.found, min(self.eased(p, work), MOST))):
            p.job = EMPLOYED
            p.fates |= FOUND << FATE_MARK["job"].shift


def scaled(threshold: int, factor: int) -> int:
    """A chance times a factor in Q16."""
    return min(threshold * factor >> 16, CERTAIN)
