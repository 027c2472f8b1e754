"""The JSON Schema of rule books, for editors that complete and check while one types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from glasshouse.errors import InputError
from glasshouse.regimes.load import LIBRARY
from glasshouse.regimes.schema import RuleBook

SCHEMA_FILE = LIBRARY / "rulebook.schema.json"
_NUMBER, _JOINING = {"$ref": "#/$defs/Number"}, {"$ref": "#/$defs/Joining"}
_BARE_NUMBER, _BARE_DATE = {"type": "number"}, {"type": "string", "format": "date"}


def json_schema() -> dict[str, Any]:
    """Draft 7, the level TOML editors know. A number or a date may be bare or a table with what it rests on."""
    schema: dict[str, Any] = _simplify(RuleBook.model_json_schema(by_alias=True))
    return {"$schema": "http://json-schema.org/draft-07/schema#", **schema}


def schema_text() -> str:
    """The schema as it is shipped."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def write_schema(folder: Path) -> Path:
    """Put the schema beside a rule book, whose first line names it; an existing file is left as it is.

    Raises:
        InputError: it cannot be written.
    """
    target = folder / SCHEMA_FILE.name
    if target.exists():
        return target
    part = folder / f".{target.name}.part"
    try:
        part.write_text(schema_text(), "utf-8")
        part.replace(target)
    except OSError as why:
        part.unlink(missing_ok=True)
        raise InputError(f"{target} cannot be written ({why.strerror}); choose another folder.") from None
    return target


def _simplify(node: Any) -> Any:
    if isinstance(node, list):
        return [_simplify(item) for item in node]
    if not isinstance(node, dict):
        return node
    rest = {key: _simplify(item) for key, item in node.items() if key not in ("title", "default", "prefixItems")}
    if "properties" in node:  # here `title` and the like are names of fields, not of the schema's own
        rest["properties"] = {key: _simplify(item) for key, item in node["properties"].items()}
    if "prefixItems" in node:
        rest["items"] = _simplify(node["prefixItems"][0])
    if len(choices := [item for item in rest.get("anyOf", []) if item != {"type": "null"}]) == 1:  # TOML has no null
        del rest["anyOf"]
        rest |= choices[0]
    for short, long in ((_BARE_NUMBER, _NUMBER), (_BARE_DATE, _JOINING)):
        if rest.get("$ref") == long["$ref"]:
            del rest["$ref"]
            rest["anyOf"] = [short, long]
    return rest
