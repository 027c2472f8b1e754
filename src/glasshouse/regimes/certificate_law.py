"""From the section `[certificate]` to integers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import bits, chance, q16
from glasshouse.errors import InputError
from glasshouse.regimes.schema import RuleBook
from glasshouse.regimes.sections.certificate import Epidemic
from glasshouse.regimes.society import Society

NO_TERM = 65535
_DAYS_A_WEEK = 7


class CertificateLaw(NamedTuple):
    """The paper and its gates; dates are the calendar's.

    Attributes:
        services: bool [S], the service asks for the paper.
        work, recovery: bool.
        checked, caught: uint32, chance that an entry is checked, that a check finds a forged paper out.
        barred: int32 Q16, chance that somebody without a paper is kept out of a gated venue: `checked` as a share.
        term: int32 days, NO_TERM for ever.
        exempt: uint32. forgery: uint32, chance a day.
        creep: uint64, bit set of the deeds for which codes turn red; red: uint32, chance; red_days: int32.
    """

    services: NDArray[np.bool_]
    work: np.bool_
    recovery: np.bool_
    checked: np.uint32
    caught: np.uint32
    barred: np.int32
    term: np.int32
    exempt: np.uint32
    forgery: np.uint32
    creep: np.uint64
    red: np.uint32
    red_days: np.int32


def certificate_law(book: RuleBook, society: Society) -> CertificateLaw:
    """Compile the section; without it nothing is ever asked for.

    Args:
        book: a valid rule book.
        society: the deeds and services of the run.
    """
    given, spare = book.certificate, book.safeguards.spare_lawful_acts
    services = [given is not None and service.id in given.services for service in society.services]
    creep = given.creep if given else None
    answered = [
        creep is not None and deed.id in creep.deeds and not (spare and _lawful(book, deed.id, deed.lawful))
        for deed in society.deeds
    ]
    term = given.valid_days if given else None
    weekly = float(given.forgery_per_week) if given else 0.0
    checked = float(given.checked) if given else 0.0
    return CertificateLaw(
        services=np.array(services, np.bool_),
        work=np.bool_(given is not None and given.work),
        recovery=np.bool_(given is not None and given.recovery),
        checked=np.uint32(chance(checked)),
        caught=np.uint32(chance(float(given.forgery_caught) if given else 0.0)),
        barred=np.int32(q16(checked)),
        term=np.int32(NO_TERM if term is None else min(round(float(term)), NO_TERM - 1)),
        exempt=np.uint32(chance(float(given.exempt) if given else 0.0)),
        forgery=np.uint32(chance(-np.expm1(-weekly / _DAYS_A_WEEK))),
        creep=np.uint64(bits(answered)),
        red=np.uint32(chance(float(creep.chance) if creep else 0.0)),
        red_days=np.int32(int(creep.days) if creep else 0),
    )


def outbreak(books: Iterable[RuleBook]) -> Epidemic | None:
    """The one infection of a run, in all of its worlds; None where no rule book asks for one.

    Raises:
        InputError: two rule books differ about it.
    """
    found: tuple[str, Epidemic] | None = None
    for book in books:
        if book.certificate is None:
            continue
        title, asked = book.about.title, book.certificate.epidemic
        if found is not None and found[1] != asked:
            raise InputError(
                f'"{found[0]}" and "{title}" bring two different epidemics, and all worlds of a run live through the '
                "same one; give them the same section [certificate.epidemic], or run them apart."
            )
        found = title, asked
    return None if found is None else found[1]


def _lawful(book: RuleBook, deed: str, catalogue: bool) -> bool:
    given = book.deeds.get(deed)
    return catalogue if given is None or given.lawful is None else given.lawful
