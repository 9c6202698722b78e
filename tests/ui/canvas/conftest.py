"""The chart page in one browser, shared by the modules that drive the canvas."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import WatchedPage, chromium, open_page, streamlit_app
from ui.canvas import build

SCRIPT = Path(__file__).with_name("chart_script.py")


@pytest.fixture(scope="package")
def picture_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the page leaves the last picture Python got."""
    return tmp_path_factory.mktemp("picture") / "chart.png"


@pytest.fixture(scope="package")
def address(picture_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The chart page, served once, with the canvas built from the present sources."""
    build.build()
    env = {"CANVAS_TEST_PNG": str(picture_path)}
    # In a folder of its own: the checkout's theme would keep the page from following the system's.
    with streamlit_app(SCRIPT, env=env, cwd=tmp_path_factory.mktemp("served")) as url:
        yield url


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for these modules: a second beside it can't be started."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="package")
def opened(browser: Browser, address: str) -> Iterator[WatchedPage]:
    """The page, opened once: loading it takes longer than most tests."""
    with open_page(browser) as watched:
        watched.page.goto(address)
        yield watched


@pytest.fixture
def page(opened: WatchedPage) -> Iterator[Page]:
    """A chart of its own, drawn; at the end nothing left the machine and nothing was logged."""
    drawn = opened.page.get_by_text("drawn:")
    before = drawn.inner_text()
    opened.page.mouse.move(5, 5)
    for old in opened.page.locator(".chart").all():
        old.evaluate("chart => chart.dataset.old = 'yes'")
    opened.page.get_by_role("button", name="Fresh").click()
    expect(drawn).not_to_have_text(before)
    # For a while the page holds both charts, the old one still without the new one at first.
    expect(opened.page.locator(".chart[data-old]")).to_have_count(0)
    expect(opened.page.locator(".status span")).to_have_text(["50 nodes · 55 links"])
    yield opened.page
    opened.assert_quiet()
