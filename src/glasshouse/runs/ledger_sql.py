"""The ledger as SQL: a followed person's days unfolded into entries and refusals.

A list is left on the day its end was marked, by its own end or by the sunset; what stands open stays open. An entry
into a list has the cause of the day's entry that led to it, and none where months in a tier did. What a slow register
reports is entered days after the deed, or not at all if the run ends before.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from glasshouse.regimes import Regime
from glasshouse.regimes.tables import Law
from glasshouse.runs.cast import Cast
from glasshouse.words import CAUSES, CLEARED, REFUSED, TURNED_AWAY, UNAFFORDABLE

TABLES = (
    "CREATE TABLE worlds (place INTEGER, world VARCHAR)",
    "CREATE TABLE rules (place INTEGER, number TINYINT, rule VARCHAR, points INTEGER, lawful BOOLEAN)",
    "CREATE TABLE lists (place INTEGER, number TINYINT, rule VARCHAR, repaired BOOLEAN, ends DATE, deeds BIGINT, "
    "lawful BIGINT)",
    "CREATE TABLE channels (place INTEGER, number TINYINT, channel VARCHAR)",
    "CREATE TABLE clearings (cleared UTINYINT, how VARCHAR)",
    "CREATE TABLE services (number TINYINT, service VARCHAR)",
    "CREATE TABLE days_of (place INTEGER, day USMALLINT, person UINTEGER, deed_a TINYINT, deed_b TINYINT, "
    "channel_a TINYINT, channel_b TINYINT, entered_a INTEGER, entered_b INTEGER, fake_a BOOLEAN, fake_b BOOLEAN, "
    "face_a BOOLEAN, face_b BOOLEAN, wrong TINYINT, cause UTINYINT, channel_wrong TINYINT, entered UTINYINT, "
    '"left" UTINYINT, outcomes USMALLINT, shamed BOOLEAN, cleared UTINYINT, rank INTEGER, likeness_a FLOAT, '
    "likeness_b FLOAT, likeness_wrong FLOAT)",
    "CREATE TABLE calendars (place INTEGER, day INTEGER, districts INTEGER)",
    "CREATE TABLE causes (cause UTINYINT, why VARCHAR)",
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
        for number, why in enumerate(CAUSES):
            connection.execute("INSERT INTO causes VALUES (?, ?)", [number, why])


def posted(connection: Any, last: int) -> None:
    """Every entry of a deed under the day of its entry, up to the last day of the run."""

    def of_slot(part: int, slot: str) -> str:
        return f"""
            SELECT place, entered_{slot} AS day, day::INTEGER AS done, person, rank, {part} AS part,
                   deed_{slot} AS number, channel_{slot} AS channel, likeness_{slot} AS likeness,
                   CASE WHEN fake_{slot} THEN 'pretended' ELSE 'true' END AS cause
            FROM days_of WHERE deed_{slot} >= 0
            UNION ALL"""

    connection.execute(f"""
        CREATE VIEW posted AS SELECT * FROM ({of_slot(0, "a")} {of_slot(1, "b")}
            SELECT place, day::INTEGER, day::INTEGER, person, rank, 2, wrong, channel_wrong, likeness_wrong, why
            FROM days_of JOIN causes USING (cause) WHERE wrong >= 0
        ) WHERE day <= {last}
    """)


def list_moves(connection: Any, first: str) -> None:
    """Pair every entry into a list with the day it was left: the person's next move on that list."""
    connection.execute(f"""
        CREATE TABLE moves AS
        WITH each AS (
            SELECT place, day::INTEGER AS day, person, number, rule, repaired, ends, shamed, cleared, deeds, lawful,
                   (entered >> number) & 1 = 1 AS came
            FROM days_of JOIN lists USING (place)
            WHERE ((entered | "left") >> number) & 1 = 1
        ), led AS (
            SELECT place, day, person, each.number,
                   coalesce(any_value(cause) FILTER (cause = 'true'), arg_min(cause, part)) AS cause,
                   coalesce(arg_min((lawful >> posted.number) & 1 = 1, (part, done)) FILTER (cause = 'true'), false)
                       AS permitted
            FROM each JOIN posted USING (place, day, person)
            WHERE came AND (deeds >> posted.number) & 1 = 1
            GROUP BY ALL
        ), paired AS (
            SELECT *, lead(day) OVER (PARTITION BY place, person, number ORDER BY day) AS next,
                   lead(cleared) OVER (PARTITION BY place, person, number ORDER BY day) AS undone
            FROM each
        )
        SELECT place, day, person, rule, shamed, cause, coalesce(permitted, false) AS lawful,
               DATE '{first}' + next::INTEGER AS removed,
               CASE WHEN DATE '{first}' + next::INTEGER >= ends THEN 'end of list'
                    WHEN undone > 0 THEN (SELECT how FROM clearings WHERE clearings.cleared = undone)
                    WHEN next IS NOT NULL THEN CASE WHEN repaired THEN 'repair' ELSE 'expiry' END END AS reason
        FROM paired LEFT JOIN led USING (place, day, person, number) WHERE came
    """)


ENTRIES = """
    WITH found AS (
        SELECT place, person, day::INTEGER AS undone, how FROM days_of JOIN clearings USING (cleared)
        WHERE how IN ('appeal', 'audit')
    ), undone_later AS (
        SELECT posted.*, undone, how FROM posted ASOF LEFT JOIN found
        ON posted.place = found.place AND posted.person = found.person AND posted.day <= found.undone
    ), lines AS (
        SELECT place, day, done, person, part, 'deed' AS kind, rule,
               CASE WHEN rank < districts THEN points ELSE 0 END AS points,
               channels.channel AS channel,
               CASE WHEN isnan(likeness) THEN NULL ELSE likeness END AS likelihood, cause, lawful, false AS shamed,
               CASE WHEN cause <> 'true' THEN DATE '{first}' + undone END AS removed,
               CASE WHEN cause <> 'true' THEN how END AS reason
        FROM undone_later JOIN rules USING (place, number) JOIN calendars USING (place, day)
        JOIN channels ON channels.place = undone_later.place AND channels.number = undone_later.channel
        UNION ALL
        SELECT place, day, NULL, person, 3, 'list', rule, 0, 'ledger', NULL, cause, lawful, shamed, removed, reason
        FROM moves
    )
    SELECT world, row_number() OVER (PARTITION BY place ORDER BY day, person, part, rule, done) - 1 AS entry,
           DATE '{first}' + day::INTEGER AS day, DATE '{first}' + done AS done,
           person::INTEGER AS person, kind, rule, points, channel,
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
