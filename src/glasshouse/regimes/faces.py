"""What a similarity score can and cannot say: equations (5), (6) and (9).

    FMR(T)      = fmr * exp(-(T - T_ref) / scale)            chance that two different faces pass the threshold
    FPIR(T, N)  = 1 - (1 - f_g * FMR)^N                      ... that somebody in a gallery of N does (gallery law)
    FNIR(T)     = Phi((T - mu) / sd), mu such that 1 - FNIR(T_ref) is the reported hit rate
    PPV         = q * TPIR / (q * TPIR + (1 - q) * FPIR)     ... that a match is the person sought

Comparisons are taken as independent, which makes very large galleries an upper illustration, not a forecast.
Float64 on the host; no image is ever processed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glasshouse.evidence import Parameters


def false_match(threshold: float, parameters: Parameters) -> float:
    """FMR(T): chance that two different faces pass the threshold, for the reference group."""
    above = threshold - parameters.number("faces.reference_threshold")
    return min(1.0, parameters.number("faces.fmr") * float(np.exp(-above / parameters.number("faces.fmr_scale"))))


def false_alarm(threshold: float, gallery: float, factors: ArrayLike, parameters: Parameters) -> NDArray[np.float64]:
    """FPIR(T, N) by group: chance that a probe matches somebody else in a gallery of N faces.

    Args:
        threshold: similarity threshold T.
        gallery: number of faces compared with, at least 0.
        factors: f_g, how much more often faces of the group are confused.
    """
    per_face = np.minimum(np.asarray(factors, np.float64) * false_match(threshold, parameters), 1.0)
    with np.errstate(divide="ignore"):
        alarm: NDArray[np.float64] = -np.expm1(gallery * np.log1p(-per_face)) if gallery else per_face * 0.0
    return alarm


def parity(threshold: float, factors: ArrayLike, parameters: Parameters) -> NDArray[np.float64]:
    """Thresholds by group at which every group's faces are confused as rarely as the best group's.

    T_g = T + scale * ln(f_g / min f), so that f_g * FMR(T_g) = min f * FMR(T). The price is a higher FNIR at T_g.

    Args:
        threshold: T, which stays the best group's.
        factors: f_g, above 0.
    """
    f = np.asarray(factors, np.float64)
    raised: NDArray[np.float64] = threshold + parameters.number("faces.fmr_scale") * np.log(f / f.min())
    return raised


def miss(threshold: float, parameters: Parameters) -> float:
    """FNIR(T): chance that the right person is not found."""
    from scipy.special import ndtr, ndtri

    sd = parameters.number("faces.genuine_sd")
    mean = parameters.number("faces.reference_threshold") - sd * float(ndtri(1 - parameters.number("faces.tpir")))
    return float(ndtr((threshold - mean) / sd))


def true_match(threshold: float, parameters: Parameters) -> float:
    """TPIR(T) = 1 - FNIR(T)."""
    return 1.0 - miss(threshold, parameters)


def precision(sought: ArrayLike, found: ArrayLike, alarm: ArrayLike) -> NDArray[np.float64]:
    """PPV: chance that a match is right.

    Args:
        sought: q, share of probes whose person is in the gallery.
        found: TPIR.
        alarm: FPIR.

    Returns:
        float64; NaN where nothing can match at all.
    """
    q, right = np.asarray(sought, np.float64), np.asarray(found, np.float64)
    hits, false = q * right, (1 - q) * np.asarray(alarm, np.float64)
    total = hits + false
    chance: NDArray[np.float64] = np.divide(hits, total, out=np.full(np.shape(total), np.nan), where=total > 0)
    return chance


def similarity(
    drawn: NDArray[np.float64], right: NDArray[np.bool_], threshold: float, parameters: Parameters
) -> NDArray[np.float64]:
    """The similarity printed beside a match, given that it passed the threshold.

    Right matches follow the genuine normal law above T; wrong ones the exponential tail of (5) above T. It is the
    number screens show, and it is not the chance that the match is right (that is `precision`).

    Args:
        drawn: float64 in (0, 1).
        right: bool, the person named is the person filmed.
        threshold: T.
    """
    from scipy.special import ndtri

    sd = parameters.number("faces.genuine_sd")
    below = miss(threshold, parameters)
    mean = parameters.number("faces.reference_threshold") - sd * float(ndtri(1 - parameters.number("faces.tpir")))
    genuine = mean + sd * ndtri(below + drawn * (1 - below))
    confused = threshold - parameters.number("faces.fmr_scale") * np.log1p(-drawn)
    return np.clip(np.where(right, genuine, confused), threshold, np.nextafter(1.0, 0.0))
