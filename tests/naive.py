"""The naive twin: a day of a life in plain Python, person after person, in whole numbers.

Slow and obvious on purpose. It follows the laws as the docstrings of `glasshouse.mechanisms` and `glasshouse.engine`
state them and shares no code with the engine, only data: rule books, the registry, the invented people, the stake
table, the logistic table and the layout of the marks.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections import Counter

import naive_draws as draws
from glasshouse.regimes.society import Society
from glasshouse.regimes.tables import StakeLaw
from naive_draws import ask, both, happens
from naive_evening import Evening
from naive_firms import Firm, Firmament, FirmNumbers, FirmRules
from naive_livelihood import Livelihood
from naive_people import CLEAN, COUNTS, HONEST, REAL, Hearsay, Numbers, Person
from naive_queues import Lines
from naive_remedies import Office
from naive_rules import Act, Day, Register, Rules, plain
from naive_sources import WRONG_FACE, Record
from naive_views import ViewNumbers

FOREVER = 65535


class Village(Evening, Lines, Livelihood, Firmament, Office):
    """All people of a run, under one rule book, day after day.

    Args:
        people: everybody.
        rules: the rule book, read plainly.
        stake: the table of what is at stake, from the host.
        society: for the logistic table and the deeds' logits.
        numbers, views: the registry.
        seed: of the run.
        tiers: number of the tier in which nobody is scored.
        districts: of the whole run.
    """

    def __init__(
        self, people: list[Person], rules: Rules, stake: StakeLaw, society: Society, numbers: Numbers,
        views: ViewNumbers, seed: int, tiers: int, districts: int,
    ) -> None:  # fmt: skip
        self.people, self.rules, self.numbers, self.seed = people, rules, numbers, seed
        self.views = views
        self.unscored, self.districts = tiers, districts
        self.origin, self.shift = int(stake.origin), int(stake.shift)
        self.stakes: list[list[list[int]]] = plain(stake.stakes)
        self.fear = plain(stake.fear)
        self.logistic: list[int] = [pair % 2**32 for pair in plain(society.tables.sigmoid)] + [draws.CERTAIN]
        self.logit = [signed(row % 2**32) for row in plain(society.tables.row)]
        self.adults = Hearsay.of([p for p in people if p.adult])
        self.residents = Counter(p.town for p in people)
        self.grown = self.adults.buildings
        self.searched: Counter[tuple[int, int, int]] = Counter()  # yesterday: (cell, face deed, group)
        self.ever: Counter[str] = Counter()  # what everybody counted in all months so far
        self.firms: list[Firm] = []
        self.firm_rules = FirmRules(rules.book, rules.p)
        self.firm_numbers = FirmNumbers(rules.p, [], [])
        self.town_of_cell = {p.cell: p.town for p in people}
        self.open_accounts()

    def branch(self, rules: Rules, stake: StakeLaw, society: Society) -> Village:
        """The same morning under another rule book: its start score, and counts from zero."""
        people, firms = copy.deepcopy((self.people, self.firms))
        other = Village(people, rules, stake, society, self.numbers, self.views, self.seed,
                        self.unscored, self.districts)  # fmt: skip
        other.searched = Counter(self.searched)
        other.account, other.each, other.lines = dict(self.account), dict(self.each), dict(self.lines)
        other.spending = self.spending
        other.firms, other.firm_numbers = firms, self.firm_numbers
        for firm in firms:
            firm.score = [other.firm_rules.start] * 3
        for p in other.people:
            p.score = [rules.start] * 3
            p.liable = p.adult and happens(p.lot, rules.share)
        return other

    def new_month(self) -> None:
        """What people count, they count by the month."""
        for p in self.people:
            services = len(p.asked)
            self.ever.update(p.days)
            self.ever.update(p.health)
            p.health = Counter()
            self.ever.update({f"asked {n}": times for n, times in enumerate(p.asked)})
            p.days = dict.fromkeys(COUNTS, 0)
            p.asked, p.refused, p.short, p.paid = ([0] * services for _ in range(4))

    def live(self, date: dt.date, number: int, first: bool) -> None:
        """One day of everybody."""
        today = self.rules.day(date, number, first, self.districts)
        voices = Hearsay.of([p for p in self.people if p.voice])
        sanctioned = Hearsay.of([p for p in self.people if p.sanctioned])
        probes: Counter[tuple[int, int, int]] = Counter()
        for (cell, face, group), times in self.searched.items():
            probes[self.town_of_cell[cell], face, group] += times
        self.searched = Counter()
        gallery: Counter[tuple[int, int]] = Counter()  # how much the faces of those who can be named look like others
        for p in self.people:
            p.informed, p.informs = p.informs, False
            p.spoke, p.deeds, p.notices, p.fates = p.voice, 0, 0, 0
            p.subject = p.liable and p.turn < today.districts
            p.aware = p.subject and happens(p.aware_word, today.aware)
            p.shut, p.by_code = self.rules.clinic.door(p, date, number) if self.rules.clinic else (False, False)
            if p.subject:
                gallery[p.town, p.group] += p.lookalike
        heard = self.hear(today)
        told: dict[tuple[int, int], tuple[list[Act | None], list[int], Act | None]] = {}
        self.informers = Counter(p.building for p in self.people if p.informed)
        for n, p in enumerate(self.people):
            if today.withdrawn and not p.subject:
                p.tier, p.announced = [self.unscored] * 3, [self.unscored] * 3
            self.fall_due(p, today)
            if today.first:
                self.publish(p, today)
                self.join_firm(p, number, self.rules.lists, today.lists)
            error = None
            if today.first and self.rules.book.registers is not None:
                error = self.match(p, today)
                late = self.arrivals(p, today)
                self.enter(p, late, None, 0)
                self.list_up(p, today, late, None, False)
            acts = self.act(p, today)
            p.did = {act.id for act in acts if act is not None}
            seen = [self.see(p, today, slot, act, voices) for slot, act in enumerate(acts)]
            fakes = [self.pretend(p, today, slot, act) for slot, act in enumerate(acts)]
            wrong = self.mistake(p, today, probes, gallery, error)
            p.informs = any(act is not None and act.id == "informing" and act.points > 0 for act in acts)
            records = self.file(p, today, acts, seen, fakes)
            self.enter(p, records, wrong, self.rules.forgiveness)
            self.list_up(p, today, records, wrong, True)
            self.display(p, today)
            self.redress(p, today, wrong, n in heard)
            for service in range(len(self.rules.services)):
                self.request(p, today, service)
            told[p.number, p.town] = acts, seen, wrong
        self.give(today)
        for p in self.people:
            acts, seen, wrong = told[p.number, p.town]
            before = p.sanctioned
            self.meet(p, today)
            self.speak(p, today, voices)
            self.learn(p, today, acts, seen, wrong, sanctioned, before)
            self.count(p, today)
        if self.rules.clinic:
            self.rules.clinic.live(self.people, date, number, self.seed, self.logistic)
        if (date + dt.timedelta(days=1)).day == 1:
            self.close_month(date, today)

    def close_month(self, date: dt.date, today: Day) -> None:
        """The evening of a month's last day."""
        self.close_firms(date, today.number, today.districts, self.rules.lists, today.lists)
        self.pay(today)
        for p in self.people:
            self.move(p, today)
        self.lose_and_find_friends(today)
        self.close_views(today)
        for p in self.people:
            self.avoid(p, today, self.bin(p))

    # Morning.

    def publish(self, p: Person, today: Day) -> None:
        """On the first of the month: the tier, exits from lists, and entries for a long stay in a tier."""
        now = today.number
        for book in (REAL, HONEST, CLEAN):
            tier = self.unscored
            if p.subject and self.rules.scored:
                tier = sum(p.score[book] < bound for bound in self.rules.bounds)
            if tier != p.announced[book]:
                p.announced[book], p.since[book] = tier, now
        self.fall_due(p, today)
        for n, entry in enumerate(self.rules.lists):
            word = ask(self.seed, p.number, p.town, now, draws.LEAVE, n // 4)[n % 4]
            for book in (REAL, HONEST, CLEAN):
                if (
                    p.until[n][book] > now
                    and self.may_leave(p.until[n][book], now, entry)
                    and happens(word, entry.exits)
                ):
                    p.until[n][book] = now
                    if book == REAL:
                        p.tell("unlisted", 1, n)
                ripe = p.tier[book] == entry.tier and now - p.since[book] >= entry.days
                if ripe and p.subject and today.lists[n]:
                    if book == REAL and p.until[n][book] <= now:
                        p.tell("listed", 1, n)
                    p.until[n][book] = prolonged(p.until[n][book], now, entry, self.rules.remedies.delay)

    def may_leave(self, until: int, now: int, entry: Register) -> bool:
        """Whether the listing has bound long enough to be left by repair."""
        if not entry.repair_after:
            return True
        assert entry.term is not None
        return now >= until - entry.term + entry.repair_after

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
        if act.kind == "speech" and not p.ready >> ("alone", "office", "street").index(act.venue) & 1:
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
        if act.kind == "answer" and not (p.aware and act.points > 0):
            return 0
        if act.kind == "answer":
            logit += reward << 4
        if act.kind == "good":
            wish = n.prosocial * p.prosocial // 255
            # Somebody who knows that a deed earns points wishes less for its own sake.
            if p.aware and act.points > 0:
                wish -= wish * (n.crowding >> 4) >> 12
            logit += wish - n.prosocial // 2 + (reward << 4)
        return self.reach(p, act, self.sigmoid(logit))

    def reach(self, p: Person, act: Act, threshold: int) -> int:
        """A chance scaled by how far the deed's occasions reach into this life."""
        if act.exposure == "drivers":
            return threshold if p.driver else 0
        share = p.digital + (p.digital >> 7)  # of 256: 0 is never online, 255 always
        if act.exposure == "digital" and share < 256:
            return (threshold >> 8) * share
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

    # Who sees it.

    def see(self, p: Person, today: Day, slot: int, act: Act | None, voices: Hearsay) -> int:
        """How the deed was seen: 0 not, 1 by a camera, 2 and more by another channel."""
        if act is None:
            return 0
        name = "ab"[slot]
        sight = ask(self.seed, p.number, p.town, today.number, draws.SIGHTING)
        seen = 0
        for place, told in reversed(list(enumerate(self.told(p, today, act, voices)))):
            if happens(sight[2 + slot], told) and (p.subject or (p.liable and self.asked_for(act, today))):
                seen = 2 + place
        filming = self.filming(p, today)
        if act.camera and p.subject and happens(sight[slot], filming):
            if act.face:
                p.tell(f"filmed_{name}", 1)
                self.searched[p.cell, act.face, p.group] += 1
            if happens(sight[slot], both(filming, self.rules.named[p.group] if act.face else self.rules.record)):
                seen = 1
        p.tell(f"seen_{name}", seen)
        if self.fined(p, today, slot, act):
            p.tell(f"fined_{name}", 1)
        return seen

    def asked_for(self, act: Act, today: Day) -> bool:
        """Whether a nation-wide list in force asks for the deed."""
        return any(
            entry.everywhere and act.id in entry.deeds and today.lists[n] for n, entry in enumerate(self.rules.lists)
        )

    def mistake(
        self, p: Person, today: Day, probes: Counter[tuple[int, int, int]], gallery: Counter[tuple[int, int]],
        error: Act | None,
    ) -> Act | None:  # fmt: skip
        """The deed entered today against this person, who did not do it: a wrong face before all else."""
        face = self.taken_for(p, today, probes, gallery)
        wrong = (face, WRONG_FACE) if face else self.accuse(p, today, error)
        if wrong is None:
            return None
        p.tell("wrong_deed", wrong[0].row + 1)
        p.tell("wrong_cause", wrong[1])
        return wrong[0]

    def taken_for(
        self, p: Person, today: Day, probes: Counter[tuple[int, int, int]], gallery: Counter[tuple[int, int]]
    ) -> Act | None:
        """The face deed of somebody else who was filmed and taken for this person."""
        if not p.subject or not self.rules.faces or not probes:
            return None
        word = ask(self.seed, p.number, p.town, today.number, draws.MISTAKE)[0]
        searched = [sum(probes[p.town, act.face, g] for act in self.rules.faces) for g in range(len(self.rules.alert))]
        passed = self.rules.staff.passed(searched, self.rules.alert, self.residents[p.town])
        expected = 0
        for act in self.rules.faces:
            new = sum(probes[p.town, act.face, g] * row[p.group] for g, row in enumerate(self.rules.confusion))
            expected += new if passed == 2**16 else (new >> 8) * passed >> 8
            each = (expected << 8) // max(gallery[p.town, p.group], 1)
            if word < min(p.lookalike * each >> 8, 2**32 - 1):
                return act
        return None

    # What is entered.

    def enter(self, p: Person, records: list[Record], wrong: Act | None, forgiveness: int) -> None:
        """The three books, after what has arrived and again at the end of the day."""
        if not p.subject or not self.rules.scored:
            return
        r, posted = self.rules, [0, 0, 0]
        for act, fake in records:
            posted[REAL] += act.points
            if not fake:
                posted[HONEST] += act.points
                if not act.lawful or act.points > 0:
                    posted[CLEAN] += act.points
        if wrong is not None:
            posted[REAL] += wrong.points
        for book in (REAL, HONEST, CLEAN):
            score = min(max(p.score[book] + posted[book], r.lowest), r.highest)
            if score < r.start:
                score += min(forgiveness, r.start - score)
            p.score[book] = score

    def list_up(self, p: Person, today: Day, records: list[Record], wrong: Act | None, evening: bool) -> None:
        """Entries that put the person on lists, and terms that end."""
        now = today.number
        for n, entry in enumerate(self.rules.lists):
            until = p.until[n]
            within = today.lists[n] and p.liable and (entry.everywhere or p.subject)
            named = [record for record in records if record.act.id in entry.deeds and within]
            true = [record.act for record in named if not record.fake]
            clean = [act for act in true if not act.lawful]
            mistaken = wrong is not None and wrong.id in entry.deeds and within
            if today.ending[n] and evening:  # the list ends for everybody who is on it
                if until[REAL] > now:
                    p.tell("unlisted", 1, n)
                until[:] = [min(day, now) for day in until]
            if (named or mistaken) and until[REAL] <= now:
                p.tell("listed", 1, n)
            elif until[REAL] == now > 0 and evening:
                p.tell("unlisted", 1, n)
            for book, counts in ((REAL, named or mistaken), (HONEST, true), (CLEAN, clean)):
                if counts:
                    until[book] = prolonged(until[book], now, entry, self.rules.remedies.delay)

    def display(self, p: Person, today: Day) -> None:
        """Public display of the newly listed: each list by its own chance for its own days, all on one word."""
        if any(today.ending) and not any(today.lists):
            p.shown_until = 0
        word = ask(self.seed, p.number, p.town, today.number, draws.DISPLAY)[0]
        for n, entry in enumerate(self.rules.lists):
            if p.told("listed", n) and happens(word, entry.shame):
                p.shown_until = max(p.shown_until, today.number + entry.shame_days)
                p.tell("shamed", 1)


def prolonged(until: int, now: int, entry: Register, delay: int) -> int:
    """First day off the list after an entry today; who is on it already gets no further delay."""
    if until > now:
        delay = 0
    return max(until, FOREVER if entry.term is None else min(now + delay + entry.term, FOREVER - 1))


def signed(word: int) -> int:
    """A word of 32 bits as a number with a sign."""
    return word - 2**32 if word >= 2**31 else word
