"""The hands on the chart of the real app: groups, notes, strengths, one history, pictures and audit."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from cases.audit import Audit, audit_path
from graph.lake.home import LakeHome, lake_home
from tests.browser import chromium_page, streamlit_app
from ui.canvas import build
from ui.canvas.drawing import harmless_svg
from ui.words import Words

APP = Path(__file__).parents[2] / "app.py"
LONG = 120_000
WORDS = Words("en")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def home(sample_home: LakeHome, tmp_path_factory: pytest.TempPathFactory) -> LakeHome:
    """The sample in a home of its own: exports write to its audit."""
    return lake_home(copytree(sample_home.root, tmp_path_factory.mktemp("hands") / "home"))


@pytest.fixture(scope="module")
def page(home: LakeHome) -> Iterator[Page]:
    """The chart of the first gang, opened once."""
    build.build()
    environment = {
        "DUANLIAN_HOME": str(home.root),
        "DUANLIAN_LANGUAGE": "en",
        "DUANLIAN_ROLE": "investigator",
    }
    with streamlit_app(APP, env=environment) as address, chromium_page(width=1600, height=1100) as watched:
        opened = watched.page
        opened.set_default_timeout(LONG)
        opened.goto(address)
        opened.get_by_role("link", name=WORDS("nav.gangs"), exact=True).click()
        opened.get_by_role("button", name=WORDS("gangs.open_chart")).click()
        opened.wait_for_selector(".stage canvas", state="attached")
        until(opened, lambda: count(opened) > 5)
        yield opened


def ask(page: Page, script: str, arg: object = None) -> Any:
    """What a script says about the chart; it gets the cytoscape instance and `arg`."""
    return page.locator(".stage").evaluate(
        f"(element, arg) => {{ const cy = element._cyreg.cy; {script} }}", arg
    )


def count(page: Page, kind: str = "nodes") -> int:
    """How many nodes, or edges, are drawn."""
    return int(ask(page, f"return cy.{kind}().length"))


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something about the chart holds and Streamlit is at rest."""
    for _ in range(300):
        if holds():
            page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']")
            return
        page.wait_for_timeout(200)
    pytest.fail("the chart did not change within a minute")


def places(page: Page) -> dict[str, list[float]]:
    """Where every node stands."""
    found: dict[str, list[float]] = ask(
        page, "return Object.fromEntries(cy.nodes().map(n => [n.id(), [n.position('x'), n.position('y')]]))"
    )
    return found


def choose(page: Page, ids: list[str]) -> None:
    """Select marks as a hand would have done."""
    ask(page, "cy.$(':selected').unselect(); arg.forEach(id => cy.getElementById(id).select())", ids)
    page.locator(".chart").focus()


def press(page: Page, key: str) -> None:
    """A key on the chart."""
    page.locator(".chart").press(key)


def undo(page: Page, holds: Callable[[], bool]) -> None:
    """One step back by the key, until the chart shows it."""
    press(page, "z")
    until(page, holds)


def test_a_group_has_a_name_and_sums_and_comes_apart_where_its_nodes_stood(page: Page) -> None:
    before, lines = places(page), count(page, "edges")
    members = ask(page, "return cy.nodes('[type = \"Account\"]').slice(0, 3).map(n => n.id())")
    choose(page, members)
    press(page, "g")
    page.locator(".ask input").fill("取款 <b>one</b>")
    page.keyboard.press("Enter")
    until(page, lambda: count(page) == len(before) - 2)
    label = "return cy.nodes().filter(n => n.data('kind') === 'group').map(n => n.data('label'))"
    assert ask(page, label) == ["取款 <b>one</b> (3)"]
    mark = ask(page, "return cy.nodes().filter(n => n.data('kind') === 'group').map(n => n.id())")
    assert mark[0] not in before
    choose(page, mark)
    press(page, "Enter")
    expect(page.get_by_text("Members: 3 · Bank account 3")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("取款 <b>one</b>", exact=True).first).to_be_visible(timeout=LONG)
    expect(page.get_by_text(WORDS("hands.outgoing"), exact=True)).to_be_visible(timeout=LONG)
    press(page, "g")
    until(page, lambda: count(page) == len(before))
    assert places(page) == before
    assert count(page, "edges") == lines


def test_moves_hides_and_groups_go_back_in_the_order_they_were_done(page: Page) -> None:
    before = places(page)
    first, second, third = list(before)[:3]
    drag = "const n = cy.getElementById(arg); n.emit('grab'); n.position({x: 7, y: 9}); n.emit('dragfree')"
    ask(page, drag, first)
    moved = {**before, first: [7, 9]}
    button = page.get_by_role("button", name="History (")
    until(page, lambda: steps(page) == 4)
    choose(page, [second])
    press(page, "h")
    until(page, lambda: steps(page) == 5)
    choose(page, [first, third])
    press(page, "g")
    page.keyboard.press("Enter")
    until(page, lambda: steps(page) == 6)
    assert count(page) == len(before) - 1
    undo(page, lambda: count(page) == len(before))
    assert places(page) == moved
    assert ask(page, "return cy.getElementById(arg).visible()", second) is False
    undo(page, lambda: bool(ask(page, "return cy.getElementById(arg).visible()", second)))
    page.get_by_role("button", name=WORDS("explore.undo")).click()
    until(page, lambda: near(places(page), before))
    press(page, "y")
    until(page, lambda: near(places(page), moved))
    button.click()
    page.get_by_role("button", name="0. Start").wait_for()
    page.get_by_role("button", name="1. Nodes added").click()
    until(page, lambda: steps(page) == 1)
    assert near(places(page), before)


def steps(page: Page) -> int:
    """How many steps the history says there are behind the present."""
    return int(page.get_by_role("button", name="History (").inner_text().split("(")[1].split(")")[0])


def near(one: dict[str, list[float]], other: dict[str, list[float]]) -> bool:
    """Whether all nodes stand where they should; places travel with one decimal."""
    pairs = ((one[ident], other[ident]) for ident in other if ident in one)
    return set(one) == set(other) and all(
        abs(a - b) < 0.06 for p, q in pairs for a, b in zip(p, q, strict=True)
    )


def test_a_note_and_a_judgement_are_said_and_never_make_a_line_surer(page: Page) -> None:
    node = ask(page, "return cy.nodes('[type = \"Account\"]')[0].id()")
    choose(page, [node])
    press(page, "n")
    page.locator(".ask textarea").fill("</script><img src=x onerror=1> 见卷宗")
    page.keyboard.press("Control+Enter")
    until(page, lambda: ask(page, "return cy.getElementById(arg).style('label')", node).startswith("※"))
    choose(page, [node])
    press(page, "Enter")
    expect(page.get_by_text("</script><img src=x onerror=1> 见卷宗")).to_be_visible(timeout=LONG)
    line = ask(page, "return cy.edges('[style = \"solid\"]')[0].id()")
    choose(page, [line])
    press(page, "m")
    page.get_by_role("menuitem", name="Tentative", exact=True).click()
    until(page, lambda: ask(page, "return cy.getElementById(arg).data('style')", line) == "dotted")
    assert WORDS("hands.judged") in ask(page, "return cy.getElementById(arg).data('label')", line)
    choose(page, [line])
    press(page, "m")
    page.get_by_role("menuitem", name="As the rows say", exact=True).click()
    until(page, lambda: ask(page, "return cy.getElementById(arg).data('style')", line) == "solid")


def test_a_picture_is_offered_only_after_the_audit_has_it(page: Page, home: LakeHome) -> None:
    known = len(Audit(audit_path(home)).rows(1000))
    page.get_by_role("button", name=WORDS("hands.picture"), exact=True).click()
    body = page.locator("[data-testid=stPopoverBody]")
    body.get_by_text("SVG", exact=True).click()
    body.get_by_role("button", name=WORDS("hands.picture_make")).click()
    with page.expect_download(timeout=LONG) as download:
        body.get_by_role("button", name=".svg").click()
    content = Path(download.value.path()).read_bytes()
    assert harmless_svg(content)
    root = ElementTree.fromstring(content)  # noqa: S314  (checked the line before)
    texts = ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any("masked" in text for text in texts)
    assert any("UTC+8" in text for text in texts)
    done, intent = Audit(audit_path(home)).rows(1000)[: -known or None][:2]
    assert (intent["action"], intent["outcome"]) == ("export", "intent")
    assert (done["outcome"], done["rows"]) == ("done", count(page) + count(page, "edges"))
    assert Audit(audit_path(home)).verify().bad_seq is None
