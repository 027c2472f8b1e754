"""When a service is open, and the how-manieth time that is.

    None            every day
    "01"            on that day of every month (01 to 28)
    "09-01"         on one day of every year
    "01-20/02-28"   from one day of the year to another, both included

Openings are numbered without a gap, so that fractions of a place can be carried from one to the next.
"""

from __future__ import annotations

import datetime as dt
import re

_COMMON_YEAR, _LEAP_YEAR = 2001, 2004
_MONTHS_A_YEAR, _DAYS_A_YEAR = 12, 365
_LAST_DAY_OF_EVERY_MONTH = 28


def openings_a_year(season: str | None) -> int:
    """How often a service opens in a common year."""
    if season is None:
        return _DAYS_A_YEAR
    return _MONTHS_A_YEAR if len(season) == len("DD") else _length(season)


def opening(season: str | None, date: dt.date) -> int | None:
    """Number of the opening on a date, None where the service is closed."""
    if season is None:
        return date.toordinal()
    if len(season) == len("DD"):
        return date.year * _MONTHS_A_YEAR + date.month if date.day == int(season) else None
    first, last = _period(season, date.year)
    return date.year * _length(season) + (date - first).days if first <= date <= last else None


def problem(season: str) -> str | None:
    """What is wrong with a season as it is written, None if nothing is."""
    how = f'has the season "{season}"; write month and day as "09-01", days as "01-20/02-28", or a day as "01"'
    if len(season) == len("DD") and season.isdecimal():
        return None if 1 <= int(season) <= _LAST_DAY_OF_EVERY_MONTH else how
    if not re.fullmatch(r"[0-9]{2}-[0-9]{2}(/[0-9]{2}-[0-9]{2})?", season):
        return how
    try:
        days, in_leap_years = _length(season), _length(season, _LEAP_YEAR)
    except ValueError:
        return how
    # With 29 February among them, openings could not be numbered without a gap.
    return None if days == in_leap_years > 0 else how


def _period(season: str, year: int) -> tuple[dt.date, dt.date]:
    first, _, last = season.partition("/")
    return dt.date.fromisoformat(f"{year}-{first}"), dt.date.fromisoformat(f"{year}-{last or first}")


def _length(season: str, year: int = _COMMON_YEAR) -> int:
    first, last = _period(season, year)
    return (last - first).days + 1
