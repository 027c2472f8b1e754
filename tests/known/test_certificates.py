"""Certificates: the rise of uptake around a mandate, what a gate does, forged papers and red codes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import beta

from glasshouse.arithmetic import CERTAIN, chance, q16, q30, sigmoid, sigmoid_table
from glasshouse.engine.devices import prepare
from glasshouse.evidence import parameters
from glasshouse.mechanisms import certificates as c
from known.oracle import binomial_fits, drawn

HEADS = 200_000
FOREVER = 65535


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def numbers(**changes: float) -> c.Coefficients:
    rows = {"base_hazard": 0.0, "gate_pull": 0.0, "peer_weight": 0.0, "distrust_weight": 0.0}
    given = {name: changes.get(name, parameters().number(f"certificate.{name}")) for name in rows}
    return c.Coefficients(
        q16(np.log(given["base_hazard"])), q16(given["gate_pull"]), q16(given["peer_weight"]),
        q16(given["distrust_weight"]), chance(parameters().number("certificate.visits")), np.int32(28),
    )  # fmt: skip


# --- The dose


def test_the_leaning_is_the_formula() -> None:
    """z = ln h + b_g G max(use, work) + b_m m - b_x x, to the rounding of Q16."""
    rng = np.random.default_rng(1)
    use, x = rng.integers(0, 256, 500).astype(np.uint8), rng.uniform(size=500)
    share = (use.astype(int) + (use > 127)) / 256
    m, work = rng.uniform(size=500), rng.uniform(size=500) < 0.3
    p = parameters().number
    for gates in (0.0, 0.37, 1.0):
        z = np.log(p("certificate.base_hazard")) + p("certificate.gate_pull") * gates * np.where(work, 1, share)
        z += p("certificate.peer_weight") * m - p("certificate.distrust_weight") * x
        found = np.asarray(c.leaning(use, q16(gates), work, q16(m), q30(x), numbers())) / 2**16
        assert abs(found - z).max() < 5e-4  # use in 256 parts


class Uptake:
    """Everybody in the mean: shares without a dose by distrust and use of venues, day after day.

    Distrust ~ Beta(2, 2.5); use = U^k, a fifth of people young. A mandate checks `checked` of entries.
    """

    def __init__(self, base: float = 1.0, mandate: tuple[int, int] | None = None, checked: float = 0.8) -> None:
        p, q = parameters().number, (np.arange(80) + 0.5) / 80
        skews = (p("certificate.use_skew_young"), p("certificate.use_skew"))
        self.use = np.rint(255 * np.concatenate([q**k for k in skews])).astype(np.uint8)[None, :]
        self.weight = np.repeat([0.2, 0.8], 80)[None, :] / 80 / 80
        x = q30(beta.ppf(q, p("expression.opposition_alpha"), p("expression.opposition_beta")))[:, None]
        without, path = np.ones((80, 160)), [0.0]
        law, table = numbers(base_hazard=base * p("certificate.base_hazard")), sigmoid_table()
        for day in range(330):
            gates = 0.0
            if mandate is not None and day >= mandate[0]:
                gates = checked * (1.0 if day >= mandate[1] else p("certificate.anticipation"))
            z = np.asarray(c.leaning(self.use, q16(gates), np.False_, q16(path[-1]), x, law))
            without = without * (1 - sigmoid(table, z) / 2**32)
            path.append(1 - float((without * self.weight).sum()))
        self.path: NDArray[np.float64] = np.array(path)


@cache
def gain(base: float = 1.0, announced: int = 190, begins: int = 210) -> NDArray[np.float64]:
    """Percentage points that the mandate adds, by day."""
    return 100 * (Uptake(base, (announced, begins)).path - Uptake(base).path)


def test_uptake_rises_around_the_mandate() -> None:
    """F27: from some 20 days before the gates to some 40 days after, larger than what it does later."""
    added = gain()
    rate = np.diff(added)
    assert not added[:191].any()  # nothing before anybody knows
    assert rate[190:250].min() > 0
    assert rate[250:].max() < 0.25 * rate[190:250].max()  # by 40 days after, the rise is over
    assert added[250] > 0.85 * added.max()


def test_the_rise_has_the_size_of_the_low_uptake_country() -> None:
    """About 12.8 doses for 100 people in France, two a head: some 6 to 9 in 100 people."""
    assert 0.5 < Uptake().path[190] < 0.66
    assert 5.5 < gain()[250] < 9.5


def test_little_is_left_to_rise_where_uptake_was_high() -> None:
    """A country where nearly everybody has had a dose before the mandate gains less than a point."""
    eager = 40.0
    assert Uptake(eager).path[190] > 0.95
    assert gain(eager).max() < 1.0
    assert gain(eager).max() < 0.15 * gain().max()


def test_no_checks_no_pull() -> None:
    assert (Uptake(mandate=(190, 210), checked=0.0).path == Uptake().path).all()


def test_neighbours_and_distrust_move_the_leaning_their_way() -> None:
    m, x = q16(np.linspace(0, 1, 50)), q30(np.linspace(0, 1, 50))
    rising = np.asarray(c.leaning(np.uint8(0), q16(0), np.False_, m, q30(0.5), numbers()))
    falling = np.asarray(c.leaning(np.uint8(0), q16(0), np.False_, q16(0.5), x, numbers()))
    assert (np.diff(rising) > 0).all()
    assert (np.diff(falling) < 0).all()


# --- Papers


def test_two_doses_and_a_term() -> None:
    """One life: a dose on day 3, the second 28 days later, expired 270 days after that, renewed by one dose."""
    paper, dosed, seen = np.array([c.NONE], np.uint8), np.zeros(1, np.uint16), []
    never = np.zeros(1, bool)
    for day in range(400):
        takes, now = np.array([day in (3, 350)]), np.int32(day)
        assert c.wants_dose(paper, True).all() or not takes.any()
        second = np.asarray(c.second_dose(paper, dosed, now, 28))
        paper = np.asarray(c.renewed(paper, now - dosed.astype(np.int32), second, takes, never, never, 270))
        dosed = np.where(takes | second, np.uint16(day), dosed)
        seen.append(int(paper[0]))
    changes = {day: seen[day] for day in range(400) if day == 0 or seen[day] != seen[day - 1]}
    assert changes == {0: c.NONE, 3: c.PARTIAL, 31: c.VALID, 301: c.EXPIRED, 350: c.VALID}
    assert int(dosed[0]) == 350


def test_a_paper_without_a_term_holds() -> None:
    never = np.zeros(1, bool)
    paper = np.asarray(c.renewed(np.uint8([c.VALID]), np.int32([60_000]), *[never] * 4, FOREVER))
    assert paper.tolist() == [c.VALID]


@given(
    st.lists(st.sampled_from(range(len(c.PAPERS))), min_size=1, max_size=6),
    st.integers(0, 2**32 - 1), st.floats(0, 1), st.floats(0, 1), st.integers(0, 700), st.integers(1, 400),
)  # fmt: skip
@settings(deadline=None, derandomize=True, max_examples=100)
def test_papers_move_only_along_their_ways(
    papers: list[int], word: int, dose: float, forge: float, age: int, term: int
) -> None:
    ways = {
        c.NONE: {c.NONE, c.PARTIAL, c.FORGED}, c.PARTIAL: {c.PARTIAL, c.VALID}, c.VALID: {c.VALID, c.EXPIRED},
        c.EXPIRED: {c.EXPIRED, c.VALID}, c.EXEMPT: {c.EXEMPT}, c.FORGED: {c.FORGED, c.NONE},
    }  # fmt: skip
    paper = np.array(papers, np.uint8)
    due = np.asarray(c.wants_dose(paper, True))
    words = np.full(len(papers), word, np.uint32)
    takes, fakes = (np.asarray(x) for x in c.steps(words, due, paper, chance(dose), chance(forge)))
    assert not (takes & fakes).any()
    ages = np.full(len(papers), age, np.int32)
    second = np.asarray(c.second_dose(paper, (1000 - ages).astype(np.uint16), np.int32(1000), 28))
    caught = (paper == c.FORGED) & (word % 2 == 0)
    after = np.asarray(c.renewed(paper, ages, second, takes, fakes, caught, term))
    assert all(new in ways[old] for old, new in zip(papers, after.tolist(), strict=True))
    assert after.dtype == np.uint8


def test_doses_and_forgeries_come_at_their_chances() -> None:
    """Both on one word: P(dose) = p, P(forged) = q as long as p + q <= 1, and never both."""
    p, q = 0.013, 0.0007
    takes, fakes = c.steps(drawn(HEADS).b, np.ones(HEADS, bool), np.uint8(c.NONE), chance(p), chance(q))
    assert binomial_fits(int(takes.sum()), HEADS, p)
    assert binomial_fits(int(fakes.sum()), HEADS, q)
    all_take, none_fake = c.steps(drawn(HEADS).b, np.ones(HEADS, bool), np.uint8(c.NONE), CERTAIN, CERTAIN)
    assert all_take.all()
    assert not none_fake.any()


def test_a_chance_goes_with_use() -> None:
    use = np.array([0, 51, 128, 255], np.uint8)
    found = np.asarray(c.by_use(use, chance(0.5))) / 2**32
    assert found == pytest.approx([0, 0.5 * 51 / 256, 0.5 * 129 / 256, 0.5], abs=1e-6)
    assert np.asarray(c.by_use(use, CERTAIN))[3] == CERTAIN


def test_exemptions_go_to_a_share_of_those_without_a_dose() -> None:
    papers = np.repeat(np.arange(len(c.PAPERS), dtype=np.uint8), HEADS // len(c.PAPERS))
    got = np.asarray(c.exempted(drawn(len(papers)).a, papers, True, chance(0.02)))
    moved = got != papers
    assert set(papers[moved]) == {c.NONE}
    assert set(got[moved]) == {c.EXEMPT}
    assert binomial_fits(int(moved.sum()), int((papers == c.NONE).sum()), 0.02)


# --- Gates


def test_who_has_something_to_show() -> None:
    papers, no, yes = np.arange(6, dtype=np.uint8), np.zeros(6, bool), np.ones(6, bool)
    shut = {c.PAPERS[n] for n in np.flatnonzero(c.shut_out(papers, no, no))}
    assert shut == {"none", "partial", "expired"}
    assert not c.shut_out(papers, no, yes).any()
    assert c.shut_out(papers, yes, yes).all()  # a red code shuts the gate on everybody


def door(paper: int, shut: bool, visits: float, checked: float, caught: float) -> NDArray[np.uint8]:
    """What comes of the visits of people whose whole life is behind gates."""
    use, papers = np.full(HEADS, 255, np.uint8), np.full(HEADS, paper, np.uint8)
    p = (chance(visits), chance(checked), chance(caught))
    return np.asarray(c.at_the_door(drawn(HEADS).c, p[0], use, np.bool_(shut), papers, *p[1:]))


@pytest.mark.parametrize(("checked", "caught"), [(0.0, 0.5), (0.3, 0.0), (0.7, 0.2), (1.0, 1.0)])
def test_the_door_turns_away_as_many_as_it_checks(checked: float, caught: float) -> None:
    """P(away | no paper) = visits * checked; P(found out | forged) = visits * checked * caught."""
    visits = 0.4
    nothing, forged, valid = (
        door(paper, paper == c.NONE, visits, checked, caught) for paper in (c.NONE, c.FORGED, c.VALID)
    )
    assert binomial_fits(int((nothing == c.TURNED_AWAY).sum()), HEADS, visits * checked)
    assert binomial_fits(int((forged == c.CAUGHT).sum()), HEADS, visits * checked * caught)
    assert not (forged == c.TURNED_AWAY).any()
    assert set(valid) <= {c.NO_DOOR, c.LET_IN}
    went = nothing != c.NO_DOOR
    assert (went == (valid != c.NO_DOOR)).all()  # the same people go out, whatever their paper
    assert binomial_fits(int(went.sum()), HEADS, visits)


def test_stricter_doors_turn_the_same_people_away_and_others() -> None:
    before = np.zeros(HEADS, bool)
    for checked in (0.0, 0.2, 0.6, 1.0):
        away = door(c.NONE, True, 0.5, checked, 0.0) == c.TURNED_AWAY
        assert (before <= away).all()
        before = away


# --- Red codes


def reddened(until: int, today: int, days: int, red: bool = True) -> int:
    return int(c.red_until(np.uint16([until]), np.array([red]), np.int32(today), np.int32(days))[0])


def test_red_codes_last_their_days() -> None:
    """Set on day 10 for 14 days: red on days 11 to 24."""
    assert reddened(0, 10, 14) == 25
    assert reddened(25, 20, 14) == 35  # a further act prolongs it
    assert reddened(25, 12, 1) == 25  # and never shortens it
    assert reddened(25, 20, 14, red=False) == 25
    assert reddened(0, 65_530, 4_000) == FOREVER - 1
