"""Measures against closed forms and hand-made runs. Every expected number stands beside its formula."""

from __future__ import annotations

import datetime as dt
import json
import math
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.errors import InputError, RunFolderError
from glasshouse.measures.effects import effects
from glasshouse.measures.estimates import NO_CASES, ONE_TOWN, TOO_SMALL, Effect
from glasshouse.measures.intervals import interval, towns_to_halve, variance_reduction
from glasshouse.measures.mobility import shorrocks, transition_matrix
from glasshouse.measures.totals import Totals
from glasshouse.measures.waits import waits_by_tier
from glasshouse.records.read import Records
from glasshouse.records.schema import FORMAT, SERVICE_COLUMNS, TABLES

T_975 = {1: 12.7062, 2: 4.3027, 4: 2.7764, 11: 2.2010, 12: 2.1788}
"""Student's t, 97.5 % points, as printed in any table: degrees of freedom -> t."""

SERVICES = ("bus", "flight")
GROUPS = ("majority", "minority")
Cell = tuple[str, int, str, str, str, float]


# --- a run folder written by hand ---------------------------------------------------------------------------


def write_run(folder: Path, cells: Sequence[Cell], people: Sequence[dict[str, object]] = (), **more: object) -> Path:
    """A run of two worlds and one month. `cells`: world, town, measure, dimension, key, value."""
    folder.mkdir(exist_ok=True)
    rows = {table: [] for table in TABLES}
    rows["totals"] = [
        {
            "world": w,
            "town": t,
            "month": dt.date(2012, 12, 1),
            "measure": m,
            "dimension": d,
            "key": k,
            "value": v,
        }
        for w, t, m, d, k, v in cells
    ]
    rows["people"] = list(people)
    rows["years"], rows["entries"] = list(more.get("years", ())), list(more.get("entries", ()))
    for table, columns in TABLES.items():
        types = dict(columns)
        if table == "people":
            types |= {f"{name}_{service}": "BIGINT" for service in SERVICES for name in SERVICE_COLUMNS}
        write_table(folder / f"{table}.parquet", types, rows[table])
    (folder / "manifest.json").write_text(json.dumps(manifest(**more)))
    return folder


def write_table(path: Path, types: dict[str, str], rows: Sequence[dict[str, object]]) -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (" + ", ".join(f'"{name}" {kind}' for name, kind in types.items()) + ")")
    for row in rows:
        values = [row.get(name, None if kind in ("DATE", "FLOAT") else 0) for name, kind in types.items()]
        connection.execute(f"INSERT INTO t VALUES ({', '.join('?' * len(values))})", values)
    connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def manifest(**more: object) -> dict[str, object]:
    def world(name: str, tiers: list[str]) -> dict[str, object]:
        return {
            "name": name,
            "title": name,
            "status": "assumed",
            "sha256": "0",
            "tiers": tiers,
            "lists": [],
        } | {
            "numbers": {},
            "timeline": [],
        }

    deeds = [("jaywalking", "offence", False), ("theft", "offence", False), ("petition", "speech", True)]
    deeds += [("slander", "speech", False), ("helping", "good", True)]
    return {
        "format": more.get("format", FORMAT),
        "finished": more.get("finished", True),
        "glasshouse": "0",
        "seed": 1,
        "people": 8,
        "towns": 2,
        "from": "2012-01-01",
        "until": "2012-12-31",
        "baseline": "law",
        "worlds": [world("law", ["-"]), world("rule", ["A", "B", "C"])],
        "groups": list(GROUPS),
        "deeds": [{"id": i, "label": i, "kind": k, "lawful": lawful} for i, k, lawful in deeds],
        "services": [{"id": s, "label": s, "essential": False, "price": 1} for s in SERVICES],
        "parameters": [],
        "inputs": {},
        "score_bin_width": 10,
    }


def both(town: int, measure: str, dimension: str, key: str, law: float, rule: float) -> list[Cell]:
    return [("law", town, measure, dimension, key, law), ("rule", town, measure, dimension, key, rule)]


def base(town: int) -> list[Cell]:
    """1,000 person-years a town: 900 of the majority, 100 of the minority."""
    days = round(1000 * 365.25)
    cells = both(town, "person_days", "all", "all", days, days)
    for group, share in zip(GROUPS, (900, 100), strict=True):
        cells += both(town, "people", "group", group, share, share)
        cells += both(town, "adult_days", "group", group, 800 * share, 800 * share)
    return cells + both(town, "adult_days", "all", "all", 800_000, 800_000)


def everybody(**columns: int) -> list[dict[str, object]]:
    """Twenty people in each world and group with the same counts, enough for nothing to be too small."""
    return [
        {"world": world, "person": place, "town": place % 2, "group": group, "role": "", **columns}
        for world in ("law", "rule")
        for group in (0, 1)
        for place in range(20 * group, 20 * group + 20)
    ]


def found(folder: Path) -> dict[tuple[str, str], Effect]:
    lines = effects(Records(folder))
    assert {line.world for line in lines} <= {"rule"}
    return {(line.measure, line.key): line for line in lines}


# --- intervals ----------------------------------------------------------------------------------------------


def test_interval_is_students() -> None:
    told = interval([1.0, 2.0, 3.0, 4.0, 5.0])
    half = T_975[4] * math.sqrt(2.5) / math.sqrt(5)  # s^2 = 10 / 4
    assert told is not None
    assert told.mean == 3
    assert told.low == pytest.approx(3 - half, rel=1e-4)
    assert told.high == pytest.approx(3 + half, rel=1e-4)


def test_interval_needs_two_towns() -> None:
    assert interval([]) is None
    assert interval([math.nan, math.nan]) is None
    alone = interval([math.nan, 2.0])
    assert alone is not None
    assert (alone.mean, alone.low, alone.high, alone.towns) == (2.0, None, None, 1)
    assert not alone.clear_of_zero


def test_interval_covers_as_it_says() -> None:
    draws = np.random.default_rng(20).normal(size=(4000, 5))
    hits = sum(told.low <= 0 <= told.high for told in map(interval, draws))  # type: ignore[union-attr,operator]
    z = (hits - 0.95 * 4000) / math.sqrt(4000 * 0.95 * 0.05)
    assert abs(z) < 4


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12))
def test_interval_turns_with_its_sign(values: list[float]) -> None:
    told, turned = interval(values), interval([-value for value in values])
    assert told is not None
    assert turned is not None
    assert told.low <= told.mean <= told.high  # type: ignore[operator]
    assert turned.mean == pytest.approx(-told.mean)
    assert turned.low == pytest.approx(-told.high)  # type: ignore[operator]
    assert turned.clear_of_zero == told.clear_of_zero


def test_towns_that_halve_an_interval() -> None:
    def width(towns: int) -> float:
        return T_975[towns - 1] / math.sqrt(towns)

    assert towns_to_halve(1) is None
    assert towns_to_halve(2) == 3  # 12.7062 / sqrt 2 = 8.98; 4.3027 / sqrt 3 = 2.48
    assert width(3) <= width(2) / 2
    assert towns_to_halve(5) == 13
    assert width(13) <= width(5) / 2 < width(12)


def test_variance_reduction() -> None:
    shared = np.array([1.0, 2.0, 3.0, 4.0])
    noise = np.array([0.1, -0.1, 0.1, -0.1])
    # s^2(shared) = 5/3, s^2(noise) = 0.04/3, covariance = -0.2/3, so s^2(shared + noise) = (5 + .04 - .4) / 3
    expected = ((5 + 0.04 - 0.4) / 3 + 5 / 3) / (0.04 / 3)
    assert variance_reduction(shared + noise, shared) == pytest.approx(expected)
    assert variance_reduction(shared + 1, shared) is None
    assert variance_reduction([1.0], [2.0]) is None


# --- mobility -----------------------------------------------------------------------------------------------


def test_shorrocks_closed_forms() -> None:
    assert shorrocks(np.eye(5)) == 0
    assert shorrocks(np.full((4, 4), 0.25)) == pytest.approx(1, abs=1e-12)
    stays = np.array([0.9, 0.8, 0.85, 0.9])  # trace 3.45: (4 - 3.45) / 3
    matrix = np.diag(stays) + np.roll(np.diag(1 - stays), 1, axis=1)
    assert shorrocks(matrix) == pytest.approx((4 - 3.45) / 3, abs=1e-12)
    assert math.isnan(shorrocks(np.ones((1, 1))))


def test_transition_matrix_leaves_empty_tiers_out() -> None:
    moves = np.array([[3.0, 1.0, 0.0], [0.0, 0.0, 0.0], [2.0, 0.0, 2.0]])
    # The middle tier was never anybody's start; a move into it is a move out of what is compared.
    assert transition_matrix(moves).tolist() == [[1.0, 0.0], [0.5, 0.5]]


# --- a whole run, by hand -----------------------------------------------------------------------------------


@pytest.fixture
def by_hand(tmp_path: Path) -> Path:
    cells: list[Cell] = []
    for town in (0, 1):
        cells += base(town)
        for group, wrongful, mistaken, rule_made, sanctioned in (
            ("majority", 90, 40, 60, 900),
            ("minority", 30, 10, 25, 300),
        ):
            cells += both(town, "wrongful_days", "group", group, 0, wrongful)
            cells += both(town, "mistaken_days", "group", group, 0, mistaken)
            cells += both(town, "rule_made_days", "group", group, 0, rule_made)
            cells += both(town, "sanctioned_days", "group", group, 0, sanctioned)
            cells += both(town, "denied_days", "group", group, 0, 500 if group == "majority" else 200)
            days = 720_000 if group == "majority" else 80_000
            cells += both(town, "held_days", "group", group, 0.4 * days, 0.4 * days)
            cells += both(town, "voiced_days", "group", group, 0.39 * days, 0.08 * days)
            cells += both(town, "wrong_face", "group", group, 0, 20)
        for deed, law, rule in (("jaywalking", 1000, 700 + 100 * town), ("theft", 100, 80)):
            cells += both(town, "deeds", "deed", deed, law, rule)
        for deed, law, rule in (("petition", 200, 50), ("slander", 100, 50), ("helping", 100, 110)):
            cells += both(town, "deeds", "deed", deed, law, rule)
        cells += both(town, "people", "tier", "-", 1000, 0)
        cells += [("rule", town, "people", "tier", tier, n) for tier, n in (("A", 100), ("B", 880), ("C", 20))]
        # Bus 1.5 times as dear and flight 2 times as dear for tier C; baseline baskets 300 and 100.
        for service, factor, basket in (("bus", 1.5, 300), ("flight", 2.0, 100)):
            cells += [("law", town, "ordinary_price", "service", service, basket)]
            cells += [("law", town, "paid", "service", service, basket)]
            cells += [("rule", town, "requests", "service_tier", f"{service}|C", 20)]
            cells += [("rule", town, "ordinary_price", "service_tier", f"{service}|C", 100)]
            cells += [("rule", town, "paid", "service_tier", f"{service}|C", 100 * factor)]
            cells += both(town, "requests", "service", service, 100, 100) + both(
                town, "refused", "service", service, 0, 30
            )
    counts = ("sanctioned_days", "wrongful_days", "mistaken_days", "rule_made_days", "denied_days")
    people = everybody(**dict.fromkeys(counts, 1), voiced_days=1, held_days=1)
    entries = [
        {
            "world": "rule",
            "entry": n,
            "day": dt.date(2012, 5, 1),
            "person": n % 40,
            "kind": "deed",
            "rule": "jaywalking",
        }
        | {
            "channel": "camera",
            "likelihood": 0.9,
            "cause": "wrong face" if n % 4 == 0 else "true",
            "lawful": False,
        }
        for n in range(40)
    ]
    return write_run(tmp_path / "run", cells, people, entries=entries)


def test_known_answers_of_a_run(by_hand: Path) -> None:
    lines = found(by_hand)

    def value(measure: str, key: str = "all") -> float:
        return lines[measure, key].value

    per = 1e5 / 1000  # from days in 1,000 person-years to days per 100,000
    years = round(1000 * 365.25) / 365.25 / 1000  # a day is whole, so the years are not quite
    assert value("wrongful_days") == pytest.approx((90 + 30) * per / years)
    assert value("wrongful_days_both") == pytest.approx((100 - 90 + 35 - 30) * per / years)  # m + r - w
    assert value("wrongful_days_mistaken") == pytest.approx((120 - 85) * per / years)  # w - r
    assert value("wrongful_days_rule_made") == pytest.approx((120 - 50) * per / years)  # w - m
    assert value("wrongful_days", "minority") == pytest.approx(30 * per / 0.1 / years)
    assert value("denied_days") == pytest.approx(0.7 / years)
    assert value("denied_days", "minority") == pytest.approx(2 / years)
    assert value("disparate_impact", "minority / majority") == pytest.approx((300 / 100) / (900 / 900))
    assert value("disparate_impact", "majority / minority") == pytest.approx(1 / 3)
    assert value("dissent_held") == pytest.approx(0.4)
    assert value("falsification_gap") == pytest.approx(0.4 - 0.08)
    assert lines["falsification_gap", "all"].baseline == pytest.approx(0.01)
    assert value("chill", "petition") == pytest.approx(1 - 50 / 200)
    assert value("lawful_chill") == pytest.approx(150 / (150 + 50))
    assert value("deterred", "jaywalking") == pytest.approx((0.3 + 0.2) / 2)  # mean over towns
    assert value("deterred", "all offences") == pytest.approx((1 - 780 / 1100 + 1 - 880 / 1100) / 2)
    assert value("good_deeds") == pytest.approx(0.1)
    assert value("wrong_faces") == pytest.approx(40 * per / years)
    assert value("alert_precision") == pytest.approx(30 / 40)
    assert value("price_premium") == pytest.approx((1.5 * 300 + 2 * 100) / 400 - 1)
    assert value("price_premium_paid") == pytest.approx((150 + 200) / 200 - 1)
    assert value("refused_share", "flight") == pytest.approx(0.3)
    assert [value("tier_share", tier) for tier in "ABC"] == pytest.approx([0.1, 0.88, 0.02])


def test_interval_of_an_effect_is_paired_by_town(by_hand: Path) -> None:
    line = found(by_hand)["deterred", "jaywalking"]
    half = T_975[1] * math.sqrt(0.005) / math.sqrt(2)  # towns .3 and .2: s^2 = 2 * .05^2
    assert line.low == pytest.approx(0.25 - half, rel=1e-4)
    assert line.high == pytest.approx(0.25 + half, rel=1e-4)
    assert line.towns == 2
    assert not line.clear


def test_tiers_have_no_counterpart_in_a_world_without_a_score(by_hand: Path) -> None:
    line = found(by_hand)["tier_share", "A"]
    assert (line.baseline, line.difference) == (None, None)
    assert line.low == line.high == pytest.approx(0.1)


def test_exchanged_groups_exchange_their_numbers(by_hand: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned"
    turned.mkdir()
    for path in by_hand.iterdir():
        (turned / path.name).write_bytes(path.read_bytes())
    swap = "CASE key WHEN 'majority' THEN 'minority' WHEN 'minority' THEN 'majority' ELSE key END"
    swapped = f"SELECT * REPLACE ({swap} AS key) FROM '{by_hand}/totals.parquet'"
    duckdb.sql(f"COPY ({swapped}) TO '{turned}/totals.parquet' (FORMAT parquet)")
    before, after = found(by_hand), found(turned)
    for measure in ("wrongful_days", "denied_days", "dissent_voiced", "wrong_faces"):
        assert after[measure, "minority"].value == pytest.approx(before[measure, "majority"].value)
        assert after[measure, "all"].value == pytest.approx(before[measure, "all"].value)


def test_few_cases_are_too_small_to_see(tmp_path: Path) -> None:
    cells = [cell for town in (0, 1) for cell in base(town)]
    for town in (0, 1):
        cells += both(town, "denied_days", "group", "majority", 0, 500)
    nine = [{**row, "denied_days": 1} if n < 9 else row for n, row in enumerate(everybody()[40:])]
    assert found(write_run(tmp_path / "nine", cells, nine))["denied_days", "all"].remark == TOO_SMALL
    ten = [{**row, "denied_days": 1} if n < 10 else row for n, row in enumerate(everybody()[40:])]
    line = found(write_run(tmp_path / "ten", cells, ten))["denied_days", "all"]
    assert (line.n_cases, line.remark) == (10, "")
    none = found(write_run(tmp_path / "none", cells, everybody()))["denied_days", "all"]
    assert none.remark == NO_CASES
    assert not none.clear


def test_one_town_has_no_interval(tmp_path: Path) -> None:
    cells = base(0) + both(0, "deeds", "deed", "jaywalking", 1000, 700)
    line = found(write_run(tmp_path / "run", cells))["deterred", "jaywalking"]
    assert (line.value, line.low, line.high, line.remark) == (pytest.approx(0.3), None, None, ONE_TOWN)


def test_an_empty_run_has_no_number_that_is_none(tmp_path: Path) -> None:
    for line in effects(Records(write_run(tmp_path / "run", base(0) + base(1)))):
        for number in (line.value, line.baseline, line.difference, line.low, line.high):
            assert number is None or math.isfinite(number)


def test_mobility_of_a_run(tmp_path: Path) -> None:
    # Ten in A and ten in C a town; of each ten, eight stay and two change places: P = [[.8, .2], [.2, .8]].
    years = [
        {
            "world": "rule",
            "person": p,
            "year": year,
            "tier": (0 if (p // 2) % 2 else 2) if year == 2012 or p % 20 < 16 else (2 if (p // 2) % 2 else 0),
        }
        for p in range(40)
        for year in (2012, 2013)
    ]
    lines = found(write_run(tmp_path / "run", base(0) + base(1), everybody(), years=years))
    stays = 0.8
    assert lines["tier_mobility", "all"].value == pytest.approx((2 - 2 * stays) / 1)
    assert lines["stuck_below", "all"].value == pytest.approx(stays)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 2000), st.integers(1, 2000))
def test_exchanged_worlds_negate_a_difference(first: int, second: int) -> None:
    from glasshouse.measures.estimates import Estimates, effect

    values = np.array([[[first], [second]], [[second], [first + 1]]], float)
    given_ = Estimates("m", "m", "1", ("all",), values, np.full((2, 1), 50.0))
    one, other = effect(given_, 0, 1, 0, "b"), effect(given_, 0, 0, 1, "a")
    assert one is not None
    assert other is not None
    assert one.difference == pytest.approx(-other.difference)  # type: ignore[operator]
    assert one.low == pytest.approx(-other.high)  # type: ignore[operator]


# --- the folder ---------------------------------------------------------------------------------------------


def message(folder: Path) -> str:
    with pytest.raises(RunFolderError) as caught:
        Records(folder).sql("SELECT count(*) FROM totals")
    text = str(caught.value)
    assert "\n" not in text
    assert str(folder) in text
    return text


def test_folders_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    good = write_run(tmp_path / "run", base(0))
    assert "not a folder" in message(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "manifest.json" in message(tmp_path / "empty")
    (good / "manifest.json").write_text(json.dumps(manifest(format=99)))
    assert "format 99" in message(good)
    (good / "manifest.json").write_text(json.dumps(manifest(finished=False)))
    assert "--resume" in message(good)
    (good / "manifest.json").write_text("{")
    assert "damaged" in message(good)
    (good / "manifest.json").write_text(json.dumps(manifest()))
    (good / "totals.parquet").write_bytes((good / "totals.parquet").read_bytes()[:40])
    assert "damaged" in message(good)
    write_table(good / "totals.parquet", {"world": "VARCHAR"}, [])
    assert '"town"' in message(good)
    (good / "totals.parquet").unlink()
    assert "--resume" in message(good)


def test_waiting(tmp_path: Path) -> None:
    """Mean wait = nights / places got; turned away of those who asked; healthy days lost = k_h nights a year."""
    cells: list[Cell] = []
    for town in (0, 1):
        cells += base(town) + both(town, "served", "service", "care", 400, 400)
        cells += both(town, "waiting_days", "service", "care", 100, 300 + 100 * town)
        cells += both(town, "served", "service_tier", "care|C", 0, 40)
        cells += both(town, "waiting_days", "service_tier", "care|C", 0, 200)
        cells += both(town, "requests", "service", "bus", 50, 50) + both(town, "turned_away", "service", "bus", 5, 20)
    folder = write_run(tmp_path / "run", cells, everybody())
    told = found(folder)
    wait = told["days_waited", "care"]
    assert (wait.value, wait.baseline) == pytest.approx(((300 / 400 + 400 / 400) / 2, 100 / 400))
    assert told["turned_away_share", "bus"].value == pytest.approx(20 / 50)
    assert told["turned_away_share", "bus"].difference == pytest.approx(15 / 50)
    assert ("health_lost", "all") not in told
    rule = manifest() | {"parameters": [{"id": "queues.health_cost", "value": 0.1}]}
    (folder / "manifest.json").write_text(json.dumps(rule))
    lost = found(folder)["health_lost", "all"]
    assert (lost.value, lost.baseline) == pytest.approx((0.1 * (0.3 + 0.4) / 2, 0.1 * 0.1), rel=1e-6)
    lowest = [row for row in waits_by_tier(Totals(Records(folder))) if (row["world"], row["tier"]) == ("rule", "C")]
    assert [(row["service"], row["served"], row["waiting_days"]) for row in lowest] == [("care", 80, 400)]


def test_questions(by_hand: Path) -> None:
    records = Records(by_hand)
    assert records.sql("SELECT count(*) AS n FROM people WHERE world = ?", ["rule"]) == [{"n": 40}]
    assert records.arrays("SELECT person FROM people ORDER BY ALL")["person"].shape == (80,)
    with pytest.raises(InputError, match="nobody"):
        records.sql("SELECT nobody FROM people")
    with pytest.raises(InputError):
        records.sql("SELECT * FROM read_csv('/etc/hosts')")
    records.close()
    assert records.sql("SELECT 1 AS one") == [{"one": 1}]


def test_names_are_light_to_import() -> None:
    code = (
        "import sys, glasshouse.records.read, glasshouse.records.schema, glasshouse.measures.effects;"
        "print(*sorted({'jax', 'duckdb', 'scipy', 'altair'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
