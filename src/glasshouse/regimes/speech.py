"""What a regime does about speech: censorship, propaganda, and how many on the street its patrols can note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import chance, q16, q30
from glasshouse.regimes.schema import RuleBook
from glasshouse.regimes.tables import OTHERS, SpeechLaw

PATROL = "patrol"


def speech_law(book: RuleBook) -> SpeechLaw:
    """Compile the section `[speech]`."""
    censored, propaganda = (float(book.speech.censored), float(book.speech.propaganda)) if book.speech else (0.0, 0.0)
    return SpeechLaw(np.int32(q16(censored)), np.int64(q30(propaganda)), np.bool_(propaganda > 0))


def patrolled(
    channels: Sequence[Sequence[str]], sees: Mapping[str, float], street: NDArray[np.int32]
) -> NDArray[np.uint32]:
    """The patrol's chance of telling, uint32 [OTHERS, n], at its place among the channels; 0 at the others'.

    It is what the share of a crowd that patrols can note multiplies.

    Args:
        channels: channels of each deed besides cameras, in the order of the rule book.
        sees: chance of each channel.
        street: int32 [n], rows of the deeds in question, -1 for none.
    """
    part = np.zeros((OTHERS, len(street)))
    for n, row in enumerate(street):
        told = list(channels[row][:OTHERS]) if row >= 0 else []
        if PATROL in told:
            part[told.index(PATROL), n] = sees[PATROL]
    return chance(part)
