"""Steps of data sources: what reaches the ledger late, whom others accuse, who informs, who avoids cameras."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from glasshouse.arithmetic import has
from glasshouse.draws import purposes
from glasshouse.draws.philox import Words
from glasshouse.engine import views
from glasshouse.engine.columns import PLACES, Today, World
from glasshouse.engine.neighbours import by_place
from glasshouse.engine.setting import Setting, Standing, done, drawn, field, look_up, put, rows_of, score_bin
from glasshouse.mechanisms import avoidance, informing, record_errors, registers
from glasshouse.regimes.tables import STAKE_BINS
from glasshouse.words import DEED_MARK, OTHER, OVERTAKEN, REAL, SLOTS, UNSEEN

_PRETENDED = registers.RECORD_BITS - 1
_WRONG = sum(DEED_MARK[name].mask << DEED_MARK[name].shift for name in ("wrong_deed", "wrong_cause"))
WRONG_FACE, RECORD_ERROR, FALSE_REPORT = 1, 2, 3
"Places in words.CAUSES."


class Entry(NamedTuple):
    """A record that is entered: its slot; whether there is one, bool; the deed's row, int32; only pretended, bool."""

    slot: str
    made: Any
    deed: Any
    fake: Any


def told(
    setting: Setting,
    today: Today,
    slot: str,
    deed: Any,
    reported: Any,
    neighbours: Any,
    lost: tuple[tuple[Any, ...], ...],
) -> tuple[Any, ...]:
    """Cumulative chances that the deed's channels tell of it.

    Args:
        setting, today: what is in force.
        slot: of the deed.
        deed: int32, its row.
        reported: bool, the regime asks for the deed here.
        neighbours: uint32, chance that informers tell of it.
        lost: what patrols lose in a crowd (`views.overlooked`).
    """
    rows, law = rows_of(setting, slot), setting.law
    whole = (look_up(of_place[rows], deed - rows.start) for of_place in law.sight.others)
    noted = (views.thinned(setting, deed, one, crowd) for one, crowd in zip(whole, lost, strict=True))
    chances = tuple(jnp.where(reported, one, 0) for one in noted)
    numbers = look_up(law.sources.numbers[rows], deed - rows.start)
    return registers.heard(chances, numbers, registers.opened(setting.people.covered, today.joined), neighbours)


def reports(setting: Setting, informed: Any, weight: Any) -> Any:
    """Chance that a report of yesterday's informers of the building is about the person, times a weight, uint32."""
    adults, informers = setting.people.building_adults, jax.lax.population_count(informed).astype(jnp.int32)
    about_others = informing.reported(weight, informers, jnp.zeros(informed.shape, bool), adults)
    about_them = informing.reported(weight, jnp.maximum(informers, 1), jnp.ones(informed.shape, bool), adults)
    places = jnp.tile(jnp.arange(PLACES, dtype=jnp.uint32), informed.shape[1])
    own = (by_place(informed) >> places) & 1 == 1
    return jnp.where(own, by_place(about_them), by_place(about_others))


def prevalence(setting: Setting, informed: Any) -> Any:
    """Share of adults in each person's building who informed on a neighbour last night, int32 Q16 [C, P]."""
    informers = jax.lax.population_count(informed).astype(jnp.int32)
    return by_place((informers << 16) // jnp.maximum(setting.people.building_adults, 1))


def slow(setting: Setting, deed: Any, code: Any) -> Any:
    """Whether a deed seen otherwise than by a camera waits for a slow register, bool."""
    return (code >= OTHER) & (code != OVERTAKEN) & has(setting.law.sources.slow, deed)


def today_s(setting: Setting, marks: Any) -> list[Entry]:
    """What is seen and entered today, slot by slot."""
    found = []
    for slot in SLOTS:
        deed, code = done(marks, slot)[1], field(marks, f"seen_{slot}")
        made = (code > UNSEEN) & (code != OVERTAKEN) & ~slow(setting, deed, code)
        found.append(Entry(slot, made, deed, field(marks, f"fake_{slot}") == 1))
    return found


def send(setting: Setting, today: Today, marks: Any, pending: Any) -> Any:
    """What slow registers saw today sets off."""
    records = []
    for slot in SLOTS:
        deed, code = done(marks, slot)[1], field(marks, f"seen_{slot}")
        record = field(marks, f"deed_{slot}") | (field(marks, f"fake_{slot}") << _PRETENDED)
        records.append(jnp.where(slow(setting, deed, code), record, 0))
    return registers.sent(pending, today.day.astype(jnp.uint32), records)


def arrivals(setting: Setting, today: Today, pending: Any) -> tuple[list[Entry], Any]:
    """What slow registers deliver today, and the packets that travel on."""
    records = registers.carried(pending)
    deeds = [(record & ((1 << _PRETENDED) - 1)).astype(jnp.int32) - 1 for record in records]
    lags = [jnp.where(deed >= 0, look_up(setting.law.sources.lags, deed), 0) for deed in deeds]
    due = registers.due(pending, today.day.astype(jnp.uint32), lags)
    each = zip(SLOTS, records, deeds, strict=True)
    entries = [Entry(s, due & (d >= 0), jnp.maximum(d, 0), (r >> _PRETENDED) == 1) for s, r, d in each]
    return entries, jnp.where(due, jnp.uint32(0), pending)


def err(setting: Setting, today: Today, under: Standing, marks: Any) -> Any:
    """Once a month registers match their files, and some records end up with the wrong person."""
    law = setting.law.sources
    is_open = registers.opened(setting.people.covered, today.joined)
    word = drawn(setting, purposes.MISTAKE, today).b
    claim = record_errors.claimed(word, under.subject, is_open, law.claimants, law.widths)
    return marks | _accused(claim, law.claims, RECORD_ERROR)


def accuse(setting: Setting, under: Standing, informed: Any, block: Words, face: Any, marks: Any) -> Any:
    """What is entered today against somebody who did not do it: one thing, a wrong face before all else.

    Args:
        setting, under: the day.
        informed: uint32 [C, B], who informed yesterday.
        block: words of the purpose MISTAKE.
        face: uint8, number of the face deed for which somebody else's face was taken.
        marks: of today, with the false records of the month.
    """
    law = setting.law.sources
    about = reports(setting, informed, law.untrue)
    report = informing.accused(block.c, block.d, under.subject, about, law.report_count)
    held = marks & jnp.uint32(_WRONG)
    held = jnp.where(held > 0, held, _accused(report, law.reports, FALSE_REPORT))
    held = jnp.where(face > 0, _accused(face, setting.law.sight.face_rows, WRONG_FACE), held)
    return (marks & ~jnp.uint32(_WRONG)) | held


def _accused(claim: Any, rows: Any, cause: int) -> Any:
    """The fields wrong_deed and wrong_cause of a claim by number, 0 for none."""
    deed = look_up(rows, jnp.maximum(claim, 1).astype(jnp.int32) - 1) + 1
    return jnp.where(claim > 0, put(deed, "wrong_deed") | put(jnp.uint32(cause), "wrong_cause"), 0)


def inform(setting: Setting, marks: Any, informed: Any) -> Any:
    """Tonight's informers are published, one bit a place: they report tomorrow."""
    law, bits = setting.law.sources, jnp.arange(PLACES, dtype=jnp.uint32)
    did = jnp.zeros(marks.shape, bool)
    for slot in SLOTS:
        acted, deed = done(marks, slot)
        did |= acted & has(law.informing, deed)
    return (did.reshape(*informed.shape, PLACES).astype(jnp.uint32) << bits).sum(axis=2, dtype=jnp.uint32)


def avoid(setting: Setting, today: Today, under: Standing, world: World) -> World:
    """Once a month habits move towards avoiding as much of the cameras as they cost."""
    glare = setting.law.sources.glare[score_bin(world.score[REAL], setting.law, STAKE_BINS)]
    cost = avoidance.felt(under.aware, setting.people.risk, world.risk >> 14, glare)
    goal = avoidance.target(cost, setting.numbers.avoidance)
    word = drawn(setting, purposes.AVOIDANCE, today).a
    return replace(world, avoiding=avoidance.moved(world.avoiding, goal, word, setting.numbers.avoidance))


def wrongly(marks: Any) -> tuple[Any, Any]:
    """Whether something is entered today against somebody who did not do it, and the row of the deed."""
    return field(marks, "wrong_cause", DEED_MARK) > 0, jnp.maximum(field(marks, "wrong_deed").astype(jnp.int32) - 1, 0)
