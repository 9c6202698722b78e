"""The page in a real browser from file://: no request, no script of the data, no error, nodes drawn."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from cases.roles.standing import open_decisions
from export.chart import MapData
from export.html_pyvis import render_gang_html
from export.page_words import PAGE_WORDS
from graph.lake.tables import open_tables
from tests.browser import WatchedPage, chromium
from tests.cases.roles.ring_home import decided, ring_home
from tests.export.payloads import ALL, LONG
from tests.export.ring import STAMP, account, person, ring_map
from tests.export.test_html_pyvis import hostile, two

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> MapData:
    return ring_map(Path(tmp_path_factory.mktemp("ring")))


def opened(browser: Browser, path: Path, content: bytes) -> WatchedPage:
    path.write_bytes(content)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    watched = WatchedPage(context.new_page())
    context.on("request", watched.note_request)
    watched.page.on("console", watched.note_console)
    watched.page.on("pageerror", watched.note_failure)
    watched.page.on("dialog", lambda dialog: watched.errors.append("dialog"))
    watched.page.goto(path.as_uri())
    watched.page.wait_for_function("() => window.chart !== undefined")
    return watched


def quiet(watched: WatchedPage, path: Path) -> None:
    """The page asked for itself and for nothing else, and said nothing."""
    assert watched.outside == [path.as_uri()]
    assert watched.errors == []
    assert watched.page.evaluate("() => window.pwned === undefined")


def ink(page: Page) -> int:
    """How many pixels of the chart are painted."""
    return int(
        page.evaluate(
            "() => { const c = document.querySelector('#network canvas');"
            " const w = document.createElement('canvas'); w.width = c.width; w.height = c.height;"
            " const x = w.getContext('2d', { willReadFrequently: true });"
            " x.drawImage(c, 0, 0); const d = x.getImageData(0, 0, c.width, c.height).data;"
            " let n = 0; for (let i = 3; i < d.length; i += 4) if (d[i] > 0) n += 1; return n; }"
        )
    )


def test_a_map_is_drawn_searched_filtered_and_cited_without_a_request(
    browser: Browser, data: MapData, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    watched = opened(browser, path, render_gang_html(data, STAMP))
    page = watched.page
    assert ink(page) > 10_000
    assert page.inner_text("#state") == "个人信息已脱敏"
    page.fill("#search", "0001")
    assert page.locator("#found li").count() >= 2
    page.press("#search", "Enter")
    assert "0001" in page.inner_text("#panel")
    page.press("#search", "Escape")
    page.locator("#panel .link").first.click()
    assert page.inner_text("#panel h2") == "转账"
    assert "¥50,000.00" in page.inner_text("#citations") and "S1" in page.inner_text("#citations")
    page.click("#language")
    assert page.inner_text("#panel h2") == "Transfer"
    before = ink(page)
    page.click("#legend li:has-text('Bank account')")
    page.press("body", "Escape")
    page.wait_for_timeout(150)
    assert ink(page) < before
    quiet(watched, path)


def test_a_click_on_a_node_shows_it(browser: Browser, data: MapData, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    watched = opened(browser, path, render_gang_html(data, STAMP, "en"))
    place = watched.page.evaluate(
        "() => { const id = Object.keys(chart.page.nodes).find((n) => chart.page.nodes[n].victim);"
        " const p = chart.network.canvasToDOM(chart.network.getPosition(id));"
        " const b = document.getElementById('network').getBoundingClientRect();"
        " return { x: p.x + b.left, y: p.y + b.top }; }"
    )
    watched.page.mouse.click(place["x"], place["y"])
    watched.page.wait_for_selector("#panel .back")
    assert "Victim" in watched.page.inner_text("#panel")
    assert account(0).key not in watched.page.content()
    quiet(watched, path)


def test_each_role_is_seen_with_its_mark_and_refuted_ones_as_a_number(
    browser: Browser, tmp_path: Path
) -> None:
    home = ring_home(tmp_path / "home")
    decided(home)
    decided(home, "refute", "financier", minute=1, key=person(0).key)
    decisions = open_decisions(home, open_tables(home))
    path = tmp_path / "map.html"
    given = ring_map(home.root, decisions=decisions)
    watched = opened(browser, path, render_gang_html(given, STAMP, "en"))
    page = watched.page
    legend = page.inner_text("#legend")
    assert PAGE_WORDS["proposed_badge"][1] in legend and "financier" not in legend
    assert page.locator("#legend .badge:not(.proposed)").all_inner_texts() == ["卡"]
    assert all(text.endswith("?") for text in page.locator("#legend .badge.proposed").all_inner_texts())
    seen = []
    for node in given.nodes:
        page.evaluate("(id) => chart.selectNode(id)", node.id)
        seen += page.locator("#panel .bar + .mark").all_inner_texts()
        assert page.locator("#panel .bar").count() == len(node.roles)
        assert page.locator("#panel .refuted").all_inner_texts() == ["1 role refuted"] * node.refuted
    assert sorted(seen) == ["confirmed · 王样警官 · 2024-05-06 UTC"] + ["proposed, not confirmed"] * 13
    quiet(watched, path)


@pytest.mark.parametrize("texts", [ALL, (LONG,)], ids=["all", "long"])
def test_hostile_texts_stay_texts(
    browser: Browser, data: MapData, tmp_path: Path, texts: tuple[str, ...]
) -> None:
    path = tmp_path / "hostile.html"
    given = two(data) if texts == (LONG,) else data
    watched = opened(browser, path, render_gang_html(hostile(given, *texts), STAMP))
    page = watched.page
    page.evaluate("() => Object.keys(chart.page.nodes).forEach((id) => chart.selectNode(id))")
    page.evaluate("() => ['<', '=', 'p', '1'].forEach((text) => chart.find(text))")
    page.evaluate("() => Object.keys(chart.page.edges).forEach((id) => chart.selectEdge(id))")
    assert page.evaluate("() => Object.keys(chart.page.nodes).length") >= len(texts)
    page.evaluate("() => { chart.selectNothing(); chart.lang = 1; chart.show(); }")
    assert page.evaluate("() => document.querySelectorAll('script').length") == 3
    assert page.evaluate("() => document.querySelectorAll('img, svg, a, iframe, link').length") == 0
    quiet(watched, path)
    page.context.close()


def test_an_empty_map_says_so(browser: Browser, data: MapData, tmp_path: Path) -> None:
    path = tmp_path / "empty.html"
    watched = opened(browser, path, render_gang_html(replace(data, nodes=(), edges=()), STAMP))
    assert watched.page.locator("#empty").is_visible()
    quiet(watched, path)
