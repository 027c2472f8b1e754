"""Rule books from the library or from a file."""

from __future__ import annotations

import hashlib
import os
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from glasshouse.errors import InputError, RuleBookError, nearest
from glasshouse.regimes.checks import faults
from glasshouse.regimes.messages import Fault, report, structural, syntax
from glasshouse.regimes.places import places
from glasshouse.regimes.schema import RuleBook

LIBRARY = Path(__file__).parent / "library"


@dataclass(frozen=True)
class Regime:
    """A rule book and the text it was read from.

    Attributes:
        name: of the library, or the file's name without `.toml`.
        book: the rule book, checked.
        text: the file's text, comments included, line ends as \\n.
        path: the file as the caller named it; `library/NAME.toml` for the library.
        edits: what an arm of an experiment changes in it (`arms`), "" for nothing; part of the name.
        sha256: of the text in UTF-8, in hexadecimal digits.
    """

    name: str
    book: RuleBook
    text: str
    path: str
    sha256: str
    edits: str = ""

    @property
    def base(self) -> str:
        """The name without what an arm changes."""
        return self.name.removesuffix(f":{self.edits}")

    @property
    def shipped(self) -> bool:
        """Whether it is the library's own."""
        return self.path == f"library/{self.base}.toml" and (LIBRARY / f"{self.base}.toml").is_file()

    @property
    def spec(self) -> str:
        """What `regime` takes to find it again, wherever it is called."""
        if self.shipped:
            return self.name
        return str(Path(self.path).absolute()) + (f":{self.edits}" if self.edits else "")


@cache
def library() -> dict[str, str]:
    """Name and title of every rule book of the library, by name."""
    files = sorted(LIBRARY.glob("*.toml"))
    return {file.stem: str(tomllib.loads(file.read_text("utf-8"))["about"]["title"]) for file in files}


def regime(name_or_path: str | Path) -> Regime:
    """A regime by its name in the library, or from a rule book file (a path, or anything that ends in .toml).

    Behind a colon may stand what an arm of an experiment changes: `article:without=cameras` (see `arms`).

    Raises:
        InputError: no such name in the library, or no such arm; the message has the nearest one.
        RuleBookError: the file cannot be read or says something wrong; one sentence with file, line and mend.
    """
    name = str(name_or_path)
    start, colon, edits = name.rpartition(":")
    if colon and (start in library() or start.endswith(".toml")):
        return _arm(regime(start), edits)
    if isinstance(name_or_path, Path) or name.endswith(".toml") or "/" in name or os.sep in name:
        return _from_file(Path(name_or_path))
    if name not in {file.stem for file in LIBRARY.glob("*.toml")}:
        raise InputError(
            f"There is no regime {name!r} in the library; give one of its names, or the path of a .toml file."
            + nearest(name, library())
        )
    return _from_library(name)


def _arm(whole: Regime, edits: str) -> Regime:
    from glasshouse.regimes.arms import arm

    text = f"{whole.text}\n# {edits}\n"
    return Regime(
        f"{whole.name}:{edits}", arm(whole.book, edits), text, whole.path,
        hashlib.sha256(text.encode()).hexdigest(), edits,
    )  # fmt: skip


@cache
def _from_library(name: str) -> Regime:
    shown = f"library/{name}.toml"
    return _parse(name, read_text(LIBRARY / f"{name}.toml", shown), shown)


def _from_file(path: Path) -> Regime:
    return _parse(path.stem, read_text(path, str(path)), str(path))


def read_text(path: Path, shown: str) -> str:
    """The file's text; a byte order mark is dropped and line ends become \\n.

    Raises:
        RuleBookError: missing, a folder, unreadable, or not UTF-8.
    """
    try:
        if not path.is_file():
            raise report(shown, [_no_file(path)])
        raw = path.read_bytes()
    except OSError as why:
        said = (why.strerror or "unknown error").lower()
        text = f"the file cannot be read ({said}); check its path and your rights"
        raise report(shown, [Fault(1, text)]) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        line = raw.count(b"\n", 0, why.start) + 1
        fault = Fault(line, "the text is not UTF-8; save the file in the encoding UTF-8")
        raise report(shown, [fault]) from None
    return text.replace("\r\n", "\n")


def _no_file(path: Path) -> Fault:
    if path.is_dir():
        return Fault(1, "this is a folder; give the path of a .toml file inside it")
    if path.exists():
        return Fault(1, "this is a device or a pipe; give the path of a .toml file")
    others = [file.name for file in path.parent.glob("*.toml")] if path.parent.is_dir() else []
    return Fault(1, "there is no such file; give the path of a rule book", nearest(path.name, others))


def _parse(name: str, text: str, shown: str) -> Regime:
    try:
        raw = tomllib.loads(text)
        lines = places(text)
    except (ValueError, RecursionError) as why:
        raise report(shown, [syntax(text, why)]) from None
    if not raw:
        raise report(shown, [Fault(1, "the file is empty; start from a copy of a rule book of the library")])
    try:
        book = RuleBook.model_validate(raw)
    except ValidationError as why:
        raise report(shown, structural(why, lines)) from None
    if found := faults(book, lines):
        raise report(shown, found)
    return Regime(name, book, text, shown, hashlib.sha256(text.encode()).hexdigest())


def write_copy(name: str, target: Path, force: bool = False) -> Path:
    """Write a commented copy of a library rule book to edit, and return its path.

    The copy is the library's own text; its first line names the JSON Schema for editors.

    Raises:
        InputError: no such name, the target exists (without `force`), or it cannot be written.
    """
    text = regime(name).text
    if target.is_dir():
        raise InputError(f"{target} is a folder; give the name of the .toml file to write.")
    if target.exists() and not force:
        raise InputError(f"{target} exists already; choose another name or allow it to be overwritten with --force.")
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_text(text, "utf-8")
        part.replace(target)
    except OSError as why:
        part.unlink(missing_ok=True)
        said = (why.strerror or "unknown error").lower()
        raise InputError(f"{target} cannot be written ({said}); choose another folder.") from None
    return target


__all__ = ["LIBRARY", "Regime", "RuleBookError", "library", "read_text", "regime", "write_copy"]
