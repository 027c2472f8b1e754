"""What was found about a stylised fact, and who finds it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from numpy.typing import ArrayLike

from glasshouse.evidence.stylised import StylisedFact
from glasshouse.measures.intervals import interval

if TYPE_CHECKING:
    from glasshouse.validation.plays import Plays

Verdict = Literal["hit", "miss", "not modelled"]


@dataclass(frozen=True)
class Finding:
    """The values of a fact in this laboratory.

    Attributes:
        values: by the names of the fact's targets; empty where its mechanism does not exist.
        detail: what the values rest on, or why there are none.
        unclear: values whose sign cannot be told from chance; where only a sign is asked for, that is a miss.
    """

    values: Mapping[str, float] = field(default_factory=dict)
    detail: str = ""
    unclear: frozenset[str] = frozenset()

    @classmethod
    def over_towns(cls, values: Mapping[str, ArrayLike], detail: str) -> Finding:
        """Means of values by town; a sign is clear where the 95 % interval over towns leaves zero out."""
        found = {name: interval(by_town) for name, by_town in values.items()}
        told = {name: one for name, one in found.items() if one is not None}
        between = [f"[{one.low:.2g}, {one.high:.2g}]" for one in told.values() if one.low is not None]
        unclear = {name for name, one in told.items() if one.low is not None and not one.clear_of_zero}
        return cls(
            {name: told[name].mean if name in told else math.nan for name in found},
            f"{detail}; 95 % over towns {' and '.join(between)}" if between else detail,
            frozenset(unclear),
        )


@dataclass(frozen=True)
class Result:
    """A fact and what was found."""

    fact: StylisedFact
    finding: Finding

    @property
    def verdict(self) -> Verdict:
        """A hit meets every target; without values nothing was met."""
        if not self.finding.values:
            return "not modelled"
        met = all(
            target.met(self.finding.values[name]) and not (target.sign and name in self.finding.unclear)
            for name, target in self.fact.targets.items()
        )
        return "hit" if met else "miss"

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "id": self.fact.id,
            "what": self.fact.what,
            "unit": self.fact.unit,
            "values": dict(self.finding.values),
            "targets": {name: str(target) for name, target in self.fact.targets.items()},
            "verdict": self.verdict,
            "role": self.fact.role,
            "setting": self.fact.setting,
            "source": self.fact.source,
            "unclear": sorted(self.finding.unclear),
            "detail": self.finding.detail,
        }


Finder = Callable[["Plays"], Finding]

FINDERS: dict[str, Finder] = {}
"""Who finds each fact, by its id."""


def finds(id: str) -> Callable[[Finder], Finder]:
    """Register a function as the one that finds this fact."""

    def register(finder: Finder) -> Finder:
        FINDERS[id] = finder
        return finder

    return register


def law(id: str) -> Callable[[Callable[[], Finding]], Callable[[], Finding]]:
    """Register a function that needs a law alone and no society."""

    def register(finder: Callable[[], Finding]) -> Callable[[], Finding]:
        FINDERS[id] = lambda _: finder()
        return finder

    return register
