"""Data sources in the naive day: files, lags, false records, informers, pretended deeds, routes around cameras."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import naive_draws as draws
from glasshouse.evidence import Parameters
from glasshouse.evidence.registers import registers
from naive_draws import LOW, ask, both, chance, happens
from naive_people import REAL, Hearsay, Numbers, Person
from naive_rules import NEIGHBOURS, Act, Day, Rules, q16

OVERTAKEN = 7
WRONG_FACE, RECORD_ERROR, FALSE_REPORT = 1, 2, 3


class Record(NamedTuple):
    """What is entered about somebody."""

    act: Act
    fake: bool


class SourceNumbers:
    """The registry's numbers."""

    def __init__(self, p: Parameters) -> None:
        n = p.number
        self.untrue = chance(n("informing.false_share"))
        self.gaming = chance(n("gaming.share"))
        self.gain, self.cost, self.step = (q16(n(f"avoidance.{name}")) for name in ("gain", "cost", "step"))
        self.most, self.trips = round(256 * n("avoidance.most")), round(256 * n("avoidance.trips"))


def files_of(seed: int, number: int, town: int, digital: int) -> set[int]:
    """The registers in whose files somebody is."""
    held = set()
    for n, register in enumerate(registers()):
        word = ask(seed, number, town, 0, draws.COVER, n // 4)[n % 4]
        share = float(register.cover) * (digital / 255 if register.digital else 1.0)
        if (word + 0.5) / 2**32 < share:
            held.add(n)
    return held


class Sources:
    """What reaches the ledger, and what does not.

    Attributes:
        rules, numbers, seed: what the day is lived by.
        grown: adults of each building.
        informers: yesterday's, by building.
    """

    rules: Rules
    numbers: Numbers
    seed: int
    grown: Counter[int]
    informers: Counter[int]

    def speaks(self, p: Person, today: Day, register: int | None) -> bool:
        """Whether a channel's register tells of this person today; a channel of nobody's always does."""
        return register is None or (register in today.joined and register in p.files)

    def whispers(self, p: Person, weight: int) -> int:
        """Chance that one of yesterday's reports in the building is about this person, times a weight."""
        others = self.informers[p.building] - p.informed
        return min(weight * others // max(self.grown[p.building] - 1, 1), LOW)

    def told(self, p: Person, today: Day, act: Act, voices: Hearsay) -> list[int]:
        """Chances that the first, the first two ... channels of the deed tell of it."""
        sums: list[int] = []
        for given, register, patrol in act.tells:
            if patrol and act.venue == "street":
                given -= given * self.overlooked(p, voices) >> 16
            if register == NEIGHBOURS:
                one = self.whispers(p, self.rules.truthful)
            else:
                one = given if self.speaks(p, today, register) else 0
            before = sums[-1] if sums else 0
            sums.append(before + both(LOW - before, one))
        return sums

    def pretend(self, p: Person, today: Day, slot: int, act: Act | None) -> bool:
        """Whether the deed is only pretended."""
        if act is None or act.points <= 0 or not p.aware:
            return False
        word = ask(self.seed, p.number, p.town, today.number, draws.HAZARD)[2 + slot]
        fake = happens(word, self.numbers.sources.gaming)
        p.tell(f"fake_{'ab'[slot]}", int(fake))
        return fake

    def file(self, p: Person, today: Day, acts: list[Act | None], seen: list[int], fakes: list[bool]) -> list[Record]:
        """What was seen and is entered at once; what waits for a slow register becomes a packet.

        A slow record that finds another packet travelling is overtaken: its `seen` becomes 0.
        """
        entered: list[Record] = []
        travelling = bool(p.packet)
        for slot, (act, how) in enumerate(zip(acts, seen, strict=True)):
            if act is None or not how:
                continue
            record = Record(act, fakes[slot])
            if how == 1 or self.rules.lag_of(act) == 0:
                entered.append(record)
            elif not travelling:
                p.packet[slot], p.sent = record, today.number
            else:
                seen[slot] = 0
                p.tell(f"seen_{'ab'[slot]}", OVERTAKEN)
        return entered

    def arrivals(self, p: Person, today: Day) -> list[Record]:
        """On the first of a month: the packet, once the slowest of its registers knows."""
        wait = max((self.rules.lag_of(record.act) for record in p.packet.values()), default=0)
        if not p.packet or today.number < p.sent + wait:
            return []
        records, p.packet = list(p.packet.values()), {}
        return records

    def match(self, p: Person, today: Day) -> Act | None:
        """On the first of a month: a false record of a register."""
        word, passed = ask(self.seed, p.number, p.town, today.number, draws.MISTAKE)[1], 0
        for act, register, width in self.rules.claims:
            reached = passed + (width if self.speaks(p, today, register) else 0)
            if passed <= word < reached and p.subject:
                return act
            passed = reached
        return None

    def accuse(self, p: Person, today: Day, record: Act | None) -> tuple[Act, int] | None:
        """A false record of a register, or else a false report of a neighbour."""
        if not p.subject:
            return None
        if record is not None:
            return record, RECORD_ERROR
        _, _, second, which = ask(self.seed, p.number, p.town, today.number, draws.MISTAKE)
        if self.rules.reports and happens(second, self.whispers(p, self.numbers.sources.untrue)):
            return self.rules.reports[which * len(self.rules.reports) >> 32], FALSE_REPORT
        return None

    def filming(self, p: Person, today: Day) -> int:
        """Chance that a passage of this person is filmed."""
        return today.filming - (today.filming >> 8) * p.avoiding

    def gives_up(self, p: Person, word: int, rate: int) -> bool:
        """Whether a trip that comes up is given up."""
        kept = rate - (rate >> 16) * (p.avoiding * self.numbers.sources.trips)
        return happens(word, rate) and not happens(word, kept)

    def avoid(self, p: Person, today: Day, column: int) -> None:
        """Once a month: a step towards avoiding as much as being seen costs, `column` being the score's bin."""
        n, felt = self.numbers.sources, 0
        if p.aware:
            felt = (p.sensitivity * (p.risk >> 14) >> 8) * self.rules.glare[column] >> 16
        goal = min(max(((n.gain * felt >> 16) - n.cost) >> 8, 0), n.most)
        word = ask(self.seed, p.number, p.town, today.number, draws.AVOIDANCE)[0]
        p.avoiding = min(max(p.avoiding + (((goal - p.avoiding) * n.step + word % 2**16) >> 16), 0), 255)


__all__ = ["REAL", "Record", "SourceNumbers", "Sources", "files_of"]
