"""The table of people: who they are, and how they stood on the last evening."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.columns import DAY_COUNTS, World
from glasshouse.engine.counts import Gains
from glasshouse.population import Role
from glasshouse.regimes.schema import RuleBook
from glasshouse.runs.cast import Cast
from glasshouse.words import CLEAN, HONEST, REAL


class Final(NamedTuple):
    """How a world ended, by person: whom its regime could reach, the last evening, the sums of its months."""

    liable: NDArray[np.bool_]
    world: World
    sums: Gains


def people_columns(
    cast: Cast, liable: NDArray[np.bool_], world: World, sums: Gains, book: RuleBook, last: int, date: dt.date
) -> dict[str, NDArray[Any]]:
    """Columns of `records.schema.TABLES["people"]` but `world`.

    Args:
        cast: the people.
        liable: whom the regime can reach.
        world: by person, on the last evening. Who is not scored has the tier after the book's last.
        sums: what the months counted, added up.
        book: the rule book, for lists that have ended.
        last: number of the last day; date: its date.
    """
    p = cast.population
    roles = np.array([role.name.lower() for role in Role])
    columns: dict[str, NDArray[Any]] = {
        "person": p.person.astype(np.int32),
        "town": p.town.astype(np.int16),
        "district": p.district.astype(np.int16),
        "cell": p.cell.astype(np.int32),
        "household": p.household.astype(np.int32),
        "age": p.age,
        "female": p.female,
        "group": p.group,
        "role": roles[p.role],
        "education": p.education,
        "urban": p.urban,
        "income": p.income,
        "liable": liable,
        "score": world.score[REAL],
        "honest_score": world.score[HONEST],
        "clean_score": world.score[CLEAN],
        **{
            name: np.minimum(world.tier[place], len(book.tiers)).astype(np.uint8)
            for name, place in (("tier", REAL), ("honest_tier", HONEST), ("clean_tier", CLEAN))
        },
        "listed": _listed(world, book, last, date),
        "held": p.adult & (world.opposition > 2**29),
        "voiced": world.voice,
        "work": np.array(["outside", "employed", "unemployed"])[world.livelihood.job],
        "rung": world.livelihood.rung,
        "wealth": world.livelihood.wealth,
        "opposition": (world.opposition / 2.0**30).astype(np.float32),
        "perceived": (world.risk / 2.0**30).astype(np.float32),
        "trust_state": (world.views.state / 2.0**16).astype(np.float32),
        "trust_people": (world.views.people / 2.0**16).astype(np.float32),
        "support": (world.views.support / 2.0**16).astype(np.float32),
    }
    for name, days in zip(DAY_COUNTS, sums.days, strict=True):
        columns[f"{name}_days"] = days.astype(np.int32)
    for n, service in enumerate(cast.services):
        asked, refused, short = (getattr(sums, name)[n].astype(np.int32) for name in ("asked", "refused", "short"))
        columns |= {
            f"requests_{service}": asked,
            f"refused_{service}": refused,
            f"unaffordable_{service}": short,
            f"paid_{service}": sums.paid[n].astype(np.int64),
            f"ordinary_{service}": sums.got[n].astype(np.int64) * int(cast.prices[n]),
            f"waited_{service}": sums.waited[n].astype(np.int32),
        }
    return columns


def _listed(world: World, book: RuleBook, last: int, date: dt.date) -> NDArray[np.uint8]:
    """Bit set of the lists each person is on."""
    listed = np.zeros(len(world.voice), np.uint8)
    sunset = book.safeguards.sunset or dt.date.max
    for n, entry in enumerate(book.lists.values()):
        if date < min(entry.ends or dt.date.max, sunset):
            listed |= (world.until[n][REAL] > last).astype(np.uint8) << np.uint8(n)
    return listed
