"""Search, why two are connected, and the tile grid in a real browser, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.lake.home import lake_home
from graph.lake.tables import write_tables
from tests.browser import chromium, open_page, streamlit_app
from tests.frames import small_world, table
from tests.ui.test_in_browser import LONG, nodes_on_chart, open_screen, picture, settled, wait_for_nodes
from ui.words import Language, Words

APP = Path(__file__).parents[2] / "app.py"
HOSTILE = "</script><img src=x onerror=alert(1)>\u202e"
CARDS = [f"620000000000000000{n}" for n in range(1, 5)]
_ROW, _HEAD, _MARK = 35, 35, 16
"""Pixels of a table's lines and heading, and where the mark of a line lies."""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The small world with a holder whose name is markup, and reports of two provinces."""
    frames = small_world()
    named = frames["Person"].to_dicts()
    named[1]["name"] = HOSTILE
    reports = [
        {"key": f"J{n}", "region": "430100" if n else "990100", "amount_fen": 100_00} for n in range(3)
    ]
    frames |= {"Person": table("Person", named), "Report": table("Report", reports)}
    write_tables(lake_home(tmp_path), frames)
    return tmp_path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_search_leads_to_why_two_are_connected(browser: Browser, home: Path, language: Language) -> None:
    words = Words(language)
    environment = {"DUANLIAN_HOME": str(home), "DUANLIAN_LANGUAGE": language}
    scheme = "dark" if language == "en" else "light"
    with streamlit_app(APP, env=environment) as address, open_page(browser, scheme=scheme) as watched:  # type: ignore[arg-type]  # one of the two literals
        page = watched.page
        page.set_default_timeout(LONG)
        open_screen(page, address, words, "search")
        ask(page, words, HOSTILE)
        expect(page.get_by_text(words("search.counted", n=1, sure=1, guessed=0))).to_be_visible(timeout=LONG)
        ask(page, words, CARDS[0][:-1])
        expect(page.get_by_text(words("search.counted", n=4, sure=4, guessed=0))).to_be_visible(timeout=LONG)
        picture(page, f"search-hits-{language}")
        choose(page, 0)
        choose(page, 3)
        page.get_by_role("button", name=words("search.why")).click()
        expect(page.get_by_role("heading", name=words("connect.title"))).to_be_visible(timeout=LONG)
        settled(page)
        expect(page.get_by_text(words("connect.earliest")).first).to_be_visible(timeout=LONG)
        assert wait_for_nodes(page, lambda count: count == 2) == 2
        page.get_by_role("button", name=words("connect.add_all", n=4)).click()
        wait_for_nodes(page, lambda count: count == 4)
        settled(page)
        picture(page, f"connections-{language}")
        assert nodes_on_chart(page) == 4
        assert not any(card in page.url or card in page.content() for card in CARDS)
        open_screen(page, address, words, "overview")
        page.get_by_text(words("tiles.show")).click()
        page.locator(".st-key-tile-43 button").first.click()
        expect(page.get_by_text("43", exact=False).first).to_be_visible(timeout=LONG)
        expect(page.get_by_text(words("tiles.said", n=2, outside=1, unknown=0))).to_be_visible(timeout=LONG)
        settled(page)
        page.mouse.move(5, 5)
        shade = page.locator(".st-key-tile-43 button").first.evaluate(
            "tile => getComputedStyle(tile).backgroundColor"
        )
        assert "196, 80, 27" in shade
        picture(page, f"tiles-{language}")


def ask(page: Page, words: Words, text: str) -> None:
    field = page.get_by_label(words("search.field"))
    field.fill(text)
    field.press("Enter")


def choose(page: Page, line: int) -> None:
    """Mark a line of the first table, as a hand does."""
    settled(page)
    table_shown = page.get_by_test_id("stDataFrame").first
    table_shown.click(position={"x": _MARK, "y": _HEAD + _ROW * line + _ROW // 2})
    page.wait_for_timeout(300)
    settled(page)
