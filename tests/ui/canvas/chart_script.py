"""A page with one chart of 50 invented nodes; the browser tests drive it and read what Python got."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from ui.canvas.events import Act, CanvasEvent, Collapse, Expand, MenuChoice, Moved, Picture, Selected
from ui.canvas.model import (
    CanvasData,
    Command,
    Edge,
    Expansion,
    LegendEntry,
    LineStyle,
    MenuAction,
    Node,
    Ring,
    Shape,
)
from ui.canvas.widget import network_canvas
from ui.canvas.words import Lang

HOSTILE = '</script><img src=x onerror="window.canvasHacked=1"><b>粗</b>'
STRENGTHS: tuple[LineStyle, ...] = ("solid", "dashed", "dotted")
GREEN, WARM, BLUE, BROWN = "#2f7d55", "#b4541a", "#2b66a5", "#7b6046"
KINDS: dict[str, tuple[str, str, Shape, str]] = {
    "account": ("账户", GREEN, "round-rectangle", "卡"),
    "person": ("人员", WARM, "ellipse", "人"),
    "device": ("设备", BLUE, "hexagon", "机"),
    "parcel": ("包裹", BROWN, "diamond", "件"),
}


def start(number: int = 0) -> dict[str, Any]:
    """What is on the chart: ids of expanded nodes, events seen, the command."""
    return {"expanded": [], "events": [], "command": None, "empty": False, "key": f"chart{number}"}


def first_nodes() -> list[Node]:
    """26 accounts in four levels, 14 persons, 6 devices, 4 parcels; the names are invented."""
    nodes = []
    for i in range(26):
        level = 0 if i == 0 else 1 + (i - 1) % 3
        nodes.append(
            Node(
                f"a{i}", f"卡 6222****{i:04d}", "account", GREEN, "round-rectangle", "卡", 26 + (i % 4) * 5,
                level=level, group="甲团伙（虚构）" if i in (1, 4, 7) else None,
                rings=("frozen",) if i == 4 else ("suspect", "frozen") if i == 7 else (),
                title=(f"入账 {i + 1}.2万元", f"2024-03-{i + 1:02d} 09:05 首次"),
                expansions=(Expansion("transfer_out", "转账（转出）", 12 if i == 1 else 1204),
                            Expansion("device", "登录设备", 3), Expansion("sim", "手机卡", 0)),
                collapsible=i == 1,
            )
        )  # fmt: skip
    for i in range(14):
        label = HOSTILE if i == 13 else "受害人周某（虚构）" if i == 0 else f"张某{i}（虚构）"
        rings: tuple[Ring, ...] = (
            ("victim",) if i == 0 else ("suspect",) if i == 2 else ("listed",) if i == 3 else ()
        )
        badges = ("金", "卡") if i == 2 else ("车",) if i == 5 else ()
        title = (HOSTILE,) if i == 13 else ("430***********1234",)
        nodes.append(
            Node(f"p{i}", label, "person", WARM, "ellipse", "人", 30, rings=rings, badges=badges, title=title)
        )
    nodes += [Node(f"d{i}", f"设备 86****{i:03d}", "device", BLUE, "hexagon", "机", 26) for i in range(6)]
    nodes += [Node(f"w{i}", f"运单 SF****{i}", "parcel", BROWN, "diamond", "件", 28) for i in range(4)]
    return nodes


def first_edges() -> list[Edge]:
    """Transfers down the levels, holders, logins and parcels."""
    edges = []
    for i in range(1, 26):
        source = "a0" if i <= 3 else f"a{(i - 1) // 3 + 1 if (i - 1) // 3 + 1 != i else i - 1}"
        at = datetime(2024, 3, 1 + i, 1, 5, tzinfo=UTC)
        label = f"{i}.2万元 · {i % 5 + 1}笔 · 03-{i + 1:02d}"
        edges.append(
            Edge(
                f"t{i}", source, f"a{i}", "transfer", label, 1 + i % 5, colour=GREEN, at_first=at, at_last=at
            )
        )
    for i in range(14):
        style = STRENGTHS[i % 3]
        edges.append(Edge(f"h{i}", f"p{i}", f"a{i}", "holds", style=style, colour=WARM, arrow=False))
    edges += [
        Edge(f"l{i}", f"a{i * 2 + 1}", f"d{i % 6}", "login", colour=BLUE, arrow=False) for i in range(12)
    ]
    edges += [Edge(f"s{i}", f"p{i + 5}", f"w{i}", "sent", colour=BROWN) for i in range(4)]
    return edges


def fetched(ident: str) -> tuple[list[Node], list[Edge]]:
    """Twelve more accounts that the expanded node paid."""
    nodes = [
        Node(f"{ident}x{i}", f"卡 6217****{i:04d}", "account", GREEN, "round-rectangle", "卡")
        for i in range(12)
    ]
    edges = [
        Edge(f"{ident}y{i}", ident, f"{ident}x{i}", "transfer", f"{i}万元", colour=GREEN) for i in range(12)
    ]
    return nodes, edges


def legend() -> list[LegendEntry]:
    """Types, relations, strengths and rings."""
    entries = [
        LegendEntry("node", kind, text, colour, shape) for kind, (text, colour, shape, _) in KINDS.items()
    ]
    for kind, text, colour in (("transfer", "转账", GREEN), ("holds", "持有", WARM), ("login", "登录", BLUE)):
        entries.append(LegendEntry("edge", kind, text, colour))
    entries.append(LegendEntry("edge", "sent", "寄递", BROWN))
    strengths = (("solid", "已证实"), ("dashed", "未证实"), ("dotted", "推测"))
    entries += [LegendEntry("style", kind, text) for kind, text in strengths]
    rings = (("suspect", "嫌疑人"), ("victim", "受害人"), ("listed", "名单"), ("frozen", "已冻结"))
    return entries + [LegendEntry("ring", kind, text) for kind, text in rings]


def took(event: CanvasEvent) -> None:
    """Change the chart for an event, before the page is drawn; note a short form of it."""
    state = st.session_state.state
    match event:
        case Expand(ident, relation):
            state["expanded"].append(ident)
            note = f"expand {ident} {relation}"
        case Collapse(ident):
            state["expanded"] = [one for one in state["expanded"] if one != ident]
            note = f"collapse {ident}"
        case MenuChoice(ident, action, target):
            note = f"menu {target} {ident} {action}"
        case Act(action, nodes, edges, text):
            note = f"act {action} {len(nodes)} {len(edges)} {text}"
        case Moved(places):
            note = f"moved {' '.join(sorted(places))}"
        case Picture(command, png, svg):
            note = f"png {command} {len(png)} {len(svg)}"
            if "CANVAS_TEST_PNG" in os.environ:
                Path(os.environ["CANVAS_TEST_PNG"]).write_bytes(png or svg)
        case Selected(nodes, edges):
            note = f"selected {len(nodes)} {len(edges)}"
    state["events"].append(note)


def chart() -> CanvasData:
    """The chart as it is now."""
    state = st.session_state.state
    if state["empty"]:
        return CanvasData()
    nodes, edges = first_nodes(), first_edges()
    for ident in state["expanded"]:
        more = fetched(ident)
        nodes, edges = nodes + more[0], edges + more[1]
    follow = MenuAction("follow", "从这里追踪资金")
    note = "圆的大小 = 入账金额；线宽 = 金额（对数）"
    window = (
        (datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 9, tzinfo=UTC)) if state.get("window") else None
    )
    return CanvasData(nodes, edges, legend(), (follow,), state["command"], note=note, window=window)


st.set_page_config(layout="wide")
if "state" not in st.session_state:
    st.session_state.state = start()
st.session_state.runs = st.session_state.get("runs", 0) + 1
columns = st.columns(8)
if columns[6].button("Fresh"):
    st.session_state.state = start(st.session_state.runs)
if columns[0].button("Ask for a picture"):
    st.session_state.state["command"] = Command(f"c{st.session_state.runs}", "png")
if columns[7].button("Draw"):
    lines = ("Ring one <b>", "masked · UTC+8")
    st.session_state.state["command"] = Command(f"c{st.session_state.runs}", "svg", whole=False, lines=lines)
if columns[1].button("Empty"):
    st.session_state.state["empty"] = not st.session_state.state["empty"]
if columns[2].button("Levels"):
    st.session_state.state["command"] = Command(f"c{st.session_state.runs}", "layout", "layers")
if columns[3].button("Select two"):
    st.session_state.state["command"] = Command(f"c{st.session_state.runs}", "select", ids=("a1", "a2"))
if columns[4].button("Window"):
    st.session_state.state["window"] = not st.session_state.state.get("window")
away = columns[5].checkbox("Away")
lang: Lang = "zh" if os.environ.get("CANVAS_TEST_LANG") == "zh" else "en"
if not away:
    result = network_canvas(chart(), key=st.session_state.state["key"], height=680, lang=lang, on_event=took)
    st.text("selected: " + json.dumps([result.selected.nodes, result.selected.edges]))
st.text("events: " + " | ".join(st.session_state.state["events"]))
st.text("drawn: " + st.session_state.state["key"])
