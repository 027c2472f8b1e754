"""Who is served first: the classes that a rule book gives to tiers and lists, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.evidence import ServiceFact
from glasshouse.regimes.number import ORDINARY_CLASS
from glasshouse.regimes.schema import Consequence, RuleBook

_UNTOUCHED = {"black": 0, "red": 255}  # the worst class that a blacklist leaves, the best that a red list grants


class QueuesLaw(NamedTuple):
    """Order of service; S services, K tiers, L lists.

    Attributes:
        class_tier: uint8 [S, K + 1], class in the service's queue, 0 is served first.
        class_list: uint8 [S, L], the worst that a blacklist leaves (0: it says nothing), the best that a red list
            grants (255).
        ranked: bool [S], not everybody has the same class. closes: bool [S], some tier or list refuses for certain.
    """

    class_tier: NDArray[np.uint8]
    class_list: NDArray[np.uint8]
    ranked: NDArray[np.bool_]
    closes: NDArray[np.bool_]


def queues_law(book: RuleBook, services: Sequence[ServiceFact], tiers: int, lists: int) -> QueuesLaw:
    """Compile the priorities of a rule book.

    Args:
        book: a valid rule book.
        services: of the run.
        tiers, lists: common numbers of the run.
    """
    nothing = Consequence()
    by_tier = [book.consequences.get(tier.name, nothing) for tier in book.tiers]
    by_tier += [nothing] * (tiers + 1 - len(by_tier))
    by_list = [book.consequences.get(name, nothing) for name in book.lists] + [nothing] * (lists - len(book.lists))
    silent = [_UNTOUCHED[entry.colour] for entry in book.lists.values()] + [0] * (lists - len(book.lists))
    heeded = [not (service.essential and book.safeguards.score_free_essentials) for service in services]
    class_tier, class_list = np.full((len(services), tiers + 1), ORDINARY_CLASS), np.tile(silent, (len(services), 1))
    closes = np.zeros(len(services), np.bool_)
    for s in np.flatnonzero(heeded).tolist():
        name = services[s].id
        for table, rows in ((class_tier, by_tier), (class_list, by_list)):
            for r, row in enumerate(rows):
                if name in row.priority:
                    table[s, r] = int(row.priority[name])
                closes[s] |= name in row.denies and float(row.denies[name]) == 1
    return QueuesLaw(
        class_tier=class_tier.astype(np.uint8),
        class_list=class_list.astype(np.uint8),
        ranked=(class_tier != ORDINARY_CLASS).any(axis=1) | (class_list != silent).any(axis=1),
        closes=closes,
    )
