"""Arms of an experiment: a rule book with one thing changed, to set beside the same rule book unchanged.

`article:without=cameras` is the article's regime without its cameras; `article:share=0.5,sunset=2022-01-01` the same
for half of the people, keyed, until 2022. An arm is an edit of the rule book and nothing else: what it does not touch
stays as written, and people, draws and calendar are those of every other world of the run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from glasshouse.errors import InputError, nearest
from glasshouse.regimes.firm_rules import toothless
from glasshouse.regimes.number import Number
from glasshouse.regimes.safeguards import with_safeguard
from glasshouse.regimes.schema import Consequence, RuleBook, Speech
from glasshouse.regimes.sections.costs import Costs

Edit = Callable[[RuleBook], RuleBook]


def _without_cameras(book: RuleBook) -> RuleBook:
    deeds = {
        name: deed.model_copy(update={"face": False, "seen_by": [c for c in deed.seen_by if c != "camera"]})
        for name, deed in book.deeds.items()
    }
    return book.model_copy(update={"cameras": None, "deeds": deeds})


def _without_faces(book: RuleBook) -> RuleBook:
    return book.model_copy(update={"deeds": {n: d.model_copy(update={"face": False}) for n, d in book.deeds.items()}})


def _without_lists(book: RuleBook) -> RuleBook:
    tiers = {tier.name for tier in book.tiers}
    kept = {name: row for name, row in book.consequences.items() if name in tiers}
    return book.model_copy(update={"lists": {}, "consequences": kept})


def _without_tiers(book: RuleBook) -> RuleBook:
    kept = {name: row for name, row in book.consequences.items() if name in book.lists}
    return book.model_copy(update={"consequences": kept})


def _without_shaming(book: RuleBook) -> RuleBook:
    return book.model_copy(
        update={"lists": {name: entry.model_copy(update={"shaming": None}) for name, entry in book.lists.items()}}
    )


def _without_rewards(book: RuleBook) -> RuleBook:
    nothing = Number(value=0)
    deeds = {n: d if float(d.points) <= 0 else d.model_copy(update={"points": nothing}) for n, d in book.deeds.items()}
    return book.model_copy(update={"deeds": deeds})


def _without_awareness(book: RuleBook) -> RuleBook:
    nobody = {"awareness": Number(value=0), "campaign": None}
    return book.model_copy(update={"timeline": [phase.model_copy(update=nobody) for phase in book.timeline]})


def _without_creep(book: RuleBook) -> RuleBook:
    paper = book.certificate
    return book.model_copy(update={"certificate": paper and paper.model_copy(update={"creep": None})})


def _without_company(book: RuleBook) -> RuleBook:
    """Friends do not know each other's tier, and nobody answers for the company they keep."""
    alone = {"visible": Number(value=0), "association": Number(value=0)}
    return book if book.score is None else book.model_copy(update={"score": book.score.model_copy(update=alone)})


def _without_field(field: str) -> Edit:
    """Drop one kind of consequence from every tier and list."""

    def edit(book: RuleBook) -> RuleBook:
        rows = {name: row.model_copy(update={field: {}}) for name, row in book.consequences.items()}
        return book.model_copy(update={"consequences": rows})

    return edit


def _without_terms(*terms: str) -> Edit:
    """Leave work or money as ordinary law has it."""

    def edit(book: RuleBook) -> RuleBook:
        rows = {n: row.model_copy(update=dict.fromkeys(terms)) for n, row in book.consequences.items()}
        return book.model_copy(update={"consequences": rows})

    return edit


def _without_costs(book: RuleBook) -> RuleBook:
    return book.model_copy(update={"costs": Costs(cameras=Number(value=0), office=Number(value=0))})


def _without_watching(book: RuleBook) -> RuleBook:
    return book.model_copy(update={"speech": None if book.speech is None else Speech(surveillance=Number(value=0))})


def _without_firms(book: RuleBook) -> RuleBook:
    return book.model_copy(update={"firms": None})


WITHOUT: Mapping[str, Edit] = {
    "awareness": _without_awareness,
    "cameras": _without_cameras,
    "careers": _without_terms("promotion", "job"),
    "costs": _without_costs,
    "creep": _without_creep,
    "company": _without_company,
    "faces": _without_faces,
    "firms": _without_firms,
    "lists": _without_lists,
    "loans": _without_terms("loan"),
    "prices": _without_field("prices"),
    "priority": _without_field("priority"),
    "refusals": _without_field("denies"),
    "rewards": _without_rewards,
    "shaming": _without_shaming,
    "taxes": _without_terms("tax"),
    "tiers": _without_tiers,
    "watching": _without_watching,
}
"""Mechanisms of a regime that an arm can leave out."""


def without(book: RuleBook, mechanism: str) -> RuleBook:
    """The rule book without one of its mechanisms (a name in `WITHOUT`)."""
    if mechanism not in WITHOUT:
        raise InputError(f'No mechanism "{mechanism}" can be left out of a regime.{nearest(mechanism, WITHOUT)}')
    return WITHOUT[mechanism](book)


def null(book: RuleBook) -> RuleBook:
    """All machinery runs, nothing follows from it and nobody knows: every outcome equals ordinary law's."""
    silent = _without_watching(_without_awareness(_without_shaming(book)))
    free = _without_costs(silent)
    firms = None if book.firms is None else toothless(book.firms)
    nothing = {name: Consequence() for name in book.consequences}
    return free.model_copy(update={"consequences": nothing, "firms": firms, "certificate": None})


def share(book: RuleBook, of: str) -> RuleBook:
    """The regime for a keyed share of people, the same people whatever the regime: direct and spillover effects."""
    try:
        value = float(of)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise InputError(f'The arm share={of} is no share of people; write a number from 0 to 1, such as "share=0.5".')
    return book.model_copy(update={"share": Number(value=value)})


def sunset(book: RuleBook, day: str) -> RuleBook:
    """The regime abolished on a day."""
    try:
        date = dt.date.fromisoformat(day)
    except ValueError:
        raise InputError(f'The arm sunset={day} is not a date; write it as "sunset=2022-01-31".') from None
    return book.model_copy(update={"safeguards": book.safeguards.model_copy(update={"sunset": date})})


ARMS: Mapping[str, Callable[[RuleBook, str], RuleBook]] = {
    "null": lambda book, _: null(book),
    "safeguard": with_safeguard,
    "share": share,
    "sunset": sunset,
    "without": without,
}
"""Name of an arm -> the edit, given what stands behind the equals sign."""


def arm(book: RuleBook, edits: str) -> RuleBook:
    """A rule book with edits made, in order.

    Args:
        book: a checked rule book.
        edits: `without=cameras`, `share=0.5`, `sunset=2022-01-01`, `safeguard=appeals`, `null`; several joined by
            commas.

    Raises:
        InputError: there is no such arm, or it does not take what it was given.
    """
    for edit in edits.split(","):
        name, _, value = edit.partition("=")
        if name not in ARMS:
            raise InputError(f'There is no arm "{name}"; arms are {", ".join(ARMS)}.{nearest(name, ARMS)}')
        if bool(value) == (name == "null"):
            takes = "nothing" if name == "null" else 'something, as in "without=cameras"'
            raise InputError(f'The arm "{edit}" is not right: {name} takes {takes}.')
        book = ARMS[name](book, value)
    title = f"{book.about.title} ({edits})"
    return book.model_copy(update={"about": book.about.model_copy(update={"title": title})})
