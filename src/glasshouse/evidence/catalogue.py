"""What people do, who can see it, and what they ask for: the catalogues of deeds, channels and services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from glasshouse.errors import nearest
from glasshouse.evidence import seasons
from glasshouse.evidence.quantity import Quantity, fault, quantity, read
from glasshouse.words import DEED_KINDS, VENUES

Exposure = Literal["everyone", "digital", "drivers"]
Customers = Literal["everyone", "adults", "parents"]

_EXPOSURES: Final = ("everyone", "digital", "drivers")
_CUSTOMERS: Final = ("everyone", "adults", "parents")
_DEED_NUMBERS: Final = ("occasions", "committed", "ordinary_detection", "ordinary_fine", "harm")
_SERVICE_NUMBERS: Final = ("requests", "income_elasticity", "price")


@dataclass(frozen=True)
class DeedFact:
    """A deed and what ordinary law makes of it.

    Attributes:
        id: its name in rule books.
        label: its name on screens.
        kind: how people decide about it, one of `words.DEED_KINDS`.
        lawful: ordinary law permits it.
        occasions: occasions per adult-day. For speech: while the person voices dissent.
        committed: share of the occasions taken under ordinary law.
        exposure: the trait that scales occasions: nobody's ("everyone"), share of life online ("digital"), or
            whether the person drives ("drivers").
        ordinary_detection: share of the deeds that police, courts or creditors punish without any regime;
            0 if lawful.
        ordinary_fine: what that costs the doer, in days of own income.
        harm: expected harm to others per deed, in its own stated unit.
        benefit_note: what is lost when people stop doing it, if anything.
        venue: where an act of speech happens, one of `words.VENUES`; None for alone and for what is no speech.
    """

    id: str
    label: str
    kind: str
    lawful: bool
    occasions: Quantity
    committed: Quantity
    exposure: Exposure
    ordinary_detection: Quantity
    ordinary_fine: Quantity
    harm: Quantity
    benefit_note: str | None = None
    venue: str | None = None


@dataclass(frozen=True)
class ServiceFact:
    """Something people ask for that a regime can price or refuse.

    Attributes:
        id: its name in rule books.
        label: its name on screens.
        essential: one cannot well live without it.
        who: who asks for it.
        requests: requests per person-year of somebody with the median income; on its day, if it has a season.
        income_elasticity: relative change of requests per relative change of income.
        price: ordinary price of a request, CNY.
        season: when it is open, as `seasons` reads it, or None for every day.
        load: mean requests per place, by those who can pay, under ordinary law; None where there is room for all.
        waits: who gets no place waits for the next opening; otherwise they are turned away.
        trip: one passes cameras on the way, so some of it is given up by those who avoid them.
    """

    id: str
    label: str
    essential: bool
    who: Customers
    requests: Quantity
    income_elasticity: Quantity
    price: Quantity
    season: str | None = None
    load: Quantity | None = None
    waits: bool = False
    trip: bool | None = None


@cache
def deeds() -> tuple[DeedFact, ...]:
    """The catalogue of deeds (`data/deeds.toml`). New deeds are appended; the order never changes."""
    texts = {"label": str, "kind": DEED_KINDS, "lawful": bool, "exposure": _EXPOSURES}
    rows = tuple(
        DeedFact(**_row("deeds.toml", id, table, texts, ("benefit_note", "venue"), _DEED_NUMBERS))
        for id, table in read("deeds.toml").items()
    )
    for row in rows:
        if row.venue is not None and (row.venue not in VENUES or row.kind != "speech"):
            what = f"has the venue {row.venue!r}; only speech has one, and it is {', '.join(VENUES)}"
            raise fault("deeds.toml", row.id, what)
    return rows


@cache
def services() -> tuple[ServiceFact, ...]:
    """The catalogue of services (`data/services.toml`)."""
    return tuple(_service(id, table) for id, table in read("services.toml").items())


def _service(id: str, table: Mapping[str, Any]) -> ServiceFact:
    texts = {"label": str, "essential": bool, "who": _CUSTOMERS} | ({"waits": bool} if "waits" in table else {})
    numbers = (*_SERVICE_NUMBERS, "load") if "load" in table else _SERVICE_NUMBERS
    row = ServiceFact(**_row("services.toml", id, table, texts, ("season", "trip"), numbers))
    if row.season is not None and (what := seasons.problem(row.season)):
        raise fault("services.toml", id, what)
    if row.load is not None and float(row.load) <= 0:
        raise fault("services.toml", id, f"has a load of {float(row.load):g}; write requests per place, above 0")
    if row.waits and row.load is None:
        raise fault("services.toml", id, 'waits, but lacks "load"; add how many requests come on one place')
    return row


def channels() -> dict[str, Quantity]:
    """Chance that a channel sees a deed of a kind it watches (`data/channels.toml`).

    Cameras are left out: coverage and face matching decide what they see.
    """
    return dict(_channels())


@cache
def _channels() -> dict[str, Quantity]:
    return {id: quantity("channels.toml", id, table) for id, table in read("channels.toml").items()}


def _row(
    file: str,
    id: str,
    table: Mapping[str, Any],
    kinds: Mapping[str, Any],
    optional: tuple[str, ...],
    numbers: tuple[str, ...],
) -> dict[str, Any]:
    """The keyword arguments of one row, checked. A kind is a type, or a tuple of the texts allowed."""
    known = {*kinds, *optional, *numbers}
    for key in table:
        if key not in known:
            raise fault(file, id, f'has the unknown key "{key}";{nearest(key, known)}'.rstrip(".?"))
    for key in (*kinds, *numbers):
        if key not in table:
            raise fault(file, id, f'lacks "{key}"; add it')
    for key, kind in kinds.items():
        allowed = kind if isinstance(kind, tuple) else None
        if allowed and table[key] not in allowed:
            raise fault(file, id, f"has the {key} {table[key]!r}; use {', '.join(allowed)}")
        if not allowed and not isinstance(table[key], kind):
            raise fault(file, id, f"has the {key} {table[key]!r}; use a {kind.__name__}")
    plain = {key: table[key] for key in kinds}
    read_numbers = {key: quantity(file, f"{id}.{key}", table[key]) for key in numbers}
    return {"id": id, **plain, **{key: table.get(key) for key in optional}, **read_numbers}
