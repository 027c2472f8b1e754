"""Write the reference pages that come from the code: the parameter dictionary and the ODD protocol.

`python docs/generate.py` writes them; a test compares what is committed with what this would write.
"""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from glasshouse import describe, mechanisms
from glasshouse.draws.purposes import registry
from glasshouse.engine import columns
from glasshouse.engine.counts import Gains
from glasshouse.evidence import parameters

DOCS = Path(__file__).parent
_PEOPLE = 500


def parameter_dictionary() -> str:
    """Every parameter of the registry, by group."""
    rows = list(parameters().values())
    groups = [(name, list(found)) for name, found in groupby(rows, key=lambda row: row.id.partition(".")[0])]
    return _filled("parameters.md.j2", groups=groups)


def odd() -> str:
    """The model after the ODD protocol, from docstrings and from the day itself."""
    names = sorted(module.name for module in pkgutil.iter_modules(mechanisms.__path__))
    found = [(name, inspect.getdoc(import_module(f"glasshouse.mechanisms.{name}")) or "") for name in names]
    return _filled(
        "odd.md.j2",
        people=_attributes(columns.People),
        world=_attributes(columns.World),
        counts=_attributes(Gains),
        today=_attributes(columns.Today),
        outcomes=", ".join(f"`{name}`" for name in columns.OUTCOME_COLUMNS),
        steps=describe("article", people=_PEOPLE),
        purposes=sorted(registry().values()),
        mechanisms=[{"name": name.replace("_", " ").capitalize(), "text": text} for name, text in found],
    )


PAGES = {"parameters.md": parameter_dictionary, "odd.md": odd}
"""Every generated page, by its file name."""


def _attributes(of: type) -> str:
    """The attributes of a docstring, as a block."""
    _, _, attributes = (inspect.getdoc(of) or "").partition("Attributes:\n")
    return "```text\n" + inspect.cleandoc(attributes) + "\n```"


def _filled(template: str, **values: Any) -> str:
    environment = Environment(loader=FileSystemLoader(DOCS), undefined=StrictUndefined, autoescape=False)
    environment.filters["code"] = lambda name: f"`{name}`"
    environment.filters["shown"] = _shown
    return environment.get_template(template).render(**values).rstrip() + "\n"


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return " to ".join(f"{number:g}" for number in value) if isinstance(value, tuple) else f"{value:g}"


if __name__ == "__main__":
    for page, text in PAGES.items():
        (DOCS / page).write_text(text(), "utf-8")
