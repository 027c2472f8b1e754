"""Data sources: coverage, what open channels tell, lags that lose nothing uncounted, and wrong files (F22)."""

from __future__ import annotations

import math

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from glasshouse.arithmetic import CERTAIN, chance
from glasshouse.engine.devices import prepare
from glasshouse.evidence import channels, facts, parameters
from glasshouse.evidence.registers import register_of, registers
from glasshouse.mechanisms import record_errors
from glasshouse.mechanisms.registers import DAY_SHIFT, carried, due, heard, opened, sent
from glasshouse.regimes.source_law import DIRECT, NEIGHBOURS, NUMBER_BITS
from known.oracle import Z_LIMIT, binomial_fits, drawn, poisson_fits
from stage import people

N = 200_000
FACTS = {fact.id: float(fact) for fact in facts() if fact.id.startswith("errors.")}


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


# --- the catalogue


def test_every_channel_of_a_register_is_in_the_catalogue_of_channels() -> None:
    assert set(register_of()) <= set(channels())
    assert "hotline" not in register_of()
    order = "bank utility platform employer court police tax_office school clinic apps"
    assert " ".join(r.id for r in registers()) == order


# --- what open channels tell


def numbers(*of: int) -> int:
    return sum(number << (NUMBER_BITS * place) for place, number in enumerate(of))


def told(chances: list[float], registers_of: list[int], is_open: int, neighbours: float = 0.0) -> NDArray[np.float64]:
    """The cumulative chances, as probabilities."""
    bits = jnp.uint32(is_open | 1 << DIRECT | 1 << NEIGHBOURS)
    found = heard(tuple(jnp.uint32(chance(p)) for p in chances), jnp.int32(numbers(*registers_of)), bits,
                  jnp.uint32(chance(neighbours)))  # fmt: skip
    return np.array([float(c) for c in found]) / 2**32


PROBABILITY = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0]))


@given(st.lists(PROBABILITY, min_size=3, max_size=3), st.lists(st.integers(0, 17), min_size=3, max_size=3),
       st.integers(0, 2**16 - 1), PROBABILITY)  # fmt: skip
@settings(deadline=None, derandomize=True, max_examples=150)
def test_open_channels_tell_like_independent_ones(
    given_chances: list[float], of: list[int], is_open: int, neighbours: float
) -> None:
    """P(told by one of the first n) = 1 - prod (1 - p_m) over the open ones."""
    unseen, wanted = 1.0, []
    for p, number in zip(given_chances, of, strict=True):
        p = neighbours if number == NEIGHBOURS else p if number == DIRECT else p * (is_open >> number & 1)
        unseen *= 1 - p
        wanted.append(1 - unseen)
    assert told(given_chances, of, is_open, neighbours) == pytest.approx(wanted, abs=4 * 2**-32)


@given(st.lists(PROBABILITY, min_size=3, max_size=3), st.integers(0, 2**10 - 1), st.integers(0, 9))
@settings(deadline=None, derandomize=True, max_examples=80)
def test_a_further_register_never_tells_less(given_chances: list[float], is_open: int, joins: int) -> None:
    """Monotone: more coverage never reduces expected detections."""
    of = [joins, 3, 7]
    fewer, more = told(given_chances, of, is_open), told(given_chances, of, is_open | 1 << joins)
    assert (more >= fewer - 2 * 2**-32).all()


def test_who_is_in_no_file_is_told_of_by_nobody_but_by_direct_channels() -> None:
    assert told([1.0, 1.0, 1.0], [0, 9, 4], 0).tolist() == [0, 0, 0]
    assert told([0.25, 1.0, 1.0], [DIRECT, 9, 4], 0).tolist() == [0.25, 0.25, 0.25]
    covered, joined = jnp.array([0b101, 0], jnp.uint16), jnp.uint32(0b110)
    both = 1 << DIRECT | 1 << NEIGHBOURS
    assert opened(covered, joined).tolist() == [0b100 | both, both]


def test_certainty_stays_certain() -> None:
    found = heard((jnp.uint32(CERTAIN),) * 3, jnp.int32(numbers(DIRECT, 2, 3)), jnp.uint32(1 << DIRECT), jnp.uint32(0))
    assert [int(c) for c in found] == [int(CERTAIN)] * 3


# --- lags


SLOW = st.tuples(st.integers(0, 127), st.integers(0, 127))
LAGS = st.tuples(st.integers(1, 70), st.integers(1, 70))


@given(st.lists(SLOW, min_size=1, max_size=70), LAGS, st.integers(0, 60_000))
@settings(deadline=None, derandomize=True, max_examples=40)
def test_every_slow_record_is_delivered_or_counted_as_overtaken(
    made: list[tuple[int, int]], lags: tuple[int, int], begins: int
) -> None:
    """Conservation: made = delivered on the first tenth day at or after day + lag + overtaken + still on its way."""
    pending, wanted, got, overtaken = jnp.uint32(0), list[tuple[int, int]](), list[tuple[int, int]](), 0
    for day, records in enumerate([*made, *[(0, 0)] * 90], begins):
        today = jnp.uint32(day)
        if day % 10 == 0:
            held = carried(pending)
            waits = [jnp.uint32(lag if int(record) else 0) for record, lag in zip(held, lags, strict=True)]
            if bool(due(pending, today, waits)):
                got += [(day, int(record)) for record in held if int(record)]
                pending = jnp.uint32(0)
        travelling = int(pending) > 0
        overtaken += travelling * sum(record > 0 for record in records)
        if not travelling:
            wait = max((lag for record, lag in zip(records, lags, strict=True) if record), default=0)
            arrives = -(-max(day + wait, day + 1) // 10) * 10
            wanted += [(arrives, record) for record in records if record]
        pending = sent(pending, today, tuple(jnp.uint32(record) for record in records))
    assert int(pending) == 0
    assert sorted(got) == sorted(wanted)
    assert len(got) + overtaken == sum((a > 0) + (b > 0) for a, b in made)


def test_the_last_day_of_the_longest_run_fits() -> None:
    held = sent(jnp.uint32(0), jnp.uint32(65_535), (jnp.uint32(127), jnp.uint32(127)))
    assert int(held) >> DAY_SHIFT == 65_535
    assert [int(record) for record in carried(held)] == [127, 127]
    assert not bool(due(held, jnp.uint32(65_535), (jnp.uint32(1), jnp.uint32(0))))
    assert bool(due(held, jnp.uint32(65_536), (jnp.uint32(1), jnp.uint32(0))))


# --- errors


def shares_with_an_error(touch: float) -> float:
    """1 - E[prod_r (1 - cover_r + cover_r exp(-q errors_r Y))] over the invented people."""
    p, digital = parameters(), people().digital[people().adult] / 255
    years, factor = p.number("registers.error_years"), p.number("registers.error_factor")
    untouched = np.ones(len(digital))
    for r in registers():
        cover = float(r.cover) * (digital if r.digital else 1.0)
        untouched *= 1 - cover + cover * np.exp(-touch * factor * float(r.errors) * years)
    return float(1 - untouched.mean())


def test_one_in_five_files_is_wrong_and_one_in_eight_scores_is_touched() -> None:
    """F22, fitted: 21 % any error, 13 % a score change."""
    assert shares_with_an_error(1.0) == pytest.approx(FACTS["errors.any"], rel=0.05)
    assert shares_with_an_error(parameters().number("registers.error_touch")) == pytest.approx(
        FACTS["errors.score"], rel=0.05
    )


def test_the_share_of_errors_that_touch_is_thinning_of_a_poisson_count() -> None:
    q = math.log1p(-FACTS["errors.score"]) / math.log1p(-FACTS["errors.any"])
    assert parameters().number("registers.error_touch") == pytest.approx(q, abs=0.005)


WIDTHS, OF = np.array([0.002, 0.002, 0.01, 0.0], np.float64), np.array([0, 0, 3, 5], np.int32)


def claims(is_open: int, able: bool = True, words: NDArray[np.uint32] | None = None) -> NDArray[np.uint8]:
    drawn_words = drawn(N).a if words is None else words
    bits = jnp.full(len(drawn_words), is_open, jnp.uint32)
    return np.asarray(record_errors.claimed(jnp.asarray(drawn_words), jnp.bool_(able), bits, jnp.asarray(OF),
                                            jnp.asarray(chance(WIDTHS))))  # fmt: skip


@pytest.mark.parametrize("is_open", [0b1001, 0b0001, 0b1000, 0])
def test_each_claim_of_an_open_register_comes_at_its_rate(is_open: int) -> None:
    found = claims(is_open)
    for m, (width, register) in enumerate(zip(WIDTHS, OF, strict=True), 1):
        assert binomial_fits((found == m).sum(), N, float(width) * (is_open >> int(register) & 1))


def test_nobody_is_wronged_who_is_not_under_the_score_or_in_no_file() -> None:
    assert not claims(0b111111, able=False).any()
    assert not claims(0).any()


def test_errors_are_poisson_in_total() -> None:
    """Over days: var / mean = 1 - rate; their total meets N * days * rate."""
    totals = [int((claims(0b1001, words=drawn(20_000, day).b) > 0).sum()) for day in range(60)]
    mean = 20_000 * float(WIDTHS.sum())
    assert poisson_fits(sum(totals), 60 * mean)
    ratio = np.var(totals, ddof=1) / np.mean(totals)
    assert abs(ratio - (1 - WIDTHS.sum())) < Z_LIMIT * math.sqrt(2 / 59)
