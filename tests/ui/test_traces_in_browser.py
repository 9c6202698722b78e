"""The axis under the chart and the screens of phones and parcels in a real browser, in both languages."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.lake.home import LakeHome
from graph.lake.tables import open_tables
from tests.browser import WatchedPage, chromium, open_page, streamlit_app
from tests.ui.test_in_browser import APP, LONG, ask_chart, open_screen, picture, settled
from ui.words import Language, Words

pytestmark = pytest.mark.browser
expect.set_options(timeout=LONG)
FADED = "return cy.edges('.outside').map(edge => edge.id()).sort().join(' ')"


@pytest.fixture(scope="module", params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> Language:
    """Each language in turn."""
    return "zh" if request.param == "zh" else "en"


@pytest.fixture(scope="module")
def address(sample_home: LakeHome, language: Language) -> Iterator[str]:
    """The app over the sample."""
    environment = {"DUANLIAN_HOME": str(sample_home.root), "DUANLIAN_LANGUAGE": language}
    with streamlit_app(APP, env=environment) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def watched(browser: Browser) -> Iterator[WatchedPage]:
    """A quiet page: no request leaves the machine, nothing is logged as an error."""
    with open_page(browser, width=1440, height=1300) as page:
        page.page.set_default_timeout(LONG)
        yield page


def faded(page: Page) -> str:
    """The lines that are faded."""
    return str(ask_chart(page, FADED))


def test_the_window_fades_lines_stays_while_another_screen_is_shown_and_a_bar_has_its_rows(
    address: str, watched: WatchedPage, language: Language
) -> None:
    page, words = watched.page, Words(language)
    open_screen(page, address, words, "gangs")
    page.get_by_role("button", name=words("gangs.open_chart")).click()
    axis = page.locator(".time .axis")
    expect(axis).to_be_visible()
    settled(page)
    expect(page.locator(".time .name").first).to_contain_text(words("time.money"))
    assert faded(page) == ""
    page.locator("[data-part='plot']").focus()
    page.keyboard.press("b")
    expect(page.get_by_role("button", name=words("time.clear"))).to_be_enabled()
    page.wait_for_timeout(500)
    settled(page)
    before, window = faded(page), page.locator("input[data-name='from']").input_value()
    assert before != "" and re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", window)
    open_screen(page, address, words, "overview")
    open_screen(page, address, words, "explore")
    expect(page.locator("input[data-name='from']")).to_have_value(window)
    page.wait_for_selector(".chart .stage canvas", state="attached")
    for _ in range(100):
        if faded(page) == before:
            break
        page.wait_for_timeout(200)
    assert faded(page) == before
    picture(page, f"axis-{language}")
    bar = page.locator(".time .bar").first.bounding_box()
    assert bar is not None
    page.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] - 1)
    expect(page.locator(".time .bar.picked")).to_have_count(1)
    expect(page.get_by_text(re.compile(rf"^{words('time.money')} · 20\d\d-"))).to_be_visible()


def test_pasted_numbers_are_compared_and_unknown_ones_are_named_masked(
    address: str, watched: WatchedPage, language: Language, sample_home: LakeHome
) -> None:
    page, words = watched.page, Words(language)
    calls = open_tables(sample_home).frame("CALLED")
    top = calls.group_by("from_key").len().sort("len", "from_key", descending=[True, False]).head(30)
    text = "，".join(key.split("@")[0] for key in top["from_key"]) + " 15400009999"
    open_screen(page, address, words, "phones")
    field = page.get_by_label(words("phones.asked"))
    field.fill(text)
    field.press("Control+Enter")
    expect(page.get_by_text(re.compile(r"154\*+9999"))).to_be_visible()
    for tab in ("contacts", "meetings", "swaps", "hours"):
        page.get_by_test_id("stButtonGroup").get_by_text(words(f"phones.tab_{tab}"), exact=True).click()
        page.wait_for_timeout(300)
        settled(page)
        picture(page, f"phones-{tab}-{language}")
        assert page.locator("[data-testid='stException']").count() == 0
    expect(page.get_by_text(words("phones.hours_note"))).to_be_visible()


def test_a_chosen_sender_shows_parcels_in_time_and_opens_on_the_chart(
    address: str, watched: WatchedPage, language: Language
) -> None:
    page, words = watched.page, Words(language)
    open_screen(page, address, words, "parcels")
    table = page.locator("[data-testid='stDataFrame']").first
    expect(table).to_be_visible()
    settled(page)
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 18, box["y"] + 52)
    expect(page.locator(".time .axis")).to_be_visible()
    expect(page.locator(".time .name")).to_contain_text([words("time.parcels")])
    picture(page, f"parcels-{language}")
    page.get_by_role("button", name=words("phones.open")).click()
    expect(page.get_by_role("heading", name=words("nav.explore"), exact=True)).to_be_visible()
    page.wait_for_selector(".chart .stage canvas", state="attached")
    settled(page)
    assert int(ask_chart(page, "return cy.nodes().length")) > 2
