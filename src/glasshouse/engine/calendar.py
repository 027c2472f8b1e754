"""What is in force on which day: a rule book's timeline, laid out day by day on the host."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import chance, q30
from glasshouse.engine.columns import Today
from glasshouse.engine.health_calendar import health_days
from glasshouse.evidence import Parameters, ServiceFact
from glasshouse.evidence.seasons import opening
from glasshouse.regimes.compile import Shape, term
from glasshouse.regimes.schema import Phase, RuleBook
from glasshouse.regimes.sections.certificate import Epidemic
from glasshouse.regimes.source_law import joined
from glasshouse.regimes.tables import NO_TERM

MONTH = 31


@dataclass(frozen=True)
class Span:
    """The days of a run.

    Attributes:
        first, last: first and last day on the calendar.
        run_in: days lived under ordinary law before `first`; day numbers count from the first of them.
    """

    first: dt.date
    last: dt.date
    run_in: int

    @property
    def days(self) -> int:
        """Days from first to last, both counted."""
        return (self.last - self.first).days + 1

    def number(self, date: dt.date) -> int:
        """Day number of a date."""
        return (date - self.first).days + self.run_in

    def date(self, number: int) -> dt.date:
        """Date of a day number."""
        return self.first + dt.timedelta(days=int(number) - self.run_in)

    def months(self) -> list[tuple[dt.date, dt.date]]:
        """First and last day of each calendar month of the span, cut to the span."""
        return _months(self.first, self.last)

    def run_in_months(self) -> list[tuple[dt.date, dt.date]]:
        """The same for the run-in."""
        if not self.run_in:
            return []
        return _months(self.first - dt.timedelta(days=self.run_in), self.first - dt.timedelta(days=1))


def month(
    book: RuleBook,
    span: Span,
    days: tuple[dt.date, dt.date],
    shape: Shape,
    services: tuple[ServiceFact, ...],
    districts: int,
    recognised: float,
    parameters: Parameters,
    outbreak: Epidemic | None = None,
) -> Today:
    """The calendar of up to 31 days, as arrays of 31 (days past the last are padding).

    Args:
        book: the rule book.
        span: the run.
        days: first and last day.
        shape: numbers of tiers and lists.
        services: for their seasons.
        districts: districts of the run; a pilot takes at least one.
        recognised: chance that a filmed deed is entered, for what detection really is.
        parameters: for what ordinary law detects.
        outbreak: the infection and the doses of the run.
    """
    dates = [days[0] + dt.timedelta(days=n) for n in range((days[1] - days[0]).days + 1)]
    dates += [dates[-1]] * (MONTH - len(dates))
    eves = [date - dt.timedelta(days=1) for date in dates]
    state = [_in_force(book, date) for date in dates]
    in_force = np.array([_adopted(s["districts"], districts) for s in state], np.int32)
    begun = _begun(book, dates, shape.lists)
    ordinary = parameters.number("deterrence.pi0")
    filming = np.array([s["coverage"] if book.cameras else 0.0 for s in state])
    speech = float(book.speech.surveillance) if book.speech else 0.0
    reference = parameters.number("perception.surveillance_reference")
    numbered = [[opening(service.season, date) for service in services] for date in dates]
    openings = np.array([[-1 if n is None else n for n in of_day] for of_day in numbered], np.int32)
    return Today(
        day=np.array([span.number(date) for date in dates], np.int32),
        first=np.array([date.day == 1 or date == span.first for date in dates]),
        last=np.array([(date + dt.timedelta(days=1)).day == 1 for date in dates]),
        of_month=np.array([date.day for date in dates], np.int32),
        open=np.ones(MONTH, np.bool_),
        districts=in_force,
        filming=chance(filming),
        aware=chance([s["awareness"] for s in state]),
        campaign=q30([s["campaign"] for s in state]).astype(np.int64),
        joined=np.array([joined(book, date) for date in dates], np.uint32),
        true_risk=q30(1 - (1 - ordinary) * (1 - filming * recognised)),
        true_watch=np.full(MONTH, q30(max(speech, reference)), np.int32),
        falls=_falls(book, span, dates),
        terms=np.tile(_binding_terms(book, shape.lists), (MONTH, 1)),
        firms=np.array([_firms(book, date) for date in dates]),
        begun=begun,
        ending=_begun(book, eves, shape.lists) & ~begun,
        withdrawn=in_force < np.array([_adopted(_in_force(book, eve)["districts"], districts) for eve in eves]),
        season=openings >= 0,
        opening=openings,
        health=health_days(book, outbreak, span.first, dates, parameters),
    )


def pick(today: Today, n: Any) -> Today:
    """Day `n` of a month's calendar."""
    import jax

    picked: Today = jax.tree.map(lambda column: column[n], today)
    return picked


def _months(first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    found, start = [], first
    while start <= last:
        following = (start.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        end = min(following - dt.timedelta(days=1), last)
        found.append((start, end))
        start = following
    return found


def _in_force(book: RuleBook, date: dt.date) -> dict[str, float]:
    """The last word of the timeline on each quantity; nothing before the first phase or after the sunset."""
    state = {"districts": 0.0, "coverage": 0.0, "awareness": 0.0, "campaign": 0.0}
    if book.safeguards.sunset is not None and date >= book.safeguards.sunset:
        return state
    for phase in book.timeline:
        if phase.date > date:
            break
        for name in ("districts", "coverage", "awareness"):
            given = getattr(phase, name)
            if given is not None:
                state[name] = float(given)
        state["campaign"] = _campaign(phase) if phase.date == date else 0.0
    return state


def _adopted(share: float, districts: int) -> int:
    return max(1, round(share * districts)) if share > 0 else 0


def _campaign(phase: Phase) -> float:
    return 0.0 if phase.campaign is None else float(phase.campaign)


def _falls(book: RuleBook, span: Span, dates: list[dt.date]) -> NDArray[np.bool_]:
    """Whether tiers published a delay ago bind from this day on."""
    delay = int(float(book.safeguards.delay))
    then = [date - dt.timedelta(days=delay) for date in dates]
    return np.array([delay > 0 and (date.day == 1 or date == span.first) for date in then])


def _binding_terms(book: RuleBook, size: int) -> NDArray[np.int32]:
    """Days before its end from which each list binds: all of them where nothing is delayed."""
    terms = np.full(size, NO_TERM, np.int32)
    if float(book.safeguards.delay):
        terms[: len(book.lists)] = [term(entry, book) for entry in book.lists.values()]
    return terms


def _firms(book: RuleBook, date: dt.date) -> bool:
    """Whether the section on firms is in force."""
    if book.firms is None:
        return False
    ends = min(book.firms.ends or dt.date.max, book.safeguards.sunset or dt.date.max)
    return (book.firms.begins or dt.date.min) <= date < ends


def _begun(book: RuleBook, dates: list[dt.date], size: int) -> NDArray[np.bool_]:
    begun = np.zeros((MONTH, size), np.bool_)
    sunset = book.safeguards.sunset or dt.date.max
    for n, entry in enumerate(book.lists.values()):
        start, end = entry.begins or dt.date.min, min(entry.ends or dt.date.max, sunset)
        begun[:, n] = [start <= date < end for date in dates]
    return begun
