"""What adults think at a month's end, added up; and in December how far each is from speaking up."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.engine.numbers import Numbers
from glasshouse.engine.stage import Actor
from glasshouse.mechanisms import voice
from glasshouse.records.schema import THRESHOLD_BINS
from glasshouse.regimes.tables import STAKE_BINS
from glasshouse.runs.cast import Cast, Keys
from glasshouse.runs.sheet import Row, Sheet
from glasshouse.runs.tally import Evening
from glasshouse.words import REAL


def views(cast: Cast, after: Evening) -> list[Row]:
    """Sums of opposition, trust and support by group, in units of 2^-16.

    Args:
        cast: the people.
        after: the world on the last evening.
    """
    sheet, world = Sheet(cast), after.world
    adults = Keys(np.where(cast.adult, cast.by_group.number, -1), cast.by_group.labels)
    sheet.add("adults", "group", adults)
    for name, column in (
        ("opposition", world.opposition >> 14),
        ("trust_state", world.views.state),
        ("trust_people", world.views.people),
        ("support", world.views.support),
    ):
        sheet.add(f"{name}_sum", "group", adults, column.astype(np.float64))
    return sheet.rows


def thresholds(cast: Cast, actor: Actor, numbers: Numbers, after: Evening, aware: NDArray[np.bool_]) -> list[Row]:
    """Adults by the share of others at which they would voice dissent alone; none under the continuous law.

    Args:
        cast: the people.
        actor: the regime.
        numbers: the laws' coefficients.
        after: the world on the last evening.
        aware: who knows the regime.

    Returns:
        A row a bin. Bin n holds those who need more than (n - 1) / THRESHOLD_BINS of the others and at most n of it;
        bin 0 those who need nobody; the bin after the last those whom no crowd would move.
    """
    if numbers.reserve.continuous:
        return []
    p, world, stake, law = cast.population, after.world, actor.law.stake, numbers.voice
    place = np.clip((world.score[REAL] - stake.origin) >> stake.shift, 0, STAKE_BINS - 1)
    loss = np.where(aware, stake.fear[place], 0) / 2.0**16
    fear = loss * (p.risk / 2.0**8) * (world.watched / 2.0**30)
    own = _share(law.own) * (p.boldness / 2.0**8) * (world.opposition / 2.0**30)
    needed = voice.thresholds(own, fear, _share(law.peers), _share(law.cost), _share(law.capacity))
    bins = np.clip(np.ceil(needed * THRESHOLD_BINS), 0, THRESHOLD_BINS + 1).astype(np.int64)
    sheet = Sheet(cast)
    sheet.add("threshold_bin", "bin", Keys(np.where(p.adult, bins, -1), [str(n) for n in range(THRESHOLD_BINS + 2)]))
    return sheet.rows


def _share(q16: Any) -> float:
    return float(q16) / 2.0**16
