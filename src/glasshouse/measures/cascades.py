"""Where voices settle, and how far a society is from a cascade: closed forms for the threshold law, float64.

Each person has a threshold: the smallest share of others voicing dissent at which they voice it, too. With F the
share of people whose threshold is at most m, voices settle at the lowest m with F(m) = m (Granovetter). Where F next
comes up through the diagonal, at m_u, voices carry themselves away: m_u - m is the margin. A small margin and a small
m go together with no visible warning (Kuran).

    margin = m_u - m        0 on the fold; infinite where no cascade is possible

For thresholds N(mu, sd) the fold, where the two points meet, is known: with z = sqrt(2 ln(1 / (sd sqrt(2 pi)))),

    m_c = Phi(-z),   mu_c = m_c + sd z        below mu_c everybody is carried away

Only sign and margin are findings: where exactly a society tips hangs on assumed numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Standing(NamedTuple):
    """share: where voices settle, climbing from silence; tips: the share from which they carry on by themselves.

    `tips` is infinite where there is no such share above.
    """

    share: float
    tips: float

    @property
    def margin(self) -> float:
        """Share of people who would have to speak up out of turn to start a cascade."""
        return self.tips - self.share


def standing(counts: Floats) -> Standing:
    """Where a society settles and tips, from the histogram of its thresholds.

    Args:
        counts: people in n + 2 bins: those who need nobody; those who need at most 1 / n of the others, 2 / n, ...,
            all of them; those whom no crowd would move. Inside a bin they are taken as spread evenly, so that a gap of
            one person is no tipping point. At least one person.
    """
    edge = np.linspace(0, 1, len(counts) - 1)
    above = np.cumsum(counts)[:-1] / np.sum(counts) - edge
    # Voices rise from silence while F(m) > m, so they settle where it first comes down to the diagonal.
    down = int(np.argmax(above <= 0))
    settled = 0.0 if down == 0 else _crossing(edge, above, down)
    up = np.flatnonzero(above[down:] > 0)
    return Standing(settled, _crossing(edge, above, down + int(up[0])) if up.size else np.inf)


def normal_fold(sd: float) -> tuple[float, float]:
    """(m_c, mu_c) for thresholds N(mu, sd): below mu_c there is no low standing, and m_c is the last one seen.

    Raises:
        ValueError: sd is at least 1 / sqrt(2 pi), where nothing folds.
    """
    if not 0 < sd * np.sqrt(2 * np.pi) < 1:
        raise ValueError(f"sd is {sd:g}; thresholds fold only for 0 < sd < 0.3989.")
    from scipy.special import ndtr

    z = np.sqrt(2 * np.log(1 / (sd * np.sqrt(2 * np.pi))))
    share = float(ndtr(-z))
    return share, float(share + sd * z)


def _crossing(edge: Floats, above: Floats, n: int) -> float:
    """Where the line through the two points before and at `n` meets zero."""
    run = above[n] - above[n - 1]
    return float(edge[n] - above[n] * (edge[n] - edge[n - 1]) / run)
