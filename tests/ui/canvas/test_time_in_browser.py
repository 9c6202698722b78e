"""The time axis in a real browser: the window fades what lies outside, replay, keyboard, bars, zoom."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import WatchedPage, open_page, streamlit_app
from ui.canvas import build
from ui.words import Words

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).with_name("time_script.py")
START = datetime(2024, 3, 1, 1, tzinfo=UTC)
DAY_MS = 86_400_000
expect.set_options(timeout=60_000)
WORDS = Words("en")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page, served for this module, with the canvas built from the present sources."""
    build.build()
    with streamlit_app(SCRIPT, cwd=tmp_path_factory.mktemp("served")) as url:
        yield url


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page anew: a session and a tab of its own."""
    with open_page(browser) as watched:
        watched.page.set_default_timeout(60_000)
        watched.page.goto(address)
        expect(axis(watched.page)).to_be_visible(timeout=60_000)
        wait_for(watched, lambda: ask(watched.page, "return cy.nodes().length") == 26)
        yield watched.page


def axis(page: Page) -> Locator:
    """The picture of the axis."""
    return page.locator(".time .axis")


def ask(page: Page, script: str) -> Any:
    """What a script says about the chart's cytoscape instance `cy`."""
    return page.locator(".chart .stage").evaluate(f"element => {{ const cy = element._cyreg.cy; {script} }}")


def wait_for(page: WatchedPage | Page, holds: Callable[[], bool]) -> None:
    """Wait until it holds; fail after a minute."""
    waiting = page.page if isinstance(page, WatchedPage) else page
    for _ in range(300):
        if holds():
            return
        waiting.wait_for_timeout(200)
    pytest.fail("the page did not get there")


def said(page: Page, name: str) -> Any:
    """What Python holds."""
    return json.loads(page.get_by_text(f"{name}: ").inner_text().partition(": ")[2])


def window_said(page: Page) -> list[int]:
    """The window once Python has it."""
    expect(page.get_by_text("window: ")).to_have_text(re.compile(r"window: \["))
    found: list[int] = said(page, "window")
    return found


def faded(page: Page) -> set[str]:
    """The lines that are faded."""
    return set(ask(page, "return cy.edges('.outside').map(edge => edge.id())"))


def expected(window: list[int]) -> set[str]:
    """The lines without an event in the window: by a plain search over the events of the script."""
    dark = set()
    for n in range(24):
        times = [(START + timedelta(days=n + later)).timestamp() * 1000 for later in (0, 10)]
        if not any(window[0] <= at <= window[1] for at in times):
            dark.add(f"t{n}")
    # Account a0 has the line t0 alone, so a holding of it fades with that.
    return dark | ({"h"} if "t0" in dark else set())


def drag(page: Page, start: float, end: float) -> None:
    """Drag along the axis between two shares of its width."""
    box = axis(page).bounding_box()
    assert box is not None
    left, width = box["x"] + 132, box["width"] - 142
    page.mouse.move(left + width * start, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(left + width * end, box["y"] + 22, steps=6)
    page.mouse.up()


def test_a_brush_fades_exactly_the_lines_without_an_event_inside(page: Page) -> None:
    drag(page, 0.2, 0.4)
    window = window_said(page)
    wait_for(page, lambda: faded(page) == expected(window))
    assert 0 < len(faded(page)) < 25
    # Moved as a whole it keeps its width; dragged at its edge it grows.
    drag(page, 0.3, 0.5)
    wait_for(page, lambda: said(page, "window") != window)
    moved = window_said(page)
    assert moved[1] - moved[0] == window[1] - window[0] and moved[0] > window[0]
    wait_for(page, lambda: faded(page) == expected(moved))
    assert ask(page, "return cy.getElementById('u').hasClass('outside')") is False
    page.get_by_role("button", name=WORDS("time.clear")).click()
    expect(page.get_by_text("window: ")).to_have_text("window: null")
    wait_for(page, lambda: faded(page) == set())


def test_a_window_is_exact_to_the_second_in_utc_8_whatever_the_browser_s_zone(page: Page) -> None:
    field = page.locator("input[data-name='to']")
    field.fill("2024-03-05 09:00:00")
    field.press("Enter")
    at = round((START + timedelta(days=4)).timestamp() * 1000)
    assert window_said(page)[1] == at
    wait_for(page, lambda: faded(page) == expected([0, at]))
    assert "t4" not in faded(page)
    field.fill("2024-03-05 08:59:59")
    field.press("Enter")
    wait_for(page, lambda: said(page, "window")[1] == at - 1000)
    wait_for(page, lambda: "t4" in faded(page))
    field.fill("2024-02-31")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert said(page, "window")[1] == at - 1000


def test_the_keyboard_makes_moves_and_clears_the_window(page: Page) -> None:
    page.locator("[data-part='plot']").focus()
    page.keyboard.press("b")
    first = window_said(page)
    page.locator("[data-part='from']").focus()
    page.keyboard.press("Alt+ArrowRight")
    wait_for(page, lambda: said(page, "window") == [first[0] + 1000, first[1]])
    page.locator("[data-part='body']").focus()
    page.keyboard.press("Home")
    wait_for(page, lambda: said(page, "window")[0] == round(START.timestamp() * 1000))
    width = first[1] - first[0] - 1000
    assert said(page, "window")[1] - said(page, "window")[0] == width
    wait_for(page, lambda: faded(page) == expected(said(page, "window")))
    page.keyboard.press("Escape")
    expect(page.get_by_text("window: ")).to_have_text("window: null")


def test_replay_runs_in_the_page_and_python_hears_where_it_stopped(page: Page) -> None:
    page.locator("select[data-name='mode']").select_option("grow")
    page.locator("select[data-name='speed']").select_option("8")
    page.get_by_role("button", name=WORDS("time.play"), exact=True).click()
    frames = page.locator(".time")
    expect(frames).to_have_attribute("data-frames", re.compile(r"^([3-9]|\d\d+)$"))
    assert faded(page)
    assert page.get_by_text("heard: ").inner_text().strip() == "heard:"
    page.get_by_role("button", name=WORDS("time.pause"), exact=True).click()
    window = window_said(page)
    assert window[0] == round(START.timestamp() * 1000) < window[1]
    wait_for(page, lambda: faded(page) == expected(window))
    assert page.get_by_text("heard: ").inner_text().split() == ["heard:", "window"]
    page.get_by_role("button", name=WORDS("time.ahead")).click()
    wait_for(page, lambda: said(page, "window")[1] > window[1])


def point_at_bar(page: Page, number: int) -> tuple[float, float]:
    """Move the pointer over a bar of the money row, and where that is."""
    box, place = axis(page).bounding_box(), page.locator(".time .bar").nth(number).bounding_box()
    assert box is not None and place is not None
    at = (place["x"] + place["width"] / 2, box["y"] + 25)
    page.mouse.move(*at)
    return at


def test_a_bar_tells_its_sum_and_a_click_chooses_it(page: Page) -> None:
    card = page.locator(".time .card")
    # The axis may still be drawn anew: point again until the third bar tells of itself.
    wait_for(page, lambda: (point_at_bar(page, 2), "¥3.00" in card.inner_text())[1])
    expect(card).to_contain_text("1 events")
    expect(card).to_contain_text("2024-03-03")
    page.mouse.click(*point_at_bar(page, 2))
    expect(page.get_by_text("bar: ")).to_contain_text("row='money'")
    expect(page.locator(".time .bar.picked")).to_have_count(1)
    assert page.evaluate("() => window.hacked") is None
    expect(page.locator(".time .name")).to_contain_text("<img src=x")


def test_zooming_in_gives_finer_bars_and_a_reload_keeps_what_was_set(page: Page) -> None:
    drag(page, 0.2, 0.4)
    window = window_said(page)
    bars = page.locator(".time .bar").count()
    page.get_by_role("button", name=WORDS("time.closer")).click()
    expect(page.get_by_text("view: ")).to_have_text(re.compile(r"view: \["))
    view = said(page, "view")
    assert view[1] - view[0] < 20 * DAY_MS
    wait_for(page, lambda: page.locator(".time .bar").count() < bars)
    page.reload()
    assert window_said(page) == window
    wait_for(page, lambda: said(page, "view") == view)
    page.get_by_role("button", name=WORDS("time.all")).click()
    expect(page.get_by_text("view: ")).to_have_text("view: null")


def test_in_chinese_the_axis_speaks_chinese(browser: Browser, tmp_path: Path) -> None:
    words = Words("zh")
    with (
        streamlit_app(SCRIPT, env={"TIME_TEST_LANG": "zh"}, cwd=tmp_path) as url,
        open_page(browser) as watched,
    ):
        watched.page.goto(url)
        expect(axis(watched.page)).to_be_visible(timeout=60_000)
        expect(watched.page.locator(".head .zone")).to_have_text(words("time.zone"))
        expect(watched.page.locator(".tick text").first).to_have_text(re.compile(r"\d+月\d+日"))
        expect(watched.page.get_by_role("button", name=words("time.play"), exact=True)).to_be_visible()
