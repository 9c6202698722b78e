"""The canvas in a real browser: what is drawn, what reaches Python, what must never happen."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import open_page
from tests.ui.canvas.chart_page import ask, click, heard, places, point_of, stage, wait_for

pytestmark = pytest.mark.browser


def test_a_click_selects_and_empty_ground_clears(page: Page) -> None:
    click(page, "p3")
    expect(page.get_by_text("selected:")).to_have_text('selected: [["p3"], []]')
    box = stage(page).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 15, box["y"] + 60)
    expect(page.get_by_text("selected:")).to_have_text("selected: [[], []]")


def test_a_double_click_expands_near_the_node_and_moves_nothing_else(page: Page) -> None:
    before, view = places(page), ask(page, "return [cy.zoom(), cy.pan().x, cy.pan().y]")
    click(page, "a1", click_count=2)
    heard(page, "expand a1 None")
    expect(page.locator(".status span")).to_have_text("62 nodes · 67 links")
    after = places(page)
    assert max(abs(a - b) for i, old in before.items() for a, b in zip(old, after[i], strict=True)) < 0.001
    assert ask(page, "return [cy.zoom(), cy.pan().x, cy.pan().y]") == view
    new = {i: at for i, at in after.items() if i not in before}
    assert len(new) == 12
    x, y = after["a1"]
    assert all(abs(at[0] - x) < 500 and abs(at[1] - y) < 500 for at in new.values())
    assert len({(round(at[0]), round(at[1])) for at in new.values()}) == 12
    expect(page.get_by_text("selected:")).to_have_text('selected: [["a1"], []]')


def test_what_would_drown_the_chart_opens_the_menu_with_counts_first(page: Page) -> None:
    click(page, "a2", click_count=2)
    menu = page.get_by_role("menu")
    expect(menu.get_by_role("menuitem", name="转账（转出）")).to_contain_text("1,204")
    expect(menu.get_by_role("menuitem", name="手机卡")).to_be_disabled()
    assert "expand" not in page.get_by_text("events:").inner_text()
    menu.get_by_role("menuitem", name="登录设备").click()
    heard(page, "expand a2 device")


def test_the_menu_reaches_python_for_nodes_and_lines(page: Page) -> None:
    click(page, "a1", button="right")
    page.get_by_role("menuitem", name="Collapse").click()
    heard(page, "collapse a1")
    click(page, "a1", button="right")
    page.get_by_role("menuitem", name="从这里追踪资金").click()
    heard(page, "menu node a1 follow")
    click(page, "h10", button="right")
    page.get_by_role("menuitem", name="Show why").click()
    heard(page, "menu edge h10 why")


def test_the_legend_filters_and_counts(page: Page) -> None:
    row = page.locator(".legend [data-filter='node:person']")
    expect(row).to_contain_text("14")
    row.click()
    expect(page.locator(".status span")).to_have_text("36 / 50 nodes · 37 / 55 links")
    assert ask(page, "return cy.getElementById('p1').visible()") is False
    expect(row).to_have_attribute("aria-pressed", "false")
    row.click()
    expect(page.locator(".status span")).to_have_text("50 nodes · 55 links")
    page.locator(".legend [data-filter='style:dotted']").click()
    expect(page.locator(".status span")).to_have_text("50 nodes · 51 / 55 links")


def test_hiding_is_shown_and_undone(page: Page) -> None:
    click(page, "p3")
    expect(page.get_by_text("selected:")).to_contain_text("p3")
    page.keyboard.press("h")
    expect(page.locator(".status span")).to_have_text("49 / 50 nodes · 54 / 55 links · 1 hidden")
    page.keyboard.press("z")
    expect(page.locator(".status span")).to_have_text("50 nodes · 55 links")
    page.keyboard.press("y")
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".status span")).to_have_text("50 nodes · 55 links")


def test_a_drag_stays_is_reported_and_undone(page: Page) -> None:
    before = places(page)
    x, y = point_of(page, "w1")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 10, steps=4)
    page.mouse.move(x + 60, y + 20, steps=4)
    page.mouse.up()
    heard(page, "moved w1")
    after = places(page)
    assert [i for i in after if after[i] != before[i]] == ["w1"]
    page.locator(".chart").press("z")
    assert places(page) == before


def test_a_box_with_shift_selects_many(page: Page) -> None:
    box = stage(page).bounding_box()
    assert box is not None
    page.keyboard.down("Shift")
    page.mouse.move(box["x"] + box["width"] - 10, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 300, steps=5)
    page.mouse.move(box["x"] + 280, box["y"] + box["height"] - 60, steps=5)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect(page.get_by_text("selected:")).to_contain_text("a19")


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    chart = page.locator(".chart")
    expect(chart).to_have_attribute(
        "aria-label", "Network chart. Arrow keys select nodes, E expands, M opens the menu."
    )
    chart.focus()
    page.keyboard.press("/")
    page.keyboard.type("6222****0001")
    expect(page.locator(".search .count")).to_have_text("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("selected:")).to_contain_text('["a1"]')
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(chart).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("selected:")).not_to_contain_text('["a1"]')
    page.keyboard.press("Escape")
    expect(page.get_by_text("selected:")).to_have_text("selected: [[], []]")


@pytest.mark.parametrize("name", ["layers", "radial", "time"])
def test_each_layout_separates_all_nodes_and_can_be_undone(page: Page, name: str) -> None:
    before = places(page)
    page.locator(".toolbar select").select_option(name)
    heard(page, "moved")
    after = places(page)
    assert after != before
    assert len({(round(x), round(y)) for x, y in after.values()}) == 50
    page.locator(".chart").press("z")
    assert places(page) == before


def test_levels_run_from_left_to_right(page: Page) -> None:
    page.get_by_role("button", name="Levels").click()
    heard(page, "moved")
    at = places(page)
    assert at["a0"][0] < at["a1"][0] < at["a2"][0] < at["a3"][0]


def test_markup_in_the_data_stays_text(page: Page) -> None:
    page.mouse.move(*point_of(page, "p13"))
    expect(page.locator(".card")).to_contain_text("<img src=x onerror=")
    click(page, "p13", button="right")
    expect(page.locator(".menu .head")).to_contain_text("</script><img")
    assert page.locator(".chart img").count() == 0
    assert page.evaluate("() => window.canvasHacked") is None


def test_what_lies_outside_the_window_fades_and_stays(page: Page) -> None:
    page.get_by_role("button", name="Window").click()
    wait_for(page, lambda: ask(page, "return cy.edges('.outside').length") > 0)
    assert ask(page, "return cy.getElementById('t2').hasClass('outside')") is False
    assert ask(page, "return cy.getElementById('t20').hasClass('outside')") is True
    assert ask(page, "return cy.getElementById('t20').visible()") is True


def test_python_asks_for_a_picture_and_gets_one(page: Page, picture_path: Path) -> None:
    page.get_by_role("button", name="Ask for a picture").click()
    heard(page, "png c")
    data = picture_path.read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    assert width > 800
    assert height > 800
    assert page.get_by_text("events:").inner_text().count("png") == 1


def test_a_selection_from_python_is_drawn(page: Page) -> None:
    page.get_by_role("button", name="Select two").click()
    expect(page.get_by_text("selected:")).to_have_text('selected: [["a1", "a2"], []]')
    assert ask(page, "return cy.$(':selected').map(e => e.id()).sort()") == ["a1", "a2"]


def test_leaving_the_page_and_coming_back_finds_the_chart_as_it_was(page: Page) -> None:
    click(page, "p3")
    expect(page.get_by_text("selected:")).to_contain_text("p3")
    page.keyboard.press("h")
    click(page, "p5")
    expect(page.get_by_text("selected:")).to_contain_text("p5")
    ask(page, "cy.zoom(0.9); cy.pan({x: 400, y: 300})")
    before = places(page)
    page.get_by_text("Away").click()
    expect(page.locator(".chart")).to_have_count(0)
    page.get_by_text("Away").click()
    expect(page.locator(".status span")).to_contain_text("1 hidden")
    assert places(page) == before
    assert ask(page, "return [cy.zoom(), cy.pan().x, cy.pan().y]") == [0.9, 400, 300]
    expect(page.get_by_text("selected:")).to_contain_text("p5")


def test_an_empty_chart_says_what_would_be_here(page: Page) -> None:
    page.get_by_role("button", name="Empty").click()
    expect(page.locator(".empty")).to_contain_text("Search for an identifier or open a gang.")
    expect(page.locator(".toolbar")).to_be_hidden()


def test_the_chart_follows_the_page_into_the_dark_and_back(page: Page) -> None:
    def label() -> str:
        return str(ask(page, "return cy.getElementById('a0').style('color')"))

    light = label()
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    wait_for(page, lambda: label() != light)
    dark = label()
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    wait_for(page, lambda: label() == light)
    assert dark != light


def test_the_same_data_give_the_same_picture(browser: Browser, address: str, page: Page) -> None:
    with open_page(browser) as watched:
        watched.page.goto(address)
        expect(watched.page.locator(".status span")).to_have_text("50 nodes · 55 links")
        assert places(watched.page) == places(page)
