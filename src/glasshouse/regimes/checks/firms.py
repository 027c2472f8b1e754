"""The section on firms: bounds, tiers, a way onto the list and off it, and its link to the lists of people."""

from __future__ import annotations

from glasshouse.regimes.checks.case import Case
from glasshouse.regimes.firm_rules import FirmBonus, FirmList, FirmPoints, Firms
from glasshouse.regimes.messages import quote
from glasshouse.words import MOST_FIRM_TIERS

_LONGEST_NAME = 40
_LONGEST_TERM = 65_534
_WIDEST_SPREAD = 1.0
_MOST_TIMES = 100.0


def firms(case: Case) -> None:
    """Everything that must fit together in `[firms]`."""
    given = case.book.firms
    if given is None:
        return
    _account(case, given)
    _tiers(case, given)
    _terms(case, given)
    if given.list is not None:
        _list(case, given.list)
    if given.begins and given.ends and given.ends <= given.begins:
        text = f"the section on firms ends on {given.ends}, not after it begins, {given.begins}; correct one of them"
        case.fault(("firms", "ends"), text)
    if not given.everywhere and not case.in_some_district():
        text = "the score of firms never comes into force; add a [[timeline]] with districts, or everywhere = true"
        case.fault(("firms",), text)


def _account(case: Case, given: Firms) -> None:
    low, high, start = float(given.lowest), float(given.highest), float(given.start)
    if low >= high:
        text = f"the lowest score {low:g} is not below the highest, {high:g}; correct one of the two"
        case.fault(("firms", "lowest"), text)
    elif not low <= start <= high:
        text = f"the start {start:g} lies outside {low:g} to {high:g}; correct the start or the bounds"
        case.fault(("firms", "start"), text)
    for key in ("start", "lowest", "highest", "forgiveness"):
        case.points(("firms", key), float(getattr(given, key)))
    for name in FirmPoints.model_fields:
        case.points(("firms", "points", name), float(getattr(given.points, name)))
    for name in FirmBonus.model_fields:
        case.points(("firms", "bonus", name), float(getattr(given.bonus, name)))
    if float(given.bonus.owner_listed) > 0:
        text = "an owner on a blacklist earns points; write 0 or less"
        case.fault(("firms", "bonus", "owner_listed"), text)


def _tiers(case: Case, given: Firms) -> None:
    if len(given.tiers) > MOST_FIRM_TIERS:
        text = f"there are {len(given.tiers)} tiers of firms, and room for {MOST_FIRM_TIERS}; join some of them"
        case.fault(("firms", "tiers", list(given.tiers)[MOST_FIRM_TIERS]), text)
    bounds: dict[float, str] = {}
    last: str | None = None
    for name, tier in given.tiers.items():
        place = ("firms", "tiers", name)
        if not name.strip() or len(name) > _LONGEST_NAME or "|" in name or not name.isprintable():
            text = f'the name {quote(name)} will not do; take 1 to {_LONGEST_NAME} visible characters, no "|"'
            case.fault(place, text)
        if tier.from_ is None:
            if last is not None:
                text = f"tiers {quote(last)} and {quote(name)} both lack `from`; only the worst may"
                case.fault(place, text)
            last = name
            continue
        bound = float(tier.from_)
        case.points((*place, "from"), bound)
        if bound in bounds:
            text = f"tiers {quote(bounds[bound])} and {quote(name)} both begin at {bound:g}; move one of them"
            case.fault((*place, "from"), text)
        bounds[bound] = name
    if given.tiers and last is None:
        text = f"firms below {min(bounds):g} are in no tier; take out the `from` of the worst tier"
        case.fault(("firms", "tiers"), text)


def _terms(case: Case, given: Firms) -> None:
    """Terms that the arithmetic has room for."""
    places = {("firms", "tiers", name): tier for name, tier in given.tiers.items()}
    for place, terms in [*places.items(), *([(("firms", "list"), given.list)] if given.list else [])]:
        if abs(float(terms.spread)) > _WIDEST_SPREAD:
            text = f"the spread {float(terms.spread):g} is a share a year; write two points as 0.02"
            case.fault((*place, "spread"), text)
        for key in ("tender", "inspections", "hiring"):
            if float(getattr(terms, key)) > _MOST_TIMES:
                text = f"{key} is {float(getattr(terms, key)):g} times the ordinary; write at most {_MOST_TIMES:g}"
                case.fault((*place, key), text)


def _list(case: Case, given: FirmList) -> None:
    place = ("firms", "list")
    if not given.entry:
        case.fault((*place, "entry"), "no firm gets onto the list of firms; name events in its entry")
    if given.term is None and not (given.exit_per_year and float(given.exit_per_year)):
        text = "no firm ever leaves the list of firms; give it a term or exit_per_year"
        case.fault(place, text)
    if given.term is not None and float(given.term) > _LONGEST_TERM:
        text = f"the term {float(given.term):g} is too long; write at most {_LONGEST_TERM} days"
        case.fault((*place, "term"), text)
    owners = given.lists_owner
    if owners is None:
        return
    people = case.book.lists.get(owners)
    if people is None:
        case.unknown((*place, "lists_owner"), "list", owners, case.book.lists)
    elif people.colour != "black":
        text = f"{quote(owners)} honours its people; name a blacklist, or take lists_owner out"
        case.fault((*place, "lists_owner"), text)
