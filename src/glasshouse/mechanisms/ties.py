"""Friends lost and found again, what they are heard to say, and guilt by association.

Once a month, for each friend slot in use, both ends ask the same question with the same word (keyed by the pair), so
they agree without telling each other:

    (1 - h) = (1 - h0) * (1 - h1 v (1 - k))^gap * (1 - h2)^shame              a day
    P(cut in a month)      = h / (r + h) * (1 - (1 - r - h)^m)                m: days of a month
    P(restored in a month) = r / (r + h) * (1 - (1 - r - h)^m)

gap: tiers between the two, if the better placed knows the regime and both are scored; shame: how many ends (0 to 2)
were on public display before a friend who knows the regime (for d days: counts with chance d / m); v: how well tiers
are known, k: closeness of the tie. The two chances are the m-step law of the daily chain, so the share of ties in
touch tends to r / (r + h) whatever the length of a month, and a difference from it shrinks by (1 - r - h) a day.
Tables of them are `regimes.bonds`.

    iso <- iso + a * (lost share of one's slots - iso)     a = 1 - exp(-m / tau), rounded by a keyed word

Every day friends meet on one slot (day mod 8) and each remembers whether the other voiced dissent: the share of
friends heard is that of the friends in touch. Under a regime with guilt by association a person loses `assoc` points
a day for every friend in touch and every other adult of the household on a blacklist. It is a lawful act, so the
clean book never takes them; the honest book takes those whom its own lists name.

Parameters: `ties.fade` h0, `ties.tier_gap` h1, `ties.shame` h2, `ties.renewal` r (1/day), `ties.close_local` and
`ties.close_wide` k, `ties.isolation_days` tau; rule book: `score.visible` v, `score.association` points a day.
All of them are assumed.

Left out: ties within the household are never cut (their strain is not told); new friends; friends warned or hidden;
anything between people of different towns; who drops whom is not kept.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from glasshouse.arithmetic import CERTAIN, ONE_Q16, happens
from glasshouse.regimes.bonds import MONTH
from glasshouse.words import FRIEND_SLOTS, MOST_ISOLATED

SHAMES = 3
"0, 1 or 2 ends on public display."

_TIER, _AWARE, _SHOWN, _REAL, _HONEST = 0, 4, 5, 6, 7
"Places in the byte that friends see of each other; a tier takes four bits."


def face(tier: Any, aware: Any, shown: Any, listed: Any, honestly: Any) -> Any:
    """What friends see of each other, uint8.

    Args:
        tier: uint8 below 16. aware: bool, knows the regime. shown: bool, `displayed`.
        listed, honestly: bool, on a blacklist in the real and in the honest book.
    """
    flags = ((aware, _AWARE), (shown, _SHOWN), (listed, _REAL), (honestly, _HONEST))
    return tier.astype(jnp.uint8) | sum(flag.astype(jnp.uint8) << place for flag, place in flags)


def displayed(word: Any, days: Any) -> Any:
    """Whether a month with some days on public display counts as a month of it, bool: right in the mean.

    Args:
        word: uint32. days: uint8, of the month.
    """
    a_day = int(2**32 / MONTH)
    return happens(word, jnp.minimum(days.astype(jnp.uint64) * a_day, CERTAIN).astype(jnp.uint32))


def strain(one: Any, other: Any, unscored: int) -> Any:
    """What pulls at the tie of two faces: gap * SHAMES + shame, int32; the same from both ends.

    Args:
        one, other: uint8, faces.
        unscored: number of the tier of those who are not scored.
    """
    first, second = _tier(one), _tier(other)
    # Tiers count from the best down: who has the lower number may drop the other.
    better = jnp.where(first < second, one, other)
    scored = (first != unscored) & (second != unscored)
    gap = jnp.where(scored & _has(better, _AWARE), jnp.abs(first - second), 0)
    shame = (_has(one, _AWARE) & _has(other, _SHOWN)).astype(jnp.int32)
    shame += (_has(other, _AWARE) & _has(one, _SHOWN)).astype(jnp.int32)
    return gap * SHAMES + shame


def turned(word: Any, in_touch: Any, strained: Any, chances: Any) -> Any:
    """Whether a tie is restored (those lost) or cut (those in touch) this month, bool.

    Args:
        word: uint32, keyed by the pair. in_touch: bool. strained: int32, from `strain`.
        chances: uint32 [2, strains], chance a month of being restored and of being cut.
    """
    return happens(word, chances[in_touch.astype(jnp.int32), strained])


def blamed(other: Any, in_touch: Any) -> tuple[Any, Any]:
    """Whether a friend in touch is on a blacklist, in the real and in the honest book; bool."""
    return in_touch & _has(other, _REAL), in_touch & _has(other, _HONEST)


def isolation(felt: Any, ties: Any, slots: Any, rate: Any, word: Any) -> Any:
    """Isolation after the month, uint16 of MOST_ISOLATED; somebody who never had friends loses none.

    Args:
        felt: uint16. ties, slots: uint8, bits of slots in touch and in use.
        rate: int64 Q30. word: uint32, the rounding: up where it falls under what is left over.
    """
    lost = _count(slots & ~ties) * _each(slots, MOST_ISOLATED)
    step = (lost - felt.astype(jnp.int32)).astype(jnp.int64) * rate
    up = word.astype(jnp.int64) >> 2 < step & ((1 << 30) - 1)
    return (felt + (step >> 30) + up).astype(jnp.uint16)


def met(heard: Any, slot: Any, voiced: Any, slots: Any) -> Any:
    """What friends were last heard to say, uint8 of bits, after meeting the friend of a slot.

    Args:
        heard: uint8. slot: int32 scalar. voiced: bool, the friend voices dissent. slots: uint8, slots in use.
    """
    bit = jnp.uint8(1) << slot.astype(jnp.uint8)
    return jnp.where(voiced, heard | (bit & slots), heard & ~bit)


def share_heard(heard: Any, ties: Any, otherwise: Any) -> Any:
    """Share of friends in touch who voiced dissent when last met, int32 Q16; `otherwise` for those without any."""
    return jnp.where(ties > 0, _count(heard & ties) * _each(ties, ONE_Q16), otherwise)


def _tier(seen: Any) -> Any:
    return ((seen >> _TIER) & 15).astype(jnp.int32)


def _has(seen: Any, place: int) -> Any:
    return (seen >> place) & 1 == 1


def _count(bits: Any) -> Any:
    return jax.lax.population_count(bits).astype(jnp.int32)


def _each(bits: Any, whole: int) -> Any:
    """What each of a person's friends counts of a whole, int32: comparisons are faster than a division."""
    friends = _count(bits)
    part = jnp.zeros_like(friends)
    for number in range(1, FRIEND_SLOTS + 1):
        part = jnp.where(friends == number, whole // number, part)
    return part
