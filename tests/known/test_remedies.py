"""Remedies in whole worlds: waits, the share who file, overwhelmed staff, and that each safeguard protects (T31e)."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from glasshouse.engine.columns import DAY_COUNTS, OUTCOME_COLUMNS
from glasshouse.engine.stage import Stage
from glasshouse.evidence import parameters
from glasshouse.regimes import RuleBook
from glasshouse.regimes.safeguards import with_safeguard
from glasshouse.words import CAUSES, DISMISSED, FATE_MARK, FILED, NOTICE_MARK, UPHELD
from known.oracle import Z_LIMIT, binomial_fits, z_of_count
from naive_books import OFTEN, changed
from stage import Life, book, field, live, people, same_bytes, set_stage

WRONG_FACE = CAUSES.index("wrong face")
LAST = dt.date(2020, 4, 30)
PLENTY: dict[str, Any] = {"staff": 20_000, "hearing_days": 12, "noticed": 1}


def wronged(raw: dict[str, Any]) -> None:
    """The article with a gallery so large that faces are mixed up daily, and a list that mistakes lead to."""
    raw["cameras"] |= {"gallery": 1_400_000_000, "review_false": 0.5}
    raw["deeds"] |= {"loitering": OFTEN["loitering"] | {"occasions": 0.03, "points": -30}}
    raw["deeds"]["protest"]["face"] = False
    raw["tiers"] = [
        t | ({"from": b} if b else {}) for t, b in zip(raw["tiers"], (1050, 1030, 995, 970, 940, None), strict=True)
    ]
    raw["lists"]["blacklist"] |= {"term": 60, "entry": {"deeds": ["loitering"]}}
    del raw["lists"]["redlist"]


def appealing(raw: dict[str, Any], **numbers: Any) -> None:
    wronged(raw)
    raw["appeals"] = PLENTY | numbers


WRONGED = changed("article", wronged)


@cache
def stage() -> Stage:
    return set_stage(people(1_600, 2, 4), [WRONGED], last=LAST)


def with_appeals(**numbers: Any) -> RuleBook:
    return changed("article", lambda raw: appealing(raw, **numbers))


@cache
def lived(name: str = "", **numbers: Any) -> Life:
    return live(stage(), with_safeguard(WRONGED, name, **numbers) if name else WRONGED)


@cache
def heard(**numbers: Any) -> Life:
    return live(stage(), with_appeals(**numbers))


def verdicts(life: Life) -> NDArray[np.int64]:
    return field(life.fates, "appeal", FATE_MARK)


def days(life: Life, kind: str) -> int:
    return int(life.sums.days[DAY_COUNTS.index(kind)].sum())


def open_cases(life: Life) -> int:
    return int(np.bitwise_count(life.end.appeals.waiting).sum())


def test_every_case_is_decided_on_the_day_of_its_hearing() -> None:
    """With staff enough the wait is `hearing_days`, for everybody."""
    code = verdicts(heard())
    waits = []
    for case in code.T:
        filed = np.flatnonzero(case == FILED)
        decided = np.flatnonzero(case >= UPHELD)
        waits += list(decided - filed[: len(decided)])
    assert len(waits) > 300
    assert set(waits) == {12}


def test_the_share_who_file_and_the_share_who_win() -> None:
    """noticed * p_file of those wronged with no case open; ps_w and ps_r of the cases."""
    life, p = heard(), parameters()
    code = verdicts(life)
    waiting = np.cumsum(code == FILED, axis=0) - np.cumsum(code >= UPHELD, axis=0)
    free = np.vstack([np.ones_like(code[:1], bool), waiting[:-1] == 0])
    occasion = (field(life.deeds, "wrong_cause") > 0) & free
    filed = int(((code == FILED) & occasion).sum())
    assert abs(z_of_count(filed, int(occasion.sum()), p.number("remedies.file_wrong"))) < Z_LIMIT
    assert p.number("remedies.corrects") == 0.6
    code = verdicts(heard(lets_off=0.6))  # the same for a mistake and without one
    won, lost = int((code == UPHELD).sum()), int((code == DISMISSED).sum())
    assert binomial_fits(won, won + lost, 0.6)


def test_nothing_is_decided_without_staff() -> None:
    life = heard(staff=0)
    code = verdicts(life)
    assert (code == FILED).sum() > 100
    assert not (code >= UPHELD).any()
    assert open_cases(life) == (code == FILED).sum()
    bare = lived()
    assert same_bytes(life.sums, bare.sums)
    assert same_bytes(life.end.score, bare.end.score)


@pytest.mark.parametrize("staff", [50, 400])
def test_overwhelmed_staff_decide_what_they_can_and_the_backlog_is_the_rest(staff: int) -> None:
    """Decisions of a day: min(room, ripe cases), room(n) = floor((n + 1) r) - floor(n r), r = staff * residents."""
    life, town = heard(staff=staff), stage().population.town
    code = verdicts(life)
    for number in range(2):
        here = code[:, town == number]
        residents, done = here.shape[1], (here >= UPHELD).sum(axis=1)
        r = int(staff / 100_000 * 2**32) * residents
        room = np.array([((n + 1) * r >> 32) - (n * r >> 32) for n in range(len(here))])
        filed = np.concatenate([np.zeros(PLENTY["hearing_days"], np.int64), (here == FILED).sum(axis=1)])[: len(here)]
        ripe = np.cumsum(filed) - np.cumsum(done) + done
        assert (done == np.minimum(room, ripe)).all()
        assert (ripe > room).any()
    assert open_cases(life) == (code == FILED).sum() - (code >= UPHELD).sum()


def test_review_and_appeals_protect_and_the_more_the_better() -> None:
    """T31e: mistaken days fall with every remedy, and with more of it."""
    bare = days(lived(), "mistaken")
    assert bare > 3_000
    by_staff = [days(heard(staff=staff), "mistaken") for staff in (0, 50, 20_000)]
    assert by_staff[0] == bare
    assert bare > by_staff[1] > by_staff[2]
    assert bare > days(heard(), "mistaken") > days(heard(corrects=1, hearing_days=1), "mistaken")
    by_review = [days(lived("human_review", passes=share), "mistaken") for share in (0.5, 0.2, 0.0)]
    assert by_review[0] == bare
    assert by_review[0] > by_review[1] > by_review[2] == 0
    audits = [days(lived("audit", share=share), "mistaken") for share in (0.0, 0.9, 1.0)]
    assert audits[0] == bare
    assert bare > audits[1] > audits[2]


def test_a_full_audit_leaves_no_mistake_on_the_first_of_the_month() -> None:
    life = lived("audit", share=1)
    audited = field(life.fates, "audited", FATE_MARK) > 0
    firsts = [n for n in range(len(audited)) if (dt.date(2020, 1, 1) + dt.timedelta(days=n)).day == 1]
    assert not np.delete(audited, firsts, axis=0).any()
    assert audited[firsts[1:]].any(axis=1).all()
    calls = [(dt.date(2020, 1, 1), dt.date(2020, 1, 31)), (dt.date(2020, 2, 1), dt.date(2020, 2, 1))]
    day = live(stage(), with_safeguard(WRONGED, "audit", share=1), calls)
    real, honest, _ = day.end.score
    assert (real >= honest).all()


def test_who_cannot_read_accepts() -> None:
    """With no staff every wrong match passes with the automation bias, as if review let through that share."""

    def unread(raw: dict[str, Any]) -> None:
        wronged(raw)
        raw["cameras"] |= {"review_staff": 0, "automation_bias": 0.8, "review_false": 0.1}

    def blind(raw: dict[str, Any]) -> None:
        wronged(raw)
        raw["cameras"] |= {"review_false": 0.8}

    def plenty(raw: dict[str, Any]) -> None:
        unread(raw)
        raw["cameras"] |= {"review_staff": 100_000, "review_false": 0.1}

    lives = {make: live(stage(), changed("article", make)) for make in (unread, blind, plenty)}
    found = {make: field(life.deeds, "wrong_cause") == WRONG_FACE for make, life in lives.items()}
    assert (found[unread] == found[blind]).all()
    assert (found[plenty] <= found[blind]).mean() == 1
    assert found[plenty].sum() < 0.3 * found[blind].sum()


def test_with_parity_groups_are_confused_alike_and_found_less() -> None:
    plain, fair = (stage().actor(b).law for b in (WRONGED, with_safeguard(WRONGED, "group_parity")))
    assert len(set(fair.sight.wrong.tolist())) == 1 < len(set(plain.sight.wrong.tolist()))
    assert fair.sight.wrong[0] == plain.sight.wrong.min()
    assert (fair.sight.recognised <= plain.sight.recognised).all()
    assert len(set(plain.sight.recognised.tolist())) == 1


def test_nothing_follows_before_the_delay_is_over() -> None:
    """A sunset that comes before the delay leaves nobody sanctioned; listings are made all the same."""
    guarded = with_safeguard(with_safeguard(WRONGED, "delay", days=40), "sunset", date=dt.date(2020, 2, 10))
    life = live(stage(), guarded)
    assert (field(life.notices, "listed", NOTICE_MARK) > 0).sum() > 50
    assert days(life, "sanctioned") == 0
    assert 0 < days(lived("delay", days=10), "sanctioned") < days(lived(), "sanctioned")


def test_a_cap_on_stacking_closes_less() -> None:
    capped, bare = lived("stacking_cap", services=1), lived()
    assert sum(int(n.sum()) for n in capped.sums.refused) < sum(int(n.sum()) for n in bare.sums.refused)
    assert days(capped, "denied") < days(bare, "denied")
    wide = lived("stacking_cap", services=7)
    assert same_bytes(wide.sums, bare.sums)


def test_unbundled_nothing_follows_without_a_domain() -> None:
    life = lived("unbundled")
    assert days(life, "sanctioned") == 0
    assert sum(int(n.sum()) for n in life.sums.refused) == 0


def test_remedies_against_a_regime_without_consequences_change_no_outcome() -> None:
    """`none` with every remedy equals ordinary law in every outcome column, to the byte."""
    null = book("none")
    guards: dict[str, dict[str, Any]] = {
        "appeals": {"staff": 500, "hearing_days": 3},
        "audit": {"share": 1},
        "delay": {"days": 20},
        "stacking_cap": {"services": 1},
        "explanation": {},
        "group_parity": {},
    }
    for name, numbers in guards.items():
        null = with_safeguard(null, name, **numbers)
    worlds = [live(stage(), made) for made in (null, book("ordinary-law"))]
    assert (verdicts(worlds[0]) > 0).any() or (field(worlds[0].fates, "audited", FATE_MARK) > 0).any()
    for column in OUTCOME_COLUMNS:
        assert same_bytes(*(getattr(life.end, column) for life in worlds)), column
    for column in ("asked", "refused", "short", "paid"):
        assert same_bytes(*(getattr(life.sums, column) for life in worlds)), column
