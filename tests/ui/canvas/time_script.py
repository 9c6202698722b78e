"""A page with one chart and its time axis over invented events; the browser tests drive it.

TIME_TEST_LINES: how many lines the chart has, 24 by default. Line `t3` has events on the third and thirteenth
day of March 2024 at 09:00 UTC+8, and so on.
"""

import json
import os
from datetime import UTC, datetime, timedelta

import polars as pl
import streamlit as st

from cases.bins import binned, scale_of, span_of
from cases.line_runs import runs_of_events
from cases.streams import EVENT_SCHEMA, YUAN, instant, micros
from ui.canvas.model import CanvasData, Edge, Node
from ui.canvas.time_axis import Change, Row, Span, TimeData, time_axis
from ui.canvas.widget import network_canvas
from ui.words import Words

LINES = int(os.environ.get("TIME_TEST_LINES", "24"))
LANG = "zh" if os.environ.get("TIME_TEST_LANG") == "zh" else "en"
START = datetime(2024, 3, 1, 1, tzinfo=UTC)
NAMES = (
    "aria_label", "events", "back", "play", "pause", "ahead", "mode", "mode_move", "mode_grow", "speed",
    "from", "to", "clear", "closer", "wider", "all", "log", "every", "zone", "whole", "brush_whole",
    "brush_from", "brush_to", "brush_plot",
)  # fmt: skip


@st.cache_data
def events() -> pl.DataFrame:
    """Two transfers a line, the second ten days after the first."""
    rows = []
    for n in range(LINES):
        for later in (0, 10):
            at = START + timedelta(days=n % 24 + later, seconds=n // 24)
            ends = ("Account", f"a{n}", "Account", f"a{n + 1}")
            rows.append(("money", "TRANSFER", f"k{n}-{later}", at, False, 100 * (n + 1), YUAN, *ends))
    return pl.DataFrame(rows, schema=EVENT_SCHEMA, orient="row").sort("at", "relation", "event_key")


def chart(window: Span | None) -> CanvasData:
    """A chain of accounts on a grid, each line with its stretches; one standing line, one without a time."""
    runs = {(start.key, end.key): found for (_, start, end), found in runs_of_events(events()).items()}
    nodes = [
        Node(f"a{n}", f"账户 {n}", "account", "#1b7f5c", x=float(n % 50 * 60), y=float(n // 50 * 60))
        for n in range(LINES + 1)
    ]
    nodes += [Node("p", "人员", "person", "#c4501b", x=-80.0, y=0.0)]
    edges = [
        Edge(f"t{n}", f"a{n}", f"a{n + 1}", "transfer", runs=runs[f"a{n}", f"a{n + 1}"], colour="#1b7f5c")
        for n in range(LINES)
    ]
    edges += [Edge("h", "p", "a0", "holds", runs=((0, micros(START) // 1000 * 2),), standing=True)]
    edges += [Edge("u", "p", "a1", "mentions")]
    at = None if window is None else (instant(window[0] * 1000), instant(window[1] * 1000))
    return CanvasData(nodes, edges, window=at, layout="preset")


def changed(name: Change, value: object) -> None:
    """Keep what the axis says."""
    st.session_state.said[name] = value
    st.session_state.heard.append(name)


st.set_page_config(layout="wide")
if "said" not in st.session_state:
    st.session_state.said = {"window": None, "view": None, "bar": None, "log": False, "every": False}
    st.session_state.heard = []
said = st.session_state.said
network_canvas(chart(said["window"]), key="chart", height=420, lang=LANG)
span = span_of(events())
assert span is not None
whole = (micros(span[0]) // 1000, micros(span[1]) // 1000)
view = said["view"] or whole
scale = scale_of(instant(view[0] * 1000), instant(view[1] * 1000))
rows = [
    Row(one.stream, "<img src=x onerror=window.hacked=1>", f"{one.count}", "#1b7f5c",
        tuple((b.place, b.count, b.amount_fen) for b in one.bins), sum=True, currency=one.currency)
    for one in binned(events(), scale)
]  # fmt: skip
time_axis(
    TimeData("chart", "token", whole, view, tuple(edge // 1000 for edge in scale.edges), tuple(rows), **{
        name: said[name] for name in ("window", "bar", "log", "every")
    }),
    key="axis", words={name: Words(LANG)(f"time.{name}") for name in NAMES}, lang=LANG, on_change=changed,
)  # fmt: skip
st.text("window: " + json.dumps(said["window"]))
st.text("view: " + json.dumps(said["view"]))
st.text(f"bar: {said['bar']}")
st.text("heard: " + " ".join(st.session_state.heard))
