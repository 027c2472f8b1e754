"""Trust in the state, trust in people, and support, once a month.

    T <- T + r (T0 - T) + k1 * safety - k2 * news - k3 * denied
    P <- P + r (P0 - P) - k5 * informers - k6 * watched - k7 * lonely
    S <- S + a (S0 * (1 - k8 * news) * (1 - k9 * harmed) - S)

T, P: trust, between 0 and 1; T0, P0: where it comes from and slowly returns, r = 1 - 2^(-1 / months of memory);
safety: by how much more than under ordinary law an aware person believes offences to be found out; news of wrongful
sanctions = min(1, reach * share of them around); denied: share of the month in which a service was closed to the
person; informers: share of the building that reported a neighbour; watched: perceived surveillance of speech above the
ordinary; lonely: share of ties that are cut. S0 = base + slope * (standing - 1/2), standing being the rank of income:
the well-off approve more. Support follows what people know now, trust remembers for years: a shock of size d has left
d * 2^(-t / memory) after t years, whether or not its cause was abolished.

Columns are uint16 in units of 2^-16, rounded up or down by a keyed word: in the mean the equations hold exactly, and
nothing stalls.

Left out: perceived hypocrisy of officials; elections; that trust is lost faster than it is won.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

from glasshouse.arithmetic import ONE_Q16, ONE_Q30, rounded, step_towards

_FINE = 14
"Bits between a column (2^-16) and the sums (2^-30)."
_MOST = (ONE_Q16 - 1) << _FINE


class Coefficients(NamedTuple):
    """What moves trust.

    Attributes:
        state, people: int32 Q30, T0 and P0; memory: int64 Q30, r.
        safety, news, denied, informers, watched, lonely: int64 Q30, k1 to k7.
        base, slope: int32 Q30, of S0; pace: int64 Q30, a; told, harmed: int64 Q30, k8 and k9.
        reach: int32, how many people's fate one hears of; usual_risk, usual_watch: int32 Q30, under ordinary law.
    """

    state: Any
    people: Any
    memory: Any
    safety: Any
    news: Any
    denied: Any
    informers: Any
    watched: Any
    lonely: Any
    base: Any
    slope: Any
    pace: Any
    told: Any
    harmed: Any
    reach: Any
    usual_risk: Any
    usual_watch: Any


def news(building: Any, town: Any, own: Any, numbers: Coefficients) -> Any:
    """What a person has heard of wrongful sanctions, int32 Q16 up to 1.

    Args:
        building, town: int32 Q16, shares under wrongful sanction next door, and in the town as the media show it.
        own: bool, it happened to oneself.
        numbers: for the reach.
    """
    heard = jnp.minimum(numbers.reach * jnp.maximum(building, town), ONE_Q16)
    return jnp.where(own, jnp.int32(ONE_Q16), heard)


def state(held: Any, word: Any, risk: Any, news: Any, denied: Any, numbers: Coefficients) -> Any:
    """Trust in the state, uint16 Q16.

    Args:
        held: uint16 Q16, T.
        word: uint32, drawn.
        risk: int32 Q30, perceived detection of deeds; the ordinary one for those who do not know the regime.
        news, denied: int32 Q16, 0 to 1.
        numbers: the rates.
    """
    safety = jnp.maximum(risk - numbers.usual_risk, 0) >> 14
    change = numbers.safety * safety - numbers.news * news - numbers.denied * denied
    return _moved(held, word, numbers.state, change >> 16, numbers)


def people(held: Any, word: Any, informers: Any, watched: Any, lonely: Any, numbers: Coefficients) -> Any:
    """Trust in other people, uint16 Q16.

    Args:
        held: uint16 Q16, P.
        word: uint32, drawn.
        informers, lonely: int32 Q16, 0 to 1.
        watched: int32 Q30, perceived surveillance of speech.
        numbers: the rates.
    """
    over = jnp.maximum(watched - numbers.usual_watch, 0) >> 14
    change = -(numbers.informers * informers + numbers.watched * over + numbers.lonely * lonely)
    return _moved(held, word, numbers.people, change >> 16, numbers)


def approval(standing: Any, numbers: Coefficients) -> Any:
    """S0, the support of somebody who knows of no wrong, int32 Q30.

    Args:
        standing: uint8, rank of income, 255 the richest.
        numbers: base and slope.
    """
    centred = 2 * standing.astype(jnp.int64) - 255
    return jnp.clip(numbers.base + (numbers.slope * centred // 510).astype(jnp.int32), 0, ONE_Q30)


def support(held: Any, word: Any, own_level: Any, news: Any, harmed: Any, numbers: Coefficients) -> Any:
    """Support for the authorities, uint16 Q16.

    Args:
        held: uint16 Q16, S.
        word: uint32, drawn.
        own_level: int32 Q30, S0.
        news, harmed: int32 Q16, 0 to 1.
        numbers: pace and weights.
    """
    knowing = step_towards(own_level, jnp.int32(0), (numbers.told * news) >> 16)
    target = step_towards(knowing, jnp.int32(0), (numbers.harmed * harmed) >> 16)
    return _kept(step_towards(_wide(held), target, numbers.pace), word)


def _moved(held: Any, word: Any, level: Any, change: Any, numbers: Coefficients) -> Any:
    returned = step_towards(_wide(held), level, numbers.memory)
    return _kept(jnp.clip(returned + change, 0, _MOST).astype(jnp.int32), word)


def _wide(held: Any) -> Any:
    return held.astype(jnp.int32) << _FINE


def _kept(wide: Any, word: Any) -> Any:
    return rounded(word, jnp.minimum(wide, _MOST), _FINE).astype(jnp.uint16)
