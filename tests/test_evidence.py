"""The numbers about the world: rows are whole, derived ones follow from others, bad ones are refused."""

from __future__ import annotations

import datetime as dt
import math
import re
import subprocess
import sys
from dataclasses import fields
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from glasshouse.errors import InputError
from glasshouse.evidence import (
    DeedFact,
    Parameters,
    Quantity,
    channels,
    deeds,
    facts,
    parameters,
    seasons,
    services,
    sources,
)
from glasshouse.evidence.quantity import quantity
from glasshouse.evidence.registers import registers
from glasshouse.words import DEED_KINDS, MOST_QUEUES, MOST_SERVICES, STATUSES

DAYS_A_YEAR = 365.25


def parts(row: Any) -> list[Quantity]:
    """The quantities that a deed or service is made of."""
    return [value for field in fields(row) if isinstance(value := getattr(row, field.name), Quantity)]


def numbers(row: Quantity) -> tuple[float, ...]:
    return row.value if isinstance(row.value, tuple) else (row.value,)


def model_rows() -> list[Quantity]:
    """Everything a run reads."""
    catalogue = [part for row in (*deeds(), *services(), *registers()) for part in parts(row)]
    return [*parameters().values(), *channels().values(), *catalogue]


def every_row() -> list[Quantity]:
    return [*model_rows(), *facts()]


FACTS = {fact.id: fact for fact in facts()}
DEEDS = {deed.id: deed for deed in deeds()}
SERVICES = {service.id: service for service in services()}


# --- every row -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", every_row(), ids=lambda row: row.id)
def test_a_row_is_whole(row: Quantity) -> None:
    assert row.unit
    assert row.status in STATUSES
    assert row.confidence in ("high", "medium", "low")
    assert all(math.isfinite(value) for value in numbers(row))
    assert row.source or row.status == "assumed"
    assert row.range or row.status != "assumed"
    if row.range:
        assert all(row.range[0] <= value <= row.range[1] for value in numbers(row))
    if row.unit in ("share", "probability"):
        assert all(0 <= limit <= 1 for limit in (*numbers(row), *(row.range or ())))


@pytest.mark.parametrize("row", every_row(), ids=lambda row: row.id)
def test_a_row_names_sources_that_exist_and_is_checked_only_if_they_were_seen(row: Quantity) -> None:
    assert set(row.sources) <= set(sources())
    if row.checked:
        assert row.sources
        assert all(sources()[key].seen for key in row.sources)


@pytest.mark.parametrize("row", model_rows(), ids=lambda row: row.id)
def test_what_a_run_reads_has_a_range(row: Quantity) -> None:
    assert row.range is not None


def test_ids_are_unique() -> None:
    ids = [row.id for row in every_row()]
    assert len(set(ids)) == len(ids)


def test_every_parameter_has_a_symbol_of_its_own() -> None:
    symbols = [row.symbol for row in parameters().values()]
    assert None not in symbols
    assert len(set(symbols)) == len(symbols)


# --- numbers that follow from others ---------------------------------------------------------------------


def test_one_false_match_in_6000_faces_against_10000_listed() -> None:
    """FPIR = 1 - (1 - FMR)^N."""
    fmr = parameters().number("faces.fmr")
    for gallery, fact in ((10_000, "faces.false_alarms_10000"), (1_000, "faces.false_alarms_1000")):
        assert -math.expm1(gallery * math.log1p(-fmr)) == pytest.approx(float(FACTS[fact]), rel=1e-3)


def test_a_threshold_of_64_makes_one_false_match_in_33000() -> None:
    """FMR(T) = FMR(T0) exp(-(T - T0) / s)."""
    p = parameters()
    fmr = p.number("faces.fmr") * math.exp(
        -(0.64 - p.number("faces.reference_threshold")) / p.number("faces.fmr_scale")
    )
    assert 10_000 * fmr == pytest.approx(float(FACTS["faces.false_alarms_064"]), rel=2e-3)


def test_deterrence_is_fitted_to_the_effect_of_cameras() -> None:
    """A rare offence changes by exp(-kappa (pi1 - pi0)) - 1 as perceived detection rises from .05 to .15."""
    p = parameters()
    change = math.expm1(-p.number("deterrence.kappa") * (0.15 - p.number("deterrence.pi0")))
    assert change == pytest.approx(float(FACTS["watching.cameras_crime"]), abs=0.002)


def test_two_in_five_hold_private_opposition() -> None:
    """P(x > .5) for x ~ Beta(2, 2.5) = .398."""
    p = parameters()
    law = beta(p.number("expression.opposition_alpha"), p.number("expression.opposition_beta"))
    assert law.sf(0.5) == pytest.approx(0.398, abs=5e-4)


def test_weights_of_others_sum_to_one() -> None:
    layers = ("household", "friends", "building", "cell", "town")
    assert sum(parameters().number(f"expression.{layer}_weight") for layer in layers) == pytest.approx(1)


def test_the_court_list_flows_in_and_out_at_the_documented_rates() -> None:
    adults = float(FACTS["population.people_15_and_more"])
    entered = float(FACTS["lists.entries_2024"]) / adults
    left = float(FACTS["lists.exits_2024"]) / float(FACTS["lists.stock_2023"])
    assert entered == pytest.approx(float(FACTS["lists.entry_rate"]), abs=5e-5)
    assert left == pytest.approx(float(FACTS["lists.exit_rate"]), abs=5e-3)
    unpaid = DEEDS["judgment_unpaid"]
    daily = float(unpaid.occasions) * float(unpaid.committed)
    assert daily * DAYS_A_YEAR == pytest.approx(entered, rel=0.01)


def test_the_stocks_of_the_court_list_are_shares_of_all_people() -> None:
    for year in (2020, 2023):
        share = float(FACTS[f"lists.stock_{year}"]) / float(FACTS["population.people"])
        assert share == pytest.approx(float(FACTS[f"lists.stock_share_{year}"]), abs=1e-4)


@pytest.mark.parametrize(("service", "tickets"), [("flight", "flights"), ("train", "trains")])
def test_listed_people_ask_for_tickets_as_often_as_they_were_refused(service: str, tickets: str) -> None:
    refused = float(FACTS[f"denials.{tickets}_2018"]) - float(FACTS[f"denials.{tickets}_2017"])
    rate = refused / float(FACTS["lists.stock_2020"])
    assert float(SERVICES[service].requests) == pytest.approx(rate, abs=0.05)
    assert float(FACTS[f"denials.{tickets}_rate"]) == float(SERVICES[service].requests)


def test_the_fine_for_crossing_on_red_is_a_ceiling_in_days_of_median_income() -> None:
    days = float(FACTS["cameras.jaywalking_fine"]) / (float(FACTS["income.median"]) / 365)
    assert float(DEEDS["jaywalking"].ordinary_fine) == pytest.approx(days, abs=0.005)


@pytest.mark.parametrize("fact", ["population.household_sizes", "population.age_bands", "contacts.kinds"])
def test_shares_of_a_whole_sum_to_one(fact: str) -> None:
    assert sum(numbers(FACTS[fact])) == pytest.approx(1, abs=1e-3)


def test_household_sizes_agree_with_their_mean() -> None:
    sizes = numbers(FACTS["population.household_sizes"])
    mean = sum(n * share for n, share in enumerate(sizes, 1))  # 7 stands for 7 and more
    assert mean == pytest.approx(float(FACTS["population.household_size"]), abs=0.03)


# --- the catalogues --------------------------------------------------------------------------------------


def test_deeds_keep_their_numbers() -> None:
    assert " ".join(deed.id for deed in deeds()) == (
        "jaywalking traffic_violation fare_evasion theft violence fraud utility_bill_late loan_arrears "
        "judgment_unpaid tax_arrears petition critical_post protest sensitive_reading volunteering "
        "blood_donation award informing gaming"
    )


@pytest.mark.parametrize(
    ("deed", "occasions", "committed"),
    [
        ("jaywalking", 0.5, 0.185),
        ("traffic_violation", 0.3, 0.0014),
        ("utility_bill_late", 1 / 30, 0.01),
        ("judgment_unpaid", 5.8e-6, 1),
        ("petition", 0.005, 0.01),
        ("critical_post", 0.2, 0.02),
        ("protest", 0.001, 0.002),
        ("blood_donation", 1 / 90, 0.003),
        ("award", 1 / 365, 0.01),
    ],
)
def test_rates_of_deeds(deed: str, occasions: float, committed: float) -> None:
    assert float(DEEDS[deed].occasions) == pytest.approx(occasions, rel=1e-12)
    assert float(DEEDS[deed].committed) == pytest.approx(committed, rel=1e-12)


@pytest.mark.parametrize("deed", deeds(), ids=lambda deed: deed.id)
def test_ordinary_law_punishes_offences_and_nothing_lawful(deed: DeedFact) -> None:
    assert deed.kind in DEED_KINDS
    assert deed.lawful == (deed.kind in ("speech", "reading", "good", "answer"))
    punished = float(deed.ordinary_detection) > 0 and float(deed.ordinary_fine) > 0
    assert punished != deed.lawful
    assert float(deed.harm) >= 0
    assert deed.benefit_note or not deed.lawful


def test_deeds_scale_with_the_trait_that_exposes_people() -> None:
    scaled = {deed.id: deed.exposure for deed in deeds() if deed.exposure != "everyone"}
    assert scaled == {
        "traffic_violation": "drivers",
        "critical_post": "digital",
        "sensitive_reading": "digital",
        "gaming": "digital",
    }


def test_channels_leave_cameras_to_their_own_model() -> None:
    assert "camera" not in channels()
    assert {"patrol", "court", "platform", "victim"} <= set(channels())


def test_a_caller_cannot_change_the_tables() -> None:
    channels().clear()
    sources().clear()
    assert channels()
    assert sources()


def test_services() -> None:
    essential = [service.id for service in services() if service.essential]
    assert essential == ["care", "bus", "housing"]
    assert SERVICES["school"].season == "09-01"
    assert len(services()) <= MOST_SERVICES
    assert [service.id for service in services() if service.load] == ["care", "school", "housing", "ticket"]
    assert [service.id for service in services() if service.waits] == ["care", "housing"]
    assert sum(service.load is not None for service in services()) <= MOST_QUEUES
    assert SERVICES["school"].who == "parents"
    assert float(SERVICES["bus"].price) == 2


# --- the bibliography ------------------------------------------------------------------------------------


def test_sources_are_seen_exactly_where_their_key_says_so() -> None:
    for key, source in sources().items():
        assert re.fullmatch(r"A|[SMR]\d{2,3}[a-f]?", key)
        assert source.key == key
        assert source.title
        assert source.publisher
        assert source.seen == (not key.startswith("R"))
        assert source.year is None or 1950 <= source.year <= 2026


# --- the registry ----------------------------------------------------------------------------------------


def test_named_parameters() -> None:
    p = parameters()
    assert p.value("deterrence.kappa") == 1.4
    assert p["deterrence.crowding_out"].status == "contested"
    assert p["faces.tpir"].checked is False  # only a copy that quotes it was seen
    assert p["society.run_in_days"].unit == "days"
    assert "deterrence.nothing" not in p
    assert p.get("deterrence.nothing") is None


def test_other_values_make_another_registry() -> None:
    changed = parameters().with_values({"deterrence.kappa": 2})
    assert changed.value("deterrence.kappa") == 2.0
    row = changed["deterrence.kappa"]
    assert (row.status, row.source, row.checked) == ("assumed", None, False)
    assert "1.4" in (row.note or "")
    assert parameters().value("deterrence.kappa") == 1.4
    assert list(changed) == list(parameters())


@given(st.sampled_from(sorted(parameters())), st.floats(0, 1))
def test_a_change_touches_its_own_row_only(id: str, value: float) -> None:
    changed = parameters().with_values({id: value})
    assert changed.number(id) == value
    assert all(changed[other] == row for other, row in parameters().items() if other != id)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"deterrence.kapa": 1.0}, r'no parameter "deterrence\.kapa".*Did you mean "deterrence\.kappa"\?'),
        ({"deterrence.kappa": math.nan}, "not a finite number"),
        ({"deterrence.kappa": math.inf}, "not a finite number"),
        ({"deterrence.kappa": "1"}, "not a number"),
        ({"deterrence.kappa": True}, "not a number"),
        ({"deterrence.kappa": (1.0, 2.0)}, "takes one number"),
        ({"deterrence.pi0": 1.5}, "between 0 and 1"),
        ({"people.drivers": -0.1}, "between 0 and 1"),
    ],
)
def test_a_wrong_change_is_refused_in_one_sentence(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says) as refusal:
        parameters().with_values(changes)
    assert "\n" not in str(refusal.value)


def test_a_row_of_numbers_stays_one() -> None:
    row = FACTS["income.quintiles"]
    registry = Parameters({row.id: row})
    assert registry.with_values({row.id: (1, 2, 3, 4, 5)}).value(row.id) == (1.0, 2.0, 3.0, 4.0, 5.0)
    for wrong in (1.0, (1.0, 2.0)):
        with pytest.raises(InputError, match="takes 5 numbers"):
            registry.with_values({row.id: wrong})
    with pytest.raises(TypeError, match="holds 5 numbers"):
        registry.number(row.id)


def test_an_unknown_parameter_is_named_with_its_neighbour() -> None:
    with pytest.raises(InputError, match=r'Did you mean "faces\.fmr"\?'):
        parameters().value("faces.frm")


# --- broken rows -----------------------------------------------------------------------------------------

GOOD = {
    "value": 1.0,
    "unit": "1",
    "range": [0.0, 2.0],
    "status": "assumed",
    "checked": False,
    "confidence": "low",
}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"unit": None}, 'lacks "unit"'),
        ({"rnage": [0, 1]}, r'unknown key "rnage"; Did you mean "range"'),
        ({"value": "much"}, "not a number"),
        ({"value": math.nan}, "not a finite number"),
        ({"unit": "share"}, "between 0 and 1"),
        ({"range": [2.0, 3.0]}, "outside its range"),
        ({"range": None}, 'lacks "range"'),
        ({"range": [0.0]}, r"not \[low, high\]"),
        ({"status": "sure"}, "has the status 'sure'"),
        ({"confidence": "some"}, "has the confidence 'some'"),
        ({"status": "documented"}, "documented without a source"),
        ({"checked": True}, "nothing to check"),
        ({"checked": "yes"}, "neither true nor false"),
    ],
)
def test_a_broken_row_is_refused_with_file_and_line(change: dict[str, Any], says: str) -> None:
    table = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    with pytest.raises(InputError, match=r"^parameters/deterrence\.toml, line \d+: deterrence\.xi .*" + says):
        quantity("parameters/deterrence.toml", "deterrence.xi", table)


def test_the_line_of_a_broken_row_is_where_it_stands() -> None:
    for file, row, begins in (
        ("parameters/faces.toml", "faces.fmr", "[faces.fmr]"),
        ("deeds.toml", "theft.harm", "harm ="),
        ("channels.toml", "victim", "victim ="),
    ):
        with pytest.raises(InputError) as refusal:
            quantity(file, row, 3)
        line = int(re.findall(r"line (\d+)", str(refusal.value))[0])
        text = (files("glasshouse.evidence") / "data" / file).read_text(encoding="utf-8").splitlines()
        assert text[line - 1].startswith(begins)


@pytest.mark.parametrize(
    "season", ["02-29", "13-01", "1 September", "02-01/03-01", "05-01/04-01", "00", "29", "01-20/", "W01-1"]
)
def test_a_season_comes_every_year_alike(season: str) -> None:
    assert "write month and day" in str(seasons.problem(season))


@pytest.mark.parametrize(("season", "a_year"), [(None, 365), ("01", 12), ("28", 12), ("09-01", 1), ("01-20/02-28", 40)])
def test_openings_are_numbered_without_a_gap(season: str | None, a_year: int) -> None:
    assert season is None or seasons.problem(season) is None
    assert seasons.openings_a_year(season) == a_year
    days = [dt.date(2019, 1, 1) + dt.timedelta(days=n) for n in range(3 * 365 + 1)]
    numbers = [number for day in days if (number := seasons.opening(season, day)) is not None]
    assert numbers == list(range(numbers[0], numbers[0] + 3 * a_year + (season is None)))


def test_evidence_is_light() -> None:
    heavy = ("jax", "numpy", "scipy", "duckdb", "altair", "pydantic")
    code = (
        "import sys; from glasshouse.evidence import *;"
        "parameters(); deeds(); channels(); services(); facts(); sources();"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
