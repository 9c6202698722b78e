"""Saved charts, the desk after a reload and findings' work, in a real browser: two people, both languages."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cases.access import Role, Subject
from cases.board import Board
from cases.charts.keeping import save_chart
from cases.charts.shelf import open_shelf
from cases.findings_status.acts import FindingActs, Status
from detect.store import open_detection
from graph.lake.home import LakeHome
from tests.browser import WatchedPage, chromium, open_page, streamlit_app
from tests.cases.charts.chart_home import AT, drawn
from tests.cases.roles.ring_home import ring_home
from tests.export.ring import account, person
from tests.ui.test_in_browser import LONG, ask_chart, open_screen, picture, settled, wait_for_nodes
from ui.words import Language, Words

APP = Path(__file__).parents[2] / "app.py"
LI, WANG = "李样警官", "王样警官"
SHOWN = (account(0), account(1), account(2), person(3))
PLACES = {account(0): (-300.0, -200.0), account(1): (300.0, -200.0), account(2): (0.0, 250.0)}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> LakeHome:
    """The ring, detected, with two charts of one person: one with places, one to merge."""
    made = ring_home(tmp_path_factory.mktemp("charts-home"))
    who = Subject(LI, Role.INVESTIGATOR, every_case=True)
    board = Board(SHOWN, places=PLACES)
    save_chart(made, who, drawn(made, board), "<b>环形</b> 图", AT, case_no="A0001")
    save_chart(made, who, drawn(made, Board((account(2), account(5)))), "第二张", AT)
    return made


@pytest.fixture(scope="module")
def desks(home: LakeHome) -> Iterator[dict[str, str]]:
    """Each person's own desk over that home: name -> address."""
    with ExitStack() as stack:
        given = {"DUANLIAN_HOME": str(home.root)}
        yield {
            name: stack.enter_context(
                streamlit_app(APP, env=given | {"DUANLIAN_LANGUAGE": language, "DUANLIAN_USER": name})
            )
            for name, language in ((LI, "zh"), (WANG, "en"))
        }


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@contextmanager
def visit(browser: Browser) -> Iterator[Page]:
    """A browser of somebody's own; deep links let Streamlit probe for its base path, which logs a 404."""
    with open_page(browser, width=1440, height=1000) as watched:
        watched.page.set_default_timeout(LONG)
        yield watched.page
        quiet_but_for_probes(watched)


def quiet_but_for_probes(watched: WatchedPage) -> None:
    watched.errors = [text for text in watched.errors if "status of 404" not in text]


def chart_is_back(page: Page, nodes: int) -> None:
    page.wait_for_selector(".chart .stage canvas", state="attached", timeout=LONG)
    settled(page)
    wait_for_nodes(page, lambda count: count == nodes)


def places(page: Page) -> list[list[int]]:
    """Where the nodes are drawn, by id."""
    found: list[list[int]] = ask_chart(
        page,
        "return cy.nodes().sort((a, b) => a.id() < b.id() ? -1 : 1)"
        ".map(n => [Math.round(n.position().x), Math.round(n.position().y)])",
    )
    return found


def panel(page: Page, words: Words, tab: str) -> None:
    """Open the panel of saved charts at a tab."""
    if page.get_by_role("tab", name=words("charts.tab_save"), exact=True).count() == 0:
        page.get_by_role("button", name=words("charts.panel")).click()
    page.get_by_role("tab", name=words(f"charts.tab_{tab}"), exact=True).click()


def no_personal_value(page: Page) -> None:
    """The address names a screen and handles only."""
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\w*\?[a-z]+=[\w-]+(&[a-z]+=[\w-]+)*", page.url), page.url
    assert not any(ref.key in page.url for ref in SHOWN)


def shared_and_commented(page: Page, other: Page, desks: dict[str, str]) -> None:
    """Shared, the clean link opens the chart, says nothing of the sender's desk, and takes a comment."""
    zh, en = Words("zh"), Words("en")
    panel(page, zh, "share")
    page.get_by_role("button", name=zh("charts.share"), exact=True).click()
    link = page.locator("[data-testid='stCode']", has_text="/explore?chart=").inner_text(timeout=LONG).strip()
    assert "desk" not in link and re.search(r"chart=[0-9a-f]{32}$", link)
    settled(page)
    other.goto(link.replace(desks[LI], desks[WANG]))
    chart_is_back(other, len(SHOWN))
    assert [-300, -200] in places(other)
    panel(other, en, "comments")
    other.get_by_label(en("charts.comment"), exact=True).fill("<img src=x onerror=alert(1)> check 1")
    other.get_by_label(en("charts.comment"), exact=True).press("Control+Enter")
    settled(other)
    other.get_by_role("button", name=en("charts.add_comment")).click()
    expect(other.get_by_text("<img src=x onerror=alert(1)> check 1").first).to_be_visible(timeout=LONG)
    picture(other, "charts-comment-en")
    settled(other)


def test_a_chart_survives_reload_and_is_shared_merged_and_commented(
    home: LakeHome, desks: dict[str, str], browser: Browser
) -> None:
    zh = Words("zh")
    with visit(browser) as page, visit(browser) as other:
        open_screen(page, desks[LI], zh, "charts")
        page.locator("[data-testid='stTextInput'] input").first.fill("A0001")
        page.locator("[data-testid='stTextInput'] input").first.press("Enter")
        settled(page)
        picture(page, "charts-zh")
        page.get_by_role("button", name=zh("charts.open"), exact=True).click()
        chart_is_back(page, len(SHOWN))
        expect(page.get_by_text("<b>环形</b> 图 · 第 1 版")).to_be_visible(timeout=LONG)
        before = places(page)
        assert [-300, -200] in before and [0, 250] in before
        no_personal_value(page)

        # What is not saved survives a reload, and can still be undone.
        panel(page, zh, "others")
        page.get_by_role("button", name=zh("charts.merge"), exact=True).click()
        wait_for_nodes(page, lambda count: count == len(SHOWN) + 1)
        settled(page)
        assert "desk=" in page.url
        page.reload()
        chart_is_back(page, len(SHOWN) + 1)
        expect(page.get_by_text(zh("charts.unsaved"))).to_be_visible(timeout=LONG)
        assert [-300, -200] in places(page)
        copied = page.url
        page.get_by_role("button", name=zh("explore.undo"), exact=True).click()
        wait_for_nodes(page, lambda count: count == len(SHOWN))
        settled(page)

        # A second person, with the very address of the first: neither the desk nor the unshared chart.
        other.goto(copied.replace(desks[LI], desks[WANG]))
        expect(other.get_by_text("There is no such chart, or it is not open to you")).to_be_visible(
            timeout=LONG
        )
        assert wait_for_nodes(other, lambda count: count == 0) == 0
        settled(other)

        shared_and_commented(page, other, desks)
    (chart,) = [one for one in open_shelf(home).charts.values() if one.case_no == "A0001"]
    assert [(one.by, one.text) for one in chart.comments] == [(WANG, "<img src=x onerror=alert(1)> check 1")]


def test_one_desk_unmasked_leaves_another_masked_and_a_reload_masks_again(
    desks: dict[str, str], browser: Browser
) -> None:
    words = Words("en")
    with visit(browser) as page, visit(browser) as other:
        for one in (page, other):
            open_screen(one, desks[WANG], words, "explore")
            box = one.get_by_label(words("explore.search"))
            box.fill(person(3).key)
            box.press("Enter")
            settled(one)
        page.get_by_role("button", name=words("frame.show_full")).click()
        page.get_by_label(words("frame.case_no"), exact=True).last.fill("A0001")
        page.get_by_label(words("frame.reason")).fill("who is it")
        page.get_by_label(words("frame.reason")).press("Enter")
        settled(page)
        page.get_by_role("button", name=words("frame.confirm"), exact=True).click()
        expect(page.get_by_text(words("frame.unmasked"))).to_be_visible(timeout=LONG)
        other.get_by_role("link", name=words("nav.findings"), exact=True).click()
        expect(other.get_by_text(words("frame.masked"))).to_be_visible(timeout=LONG)
        settled(other)
        page.reload()
        expect(page.get_by_text(words("frame.masked"))).to_be_visible(timeout=LONG)
        settled(page)


@pytest.mark.parametrize(("who", "language"), [(LI, "zh"), (WANG, "en")])
def test_a_finding_gets_a_status_and_its_link_opens_it(
    who: str, language: Language, home: LakeHome, desks: dict[str, str], browser: Browser
) -> None:
    words = Words(language)
    found = open_detection(home)
    with visit(browser) as page:
        open_screen(page, desks[who], words, "findings")
        page.get_by_text(words("work.do"), exact=True).click()
        page.get_by_label(words("work.reason"), exact=True).fill("看过流水")
        page.get_by_label(words("work.reason"), exact=True).press("Enter")
        settled(page)
        page.get_by_role("combobox", name=words("work.status")).last.click()
        review = {"zh": "核查中", "en": "in review"}[language]
        page.get_by_role("option", name=review, exact=True).click()
        settled(page)
        page.get_by_role("button", name=words("work.set_status"), exact=True).click()
        expect(page.get_by_text(re.compile(f"{words('work.title')}.*{review}"))).to_be_visible(timeout=LONG)
        settled(page)
        picture(page, f"finding-status-{language}")
        no_personal_value(page)
        page.reload()
        expect(page.get_by_text(re.compile(f"{words('work.title')}.*{review}"))).to_be_visible(timeout=LONG)
        settled(page)
        open_screen(page, desks[who], words, "cases")
        expect(page.get_by_text("A0001").first).to_be_attached(timeout=LONG)
        picture(page, f"cases-{language}")
    done = FindingActs(home).history()
    assert (done[-1].done_by, done[-1].value, done[-1].text) == (who, Status.REVIEW.value, "看过流水")
    assert open_detection(home) == found, "people's work changes no result"
