"""A chart of hundreds of nodes in a real browser: its places come from Python."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import open_page, streamlit_app
from ui.canvas import build

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).parents[3] / "bench" / "ui_pages" / "ours.py"
LONG = 90_000
MISPLACED = (
    "const off = (n, x, y) => Math.hypot(n.position('x') - x, n.position('y') - y);"
    "const away = (n) => off(n, ...n.data('hint'));"
    "return cy.nodes().filter((n) => away(n) > 0.01).length"
)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Our page of the bench with 600 nodes and 1,200 lines."""
    build.build()
    with streamlit_app(SCRIPT, args=["600", "1200", "5"]) as url, open_page(browser) as watched:
        watched.page.goto(url)
        expect(watched.page.locator(".status span")).to_have_text("600 nodes · 1,200 links", timeout=LONG)
        yield watched.page


def ask(page: Page, script: str) -> Any:
    return page.locator(".stage").evaluate(f"(stage) => {{ const cy = stage._cyreg.cy; {script} }}")


def test_the_first_picture_stands_where_python_put_it(page: Page) -> None:
    assert ask(page, MISPLACED) == 0
    box = ask(
        page,
        "const b = cy.nodes().renderedBoundingBox({includeLabels: false}); return [b.x1, b.y1, b.x2, b.y2]",
    )
    stage = page.locator(".stage").bounding_box()
    assert stage is not None
    assert box[0] >= 0 and box[1] >= 0 and box[2] <= stage["width"] and box[3] <= stage["height"]


def test_only_lines_with_no_other_beside_them_are_straight(page: Page) -> None:
    script = (
        "const beside = (e) => e.parallelEdges().length > 1;"
        "return [cy.edges('.alone').filter(beside).length, cy.edges('.alone').length,"
        " cy.edges().not('.alone').filter(e => !beside(e)).length, cy.edges().not('.alone').length]"
    )
    beside, alone, bent_alone, bent = ask(page, script)
    assert (beside, bent_alone) == (0, 0)
    assert alone > 1000
    assert bent > 0


def test_the_force_layout_asked_for_brings_the_places_back_at_once(page: Page) -> None:
    moved = "cy.nodes().forEach((n, i) => n.position({ x: i, y: i }));"
    ask(page, moved)
    page.locator(".toolbar select").select_option("force")
    assert ask(page, MISPLACED) == 0
