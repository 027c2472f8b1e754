"""Which facts are asked for, and the answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from glasshouse.errors import InputError, nearest
from glasshouse.evidence.stylised import SETTINGS, stylised_facts
from glasshouse.validation.finding import FINDERS, Result

_ROLES = ("calibrated", "predicted")


def chosen(only: Sequence[str] | None) -> list[str]:
    """Ids of the facts meant, in order.

    Args:
        only: ids (F01), settings (unit, article, documented, certificate), roles (calibrated, predicted); all facts if
            left out.

    Raises:
        InputError: one of them is none of these.
    """
    facts = stylised_facts()
    if not only:
        return list(facts)
    for name in only:
        if name not in (*facts, *SETTINGS, *_ROLES):
            raise InputError(f'There is no stylised fact "{name}".{nearest(name, (*facts, *SETTINGS, *_ROLES))}')
    return [id for id, fact in facts.items() if {id, fact.setting, fact.role} & set(only)]


def validate(
    only: Sequence[str] | None = None,
    *,
    people: int = 20_000,
    towns: int = 5,
    seed: int = 1,
    keep: str | Path | None = None,
    say: Callable[[str], None] | None = None,
) -> list[Result]:
    """Find the stylised facts in the laboratory. Misses are results like any other.

    Args:
        only: facts to ask for, see `chosen`; all if left out.
        people, towns, seed: of the main runs. Rare facts need a million people and say so.
        keep: a folder in which the runs stay and are found again.
        say: called with the name of each run before it is played.

    Raises:
        InputError: an unknown fact, or runs that cannot be played.
    """
    wanted = chosen(only)
    from glasshouse.engine.devices import prepare
    from glasshouse.validation import (  # noqa: F401  (each registers its facts)
        convention,
        deterrence_facts,
        pass_facts,
        register_facts,
        silence_facts,
        society_facts,
        view_facts,
    )
    from glasshouse.validation.plays import Plays

    prepare(None)
    plays = Plays(people, towns, seed, None if keep is None else Path(keep), say)
    return [Result(stylised_facts()[id], FINDERS[id](plays)) for id in wanted]
