"""What a hand on the canvas does to the board."""

from collections.abc import Mapping

import streamlit as st

from graph.contract import Direction, Ref
from ui.desk import Desk
from ui.elements import expansion_of
from ui.navigate import history, remember

EXPAND_LIMIT = 60


def expand(desk: Desk, ref: Ref, name: str | None) -> None:
    """Fetch what lies behind one relation of a node (or behind all), strongest first, up to the limit."""
    now = history()
    chosen = expansion_of(name) if name else None
    ways = [chosen] if chosen else [(e.relation, e.direction) for e in desk.engine.expansions(ref)]
    limit = int(st.session_state.get("expand_limit", EXPAND_LIMIT))
    fetched: list[Ref] = []
    cut = False
    for relation, direction in dict.fromkeys(ways):
        found = desk.engine.neighbours(ref, relation, direction or Direction.BOTH, limit=limit * 20)
        ends = [node.ref for node in found.nodes if node.ref != ref]
        cut = cut or found.truncated or len(ends) > limit
        fetched += ends[:limit]
    if cut:
        st.session_state["expansion_cut"] = True
    remember(now.step(now.now.with_nodes(fetched, origin=ref)))


def collapse(ref: Ref) -> None:
    """Take away what was fetched from a node."""
    now = history()
    remember(now.step(now.now.collapsed(ref)))


def hide(ref: Ref) -> None:
    """Put a node out of sight."""
    now = history()
    remember(now.step(now.now.with_hidden([ref])))


def move(places: Mapping[Ref, tuple[float, float]]) -> None:
    """Keep where nodes were put."""
    now = history()
    remember(now.moved(now.now.with_places(places)))


def shortest_path(desk: Desk) -> None:
    """Add the shortest path between the two selected nodes, or say why there is none."""
    selected = st.session_state.get("selected_refs", ())
    if len(selected) != 2:
        st.toast(desk.words("explore.path_two"), icon=":material/info:")
        return
    found = desk.engine.paths(selected[0], selected[1])
    if not found.nodes:
        st.toast(desk.words("explore.path_none"), icon=":material/info:")
        return
    now = history()
    remember(now.step(now.now.with_nodes([node.ref for node in found.nodes])))
