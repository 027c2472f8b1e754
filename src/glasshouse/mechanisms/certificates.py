"""Certificates: who takes the dose, who carries a paper, and whom a gate lets in.

Once doses are given, somebody without a full one considers it each day with chance (a logit hazard; h is its level)

    P(dose) = 1 / (1 + exp(-z)),     z = ln h + b_g * G(t) * max(use_i, work) + b_m * m_i - b_x * x_i

G: strength of the gates, the share of entries checked; of it only a part is felt between the announcement and the
first day. use: how much of life happens behind gates. m: share of the neighbourhood that has had a dose, x: distrust
(private opposition). Those on the brink go first, so the rise begins with the announcement and ends when the brink is
empty, and it is small where nearly everybody has had a dose.

The second dose follows after a fixed interval and makes the paper *valid*; a paper older than its term is *expired*
while the rule holds. Few are *exempt*. Some of those who have had none get a *forged* one, which a check can find out.
At a gate

    P(turned away | visit) = checked                       without a paper, or with a red code
                           = checked * caught              with a forged paper, which is then lost

A *red code* shuts every gate for a number of days whatever the paper says. Authority can set it for anything: that is
how a health code turned into a means against protesters. One red code for one act; a further act prolongs it.

Left out: supply of doses, second doses missed, tests as a substitute, which venue, borrowed papers, children.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import jax.numpy as jnp

from glasshouse.arithmetic import both, happens

NONE, PARTIAL, VALID, EXPIRED, EXEMPT, FORGED = range(6)
PAPERS: Final = ("none", "partial", "valid", "expired", "exempt", "forged")
"""What a person's paper can be."""

NO_DOOR, LET_IN, TURNED_AWAY, CAUGHT = range(4)
"""What came of a visit to a gated venue: none made, let in, turned away, turned away with a forged paper."""

_FOREVER = 65535


class Coefficients(NamedTuple):
    """What people make of it.

    Attributes:
        base, pull, peers, distrust: int32 Q16, ln h, pull of the gates b_g, weight of the neighbourhood b_m, of
            distrust b_x.
        visits: uint32, chance a day of a visit to a gated venue, of somebody whose whole life is behind gates.
        interval: int32, days between first and second dose.
    """

    base: Any
    pull: Any
    peers: Any
    distrust: Any
    visits: Any
    interval: Any


def leaning(use: Any, gates: Any, work: Any, peers: Any, distrust: Any, numbers: Coefficients) -> Any:
    """z, the logit of taking a dose today, int32 Q16.

    Args:
        use: uint8, share of life behind gates, 255 = all.
        gates: int32 Q16, G of today.
        work: bool, work is behind a gate, too.
        peers: int32 Q16, m.
        distrust: int32 Q30, x.
        numbers: the weights.
    """
    strength = ((jnp.asarray(gates).astype(jnp.int64) * numbers.pull) >> 16).astype(jnp.int32)
    pulled = (strength * jnp.where(work, 256, parts(use).astype(jnp.int32))) >> 8
    told = ((peers.astype(jnp.int64) * numbers.peers) >> 16).astype(jnp.int32)
    doubt = (((distrust >> 14).astype(jnp.int64) * numbers.distrust) >> 16).astype(jnp.int32)
    return numbers.base + pulled + told - doubt


def wants_dose(paper: Any, able: Any) -> Any:
    """Whose dose is due by their own choice, bool: nobody yet, or a paper that has run out."""
    return able & ((paper == NONE) | (paper == EXPIRED))


def parts(use: Any) -> Any:
    """A share of life in 256 parts, uint32: none at 0, all at 255."""
    wide = use.astype(jnp.uint32)
    return wide + (wide >> 7)


def by_use(use: Any, chance: Any) -> Any:
    """A chance that goes with the share of life behind gates, uint32: `chance` where that is the whole."""
    share = parts(use)
    return jnp.where(share == 256, chance, (chance >> 8) * share)


def steps(word: Any, due: Any, paper: Any, dose: Any, forgery: Any) -> tuple[Any, Any]:
    """Who takes a dose today and who gets a forged paper instead: two bools, never both.

    Both are read from one word, the dose from its lower end and the forgery from its upper.

    Args:
        word: uint32, drawn.
        due: bool, `wants_dose`.
        paper: uint8; only who has had no dose gets a forged one.
        dose, forgery: uint32, chances.
    """
    takes = due & happens(word, dose)
    return takes, due & (paper == NONE) & ~takes & happens(~word, forgery)


def second_dose(paper: Any, dosed: Any, today: Any, interval: Any) -> Any:
    """Whose second dose is today, bool."""
    return (paper == PARTIAL) & (today - dosed.astype(jnp.int32) >= interval)


def renewed(paper: Any, age: Any, second: Any, takes: Any, fakes: Any, caught: Any, term: Any) -> Any:
    """The paper tonight, uint8.

    Args:
        paper: uint8, this morning.
        age: int32, days since the last dose.
        second, takes, fakes, caught: bool, today a second dose, one of the own choice, a forged paper got, one lost.
        term: int32, days a paper holds from the last dose, 65535 for ever (and where no rule asks for one).
    """
    over = (paper == VALID) & (age >= term) & (term != _FOREVER)
    after = jnp.where(second, VALID, jnp.where(over, EXPIRED, paper))
    after = jnp.where(takes, jnp.where(paper == EXPIRED, VALID, PARTIAL), after)
    return jnp.where(fakes, FORGED, jnp.where(caught, NONE, after)).astype(jnp.uint8)


def exempted(word: Any, paper: Any, able: Any, share: Any) -> Any:
    """The paper once exemptions are granted, uint8: for a share of those who have had no dose at all."""
    return jnp.where(able & (paper == NONE) & happens(word, share), EXEMPT, paper).astype(jnp.uint8)


def has_dose(paper: Any) -> Any:
    """Whether any dose was taken, bool (who carries a forged paper has had none)."""
    return (paper == PARTIAL) | (paper == VALID) | (paper == EXPIRED)


def shut_out(paper: Any, red: Any, recovered: Any) -> Any:
    """Who has nothing to show at a gate, bool. A red code shuts the gate whatever the paper says.

    Args:
        paper: uint8.
        red: bool, the code is red today.
        recovered: bool, the person is immune after an infection, and the rule counts that.
    """
    papers = (paper == VALID) | (paper == EXEMPT) | (paper == FORGED)
    return red | ~(papers | recovered)


def at_the_door(word: Any, visits: Any, use: Any, shut: Any, paper: Any, checked: Any, caught: Any) -> Any:
    """What comes of today's visit to a gated venue, uint8: NO_DOOR, LET_IN, TURNED_AWAY or CAUGHT.

    The refused are a subset of those who go, on one word: more checks refuse the same people and others.

    Args:
        word: uint32, drawn.
        visits: uint32 scalar, chance of a visit today of somebody whose whole life is behind gates.
        use: uint8, share of life behind gates.
        shut: bool, `shut_out`.
        paper: uint8.
        checked, caught: uint32 scalars, chance that an entry is checked; that a check finds a forged paper out.
    """
    looked = both(visits, checked)
    went, away, found = (happens(word, by_use(use, p)) for p in (visits, looked, both(looked, caught)))
    outcome = jnp.where(found & (paper == FORGED), CAUGHT, jnp.where(away & shut, TURNED_AWAY, LET_IN))
    return jnp.where(went, outcome, NO_DOOR).astype(jnp.uint8)


def red_until(until: Any, reddened: Any, today: Any, days: Any) -> Any:
    """First day on which the code is not red, uint16.

    Args:
        until: uint16, as it stands.
        reddened: bool, the authority sets the code to red today.
        today, days: int32; the code is red from tomorrow on, for `days` days.
    """
    ends = jnp.minimum(today + 1 + days, _FOREVER - 1).astype(jnp.uint16)
    return jnp.where(reddened, jnp.maximum(until, ends), until)
