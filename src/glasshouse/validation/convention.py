"""A convention and those who would change it: a game of pairs, with memory and without broadcast (F29).

In each round everybody meets one other, says one of two words and hears one. A player remembers the last M words heard
and says the one heard most often; between equals chance decides. All but a committed minority begin with the old word
in memory; the committed always say the new one. The convention has tipped when most of the others say the new word.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glasshouse.draws.philox import Key, words
from glasshouse.draws.purposes import CONVENTION
from glasshouse.evidence import parameters
from glasshouse.validation.finding import Finding, law

_GAMES = 5
_SHARES = np.arange(0.025, 0.5, 0.025)
"Committed shares that are tried."


def tipped(shares: NDArray[np.float64], games: int, players: int, memory: int, meetings: int) -> NDArray[np.bool_]:
    """Which games tip: bool [shares, games]. Chance is the same for every share.

    Args:
        shares: of players who are committed.
        games: games apart from each other.
        players: of a game, even.
        memory: words that a player remembers.
        meetings: rounds.
    """
    committed = np.arange(players) < np.rint(shares * players)[:, None, None]
    heard = np.zeros((memory, len(shares), games, players), np.bool_)
    entity = np.broadcast_to(np.arange(players, dtype=np.uint32), (games, players))
    game = np.arange(games, dtype=np.uint32)[:, None]
    says = np.broadcast_to(committed, heard.shape[1:])
    for meeting in range(meetings):
        drawn = words(Key.of(0), entity, CONVENTION, np.uint32(meeting), game)
        often = 2 * heard.sum(axis=0)
        says = committed | (often > memory) | ((often == memory) & (drawn.b >> np.uint32(31) == 1))
        order = np.argsort(drawn.a, axis=-1, kind="stable")
        partner = np.empty_like(order)
        np.put_along_axis(partner, order, order.reshape(games, -1, 2)[..., ::-1].reshape(games, players), axis=-1)
        heard[meeting % memory] = np.take_along_axis(says, np.broadcast_to(partner, says.shape), axis=-1)
    others = ~np.broadcast_to(committed, says.shape)
    most: NDArray[np.bool_] = 2 * (says & others).sum(axis=-1) > others.sum(axis=-1)
    return most


@law("F29")
def tipping() -> Finding:
    """The least committed share that tips most games."""
    memory, players, meetings = (
        int(parameters().number(f"validation.{name}")) for name in ("memory", "players", "meetings")
    )
    players += players % 2
    most = tipped(_SHARES, _GAMES, players, memory, meetings).mean(axis=1) > 1 / 2
    share = float(_SHARES[np.argmax(most)]) if most.any() else 1.0
    return Finding(
        {"share that tips": share}, f"{_GAMES} games of {players} players, {memory} words in memory, {meetings} rounds"
    )
