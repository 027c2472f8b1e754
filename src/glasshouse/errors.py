"""The errors a user can meet.

GlasshouseError            anything this package raises on purpose
├── InputError             something you gave is wrong: one sentence, exit code 2
│   ├── RuleBookError      ... in a rule book (file, line, what, how to mend it)
│   └── RunFolderError     ... with a run folder (full, read-only, another version, not a run)
└── RunFailed              the run itself broke: exit code 1
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class GlasshouseError(Exception):
    """Anything this package raises on purpose."""


class InputError(GlasshouseError):
    """Something the user gave is wrong; the message says what, where and how to mend it."""


class RuleBookError(InputError):
    """A rule book cannot be used."""


class RunFolderError(InputError):
    """A run folder cannot be read or written."""


class RunFailed(GlasshouseError):
    """The run itself broke, through no fault of the input."""


def nearest(name: str, known: Iterable[str]) -> str:
    """' Did you mean "X"?' for the nearest known name, or the list of known names when none is near."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f' Did you mean "{close[0]}"?'
    return f" Known: {', '.join(names)}." if names else ""
