"""What is at stake: S = (V(s) - V(s + points) + fine) / V_ref, largest just above a boundary."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr

from glasshouse.evidence import Parameters, parameters, services
from glasshouse.regimes import Number, RuleBook
from glasshouse.regimes.society import Society, known_deeds, society
from glasshouse.regimes.stakes import stake_law
from glasshouse.regimes.tables import STAKE_BINS, StakeLaw
from stage import book

OTHER = parameters().with_values(
    {"deterrence.xi": 0.45, "deterrence.score_sd": 12.0, "deterrence.reward_kappa": 0.8, "expression.fear": 0.6}
)


@cache
def deeds() -> Society:
    return society(known_deeds([]), services(), parameters())


def points(of: dict[str, float]) -> NDArray[np.float64]:
    return np.array([of.get(deed.id, 0.0) for deed in deeds().deeds])


def row(deed: str) -> int:
    return [fact.id for fact in deeds().deeds].index(deed)


def two_tiers(cut: float = 900.0, worth: float = 30.0) -> RuleBook:
    article = book("article")
    upper = article.tiers[0].model_copy(update={"from_": Number(value=cut), "worth": Number(value=worth)})
    return article.model_copy(update={"tiers": [upper, article.tiers[-1]], "consequences": {}})


def middles(law: StakeLaw) -> NDArray[np.float64]:
    """Points in the middle of each bin."""
    found: NDArray[np.float64] = (int(law.origin) + (np.arange(STAKE_BINS) + 0.5) * 2.0 ** int(law.shift)) / 100
    return found


def loss(law: StakeLaw, aware: int, deed: str) -> NDArray[np.float64]:
    """S^xi."""
    found: NDArray[np.float64] = (law.stakes[aware, row(deed)] & 0xFFFF) / 4096
    return found


def value(rule: RuleBook, score: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """V(s) = sum of v_b Phi((s - T_b) / sigma)."""
    found = np.zeros_like(score)
    for tier in rule.tiers:
        if tier.from_ is not None:
            found += float(tier.worth) * ndtr((score - float(tier.from_)) / sigma)
    return found


@pytest.mark.parametrize("registry", [parameters(), OTHER], ids=["registry", "other numbers"])
@pytest.mark.parametrize("rule", [two_tiers(), book("article")], ids=["two tiers", "article"])
@pytest.mark.parametrize(("deed", "cost"), [("jaywalking", -3.0), ("theft", -50.0), ("critical_post", -20.0)])
def test_the_table_of_losses(registry: Parameters, rule: RuleBook, deed: str, cost: float) -> None:
    law = stake_law(rule, points({deed: cost}), deeds(), registry)
    s, sigma = middles(law), registry.number("deterrence.score_sd")
    fine = float(deeds().deeds[row(deed)].ordinary_fine)
    reference = fine or registry.number("deterrence.lawful_reference")
    stake = (value(rule, s, sigma) - value(rule, s + cost, sigma) + fine) / reference
    exact = stake ** registry.number("deterrence.xi")
    assert np.abs(loss(law, 1, deed) - exact).max() <= 0.5 / 4096 + 1e-9
    assert (loss(law, 0, deed) == (1.0 if fine else 0.0)).all()


def test_people_just_above_a_boundary_have_most_to_lose() -> None:
    """An inverted U: a deduction of 20 points weighs most half of it above the cut, and little far from it."""
    law = stake_law(two_tiers(), points({"critical_post": -20.0}), deeds(), parameters())
    s, at_stake = middles(law), loss(law, 1, "critical_post")
    peak = int(at_stake.argmax())
    assert abs(s[peak] - 910) <= 2.0 ** int(law.shift) / 100
    reach = np.abs(s - 910) < 60
    assert (np.diff(at_stake[reach & (s <= s[peak])]) >= 0).all()
    assert (np.diff(at_stake[reach & (s >= s[peak])]) <= 0).all()
    far = np.abs(s - 910) > 200
    assert at_stake[far].max() < 0.01 * at_stake[peak]


def test_a_reward_pulls_where_it_lifts_over_a_boundary() -> None:
    """kappa_R (V(s + points) - V(s)) / V_ref for good deeds; nothing for the unaware."""
    law = stake_law(two_tiers(), points({"blood_donation": 10.0}), deeds(), OTHER)
    s = middles(law)
    found = (law.stakes[1, row("blood_donation")] >> 16) / 4096
    gain = value(two_tiers(), s + 10, 12.0) - value(two_tiers(), s, 12.0)
    assert np.abs(found - 0.8 * gain / OTHER.number("deterrence.lawful_reference")).max() <= 0.5 / 4096 + 1e-9
    assert abs(s[found.argmax()] - 895) <= 2.0 ** int(law.shift) / 100
    assert not (law.stakes[0, row("blood_donation")] >> 16).any()
    assert not loss(law, 1, "blood_donation").any()


def test_fear_is_the_largest_stake_of_speech_and_reading_shares_it() -> None:
    """R0 * Psi, Psi = min(1, the largest S among speech deeds)."""
    costs = {"petition": -50.0, "critical_post": -20.0, "protest": -100.0}
    law = stake_law(two_tiers(), points(costs), deeds(), OTHER)
    s = middles(law)
    stakes = [(value(two_tiers(), s, 12.0) - value(two_tiers(), s + cost, 12.0)) / 7.0 for cost in costs.values()]
    psi = np.max(stakes, axis=0)
    assert np.abs(law.fear / 65_536 - 0.6 * np.minimum(psi, 1)).max() < 1e-5
    assert law.fear.max() == round(0.6 * 65_536)
    assert np.abs(loss(law, 1, "sensitive_reading") - psi**0.45).max() <= 0.5 / 4096 + 1e-9


def test_without_a_score_nothing_is_at_stake_but_the_fine() -> None:
    law = stake_law(book("ordinary-law"), points({}), deeds(), parameters())
    for deed in ("theft", "jaywalking"):
        assert (loss(law, 1, deed) == 1.0).all()
    assert not loss(law, 1, "petition").any()
    assert not law.fear.any()


def test_bins_are_anchored_at_the_start_score() -> None:
    """Every score has a bin, and shifting start and cuts together leaves the table as it is."""
    for start, lowest, highest in ((1_000, 0, 1_300), (1_017.35, 0, 1_300), (0, -90_000, 90_000), (5, 5, 5)):
        article = book("article")
        assert article.score is not None
        limits = {"start": start, "lowest": lowest, "highest": highest}
        score = article.score.model_copy(update={k: Number(value=v) for k, v in limits.items()})
        law = stake_law(article.model_copy(update={"score": score}), points({}), deeds(), parameters())
        ends = [(round(100 * x) - int(law.origin)) >> int(law.shift) for x in (lowest, highest)]
        assert 0 <= ends[0] <= ends[1] < STAKE_BINS
        assert (round(100 * start) - int(law.origin)) % (1 << int(law.shift)) == 0
