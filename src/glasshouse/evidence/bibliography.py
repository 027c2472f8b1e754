"""The bibliography: every page, paper or text that a number of the laboratory cites."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from glasshouse.evidence.quantity import fault, read


@dataclass(frozen=True)
class Source:
    """One source.

    Attributes:
        key: how rows cite it. "A" is the article under test; S and M pages were seen; R is recalled.
        title: title, or what the page holds where it has none.
        publisher: who wrote or published it.
        year: year of publication, None if not shown.
        address: where it was seen, without scheme; "..." stands for a part left out. None if not known.
        seen: a copy was seen; False if it is only recalled.
    """

    key: str
    title: str
    publisher: str
    year: int | None
    address: str | None
    seen: bool


@cache
def _sources() -> dict[str, Source]:
    rows = {}
    for key, table in read("sources.toml").items():
        unknown = set(table) - {"title", "publisher", "year", "address", "seen"}
        if unknown or not {"title", "publisher", "seen"} <= set(table):
            raise fault("sources.toml", key, "must hold title, publisher, seen, and may hold year and address")
        rows[key] = Source(
            key, table["title"], table["publisher"], table.get("year"), table.get("address"), table["seen"]
        )
    return rows


def sources() -> dict[str, Source]:
    """Every source by key (`data/sources.toml`)."""
    return dict(_sources())
