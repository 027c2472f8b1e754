"""The command line: what it prints, what it refuses in one sentence, and that it never asks the network."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from conftest import RunMaker
from glasshouse.cli.main import main
from glasshouse.records.schema import TABLES
from glasshouse.regimes import library

FEW = ("--people", "60", "--towns", "1", "--from", "2020-01-01", "--until", "2020-03-31")
TABLE_FILES = [f"{table}.parquet" for table in TABLES]


def glasshouse(*arguments: str | Path, code: int = 0, before: str = "", under: Sequence[str] = ()) -> tuple[str, str]:
    """What `glasshouse` prints to stdout and to stderr.

    Args:
        arguments: of the command line.
        code: the exit code expected.
        before: Python that runs first; then the command has a process of its own.
        under: a program that starts that process.
    """
    if before or under:
        start = f"{before}\nfrom glasshouse.cli.main import main\nmain()"
        command = [*under, sys.executable, "-c", start, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        told, said, ended = done.stdout, done.stderr, done.returncode
    else:
        out, err, kept = io.StringIO(), io.StringIO(), sys.argv
        sys.argv = ["glasshouse", *map(str, arguments)]
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ends:
                main()
        finally:
            sys.argv = kept
        told, said, ended = out.getvalue(), err.getvalue(), ends.value.code or 0
    assert ended == code, said
    return told, said


def sentence(*arguments: str | Path, before: str = "", under: Sequence[str] = ()) -> str:
    """The one sentence with which `glasshouse` refuses; nothing else is printed, and the exit code is 2."""
    told, said = glasshouse(*arguments, code=2, before=before, under=under)
    assert told == ""
    assert re.fullmatch(r"glasshouse: [^\n]+\n", said), said
    assert "Traceback" not in said
    return said


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- Refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["artcle"], 'Did you mean "article"?'),
        (["missing.toml"], "missing.toml, line 1: there is no such file"),
        (["--people", "0"], "--people 0 is out of range"),
        (["--people", "-3"], "--people -3 is out of range"),
        (["--people", "1.5"], "'--people'"),
        (["--people", "4", "--towns", "5"], "4 people cannot fill 5 towns"),
        (["--towns", "0"], "--towns 0 is out of range"),
        (["--seed", "-1"], "--seed -1 is out of range"),
        (["--from", "2020-02-30"], '--from "2020-02-30" is not a date'),
        (["--until", "soon"], '--until "soon" is not a date'),
        (["--from", "2020-01-01", "--until", "2019-12-31"], "lies before --from"),
        (["--until", "9999-12-31"], "mend --until"),
        (["article", "article"], "is named twice"),
        (["--resume"], "no run here to resume"),
        (["--resume", "--out", "nowhere"], "holds no run to resume"),
        (["--peple", "4"], "--people"),
        (["--out"], "--out"),
    ],
)
def test_a_bad_option_is_one_sentence_and_writes_nothing(arguments: list[str], said: str, here: Path) -> None:
    assert said in sentence("run", *arguments)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rnu"], "run"),
        (["show", "artcle"], 'Did you mean "article"?'),
        (["check", "nothing.toml"], "there is no such file"),
        (["life", "nowhere", "1"], "nowhere is not a folder"),
        (["report", "nowhere"], "nowhere is not a folder"),
        (["report", "."], "holds no manifest.json"),
        (["new", "copy.toml", "--like", "artcle"], 'Did you mean "article"?'),
        (["new", "no/such/folder.toml"], "cannot be written"),
        (["life"], "--help"),
    ],
)
def test_every_command_refuses_in_one_sentence(arguments: list[str], said: str, here: Path) -> None:
    assert said in sentence(*arguments)
    assert list(here.iterdir()) == []


def test_a_broken_rule_book_is_refused_with_file_and_line(here: Path) -> None:
    glasshouse("new", "mine.toml", "--like", "documented")
    text = Path("mine.toml").read_text("utf-8")
    assert "nothing wrong" in glasshouse("check", "mine.toml")[0]
    line = next(number for number, row in enumerate(text.splitlines(), 1) if row.startswith("[["))
    Path("mine.toml").write_text(text.replace("\n[[", "\nwrong = 1\n[[", 1), "utf-8")
    for command in ("check", "show", "run"):
        assert re.search(rf"mine\.toml, line {line}: .*wrong", sentence(command, "mine.toml"))
    assert names(here) == ["mine.toml", "rulebook.schema.json"]
    assert "exists already" in sentence("new", "mine.toml")


def test_what_stands_in_the_way_is_left_alone(here: Path, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("mine", "utf-8")
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "manifest.json").write_text('{"name": "an app"}', "utf-8")
    for force in ((), ("--force",)):
        assert "is a file" in sentence("run", *FEW, "--out", "a file", *force)
        assert "foreign" in sentence("run", *FEW, "--out", foreign, *force)
        assert "cannot be written" in sentence("run", *FEW, "--out", "/proc/glasshouse", *force)
        assert "cannot be written" in sentence("run", *FEW, "--out", "a file/run", *force)
    assert (foreign / "manifest.json").read_text("utf-8") == '{"name": "an app"}'
    assert names(here) == ["a file", "foreign"]


def test_a_read_only_folder_is_left_alone(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o555)
    # Root may write anywhere, unless it gives up that right.
    under = ["setpriv", "--bounding-set=-dac_override"] if os.getuid() == 0 else ["env"]
    for out in (shut, shut / "run"):
        assert "cannot be written (Permission denied)" in sentence("run", *FEW, "--out", out, under=under)
    assert list(shut.iterdir()) == []


@pytest.mark.parametrize("most", [300, 30_000, 90_000])
def test_a_full_disk_is_one_sentence_and_the_run_can_go_on(most: int, small: Path, here: Path) -> None:
    """No file may grow beyond `most` bytes: the manifest, a table or the state does not fit."""
    full = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({most}, resource.RLIM_INFINITY))"
    said = sentence("run", "documented", *FEW, "--out", "run", before=full)
    assert re.search(r"cannot be written \(.*\); make room or give another --out", said), said
    left = [path.name for path in Path("run").rglob("*")]
    assert not [name for name in left if name.endswith(".part")]
    assert not {"report.html", *TABLE_FILES} <= set(left)
    glasshouse("run", "documented", *FEW, "--out", "run", "--resume")
    for name in ("manifest.json", "report.html", *TABLE_FILES):
        assert Path("run", name).read_bytes() == (small / name).read_bytes(), name


# --- Runs ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def small(live: RunMaker) -> Path:
    """A run of a few people, with its report."""
    import glasshouse as gh

    folder = live("documented", people=60, towns=1, from_="2020-01-01", until="2020-03-31")
    gh.open_run(folder).report()
    return folder


OFFLINE = """
import sys
def refuse(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__" or event == "urllib.Request":
        raise SystemExit(f"the network was asked: {event} {arguments}")
sys.addaudithook(refuse)
"""


def test_run_names_its_folder_prints_json_and_asks_no_network(here: Path, small: Path) -> None:
    told, said = glasshouse("run", "documented", *FEW, "--json", before=OFFLINE)
    assert said == ""
    printed = json.loads(told)
    assert printed["folder"] == "glasshouse-run"
    assert Path(printed["report"]).is_file()
    assert {line["measure"] for line in printed["effects"]} >= {"wrongful_days", "denied_days", "dissent_voiced"}
    assert all(not isinstance(cell, float) or cell == cell for line in printed["effects"] for cell in line.values())
    told, _ = glasshouse("run", "documented", *FEW)
    assert "Records: glasshouse-run-2" in told
    assert "60 invented people in 1 town, 2020-01-01" in " ".join(told.split())
    glasshouse("run", "--resume", "documented", *FEW)  # the newest; it is finished, so nothing changes
    assert names(here) == ["glasshouse-run", "glasshouse-run-2"]
    for folder in names(here):
        for name in ("manifest.json", "report.html", *TABLE_FILES):
            assert Path(folder, name).read_bytes() == (small / name).read_bytes(), name
    assert "already holds a run" in sentence("run", "documented", *FEW, "--out", "glasshouse-run")
    glasshouse("run", "documented", *FEW, "--seed", "2", "--out", "glasshouse-run", "--force")
    assert Path("glasshouse-run/people.parquet").read_bytes() != (small / "people.parquet").read_bytes()


def test_lives_and_reports(small: Path, here: Path) -> None:
    told, _ = glasshouse("life", small, "7")
    assert told.startswith("Person 7 (invented): ")
    assert "Under ordinary-law" in told
    assert "Under documented" in told
    assert json.loads(glasshouse("life", small, "7", "--json")[0])["person"] == 7
    assert glasshouse("life", small, "--pick", "median")[0].startswith("Person ")
    assert "a whole number from 0 to 59" in sentence("life", small, "60")
    assert "a whole number from 0 to 59" in sentence("life", small, "--", "-1")
    assert 'Did you mean "fallen"?' in sentence("life", small, "--pick", "falen")
    assert "or give --pick" in sentence("life", small)
    assert "or give --pick" in sentence("life", small, "3", "--pick", "median")
    assert glasshouse("report", small, "--out", "page.html")[0] == "Wrote page.html\n"
    assert Path("page.html").read_bytes() == (small / "report.html").read_bytes()
    assert "cannot be written" in sentence("report", small, "--out", "no/page.html")
    assert names(here) == ["page.html"]


def test_a_damaged_run_is_refused_in_one_sentence(small: Path, here: Path) -> None:
    def broken(name: str, content: bytes | None, said: str) -> None:
        copy = Path("copy")
        shutil.copytree(small, copy)
        if content is None:
            (copy / name).unlink()
        else:
            (copy / name).write_bytes(content)
        assert re.search(said, sentence("report", copy))
        shutil.rmtree(copy)

    manifest = (small / "manifest.json").read_bytes()
    broken(
        "manifest.json", manifest.replace(b'"format": 1', b'"format": 2'), r"format 2, this glasshouse reads format 1"
    )
    broken("manifest.json", manifest.replace(b'"finished": true', b'"finished": false'), "unfinished run.*--resume")
    broken("manifest.json", manifest[:500], "damaged or cut short")
    broken("manifest.json", b"[]", "damaged or cut short")
    broken("manifest.json", None, "holds no manifest.json")
    broken("totals.parquet", None, "unfinished run.*--resume")
    table = (small / "totals.parquet").read_bytes()
    broken("totals.parquet", table[: len(table) // 2], "damaged or cut short")
    broken("totals.parquet", b"", "damaged or cut short")
    broken("totals.parquet", (small / "people.parquet").read_bytes(), "is missing")


# --- The library --------------------------------------------------------------------------------------------


def test_the_library() -> None:
    told, _ = glasshouse("regimes")
    regimes, _, arms = told.partition("\n\n")
    assert [row.split()[0] for row in regimes.splitlines()] == list(library())
    assert "without=MECHANISM" in arms
    shown, _ = glasshouse("show", "article")
    assert "[score]" in shown
    assert re.search(r"^# Its numbers: .*\d+% (documented|alleged|assumed)", shown, flags=re.M)


def test_help() -> None:
    top, _ = glasshouse("--help")
    assert top == glasshouse()[0]
    for command in ("run", "regimes", "show", "new", "check", "life", "report"):
        assert command in top
        assert "Usage" in glasshouse(command, "--help")[0]


def test_whoever_reads_the_output_may_stop_early() -> None:
    script = f"{sys.executable} -c 'from glasshouse.cli.main import main; main()' show article | head -n 1"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr
