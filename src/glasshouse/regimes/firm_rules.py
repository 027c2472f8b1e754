"""What a rule book may say about firms: section `[firms]`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from glasshouse.regimes.number import Amount, AnyNumber, Date, Number, Section, Share


class FirmTerms(Section):
    """On what terms a firm trades; what is left out is as under ordinary law."""

    tender: Amount = Number(value=1)
    "Factor on the chance of winning a public tender; 0 shuts the firm out."
    spread: AnyNumber = Number(value=0)
    "What credit costs above the ordinary rate, as a share a year: 0.02 is two points; below 0 is cheaper credit."
    inspections: Amount = Number(value=1)
    "Factor on the chance of an inspection."
    hiring: Amount = Number(value=1)
    "Factor on the cost of finding employees."


class FirmTier(FirmTerms):
    """A class of firms. The worst has no `from`: it takes all firms below the others."""

    from_: AnyNumber | None = Field(default=None, alias="from")
    "Lowest rating in this tier."


class FirmPoints(Section):
    """Points per event; below 0 is a deduction."""

    inspection_failed: AnyNumber = Number(value=0)
    "An inspection reports a breach."
    arrears: AnyNumber = Number(value=0)
    "Tax or wages are recorded as overdue."
    product_fault: AnyNumber = Number(value=0)
    "A faulty product becomes known."
    resistance: AnyNumber = Number(value=0)
    "A show of loyalty is asked for and refused; a lawful act."
    loyalty: AnyNumber = Number(value=0)
    "A show of loyalty is asked for and given."


class FirmBonus(Section):
    """What counts in the rating for as long as it holds."""

    connection: AnyNumber = Number(value=0)
    "The firm has a political connection."
    sharing: AnyNumber = Number(value=0)
    "The firm hands its data over."
    owner_listed: AnyNumber = Number(value=0)
    "The owner is on a blacklist."


class FirmList(FirmTerms):
    """The blacklist of firms."""

    title: str
    "The list in words."
    entry: list[Literal["inspection_failed", "arrears", "product_fault", "resistance", "owner_listed"]]
    "Events that lead onto the list; owner_listed: as long as the owner is on a blacklist."
    chance: Share = Number(value=1)
    "Share of these events that do."
    term: Amount | None = None
    "Days until the entry expires by itself."
    exit_per_year: Amount | None = None
    "Hazard of leaving by repair, per listed year."
    blocks_exit: bool = False
    "A listed firm cannot close."
    lists_owner: str | None = None
    "Blacklist of people onto which the owner comes with the firm."


class Firms(Section):
    """The account, tiers and blacklist of firms."""

    begins: Date | None = None
    "First day; left out, from the first day on."
    ends: Date | None = None
    "Day on which all of it is dissolved."
    everywhere: bool = False
    "In force in every district from `begins`, whatever the pilots."
    start: AnyNumber
    "Every firm's first score, in points."
    lowest: AnyNumber
    "The score cannot fall below this."
    highest: AnyNumber
    "The score cannot rise above this."
    forgiveness: Amount = Number(value=0)
    "Points a month by which a score below the start climbs back to it."
    points: FirmPoints = FirmPoints()
    "What each event adds to the account, or takes from it."
    bonus: FirmBonus = FirmBonus()
    "What a firm's standing adds to its rating."
    tiers: dict[str, FirmTier] = Field(default_factory=dict)
    "Classes of firms by rating, in any order: the `from` of each says where it stands."
    list: FirmList | None = None
    "How firms come onto a blacklist and what follows; left out when there is none."
    publicity: Share = Number(value=0)
    "Share of customers who know how good a firm is because of the score, where it is more than know anyway."


def tiers_in_order(firms: Firms) -> list[tuple[str, FirmTier]]:
    """Tiers from the best down; the one without `from` is the worst."""
    bound = {name: float("-inf") if tier.from_ is None else float(tier.from_) for name, tier in firms.tiers.items()}
    return sorted(firms.tiers.items(), key=lambda item: -bound[item[0]])


def terms(firms: Firms) -> list[FirmTerms]:
    """The terms of all tiers, best first, and of the list."""
    listed: list[FirmTerms] = [] if firms.list is None else [firms.list]
    return [*(tier for _, tier in tiers_in_order(firms)), *listed]


def toothless(firms: Firms) -> Firms:
    """The same account, tiers and list, from which nothing follows."""
    ordinary: dict[str, object] = {name: getattr(FirmTerms(), name) for name in FirmTerms.model_fields}
    tiers = {name: tier.model_copy(update=ordinary) for name, tier in firms.tiers.items()}
    listing = firms.list and firms.list.model_copy(update=ordinary | {"blocks_exit": False})
    return firms.model_copy(update={"tiers": tiers, "list": listing, "publicity": Number(value=0)})


def moves_something(firms: Firms) -> bool:
    """Whether anything follows for a firm from its score or list."""
    ordinary = FirmTerms()
    unlike = (
        any(float(getattr(given, name)) != float(getattr(ordinary, name)) for name in FirmTerms.model_fields)
        for given in terms(firms)
    )
    return any(unlike) or (firms.list is not None and firms.list.blocks_exit)
