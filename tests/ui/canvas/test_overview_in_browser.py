"""The overview in a real browser: drawn by WebGL, chosen, found, filtered, opened; and without WebGL."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.errors import SchemaError
from tests.browser import open_page, streamlit_app
from ui.canvas import build
from ui.canvas.overview import Kind, Mark, OverviewData, payload, read_id
from ui.words import Words

SCRIPT = Path(__file__).with_name("overview_script.py")
LONG = 90_000
# What the software renderer says of itself when sigma asks which node is under the pointer.
_DRIVER = "GPU stall due to ReadPixels"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    build.build()
    with streamlit_app(SCRIPT, cwd=tmp_path_factory.mktemp("served")) as url:
        yield url


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page, opened once; nothing left the machine, nothing was logged but the driver's note."""
    with open_page(browser) as watched:
        watched.page.set_default_timeout(LONG)
        watched.page.goto(address)
        expect(watched.page.locator(".overview[data-state=drawn]")).to_be_visible(timeout=LONG)
        yield watched.page
        watched.errors = [error for error in watched.errors if _DRIVER not in error]


def ask(page: Page, script: str, arg: object = None) -> Any:
    """What a script says about the picture; it gets sigma, its graph and `arg`."""
    whole = f"(stage, arg) => {{ const sigma = stage.sigma, graph = sigma.getGraph(); {script} }}"
    return page.locator(".overview .stage").evaluate(whole, arg)


def spot_of(page: Page, node: str) -> tuple[float, float]:
    """Where a node stands on the page."""
    script = (
        "const at = sigma.graphToViewport(graph.getNodeAttributes(arg)), box = stage.getBoundingClientRect();"
        "return [at.x + box.x, at.y + box.y]"
    )
    x, y = ask(page, script, node)
    return x, y


def go_to(page: Page, node: str) -> tuple[float, float]:
    """Zoom in on a node: there no other lies over it."""
    ask(
        page,
        "const { x, y } = sigma.getNodeDisplayData(arg); sigma.getCamera().setState({ x, y, ratio: .04 })",
        node,
    )
    page.wait_for_timeout(200)
    return spot_of(page, node)


@pytest.mark.browser
def test_all_nodes_and_links_are_drawn_where_python_put_them(page: Page) -> None:
    expect(page.locator(".status")).to_have_text("3,000 nodes · 5,000 links")
    assert ask(page, "return [graph.order, graph.size]") == [3000, 5000]
    places = ask(page, "return [graph.getNodeAttribute(5, 'x'), graph.getNodeAttribute(5, 'y')]")
    again = ask(page, "return sigma.getNodeDisplayData(5) !== undefined && graph.nodes().length")
    assert all(isinstance(v, int | float) for v in places)
    assert again == 3000
    # Something of the nodes' colour is on the canvas: WebGL did draw.
    assert len(page.locator(".overview .stage").screenshot()) > 20_000


@pytest.mark.browser
def test_a_click_chooses_and_a_double_click_opens(page: Page) -> None:
    x, y = go_to(page, "42")
    page.mouse.move(x + 30, y + 30)
    page.mouse.move(x, y, steps=3)
    expect(page.locator(".overview .card strong")).to_have_text("虚构0042")
    page.mouse.click(x, y)
    expect(page.get_by_text("chosen: h42")).to_be_visible(timeout=LONG)
    page.wait_for_timeout(400)
    x, y = go_to(page, "43")
    page.mouse.move(x, y, steps=3)
    page.mouse.dblclick(x, y)
    expect(page.get_by_text("opened: ['h43']")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("chosen: h42")).to_be_visible()


@pytest.mark.browser
def test_what_is_found_is_marked_and_gone_to(page: Page) -> None:
    field = page.locator(".overview .search input")
    field.fill("虚构012")
    expect(page.locator(".overview .search .count")).to_have_text("10")
    field.press("Enter")
    expect(page.locator(".overview .search .count")).to_have_text("1 / 10")
    expect(page.get_by_text("chosen: h120")).to_be_visible(timeout=LONG)
    field.fill("img src")
    expect(page.locator(".overview .search .count")).to_have_text("1")
    field.press("Enter")
    expect(page.get_by_text("chosen: h7", exact=True)).to_be_visible(timeout=LONG)
    x, y = go_to(page, "7")
    page.mouse.move(x + 20, y + 20)
    page.mouse.move(x, y, steps=3)
    expect(page.locator(".overview .card strong")).to_contain_text("</script><img")
    assert page.evaluate("window.canvasHacked") is None
    field.fill("")


@pytest.mark.browser
def test_a_line_of_the_legend_hides_its_nodes_and_the_camera_survives_leaving(page: Page) -> None:
    page.locator(".overview [data-filter='node:Person']").click()
    expect(page.locator(".status")).to_have_text("2,700 / 3,000 nodes · 5,000 links")
    assert ask(page, "return [sigma.getNodeDisplayData(10).hidden, sigma.getNodeDisplayData(11).hidden]") == [
        True,
        False,
    ]
    page.locator(".overview [data-filter='node:Person']").click()
    go_to(page, "99")
    before = ask(page, "const s = sigma.getCamera().getState(); return [s.x, s.y, s.ratio]")
    away = page.get_by_text("Away")
    away.click()
    expect(page.locator(".overview")).to_have_count(0)
    away.click()
    expect(page.locator(".overview[data-state=drawn]")).to_be_visible(timeout=LONG)
    assert ask(page, "const s = sigma.getCamera().getState(); return [s.x, s.y, s.ratio]") == before
    page.get_by_role("button", name="Fit").click()
    assert ask(page, "return sigma.getCamera().getState().ratio") == 1


@pytest.mark.browser
def test_without_webgl_it_says_so(browser: Browser, address: str) -> None:
    with open_page(browser) as watched:
        watched.page.add_init_script(
            "const get = HTMLCanvasElement.prototype.getContext;"
            "HTMLCanvasElement.prototype.getContext = function (kind, ...more) {"
            " return String(kind).startsWith('webgl') ? null : get.call(this, kind, ...more); };"
        )
        watched.page.goto(address)
        expect(watched.page.get_by_text(Words("en")("large.no_webgl"))).to_be_visible(timeout=LONG)


def test_an_overview_that_does_not_hold_together_is_refused() -> None:
    kind = Kind("Account", "账户", "#1b7f5c")
    mark = Mark("a", "甲", "Account", 30, 0, 0)
    with pytest.raises(SchemaError, match="link has no end"):
        OverviewData([mark], [(0, 1, "TRANSFER")], [kind], [Kind("TRANSFER", "转账", "#1b7f5c")])
    with pytest.raises(SchemaError, match="isn't in the legend"):
        OverviewData([mark], [], [])
    with pytest.raises(SchemaError, match="have one id"):
        OverviewData([mark, mark], [], [kind])
    with pytest.raises(SchemaError, match="isn't finite"):
        OverviewData([Mark("a", "甲", "Account", 30, float("nan"), 0)], [], [kind])


def test_what_is_drawn_is_named_by_its_content() -> None:
    kind = Kind("Account", "账户", "#1b7f5c")
    one, two = (OverviewData([Mark("a", "甲", "Account", 30, x, 0)], [], [kind]) for x in (0.0, 1.0))
    assert payload(one)["digest"] == payload(one)["digest"] != payload(two)["digest"]
    assert read_id({"id": "a"}) == "a"
    assert read_id({"id": 7}) is None
    assert read_id("a") is None
