"""The rule book: what a regime says, section by section.

A rule book is a TOML file that a lawyer can read. Every number may be written bare (`points = -3`) or with
what it rests on (`points = { value = -3, status = "alleged", source = "A" }`). This file says what may be
written; `checks` says what must fit together; `load` reads files and reports what is wrong.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from glasshouse.regimes.firm_rules import Firms
from glasshouse.regimes.number import Amount, AnyNumber, Class, Date, Days, Number, Section, Share, Status, pair
from glasshouse.regimes.sections.certificate import Certificate
from glasshouse.regimes.sections.costs import Costs
from glasshouse.regimes.sections.sources import JoiningDate

DeedKind = Literal["offence", "speech", "reading", "good", "event", "answer"]

Venue = Literal["alone", "office", "street"]


class About(Section):
    """What this rule book is and what it stands on."""

    title: str
    "One line; shown in lists of regimes."
    summary: str
    "A few sentences for the reader."
    place: str
    "Where it is, or is said to be, in force."
    years: Annotated[tuple[int, int], BeforeValidator(pair)]
    "First and last year it describes."
    status: Status
    "What the regime as a whole rests on."
    sources: list[str] = Field(default_factory=list)
    "Keys of the bibliography, or addresses of pages."
    caution: str | None = None
    "What a reader could get wrong."


class Score(Section):
    """The account of points. Left out when the regime keeps none."""

    start: AnyNumber
    "Everybody's first score, in points."
    lowest: AnyNumber
    "The score cannot fall below this."
    highest: AnyNumber
    "The score cannot rise above this."
    forgiveness: Amount = Number(value=0)
    "Points a day by which a score below the start climbs back to it."
    visible: Share = Number(value=0)
    "How well friends know each other's tier (1: as well as their own)."
    association: Amount = Number(value=0)
    "Points a day that each blacklisted friend or housemate costs."


class Tier(Section):
    """A class of people, best first. The last tier has no `from`: it takes everybody below."""

    name: str
    "Short, such as AAA."
    from_: AnyNumber | None = Field(default=None, alias="from")
    "Lowest score in this tier."
    worth: Amount = Number(value=0)
    "What being in this tier is worth over the next lower one, in days of income a year."


class Deed(Section):
    """What the regime makes of a deed. The deed itself is described in the catalogue, or here if new."""

    points: AnyNumber = Number(value=0)
    "Points per entry; below 0 is a deduction."
    seen_by: list[str] = Field(default_factory=list)
    "Channels that can see the deed: camera, patrol, bank, ..."
    face: bool = False
    "Cameras name the doer by face recognition, and can name the wrong one."
    lawful: bool | None = None
    "Ordinary law permits the act. Left out: as the catalogue says; a new deed is lawful unless an offence."
    label: str | None = None
    "The deed in words."
    kind: DeedKind | None = None
    "New deeds only: how people decide (deterrence, voice, reading, reward, or not at all)."
    occasions: Amount | None = None
    "New deeds only: occasions a day of an adult."
    committed: Share | None = None
    "New deeds only: share of occasions taken under ordinary law."
    venue: Venue | None = None
    "New acts of speech only: in one's own words alone, at an office, or on the street with others."


class Entry(Section):
    """How one gets onto a list."""

    deeds: list[str] = Field(default_factory=list)
    "One entry for any of these deeds."
    tier: str | None = None
    "Being in this tier leads onto the list."
    days: Days = Number(value=0)
    "Days in that tier before the entry."


class Shaming(Section):
    """Public display of the newly listed."""

    chance: Share
    "Chance that somebody newly listed is put on display."
    days: Days
    "Days on display."


class List(Section):
    """A blacklist or a red list."""

    title: str
    "The list in words."
    colour: Literal["black", "red"] = "black"
    "black punishes, red honours."
    begins: Date | None = None
    "First day; left out, from the first day on."
    ends: Date | None = None
    "Day on which the list is dissolved."
    entry: Entry
    "How one gets onto the list."
    term: Amount | None = None
    "Days until the entry expires by itself."
    exit_per_year: Amount | None = None
    "Hazard of leaving by paying or repair, per listed year."
    repair_after: Days = Number(value=0)
    "Days on the list before it can be left that way."
    services: list[str] = Field(default_factory=list)
    "Services of the list's own domain: what `safeguards.unbundled` leaves to it."
    permanent: bool = False
    "Nobody ever leaves. Must be said in so many words where there is no term, exit_per_year or ends."
    everywhere: bool = False
    "In force in every district from `begins`, whatever the pilots."
    shaming: Shaming | None = None
    "Public display of the newly listed."


class Consequence(Section):
    """What a tier or a list opens or closes."""

    denies: dict[str, Share] = Field(default_factory=dict)
    "Service -> chance that a request is refused."
    prices: dict[str, Amount] = Field(default_factory=dict)
    "Service -> factor on its ordinary price."
    priority: dict[str, Class] = Field(default_factory=dict)
    "Service -> class in its queue, 0 (served first) to 7; everybody else has 4."
    promotion: Amount | None = None
    "Factor on the chance of being promoted at work."
    job: Amount | None = None
    "Factor on the chance of losing one's work; the chance of finding some is divided by it."
    tax: Amount | None = None
    "Factor on income tax."
    loan: AnyNumber | None = None
    "Added to the yearly rate of interest of a loan: 0.03 is three points more, -0.01 one point less."


class Cameras(Section):
    """Cameras and face matching."""

    threshold: Share
    "Similarity from which two faces count as the same."
    gallery: Amount
    "Faces a probe is compared with: the represented gallery, not the people simulated."
    review_true: Share = Number(value=1)
    "Share of right matches that review lets through."
    review_false: Share = Number(value=1)
    "Share of wrong matches that review lets through (1: nobody looks)."
    review_staff: Amount | None = None
    "Alerts a day per 100,000 residents that can be read; left out, all are."
    automation_bias: Share | None = None
    "Share of wrong matches among unread alerts that count all the same; left out, as the registry says."


class Speech(Section):
    """How closely speech is watched."""

    surveillance: Share
    "Chance that a critical word is noticed, as the cautious see it."
    censored: Share = Number(value=0)
    "Part of the dissent in town that its media do not show."
    propaganda: Share = Number(value=0)
    "Part of their opposition that those who trust the state give up in a month."


class Phase(Section):
    """What changes on a date; what is left out stays as it was."""

    date: Date
    "First day of the phase."
    districts: Share | None = None
    "Share of districts in which score, tiers and local lists are in force."
    coverage: Share | None = None
    "Chance that a passage is filmed usably, in those districts."
    awareness: Share | None = None
    "Share of people there who know."
    campaign: Share | None = None
    "How far a launch campaign lifts perceived risk towards certainty, once, on this date."
    note: str | None = None
    "What happened, for the reader."
    status: Status | None = None
    "What the date rests on."
    source: str | None = None
    "Where the date is from."


class Appeals(Section):
    """An office that hears those who challenge an entry or a listing."""

    staff: Amount
    "Decisions a day per 100,000 residents."
    hearing_days: Days | None = None
    "Least days from filing to a decision; left out, as the registry says."
    noticed: Share | None = None
    "Share of people who learn what was entered and why; left out, as the registry says."
    corrects: Share | None = None
    "Success of an appeal against a mistake; left out, as the registry says."
    lets_off: Share | None = None
    "Success of an appeal where the rule was kept; left out, as the registry says."


class Safeguards(Section):
    """Edits of the rule book that protect people."""

    score_free_essentials: bool = False
    "Essential services ignore tiers and lists."
    spare_lawful_acts: bool = False
    "Acts that ordinary law permits cost no points and put nobody on a list; rewards for them stay."
    human_review: Share | None = None
    "Share of wrong face matches that still get through a human check (replaces cameras.review_false)."
    sunset: Date | None = None
    "The regime ends on this day."
    unbundled: bool = False
    "Nothing follows from tiers, and lists touch only the services of their own domain."
    explanation: bool = False
    "Everybody learns what was entered about them and why, so that they can challenge it."
    audit: Share | None = None
    "Share of files with a mistake that independent auditors find and correct in a year."
    delay: Days = Number(value=0)
    "Days between a listing, or a worse tier, and what follows from it."
    stacking_cap: Days | None = None
    "Services that may be refused or overcharged to one person at a time."
    group_parity: bool = False
    "Each group has a face threshold of its own, at which its faces are confused no more often than the best group's."


class RuleBook(Section):
    """A whole regime."""

    about: About
    "What this rule book is and what it stands on."
    score: Score | None = None
    "The account of points; left out when the regime keeps none."
    tiers: list[Tier] = Field(default_factory=list)
    "Classes of people by score, best first."
    deeds: dict[str, Deed] = Field(default_factory=dict)
    "Deed -> what the regime makes of it."
    lists: dict[str, List] = Field(default_factory=dict)
    "Blacklists and red lists."
    consequences: dict[str, Consequence] = Field(default_factory=dict)
    "Tier or list -> what it opens or closes."
    costs: Costs = Costs()
    "What the regime costs to run."
    channels: dict[str, Share] = Field(default_factory=dict)
    "Channel -> chance that it sees a deed; overrides the registry."
    registers: dict[str, JoiningDate] | None = None
    "Data sources -> when they begin to feed the ledger; left out, every channel tells at once, of everybody."
    cameras: Cameras | None = None
    "Cameras and face matching; left out when no camera feeds the regime."
    speech: Speech | None = None
    "How closely speech is watched."
    firms: Firms | None = None
    "The account, tiers and blacklist of firms; left out when the regime leaves firms alone."
    timeline: list[Phase] = Field(default_factory=list)
    "What changes when, in order of date."
    share: Share = Number(value=1)
    "Share of people the regime reaches at all, drawn by key; below 1 only in an experiment."
    appeals: Appeals | None = None
    "An office that hears complaints; left out when there is none."
    certificate: Certificate | None = None
    "A paper that gates ask for, and the infection it is for; left out when there is none."
    safeguards: Safeguards = Safeguards()
    "Edits that protect people."
