"""Shorrocks' index on matrices whose mobility is known (T26): M = (K - tr P) / (K - 1)."""

from __future__ import annotations

import numpy as np
import pytest

from glasshouse.measures.mobility import shorrocks


@pytest.mark.parametrize("tiers", [2, 3, 8])
def test_nobody_moves_and_everybody_moves(tiers: int) -> None:
    assert shorrocks(np.eye(tiers)) == pytest.approx(0, abs=1e-12)
    assert shorrocks(np.full((tiers, tiers), 1 / tiers)) == pytest.approx(1, abs=1e-12)


def test_a_matrix_by_hand() -> None:
    """tr P = .9 + .85 + .8 + .9 = 3.45, K = 4: M = .55 / 3."""
    moves = np.array([[0.9, 0.1, 0, 0], [0.05, 0.85, 0.1, 0], [0, 0.1, 0.8, 0.1], [0, 0, 0.1, 0.9]])
    assert shorrocks(moves) == pytest.approx(0.55 / 3, abs=1e-12)
    assert shorrocks(moves) == pytest.approx(0.18333, abs=5e-6)
