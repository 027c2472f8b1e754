"""One invented person's years, in every world of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from glasshouse.errors import InputError, nearest
from glasshouse.records.read import Records

Row = Mapping[str, Any]

PICKS: Final = {
    "wrongful": "wrongful_days DESC, mistaken_days DESC",
    "fallen": "score ASC",
    "risen": "score DESC",
    "median": "abs(score - (SELECT median(score) FROM adults)) ASC",
}
"""Kinds of telling people, and the order that puts them first."""


@dataclass(frozen=True)
class WorldLife:
    """What happened to the person in one world.

    Attributes:
        world: its name.
        end: the person's row of the table of people.
        years: their standing each 31 December.
        entries: their lines in the ledger, oldest first.
        refusals: requests refused or out of reach.
    """

    world: str
    end: Row
    years: Sequence[Row]
    entries: Sequence[Row]
    refusals: Sequence[Row]


@dataclass(frozen=True)
class Life:
    """The same person in all worlds.

    Attributes:
        person: number in the run.
        who: age, role, income and the like (invented, and the same in every world).
        worlds: the baseline first.
        followed: whether the run kept this person's ledger (very large runs keep a sample).
    """

    person: int
    who: Row
    worlds: Sequence[WorldLife]
    tiers: Mapping[str, Sequence[str]]

    def __str__(self) -> str:
        """The life as text."""
        return "\n".join(_lines(self))


def life(records: Records, person: int) -> Life:
    """Read one life.

    Raises:
        InputError: the number is not in the run.
    """
    people = records.manifest.people
    if isinstance(person, bool) or not isinstance(person, int) or not 0 <= person < people:
        raise InputError(f"There is no person {person!r} in this run; give a whole number from 0 to {people - 1}.")

    def rows(table: str, order: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in records.sql(f"SELECT * FROM {table} WHERE person = ? ORDER BY {order}", [person]):
            found.setdefault(str(row["world"]), []).append(row)
        return found

    ends, years = rows("people", "world"), rows("years", "year")
    entries, refusals = rows("entries", "entry"), rows("refusals", "day")
    names = [world.name for world in records.manifest.worlds]
    worlds = [WorldLife(n, ends[n][0], years.get(n, []), entries.get(n, []), refusals.get(n, [])) for n in names]
    return Life(person, ends[names[0]][0], worlds, {w.name: w.tiers for w in records.manifest.worlds})


def pick(records: Records, kind: str) -> int:
    """The most telling adult of a kind: over all regimes for the wronged, in the first one named for the others.

    Raises:
        InputError: unknown kind, or nobody of that kind in the run.
    """
    if kind not in PICKS:
        raise InputError(f'There is no pick "{kind}".{nearest(kind, PICKS)}')
    regimes = [world for world in records.manifest.worlds if world.scored] or list(records.manifest.regimes)
    if not regimes:
        raise InputError("This run holds ordinary law alone, so nobody was scored; name a person by number.")
    wronged = kind == "wrongful"
    names = [world.name for world in regimes] if wronged else [regimes[0].name]
    found = records.sql(
        f"WITH adults AS (SELECT * FROM people WHERE list_contains(?, world) AND age >= 18) "
        f"SELECT person FROM adults WHERE {'wrongful_days > 0' if wronged else 'true'} "
        f"ORDER BY {PICKS[kind]}, person LIMIT 1",
        [names],
    )
    if not found:
        raise InputError(f'This run has nobody to pick as "{kind}"; pick another or name a person by number.')
    return int(found[0]["person"])


def _lines(one: Life) -> list[str]:
    who = one.who
    place = "town" if who["urban"] else "village"
    lines = [
        f"Person {one.person} (invented): {'woman' if who['female'] else 'man'}, {who['age']}, "
        f"{str(who['role']).replace('_', ' ')}, {place}, {who['income']:,} CNY a year per head",
    ]
    for world in one.worlds:
        lines += ["", f"Under {world.world}"]
        lines += [f"  {_summary(one, world)}"]
        lines += [f"  {_entry(row)}" for row in world.entries]
        lines += [f"  {row['day']}  {row['service']} {row['outcome']}" for row in world.refusals]
    return lines


def _summary(one: Life, world: WorldLife) -> str:
    end, tiers = world.end, one.tiers[world.world]
    tier = "-" if end["tier"] is None else tiers[end["tier"]]
    thought = "opposes in private" if end["held"] else "does not oppose in private"
    said = "voices it" if end["voiced"] else "says nothing"
    kept = [row for row in world.years if row["tier"] is not None]
    last = f"no score at the end (kept one until {kept[-1]['year']})" if kept else "keeps no score"
    standing = last if tier == "-" else f"ends with {end['score'] / 100:.0f} points in tier {tier}"
    return (
        f"{standing}; {end['sanctioned_days']} days under sanction, {end['wrongful_days']} of them wrongful; "
        f"{thought}, {said}"
    )


_WRONG = {
    "wrong face": " - SOMEBODY ELSE DID IT",
    "record error": " - THE RECORD IS FALSE",
    "false report": " - A NEIGHBOUR LIED",
    "pretended": " - ONLY PRETENDED",
}


def _entry(row: Row) -> str:
    what = str(row["rule"]).replace("_", " ")
    if row["kind"] == "list":
        end = f", until {row['removed']} ({row['reason']})" if row["removed"] else ""
        return f"{row['day']}  put on the list {what}{end}{', shown in public' if row['shamed'] else ''}"
    face = f", face similarity {100 * row['likelihood']:.1f} %" if row["likelihood"] is not None else ""
    wrong = _WRONG.get(str(row["cause"]), "")
    lawful = ", a lawful act" if row["lawful"] and row["points"] < 0 else ""
    return f"{row['day']}  {what} {row['points'] / 100:+.0f} points ({row['channel']}{face}){lawful}{wrong}"
