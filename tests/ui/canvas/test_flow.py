"""The money flow's data: what could be drawn wrongly is refused before it reaches the browser."""

import pytest

from graph.errors import SchemaError
from ui.canvas.flow import FlowColumn, FlowData, FlowLink, FlowNode, read_chosen

HEADS = (FlowColumn("victims"), FlowColumn("level 1"))
START, END = FlowNode("a", "victim", 0, "V", "1.00"), FlowNode("b", "account", 1, "A", "1.00")


def test_a_band_leads_to_a_later_column() -> None:
    FlowData(HEADS, (START, END), (FlowLink("l", "a", "b", 100, "1.00"),))
    for source, target in (("b", "a"), ("a", "a"), ("a", "nobody")):
        with pytest.raises(SchemaError, match="later column"):
            FlowData(HEADS, (START, END), (FlowLink("l", source, target, 100, "1.00"),))


def test_a_node_stands_once_and_under_a_heading() -> None:
    with pytest.raises(SchemaError, match="one id"):
        FlowData(HEADS, (START, START))
    with pytest.raises(SchemaError, match="no heading"):
        FlowData(HEADS[:1], (START, END))


def test_a_band_without_money_is_refused() -> None:
    with pytest.raises(SchemaError, match="above 0"):
        FlowLink("l", "a", "b", 0, "0.00")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"id": "a"}, "a"),
        ({"id": None}, None),
        ({"id": ""}, None),
        ({}, None),
        (None, None),
        ({"id": 3}, None),
    ],
)
def test_what_the_browser_sends_is_read_with_care(raw: object, said: str | None) -> None:
    assert read_chosen(raw) == said
