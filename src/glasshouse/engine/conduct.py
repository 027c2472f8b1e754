"""Steps of a day, first half: what people do, who sees it, and what is entered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp

from glasshouse.arithmetic import happens, has, sigmoid
from glasshouse.draws import purposes
from glasshouse.engine import remedies, sources
from glasshouse.engine.columns import Today, World
from glasshouse.engine.neighbours import Collect, town_sums
from glasshouse.engine.setting import (
    Setting,
    Standing,
    deed_row,
    done,
    drawn,
    field,
    look_up,
    put,
    rows_of,
    score_bin,
    unscored,
)
from glasshouse.mechanisms import avoidance, deeds, deterrence, gaming, ledger, lists, mistakes, sightings, tiers
from glasshouse.regimes.tables import FACE_DEEDS, STAKE_BINS
from glasshouse.words import DEED_MARK, LEDGERS, NOTICE_MARK, OVERTAKEN, REAL, SLOTS

_LISTS_A_BLOCK = 4
_BITS_A_COUNT = 63 // FACE_DEEDS


def withdraw(setting: Setting, under: Standing, world: World) -> World:
    """Where the regime withdrew from a district, its tiers end at once."""

    def ended(tier: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(jnp.where(under.subject, book, jnp.uint8(unscored(setting.law))) for book in tier)

    return replace(world, tier=ended(world.tier), announced=ended(world.announced))


def publish(setting: Setting, today: Today, under: Standing, columns: tuple[World, Any]) -> tuple[World, Any]:
    """Publish tiers; some leave their lists, others have been long enough in a tier to be listed."""
    world, notices = columns
    law, now = setting.law, today.day.astype(jnp.int32)
    scored = under.subject & law.score.kept
    announced = tuple(tiers.tier(book, law.score.cuts, scored, unscored(law)) for book in world.score)
    since = tuple(
        jnp.where(new == old, was, now.astype(jnp.uint16))
        for new, old, was in zip(announced, world.announced, world.tier_since, strict=True)
    )
    world = remedies.fall_due(setting, today, replace(world, announced=announced, tier_since=since))
    until = []
    for n, books in enumerate(world.until):
        block = drawn(setting, purposes.LEAVE, today, n // _LISTS_A_BLOCK)
        word, listing = block[n % _LISTS_A_BLOCK], law.lists
        left = tuple(remedies.leave(setting, n, now, word, book) for book in books)
        due = tuple(
            lists.ripe(t, s, now, listing.tier[n], listing.days[n]) & under.subject & today.begun[n]
            for t, s in zip(world.tier, since, strict=True)
        )
        notices |= put(due[REAL] & (left[REAL] <= now), "listed", NOTICE_MARK) << n
        notices |= put((left[REAL] == now) & (books[REAL] > now), "unlisted", NOTICE_MARK) << n
        delay = law.remedies.delay
        until.append(
            tuple(lists.prolonged(was, d, now, listing.term[n], delay) for was, d in zip(left, due, strict=True))
        )
    return replace(world, until=tuple(until)), notices


def meet(setting: Setting, today: Today, marks: Any) -> Any:
    """People meet the day's occasions: written like deeds, for `take` to keep or strike out."""
    society, able = setting.society, setting.people.adult
    block = drawn(setting, purposes.DEED, today)
    first_b = society.occasion_a.shape[0]
    for slot, word, bands, first in (
        ("a", block.a, society.occasion_a, 0),
        ("b", block.c, society.occasion_b, first_b),
    ):
        met = deeds.occasion(word, bands, first)
        marks |= put(jnp.where(met.met & able, met.deed + jnp.uint8(1), 0), f"deed_{slot}")
    return marks


def weigh(setting: Setting, under: Standing, world: World, marks: Any, leanings: tuple[Any, Any]) -> tuple[Any, Any]:
    """How far people lean towards taking the occasion on each slot: its logit, int32 Q16."""
    del leanings
    people, numbers = setting.people, setting.numbers.deterrence
    temper = deterrence.Temper(people.susceptibility, people.risk, people.prosocial)
    column = score_bin(world.score[REAL], setting.law, STAKE_BINS)

    def leaning(slot: str) -> Any:
        _, deed = done(marks, slot)
        row = deed_row(setting, slot, deed)
        stakes = setting.law.stake.stakes[under.aware.astype(jnp.int32), deed, column]
        loss, reward = (stakes & 0xFFFF).astype(jnp.int32), (stakes >> 16).astype(jnp.int32) << 4
        perceived = jnp.where(row.kind == deterrence.READING, world.watched, world.risk) >> 14
        held_back = deterrence.drag(people.risk, perceived, loss, row.punished, numbers)
        rewarded = under.aware & has(setting.law.score.rewarded, deed)
        return deterrence.leaning(row.kind, row.base, temper, held_back, reward, rewarded, numbers)

    return leaning("a"), leaning("b")


def resolve(
    setting: Setting, under: Standing, world: World, marks: Any, leanings: tuple[Any, Any], chances: tuple[Any, Any]
) -> tuple[Any, Any]:
    """The chance of taking the occasion on each slot, uint32."""
    del chances
    people = setting.people

    def chance(slot: str, leaning: Any) -> Any:
        deed = done(marks, slot)[1]
        row = deed_row(setting, slot, deed)
        threshold = sigmoid(setting.society.sigmoid, leaning)
        silent = (world.views.ready >> row.venue) & 1 == 0
        threshold = jnp.where((row.kind == deterrence.SPEECH) & silent, jnp.uint32(0), threshold)
        unasked = (row.kind == deterrence.ANSWER) & ~(under.aware & has(setting.law.score.rewarded, deed))
        threshold = jnp.where(unasked, jnp.uint32(0), threshold)
        return deeds.exposed(threshold, row.exposure, people.digital, people.driver)

    a, b = leanings
    return chance("a", a), chance("b", b)


def take(setting: Setting, today: Today, chances: tuple[Any, Any], marks: Any) -> Any:
    """People take their occasions or leave them."""
    block = drawn(setting, purposes.DEED, today)
    for slot, word, chance in zip(SLOTS, (block.b, block.d), chances, strict=True):
        bits = DEED_MARK[f"deed_{slot}"]
        without = marks & ~jnp.uint32(bits.mask << bits.shift)
        marks = jnp.where(happens(word, chance), marks, without)
    return marks


def see(
    setting: Setting, today: Today, under: Standing, world: World, lost: tuple[tuple[Any, ...], ...], marks: Any
) -> Any:
    """Who sees the deeds, whom ordinary law punishes, and which rewarded deeds are only pretended.

    `lost` is what patrols lose in a crowd (`views.overlooked`).
    """
    sight, ordinary, listing = setting.law.sight, setting.society.ordinary, setting.law.lists
    asked_for = jnp.where(listing.everywhere & today.begun, listing.deed, jnp.uint64(0))
    national = jnp.bitwise_or.reduce(asked_for)
    block, hazard = drawn(setting, purposes.SIGHTING, today), drawn(setting, purposes.HAZARD, today)
    filming = avoidance.filming(today.filming, world.avoiding)
    neighbours = sources.reports(setting, world.informed, setting.law.sources.truthful)
    for slot, camera, other, fined_word, fake_word in (
        ("a", block.a, block.c, hazard.a, hazard.c),
        ("b", block.b, block.d, hazard.b, hazard.d),
    ):
        rows, (did, deed) = rows_of(setting, slot), done(marks, slot)
        # Outside the pilots only a deed that a nation-wide list asks for is reported.
        reported = under.subject | (setting.people.liable & has(national, deed))
        told = sources.told(setting, today, slot, deed, reported, neighbours, lost)
        face = has(sight.face, deed)
        named = jnp.where(face, look_up(sight.recognised, setting.people.group), sight.plain)
        watched = under.subject & has(sight.camera, deed)
        got = sightings.sighting(camera, other, did, watched, filming, named, told, face)
        overtaken = (world.pending > 0) & sources.slow(setting, deed, got.seen)
        marks |= put(jnp.where(overtaken, OVERTAKEN, got.seen), f"seen_{slot}") | put(got.filmed, f"filmed_{slot}")
        marks |= put(did & happens(fined_word, look_up(ordinary[rows], deed - rows.start)), f"fined_{slot}")
        rewarded = under.aware & has(setting.law.score.rewarded, deed)
        marks |= put(gaming.pretended(fake_word, did, rewarded, setting.numbers.gaming), f"fake_{slot}")
    return marks


def mistake(
    setting: Setting, today: Today, under: Standing, informed: Any, collect: Collect, columns: tuple[Any, Any]
) -> tuple[Any, Any]:
    """Yesterday's probes name strangers, informers lie; today's probes are counted for tomorrow."""
    marks, probes = columns
    people = setting.people
    under_regime = jnp.where((people.rank < today.districts)[:, None], people.likeness, 0)
    likeness, searched = town_sums(under_regime, people, collect), town_sums(probes, people, collect)
    residents = town_sums(people.resident.sum(axis=1, dtype=jnp.int32), people, collect)
    passed = remedies.reviewed(setting, searched, residents)
    rate = mistakes.rates(searched, setting.confusion, likeness, passed)[people.town]
    block = drawn(setting, purposes.MISTAKE, today)
    face = mistakes.mistaken(block.a, under.subject, people.lookalike, people.group, rate)
    return sources.accuse(setting, under, informed, block, face, marks), _probes(setting, marks)


def _probes(setting: Setting, marks: Any) -> Any:
    """Faces searched today by cell, face deed and group filmed, int32 [C, F, G].

    The face deeds are counted side by side in one word: a sum a group instead of a sum a group and deed.
    """
    people, rows = setting.people, setting.law.sight.face_rows
    searched = [jnp.where(field(marks, f"filmed_{slot}") > 0, done(marks, slot)[1], -2) for slot in SLOTS]
    places = [_BITS_A_COUNT * n for n in range(FACE_DEEDS)]
    found = sum((deed == rows[n]).astype(jnp.int64) << place for n, place in enumerate(places) for deed in searched)
    groups = range(people.likeness.shape[1])
    by_group = jnp.stack([jnp.where(people.group == g, found, 0).sum(axis=1) for g in groups], axis=-1)
    side_by_side = jnp.stack([by_group >> place for place in places], axis=1)
    return (side_by_side & ((1 << _BITS_A_COUNT) - 1)).astype(jnp.int32)


def enter(setting: Setting, under: Standing, marks: Any, score: tuple[Any, ...]) -> tuple[Any, ...]:
    """Enter the day's records in the three books."""
    law = setting.law.score
    posted = _posted(setting, sources.today_s(setting, marks))
    wronged, claim = sources.wrongly(marks)
    posted[REAL] += jnp.where(wronged, look_up(law.points, claim), 0)
    return tuple(
        ledger.post(book, new, under.subject, law.start, law.lowest, law.highest, law.forgiveness)
        for book, new in zip(score, posted, strict=True)
    )


def _posted(setting: Setting, entries: list[sources.Entry]) -> list[Any]:
    """Points of true entries by book."""
    law, posted = setting.law.score, [jnp.int32(0)] * len(LEDGERS)
    for slot, made, deed, fake in entries:
        rows = rows_of(setting, slot)
        new = ledger.postings(look_up(law.points[rows], deed - rows.start), has(law.lawful, deed), made, fake)
        posted = [so_far + more for so_far, more in zip(posted, new, strict=True)]
    return posted


def list_up(setting: Setting, today: Today, under: Standing, marks: Any, columns: tuple[Any, Any]) -> tuple[Any, Any]:
    """Entries that put people on lists, terms that end, and lists that end themselves."""
    until, notices = columns
    law, now = setting.law.lists, today.day.astype(jnp.int32)
    entries, wrong = sources.today_s(setting, marks), sources.wrongly(marks)
    rows = []
    for n, books in enumerate(until):
        within = today.begun[n] & setting.people.liable & (law.everywhere[n] | under.subject)
        counts = _counting(setting, n, within, entries, wrong)
        notices |= put(counts[REAL] & (books[REAL] <= now), "listed", NOTICE_MARK) << n
        ends_today = (books[REAL] > 0) & ((books[REAL] == now) | (today.ending[n] & (books[REAL] > now)))
        notices |= put(ends_today & ~counts[REAL], "unlisted", NOTICE_MARK) << n
        kept = tuple(jnp.where(today.ending[n], jnp.minimum(book, now.astype(jnp.uint16)), book) for book in books)
        delay = setting.law.remedies.delay
        rows.append(tuple(lists.prolonged(b, e, now, law.term[n], delay) for b, e in zip(kept, counts, strict=True)))
    return tuple(rows), notices


def _counting(
    setting: Setting, n: int, within: Any, entries: list[sources.Entry], wrong: tuple[Any, Any] | None
) -> tuple[Any, Any, Any]:
    """Whether entries put somebody on list n, by book, bool."""
    law, lawful = setting.law.lists, setting.law.score.lawful
    true = clean = jnp.zeros(within.shape, bool)
    real = true if wrong is None else wrong[0] & has(law.deed[n], wrong[1]) & within
    for _, made, deed, fake in entries:
        counts = made & has(law.deed[n], deed) & within
        real, true, clean = real | counts, true | (counts & ~fake), clean | (counts & ~fake & ~has(lawful, deed))
    return real, true, clean


def deliver(setting: Setting, today: Today, under: Standing, columns: tuple[Any, ...]) -> tuple[Any, ...]:
    """Once a month slow registers deliver: what is due is entered in the books and puts people on lists."""
    score, until, notices, pending = columns
    law, listing, now = setting.law.score, setting.law.lists, today.day.astype(jnp.int32)
    entries, pending = sources.arrivals(setting, today, pending)
    nothing = jnp.int32(0)
    score = tuple(
        ledger.post(book, new, under.subject & law.kept, law.start, law.lowest, law.highest, nothing)
        for book, new in zip(score, _posted(setting, entries), strict=True)
    )
    rows = []
    for n, books in enumerate(until):
        within = today.begun[n] & setting.people.liable & (listing.everywhere[n] | under.subject)
        counts = _counting(setting, n, within, entries, None)
        notices |= put(counts[REAL] & (books[REAL] <= now), "listed", NOTICE_MARK) << n
        on = zip(books, counts, strict=True)
        rows.append(tuple(lists.prolonged(b, e, now, listing.term[n], setting.law.remedies.delay) for b, e in on))
    return score, tuple(rows), notices, pending


def display(setting: Setting, today: Today, columns: tuple[Any, Any]) -> tuple[Any, Any]:
    """Some of today's newly listed are put on public display; all displays end with the regime's last list."""
    shown_until, notices = columns
    law, now = setting.law.lists, today.day.astype(jnp.int32)
    listed = field(notices, "listed", NOTICE_MARK)
    word = jax.lax.cond(
        (listed > 0).any(),
        lambda: drawn(setting, purposes.DISPLAY, today).a,
        lambda: jnp.zeros(notices.shape, jnp.uint32),
    )
    shown_until = jnp.where(today.ending.any() & ~today.begun.any(), 0, shown_until)
    anywhere = jnp.zeros(notices.shape, bool)
    for n in range(law.shame.shape[0]):
        shown = lists.shown(word, (listed >> n) & 1 == 1, law.shame[n])
        shown_until = jnp.where(
            shown, jnp.maximum(shown_until, (now + law.shame_days[n]).astype(jnp.uint16)), shown_until
        )
        anywhere |= shown
    return shown_until, notices | put(anywhere, "shamed", NOTICE_MARK)
