"""The page of a run: complete, self-contained, the same bytes twice, and unable to overclaim."""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.errors import RunFolderError
from glasshouse.measures.effects import effects
from glasshouse.measures.estimates import NO_CASES, ONE_TOWN, TOO_SMALL, Effect
from glasshouse.records.read import Records
from glasshouse.report.claims import CRITICS, SUPPORTERS
from glasshouse.report.page import build, render
from glasshouse.report.palette import DARK, LIGHT, contrast, css_names, linear, oklab, tier_palette, variables
from glasshouse.report.words import LIMITS, ONE_SETTING, amount, finding, number, towns_sentence

VOID = {"meta", "link", "br", "hr", "img", "input"}
MACHADO = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""What full loss of one cone type leaves of linear light (Machado and others 2009, severity 1)."""


# --- the page -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(run_folder: Path) -> str:
    return render(Records(run_folder))


class Outline(HTMLParser):
    """Collects what a screen reader meets; fails on tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style",):
            self.text.append(data)


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    return Outline(page)


def test_same_bytes_twice(page: str, run_folder: Path) -> None:
    assert render(Records(run_folder)) == page


def test_self_contained(page: str, outline: Outline) -> None:
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    names = {tag for tag, _ in outline.tags}
    assert not names & {"script", "iframe", "object", "embed", "link", "form"}
    for _, attributes in outline.tags:
        for name in ("href", "src", "xlink:href", "srcset"):
            assert (attributes.get(name) or "#").startswith(("#", "data:"))
    assert "url(http" not in page
    assert "@import" not in page
    assert len(page.encode()) < 3e6


def test_nothing_undefined_is_shown(outline: Outline) -> None:
    said = " ".join(outline.text)
    assert not re.search(r"\b(nan|NaN|None|inf|undefined|null)\b", said)
    for _, attributes in outline.tags:
        for value in attributes.values():
            assert not re.search(r"\bNaN\b|\bundefined\b", value or "")


def test_what_must_be_said_is_said(outline: Outline) -> None:
    said = re.sub(r"\s+", " ", " ".join(outline.text))
    assert said.count(LIMITS) == 2
    assert ONE_SETTING in said
    for claim in (*SUPPORTERS, *CRITICS):
        assert claim.text in said


def test_both_sides_have_equal_space() -> None:
    assert len(SUPPORTERS) == len(CRITICS)


def test_reads_without_eyes(outline: Outline) -> None:
    tags = outline.tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert dict(tags)["html"]["lang"] == "en"
    assert [tag for tag, _ in tags].count("h1") == 1
    assert {"main", "header", "nav", "footer"} <= {tag for tag, _ in tags}
    assert [tag for tag, _ in tags].count("table") == [tag for tag, _ in tags].count("caption")
    for _, attributes in tags:
        if attributes.get("role") == "img":
            assert len(attributes.get("aria-label") or "") > 30
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in ids
        if (attributes.get("href") or "").startswith("#"):
            assert (attributes["href"] or "")[1:] in ids


def test_every_drawing_has_words_and_a_table(page: str) -> None:
    for name in ("scores", "tiers", "dissent", "denials", "wrongful"):
        section = page.split(f'<section aria-labelledby="{name}-title"')[1].split("</section>")[0]
        panels = section.count('<div class="panel">')
        assert panels > 0
        assert section.count('role="img"') + section.count('class="empty"') == panels
        if 'role="img"' in section:
            assert "<table>" in section


def test_colours_come_from_the_page(page: str, run_folder: Path) -> None:
    counts = tuple(len(world.tiers) for world in Records(run_folder).manifest.worlds)
    drawings = "".join(re.findall(r'<div role="img".*?</svg></div>', page, flags=re.S))
    for colour in css_names(counts):
        assert f'"{colour}"' not in drawings
    used = set(re.findall(r"var\(--([\w-]+)\)", page))
    assert used <= set(variables("light", counts))
    assert set(variables("light", counts)) == set(variables("dark", counts))


def test_numbers_of_the_page_are_those_of_the_effects(outline: Outline, run_folder: Path) -> None:
    said = re.sub(r"\s+", " ", " ".join(outline.text))
    for line in effects(Records(run_folder)):
        if line.clear and line.key == "all" and line.measure in {claim.measure for claim in SUPPORTERS + CRITICS}:
            assert re.sub(r"\s+", " ", amount(line.value, line.unit)) in said


def test_build_writes_one_file(run_folder: Path, tmp_path: Path, page: str) -> None:
    path = build(Records(run_folder), tmp_path / "here.html")
    assert path.read_text(encoding="utf-8") == page
    assert [found.name for found in tmp_path.iterdir()] == ["here.html"]
    with pytest.raises(RunFolderError, match="cannot be written"):
        build(Records(run_folder), tmp_path / "nowhere" / "here.html")


# --- words --------------------------------------------------------------------------------------------------


def line(**given_: object) -> Effect:
    plain = Effect("m", "m", "share", "w", "all", 0.2, 0.4, -0.2, -0.3, -0.1, 100, 5, 1.0, "")
    return dataclasses.replace(plain, **given_)  # type: ignore[arg-type]


def test_findings() -> None:
    told = finding(line(), "ordinary law")
    assert told == "20\u202f% against 40\u202f% under ordinary law: 20\u202fpoints lower (95\u202f% interval " + (
        "\u221230\u202fpoints to \u221210\u202fpoints)."
    )
    assert "not distinguishable from ordinary law" in finding(line(high=0.1), "ordinary law")
    assert "exactly as under" in finding(line(difference=0.0, low=0.0, high=0.0), "ordinary law")
    assert finding(line(remark=TOO_SMALL, n_cases=3), "") == f"3 cases in the whole run: {TOO_SMALL}."
    assert finding(line(remark=NO_CASES, n_cases=0), "") == "No case in this run."
    assert "no interval" in finding(line(low=None, high=None, remark=ONE_TOWN), "ordinary law")
    assert "Does not apply" in finding(None, "ordinary law")


finite = st.floats(-1e3, 1e3).filter(lambda number_: abs(number_) > 1e-6)


@given(finite, finite, finite, st.sampled_from(["", TOO_SMALL, NO_CASES, ONE_TOWN]), st.booleans())
def test_findings_never_overclaim(value: float, low: float, width: float, remark: str, relative: bool) -> None:
    high = low + abs(width)
    told = finding(
        line(value=value, difference=(low + high) / 2, low=low, high=high, remark=remark, relative=relative),
        "ordinary law",
    )
    if remark or low <= 0 <= high:
        assert "higher" not in told
        assert "lower" not in told
    if not remark and low <= 0 <= high and (low, high) != (0, 0):
        assert "not distinguishable from ordinary law" in told


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (12345, "12,300"),
        (0.5234, "0.523"),
        (-3.14159, "−3.14"),
        (999.6, "1,000"),
        (1.2e-7, "0.00000012"),
    ],
)
def test_numbers_as_text(value: float, text: str) -> None:
    assert number(value) == text


@given(st.floats(-1e12, 1e12).filter(lambda value: value == 0 or abs(value) > 1e-9))
def test_numbers_keep_three_digits(value: float) -> None:
    read = float(number(value).replace("−", "-").replace(",", ""))
    assert math.isclose(read, value, rel_tol=5.01e-3)


def test_towns_sentence() -> None:
    assert "13 towns would halve" in towns_sentence(5, 13)
    assert "one town" in towns_sentence(1, None)


# --- colours ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_ink_contrasts(theme: str) -> None:
    colours = LIGHT if theme == "light" else DARK
    for back in ("surface", "panel"):
        for ink in ("ink", "muted", "link"):
            assert contrast(colours[ink], colours[back]) >= 4.5  # text, WCAG 2.2 AA
        for mark in ("with", "without", "mistaken", "both", "rule"):
            assert contrast(colours[mark], colours[back]) >= 3  # graphics


def test_contrast_known_answers() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("tiers", range(1, 21))
def test_tiers_contrast_with_the_page(theme: str, tiers: int) -> None:
    palette = tier_palette(tiers, theme)
    assert len(palette) == tiers
    surface = (LIGHT if theme == "light" else DARK)["surface"]
    assert min(contrast(colour, surface) for colour in palette) >= 3


@pytest.mark.parametrize("eyes", MACHADO)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("tiers", range(2, 9))
def test_neighbouring_tiers_keep_apart(theme: str, tiers: int, eyes: str) -> None:
    seen = [oklab(np.clip(MACHADO[eyes] @ linear(colour), 0, 1)) for colour in tier_palette(tiers, theme)]
    least = min(float(np.linalg.norm(one - other)) for one, other in itertools.pairwise(seen))
    assert least > 0.05  # a just noticeable step in OKLab is about 0.02


def test_oklab_known_answers() -> None:
    assert oklab(linear("#ffffff")) == pytest.approx([1, 0, 0], abs=1e-4)
    assert oklab(linear("#ff0000")) == pytest.approx([0.628, 0.2249, 0.1258], abs=1e-3)
