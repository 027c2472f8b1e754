"""Firms: what they do, what inspectors find, and how they fare (equation 12).

    l <- l + g + b_t * tender - (b_c * spread + b_h * hiring) - b_i * inspected + b_q * quality * known + luck
    P(exit in a month)  = exp(f_0 - f_1 * (l - l_0)), at most 1; an empty slot opens again with chance e_f, at l_0
    rating              = book of events + bonus of a connection + bonus of shared data + malus of a listed owner

l: logarithm of revenue; l_0: that of the firm when it began; luck is normal. Under ordinary law a firm wins tenders,
is inspected and pays for credit and employees at ordinary rates; a regime moves those four by the firm's tier and
list, and may let more customers know its quality. Where a score of firms has consequences, a share of breaches and
arrears is forgone. Without luck and exit, l after n months is l_0 + n * drift; with luck its variance is n * s^2.

Three books are kept of a firm as of a person. The real one takes every event; the honest one none that is false (a
breach found where there was none, arrears wrongly recorded); the clean one, besides, none that takes points for a
lawful act (a show of loyalty refused). An owner's own blacklists count in each book as that book knows them.

What somebody asks of a firm is the same in all worlds: the same words, the same thresholds but for what the regime
moves. An inspection finds a breach with the same word whether or not it is a real one, so a better inspector never
clears one firm to charge another.

Left out: rivals for one tender, prices, customers lost to neighbours, chains of supply, mergers, firms that grow new
jobs, owners who sell, punishments under ordinary law.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import ONE_Q16, chance, doublings, happens, q16

LUCK_BITS, EXIT_BITS = 12, 10
_EXIT_SHIFT = 10  # a step of the exit table is 2^-6 of a doubling
_EXIT_LIMIT = 1 << (EXIT_BITS + _EXIT_SHIFT - 1)
_MOST = 1 << 28
EVENTS = ("inspection_failed", "arrears", "product_fault", "resistance", "loyalty")
LAWFUL = (False, False, False, True, True)


class Events(NamedTuple):
    """What a month brings a firm, bool each.

    Attributes:
        inspected: an inspector comes. failed: and reports a breach; truly: there is one.
        arrears: arrears are on record; owed: there are some. fault: a product fault becomes known.
        resisted, obliged: a show of loyalty is asked for, and refused or given.
    """

    inspected: Any
    failed: Any
    truly: Any
    arrears: Any
    owed: Any
    fault: Any
    resisted: Any
    obliged: Any


class Odds(NamedTuple):
    """Chances of a month, uint32: breach, found, found_wrongly, arrears, arrears_wrongly, fault, demand."""

    breach: Any
    found: Any
    found_wrongly: Any
    arrears: Any
    arrears_wrongly: Any
    fault: Any
    demand: Any


class Course(NamedTuple):
    """How firms fare, in 2^-16 of a doubling of revenue (int32) unless said otherwise.

    Attributes:
        growth: a month. gain: of a tender. nuisance: of an inspection.
        luck: int32 [2^LUCK_BITS], equally likely. exit: uint32 [2^EXIT_BITS], chance by margin. entry: uint32.
    """

    growth: Any
    gain: Any
    nuisance: Any
    luck: Any
    exit: Any
    entry: Any


class Coefficients(NamedTuple):
    """World-independent numbers: odds and course; quality: int32, what the best is worth a month over the worst if all
    customers know it; visible: int32 Q16, share of them who know anyway."""

    odds: Odds
    course: Course
    quality: Any
    visible: Any


def month(words: tuple[Any, ...], rate: Any, odds: Odds, quality: Any, refuses: Any, working: Any) -> Events:
    """The events of a month.

    Args:
        words: uint32, drawn: breach, inspection, what it finds, fault, arrears, arrears recorded wrongly, demand.
        rate: uint32, chance of an inspection.
        odds: the other chances.
        quality: uint8, 128 is middling.
        refuses: bool, the owner speaks up against the state, and would not oblige it.
        working: bool, the firm is open.
    """
    breach, came, finding, bad, late, slip, asked = words
    broke, owed = happens(breach, odds.breach), happens(late, odds.arrears)
    inspected = working & happens(came, rate)
    reported = happens(finding, jnp.where(broke, odds.found, odds.found_wrongly))
    # Twice the chance at the worst quality, none at the best.
    worse = (odds.fault.astype(jnp.uint64) * (255 - quality.astype(jnp.uint64))) >> 7
    fault = happens(bad, jnp.minimum(worse, 0xFFFFFFFF).astype(jnp.uint32))
    demanded = working & happens(asked, odds.demand)
    return Events(
        inspected=inspected,
        failed=inspected & reported,
        truly=broke,
        arrears=working & (owed | happens(slip, odds.arrears_wrongly)),
        owed=owed,
        fault=working & fault,
        resisted=demanded & refuses,
        obliged=demanded & ~refuses,
    )


def books(events: Events) -> tuple[tuple[Any, ...], ...]:
    """What happened as the real, the honest and the clean book have it: bool by EVENTS each.

    The clean book knows the lawful acts, too; `postings` and `listings` do not hold them against anybody.
    """
    told = (events.failed, events.arrears, events.fault, events.resisted, events.obliged)
    honest = (events.failed & events.truly, events.arrears & events.owed, *told[2:])
    return told, honest, honest


def listings(events: Events) -> tuple[tuple[Any, ...], ...]:
    """The events that can lead onto a list, by book; a lawful act never does in the clean one."""
    real, honest, clean = books(events)
    return real, honest, tuple(jnp.where(lawful, False, told) for lawful, told in zip(LAWFUL, clean, strict=True))


def postings(events: Events, points: Any) -> tuple[Any, Any, Any]:
    """Points of the month in the three books, int32 each.

    Args:
        events: of the month.
        points: int32 [EVENTS], hundredths.
    """
    spared = [jnp.where(lawful & (points[n] < 0), 0, points[n]) for n, lawful in enumerate(LAWFUL)]
    charged = ([points[n] for n in range(len(EVENTS))],) * 2 + (spared,)
    real, honest, clean = (
        sum(jnp.where(happened, cost, 0) for happened, cost in zip(told, costs, strict=True))
        for told, costs in zip(books(events), charged, strict=True)
    )
    return real, honest, clean


def rating(book: Any, connected: Any, sharing: Any, owner_listed: Any, bonus: Any) -> Any:
    """What a firm is sorted into tiers by, int32: its events, and how it stands.

    Args:
        book: int32, hundredths, one of the three books.
        connected, sharing, owner_listed: bool.
        bonus: int32 [3], of a connection, of shared data, and (0 or less) of an owner on a blacklist.
    """
    return book + sum(jnp.where(holds, bonus[n], 0) for n, holds in enumerate((connected, sharing, owner_listed)))


def trade(level: Any, won: Any, drag: Any, inspected: Any, quality: Any, known: Any, word: Any, course: Course) -> Any:
    """Logarithm of revenue after a month, int32 in 2^-16 of a doubling.

    Args:
        level: int32, l. won: bool, a tender. drag: int32, what credit and hiring cost above the ordinary.
        inspected: bool. quality: uint8, 128 is middling.
        known: int32, what the best quality is worth in a month over the worst at the present share of customers who
            know it.
        word: uint32, drawn. course: the other numbers.
    """
    merit = (known * (quality.astype(jnp.int32) - 128)) >> 8
    luck = course.luck[word >> (32 - LUCK_BITS)]
    moved = level + course.growth + merit + luck - drag
    moved += jnp.where(won, course.gain, 0) - jnp.where(inspected, course.nuisance, 0)
    return jnp.clip(moved, -_MOST, _MOST)


def turnover(word: Any, working: Any, level: Any, first: Any, held: Any, course: Course) -> tuple[Any, Any]:
    """Whether a firm closes, and whether a new one opens in its place, bool each.

    Args:
        word: uint32, drawn. working: bool, the firm is open. level, first: int32, l and l_0.
        held: bool, its list does not let it close. course: chances.
    """
    step = (jnp.clip(level - first, -_EXIT_LIMIT, _EXIT_LIMIT - 1) + _EXIT_LIMIT) >> _EXIT_SHIFT
    closes = working & ~held & happens(word, course.exit[step])
    return closes, ~working & happens(word, course.entry)


def of_employer(flag: Any, employer: Any, elsewhere: bool) -> Any:
    """A flag of each person's firm, bool [C, P].

    Args:
        flag: bool [C, K]. employer: uint8 [C, P], slot + 1 of the person's cell, 0 for none.
        elsewhere: what holds for those who have none here.
    """
    slot = jnp.maximum(employer, 1).astype(jnp.int32) - 1
    return jnp.where(employer > 0, jnp.take_along_axis(flag, slot, axis=1), elsewhere)


def of_owner(flag: Any, owner: Any, nobody: int) -> Any:
    """A flag of each firm's owner, bool [C, K]; false where there is none.

    Args:
        flag: bool [C, P]. owner: uint16 [C, K], place in the cell. nobody: the value for no owner.
    """
    place = jnp.where(owner == nobody, 0, owner).astype(jnp.int32)
    return (owner != nobody) & jnp.take_along_axis(flag, place, axis=1)


def coefficients(number: Callable[[str], float]) -> Coefficients:
    """Read the registry's rows `firms.*`."""
    return Coefficients(
        Odds(*(np.uint32(chance(number(f"firms.{name}"))) for name in Odds._fields)),
        Course(
            growth=doublings(number("firms.growth")),
            gain=doublings(number("firms.tender_gain")),
            nuisance=doublings(number("firms.inspection_cost")),
            luck=luck_table(number("firms.luck")),
            exit=exit_table(number("firms.exit"), number("firms.exit_margin")),
            entry=np.uint32(chance(number("firms.entry"))),
        ),
        doublings(number("firms.quality")),
        q16(number("firms.visible")),
    )


def luck_table(spread: float) -> NDArray[np.int32]:
    """Equally likely steps of a normal law with this standard deviation in log points, exact in mean and variance."""
    from scipy.special import ndtri

    size = 1 << LUCK_BITS
    steps = ndtri((np.arange(size) + 0.5) / size)
    return doublings(steps / steps.std() * spread)


def exit_table(log_hazard: float, slope: float) -> NDArray[np.uint32]:
    """Chance of closing by margin, from -8 to 8 doublings: exp(log_hazard - slope * margin in log points)."""
    middle = ((np.arange(1 << EXIT_BITS) + 0.5) * 2.0**_EXIT_SHIFT - _EXIT_LIMIT) / ONE_Q16 * np.log(2)
    return chance(np.exp(np.minimum(log_hazard - slope * middle, 0.0)))
