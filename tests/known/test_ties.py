"""Ties cut and restored (T20), isolation rounded by keyed words (T27), and what friends hear of each other."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from glasshouse.arithmetic import CERTAIN, ONE_Q16, q30
from glasshouse.engine.devices import prepare
from glasshouse.evidence import parameters
from glasshouse.mechanisms import ties
from glasshouse.population.friends import NOBODY, matching
from glasshouse.regimes.bonds import KINDS, MONTH, hazards, in_touch, of_a_month
from glasshouse.words import FRIEND_SLOTS, MOST_ISOLATED
from known.oracle import Z_LIMIT, binomial_fits, drawn, drawn_within, z_of_count

TIERS = 6
UNSCORED = TIERS
PAIRS, MONTHS = 400_000, 240


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def by_hand(gap: int, shame: int, visible: float, close: float) -> float:
    """h of a day: one minus the product of what does not part two friends."""
    p = parameters().number
    return (
        1
        - (1 - p("ties.fade"))
        * (1 - p("ties.tier_gap") * visible * (1 - close)) ** gap
        * (1 - p("ties.shame")) ** shame
    )


def test_the_hazards_are_the_law() -> None:
    p, visible = parameters(), 0.7
    table = hazards(visible, TIERS, p)
    assert table.shape == (len(KINDS), 3 * TIERS)
    for kind, name in enumerate(KINDS):
        for gap in range(TIERS):
            for shame in range(3):
                wanted = by_hand(gap, shame, visible, p.number(f"ties.close_{name}"))
                assert table[kind, 3 * gap + shame] == pytest.approx(wanted, rel=1e-12)


def test_a_month_is_its_days() -> None:
    """The m-step law of the chain, against its matrix multiplied out; here a month of 30 days at either end."""
    renewal, cut = 1e-3, np.array([0.0, 1e-4, 0.02, 0.9])
    chances = [c / 2.0**32 for c in of_a_month(cut, renewal)]
    for place, h in enumerate(cut):
        low, high = (np.linalg.matrix_power([[1 - h, h], [renewal, 1 - renewal]], days) for days in (30, 31))
        for found, (one, other) in zip((c[place] for c in chances), ((0, 1), (1, 0)), strict=True):
            assert low[one, other] - 2**-31 <= found <= high[one, other] + 2**-31


@pytest.mark.parametrize("strained", [(0, 0), (5, 0), (5, 2)], ids=str)
def test_how_many_ties_live(strained: tuple[int, int]) -> None:
    """In touch after n days: s + (1 - s)(1 - r - h)^n, s = r / (r + h); at s in the end."""
    gap, shame = strained
    renewal = parameters().number("ties.renewal")
    h = by_hand(gap, shame, 1.0, parameters().number("ties.close_wide"))
    cut, restored = of_a_month(hazards(1.0, TIERS, parameters()), renewal)
    chances = jnp.stack([restored[1], cut[1]])
    who, place = jnp.arange(PAIRS, dtype=jnp.uint32), jnp.int32(gap * ties.SHAMES + shame)

    def a_month(n: Any, so_far: tuple[Any, Any]) -> tuple[Any, Any]:
        now, shares = so_far
        now = now ^ ties.turned(drawn_within(who, n, 3).a, now, place, chances)
        return now, shares.at[n].set(now.sum())

    start = jnp.ones(PAIRS, bool), jnp.zeros(MONTHS, jnp.int64)
    found = jax.jit(lambda start: jax.lax.fori_loop(0, MONTHS, a_month, start))(start)[1]
    rest = renewal / (renewal + h)
    for months in (1, 6, 24, 96, MONTHS):
        expected = rest + (1 - rest) * (1 - renewal - h) ** (MONTH * months)
        assert abs(z_of_count(int(found[months - 1]), PAIRS, expected)) < Z_LIMIT, months
    if (gap, shame) == (0, 0):
        assert in_touch(parameters()) == pytest.approx(rest, rel=1e-12)


@pytest.mark.parametrize("changes", [{"fade": 0.0}, {"renewal": 0.0}, {"fade": 0.0, "renewal": 0.0}], ids=str)
def test_ends_of_the_hazards(changes: dict[str, float]) -> None:
    registry = parameters().with_values({f"ties.{name}": value for name, value in changes.items()})
    cut, restored = of_a_month(hazards(0.0, 1, registry), registry.number("ties.renewal"))
    assert (cut[:, 0] == 0).all() == ("fade" in changes)
    assert (restored == 0).all() == ("renewal" in changes)
    assert 0 <= in_touch(registry) <= 1


def test_a_certain_cut_is_certain_and_no_restoring_follows() -> None:
    cut, restored = of_a_month(np.array([1.0]), 0.0)
    assert cut[0] == CERTAIN
    assert restored[0] == 0


# --- What pulls at a tie


def seen(tier: int, aware: bool = True, shown: bool = False, listed: bool = False, honest: bool = False) -> Any:
    flags = (jnp.asarray(flag) for flag in (aware, shown, listed, honest))
    return ties.face(jnp.uint8(tier), *flags)


@pytest.mark.parametrize(
    ("one", "other", "gap", "shame"),
    [
        ({"tier": 1}, {"tier": 4}, 3, 0),
        ({"tier": 1}, {"tier": 4, "aware": False}, 3, 0),  # the better placed knows
        ({"tier": 1, "aware": False}, {"tier": 4}, 0, 0),
        ({"tier": 2}, {"tier": 2}, 0, 0),
        ({"tier": 0}, {"tier": UNSCORED}, 0, 0),
        ({"tier": UNSCORED}, {"tier": UNSCORED}, 0, 0),
        ({"tier": 3, "shown": True}, {"tier": 3}, 0, 1),
        ({"tier": 3, "shown": True}, {"tier": 3, "aware": False}, 0, 0),
        ({"tier": 0, "shown": True}, {"tier": 5, "shown": True}, 5, 2),
        ({"tier": 0, "shown": True, "aware": False}, {"tier": 5, "shown": True}, 0, 1),
    ],
    ids=str,
)
def test_what_pulls_at_a_tie(one: dict[str, Any], other: dict[str, Any], gap: int, shame: int) -> None:
    faces = seen(**one), seen(**other)
    assert int(ties.strain(*faces, UNSCORED)) == 3 * gap + shame
    assert int(ties.strain(*faces[::-1], UNSCORED)) == 3 * gap + shame


def test_nothing_pulls_at_ties_where_nobody_knows_the_regime() -> None:
    """The null regime keeps tiers and lists, and only time parts friends."""
    faces = jnp.arange(256, dtype=jnp.uint8) & ~jnp.uint8(1 << 4)
    assert not ties.strain(faces[:, None], faces[None, :], UNSCORED).any()


@jax.jit
def five_months(faces: Any, partner: Any, held: Any, chances: Any) -> Any:
    pair = jnp.minimum(partner, jnp.arange(partner.size)).astype(jnp.uint32)
    strained, months = ties.strain(faces, faces[partner], UNSCORED), []
    for month in range(5):
        held ^= ties.turned(drawn_within(pair, jnp.int32(month)).a, held, strained, chances)
        months.append(held)
    return jnp.stack(months)


@given(st.integers(0, 2**32 - 1), st.integers(2, 60))
@settings(deadline=None, derandomize=True, max_examples=100)
def test_both_ends_of_a_tie_agree(seed: int, people: int) -> None:
    """Whatever people are and wherever they stand: the bit that one end holds is the bit of the other."""
    words, partner = drawn(60, seed=seed), np.arange(60)
    found = matching(np.zeros(people, np.int64), words.c[:people])
    partner[:people] = np.where(found == NOBODY, partner[:people], found)
    chances = np.concatenate(of_a_month(np.linspace(0, 0.1, 3 * TIERS)[None], 0.05)[::-1])
    faces = (words.a % (TIERS + 1) | words.b & 0b11110000).astype(np.uint8)
    start = words.d[np.minimum(partner, np.arange(60))] & 1 == 1
    for held in np.asarray(five_months(faces, partner, start, chances)):
        assert (held == held[partner]).all()
        assert (held != start).any() or people < 20


def test_a_display_of_some_days_counts_as_its_share_of_a_month() -> None:
    word = jnp.asarray(drawn(100_000, sub=5).a)
    for days in (0, 1, 10, 30, 31):
        found = int(ties.displayed(word, jnp.full(word.shape, days, jnp.uint8)).sum())
        assert binomial_fits(found, 100_000, min(days / MONTH, 1)), days


def test_who_is_blamed_for_a_friend() -> None:
    """Friends in touch on a blacklist: in the real book, and in the honest one only those whom it names, too."""
    friend = jnp.stack([seen(3), seen(3, listed=True), seen(3, listed=True, honest=True), seen(3, listed=True)])
    real, honest = ties.blamed(friend, jnp.array([True, True, True, False]))
    assert real.tolist() == [False, True, True, False]
    assert honest.tolist() == [False, False, True, False]


# --- Isolation


def test_the_mean_of_a_rounded_average_is_the_average() -> None:
    """E[uint16 moving average] = moving average, over 2,000 steps at a rate at which rounding to nearest stalls."""
    people, steps, rate = 2_000, 2_000, 1e-3
    coefficient, all_slots = jnp.int64(int(q30(rate))), jnp.full(people, 255, jnp.uint8)
    who = jnp.arange(people, dtype=jnp.uint32)
    in_touch_then = np.where(np.arange(steps) // 500 % 2, 0b111, 0b11111).astype(np.uint8)
    pattern = jnp.asarray(in_touch_then)

    def a_step(n: Any, so_far: tuple[Any, Any]) -> tuple[Any, Any]:
        felt, means = so_far
        felt = ties.isolation(felt, pattern[n], all_slots, coefficient, drawn_within(who, n, 4).a)
        wide = felt.astype(jnp.int64)
        return felt, means.at[n].set(jnp.stack([wide.sum(), (wide * wide).sum()]))

    start = jnp.full(people, 700, jnp.uint16), jnp.zeros((steps, 2), jnp.int64)
    found = np.asarray(jax.jit(lambda s: jax.lax.fori_loop(0, steps, a_step, s))(start)[1], np.float64) / people
    exact, nearest = 700.0, 700
    for n in range(steps):
        lost = (8 - int(in_touch_then[n]).bit_count()) * MOST_ISOLATED // 8
        exact += int(q30(rate)) / 2**30 * (lost - exact)
        nearest += round(rate * (lost - nearest))
        error = np.sqrt(max(found[n, 1] - found[n, 0] ** 2, 1 / 4) / people)
        if n % 50 == 49:
            assert abs(found[n, 0] - exact) < Z_LIMIT * error, n
    assert abs(nearest - exact) > 10 * error  # so the test can tell


@pytest.mark.parametrize("word", [0, 2**32 - 1])
def test_isolation_stays_within_its_bounds(word: int) -> None:
    most = MOST_ISOLATED
    held, gone, none = jnp.uint8(0b101), jnp.uint8(0), jnp.uint8(0)
    for rate in (0, 1 << 20, 1 << 30):
        step = [
            int(ties.isolation(jnp.uint16(felt), now, used, jnp.int64(rate), jnp.uint32(word)))
            for felt, now, used in ((most, gone, held), (0, held, held), (0, none, none), (most, held, held))
        ]
        assert step[:3] == [most, 0, 0]
        assert 0 <= step[3] <= most
    assert step[3] == 0


# --- What friends hear of each other


def test_friends_are_heard_one_a_day() -> None:
    """After eight days everybody has met every friend once; what was heard stays until they meet again."""
    heard = jnp.zeros(2, jnp.uint8)
    for day in range(FRIEND_SLOTS):
        heard = ties.met(heard, jnp.int32(day), jnp.array([day % 2 == 0, True]), jnp.array([0xFF, 0b1011], jnp.uint8))
    assert heard.tolist() == [0b01010101, 0b1011]
    heard = ties.met(heard, jnp.int32(2), jnp.array([False, True]), jnp.uint8(0xFF))
    assert heard.tolist() == [0b01010001, 0b1111]


def test_the_share_heard_is_that_of_friends_in_touch() -> None:
    every = jnp.arange(256, dtype=jnp.uint8)
    town = jnp.int32(12_345)
    share: NDArray[Any] = np.asarray(ties.share_heard(every[:, None], every[None, :], town))
    heard, held = np.arange(256)[:, None], np.arange(256)[None, :]
    voices, friends = np.bitwise_count(heard & held).astype(int), np.bitwise_count(held).astype(int)
    exact = np.where(friends > 0, ONE_Q16 * voices / np.maximum(friends, 1), 12_345)
    assert (np.abs(share - exact) <= 8).all()
    assert (share[:, 0] == 12_345).all()
    assert (share <= ONE_Q16).all()
