"""The report in a real browser: it asks for nothing, fits a phone, and can be read by keyboard, light and dark."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desktop": (1280, 900), "phone": (390, 844), "narrow": (320, 640)}
FIGURES = ("scores", "tiers", "dissent", "denials", "wrongful")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module", params=["small", "odd"])
def report(request: pytest.FixtureRequest, run_folder: Path, lone_folder: Path) -> Path:
    return (run_folder if request.param == "small" else lone_folder) / "report.html"


class Visit:
    """An open report, and what the browser said and asked for meanwhile."""

    def __init__(self, browser: Browser, report: Path, size: str, scheme: Any) -> None:
        width, height = SIZES[size]
        self.page: Page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda problem: self.said.append(str(problem)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(report.as_uri())


@pytest.fixture(scope="module", params=[(size, scheme) for size in SIZES for scheme in ("light", "dark")], ids="-".join)
def visit(request: pytest.FixtureRequest, browser: Browser, report: Path) -> Iterator[Visit]:
    opened = Visit(browser, report, *request.param)
    yield opened
    opened.page.close()


def test_asks_for_nothing_and_complains_of_nothing(visit: Visit, report: Path) -> None:
    for summary in visit.page.locator("summary").all():
        summary.click()
    assert visit.asked == [report.as_uri()]
    assert visit.said == []


def test_headings_and_figures_are_seen(visit: Visit) -> None:
    page = visit.page
    assert page.locator("h1").count() == 1
    assert page.locator("h1").is_visible()
    levels = [int(tag[1]) for tag in page.eval_on_selector_all("h1, h2, h3", "all => all.map(e => e.tagName)")]
    assert levels[0] == 1
    assert all(deeper - level <= 1 for level, deeper in itertools.pairwise(levels))
    for name in FIGURES:
        figure = page.locator(f"section#{name} figure")
        assert figure.is_visible()
        for drawing in figure.locator("[role=img] svg").all():
            box = drawing.bounding_box()
            assert box is not None
            assert box["width"] >= 250
            assert box["height"] >= 60


def test_nothing_sticks_out_sideways(visit: Visit) -> None:
    """Tables scroll inside their own frames; the page itself never does."""
    page = visit.page
    page.eval_on_selector_all("details", "all => all.forEach(e => e.open = true)")
    wide = "[...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, pre, svg, .skip') && "
    wide += "(e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1))"
    assert page.evaluate(f"{wide}.map(e => e.outerHTML.slice(0, 120))") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    letters = "[...document.querySelectorAll('svg text')].filter(e => e.getBoundingClientRect().width > 0 && "
    letters += "(e.getBoundingClientRect().right > innerWidth || e.getBoundingClientRect().left < 0))"
    assert page.evaluate(f"{letters}.map(e => e.textContent)") == []


def test_numbers_in_drawings_can_be_read(visit: Visit) -> None:
    small = "[...document.querySelectorAll('svg text')].map(e => e.getBoundingClientRect()).filter("
    small += "box => box.height > 0 && Math.min(box.height, box.width) < 5).length"
    assert visit.page.evaluate(small) == 0


def test_the_keyboard_reaches_everything(visit: Visit) -> None:
    page = visit.page
    page.reload()
    wanted = page.locator("a[href], summary").count()
    reached = set()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").evaluate("e => e.getBoundingClientRect().left >= 0")
    for _ in range(wanted + 10):
        here = "(() => { const e = document.activeElement; return e.matches('a, summary') ? e.textContent : '' })()"
        reached.add(page.evaluate(here))
        if page.evaluate("document.activeElement.matches('summary')"):
            style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert style != "none"
        page.keyboard.press("Tab")
    texts = page.eval_on_selector_all("a[href], summary", "all => all.map(e => e.textContent)")
    assert set(texts) <= reached
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.evaluate("e => e.open")


def test_light_and_dark_differ(browser: Browser, report: Path) -> None:
    paper = {}
    for scheme in ("light", "dark"):
        page = Visit(browser, report, "desktop", scheme).page
        paper[scheme] = [
            sum(map(int, re.findall(r"\d+", page.evaluate(f"getComputedStyle(document.body).{what}"))[:3]))
            for what in ("backgroundColor", "color")
        ]
        page.close()
    assert paper["light"][0] > 700 > 150 > paper["light"][1]
    assert paper["dark"][0] < 100 < 600 < paper["dark"][1]
