"""Gaming: a rewarded deed that is only pretended.

    P(pretended | a deed done that the person knows to be rewarded) = gam

A pretended deed is seen and earns its points like a real one, and does nobody any good. Only the real book takes its
points: the honest and the clean one take what was done.

Left out: checks that find pretended deeds out, learning how to pretend, firms that sell points.
"""

from __future__ import annotations

from typing import Any

from glasshouse.arithmetic import happens


def pretended(word: Any, did: Any, rewarded: Any, share: Any) -> Any:
    """Whether the deed of today is only pretended, bool.

    Args:
        word: uint32, drawn.
        did: bool, a deed was done.
        rewarded: bool, the regime gives points for it and the person knows.
        share: uint32, gam.
    """
    return did & rewarded & happens(word, share)
