"""The naive office: who challenges what was entered, whose case is heard, what is corrected; delay and the cap."""

from __future__ import annotations

import naive_draws as draws
from naive_draws import ask, happens
from naive_people import HONEST, REAL, Person
from naive_queues import drawn_lots
from naive_rules import Act, Day, Rules

FILED, UPHELD, DISMISSED = 1, 2, 3


class Office:
    """The remedies of a day; mixed into the village."""

    rules: Rules
    seed: int
    people: list[Person]

    def hear(self, today: Day) -> set[int]:
        """Places in the list of people of those whose cases are decided tonight."""
        law, heard = self.rules.remedies, set[int]()
        if not (law.appeals or law.audits):
            return heard
        planes = max(1, max(p.number for p in self.people).bit_length())
        for town in sorted({p.town for p in self.people}):
            here = [(n, p) for n, p in enumerate(self.people) if p.town == town]
            lots = drawn_lots([p for _, p in here], self.seed, planes)
            rate = law.staff * len(here)
            room = ((today.number + 1) * rate >> 32) - (today.number * rate >> 32)
            ripe = [
                (p.filed, turned(p.filed, lots[p.number], planes), n)
                for n, p in here
                if p.filed is not None and p.filed <= today.number - law.hearing
            ]
            heard |= {n for _, _, n in sorted(ripe)[:room]}
        return heard

    def redress(self, p: Person, today: Day, wrong: Act | None, heard: bool) -> None:
        """Decide the person's case, let them file one, audit their file."""
        law, now = self.rules.remedies, today.number
        if not (law.appeals or law.audits):
            return
        blacks = [n for n, entry in enumerate(self.rules.lists) if entry.black and today.lists[n]]
        listed = any(p.told("listed", n) for n in blacks)
        worse = p.score[REAL] < p.score[HONEST] or any(p.until[n][REAL] > max(p.until[n][HONEST], now) for n in blacks)
        words = ask(self.seed, p.number, p.town, now, draws.APPEAL)
        corrected = let_off = False
        if heard:
            won = happens(words[1], law.corrects if worse else law.lets_off)
            corrected, let_off = won and worse, won and not worse
            p.tell("appeal", UPHELD if won else DISMISSED)
            p.filed = None
        elif (
            p.filed is None
            and (listed or wrong is not None)
            and happens(words[0], law.file_wrong if worse else law.file_right)
        ):
            p.tell("appeal", FILED)
            p.filed = now
        if today.first and law.audit and worse and happens(words[2], law.audit):
            p.tell("audited", 1)
            corrected, let_off = True, False
        if let_off:
            p.tell("let_off", 1)
        self.settle(p, today, corrected, let_off)

    def settle(self, p: Person, today: Day, corrected: bool, let_off: bool) -> None:
        """The real book follows the decision, but for what was entered only today."""
        now = today.number
        if not (corrected or let_off):
            return
        p.score[REAL] = max(p.score[REAL], p.score[HONEST] if corrected else self.rules.start)
        for n, entry in enumerate(self.rules.lists):
            if not entry.black or p.told("listed", n) or p.until[n][REAL] <= now:
                continue
            p.until[n][REAL] = min(p.until[n][REAL], max(p.until[n][HONEST], now) if corrected else now)
            if today.lists[n] and p.until[n][REAL] == now:
                p.tell("unlisted", 1, n)
        if corrected and any(
            self.rules.grade(tier[REAL]) > self.rules.grade(tier[HONEST]) for tier in (p.tier, p.announced)
        ):
            for book in (p.tier, p.announced, p.since):
                book[REAL] = book[HONEST]

    def fall_due(self, p: Person, today: Day) -> None:
        """A worse tier binds a delay after it was announced, a better one at once."""
        for book, tier in enumerate(p.announced):
            harsher = self.rules.grade(tier) > self.rules.grade(p.tier[book])
            if not harsher or today.number - p.since[book] >= self.rules.remedies.delay:
                p.tier[book] = tier


def turned(filed: int, lot: int, planes: int) -> int:
    """A lot with the day of filing turned round and added bit by bit."""
    for place in range(min(planes, 16)):
        lot ^= (filed >> place & 1) << (planes - 1 - place)
    return lot
