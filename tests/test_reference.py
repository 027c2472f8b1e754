"""Pages that are generated from the code say what the code says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from glasshouse import describe
from glasshouse.errors import InputError
from glasshouse.evidence import parameters

DOCS = Path(__file__).parents[1] / "docs"


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["parameters.md", "odd.md"])
def test_a_generated_page_is_what_the_code_says(page: str) -> None:
    assert (DOCS / page).read_text("utf-8") == generator().PAGES[page](), "run: python docs/generate.py"


def test_every_parameter_has_a_row_with_unit_range_status_and_source() -> None:
    text = (DOCS / "parameters.md").read_text("utf-8")
    for id, row in parameters().items():
        line = next(line for line in text.splitlines() if line.startswith(f"| `{id}` |"))
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert row.unit in cells
        assert row.status in cells
        assert row.range is not None
        assert row.source or row.status == "assumed", f"{id} has no source"


def test_the_plan_of_a_day_is_told_in_order_with_shares_that_sum_to_one() -> None:
    steps = describe("article", people=500, month="2020-02")
    names = [step["step"] for step in steps]
    assert names.index("conduct.meet") < names.index("conduct.see") < names.index("everyday.count")
    assert sum(step["share"] for step in steps) == pytest.approx(1)
    assert all(step["what"].endswith(".") for step in steps)
    by_name = {step["step"]: step for step in steps}
    assert by_name["conduct.publish"]["when"] == "on the 1st"
    assert by_name["conduct.meet"]["when"] == "every day"
    assert "World.score" in by_name["conduct.enter"]["writes"]
    assert "World.opposition" in by_name["views.speak"]["reads"]
    assert "World.opposition" not in by_name["views.speak"]["writes"]


def test_a_month_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="is not a month"):
        describe("article", month="2020-13")
