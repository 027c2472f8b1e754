"""What is to be run: checked before anything is written."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glasshouse.errors import InputError
from glasshouse.evidence import Parameters, parameters
from glasshouse.population.reading import load
from glasshouse.regimes import Regime, library, regime

BASELINE = "ordinary-law"
FIRST, LAST = dt.date(2009, 1, 1), dt.date(2025, 12, 31)
FIRST_YEAR, LAST_YEAR = 1900, 2199
MOST_DAYS = 60_000
"Day counters are 16 bits wide."


@dataclass(frozen=True)
class Plan:
    """Everything that decides the bytes of a run (the number of devices does not).

    Attributes:
        regimes: the worlds, the baseline first.
        people, towns, seed, country: who lives in them.
        first, last: the days.
        changes: parameters that differ from the registry.
    """

    regimes: tuple[Regime, ...]
    people: int
    towns: int
    seed: int
    first: dt.date
    last: dt.date
    country: str = "china"
    changes: Mapping[str, float] = field(default_factory=dict)

    @property
    def parameters(self) -> Parameters:
        """The registry, with this run's changes."""
        return parameters().with_values(dict(self.changes))

    @property
    def run_in(self) -> int:
        """Days lived under ordinary law before the first day."""
        return round(self.parameters.number("society.run_in_days"))

    @property
    def days(self) -> int:
        """Days of a world, without the run-in."""
        return (self.last - self.first).days + 1

    def identity(self) -> dict[str, Any]:
        """What decides the bytes, as JSON can hold it."""
        return {
            "regimes": [{"name": r.name, "sha256": r.sha256} for r in self.regimes],
            "people": self.people,
            "towns": self.towns,
            "seed": self.seed,
            "from": self.first.isoformat(),
            "until": self.last.isoformat(),
            "country": self.country,
            "changes": dict(sorted(self.changes.items())),
        }

    def files(self) -> list[str]:
        """Where each rule book but the baseline's was read, so that an interrupted run can be gone on with."""
        return [r.spec for r in self.regimes if r.name != BASELINE]

    def fingerprint(self) -> str:
        """SHA-256 of the identity."""
        return hashlib.sha256(json.dumps(self.identity(), sort_keys=True).encode()).hexdigest()


def plan(
    regimes: str | Path | Regime | Sequence[str | Path | Regime],
    people: int = 20_000,
    towns: int = 5,
    seed: int = 1,
    first: str | dt.date = FIRST,
    last: str | dt.date = LAST,
    country: str = "china",
    changes: Mapping[str, float] | None = None,
) -> Plan:
    """Check what the user asks for; ordinary law is always added as the baseline.

    Raises:
        InputError: unknown regime, no people, more towns than people, a date that is none, an empty span.
    """
    names = [regimes] if isinstance(regimes, str | Path | Regime) else list(regimes)
    if not names:
        raise InputError("No regime was named; name at least one, for example article.")
    _whole(people, "--people", 1, 2**31)
    _whole(towns, "--towns", 1, 2**16)
    _whole(seed, "--seed", 0, 2**64 - 1)
    if towns > people:
        raise InputError(f"{people:,} people cannot fill {towns:,} towns; lower --towns or raise --people.")
    start, end = date(first, "--from"), date(last, "--until")
    for when, option in ((start, "--from"), (end, "--until")):
        if not FIRST_YEAR <= when.year <= LAST_YEAR:
            raise InputError(f"{option} {when} is too far away; mend {option}: years {FIRST_YEAR} to {LAST_YEAR}.")
    if end < start:
        raise InputError(f"--until {end} lies before --from {start}; swap them or mend one.")
    given = [name if isinstance(name, Regime) else regime(name) for name in names if name != BASELINE]
    for one in given:
        if not one.shipped and one.base in library():
            raise InputError(f'{one.path} bears the name of the library\'s "{one.base}"; rename the file.')
    found = [regime(BASELINE), *(one for one in given if one.name != BASELINE)]
    twice = {r.name for r in found if [x.name for x in found].count(r.name) > 1}
    if twice:
        raise InputError(f'The regime "{sorted(twice)[0]}" is named twice; name each world once.')
    load(country)
    made = Plan(tuple(found), int(people), int(towns), int(seed), start, end, country, dict(changes or {}))
    if made.days + made.run_in > MOST_DAYS:
        raise InputError(f"A run can hold {MOST_DAYS:,} days, not {made.days + made.run_in:,}; mend --until.")
    return made


def date(given: str | dt.date, option: str) -> dt.date:
    """A date, from text if need be; InputError naming the option if it is none."""
    if isinstance(given, dt.datetime):
        return given.date()
    if isinstance(given, dt.date):
        return given
    try:
        return dt.date.fromisoformat(str(given))
    except ValueError:
        raise InputError(f'{option} "{given}" is not a date; write it as 2009-01-31.') from None


def _whole(value: Any, option: str, lowest: int, highest: int) -> None:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise InputError(f"{option} takes a whole number, not {value!r}.")
    if not lowest <= value <= highest:
        raise InputError(f"{option} {value} is out of range; give a whole number from {lowest:,} to {highest:,}.")
