"""The laws of the house, as far as a machine can check them."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "glasshouse"
LONGEST_FILE = 300

NOT_OURS = re.compile(
    r"(^|/)(\.git|\.venv|\.[a-z_]+_cache|\.hypothesis|__pycache__|build|dist|runs|glasshouse-run[^/]*)/|\.egg-info/"
)


def our_files() -> list[Path]:
    """What is committed or would be; in a copy without version control, all but the left-overs of tools."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        listing = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "-co", "--exclude-standard"]
        found = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
        return [ROOT / name for name in found if name and (ROOT / name).is_file()]
    return [p for p in ROOT.rglob("*") if p.is_file() and not NOT_OURS.search(p.relative_to(ROOT).as_posix())]


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every text file of ours."""
    for path in our_files():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def python(code: str) -> str:
    """The output of a fresh interpreter that sees this checkout."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


# Simple enough to read --------------------------------------------------------------------------------------


def test_files_stay_small() -> None:
    """Code and templates; data files hold as many rows as the evidence has."""
    code = [p for p in SOURCE.rglob("*") if p.suffix in {".py", ".html", ".css", ".js", ".j2", ".jinja"}]
    lengths = {p.relative_to(ROOT).as_posix(): len(p.read_text("utf-8").splitlines()) for p in code}
    assert lengths
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_nothing_on_the_left_imports_anything_on_its_right() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# Quick to start ---------------------------------------------------------------------------------------------

HEAVY = ("jax", "duckdb", "altair", "scipy", "vl_convert")


@pytest.mark.parametrize(
    "work",
    [
        "import glasshouse",
        "import glasshouse.evidence",
        "import glasshouse.regimes",
        "import glasshouse.records",
        "from glasshouse.cli.main import main; sys.argv = ['glasshouse', '--help']; main()",
        "from glasshouse.cli.main import main; sys.argv = ['glasshouse', 'run', '--help']; main()",
    ],
)
def test_nothing_heavy_is_imported_before_work_starts(work: str) -> None:
    code = "\n".join(
        (
            "import contextlib, io, sys",
            "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):",
            f"    {work}",
            f"print(*[name for name in {HEAVY!r} if name in sys.modules])",
        )
    )
    assert python(code).split() == []


# The same everywhere ----------------------------------------------------------------------------------------

# Patterns are written so that this file does not match itself.
MACHINE_PATHS = re.compile(r"(?<![\w.~-])(/(wor[k]|hom[e]|roo[t]|User[s]|tm[p])/|[A-Z]:\\User[s])")
REGISTRIES = re.compile(
    r"(index-ur[l]|find-link[s]|pypi\.or[g]/simple|pythonhoste[d]|extra-inde[x]|trusted-hos[t])", re.I
)


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, REGISTRIES], ids=["machine paths", "package registries"])
def test_no_file_names_a_machine_or_a_registry(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0]}"
        for name, text in texts()
        for hit in pattern.finditer(text)
    ]
    assert found == []


def test_the_patterns_find_what_they_look_for() -> None:
    assert MACHINE_PATHS.search("open('/" + "home/ada/x')")
    assert MACHINE_PATHS.search("C:" + r"\Users\ada")
    assert not MACHINE_PATHS.search("https://example.org/" + "work/paper.pdf")
    assert REGISTRIES.search("pip install --index-" + "url x")


# A microscope, never an instrument of rule ------------------------------------------------------------------

FORBIDDEN_IMPORTS = {
    "network access": "socket ssl urllib http requests httpx aiohttp ftplib smtplib websockets",
    "image processing": "PIL cv2 skimage imageio dlib face_recognition torchvision",
    "search for rules that people obey better": "optuna nevergrad skopt gymnasium pymoo deap",
    "chance outside the keyed draws": "random secrets",
}


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Top-level names of the packages that a file imports, with the line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0], node.lineno


@pytest.mark.parametrize("what", FORBIDDEN_IMPORTS)
def test_the_package_has_no(what: str) -> None:
    forbidden = set(FORBIDDEN_IMPORTS[what].split())
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in SOURCE.rglob("*.py")
        for name, line in imported(path)
        if name in forbidden
    ]
    assert found == []


def test_no_other_source_of_chance_is_called() -> None:
    pattern = re.compile(r"\b(np|numpy|jax|jnp)\.random\b|\bdefault_rng\(")
    hits = [
        f"{p.relative_to(ROOT)}: {hit[0]}"
        for p in SOURCE.rglob("*.py")
        for hit in pattern.finditer(p.read_text("utf-8"))
    ]
    assert hits == []


# Words in the name of an option or a key that could only mean a record about somebody, or the way in for one.
ABOUT_A_PERSON = """
    photo photos photograph photographs portrait image images picture pictures video videos selfie
    passport ssn surname firstname forename lastname fullname nickname phone email birthday birthdate
    fingerprint fingerprints iris dna biometric biometrics voiceprint message messages chat chats
    roster dossier watchlist suspects contacts identity identities identifier identifiers
    import importer upload ingest
"""


def about_a_person(name: str) -> bool:
    return not set(ABOUT_A_PERSON.split()).isdisjoint(re.split(r"[^a-z]+", name.lower()))


def command_line() -> Iterator[str]:
    """Every option and argument of every command."""
    group: Any = typer.main.get_command(importlib.import_module("glasshouse.cli.main").app)
    yield from (option for p in group.params for option in (p.name, *p.opts))
    for name, command in group.commands.items():
        yield name
        yield from (option for p in command.params for option in (p.name, *p.opts))


def rule_book() -> dict[str, Any]:
    """The JSON Schema of a rule book."""
    schema: dict[str, Any] = importlib.import_module("glasshouse.regimes.schema").RuleBook.model_json_schema()
    return schema


def rule_book_keys() -> Iterator[tuple[str, Any]]:
    """Every key that a rule book may hold, with its JSON Schema."""
    schema = rule_book()
    for section in (schema, *schema["$defs"].values()):
        yield from section.get("properties", {}).items()


def python_interface() -> Iterator[str]:
    """Every parameter of the public functions."""
    glasshouse = importlib.import_module("glasshouse")
    for function in (glasshouse.simulate, glasshouse.regime):
        yield from inspect.signature(function).parameters


def test_no_option_takes_a_record_about_a_person() -> None:
    names = list(command_line())
    assert names
    assert [name for name in names if about_a_person(name)] == []


def test_no_parameter_takes_a_record_about_a_person() -> None:
    names = list(python_interface())
    assert names
    assert [name for name in names if about_a_person(name)] == []


def test_no_key_of_a_rule_book_takes_a_record_about_a_person() -> None:
    keys = [key for key, _ in rule_book_keys()]
    assert keys
    assert [key for key in keys if about_a_person(key)] == []


# Keys with free text: what a regime is called and rests on, and references to deeds, channels, tiers and lists of
# the same book. A key is added here only if it cannot hold anything about a person.
FREE_TEXT = "title summary place sources caution name label note source deeds deed tier tiers seen_by services"
FREE_TEXT += " lists_owner"


def free_text(schema: Any) -> bool:
    """Whether a value of this JSON Schema may be any text."""
    if schema.get("type") == "string":
        return not schema.keys() & {"enum", "const", "format", "pattern"}
    inner = [*schema.get("anyOf", []), *schema.get("oneOf", []), *schema.get("prefixItems", [])]
    inner += [schema[key] for key in ("items", "additionalProperties") if isinstance(schema.get(key), dict)]
    return any(free_text(part) for part in inner)


def test_a_rule_book_has_no_further_place_for_free_text() -> None:
    assert {key for key, schema in rule_book_keys() if free_text(schema)} <= set(FREE_TEXT.split())


def test_rule_books_refuse_unknown_keys() -> None:
    schema = rule_book()
    sections = {"RuleBook": schema, **schema["$defs"]}
    open_sections = [
        name for name, s in sections.items() if "properties" in s and s.get("additionalProperties") is not False
    ]
    assert open_sections == []
