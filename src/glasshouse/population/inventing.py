"""From a seed to people."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.draws.philox import Key, uniforms
from glasshouse.draws.purposes import HOUSEHOLD_MAKE_UP, PERSON_MAKE_UP
from glasshouse.errors import InputError
from glasshouse.evidence import Parameters
from glasshouse.population.calibration import Calibration, calibrate
from glasshouse.population.country import Country
from glasshouse.population.households import Homes, group, settle
from glasshouse.population.lives import Money, education, money, roles
from glasshouse.population.people import Groups, Kin, Layout, Population
from glasshouse.population.reading import load
from glasshouse.population.temper import temper

Floats = NDArray[np.float64]

MOST_PEOPLE: Final = 2**31
MOST_TOWNS: Final = 2**16
_REFERENCE_KEY: Final = Key.of(0x9E3779B97F4A7C15)
_REFERENCE_PEOPLE: Final = 60_000
_QUANTILES: Final = 401


def invent(
    people: int, towns: int, seed: int, country: str = "china", parameters: Parameters | None = None
) -> Population:
    """Invent a population.

    People are divided over towns as evenly as possible. A town is an independent population: it depends on
    the seed, its number and its size, not on how many other towns there are.

    Args:
        people: over all towns, at least 1.
        towns: 1 to 65,536, at most `people`.
        seed: of the run, up to 64 bits.
        country: a country that ships, or the path of a country file.
        parameters: the registry (`glasshouse.evidence`); its default values if left out.

    Raises:
        InputError: counts out of range, or a country that cannot be used.
    """
    if not 1 <= people <= MOST_PEOPLE:
        raise InputError(f"A run needs 1 to {MOST_PEOPLE:,} people, not {people:,}; mend --people.")
    if not 1 <= towns <= MOST_TOWNS:
        raise InputError(f"A run needs 1 to {MOST_TOWNS:,} towns, not {towns:,}; mend --towns.")
    if towns > people:
        raise InputError(f"{people:,} people cannot fill {towns:,} towns; lower --towns or raise --people.")
    if parameters is None:
        from glasshouse.evidence import parameters as registry

        parameters = registry()
    margins = load(country)
    fitted = calibrate(margins)
    key = Key.of(seed)
    society = _society(people, towns, key, margins, fitted)
    return _population(society, key, margins, fitted, parameters)


class _Society(NamedTuple):
    """Households and people before money has a unit. Columns of people have shape [people]."""

    homes: Homes
    layout: Layout
    home: Any
    place: Any
    town: Any
    number: Any
    urban: Any
    group: Any
    kin: Any
    age: Any
    male: Any
    level: Any
    role: Any
    money: Money
    spare: Floats


def _society(people: int, towns: int, key: Key, country: Country, fitted: Calibration) -> _Society:
    """Households first, then their members, then what these do."""
    from scipy.special import ndtri

    homes, layout = settle(people, towns, key, country.table("households.sizes"), country.number("place.urban"))
    _, u_kind, u_group, _ = uniforms(key, homes.number, HOUSEHOLD_MAKE_UP, 0, homes.town, 0)
    kind, head_age = fitted.kinds.draw(homes.size, u_kind)
    in_group = group(homes, country.table("groups.shares"), country.number("groups.clustering"), key, u_group)

    home = np.repeat(np.arange(len(homes.size)), homes.size)
    place = np.arange(people) - (np.cumsum(homes.size) - homes.size)[home]
    town = homes.town[home]
    number = np.arange(people) - np.searchsorted(town, np.arange(towns))[town]
    u_age, u_sex, u_level, u_role = uniforms(key, number, PERSON_MAKE_UP, 0, town, 0)
    family = fitted.laws.compose(kind, head_age, homes.size, u_age, u_sex)
    men = np.where(family.age < country.number("people.old"), *fitted.men)
    male = np.where(family.paired, family.male, u_sex < men)
    level = education(fitted.education, family.age, homes.urban[home], u_level)
    role = roles(country, family.age, male, homes.urban[home], level, u_role)
    luck, spare, _, _ = uniforms(key, number, PERSON_MAKE_UP, 0, town, 1)
    purse = money(country, family.age, male, homes.urban[home], in_group[home], level, role, homes.size, ndtri(luck))
    return _Society(homes, layout, home, place, town, number, homes.urban[home], in_group[home],
                    family.kin, family.age, male, level, role, purse, spare)  # fmt: skip


@cache
def _scale(country: Country) -> tuple[Floats, Floats]:
    """Logarithms of relative money per head, and of CNY, at the same quantiles of a reference town."""
    reference = _society(_REFERENCE_PEOPLE, 1, _REFERENCE_KEY, country, calibrate(country))
    at = (1.0 - np.cos(np.linspace(0.0, np.pi, _QUANTILES))) / 2
    law = country.table("income.quantiles")
    return np.quantile(np.log(reference.money.per_head), at), np.interp(at, law[:, 0], np.log(law[:, 1]))


def _population(s: _Society, key: Key, country: Country, fitted: Calibration, p: Parameters) -> Population:
    """Give money its unit, add temper, and pack the columns."""
    relative, cny = _scale(country)
    income = np.exp(np.interp(np.log(s.money.per_head), relative, cny))
    age = s.age.astype(np.uint8)
    adult = age >= country.number("people.adult")
    children = np.bincount(s.home, (s.kin == Kin.CHILD) & ~adult) > 0
    cell = s.homes.town * s.layout.cells_per_town + s.homes.cell
    building = s.homes.town * s.layout.cells_per_town * s.layout.buildings_per_cell + s.homes.building
    first_in_building = np.concatenate([[True], building[1:] != building[:-1]])
    first = np.cumsum(s.homes.size) - s.homes.size
    opened = np.maximum.accumulate(np.where(first_in_building, first, 0))
    online = fitted.online[s.age, s.urban.astype(np.int64)]
    return Population(
        person=np.arange(len(age), dtype=np.uint32),
        number=s.number.astype(np.uint32),
        town=s.town.astype(np.uint16),
        district=s.homes.district[s.home].astype(np.uint16),
        cell=cell[s.home].astype(np.uint32),
        building=building[s.home].astype(np.uint32),
        place=(np.arange(len(age)) - opened[s.home]).astype(np.uint8),
        household=s.home.astype(np.uint32),
        household_size=s.homes.size[s.home].astype(np.uint8),
        household_place=s.place.astype(np.uint8),
        urban=s.urban,
        group=s.group.astype(np.uint8),
        kin=s.kin,
        age=age,
        female=~s.male,
        adult=adult,
        parent=(s.kin <= Kin.PARTNER) & children[s.home],
        driver=adult & (s.spare < float(p["people.drivers"])),
        role=s.role.astype(np.uint8),
        education=s.level.astype(np.uint8),
        earnings=np.rint(income * s.money.earnings / s.money.per_head).astype(np.int32),
        income=np.rint(income).astype(np.int32),
        **temper(key, s.number.astype(np.uint32), s.town.astype(np.uint32), online, s.urban, country, p),
        layout=s.layout,
        groups=Groups(country.labels("groups.labels"), tuple(country.table("groups.face_factor").tolist())),
        country=country.label,
        median_income=country.number("income.median"),
    )
