"""The account and the classes it makes: names, score, tiers."""

from __future__ import annotations

from glasshouse.regimes.checks.case import Case
from glasshouse.regimes.messages import quote
from glasshouse.regimes.places import Place
from glasshouse.regimes.schema import Tier
from glasshouse.words import MOST_TIERS

_LONGEST_NAME = 40
_MOST_ASSOCIATION = 1_000  # a month of it, for forty people, is kept in 32 bits


def score_and_tiers(case: Case) -> None:
    """Names can be told apart, the start lies within the bounds, tiers descend without overlap or gap."""
    _names(case)
    _score(case)
    if len(case.book.tiers) > MOST_TIERS:
        text = f"there are {len(case.book.tiers)} tiers, and room for {MOST_TIERS}; join some of them"
        case.fault(("tiers", MOST_TIERS), text)
    above: float | None = None
    for n, tier in enumerate(case.book.tiers):
        above = _tier(case, n, tier, above)


def _names(case: Case) -> None:
    book = case.book
    named: list[tuple[Place, str]] = [(("tiers", n, "name"), tier.name) for n, tier in enumerate(book.tiers)]
    named += [(("lists", name), name) for name in book.lists] + [(("deeds", name), name) for name in book.deeds]
    for place, name in named:
        # Records join names with "|"; tables and charts print them.
        if not name.strip() or len(name) > _LONGEST_NAME or "|" in name or not name.isprintable():
            text = f'the name {quote(name)} will not do; take 1 to {_LONGEST_NAME} visible characters, no "|"'
            case.fault(place, text)
    seen: set[str] = set()
    for n, tier in enumerate(book.tiers):
        if tier.name in seen:
            text = f"two tiers are called {quote(tier.name)}; give each tier a name of its own"
            case.fault(("tiers", n, "name"), text)
        seen.add(tier.name)
    for name in book.lists:
        if name in seen:
            case.fault(("lists", name), f"a tier and a list are both called {quote(name)}; rename one of them")


def _score(case: Case) -> None:
    score = case.book.score
    if score is None:
        if case.book.tiers:
            text = "there are tiers but no score; add a section [score] with start, lowest and highest"
            case.fault(("tiers",), text)
        return
    low, high, start = float(score.lowest), float(score.highest), float(score.start)
    if low >= high:
        text = f"the lowest score {low:g} is not below the highest, {high:g}; correct one of the two"
        case.fault(("score", "lowest"), text)
    elif not low <= start <= high:
        text = f"the start {start:g} lies outside {low:g} to {high:g}; correct the start or the bounds"
        case.fault(("score", "start"), text)
    for key in ("start", "lowest", "highest", "forgiveness"):
        case.points(("score", key), float(getattr(score, key)))
    if (cost := float(score.association)) > _MOST_ASSOCIATION:
        text = f"score.association is {cost:g} points a day; write {_MOST_ASSOCIATION:,} or less"
        case.fault(("score", "association"), text)
    if not case.in_some_district():
        text = "the score never comes into force; add a [[timeline]] with a date and, say, districts = 1"
        case.fault(("score",), text)


def _tier(case: Case, n: int, tier: Tier, above: float | None) -> float | None:
    """Check one tier; the bound that the next one must stay below."""
    place, name, last = ("tiers", n, "from"), quote(tier.name), n == len(case.book.tiers) - 1
    if tier.from_ is None:
        if not last:
            text = f"tier {name} has no `from`, which only the last may lack; give it its lowest score"
            case.fault(place, text)
        return above
    bound = float(tier.from_)
    case.points(place, bound)
    if last:
        text = f"people below {bound:g} are in no tier; take out the `from` of the last tier, {name}"
        case.fault(place, text)
    if above is not None and bound >= above:
        text = (
            f"tier {name} from {bound:g} overlaps the tier before it, from {above:g}; "
            "order tiers from the best down, each with a lower `from`"
        )
        case.fault(place, text)
    score = case.book.score
    if score and not float(score.lowest) <= bound <= float(score.highest):
        text = (
            f"tier {name} begins at {bound:g}, outside the scores "
            f"{float(score.lowest):g} to {float(score.highest):g}; correct the tier or the bounds"
        )
        case.fault(place, text)
    return bound
