"""`[registers]`: when data sources begin to feed the ledger.

    [registers]
    court = 2013-10-01                                              # from this day on
    platform = { date = 2014-01-01, status = "alleged", source = "A" }
    school = { never = true }                                       # it keeps its files to itself

A register that is left out has joined from the first day on. A book without the section knows no registers: every
channel tells at once, of everybody, and nobody's file is wrong.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from glasshouse.regimes.number import Date, Section, Status


class Joining(Section):
    """When a data source joins."""

    date: Date | None = None
    "First day on which it feeds the ledger; left out, from the first day on."
    never: bool = False
    "It keeps its files to itself."
    status: Status | None = None
    "What the date rests on."
    source: str | None = None
    "Where the date is from."
    note: str | None = None
    "One line for the reader."

    def joined(self, day: dt.date) -> bool:
        """Whether it feeds the ledger on a day."""
        return not self.never and (self.date is None or self.date <= day)


def _wrap(given: Any) -> Any:
    return {"date": given} if isinstance(given, dt.date | str) else given


def _either(joining: Joining) -> Joining:
    if joining.never and joining.date is not None:
        raise ValueError("joins on a date and never does; keep one of the two")
    return joining


JoiningDate = Annotated[Joining, BeforeValidator(_wrap), AfterValidator(_either)]
