"""The rule book under examination, the names it may use, and the faults found so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from glasshouse.errors import nearest
from glasshouse.regimes.messages import Fault, dotted, quote
from glasshouse.regimes.places import Place, line_of
from glasshouse.regimes.schema import Deed, RuleBook

CAMERA = "camera"
"""The channel that has a section of its own instead of a row in the evidence."""

_MOST_POINTS = 1_000_000  # hundredths of a point are kept in 32 bits


@dataclass
class Case:
    """One examination.

    Attributes:
        book: a rule book whose sections are each well formed.
        lines: place -> line of the text it was read from.
        deeds, services, sources: names known to the evidence.
        queues: services with fewer places than people who ask.
        sees: channel of the evidence -> chance that it sees a deed, as the book has it.
        found: the faults, in no particular order.
    """

    book: RuleBook
    lines: dict[Place, int]
    deeds: frozenset[str]
    services: frozenset[str]
    queues: frozenset[str]
    sources: frozenset[str]
    sees: dict[str, float]
    found: list[Fault] = field(default_factory=list)

    @staticmethod
    def of(book: RuleBook, lines: dict[Place, int]) -> Case:
        """A new examination against the evidence."""
        from glasshouse import evidence  # here, so that naming a regime does not read the evidence

        sees = {name: float(fact) for name, fact in evidence.channels().items()}
        return Case(
            book,
            lines,
            frozenset(fact.id for fact in evidence.deeds()),
            frozenset(fact.id for fact in evidence.services()),
            frozenset(fact.id for fact in evidence.services() if fact.load is not None),
            frozenset(evidence.sources()),
            sees | {name: float(chance) for name, chance in book.channels.items() if name in sees},
        )

    def fault(self, place: Place, text: str, hint: str = "") -> None:
        """Note "what is wrong; how to mend it" about a place."""
        self.found.append(Fault(line_of(place, self.lines), text, hint))

    def unknown(self, place: Place, what: str, name: str, valid: Iterable[str]) -> None:
        """Note a name that stands for nothing."""
        self.fault(place, f"there is no {what} {quote(name)}; correct the name or take it out", nearest(name, valid))

    def source(self, place: Place, source: str) -> None:
        """A source is one address, or keys of the bibliography separated by spaces."""
        if source.startswith(("https://", "http://", "doi:")):
            return
        for key in source.split() or [source]:
            if key not in self.sources:
                text = f"there is no source {quote(key)}; give a key of the bibliography or an address (https://...)"
                self.fault(place, text)

    def points(self, place: Place, points: float) -> None:
        """Points fit into the account."""
        if abs(points) > _MOST_POINTS:
            self.fault(place, f"{dotted(place)} is {points:g}; keep within {_MOST_POINTS:,} points either way")
        elif abs(100 * points - round(100 * points)) > 1e-6:
            self.fault(
                place,
                f"{dotted(place)} is {points:g} but hundredths are the least; write two decimals at most",
            )

    def blind(self, deed: Deed) -> bool:
        """No channel that watches the deed can ever see it. (Unknown channels have a fault of their own.)"""
        return not any(
            self.book.cameras is not None if name == CAMERA else self.sees.get(name, 1.0) > 0 for name in deed.seen_by
        )

    def in_some_district(self) -> bool:
        """The timeline says somewhere in which districts the regime is in force."""
        return any(phase.districts is not None for phase in self.book.timeline)
