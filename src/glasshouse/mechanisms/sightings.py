"""Who sees a deed: cameras, other channels, ordinary law (equations 6 and 7).

    P(seen by a camera) = coverage * recognised          recognised = TPIR(T) * review for faces, review otherwise
    P(seen at all)      = 1 - (1 - camera) * prod over other channels (1 - channel)

A deed is *filmed* with chance `coverage`; a filmed face is a probe, and every probe, rightly named or not, can name
somebody else (`mistakes`). The camera's answer and the others' are separate draws, so (7) holds exactly; where both
see it the camera has the entry. Ordinary law punishes by a draw of its own, in every world alike.

Left out: avoidance of cameras, victims who report late, what police do with the regime's cameras.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

from glasshouse.arithmetic import both, happens
from glasshouse.words import CAMERA, OTHER, UNSEEN


class Sighting(NamedTuple):
    """seen: uint8 code (words.UNSEEN, CAMERA, OTHER + place of the channel); filmed: bool, a face probe was made."""

    seen: Any
    filmed: Any


def sighting(
    camera_word: Any,
    other_word: Any,
    did: Any,
    watched: Any,
    filming: Any,
    recognised: Any,
    others: Any,
    face: Any,
) -> Sighting:
    """How a deed was seen.

    Args:
        camera_word, other_word: uint32, drawn.
        did: bool, the deed was done.
        watched: bool, the regime is in force here and cameras watch this deed.
        filming: uint32, chance that the passage is filmed usably.
        recognised: uint32, chance that a filmed doer is entered.
        others: three uint32 arrays, cumulative chances of the deed's other channels, 0 where there is none or the
            regime is not in force.
        face: bool, cameras name the doer of this deed by face.
    """
    filmed = did & watched & happens(camera_word, filming)
    named = filmed & happens(camera_word, both(filming, recognised))
    first, second, third = others
    told = jnp.where(
        happens(other_word, first),
        jnp.uint8(OTHER),
        jnp.where(
            happens(other_word, second),
            jnp.uint8(OTHER + 1),
            jnp.where(happens(other_word, third), jnp.uint8(OTHER + 2), jnp.uint8(UNSEEN)),
        ),
    )
    seen = jnp.where(named, jnp.uint8(CAMERA), jnp.where(did, told, jnp.uint8(UNSEEN)))
    return Sighting(seen, filmed & face)
