"""The manifest: what was run, with which versions, on which numbers."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from glasshouse.engine.calendar import Span
from glasshouse.engine.stage import Stage
from glasshouse.records.schema import FORMAT, NO_TIER
from glasshouse.regimes import Regime, numbers
from glasshouse.runs.cast import Cast
from glasshouse.runs.plan import BASELINE, Plan
from glasshouse.runs.tally import SCORE_BIN
from glasshouse.words import STATUSES

_ENGINES = ("jax", "jaxlib", "numpy", "scipy", "duckdb")


def manifest(plan: Plan, stage: Stage, cast: Cast, span: Span) -> dict[str, Any]:
    """The finished run's manifest, as JSON can hold it. It holds no clock time: the same run has the same bytes."""
    return {
        "format": FORMAT,
        "finished": True,
        "glasshouse": version("glasshouse"),
        "plan": plan.identity(),
        "seed": plan.seed,
        "people": plan.people,
        "towns": plan.towns,
        "followed": int(cast.followed.sum()),
        "from": span.first.isoformat(),
        "until": span.last.isoformat(),
        "run_in_days": span.run_in,
        "baseline": BASELINE,
        "worlds": [_world(regime) for regime in plan.regimes],
        "groups": list(cast.by_group.labels),
        "score_bin_width": SCORE_BIN / 100,
        "deeds": [{"id": d.id, "label": d.label, "kind": d.kind, "lawful": d.lawful} for d in stage.society.deeds],
        "services": [
            {"id": s.id, "label": s.label, "essential": s.essential, "price": float(s.price)} for s in stage.services
        ],
        "parameters": _parameters(plan, stage),
        "inputs": {
            "run": plan.fingerprint(),
            "people": _hash(cast.population.columns()),
            "society": _hash(stage.society.tables._asdict()),
            "versions": {name: version(name) for name in _ENGINES},
        },
    }


def _world(regime: Regime) -> dict[str, Any]:
    book = regime.book
    resting = [number.status for _, number in numbers(book)]
    return {
        "name": regime.name,
        "title": book.about.title,
        "status": book.about.status,
        "sha256": regime.sha256,
        "file": None if regime.shipped else Path(regime.path).name,
        "tiers": [tier.name for tier in book.tiers] or [NO_TIER],
        "lists": list(book.lists),
        "numbers": {status: resting.count(status) for status in STATUSES},
        "timeline": [
            {"date": phase.date.isoformat(), "note": phase.note or "", "source": phase.source or ""}
            for phase in book.timeline
        ],
    }


def _parameters(plan: Plan, stage: Stage) -> list[dict[str, Any]]:
    rows = list(plan.parameters.values())
    for deed in stage.society.deeds:
        rows += [deed.occasions, deed.committed, deed.ordinary_detection, deed.ordinary_fine]
    for service in stage.services:
        rows += [service.requests, service.income_elasticity, service.price]
        rows += [] if service.load is None else [service.load]
    return [
        {
            "id": row.id,
            "value": row.value,
            "unit": row.unit,
            "status": row.status,
            "source": row.source,
            "range": row.range,
        }
        for row in rows
    ]


def _hash(columns: dict[str, Any]) -> str:
    digest = hashlib.sha256()
    for name, column in sorted(columns.items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()
