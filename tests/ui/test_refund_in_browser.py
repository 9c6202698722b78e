"""The refund plan in a real browser: plan, dates, rows of an amount, request sheets downloaded, zh and en."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Page, expect

from cases.audit import Audit, audit_path
from detect.worlds import build_world
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import write_tables
from tests.browser import WatchedPage, chromium, open_page, streamlit_app
from tests.export.requests.lake import LINES
from tests.funds.refund.lakes import paid
from tests.ui.test_in_browser import APP, LONG, open_screen, picture, settled
from ui.words import Language, Words

WORLD = build_world([*LINES, *paid("R2", "V2", "B", "50", "09:25", to_balance_fen=805_000)])
A, B = (WORLD.names[name].key for name in "AB")
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def watched(browser: Browser) -> Iterator[WatchedPage]:
    with open_page(browser, width=1440, height=1400) as page:
        page.page.set_default_timeout(LONG)
        yield page


@pytest.fixture
def home(tmp_path: Path) -> LakeHome:
    found = lake_home(tmp_path / "home")
    write_tables(found, WORLD.frames)
    return found


def fill(page: Page, key: str, text: str) -> None:
    """Write into the field of this key and have the screen run."""
    field = page.locator(f".st-key-{key} input").first
    field.fill(text)
    field.press("Enter")
    field.press("Escape")
    page.wait_for_timeout(800)
    settled(page)


def choose_first(page: Page, key: str) -> None:
    """Take the first entry of the list of this key, by the keyboard."""
    page.locator(f".st-key-{key} input").first.click()
    expect(page.get_by_role("option").first).to_be_visible()
    page.wait_for_timeout(500)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_timeout(800)
    settled(page)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_a_freeze_to_refunds_rows_and_request_sheets(
    home: LakeHome, watched: WatchedPage, language: Language
) -> None:
    page, words = watched.page, Words(language)
    environment = {"DUANLIAN_HOME": str(home.root), "DUANLIAN_LANGUAGE": language}
    with streamlit_app(APP, env=environment) as address:
        open_screen(page, address, words, "refund")
        expect(page.get_by_text(words("refund.none_frozen"))).to_be_visible()
        fill(page, "refund_on", "2024-03-04")
        choose_first(page, "refund_account")
        expect(page.get_by_text(words("refund.notice_first"))).to_be_visible()
        fill(page, "refund_notice", "2024-03-05")
        expect(page.get_by_text("2024-04-04").first).to_be_visible()
        expect(page.get_by_text("7,800.00").first).to_be_visible()
        picture(page, f"refund-{language}")
        first, second = (words("refund.proof", victim=WORLD.names[name].key) for name in ("R1", "R2"))
        expect(page.get_by_text(first)).to_be_visible()
        click_an_amount(page)
        expect(page.get_by_text(second)).to_be_visible()
        asked_for(page, words)
        whole = page.content()
        assert A not in whole and B not in whole
        files = downloaded(page, words)
        picture(page, f"requests-{language}")
    assert sorted(name for name in files if name.endswith("docx")) == [
        "stop-01-虚拟银行.docx",
        "stop-internal.docx",
    ]
    annex = docx.Document(io.BytesIO(files["stop-internal.docx"]))
    assert any(
        cell.text == "THIRD_STOP" for table in annex.tables for row in table.rows for cell in row.cells
    )
    acts = [(row["action"], row["outcome"]) for row in Audit(audit_path(home)).rows()]
    assert sorted(acts) == [("export", "done"), ("export", "intent")]


def click_an_amount(page: Page) -> None:
    """Click a cell in the second line of the table of victims: a canvas with lines of 35 pixels."""
    box = page.locator(".st-key-refund-lines canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 200, box["y"] + 87)
    page.wait_for_timeout(800)
    settled(page)


def asked_for(page: Page, words: Words) -> None:
    """Ask to stop the accounts with control rows: one has used its two stops."""
    page.get_by_text(words("refund.requests"), exact=True).first.click()
    expect(page.get_by_text(words("requests.case_first"))).to_be_visible()
    title = {"zh": "紧急止付申请", "en": "Request to stop payments"}[words.language]
    page.get_by_text(title, exact=True).click()
    settled(page)
    for _ in range(2):
        choose_first(page, "request_accounts")
    page.keyboard.press("Escape")
    fill(page, "request_case", "A0001")
    expect(page.get_by_text(words("requests.counts", asked=1, banks=1, refused=1))).to_be_visible()


def downloaded(page: Page, words: Words) -> dict[str, bytes]:
    """Make the files and take them."""
    page.get_by_role("button", name=words("requests.make")).click()
    with page.expect_download(timeout=LONG) as download:
        page.get_by_role("button", name="stop-requests.zip").click(timeout=LONG)
    settled(page)
    with zipfile.ZipFile(download.value.path()) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
