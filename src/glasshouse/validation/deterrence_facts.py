"""Facts of the law of deterrence: cameras, campaigns, cut-offs, elasticities, reading (F01 to F05, F07, F08).

The law is averaged over people's leanings and sensitivities to risk as the population draws them, and over offences,
each counting the same.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from glasshouse.arithmetic import ONE_Q30, q16, q30, sigmoid
from glasshouse.engine.numbers import Numbers, numbers
from glasshouse.evidence import deeds, parameters, services
from glasshouse.mechanisms import deterrence, perception
from glasshouse.regimes import regime
from glasshouse.regimes.society import Society, society, unpack
from glasshouse.regimes.stakes import stake_law
from glasshouse.regimes.tables import StakeLaw
from glasshouse.validation.finding import Finding, law

Floats = NDArray[np.float64]

_LEANINGS, _RISKS = 64, 16
_LIMIT = 4.0
"Leanings are cut at so many logits, as in the population."
_Q8, _Q12 = 1 << 8, 1 << 12
_STEP = 0.1
"Half-width of a finite difference, in logarithms."
_EARLY, _LATE = 60, 548
"Days: the first two months, and a year and a half."


class _People(NamedTuple):
    """A grid of people: leaning int32 Q16 [n, 1], risk uint16 Q8 [1, m], both at equal quantiles."""

    leaning: Any
    risk: Any


@cache
def _society() -> Society:
    return society(deeds(), services(), parameters())


@cache
def _numbers() -> Numbers:
    return numbers(parameters())


@cache
def _people() -> _People:
    a, rho = (ndtri((np.arange(n) + 0.5) / n) for n in (_LEANINGS, _RISKS))
    a = np.clip(parameters().number("deterrence.susceptibility_sd") * a, -_LIMIT, _LIMIT)
    rho = np.exp(parameters().number("deterrence.risk_sd") * rho)
    return _People(jnp.asarray(q16(a))[:, None], jnp.asarray(np.rint(rho * _Q8), jnp.uint16)[None, :])


def taken(deed: int, perceived: ArrayLike, loss: float) -> Floats:
    """Chance that an occasion is taken, for each of the grid's people [..., n, m].

    Args:
        deed: its row in the society's tables.
        perceived: detection (of deeds; of reading for reading) [...].
        loss: what is at stake, S; 1 is the ordinary fine.
    """
    row = unpack(_society().tables.row[deed])
    people, law_numbers = _people(), _numbers().deterrence
    severity = round(loss ** parameters().number("deterrence.xi") * _Q12)
    pi = jnp.asarray(q16(perceived))[..., None, None]
    held_back = deterrence.drag(people.risk, pi, jnp.int32(severity), row.punished, law_numbers)
    temper = deterrence.Temper(people.leaning, people.risk, jnp.uint8(0))
    leaning = deterrence.leaning(
        jnp.uint8(row.kind), jnp.int32(row.base), temper, held_back, jnp.int32(0), False, law_numbers
    )
    found: Floats = np.asarray(sigmoid(jnp.asarray(_society().tables.sigmoid), leaning), np.float64) / 2.0**32
    return found


def _rows(kind: str) -> list[int]:
    return [n for n, deed in enumerate(_society().deeds) if deed.kind == kind]


def offences(perceived: ArrayLike) -> Floats:
    """Relative change of offences when detection is perceived as this, against the ordinary: mean over offences."""
    usual = parameters().number("deterrence.pi0")
    ratios = [taken(n, perceived, 1).mean(axis=(-2, -1)) / taken(n, usual, 1).mean() for n in _rows("offence")]
    found: Floats = np.mean(ratios, axis=0) - 1
    return found


@law("F01")
def cameras() -> Finding:
    """Detection is perceived as it is where cameras have been put up."""
    p = parameters()
    risk = p.number("validation.cameras_risk")
    return Finding(
        {"offences": float(offences(risk))}, f"perceived detection {p.number('deterrence.pi0'):g} to {risk:g}"
    )


def _campaign() -> float:
    return max(float(phase.campaign or 0) for phase in regime("article").book.timeline)


@law("F02")
def launch() -> Finding:
    """A campaign like the article's largest, then nothing but habituation; everybody knows of it."""
    n, usual = _numbers().perception, jnp.int32(q30(parameters().number("deterrence.pi0")))
    nobody, nothing = jnp.array(False), jnp.int32(0)

    def day(pi: Any, campaign: Any) -> tuple[Any, Any]:
        after = perception.risk(pi, nobody, nobody, nothing, usual, campaign, n)
        return after, after

    campaigns = jnp.zeros(_LATE + 1, jnp.int64).at[0].set(int(q30(_campaign())))
    path = np.asarray(jax.lax.scan(day, usual, campaigns)[1]) / ONE_Q30
    return Finding(
        {"first 60 days": float(offences(path[:_EARLY]).mean()), "after 18 months": float(offences(path[_LATE]))},
        f"a campaign of {_campaign():g}, half-life {parameters().number('perception.habituation_days'):g} days",
    )


@cache
def _stakes() -> tuple[StakeLaw, Floats]:
    """What the article's regime puts at stake, with the points of every deed."""
    book = regime("article").book
    points = [float(book.deeds[d.id].points) if d.id in book.deeds else 0.0 for d in _society().deeds]
    return stake_law(book, np.array(points), _society(), parameters()), np.array(points)


def deterrence_at(score: float) -> float:
    """Mean deterrence of the offences that cost points in the article, at a score, for median sensitivity, logits."""
    found, points = _stakes()
    bin_of = (round(100 * score) - int(found.origin)) >> int(found.shift)
    severe = jnp.asarray(found.stakes[1, :, bin_of] & 0xFFFF, jnp.int32)
    risk = jnp.int32(q16(parameters().number("validation.cameras_risk")))
    held_back = deterrence.drag(jnp.uint16(_Q8), risk, severe, True, _numbers().deterrence)
    rows = [n for n in _rows("offence") if points[n] < 0]
    return float(np.asarray(held_back)[rows].mean()) / 2**16


@law("F03")
def cut_offs() -> Finding:
    """Deterrence at the article's cut-offs against the middle of its tiers."""
    cuts = [float(tier.from_) for tier in regime("article").book.tiers if tier.from_ is not None]
    at = np.mean([deterrence_at(score) for score in cuts])
    between = np.mean([deterrence_at((high + low) / 2) for high, low in pairwise(cuts)])
    return Finding({"at a cut-off / mid-tier": float(at / between)}, f"{at:.3f} and {between:.3f} logits")


@law("F04")
def elasticities() -> Finding:
    """Finite differences of the law, to certainty and to severity, where cameras have been put up."""
    risk = parameters().number("validation.cameras_risk")
    up, down = np.exp(_STEP), np.exp(-_STEP)

    def slope(high: Floats, low: Floats) -> float:
        return float(np.log(high.mean() / low.mean())) / (2 * _STEP)

    rows = _rows("offence")
    certain = np.mean([slope(taken(n, risk * up, 1), taken(n, risk * down, 1)) for n in rows])
    severe = np.mean([slope(taken(n, risk, up), taken(n, risk, down)) for n in rows])
    return Finding({"severity / certainty": float(severe / certain)}, f"elasticities {severe:.3f} and {certain:.3f}")


@law("F05")
def marked_site() -> Finding:
    """Traffic offences right at a camera that drivers are told of."""
    p = parameters()
    row = next(n for n, deed in enumerate(_society().deeds) if deed.id == "traffic_violation")
    here, elsewhere = (p.number(f) for f in ("validation.marked_site", "deterrence.pi0"))
    change = taken(row, here, 1).mean() / taken(row, elsewhere, 1).mean() - 1
    return Finding({"traffic offences at the site": float(change)}, f"perceived detection {here:g} at the site")


@law("F07")
def reading() -> Finding:
    """Reading after a programme of surveillance has come to light."""
    (row,) = _rows("reading")
    felt = parameters().number("validation.revealed")
    change = taken(row, felt, 1).mean() / taken(row, felt, 0).mean() - 1
    return Finding({"sensitive reading": float(change)}, f"perceived surveillance {felt:g}, a week's income at stake")


@law("F08")
def hostile_climate() -> Finding:
    """The same, the half most sensitive to risk beside the other half."""
    (row,) = _rows("reading")
    felt, half = parameters().number("validation.revealed"), _RISKS // 2
    before, after = taken(row, felt, 0), taken(row, felt, 1)
    calm, afraid = (after[:, part].mean() / before[:, part].mean() - 1 for part in (slice(half), slice(half, None)))
    return Finding({"more fall where more is felt": float(afraid - calm)}, f"{afraid:.1%} and {calm:.1%}")
