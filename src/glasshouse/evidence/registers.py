"""Data sources: who keeps files that can feed a ledger, how much of a life they cover, how late and how wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from glasshouse.errors import nearest
from glasshouse.evidence.quantity import Quantity, fault, quantity, read

MOST_REGISTERS: Final = 16
"""A person's coverage is one bit a register in 16."""

_FILE: Final = "registers.toml"
_NUMBERS: Final = ("cover", "lag", "errors")
_KEYS: Final = ("label", "channels", "digital", *_NUMBERS)


@dataclass(frozen=True)
class Register:
    """One data source.

    Attributes:
        id: its name in rule books.
        label: its name on screens.
        channels: the channels of deeds that are its own; no channel belongs to two registers.
        digital: what it covers of a person grows with the share of their life online.
        cover: share of people in the file (of the share online, where digital).
        lag: whole days from a deed to its entry.
        errors: false records about a covered person a year, harmless ones included.
    """

    id: str
    label: str
    channels: tuple[str, ...]
    digital: bool
    cover: Quantity
    lag: Quantity
    errors: Quantity


@cache
def registers() -> tuple[Register, ...]:
    """The catalogue of registers (`data/registers.toml`). New ones are appended; the order never changes."""
    rows = tuple(_register(id, table) for id, table in read(_FILE).items())
    taken: dict[str, str] = {}
    for row in rows:
        for channel in row.channels:
            if channel in taken:
                raise fault(_FILE, row.id, f'claims the channel "{channel}", which is {taken[channel]}\'s; take it out')
            taken[channel] = row.id
    if len(rows) > MOST_REGISTERS:
        raise fault(_FILE, rows[MOST_REGISTERS].id, f"is one register too many; there is room for {MOST_REGISTERS}")
    return rows


def register_of() -> dict[str, int]:
    """Channel -> number of the register it belongs to; channels that report on their own are left out."""
    return {channel: n for n, row in enumerate(registers()) for channel in row.channels}


def _register(id: str, table: Mapping[str, Any]) -> Register:
    for key in table:
        if key not in _KEYS:
            raise fault(_FILE, id, f'has the unknown key "{key}";{nearest(key, _KEYS)}'.rstrip(".?"))
    for key in _KEYS:
        if key not in table:
            raise fault(_FILE, id, f'lacks "{key}"; add it')
    numbers = {name: quantity(_FILE, f"{id}.{name}", table[name]) for name in _NUMBERS}
    if float(numbers["lag"]) != int(float(numbers["lag"])) or float(numbers["lag"]) < 0:
        raise fault(_FILE, id, f"has a lag of {float(numbers['lag']):g}; write a whole number of days, 0 or more")
    return Register(id, table["label"], tuple(table["channels"]), table["digital"], **numbers)
