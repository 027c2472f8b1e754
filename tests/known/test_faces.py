"""What a similarity score says: the gallery law (T08), the base rate (T09), and what a threshold does (T31d)."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from glasshouse.arithmetic import chance, happens
from glasshouse.evidence import parameters
from glasshouse.regimes.faces import false_alarm, false_match, miss, precision, true_match
from known.oracle import Z_LIMIT, drawn, z_of_count

REGISTRY = parameters()
THRESHOLD = st.floats(0.3, 0.99)
GALLERY = st.integers(1, 1_400_000_000)


def gallery_law(per_face: float, gallery: int) -> float:
    """1 - (1 - FMR)^N in sixty decimal digits."""
    with localcontext() as exact:
        exact.prec = 60
        return float(1 - (1 - Decimal(per_face)) ** gallery)


@pytest.mark.parametrize("factor", [0.0, 1.0, 2.0, 3.0, 100.0])
@pytest.mark.parametrize("gallery", [1, 1_000, 10_000, 100_000, 10_000_000, 1_400_000_000])
@pytest.mark.parametrize("threshold", [0.5, 0.6, 0.64, 0.75])
def test_the_gallery_law(threshold: float, gallery: int, factor: float) -> None:
    found = float(false_alarm(threshold, gallery, factor, REGISTRY))
    exact = gallery_law(min(factor * false_match(threshold, REGISTRY), 1.0), gallery)
    assert found == pytest.approx(exact, abs=1e-12, rel=1e-12)


def test_the_gallery_law_holds_for_another_matcher() -> None:
    other = REGISTRY.with_values({"faces.fmr": 3e-6, "faces.fmr_scale": 0.03, "faces.reference_threshold": 0.55})
    fmr = 3e-6 * np.exp(-(0.61 - 0.55) / 0.03)
    assert false_match(0.61, other) == pytest.approx(fmr, rel=1e-12)
    for gallery in (1, 500, 123_456):
        exact = gallery_law(2.5 * float(fmr), gallery)
        assert float(false_alarm(0.61, gallery, 2.5, other)) == pytest.approx(exact, abs=1e-12)


def test_the_reported_points() -> None:
    """One in 6,000 against ten thousand faces at .60; about one in 33,000 at .64."""
    assert float(false_alarm(0.60, 1e4, 1.0, REGISTRY)) == pytest.approx(1 / 6_000, rel=1e-3)
    assert float(false_alarm(0.64, 1e4, 1.0, REGISTRY)) == pytest.approx(1 / 33_000, rel=1e-2)


def test_the_smallest_and_the_largest_gallery() -> None:
    assert float(false_alarm(0.6, 0, 1.0, REGISTRY)) == 0.0
    assert float(false_alarm(0.6, 1, 1.0, REGISTRY)) == pytest.approx(1.667e-8, rel=1e-12)
    assert float(false_alarm(0.6, 1.4e9, 1.0, REGISTRY)) == pytest.approx(1 - np.exp(-23.338), abs=1e-12)
    assert float(false_alarm(0.0, 1, 1e9, REGISTRY)) == 1.0


def test_groups_are_confused_by_their_factors() -> None:
    found = false_alarm(0.6, 1e4, (1.0, 1.0, 2.0, 3.0), REGISTRY)
    assert found.tolist() == [float(false_alarm(0.6, 1e4, f, REGISTRY)) for f in (1.0, 1.0, 2.0, 3.0)]
    assert found[2] / found[0] == pytest.approx(2, rel=1e-3)


@given(THRESHOLD, THRESHOLD, GALLERY, st.floats(0.1, 100))
def test_a_higher_threshold_accuses_fewer_and_misses_more(
    one: float, other: float, gallery: int, factor: float
) -> None:
    low, high = sorted((one, other))
    assert false_alarm(high, gallery, factor, REGISTRY) <= false_alarm(low, gallery, factor, REGISTRY)
    assert miss(high, REGISTRY) >= miss(low, REGISTRY)
    assert true_match(high, REGISTRY) == 1 - miss(high, REGISTRY)
    if high - low > 0.01:
        assert false_match(high, REGISTRY) < false_match(low, REGISTRY)


@given(st.floats(0.3, 0.95), GALLERY, GALLERY)
def test_a_larger_gallery_accuses_more(threshold: float, one: int, other: int) -> None:
    small, large = sorted((one, other))
    assert false_alarm(threshold, small, 1.0, REGISTRY) <= false_alarm(threshold, large, 1.0, REGISTRY)


def test_misses_follow_the_normal_law_through_the_reported_hit_rate() -> None:
    """FNIR(T) = Phi((T - mu) / sd), mu = T_ref - sd * Phi^-1(1 - TPIR)."""
    assert true_match(0.60, REGISTRY) == pytest.approx(0.89, abs=1e-12)
    other = REGISTRY.with_values({"faces.tpir": 0.7, "faces.genuine_sd": 0.05})
    mean = 0.60 - 0.05 * ndtri(0.3)
    for threshold in (0.4, 0.6, 0.66, 0.9):
        assert miss(threshold, other) == pytest.approx(ndtr((threshold - mean) / 0.05), abs=1e-12)


SETTINGS = [(1e-4, 0.9, 1 / 6_000), (1e-2, 0.9, 1 / 6_000), (0.05, 0.6, 0.2), (0.5, 0.89, 1e-3)]


@pytest.mark.parametrize(("sought", "found", "alarm"), SETTINGS)
def test_the_closed_form_of_precision(sought: float, found: float, alarm: float) -> None:
    exact = sought * found / (sought * found + (1 - sought) * alarm)
    assert float(precision(sought, found, alarm)) == pytest.approx(exact, abs=1e-12)


def test_one_wanted_among_ten_thousand() -> None:
    """Nine hits in ten and one alarm in six thousand: two matches of three are still wrong."""
    assert float(precision(1e-4, 0.9, 1 / 6_000)) == pytest.approx(0.35067, abs=5e-6)


@pytest.mark.parametrize(("sought", "found", "alarm"), SETTINGS)
def test_simulated_probes_have_that_precision(sought: float, found: float, alarm: float) -> None:
    matches = right = 0
    batch = 2_000_000
    for day in range(2 if sought < 1e-3 else 1):
        words = drawn(batch, day)
        wanted = happens(words.a, chance(sought))
        match = happens(words.b, np.where(wanted, chance(found), chance(alarm)))
        matches, right = matches + int(match.sum()), right + int((match & wanted).sum())
    assert matches > 500
    assert abs(z_of_count(right, matches, float(precision(sought, found, alarm)))) < Z_LIMIT


def test_without_any_match_precision_is_not_a_number() -> None:
    assert np.isnan(precision(0.0, 0.9, 0.0))
    assert float(precision(1.0, 0.9, 0.5)) == 1.0
    assert float(precision(0.0, 0.9, 0.5)) == 0.0
