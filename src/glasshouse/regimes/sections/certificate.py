"""The section `[certificate]` of a rule book: a paper that gates ask for, and the infection it is said to hold back."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from glasshouse.regimes.number import Amount, Date, Days, Number, Section, Share


class Creep(Section):
    """The other use: codes are set to red for what has nothing to do with the certificate's purpose."""

    begins: Date
    "First day on which acts are answered so."
    ends: Date | None = None
    "Day on which it stops."
    deeds: list[str]
    "Deeds that it is for, seen by no channel of the rule book: the code's own office knows."
    chance: Share
    "Chance that the code of somebody who did one is set to red."
    days: Days
    "Days for which it stays red."


class Epidemic(Section):
    """The infection. It belongs to the run: every world of it lives through the same one, ordinary law included."""

    begins: Date
    "Day on which it reaches every town."
    ends: Date | None = None
    "Day from which nobody is infected any more."
    seeds: Share
    "Share of residents infected on that day."
    doses: Date
    "First day on which anybody can have a dose."


class Certificate(Section):
    """A paper that shows doses, recovery or exemption, and the gates that ask for it."""

    announced: Date
    "Day on which it becomes known."
    begins: Date
    "First day on which gates ask for it."
    ends: Date | None = None
    "Day from which nobody asks any more."
    services: list[str] = Field(default_factory=list)
    "Services that ask for it, besides venues such as restaurants; never an essential one."
    work: bool = False
    "Workplaces ask for it, too."
    checked: Share
    "Share of entries at which somebody checks."
    valid_days: Amount | None = None
    "Days a paper holds from the last dose; left out, for ever."
    recovery: bool = True
    "Immunity after an infection counts as a paper."
    exempt: Share = Number(value=0)
    "Share of adults without a dose who are exempt on the day of the announcement."
    forgery_per_week: Amount = Number(value=0)
    "Hazard of getting a forged paper, a week, of somebody without a dose whose whole life is behind gates."
    forgery_caught: Share = Number(value=0)
    "Chance that a check finds a forged paper out."
    creep: Creep | None = None
    "Codes set to red for other ends; left out, they are not."
    epidemic: Epidemic
    "The infection and the doses of the run."

    def in_force(self, date: dt.date, sunset: dt.date | None) -> bool:
        """Whether gates ask for the paper on a day."""
        return self.begins <= date < min(self.ends or dt.date.max, sunset or dt.date.max)

    def known(self, date: dt.date, sunset: dt.date | None) -> bool:
        """Whether people expect gates to ask, or know that they do."""
        return self.announced <= date < min(self.ends or dt.date.max, sunset or dt.date.max)

    def creeps(self, date: dt.date, sunset: dt.date | None) -> bool:
        """Whether codes are set to red on a day for what has nothing to do with the paper."""
        creep = self.creep
        return creep is not None and self.in_force(date, sunset) and creep.begins <= date < (creep.ends or dt.date.max)
