"""What people do: education, role, and the money of households."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import InputError
from glasshouse.population.country import Country
from glasshouse.population.fitting import rake
from glasshouse.population.people import Education, Role

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def age_shares(pyramid: Floats, urban: float) -> Floats:
    """Share of people by single year of age and place (countryside, town); shape [ages, 2]."""
    return np.outer(pyramid, [1.0 - urban, urban])


def education_table(country: Country, pyramid: Floats) -> Floats:
    """P(level at most l | age, place), shape [ages, 2, 4].

    Children attend the school of their age. From the adult table's first age on, levels by age and place
    start from the country's guess and are raked to its published totals of people who cannot read, have
    primary school or have college; pupils are taken off the primary total first.
    """
    ages = np.arange(len(pyramid))
    school = country.table("education.school_ages")
    guess = np.stack([_by_age(country.table(f"education.{place}"), ages) for place in ("rural", "urban")], axis=1)
    for place in range(2):
        guess[ages < school[2], place] = np.eye(4)[np.searchsorted(school[:2], ages[ages < school[2]], side="right")]
    adult = ages >= school[2]
    held = age_shares(pyramid, country.number("place.urban"))[adult]
    pupils = pyramid[(ages >= school[0]) & (ages < school[1])].sum()
    none, primary, college = (country.number(f"education.{level}") for level in ("none", "primary", "college"))
    wanted = np.array([none, primary - pupils, held.sum() - none - (primary - pupils) - college, college])
    if wanted.min() < 0:
        raise InputError(
            f"{country.label}: education.none, education.primary and education.college leave a level "
            "with fewer than no people; mend one of them, or education.school_ages."
        )
    fitted = rake(guess[adult] * held[:, :, None], [((0, 1), wanted), ((2,), held)])
    guess[adult] = fitted / np.maximum(fitted.sum(axis=2, keepdims=True), 1e-300)
    return np.cumsum(guess, axis=2)


def online_table(country: Country, pyramid: Floats) -> Floats:
    """P(online | age, place), shape [ages, 2], raked to the published share of each place."""
    rows = country.table("digital.online_by_age")
    by_age = _by_age(rows, np.arange(len(pyramid)))[:, 0]
    guess = np.stack([1.0 - by_age, by_age], axis=1)[:, None, :]
    held = age_shares(pyramid, country.number("place.urban"))
    online = country.table("digital.online")
    wanted = held.sum(axis=0)[:, None] * np.stack([1.0 - online, online], axis=1)
    fitted = rake(guess * held[:, :, None], [((0,), wanted), ((2,), held)])
    return np.asarray(fitted[..., 1] / np.maximum(held, 1e-300))


def education(table: Floats, age: Ints, urban: Bools, u: Floats) -> Ints:
    """Level of each person from `education_table`."""
    level = (u[:, None] >= table[age, urban.astype(np.int64)]).sum(axis=1)
    return np.asarray(np.minimum(level, Education.COLLEGE))


def roles(country: Country, age: Ints, male: Bools, urban: Bools, level: Ints, u: Floats) -> Ints:
    """Role of each person, given age, sex, place and education; one uniform draw decides in steps."""
    school = country.table("education.school_ages")
    row = _by_age(country.table("work.roles"), age)
    studying = np.where(level == Education.COLLEGE, row[:, 1], row[:, 0])
    rest = _rest(u, studying)
    force = np.where(male, row[:, 2], row[:, 3])
    at_work = np.minimum(rest / np.maximum(force, 1e-12), 1.0)
    unemployed = country.table("work.unemployed")[urban.astype(np.int64)]
    owner = unemployed + (1.0 - unemployed) * country.number("work.owners")
    working = np.select([at_work < unemployed, at_work < owner], [Role.UNEMPLOYED, Role.OWNER], Role.WORKER)
    retired = _rest(rest, force) < np.where(male, row[:, 4], row[:, 5])
    idle = np.where(retired, Role.RETIRED, Role.AT_HOME)
    grown = np.select([u < studying, rest < force], [Role.STUDENT, working], idle)
    return np.select([age < school[0], age < school[2]], [Role.CHILD, Role.STUDENT], grown)


class Money(NamedTuple):
    """Money before it has a unit.

    Attributes:
        earnings: relative earnings of each person.
        per_head: the household's earnings divided by its members, at each member.
    """

    earnings: Floats
    per_head: Floats


def money(
    country: Country,
    age: Ints,
    male: Bools,
    urban: Bools,
    group: Ints,
    level: Ints,
    role: Ints,
    sizes: Ints,
    z: Floats,
) -> Money:
    """Relative earnings: role x place x sex x group x exp(schooling + age + luck), pooled in the household.

    Args:
        country: the rows `earnings.*`. age, male, urban, group, level, role: per person.
        sizes: members of each household, in the people's order. z: standard normal draw per person.
    """
    part = country.table("earnings.roles")[role]
    part = np.where((role == Role.STUDENT) & (age >= country.number("people.adult")),
                    country.number("earnings.adult_student"), part)  # fmt: skip
    everyone, pensions = country.table("earnings.countryside")
    part = np.where(urban, part, part * everyone * np.where(role == Role.RETIRED, pensions, 1.0))
    part = part * np.where(male, 1.0, country.number("earnings.women"))
    part = part * country.table("groups.income_factor")[group]
    peak, width, lost = country.table("earnings.age")
    years = country.table("education.years")[level]
    log = country.number("earnings.return_to_schooling") * years - lost * ((age - peak) / width) ** 2
    earnings = part * np.exp(log + country.number("earnings.spread") * z)
    total = np.add.reduceat(earnings, np.cumsum(sizes) - sizes)
    return Money(earnings, np.repeat(total / sizes, sizes))


def _rest(u: Floats, share: Floats) -> Floats:
    """The uniform draw that is left once `u < share` has been asked and denied."""
    return np.maximum(u - share, 0.0) / np.maximum(1.0 - share, 1e-12)


def _by_age(rows: Floats, age: Ints) -> Floats:
    """The columns of the band each age falls in; ages below the first band get its row."""
    return np.asarray(rows[np.maximum(np.searchsorted(rows[:, 0], age, side="right") - 1, 0), 1:])
