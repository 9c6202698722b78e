"""Looks at the chart of a page and does what a hand would do to it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect


def stage(page: Page) -> Locator:
    """The element cytoscape draws in."""
    return page.locator(".stage")


def ask(page: Page, script: str, arg: object = None) -> Any:
    """What a script says about the chart; it gets the cytoscape instance and `arg`."""
    return stage(page).evaluate(f"(element, arg) => {{ const cy = element._cyreg.cy; {script} }}", arg)


def places(page: Page) -> dict[str, list[float]]:
    """Every node's place on the chart."""
    script = "return Object.fromEntries(cy.nodes().map(n => [n.id(), [n.position('x'), n.position('y')]]))"
    found: dict[str, list[float]] = ask(page, script)
    return found


def point_of(page: Page, ident: str) -> tuple[float, float]:
    """Where a node or the middle of a line is on screen."""
    script = """
        const mark = cy.getElementById(arg);
        const at = mark.isNode() ? mark.renderedPosition() : mark.renderedMidpoint();
        return [at.x, at.y];
    """
    at = ask(page, script, ident)
    box = stage(page).bounding_box()
    assert box is not None
    return box["x"] + at[0], box["y"] + at[1]


def click(page: Page, ident: str, **options: Any) -> None:
    """Click a mark of the chart."""
    page.mouse.click(*point_of(page, ident), **options)


def heard(page: Page, text: str) -> None:
    """Wait until Python noted this event."""
    expect(page.get_by_text("events:")).to_contain_text(text)


def wait_for(page: Page, holds: Callable[[], bool]) -> None:
    """Wait up to ten seconds until something about the chart holds."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    pytest.fail("the chart did not change within ten seconds")
