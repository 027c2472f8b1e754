"""The ledger as SQL: a followed person's days unfolded into entries and refusals.

A list is left on the day its end was marked, by its own end or by the sunset; what stands open stays open. An entry
into a list has the cause of the day's entry that led to it, and none where months in a tier did.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from glasshouse.regimes import Regime
from glasshouse.regimes.tables import Law
from glasshouse.runs.cast import Cast
from glasshouse.words import CLEARED, REFUSED, TURNED_AWAY, UNAFFORDABLE

TABLES = (
    "CREATE TABLE worlds (place INTEGER, world VARCHAR)",
    "CREATE TABLE rules (place INTEGER, number TINYINT, rule VARCHAR, points INTEGER, lawful BOOLEAN)",
    "CREATE TABLE lists (place INTEGER, number TINYINT, rule VARCHAR, repaired BOOLEAN, ends DATE, deeds BIGINT, "
    "lawful BIGINT)",
    "CREATE TABLE channels (place INTEGER, number TINYINT, channel VARCHAR)",
    "CREATE TABLE clearings (cleared UTINYINT, how VARCHAR)",
    "CREATE TABLE services (number TINYINT, service VARCHAR)",
    "CREATE TABLE days_of (place INTEGER, day USMALLINT, person UINTEGER, deed_a TINYINT, deed_b TINYINT, "
    "channel_a TINYINT, channel_b TINYINT, face_a BOOLEAN, face_b BOOLEAN, wrong TINYINT, entered UTINYINT, "
    '"left" UTINYINT, outcomes USMALLINT, shamed BOOLEAN, cleared UTINYINT, scored BOOLEAN, likeness_a FLOAT, '
    "likeness_b FLOAT, likeness_wrong FLOAT)",
)


def names(connection: Any, place: int, regime: Regime, cast: Cast, law: Law, channel_names: list[str]) -> None:
    """Enter the names of a world's rules, lists and channels."""
    connection.execute("INSERT INTO worlds VALUES (?, ?)", [place, regime.name])
    for number, deed in enumerate(cast.deeds):
        permitted = bool(int(law.score.lawful) >> number & 1)
        row = [place, number, deed, int(law.score.points[number]), permitted]
        connection.execute("INSERT INTO rules VALUES (?, ?, ?, ?, ?)", row)
    sunset = regime.book.safeguards.sunset or dt.date.max
    for number, (name, entry) in enumerate(regime.book.lists.items()):
        ends = min(entry.ends or dt.date.max, sunset)
        repaired = bool(law.lists.exits[number] > 0) and entry.term is None
        deeds, lawful = int(law.lists.deed[number]), int(law.score.lawful)
        row = [place, number, name, repaired, None if ends == dt.date.max else ends, deeds, lawful]
        connection.execute("INSERT INTO lists VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    if place == 0:
        for number, how in enumerate(CLEARED):
            connection.execute("INSERT INTO clearings VALUES (?, ?)", [number, how])
    for number, channel in enumerate(channel_names):
        connection.execute("INSERT INTO channels VALUES (?, ?, ?)", [place, number, channel])
    if place == 0:
        for number, service in enumerate(cast.services):
            connection.execute("INSERT INTO services VALUES (?, ?)", [number, service])


def list_moves(connection: Any, first: str) -> None:
    """Pair every entry into a list with the day it was left: the person's next move on that list."""
    connection.execute(f"""
        CREATE TABLE moves AS
        WITH each AS (
            SELECT place, day, person, number, rule, repaired, ends, shamed, cleared,
                   (entered >> number) & 1 = 1 AS came,
                   {_named("deed_a")} AS by_a, {_named("deed_b")} AS by_b, {_named("wrong")} AS by_mistake,
                   (lawful >> greatest(CASE WHEN {_named("deed_a")} THEN deed_a ELSE deed_b END, 0)) & 1 = 1
                       AS permitted
            FROM days_of JOIN lists USING (place)
            WHERE ((entered | "left") >> number) & 1 = 1
        ), paired AS (
            SELECT *, lead(day) OVER (PARTITION BY place, person, number ORDER BY day) AS next,
                   lead(cleared) OVER (PARTITION BY place, person, number ORDER BY day) AS undone
            FROM each
        )
        SELECT place, day, person, rule, shamed,
               CASE WHEN by_a OR by_b THEN 'true' WHEN by_mistake THEN 'wrong face' END AS cause,
               (by_a OR by_b) AND permitted AS lawful,
               DATE '{first}' + next::INTEGER AS removed,
               CASE WHEN DATE '{first}' + next::INTEGER >= ends THEN 'end of list'
                    WHEN undone > 0 THEN (SELECT how FROM clearings WHERE clearings.cleared = undone)
                    WHEN next IS NOT NULL THEN CASE WHEN repaired THEN 'repair' ELSE 'expiry' END END AS reason
        FROM paired WHERE came
    """)


def _named(column: str) -> str:
    """Whether the deed in a column of the day is one that puts people on the list."""
    return f"({column} >= 0 AND (deeds >> greatest({column}, 0)) & 1 = 1)"


ENTRIES = """
    WITH every AS (
        SELECT place, day, person, 0 AS part, 'deed' AS kind, deed_a AS number, channel_a AS channel,
               likeness_a AS likeness, 'true' AS cause, scored FROM days_of WHERE deed_a >= 0
        UNION ALL
        SELECT place, day, person, 1, 'deed', deed_b, channel_b, likeness_b, 'true', scored
        FROM days_of WHERE deed_b >= 0
        UNION ALL
        SELECT place, day, person, 2, 'deed', wrong, 0, likeness_wrong, 'wrong face', scored
        FROM days_of WHERE wrong >= 0
    ), found AS (
        SELECT place, person, day AS undone, how FROM days_of JOIN clearings USING (cleared)
        WHERE how IN ('appeal', 'audit')
    ), undone_later AS (
        SELECT every.*, undone, how FROM every ASOF LEFT JOIN found
        ON every.place = found.place AND every.person = found.person AND every.day <= found.undone
    ), lines AS (
        SELECT place, day, person, part, kind, rule, CASE WHEN scored THEN points ELSE 0 END AS points,
               channels.channel AS channel,
               CASE WHEN isnan(likeness) THEN NULL ELSE likeness END AS likelihood, cause, lawful, false AS shamed,
               CASE WHEN cause <> 'true' THEN DATE '{first}' + undone::INTEGER END AS removed,
               CASE WHEN cause <> 'true' THEN how END AS reason
        FROM undone_later JOIN rules USING (place, number)
        JOIN channels ON channels.place = undone_later.place AND channels.number = undone_later.channel
        UNION ALL
        SELECT place, day, person, 3, 'list', rule, 0, 'ledger', NULL, cause, lawful, shamed, removed, reason
        FROM moves
    )
    SELECT world, row_number() OVER (PARTITION BY place ORDER BY day, person, part, rule) - 1 AS entry,
           DATE '{first}' + day::INTEGER AS day, person::INTEGER AS person, kind, rule, points, channel,
           likelihood::FLOAT AS likelihood, cause, lawful, shamed, removed, reason
    FROM lines JOIN worlds USING (place)
    ORDER BY place, entry
"""

REFUSALS = f"""
    SELECT world, DATE '{{first}}' + day::INTEGER AS day, person::INTEGER AS person, service,
           CASE (outcomes >> (2 * number)) & 3 WHEN {REFUSED} THEN 'refused'
           WHEN {TURNED_AWAY} THEN 'turned away' ELSE 'unaffordable' END AS outcome
    FROM days_of JOIN services ON (outcomes >> (2 * number)) & 3 IN ({REFUSED}, {UNAFFORDABLE}, {TURNED_AWAY})
    JOIN worlds USING (place)
    ORDER BY place, days_of.day, days_of.person, number
"""
