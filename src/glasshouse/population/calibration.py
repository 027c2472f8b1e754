"""What is fitted once per country, before anybody is invented.

    households   weights of (type, age of head) that hold household sizes and people's ages at once
    sexes        share of men among the unpaired that gives the country's sex ratio
    education    P(level | age, place); online P(online | age, place)
    income       relative money per head -> CNY, by matching quantiles on a reference town

Two of them ask the drawing code itself: every kind of household is composed a few times over an even spread
of quantiles, and a reference town is invented. So what is fitted is what will be drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import InputError
from glasshouse.population.country import Country
from glasshouse.population.families import FamilyLaws
from glasshouse.population.fitting import rake_households
from glasshouse.population.lives import education_table, online_table

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_COPIES: Final = 24


@dataclass(frozen=True, eq=False)
class Kinds:
    """Kinds of household: a type and an age of its head, smallest households first.

    Attributes:
        kind: index of the type. head_age: years. size: members. Shape [kinds] each.
        end: cumulative weight up to and including each kind.
    """

    kind: Ints
    head_age: Ints
    size: Ints
    end: Floats

    def draw(self, size: Ints, u: Floats) -> tuple[Ints, Ints]:
        """Type and age of the head of households, at quantile `u` among the kinds of their size."""
        sizes = np.arange(1, int(self.size[-1]) + 1)
        first, last = np.searchsorted(self.size, sizes), np.searchsorted(self.size, sizes, side="right")
        below = np.concatenate([[0.0], self.end])
        start, end = below[first[size - 1]], below[last[size - 1]]
        at = np.searchsorted(self.end, start + u * (end - start), side="right")
        at = np.clip(at, first[size - 1], last[size - 1] - 1)
        return self.kind[at], self.head_age[at]


@dataclass(frozen=True, eq=False)
class Calibration:
    """Everything fitted for a country.

    Attributes:
        laws: of ages inside a household. kinds: of households.
        pyramid: share of people by single year of age.
        men: share of men among unpaired people below and from the country's old age on.
        education: `lives.education_table`. online: `lives.online_table`.
    """

    laws: FamilyLaws
    kinds: Kinds
    pyramid: Floats
    men: tuple[float, float]
    education: Floats
    online: Floats


@cache
def calibrate(country: Country) -> Calibration:
    """Fit a country.

    Raises:
        InputError: its household sizes, types and ages cannot hold together.
    """
    laws = FamilyLaws(country)
    cells = [(k, age, t.size, t.share * _bell(age, *t.head_age)) for k, t in enumerate(laws.types)
             for age in laws.head_ages(t) if t.share > 0]  # fmt: skip
    kind, head_age, size = (np.array(column) for column in list(zip(*cells, strict=True))[:3])
    guess = np.array([cell[3] for cell in cells]) + 1e-12
    members, unpaired = _expected(laws, kind, head_age, size)
    bands = country.table("people.ages")
    in_band = np.add.reduceat(members, bands[:, 0].astype(np.int64), axis=1)
    sizes = country.table("households.sizes")
    mean = float(sizes @ np.arange(1, len(sizes) + 1))
    try:
        weight = rake_households(guess, size, sizes, in_band, mean * bands[:, 1])
    except ValueError as failed:
        raise InputError(
            f"{country.label}: household sizes and types cannot give the ages of people.ages ({failed}); "
            "mend one of these rows."
        ) from None
    pyramid = weight @ members / mean
    alone = (weight @ unpaired) / mean
    old = int(country.number("people.old"))
    return Calibration(
        laws=laws,
        kinds=Kinds(kind, head_age, size, np.cumsum(weight)),
        pyramid=pyramid,
        men=_men(country, float(alone[:old].sum()), float(alone[old:].sum())),
        education=education_table(country, pyramid),
        online=online_table(country, pyramid),
    )


def _expected(laws: FamilyLaws, kind: Ints, head_age: Ints, size: Ints) -> tuple[Floats, Floats]:
    """Expected members, and unpaired members, of each single age in each kind; shape [kinds, ages] each."""
    kinds, ages = len(kind), laws.oldest + 1
    each = np.repeat(np.arange(kinds), _COPIES)
    u_age, u_sex = _spread(size[each])
    family = laws.compose(kind[each], head_age[each], size[each], u_age, u_sex)
    at = np.repeat(each, size[each]) * ages + family.age
    count = np.bincount(at, minlength=kinds * ages) / _COPIES
    unpaired = np.bincount(at, ~family.paired, minlength=kinds * ages) / _COPIES
    return count.reshape(kinds, ages), unpaired.reshape(kinds, ages)


def _spread(sizes: Ints) -> tuple[Floats, Floats]:
    """Two numbers in [0, 1) for each member, spread evenly over households.

    Household n gives each place the fractional part of n * sqrt(p), with two primes p for each place: a
    Kronecker sequence, equidistributed because the roots are linearly independent over the rationals.
    """
    place = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    household = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    root: Floats = np.array(_primes(2 * int(sizes.max()))) ** 0.5
    return household * root[2 * place] % 1.0, household * root[2 * place + 1] % 1.0


def _primes(count: int) -> list[int]:
    """The first primes."""
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found


def _men(country: Country, young: float, old: float) -> tuple[float, float]:
    """Shares of men among the unpaired that, with couples half and half, give the sex ratio."""
    ratio, men_old = country.number("people.sex_ratio"), country.number("people.men_among_old_singles")
    wanted = ratio / (100.0 + ratio)
    men_young = (wanted - (1.0 - young - old) / 2 - old * men_old) / young
    if not 0 <= men_young <= 1:
        raise InputError(
            f"{country.label}: no share of men among singles gives the sex ratio {ratio:g}; "
            "mend people.sex_ratio or people.men_among_old_singles."
        )
    return men_young, men_old


def _bell(age: int, mean: float, sd: float) -> float:
    return float(np.exp(-0.5 * ((age - mean) / sd) ** 2))
