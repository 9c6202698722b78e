"""Filters of the chart: node types, relations, and the time outside which lines fade."""

from datetime import date, datetime, timedelta, timezone

import streamlit as st

from cases.board import Board
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES
from ui.desk import Desk
from ui.elements import Chart

_ZONE = timezone(timedelta(hours=8))
SPAN = "filter_span"
"""The days that the chart covered when its window was last drawn."""


def type_filters(desk: Desk, board: Board) -> tuple[frozenset[str], frozenset[str]]:
    """The chosen node types and relations; empty means all."""
    words = desk.words
    present = [name for name in NODE_TYPES if any(ref.type == name for ref in board.shown)]
    relations = [
        name for name, declared in RELATION_TYPES.items() if declared.stored and desk.tables.rows.get(name)
    ]
    left, right, third = st.columns([4, 4, 2])
    _within("filter_types", present)
    _within("filter_relations", relations)
    types = left.multiselect(
        words("explore.types"), present, key="filter_types", format_func=words.type_label, placeholder="—"
    )
    chosen = right.multiselect(
        words("explore.relations"),
        relations,
        key="filter_relations",
        format_func=words.type_label,
        placeholder="—",
    )
    st.session_state.setdefault("expand_limit", 60)
    third.number_input(words("explore.expand_limit"), 5, 500, step=5, key="expand_limit")
    return frozenset(types), frozenset(chosen)


def _within(key: str, offered: list[str]) -> None:
    """Take out of a kept filter what is no longer offered: Streamlit refuses it."""
    if key in st.session_state:
        st.session_state[key] = [name for name in st.session_state[key] if name in offered]


def time_window(desk: Desk, drawn: Chart) -> tuple[datetime, datetime] | None:
    """The chosen window in whole days of UTC+8, None while it covers everything on the chart."""
    # Only events: a holding that began years ago would stretch the axis until nothing can be chosen.
    events = [line for line in drawn.lines.values() if RELATION_TYPES[line.relation].event]
    times = [t for line in events for t in (line.first_at, line.last_at) if t is not None]
    if not times:
        return None
    first, last = min(times).astimezone(_ZONE).date(), max(times).astimezone(_ZONE).date()
    if first == last:
        return None
    st.session_state["filter_time"] = _window_kept((first, last))
    title = f"{desk.words('explore.time')} · UTC+8"
    st.slider(title, first, last, key="filter_time", format="YYYY-MM-DD")
    chosen: tuple[date, date] = st.session_state["filter_time"]
    if chosen == (first, last):
        return None
    begin = datetime.combine(chosen[0], datetime.min.time(), _ZONE)
    end = datetime.combine(chosen[1], datetime.max.time(), _ZONE)
    return begin, end


def _window_kept(span: tuple[date, date]) -> tuple[date, date]:
    """The window as it was left, inside the span; one that covered all covers all of a longer span too."""
    before, left = st.session_state.get(SPAN), st.session_state.get("filter_time")
    st.session_state[SPAN] = span
    if not isinstance(left, tuple) or len(left) != 2 or left == before:
        return span
    first, last = span
    begin, end = max(first, min(left[0], last)), min(last, max(left[1], first))
    return (begin, end)
