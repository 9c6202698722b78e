"""Follow the money in a real browser: the flow, a click down to the rows, the replay, all methods."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polars as pl
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from export.signs import BEIJING, money_text
from funds.claims import reported_claims, reported_payments
from funds.flow import flow_of
from funds.known import known_at
from funds.ledgers import load_ledgers
from funds.methods import narrowed, trace_by
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, open_tables
from graph.schema.masks import mask_key
from tests.browser import chromium, open_page, streamlit_app
from tests.ui.test_in_browser import APP, ask_chart, open_screen, picture, settled
from ui.canvas import build
from ui.words import Language, Words

LONG = 45_000

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    build.build()
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(sample_home: LakeHome) -> Iterator[str]:
    """The app over the sample, in English; an investigator may take tables away."""
    environment = {
        "DUANLIAN_HOME": str(sample_home.root),
        "DUANLIAN_LANGUAGE": "en",
        "DUANLIAN_ROLE": "investigator",
    }
    with streamlit_app(APP, env=environment) as url:
        yield url


@pytest.fixture(scope="module")
def tables(sample_home: LakeHome) -> LakeTables:
    return open_tables(sample_home)


@pytest.fixture(scope="module")
def case(tables: LakeTables) -> str:
    """The case with the largest sum, which the screen opens with."""
    sums = reported_payments(tables).group_by("case").agg(fen=pl.col("amount_fen").sum())
    return str(sums.sort("fen", "case", descending=[True, False])["case"][0])


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The money screen, drawn; at the end nothing left the machine and nothing was logged."""
    with open_page(browser, width=1440, height=1100) as watched:
        watched.page.set_default_timeout(LONG)
        open_screen(watched.page, address, Words("en"), "money")
        expect(watched.page.locator(".flow .node").first).to_be_visible(timeout=LONG)
        yield watched.page


WORDS = Words("en")


def paid(tables: LakeTables, case: str, method: str = "fifo") -> tuple[int, int, int]:
    """What funds itself says of a case: paid, held, ended."""
    ledgers = load_ledgers(tables)
    flow = flow_of(narrowed(trace_by(ledgers, reported_claims(tables, ledgers), method), [case]))
    return flow.paid_fen, flow.held_fen, flow.ended_fen


def equation(sums: tuple[int, int, int]) -> str:
    said = [money_text(fen) for fen in sums]
    return WORDS("money.equation", paid=said[0], held=said[1], ended=said[2])


def choose(page: Page, word: str) -> None:
    page.get_by_role("radio", name=WORDS(word), exact=True).click()
    page.wait_for_timeout(300)
    settled(page)


def source_rows(page: Page) -> Locator:
    return page.locator("[class*='st-key-rows-behind-money']")


def test_the_flow_is_drawn_with_sums_and_a_band_leads_to_its_rows(
    page: Page, tables: LakeTables, case: str
) -> None:
    expect(page.get_by_text(equation(paid(tables, case)))).to_be_visible()
    assert page.locator(".flow .node.victim").count() == 1
    assert page.locator(".flow .node.sink").count() > 0
    assert page.locator(".flow .band").count() > 3
    expect(page.get_by_text(WORDS("money.choose"))).to_be_visible()
    page.locator(".flow .band.victim").first.click(force=True)
    expect(page.get_by_text(WORDS("explore.evidence"))).to_be_visible(timeout=LONG)
    expect(source_rows(page)).to_be_visible()
    picture(page, "money-band-en")
    expect(page.locator(".flow .band.chosen")).to_have_count(1)
    source_rows(page).locator(".stDataFrameGlideDataEditor").first.click(position={"x": 16, "y": 52})
    expect(page.get_by_text(re.compile("sha256"))).to_be_visible(timeout=LONG)


def test_the_keyboard_reaches_a_node_and_chooses_it(page: Page) -> None:
    node = page.locator(".flow .node.victim").first
    node.focus()
    expect(page.locator(".flow .card")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".flow .node.victim.chosen")).to_have_count(1)
    expect(page.get_by_text(WORDS("explore.evidence"))).to_be_visible(timeout=LONG)
    page.keyboard.press("Enter")
    expect(page.get_by_text(WORDS("money.choose"))).to_be_visible(timeout=LONG)


def test_an_amount_above_the_chart_leads_to_its_rows(page: Page) -> None:
    page.get_by_role("button", name=WORDS("money.paid")).click()
    expect(page.get_by_text(WORDS("explore.evidence"))).to_be_visible(timeout=LONG)
    expect(source_rows(page)).to_be_visible()


def test_the_replay_says_what_was_known_at_the_hour(page: Page, tables: LakeTables, case: str) -> None:
    choose(page, "money.mode_known")
    expect(page.get_by_text(WORDS("money.empty_known"))).to_be_visible(timeout=LONG)
    handle = page.get_by_role("slider", name=WORDS("money.hour"))
    seen = []
    handle.press("End")
    settled(page)
    expect(page.get_by_text(equation(known(tables, case, shown_instant(page))))).to_be_visible(timeout=LONG)
    for _ in range(3):
        handle.press("ArrowLeft")
        page.wait_for_timeout(300)
        settled(page)
        at = shown_instant(page)
        seen.append(at)
        expect(page.get_by_text(equation(known(tables, case, at)))).to_be_visible(timeout=LONG)
    assert [later - earlier for later, earlier in pairwise(seen)] == [timedelta(hours=1)] * 2
    picture(page, "money-known-en")


def test_positions_at_an_instant_are_those_of_the_whole_trace(
    page: Page, tables: LakeTables, case: str
) -> None:
    choose(page, "money.mode_there")
    ledgers = load_ledgers(tables)
    traced = narrowed(trace_by(ledgers, reported_claims(tables, ledgers), "fifo"), [case])
    for _ in range(3):
        page.get_by_role("button", name=WORDS("money.after"), exact=True).click()
        page.wait_for_timeout(300)
        settled(page)
        at = shown_instant(page)
        flow = flow_of(traced, until=round(at.timestamp()) * 1_000_000)
        assert flow.under_way_fen == 0
        expect(page.get_by_text(equation((flow.paid_fen, flow.held_fen, flow.ended_fen)))).to_be_visible()
    assert flow.held_fen > 0


def test_play_goes_from_movement_to_movement_until_it_is_stopped(
    page: Page, tables: LakeTables, case: str
) -> None:
    choose(page, "money.mode_there")
    ledgers = load_ledgers(tables)
    traced = narrowed(trace_by(ledgers, reported_claims(tables, ledgers), "fifo"), [case])
    start = shown_instant(page)
    page.get_by_role("button", name=WORDS("money.play"), exact=True).click()
    for _ in range(600):
        if shown_instant(page) > start + timedelta(hours=1):
            break
        page.wait_for_timeout(200)
    page.get_by_role("button", name=WORDS("money.pause"), exact=True).click()
    expect(page.get_by_role("button", name=WORDS("money.play"), exact=True)).to_be_visible(timeout=LONG)
    settled(page)
    at = shown_instant(page)
    assert at > start
    flow = flow_of(traced, until=round(at.timestamp()) * 1_000_000)
    expect(page.get_by_text(equation((flow.paid_fen, flow.held_fen, flow.ended_fen)))).to_be_visible()
    page.wait_for_timeout(4000)
    assert shown_instant(page) == at, "it stands still"


def shown_instant(page: Page) -> datetime:
    """What the slider and the minute beside it say."""
    hour = page.locator("[data-testid='stSliderThumbValue']").first.inner_text()
    minute = int(page.get_by_label(WORDS("money.minute"), exact=True).input_value())
    local = datetime.strptime(hour, "%Y-%m-%d %H:%M").replace(minute=minute, tzinfo=BEIJING)
    return local.astimezone(UTC)


def known(tables: LakeTables, case: str, at: datetime) -> tuple[int, int, int]:
    return paid(known_at(tables, at), case)


def test_levels_tables_and_methods_are_one_click_away(page: Page, tables: LakeTables, case: str) -> None:
    choose(page, "money.view_columns")
    boxes = page.locator(".flow .box")
    assert boxes.count() > 5
    boxes.nth(1).click()
    expect(page.get_by_text(WORDS("explore.evidence"))).to_be_visible(timeout=LONG)
    picture(page, "money-columns-en")
    choose(page, "money.view_lines")
    expect(page.get_by_text(re.compile("lines \\(victim and account\\)"))).to_be_visible(timeout=LONG)
    picture(page, "money-lines-en")
    page.get_by_role("button", name=WORDS("frame.download_xlsx")).click()
    with page.expect_download(timeout=LONG) as download:
        page.get_by_role("button", name="levels.xlsx").click(timeout=LONG)
    assert download.value.suggested_filename == "levels.xlsx"
    choose(page, "money.view_compare")
    expect(page.get_by_text(WORDS("money.compared_ends"))).to_be_visible(timeout=LONG)
    picture(page, "money-compare-en")


def first_node_at_rest(page: Page) -> tuple[float, float]:
    """Where the first node of the chart is on the page, once neither chart nor page move any more."""
    seen: list[tuple[float, float]] = []
    while len(seen) < 4 or len(set(seen[-4:])) > 1:
        assert len(seen) < 100, "the chart never comes to rest"
        page.wait_for_timeout(300)
        place = ask_chart(page, "const at = cy.nodes()[0].renderedPosition(); return [at.x, at.y];")
        box = page.locator(".stage").bounding_box()
        assert box is not None
        seen.append((box["x"] + place[0], box["y"] + place[1]))
    return seen[-1]


def test_the_chart_of_a_network_leads_to_the_money_of_an_account(
    page: Page, tables: LakeTables, case: str
) -> None:
    payments = reported_payments(tables).filter(case=case)
    account = str(payments["account"][0])
    open_screen(page, "", WORDS, "explore")
    page.get_by_placeholder(WORDS("explore.search")).fill(account)
    page.get_by_placeholder(WORDS("explore.search")).press("Enter")
    page.locator("[class*='st-key-hit-'] button").first.click()
    page.wait_for_selector(".stage canvas", state="attached", timeout=LONG)
    settled(page)
    page.mouse.click(*first_node_at_rest(page))
    page.get_by_role("button", name=WORDS("money.follow"), exact=True).click()
    expect(page.get_by_role("heading", name=WORDS("nav.money"), exact=True)).to_be_visible(timeout=LONG)
    expect(page.get_by_label(WORDS("money.account_backward"))).to_have_value(
        mask_key("Account", account), timeout=LONG
    )
    expect(page.locator(".flow .node.victim").first).to_be_visible(timeout=LONG)
    picture(page, "money-backward-en")
    # The search field of the other screen is gone, so nothing shows the whole number.
    assert account not in page.content()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_screen_is_quiet_in_both_languages_and_on_dark_ground(
    sample_home: LakeHome, browser: Browser, language: Language
) -> None:
    words = Words(language)
    environment = {"DUANLIAN_HOME": str(sample_home.root), "DUANLIAN_LANGUAGE": language}
    with (
        streamlit_app(APP, env=environment) as address,
        open_page(browser, width=1280, height=1000, scheme="dark") as watched,
    ):
        watched.page.set_default_timeout(LONG)
        open_screen(watched.page, address, words, "money")
        expect(watched.page.locator(".flow .head").first).to_have_text(words("money.victims"), timeout=LONG)
        picture(watched.page, f"money-{language}-dark")
        assert watched.page.locator("[data-testid='stException']").count() == 0
        full = re.compile(r"\d{16,19}")
        assert not full.search(watched.page.locator(".flow").inner_text())
