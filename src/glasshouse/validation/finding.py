"""What was found about a stylised fact, and who finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from glasshouse.evidence.stylised import StylisedFact

if TYPE_CHECKING:
    from glasshouse.validation.plays import Plays

Verdict = Literal["hit", "miss", "not modelled"]


@dataclass(frozen=True)
class Finding:
    """The values of a fact in this laboratory.

    Attributes:
        values: by the names of the fact's targets; empty where its mechanism does not exist.
        detail: what the values rest on, or why there are none.
    """

    values: Mapping[str, float] = field(default_factory=dict)
    detail: str = ""


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
        met = all(target.met(self.finding.values[name]) for name, target in self.fact.targets.items())
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
