"""Deeds that were not done: 1 - deeds / deeds in the baseline world, town by town.

What is left out: deeds moved to where nobody looks, and what people do instead.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from glasshouse.measures.estimates import Estimates
from glasshouse.measures.totals import ALL, Floats, Totals, most, ratio

ALL_OFFENCES: Final = "all offences"


def deterrence(run: Totals) -> list[Estimates]:
    """`deterred` by offence and for all of them, `good_deeds` gained, `entered_share` of offences."""
    offences, goods = run.deeds("offence", lawful=False), run.deeds("good")
    done = _first_all(run.over_run("deeds", "deed").take(offences))
    seen = _first_all(run.over_run("seen", "deed").take(offences))
    good = run.over_run("deeds", "deed").take(goods).sum(axis=-1, keepdims=True)
    keys = (ALL_OFFENCES, *offences)
    return [
        Estimates(
            "deterred",
            "offences deterred",
            "share",
            keys,
            1 - ratio(done, done[run.baseline]),
            most(done, run.baseline),
            True,
        ),
        Estimates(
            "good_deeds",
            "more good deeds",
            "share",
            (ALL,),
            ratio(good, good[run.baseline]) - 1,
            most(good, run.baseline),
            True,
        ),
        Estimates(
            "entered_share",
            "offences entered in the ledger",
            "share",
            keys,
            ratio(seen, done),
            seen.sum(axis=1),
        ),
    ]


def _first_all(deeds: Floats) -> Floats:
    return np.concatenate([deeds.sum(axis=-1, keepdims=True), deeds], axis=-1)
