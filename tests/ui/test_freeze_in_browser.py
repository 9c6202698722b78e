"""The freeze queue in a real browser: the sum follows the number asked for, a chosen row shows its rows."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from funds.freeze_now import queue_at
from funds.known import last_instant
from funds.queue_record import first_record
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables
from graph.schema.masks import mask_key
from tests.browser import chromium, open_page, streamlit_app
from tests.ui.test_in_browser import APP, LONG, open_screen, picture, settled
from ui.words import Language, Words

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_queue_is_worked_with(sample_home: LakeHome, language: Language, browser: Browser) -> None:
    words, tables = Words(language), open_tables(sample_home)
    end = last_instant(tables)
    assert end is not None
    found = queue_at(tables, end)
    environment = {"DUANLIAN_HOME": str(sample_home.root), "DUANLIAN_LANGUAGE": language}
    with (
        streamlit_app(APP, env=environment) as address,
        open_page(browser, width=1600, height=1000) as watched,
    ):
        page = watched.page
        page.set_default_timeout(LONG)
        open_screen(page, address, words, "freeze")
        expect(page.get_by_text(words("freeze.end_of_data"))).to_be_visible(timeout=LONG)
        count = page.get_by_label(words("freeze.first"), exact=True)
        count.fill("3")
        count.press("Enter")
        expect(page.get_by_text(first_record(found, 3)[language])).to_be_visible(timeout=LONG)
        first, second = (re.escape(mask_key("Account", found.lines[n].account)) for n in range(2))
        expect(page.get_by_role("heading", name=re.compile(f"^1 · {first}"))).to_be_visible(timeout=LONG)
        table = page.get_by_test_id("stDataFrame").first
        table.locator(".dvn-scroller").click(position={"x": 15, "y": 35 + 35 + 17})
        expect(page.get_by_role("heading", name=re.compile(f"^2 · {second}"))).to_be_visible(timeout=LONG)
        settled(page)
        expect(page.get_by_text(words("freeze.money_rows"), exact=True)).to_be_visible(timeout=LONG)
        page.get_by_role("button", name=words("freeze.export_xlsx")).click()
        with page.expect_download(timeout=LONG) as given:
            page.get_by_role("button", name="freeze-queue.xlsx").click(timeout=LONG)
        assert given.value.suggested_filename == "freeze-queue.xlsx"
        picture(page, f"freeze-queue-{language}")
        assert found.lines[0].account not in page.content()
        assert page.get_by_test_id("stException").count() == 0
