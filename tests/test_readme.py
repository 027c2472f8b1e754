"""What the README and the pages in docs/ say is so: commands exist, links lead somewhere, versions agree."""

from __future__ import annotations

import ast
import importlib
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def with_page(language: str = "") -> pytest.MarkDecorator:
    """Once for every page, or for every page that shows something in this language."""
    pages = [p for p in PAGES if not language or f"```{language}\n" in p.read_text("utf-8")]
    return pytest.mark.parametrize("page", pages, ids=lambda p: p.relative_to(ROOT).as_posix())


def blocks(page: Path, language: str) -> Iterator[str]:
    """The fenced blocks of a page in one language."""
    return (text for tag, text in FENCE.findall(page.read_text("utf-8")) if tag == language)


def marked_command(name: str) -> str:
    found = re.findall(rf"^<!-- command: {name} -->\n```sh\n(.+)\n```$", README.read_text("utf-8"), re.MULTILINE)
    assert len(found) == 1, f"README.md must mark exactly one command {name!r}, in one line"
    return str(found[0])


def test_two_commands_do_all_the_set_up() -> None:
    run, test = marked_command("run"), marked_command("test")
    for command in (run, test):
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
        assert "-c constraints.txt" in command
        assert not re.search(r"\b(apt|apt-get|npm|node|conda|make|gcc|sudo|curl|git)\b", command)
    assert run.endswith("&& .venv/bin/glasshouse run")
    assert "'.[dev]'" in test
    assert test.endswith("&& .venv/bin/pytest")


def test_ci_runs_the_commands_that_the_readme_shows() -> None:
    shown = subprocess.run(["bash", ".ci/run", "--show"], cwd=ROOT, check=True, capture_output=True, text=True)
    assert shown.stdout.splitlines() == [marked_command("run"), marked_command("test")]


def test_first_screen_says_what_it_is_and_what_it_must_not_be_used_for() -> None:
    # 45 lines: about a screen; the limits stand before the first command.
    before = README.read_text("utf-8").split("<!-- command:")[0]
    assert len(before.splitlines()) <= 45
    screen = " ".join(before.split())
    for words in (
        "simulation laboratory",
        "docs/picture.png",
        "never an instrument of rule",
        "Synthetic people only",
        "No record about a person goes in",
        "Nothing optimises obedience",
        "Harm cannot be hidden",
        "Not a forecast",
        "no real person, city or programme",
    ):
        assert words in screen


def test_the_limits_of_the_laboratory_are_stated_in_full() -> None:
    text = " ".join(README.read_text("utf-8").split())
    assert (
        "This laboratory computes consequences of stated assumptions for invented people. It does not "
        "estimate the effect of any real programme, does not describe any real person, and its intervals "
        "cover only the uncertainties listed."
    ) in text


@with_page()
def test_links_and_pictures_lead_to_files(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    local = [t for t in targets if "://" not in t]
    missing = [t for t in local if not (page.parent / t).is_file()]
    assert not missing


@with_page("sh")
def test_commands_on_the_page_exist(page: Path) -> None:
    group: Any = typer.main.get_command(importlib.import_module("glasshouse.cli.main").app)
    for line in (line for text in blocks(page, "sh") for line in text.splitlines()):
        called = line.split("&&")[-1].strip().removeprefix(".venv/bin/")
        if not called.startswith("glasshouse "):
            continue
        _, name, *arguments = shlex.split(called, comments=True)
        assert name in group.commands, f"there is no command: {line}"
        known = {"--help"} | {option for p in group.commands[name].params for option in p.opts}
        used = {argument.split("=")[0] for argument in arguments if argument.startswith("-")}
        assert used <= known, f"{line}: no option {sorted(used - known)}"


@with_page("python")
def test_python_on_the_page_uses_names_that_exist(page: Path) -> None:
    glasshouse = importlib.import_module("glasshouse")
    for text in blocks(page, "python"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "gh":
                assert hasattr(glasshouse, node.attr), f"glasshouse has no {node.attr}"


def test_python_of_the_tutorial_runs(tmp_path: Path) -> None:
    """On fewer people than the page has, and from another folder than the checkout."""
    (text,) = blocks(ROOT / "docs" / "tutorial.md", "python")
    smaller = text.replace("people=4_000", "people=1_300")
    assert smaller != text
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", smaller],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    cited = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    changed = re.search(r"^## (\d\S*)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert cited
    assert changed
    assert cited[1] == changed[1] == project["version"]


def test_every_version_says_whether_it_moves_numbers() -> None:
    versions = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)[1:]
    assert versions
    assert all("### Moves numbers" in version for version in versions)


def test_constraints_pin_every_dependency_and_name_no_address() -> None:
    def normal(name: str) -> str:
        return re.sub(r"[-_.]+", "-", name).lower()

    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", pin) for pin in pins)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {normal(match[0]) for need in wanted if (match := re.match(r"[A-Za-z0-9._-]+", need))}
    assert names <= {normal(pin.split("==")[0]) for pin in pins}
