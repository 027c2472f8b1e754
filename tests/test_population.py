"""The invented population: margins, joints, layout, keys, country files.

Statistical tests draw 200,000 people in ten independent towns with a fixed seed and allow 4 standard errors,
those of the ten towns' values, so that households and cells may be as clustered as they are.
"""

from __future__ import annotations

import subprocess
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.draws.philox import Key, words
from glasshouse.draws.purposes import PERSON_TEMPER
from glasshouse.errors import InputError
from glasshouse.evidence import parameters, sources
from glasshouse.population import PLACES, Education, Kin, Population, Role, invent, load
from glasshouse.population.calibration import calibrate
from glasshouse.population.families import Gap
from glasshouse.population.fitting import rake, rake_households
from glasshouse.population.lives import money

TOWNS = 10
Z = 4.0
CHINA = resources.files("glasshouse.population").joinpath("data", "china.toml").read_text("utf-8")


@pytest.fixture(scope="module")
def crowd() -> Population:
    return invent(200_000, TOWNS, seed=20_260_101)


@pytest.fixture(scope="module")
def margins():
    return load("china")


def by_town(crowd: Population, values: np.ndarray, of: np.ndarray | None = None) -> np.ndarray:
    """Mean of `values` in each town, among the people `of`."""
    weight = np.ones(len(crowd)) if of is None else of.astype(float)
    return np.bincount(crowd.town, values * weight) / np.bincount(crowd.town, weight)


def assert_near(towns: np.ndarray, target: float, slack: float) -> None:
    """The mean of independent towns is within `slack` plus Z standard errors of the target."""
    error = towns.std(ddof=1) / len(towns) ** 0.5
    assert abs(towns.mean() - target) < slack + Z * error, (towns.mean(), target, error)
    assert error < max(0.05 * abs(target), slack), "the test would not see an error of a fifth"


def heads(crowd: Population) -> np.ndarray:
    return np.flatnonzero(crowd.kin == Kin.HEAD)


def head_of(crowd: Population, values: np.ndarray) -> np.ndarray:
    """At each person, the value of the head of the household."""
    return values[heads(crowd)][crowd.household]


# ------------------------------------------------------------------------------------------------- margins


def test_household_sizes(crowd, margins):
    size = crowd.household_size[heads(crowd)].astype(int)
    share = margins.table("households.sizes")
    n = len(size)
    for members, p in enumerate(share, 1):
        z = ((size == members).mean() - p) / (p * (1 - p) / n) ** 0.5
        assert abs(z) < Z, members
    assert abs(size.mean() - 2.62) < Z * size.std() / n**0.5
    assert share @ np.arange(1, 11) == pytest.approx(margins.number("households.mean_size"), abs=5e-4)


def test_age_bands(crowd, margins):
    bands = margins.table("people.ages")
    ends = [*bands[1:, 0], 200]
    for (start, share), end in zip(bands, ends, strict=True):
        assert_near(by_town(crowd, (crowd.age >= start) & (crowd.age < end)), share, slack=0.001)
    # The published totals behind the bands: 0-14, 15-59, 60+, 65+.
    for low, high, share in ((0, 15, 0.1795), (15, 60, 0.6335), (60, 200, 0.1870), (65, 200, 0.1350)):
        assert_near(by_town(crowd, (crowd.age >= low) & (crowd.age < high)), share, slack=0.0015)


def test_sex_ratio(crowd):
    assert_near(by_town(crowd, ~crowd.female), 105.07 / 205.07, slack=0.001)


def test_place(crowd):
    assert_near(by_town(crowd, crowd.urban), 0.6389, slack=0.002)


def test_education_margins(crowd, margins):
    adult = crowd.age >= 15
    assert_near(by_town(crowd, crowd.education == Education.COLLEGE), 0.15467, slack=0.001)
    assert_near(by_town(crowd, crowd.education == Education.PRIMARY), 0.24767, slack=0.002)
    assert_near(by_town(crowd, (crowd.education == Education.NONE) & adult), 0.0267, slack=0.0005)
    years = margins.table("education.years")[crowd.education]
    assert_near(by_town(crowd, years, adult), 9.91, slack=0.06)


def test_income_margins(crowd, margins):
    """Mean and median within 2 %, fifths and places within 10 %, Gini within .06.

    No law has all the published figures: their fifths, for one, have a mean 5 % above the published mean.
    """
    income = np.sort(crowd.income).astype(float)
    n = len(income)
    gini = (2 * np.arange(1, n + 1) - n - 1) @ income / (n * income.sum())
    assert income.mean() == pytest.approx(margins.number("income.mean"), rel=0.02)
    assert np.median(income) == pytest.approx(margins.number("income.median"), rel=0.02)
    fifths = [part.mean() for part in np.array_split(income, 5)]
    assert fifths == pytest.approx(margins.table("income.fifths"), rel=0.10)
    assert margins.number("income.gini") - 0.06 < gini < margins.number("income.gini") + 0.06
    for place, mean in enumerate(margins.table("income.by_place")):
        assert crowd.income[crowd.urban == place].mean() == pytest.approx(mean, rel=0.10)


def test_online(crowd):
    for place, share in ((True, 0.853), (False, 0.656)):
        assert_near(by_town(crowd, crowd.digital > 0, crowd.urban == place), share, slack=0.002)


# -------------------------------------------------------------------------------------------------- joints


def test_no_child_alone_and_every_household_has_an_adult_head(crowd):
    assert crowd.adult[heads(crowd)].all()
    assert (crowd.household_place[heads(crowd)] == 0).all()
    assert crowd.adult[crowd.household_size == 1].all()
    assert (crowd.adult == (crowd.age >= 18)).all()


def test_ages_of_families(crowd):
    age, head = crowd.age.astype(int), head_of(crowd, crowd.age).astype(int)
    is_partner = crowd.kin == Kin.PARTNER
    partner = np.full(len(heads(crowd)), -1)
    partner[crowd.household[is_partner]] = age[is_partner]
    for parent_age in (head, partner[crowd.household]):
        gap = (parent_age - age)[(crowd.kin == Kin.CHILD) & (parent_age >= 0)]
        assert gap.min() >= 18
        assert gap.max() <= 45
    above = (age - head)[crowd.kin == Kin.PARENT]
    assert (above.min() >= 18, above.max() <= 45) == (True, True)
    man_older = np.where(crowd.female, head - age, age - head)[is_partner]
    assert (man_older.min() >= -6, man_older.max() <= 10) == (True, True)
    assert 1.5 < man_older.mean() < 2.5
    assert (crowd.female != head_of(crowd, crowd.female))[is_partner].all()
    assert age[is_partner].min() >= 18


def test_two_parents_of_the_head_are_a_couple(crowd):
    second = np.flatnonzero((crowd.kin[1:] == Kin.PARENT) & (crowd.kin[:-1] == Kin.PARENT)) + 1
    assert len(second) > 1000
    assert (crowd.female[second] != crowd.female[second - 1]).all()
    assert np.abs(crowd.age[second].astype(int) - crowd.age[second - 1]).max() <= 10


def test_siblings_are_spread(crowd):
    """The k children share the law of the parent gap in k parts: the older comes first, and seldom twins."""
    next_child = np.flatnonzero((crowd.kin[1:] == Kin.CHILD) & (crowd.kin[:-1] == Kin.CHILD)) + 1
    apart = crowd.age[next_child - 1].astype(int) - crowd.age[next_child]
    assert apart.min() >= 0
    assert 4 < apart.mean() < 10


def test_parent_trait(crowd):
    minor = np.bincount(crowd.household, (crowd.kin == Kin.CHILD) & ~crowd.adult) > 0
    expected = minor[crowd.household] & (crowd.kin <= Kin.PARTNER)
    assert (crowd.parent == expected).all()
    assert 0.15 < crowd.parent.mean() < 0.35


def test_roles_by_age(crowd, margins):
    age, role = crowd.age, crowd.role
    assert (role[age < 6] == Role.CHILD).all()
    assert (role[(age >= 6) & (age < 15)] == Role.STUDENT).all()
    assert (role[age >= 15] != Role.CHILD).all()
    assert not (role[age < 50] == Role.RETIRED).any()
    working = np.isin(role, (Role.WORKER, Role.OWNER, Role.UNEMPLOYED))
    # Nobody of 30 to 49 without college is at school, so the labour force is the table's .96 and .80.
    middle = (age >= 30) & (age < 50) & (crowd.education < Education.COLLEGE)
    assert_near(by_town(crowd, working, middle & ~crowd.female), 0.96, slack=0.002)
    assert_near(by_town(crowd, working, middle & crowd.female), 0.80, slack=0.004)
    assert_near(by_town(crowd, role == Role.UNEMPLOYED, working & crowd.urban), 0.051, slack=0.002)
    at_work = np.isin(role, (Role.WORKER, Role.OWNER))
    assert_near(by_town(crowd, role == Role.OWNER, at_work), 0.16, slack=0.003)


def test_education_by_age_and_place(crowd):
    def college(of: np.ndarray) -> float:
        return float((crowd.education[of] == Education.COLLEGE).mean())

    ages = [(crowd.age >= low) & (crowd.age < low + 10) for low in (30, 40, 50, 60)]
    shares = [college(band) for band in ages]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 3 * shares[-1]
    for band in ages:
        assert college(band & crowd.urban) > 3 * college(band & ~crowd.urban)
    assert crowd.education[crowd.age < 6].max() == Education.NONE
    assert not (crowd.education[crowd.age < 18] == Education.COLLEGE).any()


def test_income_by_education_place_and_role(crowd):
    grown = crowd.age >= 25
    for place in (True, False):
        here = grown & (crowd.urban == place)
        for money_of in (crowd.income, crowd.earnings):
            means = [money_of[here & (crowd.education == level)].mean() for level in Education]
            assert means == sorted(means)
    means = {role: crowd.earnings[crowd.role == role].mean() for role in Role}
    assert means[Role.CHILD] == 0
    assert means[Role.OWNER] > means[Role.WORKER] > means[Role.RETIRED] > means[Role.AT_HOME]
    men, women = (crowd.earnings[(crowd.role == Role.WORKER) & (crowd.female == f)].mean() for f in (0, 1))
    assert 0.7 < women / men < 0.9


def test_income_is_what_the_household_earns_per_head(crowd):
    total = np.bincount(crowd.household, crowd.earnings)[crowd.household]
    assert np.abs(total / crowd.household_size - crowd.income).max() <= 1.0
    assert (crowd.income == head_of(crowd, crowd.income)).all()
    assert crowd.income.min() > 0


def test_groups_are_shared_by_households_and_cluster_in_cells(crowd):
    assert crowd.groups.labels == ("majority", "protected group")
    assert crowd.groups.face_factor == (1.0, 3.0)
    assert (crowd.group == head_of(crowd, crowd.group)).all()
    assert_near(by_town(crowd, crowd.group == 1), 0.1, slack=0.005)
    _, cell = np.unique(crowd.cell, return_inverse=True)
    share = np.bincount(cell, crowd.group == 1) / np.bincount(cell)
    # A tenth of the cells is the group's: .5 + .5 * .1 of them belong to it there, .5 * .1 elsewhere.
    enclave = share > 0.3
    assert enclave.mean() == pytest.approx(0.1, abs=0.02)
    assert share[enclave].mean() == pytest.approx(0.55, abs=0.02)
    assert share[~enclave].mean() == pytest.approx(0.05, abs=0.01)


def test_group_by_place(crowd):
    assert (crowd.urban == head_of(crowd, crowd.urban)).all()
    for place in (True, False):
        assert_near(by_town(crowd, crowd.group == 1, crowd.urban == place), 0.1, slack=0.01)


def test_neighbours_share_their_place(crowd):
    """Buildings are all town or all countryside, and every district has both."""
    building = np.unique(np.stack([crowd.building, crowd.urban]), axis=1)
    assert len(np.unique(building[0])) == building.shape[1]
    district = crowd.town.astype(int) * 8 + crowd.district
    share = np.bincount(district, crowd.urban) / np.bincount(district)
    assert len(share) == 8 * TOWNS
    assert np.abs(share - 0.6389).max() < 0.05


# -------------------------------------------------------------------------------------------------- temper


def test_temper_laws(crowd):
    n = len(crowd)
    p = parameters()
    logit = crowd.susceptibility / 2**16
    sd = p.number("deterrence.susceptibility_sd")
    assert abs(logit.mean()) < Z * sd / n**0.5
    assert logit.std() == pytest.approx(sd, rel=0.01)
    for column, name in (
        (crowd.risk, "deterrence.risk_sd"),
        (crowd.boldness, "expression.boldness_sd"),
        (crowd.lookalike, "faces.lookalike_sd"),
    ):
        log = np.log(column / 2**8)
        # ln x ~ N(0, sd): median 1; the grid of 1/256 adds at most .01 to the spread here.
        assert abs(log.mean()) < Z * p.number(name) / n**0.5 + 1e-4
        assert log.std() == pytest.approx(p.number(name), rel=0.01)
    x = crowd.opposition / 2**30
    alpha, beta = p.number("expression.opposition_alpha"), p.number("expression.opposition_beta")
    variance = alpha * beta / ((alpha + beta) ** 2 * (alpha + beta + 1))
    assert abs(x.mean() - alpha / (alpha + beta)) < Z * (variance / n) ** 0.5
    assert x.var() == pytest.approx(variance, rel=0.02)
    assert 0 <= x.min() < x.max() <= 1


def test_half_opposed_share_of_the_default_law():
    """With x ~ Beta(2, 2.5), P(x > .5) is .398 (incomplete beta function)."""
    changed = parameters().with_values({"expression.opposition_alpha": 2.0, "expression.opposition_beta": 2.5})
    people = invent(50_000, 1, 3, parameters=changed)
    assert abs((people.opposition > 2**29).mean() - 0.398) < Z * (0.398 * 0.602 / 50_000) ** 0.5


def test_wild_tempers_are_cut_at_their_limits():
    wild = {"deterrence.susceptibility_sd": 50.0, "deterrence.risk_sd": 50.0, "faces.lookalike_sd": 50.0}
    people = invent(2_000, 1, 1, parameters=parameters().with_values(wild))
    assert (people.susceptibility.min(), people.susceptibility.max()) == (-4 * 2**16, 4 * 2**16)
    for column in (people.risk, people.lookalike):
        assert (column.min(), column.max()) == (16, 4096)


def test_awareness_word_is_the_purpose_s_own(crowd):
    at = np.array([0, 5, 19_999, 20_000, 199_999])
    drawn = words(
        Key.of(20_260_101), crowd.number[at], PERSON_TEMPER, np.uint32(0), crowd.town[at].astype(np.uint32), 2
    )
    assert (crowd.aware_word[at] == drawn.a).all()


def test_drivers_are_adults(crowd):
    assert not crowd.driver[~crowd.adult].any()
    assert_near(by_town(crowd, crowd.driver, crowd.adult), parameters().number("people.drivers"), slack=0.002)


def test_camera_passages(crowd):
    for place, median in ((True, 8), (False, 2)):
        assert np.median(crowd.passages[crowd.urban == place]) == median
    assert crowd.passages.max() <= 60


# ----------------------------------------------------------------------------------- layout, keys, extremes


def check_layout(p: Population, people: int, towns: int) -> None:
    layout = p.layout
    assert len(p) == people
    assert (p.person == np.arange(people)).all()
    size = np.bincount(p.town, minlength=towns)
    assert size.max() - size.min() <= 1
    assert (np.diff(p.town.astype(int)) >= 0).all()
    for column in (p.cell, p.building, p.household):
        assert (np.diff(column.astype(np.int64)) >= 0).all()
    start = np.searchsorted(p.town, np.arange(towns))
    assert (p.number == np.arange(people) - start[p.town]).all()
    # A household is a run of rows in one building.
    assert (np.diff(p.household) <= 1).all()
    assert (np.bincount(p.household)[p.household] == p.household_size).all()
    first = np.flatnonzero(p.household_place == 0)
    assert (p.building == p.building[first][p.household]).all()
    assert (p.household_place == np.arange(people) - first[p.household]).all()
    # The grid.
    assert 1 <= layout.buildings_per_cell <= 128
    assert (p.building // layout.buildings_per_cell == p.cell).all()
    assert (p.cell // layout.cells_per_town == p.town).all()
    assert p.place.max() < PLACES
    index = p.grid_index()
    assert (np.diff(index) > 0).all()
    assert index[-1] < layout.places == layout.shape[0] * layout.shape[1]
    assert (index // layout.places_per_cell == p.cell).all()
    # Districts are runs of cells, in order.
    where = p.town.astype(np.int64) * layout.districts_per_town + p.district
    assert p.district.max() < layout.districts_per_town <= 8
    assert (np.diff(where) >= 0).all()
    assert len(np.unique(np.stack([p.cell, where]), axis=1)[0]) == len(np.unique(p.cell))
    assert p.adult[first].all()


@settings(max_examples=40, deadline=None)
@given(people=st.integers(1, 6_000), towns=st.integers(1, 40), seed=st.integers(0, 2**64 - 1))
def test_layout_of_any_population(people: int, towns: int, seed: int):
    towns = min(towns, people)
    check_layout(invent(people, towns, seed), people, towns)


@pytest.mark.parametrize("people", [1, 2, 7, 100, 4_000])
def test_layout_of_small_populations(people: int):
    for towns in {1, min(people, 3), people if people <= 100 else 5}:
        check_layout(invent(people, towns, 7), people, towns)


def test_one_person_is_an_adult_alone():
    for seed in range(50):
        one = invent(1, 1, seed)
        assert (one.adult[0], one.household_size[0], one.kin[0]) == (True, 1, Kin.HEAD)


def test_the_default_town_has_forty_cells_of_three_buildings_and_eight_districts():
    default = invent(20_000, 5, 1)
    assert default.layout.buildings_per_cell == 3
    assert default.layout.cells_per_town >= 40
    assert (np.bincount(np.unique(default.town.astype(int) * 8 + default.district) // 8) == 8).all()


@pytest.mark.parametrize("people", [4_000, 9_000, 26_000, 57_000, 164_000, 400_000])
def test_few_places_are_vacant(people: int):
    town = invent(people, 1, 5)
    assert town.vacancy < 0.06
    assert town.layout.cells_per_town >= 40
    if town.layout.buildings_per_cell == 128:
        assert town.layout.places_per_cell == 4_096


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_people():
    one, same, other = (invent(3_000, 2, seed).columns() for seed in (11, 11, 12))
    assert all(one[name].tobytes() == same[name].tobytes() for name in one)
    assert all(one[name].dtype == same[name].dtype and one[name].shape == (3_000,) for name in one)
    # Buildings fill up whoever lives in them.
    fixed = {"person", "number", "town", "district", "cell", "building", "place"}
    assert all(one[name].tobytes() != other[name].tobytes() for name in one.keys() - fixed)
    assert invent(3_000, 2, 11 + 2**32).age.tobytes() != one["age"].tobytes()


def test_a_town_does_not_depend_on_how_many_towns_there_are():
    few, many = invent(6_000, 2, 9), invent(21_000, 7, 9)
    for name, column in few.columns().items():
        for town in range(2):
            a, b = column[few.town == town], many.columns()[name][many.town == town]
            if name in ("person", "cell", "building", "household"):
                a, b = a - a[0], b - b[0]
            assert (a == b).all(), name


def test_towns_differ(crowd):
    a, b = (crowd.age[crowd.town == town] for town in (0, 1))
    assert (a != b).mean() > 0.5


def test_bytes_of_a_person(crowd):
    assert sum(column.itemsize for column in crowd.columns().values()) <= 72


@pytest.mark.parametrize(
    ("people", "towns", "message"),
    [
        (0, 1, "--people"),
        (-5, 1, "--people"),
        (10, 0, "--towns"),
        (3, 4, "cannot fill 4 towns"),
        (10**6, 70_000, "--towns"),
    ],
)
def test_impossible_counts(people: int, towns: int, message: str):
    with pytest.raises(InputError, match=message):
        invent(people, towns, 1)


# ------------------------------------------------------------------------------------------- known answers


def test_gap_is_the_normal_curve_on_whole_years_cut_to_what_is_allowed():
    gap = Gap(27.5, 5.0, 18.0, 45.0)
    u = (np.arange(100_000) + 0.5) / 100_000
    drawn = gap.draw(u, 20, 30)
    weight = np.exp(-0.5 * ((np.arange(20, 31) - 27.5) / 5) ** 2)
    assert np.bincount(drawn, minlength=31)[20:] / 100_000 == pytest.approx(weight / weight.sum(), abs=2e-5)
    assert (np.diff(drawn) >= 0).all()
    assert set(gap.draw(u[::1000], 25, 25)) == {25}


def test_rake_keeps_odds_ratios_and_reaches_margins():
    """A 2 x 2 table keeps its odds ratio ad / bc = 6; with margins .6/.4 and .5/.5, a solves a quadratic."""
    table = rake(np.array([[3.0, 1.0], [1.0, 2.0]]), [((1,), np.array([0.6, 0.4])), ((0,), np.array([0.5, 0.5]))])
    # a (a - .1) = 6 (.6 - a) (.5 - a)  =>  5 a^2 - 6.5 a + 1.8 = 0
    a = (6.5 - (6.5**2 - 4 * 5 * 1.8) ** 0.5) / 10
    assert table == pytest.approx(np.array([[a, 0.6 - a], [0.5 - a, a - 0.1]]), abs=1e-8)


def test_rake_households_is_the_maximum_entropy_law():
    """Kinds of two with 0, 1, 2 young members and equal guesses: w_k ~ x^k.

    A mean of 1.2 young: (x + 2 x^2) = 1.2 (1 + x + x^2), so .8 x^2 - .2 x - 1.2 = 0.
    """
    young = np.array([0.0, 1.0, 2.0])
    members = np.stack([young, 2 - young], axis=1)
    weight = rake_households(np.ones(3), np.full(3, 2), np.array([0.0, 1.0]), members, np.array([1.2, 0.8]))
    x = (0.2 + (0.04 + 4 * 0.8 * 1.2) ** 0.5) / 1.6
    assert weight == pytest.approx(x**young / (1 + x + x * x), abs=1e-8)


def test_rake_households_refuses_the_impossible():
    with pytest.raises(ValueError, match=r"off by|converge"):
        rake_households(
            np.ones(2), np.array([1, 1]), np.array([1.0]), np.array([[1.0, 0], [1, 0]]), np.array([0.5, 0.5])
        )


def test_calibration_hits_its_targets(margins):
    fitted = calibrate(margins)
    bands = margins.table("people.ages")
    got = np.add.reduceat(fitted.pyramid, bands[:, 0].astype(int))
    assert got == pytest.approx(bands[:, 1], abs=1e-4)
    weight = np.diff(fitted.kinds.end, prepend=0)
    assert np.bincount(fitted.kinds.size, weight)[1:] == pytest.approx(margins.table("households.sizes"), abs=1e-9)
    urban = margins.number("place.urban")
    held = np.outer(fitted.pyramid, [1 - urban, urban])
    assert (held * (1 - fitted.education[:, :, 2])).sum() == pytest.approx(0.15467, abs=1e-6)
    assert (held * fitted.online).sum(axis=0) / held.sum(axis=0) == pytest.approx([0.656, 0.853], abs=1e-6)


def test_money_of_a_household(margins):
    """A working couple of 43 in town, he with college, she with secondary school, and a child of 5.

    he = exp(.08 * 15.3), she = .8 exp(.08 * 10.2), the child nothing; per head: a third of the sum.
    """
    three = np.array
    got = money(
        margins,
        age=three([43, 43, 5]),
        male=three([True, False, True]),
        urban=three([True, True, True]),
        group=three([0, 0, 0]),
        level=three([Education.COLLEGE, Education.SECONDARY, Education.NONE]),
        role=three([Role.WORKER, Role.WORKER, Role.CHILD]),
        sizes=three([3]),
        z=np.zeros(3),
    )
    he, she = np.exp(0.08 * 15.3), 0.8 * np.exp(0.08 * 10.2)
    assert got.earnings == pytest.approx([he, she, 0.0])
    assert got.per_head == pytest.approx([(he + she) / 3] * 3)


# ------------------------------------------------------------------------------------------- country files


def test_every_row_of_china_rests_on_a_known_source(margins):
    known = sources()
    for row in margins.rows.values():
        assert all(key in known for key in (row.source or "").split()), row.id
        assert row.unit, row.id


def changed(tmp_path: Path, *swaps: tuple[str, str]) -> str:
    text = CHINA
    for old, new in swaps:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "land.toml"
    path.write_text(text, "utf-8")
    return str(path)


def test_a_second_country_works_by_its_path(tmp_path):
    """A small invented country: three household sizes, three groups, mostly countryside, half the incomes."""
    begin, end = CHINA.index("[households.sizes]"), CHINA.index("[households.partner_gap]")
    households = """
[households.sizes]
value = [0.3, 0.3, 0.4]
unit = "share of households"
status = "assumed"
range = [0.1, 0.6]
checked = false
confidence = "low"

[households.mean_size]
value = 2.1
unit = "people per household"
status = "assumed"
range = [2.0, 2.2]
checked = false
confidence = "low"

[households.types]
value = [
  { label = "alone", partner = false, children = 0, share = 1.0, head_age = [50, 20], NO_OTHERS },
  { label = "couple", partner = true, children = 0, share = 0.7, head_age = [52, 16], NO_OTHERS },
  { label = "one child", partner = false, children = 1, share = 0.3, head_age = [40, 9], NO_OTHERS },
  { label = "family", partner = true, children = 1, share = 1.0, head_age = [40, 9], NO_OTHERS },
]
unit = "share of a type among households of its size"
status = "assumed"
factor = [0.5, 2.0]
checked = false
confidence = "low"

"""
    households = households.replace("NO_OTHERS", "parents = 0, relatives = 0")
    text = CHINA[:begin] + households.lstrip() + CHINA[end:]
    for old, new in (
        ('label = "China"', 'label = "Nowhere"'),
        ("value = 0.6389", "value = 0.3"),
        ('value = ["majority", "protected group"]', 'value = ["a", "b", "c"]'),
        ("value = [0.9, 0.1]", "value = [0.6, 0.3, 0.1]"),
        ("value = [1.0, 3.0]", "value = [1.0, 2.0, 5.0]"),
        ("value = [1.0, 1.0]", "value = [1.0, 0.6, 1.2]"),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "nowhere.toml"
    path.write_text(text, "utf-8")
    land = invent(40_000, 4, 1, str(path))
    check_layout(land, 40_000, 4)
    assert land.country == "Nowhere"
    assert land.groups.face_factor == (1.0, 2.0, 5.0)
    assert np.bincount(land.group) / 40_000 == pytest.approx([0.6, 0.3, 0.1], abs=0.02)
    assert land.household_size.max() == 3
    assert land.urban.mean() == pytest.approx(0.3, abs=0.01)
    assert land.income[land.group == 1].mean() < 0.8 * land.income[land.group == 0].mean()
    assert (land.age < 15).mean() == pytest.approx(0.1795, abs=0.01)


@pytest.mark.parametrize(
    ("row", "old", "new", "message"),
    [
        ("people.sex_ratio", "value = 105.07", "value = 1050.7", "number from 50 to 200"),
        ("people.sex_ratio", "value = 105.07", "value = nan", "number from 50 to 200"),
        ("people.sex_ratio", "value = 105.07", 'value = "many"', "number from 50 to 200"),
        ("groups.shares", "value = [0.9, 0.1]", "value = [0.9, 0.2]", "shares must add up to 1"),
        ("groups.shares", '"protected group"]', '"b", "c"]', "2 entries for 3 labels"),
        ("place.urbain", "[place.urban]", "[place.urbain]", 'Did you mean "place.urban"'),
        ("people.ages", "[80, 0.0254]]", "[60, 0.0254]]", "ascending starts"),
        ("groups.clustering", "range = [0.0, 0.9]", "", "assumed without limits"),
        ("groups.clustering", "range = [0.0, 0.9]", "range = [0.6, 0.9]", "outside its range"),
        ("people.oldest", "value = 100\n", "value = 100\nage = 3\n", 'unknown key "age"'),
        ("education.none", "value = 0.0267", "value = 2.67", "number from 0 to 1"),
        (
            "households.types",
            'label = "ten", partner = true',
            'label = "ten", partner = "yes"',
            "write true or false",
        ),
        (
            "households.types",
            'label = "ten", partner = true',
            'label = "ten", partner = false',
            "hold the size 10",
        ),
        ("households.partner_gap", "[2.0, 3.0, -6.0, 10.0]", "[2.0, 3.0, -6.0, 40.0]", "narrow its limits"),
        ("income.quantiles", "[1.0, 1000000]]", "[0.9995, 1000000]]", "must end at"),
        ("work.roles", "[15, 1.00, 1.00", "[14, 1.00, 1.00", "must begin at age 15"),
    ],
)
def test_what_is_wrong_with_a_country_file(tmp_path, row: str, old: str, new: str, message: str):
    path = changed(tmp_path, (old, new))
    with pytest.raises(InputError, match=message) as raised:
        load(path)
    lines = Path(path).read_text("utf-8").splitlines()
    assert f"land.toml, line {lines.index(f'[{row}]') + 1}: " in str(raised.value)
    assert "\n" not in str(raised.value)


def test_ages_that_no_households_can_give(tmp_path):
    """Nine people in ten below the age of ten: no household has so many children."""
    begin = CHINA.index("[people.ages]\nvalue = ") + len("[people.ages]\nvalue = ")
    text = CHINA[:begin] + "[[0, 0.9], [10, 0.1]]" + CHINA[CHINA.index("\n", begin) :]
    path = tmp_path / "nursery.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"people\.ages"):
        invent(100, 1, 1, str(path))


@pytest.mark.parametrize(
    ("country", "message"),
    [("chnia", 'Did you mean "china"'), ("atlantis", "china"), ("no/such.toml", "cannot be read")],
)
def test_unknown_countries(country: str, message: str):
    with pytest.raises(InputError, match=message):
        invent(10, 1, 1, country)


def test_a_file_that_is_not_toml(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("[people\n")
    with pytest.raises(InputError, match=r"bad\.toml.*line 1"):
        load(str(path))


def test_a_missing_row(tmp_path):
    at = CHINA.index("[groups.clustering]")
    path = tmp_path / "short.toml"
    path.write_text(CHINA[:at] + CHINA[CHINA.index("# ----", at) :], "utf-8")
    with pytest.raises(InputError, match=r"\[groups\.clustering\] is missing"):
        load(str(path))


def test_importing_is_light():
    code = (
        "import sys, glasshouse.population; "
        "print([m for m in ('scipy', 'jax', 'duckdb', 'altair') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
