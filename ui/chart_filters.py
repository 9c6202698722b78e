"""Filters of the chart: node types and relations; the time axis below it has the window that fades."""

import streamlit as st

from cases.board import Board
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES
from ui.desk import Desk


def type_filters(desk: Desk, board: Board) -> tuple[frozenset[str], frozenset[str]]:
    """The chosen node types and relations; empty means all."""
    words = desk.words
    present = [name for name in NODE_TYPES if any(ref.type == name for ref in board.shown)]
    relations = [
        name for name, declared in RELATION_TYPES.items() if declared.stored and desk.tables.rows.get(name)
    ]
    _within("filter_types", present)
    _within("filter_relations", relations)
    types = st.multiselect(
        words("explore.types"), present, key="filter_types", format_func=words.type_label, placeholder="—"
    )
    chosen = st.multiselect(
        words("explore.relations"),
        relations,
        key="filter_relations",
        format_func=words.type_label,
        placeholder="—",
    )
    st.session_state.setdefault("expand_limit", 60)
    st.number_input(words("explore.expand_limit"), 5, 500, step=5, key="expand_limit")
    return frozenset(types), frozenset(chosen)


def _within(key: str, offered: list[str]) -> None:
    """Take out of a kept filter what is no longer offered: Streamlit refuses it."""
    if key in st.session_state:
        st.session_state[key] = [name for name in st.session_state[key] if name in offered]
