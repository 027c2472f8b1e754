"""From recorded parts to the tables of a run folder.

Everything passes through one in-memory DuckDB with one thread and explicit orders, so that the bytes of a table
depend on the run alone, not on where it was interrupted.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from glasshouse.draws.philox import Key, uniforms
from glasshouse.draws.purposes import LIKELIHOOD
from glasshouse.engine.stage import Stage
from glasshouse.regimes import faces
from glasshouse.regimes.remedies_law import thresholds
from glasshouse.runs import checkpoint
from glasshouse.runs.cast import Cast
from glasshouse.runs.events import channels
from glasshouse.runs.folder import WORK, written
from glasshouse.runs.people_table import Final, people_columns
from glasshouse.runs.plan import Plan
from glasshouse.words import CAUSES

Arrays = dict[str, NDArray[Any]]


def assemble(plan: Plan, stage: Stage, cast: Cast, folder: Path, finals: Mapping[str, Final]) -> None:
    """Write all tables.

    Args:
        plan, stage, cast: the run.
        folder: the run folder, with its parts.
        finals: every world on the last evening and the sums of its months, by name and person.
    """
    with duckdb.connect(":memory:", config=_config(folder)) as connection:
        _totals(connection, plan, stage, folder)
        _people(connection, plan, cast, folder, finals)
        _years(connection, plan, cast, folder)
        _ledger(connection, plan, stage, cast, folder)


def _config(folder: Path) -> dict[str, str | bool | int | float | list[str]]:
    """One thread, nothing fetched, and what does not fit into memory is put down inside the run folder."""
    return {
        "threads": 1,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(folder / WORK / "spill"),
    }


def _parts(folder: Path, world: str, kind: str) -> list[Arrays]:
    """One world's recorded columns of a kind, part by part."""
    prefix, found = f"{world}/{kind}/", []
    for path in checkpoint.parts(folder):
        if block := checkpoint.read(path, prefix):
            found.append(block)
    return found


def _totals(connection: duckdb.DuckDBPyConnection, plan: Plan, stage: Stage, folder: Path) -> None:
    months = [first.replace(day=1) for first, _ in stage.span.months()]
    connection.execute(
        "CREATE TABLE totals_of (place INTEGER, world VARCHAR, number INTEGER, town SMALLINT, measure VARCHAR, "
        "dimension VARCHAR, key VARCHAR, value BIGINT)"
    )
    for place, regime in enumerate(plan.regimes):
        for block in _parts(folder, regime.name, "totals"):
            connection.register("block", block)
            connection.execute(
                "INSERT INTO totals_of SELECT ?, ?, month, town, measure::VARCHAR, dimension::VARCHAR, key::VARCHAR, "
                "value FROM block",
                [place, regime.name],
            )
    _copy(
        connection,
        folder / "totals.parquet",
        f"SELECT world, town, list_extract({_dates(months)}, number + 1) AS month, measure, dimension, key, "
        "sum(value)::BIGINT AS value FROM totals_of GROUP BY place, world, town, number, measure, dimension, key "
        "ORDER BY place, number, measure, dimension, key, town",
    )


def _people(
    connection: duckdb.DuckDBPyConnection,
    plan: Plan,
    cast: Cast,
    folder: Path,
    finals: Mapping[str, Final],
) -> None:
    last = plan.run_in + plan.days - 1
    selects = []
    for place, regime in enumerate(plan.regimes):
        columns = people_columns(cast, *finals[regime.name], regime.book, last, plan.last)
        connection.register(f"people_{place}", columns)
        tiers = _scored_only(("tier", "honest_tier", "clean_tier"), len(regime.book.tiers))
        selects.append(f"SELECT {_quoted(regime.name)} AS world, * {tiers} FROM people_{place}")
    _copy(connection, folder / "people.parquet", " UNION ALL ".join(selects))


def _years(connection: duckdb.DuckDBPyConnection, plan: Plan, cast: Cast, folder: Path) -> None:
    connection.execute(
        "CREATE TABLE years (world VARCHAR, person INTEGER, year SMALLINT, score INTEGER, clean_score INTEGER, "
        "tier UTINYINT, clean_tier UTINYINT, listed UTINYINT, held BOOLEAN, voiced BOOLEAN)"
    )
    for regime in plan.regimes:
        for block in _parts(folder, regime.name, "years"):
            persons = np.arange(len(block["year"]), dtype=np.int64) % cast.people
            connection.register("block", {"person": persons.astype(np.int32), **block})
            tiers = _scored_only(("tier", "clean_tier"), len(regime.book.tiers))
            connection.execute(f"INSERT INTO years BY NAME SELECT ? AS world, * {tiers} FROM block", [regime.name])
    _copy(connection, folder / "years.parquet", "SELECT * FROM years")


def _scored_only(columns: tuple[str, ...], tiers: int) -> str:
    """NULL instead of a tier for those who are not scored."""
    return f"REPLACE ({', '.join(f'CASE WHEN {c} < {tiers} THEN {c} END AS {c}' for c in columns)})"


def _ledger(connection: duckdb.DuckDBPyConnection, plan: Plan, stage: Stage, cast: Cast, folder: Path) -> None:
    from glasshouse.runs.ledger_sql import ENTRIES, REFUSALS, TABLES, list_moves, names, posted

    for statement in TABLES:
        connection.execute(statement)
    for place, regime in enumerate(plan.regimes):
        actor = stage.actor(regime.book)
        known = channels(regime.book, cast.deeds, [])
        names(connection, place, regime, cast, actor.law, known.names)
        for block in _parts(folder, regime.name, "ledger"):
            connection.register("block", {**block, **_likelihoods(plan, cast, regime.book, block)})
            connection.execute("INSERT INTO days_of BY NAME SELECT ?::INTEGER AS place, * FROM block", [place])
        days = [stage.calendar(actor, month) for month in stage.span.months()]
        each = zip(days, ((b - a).days + 1 for a, b in stage.span.months()), strict=True)
        found = [(today.day[:length], today.districts[:length]) for today, length in each]
        known_days = {"day": np.concatenate([d for d, _ in found]), "districts": np.concatenate([d for _, d in found])}
        connection.register("calendar", known_days)
        connection.execute("INSERT INTO calendars SELECT ?::INTEGER, day, districts FROM calendar", [place])
    posted(connection, plan.run_in + plan.days - 1)
    first = stage.span.date(0).isoformat()
    list_moves(connection, first)
    _copy(connection, folder / "entries.parquet", ENTRIES.format(first=first))
    _copy(connection, folder / "refusals.parquet", REFUSALS.format(first=first))


def _likelihoods(plan: Plan, cast: Cast, book: Any, block: Arrays) -> Arrays:
    """Similarity printed beside each face match, NaN where no face was matched."""
    size = len(block["day"])
    found = {name: np.full(size, np.nan, np.float32) for name in ("likeness_a", "likeness_b", "likeness_wrong")}
    if book.cameras is None:
        return found
    groups, key = cast.population.groups, Key.of(plan.seed)
    by_group = np.array(thresholds(book, np.array(groups.face_factor, np.float64), plan.parameters))
    cases = (
        ("likeness_a", block["face_a"]),
        ("likeness_b", block["face_b"]),
        ("likeness_wrong", block["cause"] == CAUSES.index("wrong face")),
    )
    for word, (name, matched) in enumerate(cases):
        rows = np.flatnonzero(matched)
        if len(rows):
            person = block["person"][rows]
            number, town = cast.population.number[person], cast.population.town[person].astype(np.uint32)
            drawn = uniforms(key, number, LIKELIHOOD, block["day"][rows].astype(np.uint32), town)[word]
            right = np.full(len(rows), name != "likeness_wrong")
            group = cast.population.group[person]
            for own in np.unique(group):
                of = group == own
                threshold = float(by_group[own])
                found[name][rows[of]] = faces.similarity(drawn[of], right[of], threshold, plan.parameters)
    return found


def _copy(connection: duckdb.DuckDBPyConnection, path: Path, query: str) -> None:
    with written(path) as draft:
        try:
            connection.execute(f"COPY ({query}) TO {_quoted(str(draft))} (FORMAT parquet)")
        except duckdb.IOException as problem:
            raise OSError(str(problem).split("\n", 1)[0]) from problem


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _dates(dates: list[Any]) -> str:
    return "[" + ", ".join(f"DATE '{date.isoformat()}'" for date in dates) + "]"
