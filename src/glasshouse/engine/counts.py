"""What a month counts of each person, packed while it is counted and spread out when it is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.columns import DAY_COUNTS
from glasshouse.engine.parts import HEALTH_COUNTS

SERVICES_A_BLOCK = 4
"Services whose requests are drawn from one block of random words and counted in one word."

_BITS = 5  # a month has at most 31 days, so five bits hold a month's count
_MOST = (1 << _BITS) - 1
_COUNTS_A_WORD = 64 // _BITS
_OUTCOMES = 3


class Counts(NamedTuple):
    """What a month has counted so far, five bits a number: one load and one store a person instead of a dozen.

    Attributes:
        days: uint64 [C, P] by word of twelve, by columns.DAY_COUNTS.
        requests: uint64 [C, P] by block of services; for each service asked, refused, short.
        paid: int32 [C, P] by service, hundredths of CNY.
        health: uint64 [C, P], by columns.HEALTH_COUNTS; () in a run without certificates.
    """

    days: tuple[Any, ...]
    requests: tuple[Any, ...]
    paid: tuple[Any, ...]
    health: Any


class Gains(NamedTuple):
    """The same by person, spread out.

    Attributes:
        days: uint8 by columns.DAY_COUNTS.
        asked, refused, short: uint8 by service, requests by outcome.
        paid: int32 by service, hundredths of CNY.
        got, waited: int32 by service, places got and days waited for one; read from the marks, by the records.
        health: uint8 by columns.HEALTH_COUNTS, or ().
    """

    days: tuple[NDArray[Any], ...]
    asked: tuple[NDArray[Any], ...]
    refused: tuple[NDArray[Any], ...]
    short: tuple[NDArray[Any], ...]
    paid: tuple[NDArray[Any], ...]
    got: tuple[NDArray[Any], ...] = ()
    waited: tuple[NDArray[Any], ...] = ()
    health: tuple[NDArray[Any], ...] = ()


def no_counts(shape: tuple[int, ...], services: int, health: bool = False) -> Counts:
    """Nothing counted yet, on the host."""
    words = -(-len(DAY_COUNTS) // _COUNTS_A_WORD)

    def nothing(copies: int, dtype: type) -> tuple[NDArray[Any], ...]:
        return tuple(np.zeros(shape, dtype) for _ in range(copies))

    requests, paid = nothing(len(blocks(services)), np.uint64), nothing(services, np.int32)
    return Counts(nothing(words, np.uint64), requests, paid, np.zeros(shape, np.uint64) if health else ())


def blocks(services: int) -> list[slice]:
    """Services, four to a block of draws."""
    return [slice(n, min(n + SERVICES_A_BLOCK, services)) for n in range(0, services, SERVICES_A_BLOCK)]


def packed(flags: Sequence[Any]) -> Any:
    """One for every flag that holds, each in its five bits."""
    return sum(flag.astype(jnp.uint64) << (_BITS * n) for n, flag in enumerate(flags))


def counted(days: tuple[Any, ...], facts: Sequence[Any]) -> tuple[Any, ...]:
    """The counts of days with today's facts (bool, by columns.DAY_COUNTS) in them."""
    return tuple(word + packed(facts[n * _COUNTS_A_WORD : (n + 1) * _COUNTS_A_WORD]) for n, word in enumerate(days))


def days_so(counts: Counts, name: str) -> Any:
    """Days of the month so far that were of a kind, uint8."""
    word, place = divmod(DAY_COUNTS.index(name), _COUNTS_A_WORD)
    return _read(counts.days[word], place)


def bought(counts: Counts, service: int) -> Any:
    """How often a service was bought this month, uint8: asked for, and neither refused nor out of reach."""
    block, place = divmod(service, SERVICES_A_BLOCK)
    asked, refused, short = (_read(counts.requests[block], _OUTCOMES * place + kind) for kind in range(_OUTCOMES))
    return asked - refused - short


def gains(counts: Counts) -> Gains:
    """A month's counts on the host, spread out."""
    days = tuple(np.asarray(days_so(counts, name)) for name in DAY_COUNTS)
    services = [(n // SERVICES_A_BLOCK, n % SERVICES_A_BLOCK) for n in range(len(counts.paid))]
    asked, refused, short = (
        tuple(_read(counts.requests[block], _OUTCOMES * place + kind) for block, place in services)
        for kind in range(_OUTCOMES)
    )
    kept = range(len(HEALTH_COUNTS)) if len(counts.health) else ()
    health = tuple(np.asarray(_read(counts.health, place)) for place in kept)
    return Gains(days, asked, refused, short, tuple(counts.paid), health=health)


def _read(word: Any, number: int) -> Any:
    return ((word >> (_BITS * number)) & _MOST).astype(np.uint8)
