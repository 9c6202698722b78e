"""The contract of the canvas: what it refuses, what it sends, what it makes of the browser's answers."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from graph.errors import SchemaError
from ui.canvas.events import (
    PNG_HEAD,
    Collapse,
    Expand,
    MenuChoice,
    Moved,
    Picture,
    Selected,
    read_event,
)
from ui.canvas.model import CanvasData, Command, Edge, Expansion, LegendEntry, Node, payload
from ui.canvas.words import CANVAS_WORDS, canvas_words

A, B = Node("a", "甲（虚构）", "person"), Node("b", "乙（虚构）", "person")
AT = datetime(2024, 3, 1, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Node("", "x", "person"),
        lambda: Node("a", "x", "person", colour="red"),
        lambda: Node("a", "x", "person", icon="人人人"),
        lambda: Node("a", "x", "person", x=1.0),
        lambda: Node("a", "x", "person", x=float("nan"), y=0.0),
        lambda: Node("a", "x", "person", size=0),
        lambda: Edge("e", "a", "b", "paid", at_first=datetime(2024, 3, 1)),
        lambda: Edge("e", "a", "b", "paid", width=0),
        lambda: CanvasData([A, A]),
        lambda: CanvasData([A, B], [Edge("a", "a", "b", "paid")]),
        lambda: CanvasData([A], [Edge("e", "a", "b", "paid")]),
        lambda: CanvasData(window=(AT, datetime(2024, 2, 1, tzinfo=UTC))),
    ],
)
def test_what_cannot_be_drawn_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(SchemaError):
        make()


def test_a_refusal_names_no_label_and_no_id() -> None:
    with pytest.raises(SchemaError) as caught:
        CanvasData([A], [Edge("6222020000000000000", "a", "13000000000", "paid")])
    assert "6222" not in caught.value.message
    assert "1300" not in caught.value.message


def test_the_message_is_json_without_defaults() -> None:
    counted = Node(
        "c", "丙（虚构）", "account", expansions=(Expansion("paid", "转账", 0),), level=0, x=0.0, y=0.0
    )
    edge = Edge("e", "a", "c", "paid", arrow=False, at_first=AT, at_last=AT)
    command = Command("1", "layout", "layers")
    sent = json.loads(json.dumps(payload(CanvasData([A, counted], [edge], [], command=command))))
    assert sent["nodes"][0] == {
        "id": "a",
        "label": "甲（虚构）",
        "type": "person",
        "colour": "#5f6b7a",
        "shape": "ellipse",
        "size": 30,
    }
    assert sent["nodes"][1]["level"] == 0
    assert (sent["nodes"][1]["x"], sent["nodes"][1]["y"]) == (0, 0)
    assert sent["nodes"][1]["expansions"] == [{"relation": "paid", "label": "转账", "count": 0}]
    assert "arrow" not in sent["edges"][0]
    assert sent["edges"][0]["at_first"] == 1709255100000
    assert sent["command"] == {
        "id": "1",
        "op": "layout",
        "layout": "layers",
        "ids": [],
        "whole": True,
        "lines": [],
    }


def test_a_legend_count_of_zero_is_sent() -> None:
    entry = LegendEntry("node", "person", "人员", count=0)
    sent = payload(CanvasData(legend=[entry]))["legend"]
    assert isinstance(sent, list)
    assert sent[0]["count"] == 0


def test_an_empty_chart_is_a_message_too() -> None:
    assert payload(CanvasData())["nodes"] == []


def test_events_come_back_typed() -> None:
    png = base64.b64encode(PNG_HEAD + b"x").decode()
    assert read_event("selected", {"nodes": ["a"], "edges": []}) == Selected(("a",))
    assert read_event("expand", {"id": "a", "relation": None}) == Expand("a")
    assert read_event("expand", {"id": "a", "relation": "paid"}) == Expand("a", "paid")
    assert read_event("collapse", {"id": "a"}) == Collapse("a")
    assert read_event("menu", {"id": "e", "action": "why", "target": "edge"}) == MenuChoice(
        "e", "why", "edge"
    )
    moved = read_event("moved", {"places": {"a": [1, 2.5]}, "before": {"a": [0, 0]}})
    assert moved == Moved({"a": (1.0, 2.5)}, {"a": (0.0, 0.0)})
    assert read_event("png", {"command": "1", "data": png}) == Picture("1", PNG_HEAD + b"x")


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("expand", None),
        ("expand", {"id": 7}),
        ("menu", {"id": "a"}),
        ("moved", {"places": {"a": [1]}}),
        ("moved", {"places": {"a": [1, float("inf")]}}),
        ("moved", {"places": {"a": ["1", "2"]}, "before": 7}),
        ("png", {"command": "1", "data": "not base64!"}),
        ("png", {"command": "1", "data": base64.b64encode(b"<svg>").decode()}),
        ("other", {"id": "a"}),
    ],
)
def test_answers_out_of_shape_are_no_events(name: str, raw: object) -> None:
    assert read_event(name, raw) is None


def test_every_text_stands_in_both_languages() -> None:
    for name, text in CANVAS_WORDS.items():
        assert set(text) == {"zh", "en"}, name
        assert all(text.values()), name
    assert set(canvas_words("zh")) == set(CANVAS_WORDS)


def test_a_screen_may_replace_a_text_but_not_invent_one() -> None:
    assert canvas_words("en", {"empty": "Open a gang."})["empty"] == "Open a gang."
    with pytest.raises(SchemaError, match="emtpy"):
        canvas_words("en", {"emtpy": "x"})
