"""Whole runs: killed and resumed to the same bytes, counted twice to the same sums, and odd rule books and spans."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

import glasshouse as gh
from conftest import SMALL, RunMaker
from glasshouse.engine.columns import DAY_COUNTS
from glasshouse.errors import RunFolderError
from glasshouse.records.schema import SERVICE_COLUMNS, TABLES
from glasshouse.regimes import regime
from glasshouse.runs import perform
from glasshouse.runs.perform import Progress

SERVICE_MEASURES = dict(
    zip(SERVICE_COLUMNS, ("requests", "refused", "unaffordable", "paid", "ordinary_price", "waiting_days"), strict=True)
)


def ask(folder: Path, query: str, **paths: Path) -> list[tuple[Any, ...]]:
    """SQL over the Parquet files themselves; `{totals}` and the like stand for the tables of `folder`."""
    names = {table: f"'{folder / table}.parquet'" for table in TABLES}
    names |= {f"{which}_{table}": f"'{path / table}.parquet'" for which, path in paths.items() for table in TABLES}
    return duckdb.execute(query.format(**names)).fetchall()


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def worlds(folder: Path) -> list[str]:
    return [world["name"] for world in json.loads((folder / "manifest.json").read_text("utf-8"))["worlds"]]


# --- Killed, and resumed to the same bytes ------------------------------------------------------------------

CHILD = """
import json, os, signal, sys

spec = json.loads(sys.argv[1])
left = [spec.get("times", 1)]

def die():
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)

def listen(event, arguments):  # just before a draft becomes the file, or a folder is made or taken away
    place = arguments[1] if event == "os.rename" else arguments[0] if arguments else ""
    if spec.get("event") == event and str(place).endswith(spec["name"]):
        die()

def watch(step):
    if step.doing == spec.get("doing") and (step.day is None or str(step.day) >= spec.get("day", "")):
        die()

sys.addaudithook(listen)
import glasshouse as gh
from glasshouse.runs import perform

perform._SAVE_EVERY = spec["save_every"]
options = spec["options"]
gh.simulate(["article", "documented"], devices=spec["devices"], watch=watch, **options).report()
"""


def child(folder: Path, resume: bool, **spec: Any) -> int:
    """Run in a process of its own, which kills itself at a stated instant; its exit code."""
    options = SMALL | {"out": str(folder), "resume": resume}
    told = json.dumps({"save_every": 0.0, "devices": 1, "options": options} | spec)
    done = subprocess.run([sys.executable, "-c", CHILD, told], capture_output=True, text=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


RENAME = {"event": "os.rename"}
INSTANTS: tuple[dict[str, Any], ...] = (
    {**RENAME, "name": "manifest.json"},
    {"event": "os.mkdir", "name": ".work"},
    {"doing": "compiling the day"},
    {**RENAME, "name": ".npz"},  # before the first part
    {**RENAME, "name": "state.npz", "times": 3},  # a part is there, the state that follows it is not
    {"doing": "living", "day": "2019-08-01", "save_every": 0.05, "devices": 2},
    {"doing": "living", "day": "2020-04-01", "save_every": 1e9, "devices": 2},  # what was played since is lost
    {**RENAME, "name": "totals.parquet"},
    {**RENAME, "name": "manifest.json", "times": 2},  # all tables are there, nothing says so yet
    {"event": "shutil.rmtree", "name": ".work"},
    {**RENAME, "name": "report.html"},
)
"""Kills of one and the same run, in turn: each process but the first resumes what the one before left behind."""


FINISHED = next(turn for turn, instant in enumerate(INSTANTS) if instant.get("event") == "shutil.rmtree")
"From this kill on nothing is missing but tidying up and the report."


def test_killed_again_and_again_a_run_ends_in_the_same_bytes(run_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    for turn, instant in enumerate(INSTANTS):
        assert child(folder, resume=turn > 0, **instant) == -signal.SIGKILL, instant
        if turn < FINISHED:
            with pytest.raises(RunFolderError, match="--resume" if turn else "holds no manifest"):
                gh.open_run(folder)
    assert child(folder, resume=True) == 0
    assert contents(folder) == contents(run_folder)


def command(folder: Path, *more: str) -> list[str]:
    options = [text for name, value in SMALL.items() for text in (f"--{name.rstrip('_')}", str(value))]
    return [sys.executable, "-m", "glasshouse", "run", "article", "documented", *options, "--out", str(folder), *more]


def test_stopped_from_outside_a_run_ends_in_the_same_bytes(run_folder: Path, tmp_path: Path) -> None:
    folder, manifest, resume = tmp_path / "run", tmp_path / "run" / "manifest.json", list[str]()
    for stop, after in ((signal.SIGKILL, 0.3), (signal.SIGINT, 1.0)):
        before = manifest.stat().st_mtime_ns if manifest.exists() else 0
        process = subprocess.Popen(command(folder, *resume), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        while process.poll() is None and (not manifest.exists() or manifest.stat().st_mtime_ns == before):
            time.sleep(0.02)  # until the run has begun
        time.sleep(after)
        process.send_signal(stop)
        _, said = process.communicate(timeout=120)
        if stop == signal.SIGINT and process.returncode:
            assert process.returncode == 130
            assert re.fullmatch(r"glasshouse: stopped; .*--resume.*\n", said), said
        resume = ["--resume"]
    done = subprocess.run(command(folder, "--resume"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert contents(folder) == contents(run_folder)


@pytest.fixture
def stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An unfinished run of a few people, stopped in its fourth month."""
    monkeypatch.setattr(perform, "_SAVE_EVERY", 0.0)
    with pytest.raises(KeyboardInterrupt):
        gh.simulate("documented", **FEW, out=tmp_path / "run", watch=_stop)
    return tmp_path / "run"


FEW: dict[str, Any] = {"people": 60, "towns": 1, "from_": "2020-01-01", "until": "2020-06-30"}


def _stop(step: Progress) -> None:
    if step.day is not None and step.doing == "living" and step.day >= dt.date(2020, 4, 1):
        raise KeyboardInterrupt


def test_what_is_damaged_or_does_not_fit_is_not_resumed(stopped: Path) -> None:
    def resumed(problem: str, regimes: str = "documented", **changed: Any) -> None:
        before = contents(stopped)
        with pytest.raises(RunFolderError, match=problem):
            gh.simulate(regimes, **{**FEW, "out": stopped, "resume": True, **changed})
        assert contents(stopped) == before

    work, manifest = stopped / ".work", stopped / "manifest.json"
    resumed("other seed", seed=2)
    resumed("other people, until", people=61, until="2020-07-31")
    resumed("other regimes", regimes="article")
    with pytest.raises(RunFolderError, match="already holds a run"):
        gh.simulate("documented", **FEW, out=stopped)

    told = manifest.read_text("utf-8")
    manifest.write_text(told.replace('"format": 1', '"format": 99'), "utf-8")
    resumed("format 99")
    manifest.write_text(re.sub(r'"glasshouse": "[^"]+"', '"glasshouse": "0.0.1"', told), "utf-8")
    resumed("glasshouse 0.0.1")
    for broken in ("{", "[]", "7", '{"format": 1}'):
        manifest.write_text(broken, "utf-8")
        resumed("--force")
    manifest.write_text(told, "utf-8")

    part = sorted(work.glob("part-*"))[1]
    kept = part.read_bytes()
    part.unlink()
    resumed("lacks a part")
    part.write_bytes(kept)
    state = work / "state.npz"
    kept = state.read_bytes()
    for broken_state in (b"", kept[: len(kept) // 2], b"PK\x03\x04 not a zip", kept[:-400] + bytes(400)):
        state.write_bytes(broken_state)
        resumed(r"state\.npz is damaged")
    with state.open("wb") as handle:
        np.savez(handle, month=np.array(3))
    resumed(r"state\.npz is damaged")
    state.write_bytes(kept)
    part.write_bytes(part.read_bytes()[:100])
    resumed(r"part-.* is damaged")


def test_a_finished_run_is_left_as_it_is(run_folder: Path) -> None:
    before = contents(run_folder)
    gh.simulate(["article", "documented"], **SMALL, out=run_folder, resume=True)
    with pytest.raises(RunFolderError, match="other seed"):
        gh.simulate(["article", "documented"], **{**SMALL, "seed": 9}, out=run_folder, resume=True)
    with pytest.raises(RunFolderError, match="--force"):
        gh.simulate(["article", "documented"], **SMALL, out=run_folder)
    assert contents(run_folder) == before
    assert sorted(before) == sorted(["manifest.json", "report.html", *(f"{table}.parquet" for table in TABLES)])


# --- Twins --------------------------------------------------------------------------------------------------


def same_rows(one: Path, other: Path, world: str, table: str, columns: str = "*") -> None:
    """Every row of a world is in both folders, as often."""
    for here, there in ((one, other), (other, one)):
        query = (
            f"SELECT count(*) FROM (SELECT {columns} FROM {{here_{table}}} WHERE world = '{world}' "
            f"EXCEPT ALL SELECT {columns} FROM {{there_{table}}} WHERE world = '{world}')"
        )
        assert ask(one, query, here=here, there=there) == [(0,)], (world, table)


@pytest.mark.parametrize("regimes", [("documented", "article"), ("documented",)])
def test_a_world_does_not_know_its_companions(regimes: tuple[str, ...], live: RunMaker, run_folder: Path) -> None:
    """T31 g: neither their order nor their presence changes a row."""
    other = live(*regimes)
    for world in ("ordinary-law", *regimes):
        for table in TABLES:
            same_rows(run_folder, other, world, table)


def test_the_null_regime_changes_no_outcome(odd_folder: Path) -> None:
    """T01 on whole runs: every column of the records that is no account of the regime's own."""
    account = {"score", "honest_score", "clean_score", "tier", "honest_tier", "clean_tier", "listed"}
    columns = [row[0] for row in ask(odd_folder, "DESCRIBE SELECT * FROM {people}")]
    told = ", ".join(f'"{name}"' for name in columns if name not in {"world", *account})
    outcomes = (
        ("people", told, ""),
        ("years", "person, year, held, voiced", ""),
        ("refusals", "day, person, service, outcome", ""),
        (
            "totals",
            "town, month, measure, dimension, key, value",
            "AND measure NOT IN ('score_sum', 'score_bin', 'seen', 'overtaken', 'filmed', 'wrong_face', "
            "'wrong_entry', 'listed', 'entered', "
            "'left', 'firms_rated', 'firm_rating_sum', 'firms_listed') AND dimension NOT IN "
            "('tier', 'clean_tier', 'service_tier', 'tier_pair', 'aware')",
        ),
    )
    for table, names, where in outcomes:
        one, other = (
            f"SELECT {names} FROM {{{table}}} WHERE world = '{world}' {where}" for world in ("none", "ordinary-law")
        )
        assert ask(odd_folder, f"SELECT count(*) FROM ({one})") != [(0,)] or table == "refusals"
        for left, right in ((one, other), (other, one)):
            assert ask(odd_folder, f"SELECT count(*) FROM ({left} EXCEPT ALL {right})") == [(0,)], table
    assert ask(odd_folder, "SELECT count(*) > 0 FROM {entries} WHERE world = 'none'") == [(True,)]


# --- Counted twice ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "dimension", "rows"),
    [
        ("seen", "deed", "SELECT world, done AS day, rule AS key FROM {entries} WHERE kind = 'deed' "
         "AND cause IN ('true', 'pretended')"),
        ("seen", "channel", "SELECT world, done AS day, channel AS key FROM {entries} WHERE kind = 'deed' "
         "AND cause IN ('true', 'pretended')"),
        ("wrong_face", "deed", "SELECT world, day, rule AS key FROM {entries} WHERE kind = 'deed' "
         "AND cause = 'wrong face'"),
        ("wrong_entry", "cause", "SELECT world, day, cause AS key FROM {entries} WHERE kind = 'deed' "
         "AND cause NOT IN ('true', 'pretended')"),
        ("wrong_entry", "deed", "SELECT world, day, rule AS key FROM {entries} WHERE kind = 'deed' "
         "AND cause NOT IN ('true', 'pretended')"),
        ("entered", "list", "SELECT world, day, rule AS key FROM {entries} WHERE kind = 'list'"),
        ("left", "list", "SELECT world, removed AS day, rule AS key FROM {entries} WHERE kind = 'list' "
         "AND reason IN ('repair', 'expiry')"),
        ("shamed", "group", "SELECT world, day, $group AS key FROM {entries} JOIN {people} p USING (world, person) "
         "WHERE kind = 'list' AND shamed"),
        ("refused", "service", "SELECT world, day, service AS key FROM {refusals} WHERE outcome = 'refused'"),
        ("unaffordable", "service", "SELECT world, day, service AS key FROM {refusals} WHERE outcome = 'unaffordable'"),
    ],
)  # fmt: skip
def test_entries_add_up_to_the_totals(measure: str, dimension: str, rows: str, every: Path) -> None:
    groups = json.loads((every / "manifest.json").read_text("utf-8"))["groups"]
    named = 'CASE p."group" ' + " ".join(f"WHEN {n} THEN '{name}'" for n, name in enumerate(groups)) + " END"
    counted = ask(
        every,
        f"SELECT world, date_trunc('month', day)::DATE, key, count(*) FROM ({rows.replace('$group', named)}) "
        "GROUP BY ALL ORDER BY ALL",
    )
    totals = ask(
        every,
        f"SELECT world, month, key, sum(value)::BIGINT AS value FROM {{totals}} WHERE measure = '{measure}' "
        f"AND dimension = '{dimension}' GROUP BY ALL HAVING sum(value) > 0 ORDER BY ALL",
    )
    if measure == "seen":  # what slow registers saw in the last two months may still be on its way
        late = sorted({month for _, month, *_ in totals})[-2:]
        counted, totals = ([row for row in rows_of if row[1] not in late] for rows_of in (counted, totals))
    assert counted == totals


def test_people_add_up_to_the_totals(every: Path) -> None:
    services = [service["id"] for service in json.loads((every / "manifest.json").read_text("utf-8"))["services"]]
    claims = [(f"{days}_days", f"{days}_days", "dimension IN ('group', 'all')") for days in DAY_COUNTS]
    claims += [
        (f"{column}_{service}", measure, f"key = '{service}' AND dimension = 'service'")
        for column, measure in SERVICE_MEASURES.items()
        for service in services
    ]
    for column, measure, where in claims:
        totals = ask(
            every,
            f"SELECT world, town, max(value) FROM (SELECT world, town, dimension, sum(value)::BIGINT AS value FROM "
            f"{{totals}} WHERE measure = '{measure}' AND {where} GROUP BY ALL) GROUP BY ALL HAVING max(value) > 0",
        )
        people = ask(
            every,
            f"SELECT world, town, sum({column})::BIGINT FROM {{people}} GROUP BY ALL HAVING sum({column}) > 0",
        )
        assert sorted(totals) == sorted(people), column


def test_days_are_counted_the_same_by_every_dimension(every: Path) -> None:
    found = ask(
        every,
        "SELECT world, town, month, measure FROM (SELECT world, town, month, measure, dimension, sum(value) AS value "
        "FROM {totals} WHERE measure IN ('people', 'sanctioned_days', 'denied_days', 'voiced_days', 'held_days', "
        "'adult_days') GROUP BY ALL) GROUP BY ALL HAVING min(value) <> max(value)",
    )
    assert found == []


def test_the_last_evening_is_the_same_in_every_table(every: Path) -> None:
    sums = "SELECT world, sum(score)::BIGINT FROM {people} GROUP BY ALL HAVING sum(score) > 0 ORDER BY ALL"
    totals = (
        "SELECT world, sum(value)::BIGINT FROM {totals} WHERE measure = 'score_sum' "
        "AND month = (SELECT max(month) FROM {totals}) GROUP BY ALL ORDER BY ALL"
    )
    assert ask(every, sums) == ask(every, totals)
    per_world = ask(every, "SELECT world, count(*), count(DISTINCT person) FROM {people} GROUP BY ALL")
    people = json.loads((every / "manifest.json").read_text("utf-8"))["people"]
    assert sorted(per_world) == sorted((world, people, people) for world in worlds(every))


def test_a_list_holds_who_entered_and_has_not_left(every: Path) -> None:
    found = ask(
        every,
        "PIVOT (SELECT world, key, month, measure, sum(value)::BIGINT AS value FROM {totals} WHERE dimension = 'list' "
        "GROUP BY ALL) ON measure IN ('entered', 'left', 'listed') USING coalesce(sum(value), 0) "
        "GROUP BY world, key, month ORDER BY world, key, month",
    )
    assert found
    standing: dict[tuple[str, str], int] = {}
    for world, name, _, entered, left, listed in found:
        standing[world, name] = standing.get((world, name), 0) + entered - left
        assert listed == standing[world, name], (world, name)


def test_points_are_the_change_of_the_score(odd_folder: Path) -> None:
    """Without forgiveness and with bounds out of reach: score - start = sum of the points of its entries."""
    start = 100 * 1000
    for score, counted in (
        ("score", "true"),
        ("honest_score", "cause = 'true'"),
        ("clean_score", "cause = 'true' AND (NOT lawful OR points > 0)"),
    ):
        apart = ask(
            odd_folder,
            f"WITH sums AS (SELECT person, sum(points) AS points FROM {{entries}} WHERE world = 'ledger' "
            f"AND kind = 'deed' AND {counted} GROUP BY person) "
            f"SELECT count(*) FILTER ({score} <> {start} + coalesce(points, 0)), count(*) FILTER (points < 0) "
            "FROM {people} LEFT JOIN sums USING (person) WHERE world = 'ledger'",
        )
        assert apart[0][0] == 0, score
        assert apart[0][1] > 0


# --- Odd rule books, odd spans ------------------------------------------------------------------------------

ABOUT = """
[about]
title = "{title}"
summary = "For tests."
place = "nowhere"
years = [2020, 2021]
status = "assumed"
"""
FREE = """
[score]
start = 10
lowest = 0
highest = 20
[[tiers]]
name = "good"
from = 10
[[tiers]]
name = "bad"
[[timeline]]
date = 2020-01-01
districts = 1
coverage = 0.5
awareness = 1
"""
WIDE = """
[deeds.queue_jumping]
label = "jumping a queue"
kind = "offence"
points = -7
seen_by = ["patrol"]
occasions = 0.2
committed = 0.3
"""


def _ledger() -> str:
    text = regime("article").text
    for name, value in (("forgiveness", 0), ("lowest", -1_000_000), ("highest", 1_000_000)):
        text, times = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text, count=1)
        assert times == 1
    return text


def _wide() -> str:
    """`article` with a 7th tier, four lists and one more deed than the catalogue has."""
    text = regime("article").text + WIDE
    text = text.replace('[[tiers]]\nname = "D"', '[[tiers]]\nname = "D"\nfrom = 300\n\n[[tiers]]\nname = "E"', 1)
    for n in range(4 - len(regime("article").book.lists)):
        text += f'[lists.extra_{n}]\ntitle = "Extra {n}"\nterm = 30\n'
        text += f'entry = {{ deeds = ["queue_jumping", "theft"] }}\n[consequences.extra_{n}]\nprices = {{ bus = 2 }}\n'
    return text


@pytest.fixture(scope="session")
def odd_folder(live: RunMaker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rule books that no library has, and `none`, beside ordinary law."""
    books = tmp_path_factory.mktemp("books")
    for name, text in (
        ("ledger", _ledger()),
        ("it's free", ABOUT.format(title="Nothing is a deed") + FREE),
        ("wide", _wide()),
    ):
        (books / f"{name}.toml").write_text(text, "utf-8")
    files = [books / f"{name}.toml" for name in ("ledger", "it's free", "wide")]
    return live(*files, "none", people=700, towns=2, from_="2020-01-01", until="2021-02-15")


@pytest.fixture(scope="session", params=["small", "odd"])
def every(request: pytest.FixtureRequest, run_folder: Path, odd_folder: Path) -> Path:
    return run_folder if request.param == "small" else odd_folder


@pytest.fixture(scope="session")
def long_folder(live: RunMaker) -> Path:
    """One person for seventeen years and a day."""
    return live("none", "article", people=1, towns=1, from_="2009-01-01", until="2026-01-01")


def _numbers(folder: Path) -> Iterator[float]:
    for table in TABLES:
        for name, kind, *_ in ask(folder, f"DESCRIBE SELECT * FROM {{{table}}}"):
            if kind in ("FLOAT", "DOUBLE"):
                for row in ask(folder, f'SELECT DISTINCT "{name}" FROM {{{table}}} WHERE "{name}" IS NOT NULL'):
                    yield row[0]


def check_told(folder: Path) -> None:
    """Every number is finite, and the report has none that is not."""
    run = gh.open_run(folder)
    assert all(map(math.isfinite, _numbers(folder)))
    for line in run.effects():
        for number in (line.value, line.baseline, line.difference, line.low, line.high, line.vrf):
            assert number is None or math.isfinite(number), line
    text = re.sub(r"<style>.*?</style>", "", run.report().read_text("utf-8"), flags=re.S)
    assert not re.search(r"\bNaN\b|\bnan\b|\bundefined\b|>None<|\binf\b", text)
    assert str(run.life(0)).startswith("Person 0 (invented)")


def test_one_person_of_seventeen_years_is_told(long_folder: Path) -> None:
    check_told(long_folder)
    assert ask(
        long_folder, "SELECT count(*), max(month) FROM {totals} WHERE measure = 'person_days' AND world = 'none'"
    ) == [(17 * 12 + 1, dt.date(2026, 1, 1))]
    assert ask(
        long_folder, "SELECT sum(value)::BIGINT FROM {totals} WHERE measure = 'person_days' AND world = 'none'"
    ) == [((dt.date(2026, 1, 1) - dt.date(2009, 1, 1)).days + 1,)]


def test_one_day_of_ordinary_law_alone_is_told(lone_folder: Path) -> None:
    check_told(lone_folder)
    assert ask(lone_folder, "SELECT DISTINCT month FROM {totals}") == [(dt.date(2020, 2, 1),)]


def test_odd_rule_books_are_told(odd_folder: Path) -> None:
    check_told(odd_folder)
    manifest = json.loads((odd_folder / "manifest.json").read_text("utf-8"))
    wide = next(world for world in manifest["worlds"] if world["name"] == "wide")
    assert len(wide["tiers"]) == 7
    assert len(wide["lists"]) == 4
    entered = ask(odd_folder, "SELECT count(*) FROM {entries} WHERE world = 'wide' AND rule = 'queue_jumping'")
    assert entered[0][0] > 0
    assert ask(odd_folder, "SELECT count(*) FROM {entries} WHERE world = 'it''s free'") == [(0,)]
    listed = ask(odd_folder, "SELECT DISTINCT rule FROM {entries} WHERE world = 'wide' AND kind = 'list'")
    assert {f"extra_{n}" for n in range(4 - len(regime("article").book.lists))} <= {row[0] for row in listed}


def test_the_folder_may_have_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path('a run; it\'s "mine" 測試')
    run = gh.simulate("documented", **FEW, out=folder)
    assert run.records.sql("SELECT count(*) AS n FROM people")[0]["n"] == 2 * FEW["people"]
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
