"""The main path in a real browser: load the sample, detect, open a gang, expand a node, export the map."""

import html
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.lake.home import LakeHome
from tests.accessibility import serious_violations
from tests.browser import ColourScheme, WatchedPage, chromium, open_page, streamlit_app
from tests.export.test_html_pyvis import island
from tests.ui.screens.screen import SCREENS
from ui.words import Language, Words

APP = Path(__file__).parents[2] / "app.py"
PICTURES = os.environ.get("DUANLIAN_PICTURES")
LONG = 120_000

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def fresh_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over an empty home, in English."""
    home = tmp_path_factory.mktemp("browser-home")
    with streamlit_app(APP, env={"DUANLIAN_HOME": str(home), "DUANLIAN_LANGUAGE": "en"}) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def watched(browser: Browser) -> Iterator[WatchedPage]:
    """A quiet page: no request leaves the machine, nothing is logged as an error."""
    with open_page(browser, width=1440, height=1000) as page:
        page.page.set_default_timeout(LONG)
        yield page


def settled(page: Page) -> None:
    """Wait until Streamlit has finished a run."""
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']", timeout=LONG)


def open_screen(page: Page, address: str, words: Words, name: str) -> None:
    """Go to a screen by its link; a deep link makes Streamlit probe for its base path, which logs a 404."""
    if page.url == "about:blank":
        page.goto(address)
    page.get_by_role("link", name=words(f"nav.{name}"), exact=True).click(timeout=LONG)
    expect(page.get_by_role("heading", name=words(f"nav.{name}"), exact=True)).to_be_visible(timeout=LONG)
    settled(page)


def picture(page: Page, name: str) -> None:
    """Keep a screenshot where CI asks for it."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def ask_chart(page: Page, script: str) -> Any:
    """What a script says about the chart's cytoscape instance `cy`; it must return plain values."""
    return page.locator(".chart .stage").evaluate(f"element => {{ const cy = element._cyreg.cy; {script} }}")


def test_the_sample_goes_from_files_to_a_gang_map(
    fresh_app: str, watched: WatchedPage, sample_files: Path
) -> None:
    page, words = watched.page, Words("en")
    open_screen(page, fresh_app, words, "load")
    page.get_by_label(words("load.folder")).fill(str(sample_files))
    page.get_by_label(words("load.folder")).press("Enter")
    settled(page)
    page.get_by_role("button", name=words("load.start"), exact=True).click()
    expect(page.get_by_role("heading", name=words("load.result"))).to_be_visible(timeout=LONG)
    picture(page, "load")
    page.get_by_role("button", name=words("detect.again")).click()
    page.wait_for_timeout(1000)
    settled(page)
    page.get_by_role("link", name=words("nav.gangs")).click()
    expect(page.get_by_role("button", name=words("gangs.open_chart"))).to_be_visible(timeout=LONG)
    picture(page, "gangs")
    confirm_one(page, words)
    page.get_by_role("button", name=words("gangs.export_map")).click()
    with page.expect_download(timeout=LONG) as download:
        page.get_by_role("button", name=".html").click(timeout=LONG)
    content = Path(download.value.path()).read_text(encoding="utf-8")
    assert content.lower().startswith("<!doctype html>")
    assert "default-src 'none'" in html.unescape(content)
    drawn: Any = island(content)["page"]
    marks = [role["mark"][1] for node in drawn["nodes"].values() for role in node["roles"]]
    assert sum(mark.startswith("confirmed · 王样警官") for mark in marks) == 1
    assert set(marks) - {"proposed, not confirmed"} == {m for m in marks if m.startswith("confirmed")}
    settled(page)
    page.get_by_role("button", name=words("gangs.open_chart")).click()
    expect(page.get_by_role("heading", name=words("nav.explore"), exact=True)).to_be_visible(timeout=LONG)
    page.wait_for_selector(".chart .stage canvas", state="attached", timeout=LONG)
    settled(page)
    before = wait_for_nodes(page, lambda count: count > 5)
    page.wait_for_timeout(2500)  # the layout settles, then stands still
    picture(page, "explore")
    assert serious_violations(page) == []
    expand_one(page)
    more = wait_for_nodes(page, lambda count: count > before)
    picture(page, "expanded")
    page.get_by_role("button", name=words("explore.undo")).click()
    wait_for_nodes(page, lambda count: count == before)
    assert more > before


def confirm_one(page: Page, words: Words) -> None:
    """Confirm the strongest role of the gang by name and reason."""
    page.get_by_role("tab", name=words("roles.title")).click()
    for label, text in ((words("roles.who"), "王样警官"), (words("roles.reason"), "看过开户影像")):
        page.get_by_label(label).fill(text)
        page.get_by_label(label).press("Enter")
        settled(page)
    picture(page, "roles")
    page.locator("[class*='st-key-role-confirm-'] button").click()
    expect(page.get_by_text("· 1 confirmed ·")).to_be_visible(timeout=LONG)
    settled(page)


def nodes_on_chart(page: Page) -> int:
    """How many nodes cytoscape draws."""
    return int(ask_chart(page, "return cy.nodes().length"))


def wait_for_nodes(page: Page, holds: Callable[[int], bool]) -> int:
    """Wait until the number of drawn nodes is as wanted, and give it."""
    for _ in range(240):
        count = nodes_on_chart(page)
        if holds(count):
            return count
        page.wait_for_timeout(500)
    pytest.fail(f"the chart stayed at {nodes_on_chart(page)} nodes")


def expand_one(page: Page) -> None:
    """Double-click the lonely node on screen whose expansion fetches something, but few."""
    point = ask_chart(
        page,
        """
        const box = element.getBoundingClientRect(), inside = p =>
            p.x > 260 && p.y > 90 && p.x < box.width - 40 && p.y < box.height - 40;
        const at = n => n.renderedPosition();
        const gap = n => Math.min(...cy.nodes().filter(m => m !== n).map(m =>
            Math.hypot(at(m).x - at(n).x, at(m).y - at(n).y)));
        const few = n => {
            const sum = (n.data('expansions') || []).reduce((total, e) => total + e.count, 0);
            return sum > 3 && sum < 45;
        };
        const fit = cy.nodes().filter(n => few(n) && inside(at(n))).toArray();
        const best = fit.sort((a, b) => gap(b) - gap(a))[0];
        return [box.x + at(best).x, box.y + at(best).y];
        """,
    )
    page.mouse.dblclick(*point)


@pytest.mark.timeout(900)  # some twenty screens
@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("en", "dark")])
def test_each_screen_opens_quietly_and_accessibly(
    sample_home: LakeHome, language: Language, scheme: ColourScheme, browser: Browser
) -> None:
    words = Words(language)
    environment = {"DUANLIAN_HOME": str(sample_home.root), "DUANLIAN_LANGUAGE": language}
    with (
        streamlit_app(APP, env=environment) as address,
        open_page(browser, width=1440, height=1000, scheme=scheme) as watched,
    ):
        page = watched.page
        page.set_default_timeout(LONG)
        for name in SCREENS:
            open_screen(page, address, words, name)
            picture(page, f"{name}-{language}")
            assert page.locator("[data-testid='stException']").count() == 0
            assert serious_violations(page) == [], name
