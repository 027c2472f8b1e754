"""Lists: how one gets on and off, and what follows from tiers and lists."""

from __future__ import annotations

from glasshouse.regimes.checks.case import Case
from glasshouse.regimes.checks.livelihood import livelihoods, only_rewards
from glasshouse.regimes.messages import quote
from glasshouse.regimes.number import ORDINARY_CLASS
from glasshouse.regimes.places import Place
from glasshouse.regimes.schema import Consequence, Deed, List
from glasshouse.words import MOST_LISTS

_LONGEST_TERM = 65_534  # days are kept in 16 bits, of which the last value means "for ever"
_DEAREST = 50  # money of a run is kept in 32 bits


def lists_and_consequences(case: Case) -> None:
    """There is a way onto each list and off it; consequences belong to tiers, lists and services."""
    lists = case.book.lists
    if len(lists) > MOST_LISTS:
        text = f"there are {len(lists)} lists, and room for {MOST_LISTS}; join some of them"
        case.fault(("lists", list(lists)[MOST_LISTS]), text)
    for name, given in lists.items():
        _entry(case, name, given)
        _exit(case, name, given)
        _force(case, name, given)
    _consequences(case)


def _entry(case: Case, name: str, given: List) -> None:
    place: Place = ("lists", name, "entry")
    entry, tiers = given.entry, [tier.name for tier in case.book.tiers]
    if not entry.deeds and entry.tier is None:
        case.fault(place, f"nobody gets onto the list {quote(name)}; name deeds or a tier in its entry")
    if entry.tier is not None and entry.tier not in tiers:
        case.unknown((*place, "tier"), "tier", entry.tier, tiers)
    if entry.tier is None and float(entry.days):
        text = f"the entry of {quote(name)} counts days but names no tier; name the tier or take the days out"
        case.fault((*place, "days"), text)
    for position, name_of_deed in enumerate(entry.deeds):
        deed = case.book.deeds.get(name_of_deed, Deed())
        if name_of_deed not in case.deeds and name_of_deed not in case.book.deeds:
            case.unknown((*place, "deeds", position), "deed", name_of_deed, case.deeds | set(case.book.deeds))
        elif not float(deed.points) and case.blind(deed):  # a blind deed with points has its fault already
            text = f"no channel can see {quote(name_of_deed)}; write seen_by in a section [deeds.{name_of_deed}]"
            case.fault((*place, "deeds", position), text)


def _exit(case: Case, name: str, given: List) -> None:
    place: Place = ("lists", name)
    ways = [key for key in ("term", "exit_per_year", "ends") if getattr(given, key) is not None]
    if not ways and not given.permanent:
        text = f"nobody leaves the list {quote(name)}; write term, exit_per_year or permanent = true"
        case.fault(place, text)
    if ways and given.permanent:
        text = f"the list {quote(name)} is permanent and yet has {ways[0]}; take one of the two out"
        case.fault((*place, "permanent"), text)
    if given.term is not None and not 1 <= float(given.term) <= _LONGEST_TERM:
        text = f"the term of {quote(name)} is {float(given.term):g} days; write 1 to {_LONGEST_TERM}"
        case.fault((*place, "term"), text)


def _force(case: Case, name: str, given: List) -> None:
    place: Place = ("lists", name)
    if given.begins and given.ends and given.ends <= given.begins:
        text = f"the list {quote(name)} ends on {given.ends}, before it begins; correct one of the dates"
        case.fault((*place, "ends"), text)
    if given.shaming and float(given.shaming.days) < 1:
        case.fault((*place, "shaming", "days"), "a display of 0 days shows nobody; write 1 day or more")
    if not given.everywhere and not case.in_some_district():
        text = (
            f"the list {quote(name)} never comes into force; "
            "write everywhere = true, or give districts in a [[timeline]]"
        )
        case.fault(place, text)


def _only_rewards(case: Case, name: str, given: Consequence) -> None:
    for service, chance in given.denies.items():
        if float(chance):
            text = f"the red list {quote(name)} denies {service}; a red list rewards: make it black, or drop this"
            case.fault(("consequences", name, "denies", service), text)
    for service, factor in given.prices.items():
        if float(factor) > 1:
            text = f"the red list {quote(name)} raises the price of {service}; write a factor of at most 1"
            case.fault(("consequences", name, "prices", service), text)
    for service, place in given.priority.items():
        if float(place) > ORDINARY_CLASS:
            text = f"the red list {quote(name)} puts people back in {service}; write {ORDINARY_CLASS} at most"
            case.fault(("consequences", name, "priority", service), text)
    only_rewards(case, name, given)


def _consequences(case: Case) -> None:
    holders = [tier.name for tier in case.book.tiers] + list(case.book.lists)
    for name, given in case.book.consequences.items():
        place: Place = ("consequences", name)
        if name not in holders:
            case.unknown(place, "tier or list", name, holders)
        if name in case.book.lists and case.book.lists[name].colour == "red":
            _only_rewards(case, name, given)
        livelihoods(case, name, given)
        for kind, services in (("denies", given.denies), ("prices", given.prices), ("priority", given.priority)):
            for service in services:
                if service not in case.services:
                    case.unknown((*place, kind, service), "service", service, case.services)
        for service, factor in given.prices.items():
            if float(factor) > _DEAREST:
                text = f"a price of {float(factor):g} times the ordinary one; write at most {_DEAREST}"
                case.fault((*place, "prices", service), text)
        for service in given.priority:
            if service in case.services and service not in case.queues:
                text = f"there is room for everybody in {service}; give a priority in {', '.join(sorted(case.queues))}"
                case.fault((*place, "priority", service), text)
