"""Selecting by line, legend and keys, hidden labels, the small map and the drawing, in a real browser."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.ui.canvas.chart_page import ask, heard, point_of, stage, wait_for
from ui.canvas.drawing import harmless_svg

pytestmark = pytest.mark.browser


def test_a_drawing_of_the_view_is_plain_shapes_with_every_text_escaped(
    page: Page, picture_path: Path
) -> None:
    ask(page, "cy.zoom(1.2); cy.center(cy.getElementById('p13'))")
    page.get_by_role("button", name="Draw", exact=True).click()
    heard(page, "png c")
    content = picture_path.read_bytes()
    assert harmless_svg(content)
    root = ElementTree.fromstring(content)  # noqa: S314  (checked the line before)
    texts = ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Ring one <b>", "masked · UTC+8", "人员"} <= set(texts)
    assert any("<img" in text for text in texts)
    width = ask(page, "return cy.width()")
    assert float(root.attrib["width"]) == width


def test_a_line_round_marks_selects_them(page: Page) -> None:
    around = ask(page, "const b = cy.getElementById('w1').renderedBoundingBox({includeLabels: false});"
                       " return [b.x1 - 12, b.y1 - 12, b.x2 + 12, b.y2 + 12]")  # fmt: skip
    inside = ask(
        page,
        """return cy.nodes().filter(n => { const p = n.renderedPosition();
        return p.x > arg[0] && p.x < arg[2] && p.y > arg[1] && p.y < arg[3]; }).map(n => n.id()).sort()""",
        around,
    )
    before = ask(page, "return [cy.pan().x, cy.pan().y]")
    box = stage(page).bounding_box()
    assert box is not None
    corners = [(0, 1), (2, 1), (2, 3), (0, 3)]
    page.locator(".chart").press("l")
    page.mouse.move(box["x"] + around[0], box["y"] + around[1])
    page.mouse.down()
    for x, y in corners[1:]:
        page.mouse.move(box["x"] + around[x], box["y"] + around[y], steps=6)
    page.mouse.up()
    expect(page.get_by_text("selected:")).to_have_text(f"selected: {json.dumps([inside, []])}")
    assert "w1" in inside
    assert ask(page, "return [cy.pan().x, cy.pan().y]") == before
    page.locator(".chart").press("i")
    expect(page.get_by_text("selected:")).not_to_contain_text('"w1"')
    assert ask(page, "return cy.nodes(':selected').length") == 50 - len(inside)


def test_a_double_click_in_the_legend_selects_all_of_a_type(page: Page) -> None:
    page.locator(".legend [data-filter='node:parcel']").dblclick()
    expect(page.get_by_text("selected:")).to_have_text('selected: [["w0", "w1", "w2", "w3"], []]')
    expect(page.locator(".status span")).to_have_text("50 nodes · 55 links")


def test_the_palette_does_what_is_typed(page: Page) -> None:
    page.locator(".chart").press("Control+k")
    page.keyboard.type("all nodes")
    expect(page.locator(".palette [role='option']")).to_have_count(1)
    page.keyboard.press("Enter")
    wait_for(page, lambda: ask(page, "return cy.nodes(':selected').length") == 50)
    expect(page.locator(".palette")).to_be_hidden()
    page.locator(".chart").press("Control+k")
    page.keyboard.type("group")
    expect(page.locator(".palette .none")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".chart")).to_be_focused()


def test_labels_can_be_hidden_everywhere_on_the_chart(page: Page) -> None:
    page.get_by_role("button", name="Hide labels").click()
    shown = ask(page, "return cy.nodes().map(n => n.style('label'))")
    assert {"人员 1", "账户 26", "设备 6"} <= set(shown)
    assert not [text for text in shown if "6222" in text or "某" in text]
    page.mouse.move(*point_of(page, "p1"))
    expect(page.locator(".card strong")).to_have_text("人员 2")
    expect(page.locator(".card")).not_to_contain_text("430*")
    page.mouse.move(5, 5)
    page.get_by_role("button", name="Hide labels").click()
    assert ask(page, "return cy.getElementById('p1').style('label')") == "张某1（虚构）"


def test_the_small_map_shows_when_something_lies_outside_and_moves_the_view(page: Page) -> None:
    expect(page.locator(".minimap")).to_be_hidden()
    ask(page, "cy.zoom(2); cy.center(cy.getElementById('a0'))")
    small = page.locator(".minimap canvas")
    expect(small).to_be_visible()
    before = ask(page, "return [cy.pan().x, cy.pan().y]")
    small.click(position={"x": 20, "y": 20})
    assert ask(page, "return [cy.pan().x, cy.pan().y]") != before
    page.get_by_title("Close the mini-map").click()
    expect(small).to_be_hidden()
