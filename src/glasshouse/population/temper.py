"""How people differ inside: susceptibility, fear, boldness, private opposition, exposure.

    a ~ N(0, sd) cut at +-4 logits        rho, beta, lambda ~ LogN(0, sd) cut to 1/16 .. 16
    x ~ Beta(alpha, beta)                 passages ~ LogN(ln median of the place, sd), whole, cut
    prosocial ~ U(0, 1)                   digital = 0 offline, U(low, high) online

Everything is fixed point, so that the engine decides on integers. Left out: temper runs in no family and goes
with nothing but place and age (exposure): not with group, income or education.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from glasshouse.draws.philox import Key, uniforms, words
from glasshouse.draws.purposes import PERSON_TEMPER
from glasshouse.evidence import Parameters
from glasshouse.population.country import Country

Floats = NDArray[np.float64]

LOGIT_LIMIT: Final = 4.0
FACTOR_LIMIT: Final = 16.0
_Q8, _Q16, _Q30 = 2**8, 2**16, 2**30
_BETA_POINTS: Final = 2**14


def temper(
    key: Key,
    number: Any,
    town: Any,
    online: Floats,
    urban: NDArray[np.bool_],
    country: Country,
    p: Parameters,
) -> dict[str, NDArray[Any]]:
    """The temper columns of `Population`, by name.

    Args:
        key: the seed.
        number, town: who asks, uint32, shape [people].
        online: probability of being online, per person.
        urban: town dweller, per person.
        country: rows `passages.*` and `digital.*`.
        p: rows `deterrence.susceptibility_sd`, `deterrence.risk_sd`, `faces.lookalike_sd`, of `expression`
            `boldness_sd`, `opposition_alpha`, `opposition_beta`.
    """
    from scipy.special import ndtri

    a, risk, bold, oppose = uniforms(key, number, PERSON_TEMPER, 0, town, 0)
    logit = np.clip(float(p["deterrence.susceptibility_sd"]) * ndtri(a), -LOGIT_LIMIT, LOGIT_LIMIT)
    columns: dict[str, NDArray[Any]] = {
        "susceptibility": np.rint(logit * _Q16).astype(np.int32),
        "risk": _factor(float(p["deterrence.risk_sd"]) * ndtri(risk)),
        "boldness": _factor(float(p["expression.boldness_sd"]) * ndtri(bold)),
        "opposition": _beta(oppose, float(p["expression.opposition_alpha"]), float(p["expression.opposition_beta"])),
    }
    passed, digital, face, prosocial = uniforms(key, number, PERSON_TEMPER, 0, town, 1)
    columns["prosocial"] = np.minimum(prosocial * 256, 255).astype(np.uint8)
    columns["passages"] = _passages(country, urban, ndtri(passed))
    low, high = country.table("digital.share")
    seen = np.where(digital < online, low + (high - low) * digital / np.maximum(online, 1e-12), 0.0)
    columns["digital"] = np.rint(seen * 255).astype(np.uint8)
    columns["lookalike"] = _factor(float(p["faces.lookalike_sd"]) * ndtri(face))
    drawn = words(key, number, PERSON_TEMPER, np.uint32(0), town, 2)
    columns["aware_word"], columns["lot"] = drawn.a, drawn.b
    return columns


def _factor(log: Floats) -> NDArray[np.uint16]:
    """exp(log), cut to 1/16 .. 16, times 2**8."""
    factor = np.clip(np.exp(log), 1 / FACTOR_LIMIT, FACTOR_LIMIT)
    return np.asarray(np.rint(factor * _Q8), np.uint16)


def _passages(country: Country, urban: NDArray[np.bool_], z: Floats) -> NDArray[np.uint8]:
    median = country.table("passages.median")[urban.astype(np.int64)]
    passed = median * np.exp(country.number("passages.spread") * z)
    return np.minimum(np.rint(passed), country.number("passages.most")).astype(np.uint8)


def _beta(u: Floats, alpha: float, beta: float) -> NDArray[np.uint32]:
    """Quantile of the beta law times 2**30, interpolated on points even in arcsin(sqrt(u))."""
    from scipy.special import betaincinv

    angle = np.linspace(0.0, np.pi / 2, _BETA_POINTS)
    quantile = betaincinv(alpha, beta, np.sin(angle) ** 2)
    return np.asarray(np.rint(np.interp(np.arcsin(np.sqrt(u)), angle, quantile) * _Q30), np.uint32)
