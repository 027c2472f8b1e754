"""One self-contained page for a run: words, drawings and tables, nothing fetched, no script."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, Final

from glasshouse.errors import RunFolderError
from glasshouse.measures.effects import effects_of
from glasshouse.measures.estimates import Effect
from glasshouse.measures.intervals import towns_to_halve
from glasshouse.measures.totals import ALL, Totals
from glasshouse.records.read import Records
from glasshouse.records.schema import TABLES, Manifest, World
from glasshouse.report import standing, treatment
from glasshouse.report.claims import CRITICS, MISSING, SUPPORTERS, Lines, answer, headline
from glasshouse.report.palette import variables
from glasshouse.report.studio import Studio
from glasshouse.report.titles import shortened
from glasshouse.report.words import LIMITS, ONE_SETTING, amount, number, towns_sentence
from glasshouse.words import STATUSES

_HERE: Final = Path(__file__).parent
TAGS: Final = {"documented": "■", "contested": "◩", "alleged": "◪", "assumed": "□"}
"""The sign of each status: its shape tells it, not a colour."""

FIGURES: Final = (standing.scores, standing.tiers, standing.dissent, treatment.denials, treatment.wrongful)

FILES: Final = {
    "totals": "counts by month, town and group",
    "people": "everybody at the end, with what happened to them",
    "years": "everybody on each 31 December",
    "entries": "the ledgers, line by line",
    "refusals": "every request that was refused or not affordable",
}


def build(records: Records, target: str | Path | None = None) -> Path:
    """Writes the report of a run and returns its path.

    Args:
        records: the run.
        target: the file; `report.html` in the run folder if left out.

    Raises:
        RunFolderError: the file cannot be written. Nothing half-written is left behind.
    """
    path = Path(target) if target is not None else records.folder / "report.html"
    text = render(records)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as full:
        raise RunFolderError(f"{path} cannot be written: {full.strerror}; give another file with --out.") from full
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return path


def render(records: Records) -> str:
    """The page as a string: the same bytes for the same records."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    house = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    house.filters["svg"] = Markup
    style = Markup((_HERE / "page.css").read_text(encoding="utf-8"))
    return house.get_template("page.html.jinja").render(style=style, **_content(records)) + "\n"


def _content(records: Records) -> dict[str, Any]:
    run = Totals(records)
    manifest = shortened(records.manifest)
    found = effects_of(run)
    lines, twin = Lines(found), twin_name(manifest)
    studio = Studio(run, found)
    counts = tuple(len(world.tiers) for world in manifest.worlds)
    return {
        "manifest": manifest,
        "titles": [world.title for world in records.manifest.worlds],
        "twin": twin,
        "limits": LIMITS,
        "one_setting": ONE_SETTING,
        "towns": towns_sentence(len(run.towns), towns_to_halve(len(run.towns))),
        "headlines": [(world, headline(lines, world, twin)) for world in manifest.regimes],
        "panels": [
            (
                "supporters",
                "What supporters claim",
                _claims(SUPPORTERS, lines, manifest, twin),
                MISSING[SUPPORTERS],
            ),
            ("critics", "What critics claim", _claims(CRITICS, lines, manifest, twin), MISSING[CRITICS]),
        ],
        "figures": [draw(studio) for draw in FIGURES],
        "effects": [_line(line, manifest) for line in found],
        "evidence": [_evidence(world) for world in manifest.worlds],
        "tags": TAGS,
        "parameters": [_parameter(row) for row in manifest.parameters],
        "files": [(f"{table}.parquet", FILES[table]) for table in TABLES],
        "regimes": [world.name for world in manifest.regimes],
        "again": [world.file or world.name for world in manifest.regimes],
        "changes": dict(manifest.changes),
        "changed": ", ".join(f"{name} = {value:g}" for name, value in manifest.changes.items()),
        "light": variables("light", counts),
        "dark": variables("dark", counts),
        "people": number(manifest.people, 12),
    }


def twin_name(manifest: Manifest) -> str:
    """The baseline world in running text."""
    title = shortened(manifest).world(manifest.baseline).title
    return title.lower() if title.lower().replace(" ", "-") == manifest.baseline else f"“{title}”"


def _claims(claims: Any, lines: Lines, manifest: Manifest, twin: str) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (claim.text, [(world.title, answer(claim, lines, world, twin)) for world in manifest.regimes])
        for claim in claims
    ]


def _evidence(world: World) -> dict[str, Any]:
    whole = sum(world.numbers.values())
    return {
        "title": world.title,
        "status": world.status,
        "whole": whole,
        "shares": [
            (
                status,
                world.numbers.get(status, 0),
                amount(world.numbers.get(status, 0) / whole, "share") if whole else "",
            )
            for status in STATUSES
        ],
    }


def _parameter(row: Any) -> tuple[str, ...]:
    low_high = row.get("range")
    span = f"{low_high[0]:g} to {low_high[1]:g}" if low_high else ""
    value = row["value"]
    shown = f"{value:g}" if isinstance(value, int | float) else str(value)
    return (str(row["id"]), shown, str(row["unit"]), str(row["status"]), span, str(row.get("source") or ""))


def _line(line: Effect, manifest: Manifest) -> tuple[str, ...]:
    def told(value: float | None, difference: bool = False) -> str:
        return "" if value is None else amount(value, line.unit, difference)

    apart = line.difference is not None and not line.relative
    span = "" if line.low is None or line.high is None else f"{told(line.low, apart)} to {told(line.high, apart)}"
    return (
        line.label,
        manifest.world(line.world).title,
        "everybody" if line.key == ALL else line.key,
        line.unit,
        told(line.value),
        told(line.baseline),
        "" if line.difference is None else told(line.difference, apart),
        span,
        number(line.n_cases, 12),
        "" if line.vrf is None else number(line.vrf),
        line.remark,
    )
