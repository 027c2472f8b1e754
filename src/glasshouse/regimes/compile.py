"""From a rule book to integer tables."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.arithmetic import bits, chance
from glasshouse.evidence import Parameters
from glasshouse.regimes.bonds import tie_law
from glasshouse.regimes.certificate_law import certificate_law
from glasshouse.regimes.firm_law import firm_law
from glasshouse.regimes.livelihood_law import LivelihoodLaw, hardships, livelihood_law
from glasshouse.regimes.number import ORDINARY_CLASS
from glasshouse.regimes.queues_law import QueuesLaw, queues_law
from glasshouse.regimes.remedies_law import matches, remedy_law, review_rates
from glasshouse.regimes.safeguards import applied
from glasshouse.regimes.schema import Consequence, Deed, List, RuleBook
from glasshouse.regimes.society import Society
from glasshouse.regimes.source_law import channels_of, room, source_law
from glasshouse.regimes.speech import patrolled, speech_law
from glasshouse.regimes.stakes import stake_law, standing_moved
from glasshouse.regimes.tables import (
    FACE_DEEDS,
    NEVER,
    NO_TERM,
    OTHERS,
    AccessLaw,
    Law,
    ListLaw,
    ScoreLaw,
    SightLaw,
)

_MONTHS_A_YEAR = 12
LIFELONG = 30_000
"Days that stand for a list without a term where the day of entry matters: 82 years, longer than any run."


class Shape(NamedTuple):
    """The common shape of a run's laws."""

    tiers: int
    lists: int
    health: bool = False
    "Whether people carry papers and infections: some rule book of the run has a certificate."
    claims: tuple[int, int] = (1, 1)

    @staticmethod
    def of(books: list[RuleBook]) -> Shape:
        """The smallest shape that holds all rule books; at least one tier and one list."""
        return Shape(
            max(1, *(len(b.tiers) for b in books)),
            max(1, *(len(b.lists) for b in books)),
            any(b.certificate is not None for b in books),
            room(books),
        )


def compile_law(
    book: RuleBook, society: Society, shape: Shape, face_factors: NDArray[np.float64], parameters: Parameters
) -> Law:
    """Compile one rule book.

    Args:
        book: a valid rule book.
        society: the deeds and services of the run.
        shape: common numbers of tiers and lists.
        face_factors: float64 [G], how much more often faces of each group are confused than the first group's.
        parameters: the registry.
    """
    book = applied(book)
    deeds = [_as_posted(book, fact.id, fact.lawful) for fact in society.deeds]
    score = _score(book, deeds, society, shape)
    queues = queues_law(book, society.services, shape.tiers, shape.lists)
    livelihood = livelihood_law(book, shape.tiers, shape.lists, parameters)
    return Law(
        score=score,
        sight=_sight(book, deeds, society, face_factors, parameters),
        stake=stake_law(book, score.points / 100.0, society, parameters),
        lists=_lists(book, deeds, society, shape),
        remedies=remedy_law(book, face_factors, parameters),
        access=_access(book, society, shape, queues, livelihood),
        queues=queues,
        livelihood=livelihood,
        firms=firm_law(book, parameters),
        certificate=certificate_law(book, society),
        speech=speech_law(book),
        ties=tie_law(book, shape.tiers, parameters),
        sources=source_law(
            book,
            [fact.id for fact in society.deeds],
            deeds,
            shape.claims,
            standing_moved(book, score.points / 100.0, parameters),
            parameters,
        ),
    )


def _as_posted(book: RuleBook, deed: str, lawful: bool) -> Deed:
    """The deed as the regime treats it, safeguards applied; an empty deed if the book is silent."""
    given = book.deeds.get(deed, Deed())
    lawful = lawful if given.lawful is None else given.lawful
    spared = book.safeguards.spare_lawful_acts and lawful and float(given.points) <= 0
    return given.model_copy(
        update={
            "lawful": lawful,
            "seen_by": [] if spared else given.seen_by,
            "face": given.face and not spared,
        }
        | ({"points": type(given.points)(value=0.0)} if spared else {})
    )


def _score(book: RuleBook, deeds: list[Deed], society: Society, shape: Shape) -> ScoreLaw:
    points = np.array([_hundredths(d.points.value) for d in deeds], np.int32)
    lawful = np.array([bool(d.lawful) for d in deeds], np.bool_)
    cuts = np.full(shape.tiers - 1, NEVER, np.int32)
    bounds = [_hundredths(t.from_.value) for t in book.tiers if t.from_ is not None]
    cuts[: len(bounds)] = bounds
    given = book.score
    return ScoreLaw(
        kept=np.bool_(given is not None),
        start=np.int32(_hundredths(given.start.value) if given else 0),
        lowest=np.int32(_hundredths(given.lowest.value) if given else 0),
        highest=np.int32(_hundredths(given.highest.value) if given else 0),
        forgiveness=np.int32(_hundredths(given.forgiveness.value) if given else 0),
        points=points if given else np.zeros_like(points),
        lawful=np.uint64(bits(lawful)),
        rewarded=np.uint64(bits(points > 0)),
        cuts=cuts,
    )


def face_rows(deeds: list[Deed]) -> list[int]:
    """Table rows of the deeds whose cameras name the doer by face, in order; at most FACE_DEEDS."""
    return [row for row, deed in enumerate(deeds) if deed.face and "camera" in deed.seen_by][:FACE_DEEDS]


def _sight(
    book: RuleBook, deeds: list[Deed], society: Society, face_factors: NDArray[np.float64], parameters: Parameters
) -> SightLaw:
    from glasshouse.evidence import channels

    sees = {name: float(fact) for name, fact in channels().items()} | {n: float(v) for n, v in book.channels.items()}
    rows = face_rows(deeds)
    face = np.uint64(bits([row in rows for row in range(len(deeds))]))
    numbered = np.array([*rows, *[-1] * (FACE_DEEDS - len(rows))], np.int32)
    others = np.zeros((OTHERS, len(deeds)))
    for row, deed in enumerate(deeds):
        for place, channel in enumerate(channels_of(deed)):
            others[place, row] = sees[channel]
    crowds = patrolled([channels_of(deed) for deed in deeds], sees, society.tables.street)
    cameras = book.cameras
    if cameras is None:
        return SightLaw(
            np.bool_(False), np.uint64(0), np.uint64(0), numbered, chance(others),
            np.zeros(len(face_factors), np.uint32), np.uint32(0), np.zeros(len(face_factors), np.uint32), crowds,
        )  # fmt: skip
    found, alarm = matches(book, face_factors, parameters)
    wrong = alarm * max(review_rates(book, parameters))
    return SightLaw(
        faces=np.bool_(bool(rows)),
        camera=np.uint64(bits(["camera" in deed.seen_by for deed in deeds])),
        face=face,
        face_rows=numbered,
        others=chance(others),
        recognised=chance(found * cameras.review_true.value),
        plain=np.uint32(chance(cameras.review_true.value)),
        wrong=chance(wrong),
        patrolled=crowds,
    )


def term(entry: List, book: RuleBook) -> int:
    """Days of a listing, NO_TERM for ever; where its age matters a listing without a term has a very long one."""
    if entry.term is not None:
        return min(round(entry.term.value), NO_TERM - 1)
    return LIFELONG if float(entry.repair_after) or float(book.safeguards.delay) else NO_TERM


def _lists(book: RuleBook, deeds: list[Deed], society: Society, shape: Shape) -> ListLaw:
    size, names = shape.lists, [fact.id for fact in society.deeds]
    law = ListLaw(
        kept=np.bool_(bool(book.lists)),
        deed=np.zeros(size, np.uint64),
        tier=np.full(size, -1, np.int32),
        days=np.zeros(size, np.int32),
        term=np.full(size, NO_TERM, np.int32),
        repair_after=np.zeros(size, np.int32),
        exits=np.zeros(size, np.uint32),
        everywhere=np.zeros(size, np.bool_),
        black=np.zeros(size, np.bool_),
        shame=np.zeros(size, np.uint32),
        shame_days=np.zeros(size, np.int32),
    )
    tiers = [tier.name for tier in book.tiers]
    for n, entry in enumerate(book.lists.values()):
        spare = book.safeguards.spare_lawful_acts
        listed = [names.index(d) for d in entry.entry.deeds]
        listed = [row for row in listed if not (spare and deeds[row].lawful)]
        law.deed[n] = bits([row in listed for row in range(len(deeds))])
        if entry.entry.tier is not None:
            law.tier[n], law.days[n] = tiers.index(entry.entry.tier), entry.entry.days
        law.term[n], law.repair_after[n] = term(entry, book), float(entry.repair_after)
        if entry.exit_per_year is not None:
            law.exits[n] = chance(-np.expm1(-entry.exit_per_year.value / _MONTHS_A_YEAR))
        law.everywhere[n], law.black[n] = entry.everywhere, entry.colour == "black"
        if entry.shaming is not None:
            law.shame[n], law.shame_days[n] = chance(entry.shaming.chance.value), entry.shaming.days
    return law


def _access(book: RuleBook, society: Society, shape: Shape, queues: QueuesLaw, livelihood: LivelihoodLaw) -> AccessLaw:
    tiers = [tier.name for tier in book.tiers]
    by_tier = [book.consequences.get(name, Consequence()) for name in tiers]
    by_tier += [Consequence()] * (shape.tiers + 1 - len(by_tier))
    by_list = [book.consequences.get(name, Consequence()) for name in book.lists]
    by_list += [Consequence()] * (shape.lists - len(by_list))
    ordinary = np.array([_hundredths(float(service.price)) for service in society.services], np.int32)[:, None]
    deny_tier, price_tier = _rows(book, society, by_tier)
    deny_list, price_list = _rows(book, society, by_list)
    price_tier = np.where(price_tier < 0, ordinary, price_tier)
    black = np.zeros(shape.lists, np.bool_)
    black[: len(book.lists)] = [entry.colour == "black" for entry in book.lists.values()]
    closed_tier, closed_list = np.any(deny_tier > 0, axis=0), np.any(deny_list > 0, axis=0)
    behind_tier, behind_list = (np.any(table > ORDINARY_CLASS, axis=0) for table in queues[:2])
    poorer_tier, poorer_list = hardships(livelihood)
    harsh_tier = closed_tier | np.any(price_tier > ordinary, axis=0) | behind_tier | np.any(poorer_tier > 0, axis=0)
    follows = [deny_tier.astype(np.int64), price_tier.astype(np.int64), queues.class_tier.astype(np.int64), poorer_tier]
    return AccessLaw(
        deny_tier=deny_tier,
        deny_list=deny_list,
        price_tier=price_tier,
        price_list=price_list,
        harsh_tier=np.uint64(bits(harsh_tier)),
        harsh_list=np.asarray(
            black & (closed_list | np.any(price_list > ordinary, axis=0) | behind_list | poorer_list)
        ),
        closed_tier=np.uint64(bits(closed_tier)),
        closed_list=np.asarray(closed_list),
        grade=_grades(harsh_tier, np.concatenate(follows)),
    )


def _grades(harsh: NDArray[np.bool_], consequences: NDArray[np.int64]) -> NDArray[np.uint8]:
    """How harsh each tier is: 0 without sanctions, one more wherever a harsh tier differs from the one above."""
    differs = np.concatenate([[True], np.any(np.diff(consequences, axis=1) != 0, axis=0)])
    return np.where(harsh, np.cumsum(differs & harsh), 0).astype(np.uint8)


def _rows(book: RuleBook, society: Society, rows: list[Consequence]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """Chance of refusal and price of each service under each row; -1 where the row does not touch the price."""
    deny = np.zeros((len(society.services), len(rows)))
    price = np.full((len(society.services), len(rows)), -1, np.int32)
    for s, service in enumerate(society.services):
        if service.essential and book.safeguards.score_free_essentials:
            continue
        for r, row in enumerate(rows):
            if service.id in row.denies:
                deny[s, r] = row.denies[service.id].value
            if service.id in row.prices:
                price[s, r] = _hundredths(float(service.price) * row.prices[service.id].value)
    return chance(deny), price


def _hundredths(value: float) -> int:
    return round(100 * value)
