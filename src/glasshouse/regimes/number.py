"""The numbers of a rule book: bare, or with what they rest on; and the days and shares they may be.

Every `ValueError` raised here reads "what is wrong; how to mend it": `messages` puts file and line before it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Status = Literal["documented", "contested", "alleged", "assumed"]


class Section(BaseModel):
    """Any section: unknown keys are refused, nothing is converted silently, values are final."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, populate_by_name=True, use_attribute_docstrings=True
    )


def pair(given: Any) -> Any:
    """TOML arrays arrive as lists; strict tuples take only tuples."""
    return tuple(given) if isinstance(given, list) else given


def _date(given: Any) -> Any:
    """A day, or the same in quotes; never a clock time, never a number of seconds."""
    if isinstance(given, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", given):
        try:
            return dt.date.fromisoformat(given)
        except ValueError:
            pass
    if not isinstance(given, dt.date) or isinstance(given, dt.datetime):
        raise ValueError("is not a date; write year-month-day without quotes, such as 2014-06-14")
    return given


Date = Annotated[dt.date, BeforeValidator(_date)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class Number(Section):
    """A number and what it rests on."""

    value: Finite
    "The number itself."
    status: Status = "assumed"
    "What it rests on: documented, contested, alleged (somebody claims it) or assumed (nobody knows)."
    source: str | None = None
    "Key of the bibliography, or the address of a page."
    range: Annotated[tuple[Finite, Finite], BeforeValidator(pair)] | None = None
    "Lowest and highest value that is still plausible."
    note: str | None = None
    "One line for the reader."

    def __float__(self) -> float:
        """The bare value."""
        return self.value

    def __int__(self) -> int:
        """The bare value of a whole number."""
        return int(self.value)


def _wrap(given: Any) -> Any:
    return {"value": given} if isinstance(given, int | float) and not isinstance(given, bool) else given


def _share(number: Number) -> Number:
    if not 0 <= number.value <= 1:
        raise ValueError(f"is {number.value:g}, which is not between 0 and 1; write 5 % as 0.05")
    return number


def _not_negative(number: Number) -> Number:
    if number.value < 0:
        raise ValueError(f"is {number.value:g}, which is below 0; write 0 or more")
    return number


LONGEST_DAYS = 4000
"Longest count of days that tier entries and displays keep."


def _days(number: Number) -> Number:
    if not (0 <= number.value <= LONGEST_DAYS and number.value == int(number.value)):
        raise ValueError(f"is {number.value:g}; write a whole number of days from 0 to {LONGEST_DAYS}")
    return number


ORDINARY_CLASS, LAST_CLASS = 4, 7
"Classes of a queue are 0, served first, to 7; everybody has 4 where no tier and no list says otherwise."


def _class(number: Number) -> Number:
    if not (0 <= number.value <= LAST_CLASS and number.value == int(number.value)):
        raise ValueError(f"is {number.value:g}; write a whole number from 0, served first, to {LAST_CLASS}")
    return number


AnyNumber = Annotated[Number, BeforeValidator(_wrap)]
Share = Annotated[
    Number,
    BeforeValidator(_wrap),
    AfterValidator(_share),
    Field(json_schema_extra={"minimum": 0, "maximum": 1}),
]
Amount = Annotated[
    Number, BeforeValidator(_wrap), AfterValidator(_not_negative), Field(json_schema_extra={"minimum": 0})
]
Days = Annotated[
    Number,
    BeforeValidator(_wrap),
    AfterValidator(_days),
    Field(json_schema_extra={"minimum": 0, "maximum": LONGEST_DAYS}),
]
Class = Annotated[
    Number,
    BeforeValidator(_wrap),
    AfterValidator(_class),
    Field(json_schema_extra={"minimum": 0, "maximum": LAST_CLASS}),
]
