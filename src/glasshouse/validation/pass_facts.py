"""Facts of certificates: when uptake rises, and what codes are turned to (F27, F28)."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import ONE_Q16, q16, sigmoid, sigmoid_table
from glasshouse.engine.health_calendar import venues
from glasshouse.engine.numbers import numbers
from glasshouse.evidence import parameters
from glasshouse.mechanisms import certificates
from glasshouse.population import invent
from glasshouse.regimes import regime
from glasshouse.regimes.sections.certificate import Certificate
from glasshouse.validation.finding import Finding, finds
from glasshouse.validation.plays import Plays

Floats = NDArray[np.float64]

_MOST_PEOPLE: Final = 10_000
"A law in the mean needs no more."
_WINDOW: Final = (-90, 120)
"Days around the first day of the pass that are looked at."
_FELT: Final = 0.1
"The effect lasts while extra doses a day are at least this part of their most."
_EARLIER: Final = 365
"Where most have had a dose, doses began so many days earlier."


def uptake(use: Any, distrust: Any, gates: NDArray[np.int32]) -> Floats:
    """Share with a dose on each day, by the law of the dose in the mean: everybody hears of the mean.

    Args:
        use: uint8 [n], share of life behind gates.
        distrust: int32 Q30 [n].
        gates: int32 Q16 [days], strength of the gates.
    """
    n, table = numbers(parameters()).certificate, jnp.asarray(sigmoid_table())

    def day(had: Any, gate: Any) -> tuple[Any, Any]:
        peers = (had.mean() * ONE_Q16).astype(jnp.int32)
        z = certificates.leaning(use, gate, False, peers, distrust, n)
        after = had + (1 - had) * sigmoid(table, z).astype(jnp.float64) / 2.0**32
        return after, after.mean()

    return np.asarray(jax.lax.scan(day, jnp.zeros(use.shape, jnp.float64), jnp.asarray(gates))[1])


def _gates(paper: Certificate, first: dt.date, days: int) -> NDArray[np.int32]:
    felt, full = parameters().number("certificate.anticipation"), float(paper.checked)
    dates = [first + dt.timedelta(days=n) for n in range(days)]
    return q16([full if paper.in_force(d, None) else full * felt if paper.known(d, None) else 0.0 for d in dates])


def extra(use: Any, distrust: Any, earlier: int) -> Floats:
    """Extra share with a dose through the pass, day by day over the window around its first day."""
    paper = regime("certificate").book.certificate
    assert paper is not None
    assert paper.epidemic is not None
    first = paper.epidemic.doses - dt.timedelta(days=earlier)
    at = (paper.begins - first).days
    gates = _gates(paper, first, at + _WINDOW[1] + 1)
    more = uptake(use, distrust, gates) - uptake(use, distrust, np.zeros_like(gates))
    return more[at + _WINDOW[0] :]


@finds("F27")
def window(plays: Plays) -> Finding:
    """Extra first doses a day, where few had one before and where most had."""
    people = invent(min(plays.people, _MOST_PEOPLE), 1, plays.seed)
    use = jnp.asarray(venues(people, plays.seed, parameters()))[people.adult]
    distrust = jnp.asarray(people.opposition.astype(np.int32))[people.adult]
    few, most = (extra(use, distrust, earlier) for earlier in (0, _EARLIER))
    daily = np.diff(few)
    felt = np.flatnonzero(daily >= _FELT * daily.max()) + 1 + _WINDOW[0]
    return Finding(
        {
            "begins": float(felt[0]),
            "ends": float(felt[-1]),
            "where most had a dose / where few had": float(most.max() / few.max()),
        },
        f"at most {few.max():.1%} of adults more; {most.max():.1%} where doses began a year earlier; in the mean",
    )


@finds("F28")
def creep(plays: Plays) -> Finding:
    """Red codes with and without the other purpose."""
    run = plays.totals("certificate")
    red = run.over_run("red_days", "all").sum().sum(axis=-1)
    adults = run.at_end("adults", "group").sum().sum(axis=-1)
    place = {name: run.worlds.index(name) for name in ("certificate", "certificate-creep")}
    shown = {name: 1000 * float(red[n] / adults[n]) for name, n in place.items()}
    return Finding(
        {"red codes with the other purpose": shown["certificate-creep"], "without it": shown["certificate"]},
        "for petitions, protests and critical posts",
    )
