"""The papers and the infection of a run on the host: what is in force on which day, and who goes where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import ONE_Q30, q16
from glasshouse.draws.philox import Key, uniforms
from glasshouse.draws.purposes import VENUES
from glasshouse.engine.parts import Health, HealthDay
from glasshouse.evidence import Parameters
from glasshouse.population import Population
from glasshouse.regimes.schema import RuleBook
from glasshouse.regimes.sections.certificate import Epidemic

_ALL = 255


def health_days(
    book: RuleBook, outbreak: Epidemic | None, first: dt.date, dates: Sequence[dt.date], parameters: Parameters
) -> HealthDay:
    """What is in force on the days of a month.

    Args:
        book: the rule book of the world.
        outbreak: the infection and the doses of the run.
        first: first day of the run; what began earlier begins on it.
        dates: the days.
        parameters: for anticipation, and infections from outside.
    """
    given, sunset = book.certificate, book.safeguards.sunset
    asked = [given is not None and given.in_force(date, sunset) for date in dates]
    known = [given is not None and given.known(date, sunset) for date in dates]
    # Gates are opened on the day after their last.
    open_again = [given is not None and given.in_force(date - dt.timedelta(days=1), sunset) for date in dates]
    felt = parameters.number("certificate.anticipation")
    strength = float(given.checked) if given else 0.0
    granted = max(given.announced, first) if given else None
    passing = [_infects(outbreak, first, date) for date in dates]
    doses = [outbreak is not None and date >= max(outbreak.doses, first) for date in dates]
    return HealthDay(
        active=np.logical_or.reduce([known, open_again, passing, doses]),
        asked=np.array(asked),
        granting=np.array([k and date == granted for k, date in zip(known, dates, strict=True)]),
        creeping=np.array([given is not None and given.creeps(date, sunset) for date in dates]),
        doses=np.array(doses),
        infection=np.array(passing),
        gates=q16([strength * (1.0 if a else felt if k else 0.0) for a, k in zip(asked, known, strict=True)]),
        outside=_outside(outbreak, first, dates, parameters),
    )


def _infects(outbreak: Epidemic | None, first: dt.date, date: dt.date) -> bool:
    return outbreak is not None and max(outbreak.begins, first) <= date < (outbreak.ends or dt.date.max)


def _outside(
    outbreak: Epidemic | None, first: dt.date, dates: Sequence[dt.date], parameters: Parameters
) -> NDArray[np.int64]:
    """Hazard of an infection from outside: the seeds on the first day, travellers on all."""
    if outbreak is None:
        return np.zeros(len(dates), np.int64)
    begins, travellers = max(outbreak.begins, first), parameters.number("epidemic.outside")
    seeds = -np.log1p(-min(float(outbreak.seeds), 1 - np.exp(-8.0)))  # a hazard of 8 is as far as the curve goes
    hazard = travellers + seeds * np.array([date == begins for date in dates])
    return np.rint(hazard * ONE_Q30).astype(np.int64)


def venues(population: Population, seed: int, parameters: Parameters) -> NDArray[np.uint8]:
    """Share of each person's life behind gates, 255 = all: U^k, k lower for the young."""
    p = population
    drawn = uniforms(Key.of(seed), p.number, VENUES, 0, p.town)[0]
    young = p.age < parameters.number("certificate.young")
    names = ("certificate.use_skew_young", "certificate.use_skew")
    skew = np.where(young, *(parameters.number(name) for name in names))
    return np.rint(_ALL * drawn**skew).astype(np.uint8)


def newborn_health(shape: tuple[int, ...]) -> Health:
    """Nobody has had a dose, a paper or the infection."""
    dates = {name: np.zeros(shape, np.uint16) for name in ("dosed", "ill_until", "immune_until", "red_until")}
    return Health(paper=np.zeros(shape, np.uint8), gate=np.zeros(shape, np.uint8), **dates)
