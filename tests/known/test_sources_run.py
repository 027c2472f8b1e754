"""Runs with registers: who is seen by whom, when it is entered, how many files are wrong, what informers do."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.engine.files import covered
from glasshouse.evidence import channels, parameters
from glasshouse.evidence.registers import registers
from glasshouse.regimes import Number, RuleBook
from glasshouse.regimes.sections.sources import Joining
from glasshouse.runs.events import Channels
from glasshouse.runs.events import channels as channels_of
from glasshouse.words import CAUSES, OVERTAKEN, REAL, SLOTS
from known.oracle import binomial_fits, poisson_fits
from stage import FIRST, LAST, Life, book, field, live, people, set_stage, standard, wrong

LATE = dt.date(2020, 4, 1)


def unbounded() -> RuleBook:
    """The article's regime without cameras, forgiveness or bounds in reach; banks join in April, platforms never."""
    article = book("article")
    assert article.score is not None
    wide = {"lowest": Number(value=-1e5), "highest": Number(value=1e5), "forgiveness": Number(value=0)}
    given = {"bank": Joining(date=LATE), "platform": Joining(never=True)}
    deeds = {
        name: deed.model_copy(update={"seen_by": [c for c in deed.seen_by if c != "camera"], "face": False})
        for name, deed in article.deeds.items()
    }
    changed = {"score": article.score.model_copy(update=wide), "registers": given, "cameras": None, "deeds": deeds}
    return article.model_copy(update=changed)


@cache
def life() -> Life:
    return live(standard(), unbounded())


@cache
def known() -> Channels:
    firsts = [(first - FIRST).days for first, _ in standard().span.months()]
    return channels_of(unbounded(), [fact.id for fact in standard().society.deeds], firsts)


def row(deed: str) -> int:
    return [fact.id for fact in standard().society.deeds].index(deed)


def entered_on(day: NDArray[np.int64], person: NDArray[np.int64], deed: NDArray[np.int64]) -> NDArray[np.int64]:
    """The day of entry: a day's slow records travel together, and arrive on a first of a month."""
    both = np.zeros(life().deeds.shape, np.int64)
    for slot in SLOTS:
        when, who, row_of, code = records(slot)
        on_its_way = code != OVERTAKEN
        np.maximum.at(both, (when[on_its_way], who[on_its_way]), known().lag[row_of, code][on_its_way])
    slow = known().lag[deed, 2] > 0
    return np.where(slow, known().firsts[np.searchsorted(known().firsts, day + both[day, person])], day)


def records(slot: str) -> tuple[NDArray[np.int64], ...]:
    """Day, person, row and code of everything seen on a slot."""
    seen = field(life().deeds, f"seen_{slot}")
    day, person = np.nonzero(seen)
    return day, person, field(life().deeds, f"deed_{slot}")[day, person] - 1, seen[day, person]


@pytest.mark.parametrize(("deed", "register"), [("utility_bill_late", 1), ("loan_arrears", 0), ("blood_donation", 8)])
def test_a_register_sees_those_in_its_file_once_it_has_joined(deed: str, register: int) -> None:
    """Among the covered, seen is binomial with the channel's chance; nobody else is seen."""
    told, files = life(), covered(people(), 1)
    channel = registers()[register].channels[0]
    did, seen = field(told.deeds, "deed_a") == row(deed) + 1, field(told.deeds, "seen_a") > 0
    in_file = (files >> register & 1 == 1)[None, :] & np.ones_like(did)
    if register == 0:
        in_file &= (np.arange(len(did)) >= (LATE - FIRST).days)[:, None]
    assert not (did & seen & ~in_file).any()
    assert binomial_fits((did & seen & in_file).sum(), (did & in_file).sum(), float(channels()[channel]))
    assert (did & in_file).sum() > 10


def test_who_never_joins_never_tells() -> None:
    posts = [field(life().deeds, f"deed_{s}") == row("critical_post") + 1 for s in SLOTS]
    seen = [field(life().deeds, f"seen_{s}") > 0 for s in SLOTS]
    informed_on = sum(int((p & s).sum()) for p, s in zip(posts, seen, strict=True))
    assert sum(int(p.sum()) for p in posts) > 100
    assert informed_on < 5  # only by a neighbour


def test_files_are_as_full_as_the_catalogue_says() -> None:
    files, online = covered(people(), 1), people().digital / 255
    for n, register in enumerate(registers()):
        share = float(register.cover) * (online if register.digital else np.ones_like(online))
        found, spread = (files >> n & 1).sum(), np.sqrt((share * (1 - share)).sum())
        assert abs(found - share.sum()) <= 4 * spread


def test_every_record_reaches_the_score_on_its_day_or_is_counted_as_overtaken() -> None:
    """Score on the last evening of each month = start + points of everything entered by then."""
    told, law = life(), life().actor.law.score
    points, day_of = np.asarray(law.points, np.int64), np.zeros((2, len(told.deeds), len(people())), np.int64)
    overtaken = 0
    for slot in SLOTS:
        day, person, deed, code = records(slot)
        lost = code == OVERTAKEN
        overtaken += int(lost.sum())
        due = entered_on(day, person, deed)
        arrives = ~lost & (due < len(told.deeds))
        np.add.at(day_of[0], (due[arrives], person[arrives]), points[deed[arrives]])
    mistaken = field(told.deeds, "wrong_deed")
    day_of[0] += np.where(mistaken > 0, points[np.maximum(mistaken - 1, 0)], 0)
    expected = int(law.start) + day_of[0].cumsum(axis=0)
    adult, night = people().adult, -1
    for world, (_, last) in zip(told.months, standard().span.months(), strict=True):
        night = (last - FIRST).days
        assert (world.score[REAL][adult] == expected[night][adult]).all(), last
    assert night == (LAST - FIRST).days
    slow = sum(int((known().lag[d, 2] > 0).sum()) for _, _, d, _ in map(records, SLOTS))
    assert 0 < overtaken < 0.1 * slow


def test_a_packet_holds_what_is_still_on_its_way() -> None:
    waiting = np.zeros(len(people()), bool)
    for slot in SLOTS:
        day, person, deed, code = records(slot)
        waiting[person[(code != OVERTAKEN) & (entered_on(day, person, deed) >= len(life().deeds))]] = True
    assert ((life().end.pending > 0) == waiting).all()
    assert waiting.any()


FACTOR = 30.0


@cache
def erring() -> Life:
    """The same where files are wrong thirty times as often."""
    stage = set_stage()
    stage.parameters = parameters().with_values({"registers.error_factor": FACTOR})
    return live(stage, unbounded())


def test_false_records_come_at_the_rate_of_the_files_people_are_in() -> None:
    """By deed claimed: Poisson with mean sum over covered adults and months of errors_r k q / 12 / claims of r."""
    told, files, adult = erring(), covered(people(), 1), people().adult
    law, months = told.actor.law.sources, len(told.months)
    found = wrong(told.deeds, "record error")
    claimed = field(told.deeds, "wrong_deed")
    assert not found[:, ~adult].any()
    expected = np.zeros(len(standard().society.deeds))
    for claim, register, width in zip(law.claims, law.claimants, law.widths, strict=True):
        name = registers()[int(register)].id
        open_months = {"bank": months - 3, "platform": 0}.get(name, months)
        in_file = int(((files >> int(register) & 1 == 1) & adult).sum())
        expected[int(claim)] += open_months * in_file * float(width) / 2**32
    for deed, mean in enumerate(expected):
        assert poisson_fits(int((found & (claimed == deed + 1)).sum()), float(mean)), deed
    assert expected.sum() > 200
    rates = [float(r.errors) * FACTOR * parameters().number("registers.error_touch") / 12 for r in registers()]
    own = [np.asarray(law.widths)[np.asarray(law.claimants) == r].sum() / 2**32 for r in range(len(rates))]
    assert own[1] == pytest.approx(rates[1], rel=1e-6)


def test_reports_follow_informers_of_the_day_before_in_the_same_building() -> None:
    told = erring()
    acted = sum((field(told.deeds, f"deed_{s}") == row("informing") + 1).astype(int) for s in SLOTS) > 0
    accused = wrong(told.deeds, "false report")
    building = people().building
    assert acted.sum() > 20
    for day, person in zip(*np.nonzero(accused), strict=True):
        assert day > 0
        others = acted[day - 1] & (building == building[person])
        others[person] = False
        assert others.any()
    phi = parameters().number("informing.false_share")
    heard = acted[:-1] & (np.bincount(building[people().adult], minlength=building.max() + 1)[building] > 1)
    assert poisson_fits(int(accused.sum()), phi * float(heard.sum()))


def test_the_causes_of_the_mark_are_those_of_the_ledger() -> None:
    assert [CAUSES[n] for n in (1, 2, 3)] == ["wrong face", "record error", "false report"]
    assert len(CAUSES) - 1 > 3  # two bits hold the first three; pretended deeds have bits of their own
