"""Chance for the naive person: Philox4x32-10 from the published algorithm, in plain integers.

Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
"""

from __future__ import annotations

from functools import lru_cache

M0, M1 = 0xD2511F53, 0xCD9E8D57
W0, W1 = 0x9E3779B9, 0xBB67AE85
LOW = 0xFFFFFFFF
CERTAIN = LOW

# The registry of purposes, written down a second time: a number that moves there must be noticed here.
PILOT_ORDER = 4
APPEAL = 38
DEED, SIGHTING, HAZARD, SERVICE, VOICE, LEAVE, DISPLAY, MISTAKE = 16, 17, 18, 19, 20, 21, 23, 24
LOT = 30
TIE, ISOLATION = 36, 37
CAREER, LOAN = 46, 47
CERTIFICATE, EXEMPTION, VENUES = 56, 57, 58
VIEWS = 53
COVER, AVOIDANCE = 42, 43
PERSON, DISTRICT, TIE_OF_TWO = 0, 2, 4


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Ten rounds on four words of 32 bits."""
    a, b, c, d = counter
    k0, k1 = key
    for _ in range(10):
        first, second = M0 * a, M1 * c
        a, b, c, d = (second >> 32) ^ b ^ k0, second & LOW, (first >> 32) ^ d ^ k1, first & LOW
        k0, k1 = (k0 + W0) & LOW, (k1 + W1) & LOW
    return a, b, c, d


@lru_cache(maxsize=64)
def ask(
    seed: int, entity: int, town: int, day: int, purpose: int, sub: int = 0, kind: int = PERSON
) -> tuple[int, int, int, int]:
    """The four words that an entity of a town draws for a purpose on a day."""
    return philox((entity, purpose << 8 | sub, day << 16 | kind << 12, town), (seed & LOW, seed >> 32 & LOW))


def chance(p: float) -> int:
    """A probability as a threshold of 32 bits; certainty is the largest one."""
    return min(int(p * 2**32), CERTAIN)


def happens(word: int, threshold: int) -> bool:
    """Whether what has this chance comes true on this word."""
    return threshold == CERTAIN or word < threshold


def both(first: int, second: int) -> int:
    """The chance that two independent things of these chances come true."""
    if first == CERTAIN:
        return second
    if second == CERTAIN:
        return first
    return first * second >> 32


def uniform(word: int) -> float:
    """A word as a number between 0 and 1, the middle of its interval."""
    return (word + 0.5) / 2**32
