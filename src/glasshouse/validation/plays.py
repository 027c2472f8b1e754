"""The runs that society facts need, each played at most once and only when somebody asks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from glasshouse.api import Regime, Run, open_run, regime, simulate
from glasshouse.errors import InputError
from glasshouse.evidence import parameters
from glasshouse.measures.totals import Totals
from glasshouse.population import Population, invent
from glasshouse.regimes import Number
from glasshouse.runs.folder import begun_with

ABOLISHED: Final = "article:sunset=2016-01-01"
FACELESS: Final = "article:without=faces"
COMPANY: Final = "company"
_SMALL: Final = {"people": 8_000, "from_": "2020-01-01", "until": "2022-12-31"}


@dataclass(frozen=True)
class Play:
    """A run: its regimes and the options of `simulate` that differ from those asked for."""

    regimes: Callable[[], Sequence[str | Regime]]
    options: Mapping[str, Any] = field(default_factory=dict)
    changes: Callable[[], Mapping[str, float]] = dict


def _shock() -> dict[str, float]:
    n, fall = parameters().number, parameters().number("validation.shock")
    return {name: n(name) - fall for name in ("expression.cost", "expression.protest_cost")}


def _ties(strength: str) -> Callable[[], dict[str, float]]:
    def changes() -> dict[str, float]:
        return dict.fromkeys(("ties.close_local", "ties.close_wide"), parameters().number(f"validation.{strength}"))

    return changes


def company() -> Regime:
    """The article's regime with points lost for blacklisted friends and housemates."""
    article = regime("article")
    points = Number(value=parameters().number("validation.company"))
    score = article.book.score
    book = article.book.model_copy(update={"score": score and score.model_copy(update={"association": points})})
    text = f"{article.text}\n# score.association = {float(points):g}\n"
    return replace(
        article, name=COMPANY, book=book, text=text, path=f"{COMPANY}.toml",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip


PLAYS: Final[Mapping[str, Play]] = {
    "documented": Play(lambda: ["documented"]),
    "article": Play(lambda: ["article", ABOLISHED]),
    "certificate": Play(
        lambda: ["certificate", "certificate-creep"], {"from_": "2021-01-01", "until": "2022-06-30", "people": 8_000}
    ),
    "calm": Play(lambda: ["article", FACELESS], _SMALL),
    "shocked": Play(lambda: ["article", FACELESS], _SMALL, _shock),
    "weak-ties": Play(lambda: ["article", company()], _SMALL, _ties("weak_ties")),
    "strong-ties": Play(lambda: ["article", company()], _SMALL, _ties("strong_ties")),
}
"""Every run by name."""


class Plays:
    """The runs of one validation.

    Attributes:
        people, towns, seed: of the main runs; the small ones have at most as many people as `PLAYS` says.
    """

    def __init__(
        self, people: int, towns: int, seed: int, keep: Path | None = None, say: Callable[[str], None] | None = None
    ) -> None:
        """Nothing is played yet.

        Args:
            people, towns, seed: as of `simulate`.
            keep: where run folders stay; runs found there, of the same people, are not played again.
            say: called with what is being done.
        """
        self.people, self.towns, self.seed = people, towns, seed
        self._keep, self._say = keep, say
        self._runs: dict[str, Run] = {}
        self._totals: dict[str, Totals] = {}

    def run(self, name: str) -> Run:
        """A run of `PLAYS`, played if need be."""
        if name not in self._runs:
            self._runs[name] = self._found(name) or self._played(name)
        return self._runs[name]

    def totals(self, name: str) -> Totals:
        """The monthly totals of a run."""
        if name not in self._totals:
            self._totals[name] = Totals(self.run(name).records)
        return self._totals[name]

    @cached_property
    def population(self) -> Population:
        """The people of the main runs, without playing anything."""
        return invent(self.people, self.towns, self.seed)

    def _options(self, name: str) -> dict[str, Any]:
        play = PLAYS[name]
        options = {"towns": self.towns, "seed": self.seed, **play.options}
        options["people"] = min(self.people, play.options.get("people", self.people))
        return options | {"parameters": dict(play.changes())}

    def _found(self, name: str) -> Run | None:
        """A finished run in the kept folder, if it is of these people."""
        if self._keep is None or not (self._keep / name).exists():
            return None
        run, options = open_run(self._keep / name), self._options(name)
        asked = {key: options[key] for key in ("people", "towns", "seed")}
        begun = begun_with(self._keep / name)
        if any(begun.get(key) != value for key, value in asked.items()):
            raise InputError(f"{self._keep / name} holds a run of other people; give --keep another folder.")
        return run

    def _played(self, name: str) -> Run:
        if self._say:
            self._say(name)
        out = None if self._keep is None else self._keep / name
        return simulate(PLAYS[name].regimes(), out=out, **self._options(name))
