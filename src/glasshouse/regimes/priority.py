"""Who is served first: the classes that a rule book gives to tiers and lists."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glasshouse.evidence import ServiceFact
from glasshouse.regimes.schema import Consequence
from glasshouse.regimes.tables import ORDINARY_CLASS


def classes(
    services: Sequence[ServiceFact], rows: Sequence[Consequence], free: bool, untouched: Sequence[int] | None = None
) -> NDArray[np.uint8]:
    """Class of each service under each row, uint8 [S, R]; the first class is served first.

    Args:
        services: of the run.
        rows: what follows from tiers or lists.
        free: essential services ignore tiers and lists.
        untouched: what a row that does not speak of a service gives, by row; left out, the class of everybody.
    """
    silent = [ORDINARY_CLASS] * len(rows) if untouched is None else untouched
    found = np.empty((len(services), len(rows)), np.uint8)
    for s, service in enumerate(services):
        heeded = not (free and service.essential)
        for r, row in enumerate(rows):
            given = row.priority.get(service.id) if heeded else None
            found[s, r] = silent[r] if given is None else int(given)
    return found
