"""What a rule book may say about work and money, and what it compiles to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glasshouse.errors import InputError
from glasshouse.evidence import parameters, services
from glasshouse.regimes import Number, RuleBook, regime
from glasshouse.regimes.compile import Shape, compile_law
from glasshouse.regimes.livelihood_law import UNTOUCHED
from glasshouse.regimes.load import regime as load
from glasshouse.regimes.schema import Consequence, Costs
from glasshouse.regimes.society import known_deeds, society
from glasshouse.regimes.source_law import room
from glasshouse.regimes.tables import Law

ONE = 1 << 16


def compiled(book: RuleBook, shape: Shape | None = None) -> Law:
    made = society(known_deeds([book]), services(), parameters())
    return compile_law(book, made, shape or Shape.of([book]), np.ones(2), parameters())


def with_terms(holder: str, **terms: float) -> RuleBook:
    """The article's regime with consequences for one tier or list only."""
    given: dict[str, Any] = {term: Number(value=value) for term, value in terms.items()}
    return regime("article").book.model_copy(update={"consequences": {holder: Consequence(**given)}})


def test_the_article_says_what_it_claims_in_every_tier() -> None:
    law = compiled(regime("article").book).livelihood
    assert np.allclose(law.promotion_tier / ONE, [1.5, 1.2, 1, 0.9, 0.7, 0.4, 1], atol=1e-4)
    assert np.allclose(law.tax_tier / ONE, [0.95, 0.98, 1, 1, 1, 1, 1], atol=1e-4)
    assert np.allclose(law.loan_tier / ONE, [-0.01, -0.005, 0, 0.01, 0.03, 0.05, 0], atol=1e-4)
    assert np.allclose(law.job_tier / ONE, [1, 1, 1, 1, 1, 1.5, 1], atol=1e-4)
    assert np.allclose(law.promotion_list / ONE, [0.2, UNTOUCHED / ONE], atol=1e-4)


@pytest.mark.parametrize("name", ["none", "ordinary-law", "documented"])
def test_elsewhere_ordinary_law_holds(name: str) -> None:
    law = compiled(regime(name).book).livelihood
    for term in ("promotion", "job", "tax"):
        assert (getattr(law, f"{term}_tier") == ONE).all()
        assert (getattr(law, f"{term}_list") == UNTOUCHED).all()
    assert (law.loan_tier == 0).all()
    assert (law.loan_list == UNTOUCHED).all()


def test_padded_tiers_and_lists_are_neutral() -> None:
    law = compiled(regime("article").book, Shape(9, 5, claims=room([regime("article").book]))).livelihood
    assert (law.promotion_tier[6:] == ONE).all()
    assert (law.loan_tier[6:] == 0).all()
    assert (law.promotion_list[2:] == UNTOUCHED).all()


def test_costs_are_the_registrys_unless_the_book_knows_better() -> None:
    assert compiled(regime("article").book).livelihood.cameras == 100 * parameters().number("treasury.camera_cost")
    assert compiled(regime("none").book).livelihood.cameras == 0
    assert compiled(regime("none").book).livelihood.office == 0
    dear = regime("article").book.model_copy(update={"costs": Costs(office=Number(value=33.5))})
    assert compiled(dear).livelihood.office == 3350


@pytest.mark.parametrize(
    "terms", [{"promotion": 0.9}, {"job": 1.1}, {"tax": 1.2}, {"loan": 0.01}], ids=lambda t: next(iter(t))
)
def test_worse_terms_of_work_or_money_are_sanctions(terms: dict[str, float]) -> None:
    law = compiled(with_terms("B", **terms)).access
    assert law.grade.tolist() == [0, 0, 0, 1, 0, 0, 0]
    assert int(law.harsh_tier) == 1 << 3
    assert int(law.closed_tier) == 0
    assert compiled(with_terms("blacklist", **terms)).access.harsh_list.tolist() == [True, False]


@pytest.mark.parametrize(
    "terms", [{"promotion": 1.5}, {"job": 0.5}, {"tax": 0.9}, {"loan": -0.01}], ids=lambda t: next(iter(t))
)
def test_better_terms_are_not(terms: dict[str, float]) -> None:
    law = compiled(with_terms("B", **terms)).access
    assert not law.grade.any()
    assert int(law.harsh_tier) == 0
    assert not compiled(with_terms("blacklist", **terms)).access.harsh_list.any()


BROKEN = [
    ("tiers.D", "promotion", 51, "at most 50"),
    ("tiers.D", "loan", 3, "write 3 % as 0.03"),
    ("tiers.D", "job", -1, "below 0"),
    ("redlist", "promotion", 0.5, "at least 1"),
    ("redlist", "loan", 0.01, "at most 0"),
    ("redlist", "tax", 1.1, "at most 1"),
    ("redlist", "job", 2, "at most 1"),
]


@pytest.mark.parametrize(("holder", "term", "value", "says"), BROKEN, ids=[f"{h} {t}" for h, t, *_ in BROKEN])
def test_terms_that_cannot_be_are_refused_in_one_sentence(
    holder: str, term: str, value: float, says: str, tmp_path: Path
) -> None:
    text = regime("article").text
    name = holder.removeprefix("tiers.")
    line = f"{term} = {value}"
    if name == "redlist":
        text = text.replace("[cameras]", f"[consequences.redlist]\n{line}\n\n[cameras]")
    else:
        block = text[text.index("[consequences.D]") : text.index("[consequences.blacklist]")]
        kept = "\n".join(row for row in block.splitlines() if not row.startswith(f"{term} ="))
        text = text.replace(block, kept.replace("[consequences.D]", f"[consequences.D]\n{line}") + "\n\n")
    path = tmp_path / "broken.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as error:
        load(path)
    assert says in str(error.value)
    assert f"line {text[: text.index(line)].count(chr(10)) + 1}" in str(error.value)
