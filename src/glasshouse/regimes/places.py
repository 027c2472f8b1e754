"""Where in a TOML text each key and each array element stands.

`tomllib` gives values without positions, and tomlkit keeps them to itself; this locator reads a text that
`tomllib` has already accepted, so it need not check anything, only follow keys, tables and brackets.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

Place = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*""")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}' + r"|'''.*?'{3,5}" + r'|"(?:[^"\\\n]|\\.)*"' + r"|'[^'\n]*'", re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


def places(text: str) -> dict[Place, int]:
    """Place of every key and array element -> its line, counted from 1.

    A place is the path of keys, with array positions counted from 0: `("tiers", 2, "from")`. Tables that are
    only implied (`a` in `[a.b]`) stand where they are first named.
    """
    return _Locator(text).lines


def line_of(place: Place, lines: dict[Place, int]) -> int:
    """Line of a place, or of the nearest enclosing one that is written down; 1 for the whole file."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


class _Locator:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.lines: dict[Place, int] = {}
        self.length: dict[Place, int] = {}  # of each array of tables so far
        table: Place = ()
        while self._next():
            table = self._header() if self.text[self.at] == "[" else self._pair(table)

    def _next(self) -> str:
        """Skip blanks and comments; the next character, or nothing at the end."""
        self.at = self._match(_BLANK).end()
        return self.text[self.at : self.at + 1]

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self.text, self.at)
        assert found is not None, f"not TOML at {self.at}"
        return found

    def _record(self, place: Place, at: int) -> None:
        self.lines.setdefault(place, bisect_right(self.starts, at))

    def _key(self) -> list[str]:
        """A dotted key; leaves the cursor on the character behind it."""
        parts: list[str] = []
        while True:
            found = self._match(_KEY)
            self.at = found.end()
            token = found[1]
            parts.append(next(iter(tomllib.loads(f"{token} = 0"))) if token[0] in "\"'" else token)
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def _header(self) -> Place:
        """`[table]` or `[[array of tables]]`: the place that following keys belong to."""
        start, repeated = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if repeated else 1
        keys = self._key()
        self.at += 2 if repeated else 1
        place: Place = ()
        for depth, key in enumerate(keys, 1):
            place = (*place, key)
            self._record(place, start)
            if repeated and depth == len(keys):
                self.length[place] = self.length.get(place, 0) + 1
            if place in self.length:
                place = (*place, self.length[place] - 1)
                self._record(place, start)
        return place

    def _pair(self, table: Place) -> Place:
        """`key = value`; the table stays the current one."""
        start, place = self.at, table
        for key in self._key():
            place = (*place, key)
            self._record(place, start)
        self.at += 1
        self._value(place)
        return table

    def _value(self, place: Place) -> None:
        first = self._next()
        if first in "[{":
            self.at += 1
            position = 0
            while self._next() not in "]}":
                if first == "{":
                    self._pair(place)
                else:
                    self._record((*place, position), self.at)
                    self._value((*place, position))
                position += 1
                if self._next() == ",":
                    self.at += 1
            self.at += 1
        else:
            self.at = self._match(_STRING if first in "\"'" else _SCALAR).end()
