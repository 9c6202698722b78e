"""Filters of the chart: node types, relations, and the time outside which lines fade."""

from datetime import datetime, timedelta, timezone

import streamlit as st

from cases.board import Board
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES
from ui.desk import Desk
from ui.elements import Chart

_ZONE = timezone(timedelta(hours=8))


def type_filters(desk: Desk, board: Board) -> tuple[frozenset[str], frozenset[str]]:
    """The chosen node types and relations; empty means all."""
    words = desk.words
    present = [name for name in NODE_TYPES if any(ref.type == name for ref in board.shown)]
    relations = [
        name for name, declared in RELATION_TYPES.items() if declared.stored and desk.tables.rows.get(name)
    ]
    left, right, third = st.columns([4, 4, 2])
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
    third.number_input(words("explore.expand_limit"), 5, 500, 60, step=5, key="expand_limit")
    return frozenset(types), frozenset(chosen)


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
    chosen = st.slider(
        f"{desk.words('explore.time')} · UTC+8",
        first,
        last,
        (first, last),
        key="filter_time",
        format="YYYY-MM-DD",
    )
    if chosen == (first, last):
        return None
    begin = datetime.combine(chosen[0], datetime.min.time(), _ZONE)
    end = datetime.combine(chosen[1], datetime.max.time(), _ZONE)
    return begin, end
