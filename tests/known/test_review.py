"""Human review with staff: alerts beyond capacity are accepted unread; group parity of thresholds."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.arithmetic import ONE_Q16, chance
from glasshouse.engine.devices import prepare
from glasshouse.evidence import parameters
from glasshouse.mechanisms import review
from glasshouse.regimes import faces

FACTORS = (1.0, 1.0, 2.0, 3.0)


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def passed(alerts: float, capacity: float, read: float, unread: float) -> float:
    top = max(read, unread)
    figures = (
        int(alerts * ONE_Q16),
        int(capacity * ONE_Q16),
        round(read / top * ONE_Q16),
        round(unread / top * ONE_Q16),
    )
    return float(review.passed(*(jnp.int64(x) for x in figures))) / ONE_Q16 * top


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.01, 1), st.floats(0.01, 1))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_the_pass_rate_mixes_what_is_read_and_what_is_not(
    alerts: float, capacity: float, read: float, unread: float
) -> None:
    """share read = min(1, capacity / alerts); pass = share * read + (1 - share) * unread."""
    share = min(1.0, capacity / alerts) if alerts > 1e-4 else 1.0
    wanted = share * read + (1 - share) * unread
    tolerance = 4e-5 + (2e-4 / alerts if alerts > 1e-4 else 1.0)  # alerts are counted in 2^-16
    assert passed(alerts, capacity, read, unread) == pytest.approx(wanted, abs=tolerance)


def test_an_office_that_can_read_everything_changes_no_bit() -> None:
    one = jnp.int64(ONE_Q16)
    for alerts in (0, 1, 2**43):
        able = review.capacity(jnp.int64(review.EVERYTHING), jnp.int32(5))
        assert int(review.passed(jnp.int64(alerts), able, one, jnp.int64(7))) == ONE_Q16


def test_an_office_of_nobody_reads_nothing() -> None:
    able = review.capacity(jnp.int64(0), jnp.int32(100_000))
    assert int(review.passed(jnp.int64(1), able, jnp.int64(100), jnp.int64(ONE_Q16))) == ONE_Q16


@pytest.mark.parametrize(("staff", "residents"), [(3.0, 4_000), (0.2, 1_000_000), (100_000.0, 12), (50.0, 0)])
def test_capacity_is_staff_times_residents(staff: float, residents: int) -> None:
    per_head = jnp.int64(round(staff / 100_000 * 2**30))
    found = float(review.capacity(per_head, jnp.int32(residents))) / ONE_Q16
    assert found == pytest.approx(staff * max(residents, 1) / 100_000, rel=1e-3, abs=2**-15)


def test_alerts_are_right_matches_and_wrong_ones() -> None:
    """Sum over groups of probes * (1 - (1 - TPIR)(1 - FPIR))."""
    probes = np.array([[[5, 3, 0, 1], [2, 0, 4, 0]], [[0, 0, 0, 0], [0, 0, 0, 9]]], np.int32)
    rate = np.array([0.9, 0.5, 0.25, 1.0])
    found = np.asarray(review.alerts(jnp.asarray(probes), jnp.asarray(chance(rate)))) / ONE_Q16
    assert found == pytest.approx(probes.sum(axis=1) @ rate, rel=1e-5)


# Group parity: a threshold of its own for each group


@pytest.mark.parametrize("threshold", [0.5, 0.6, 0.7])
def test_with_parity_every_group_is_confused_as_rarely_as_the_best(threshold: float) -> None:
    """f_g FMR(T_g) = min f FMR(T), so FPIR is the same in all groups; FNIR(T_g) >= FNIR(T): the price."""
    p = parameters()
    raised = faces.parity(threshold, FACTORS, p)
    rates = [f * faces.false_match(t, p) for f, t in zip(FACTORS, raised, strict=True)]
    assert rates == pytest.approx([faces.false_match(threshold, p)] * 4, rel=1e-9)
    assert raised.tolist() == pytest.approx([threshold + p.number("faces.fmr_scale") * np.log(f) for f in FACTORS])
    misses = [faces.miss(t, p) for t in raised]
    assert misses == sorted(misses)
    assert misses[0] == faces.miss(threshold, p)
