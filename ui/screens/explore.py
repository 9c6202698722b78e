"""Explore: search any identifier, walk the network on the canvas, see why every mark is there."""

from dataclasses import replace

import streamlit as st

from graph.contract import Ref
from graph.errors import InputError
from ui.asking import GUESSES, asked_once, refusal
from ui.canvas.events import CanvasEvent, Collapse, Expand, MenuChoice, Moved
from ui.canvas.widget import network_canvas
from ui.chart_filters import time_window, type_filters
from ui.chart_steps import collapse, expand, hide, move, shortest_path
from ui.connection_panel import ask_from_menu, connection_panel
from ui.desk import Desk, detection
from ui.details import show_details, show_lines
from ui.elements import Chart, Filters, chart, node_label
from ui.navigate import add_to_chart, history, remember
from ui.signs import signs_of


def show(desk: Desk) -> None:
    """Draw the screen."""
    st.header(desk.words("nav.explore"))
    if desk.empty:
        st.info(desk.words("empty.lake"), icon=":material/info:")
        return
    _search(desk)
    _work(desk)


def _search(desk: Desk) -> None:
    words = desk.words
    text = st.text_input(words("explore.search"), key="search_text", label_visibility="collapsed",
                         placeholder=words("explore.search"), icon=":material/search:")  # fmt: skip
    if not text.strip():
        return
    try:
        found = asked_once(desk, "explore-asked", text, limit=50)
    except InputError as error:
        st.caption(refusal(desk, error))
        return
    # Here only what matches as typed: a guess needs the words that the search screen puts to it.
    hits = desk.engine.nodes([hit.ref for hit in found.hits if hit.how not in GUESSES])
    if not hits:
        st.caption(words("empty.search"))
        return
    with st.container(horizontal=True):
        for node in hits[:8]:
            label = f"{words.type_label(node.ref.type)} {node_label(desk, node)}"
            if st.button(label, key=f"hit-{desk.handle(node.ref)}", icon=":material/add:"):
                add_to_chart([node.ref])
        if len(hits) > 1 and st.button(f"{words('explore.add')} ({len(hits)})", key="add-all-hits"):
            add_to_chart([node.ref for node in hits])


@st.fragment
def _work(desk: Desk) -> None:
    """Canvas and details redraw together, without the rest of the page."""
    found, _ = detection(desk)
    _toolbar(desk)
    types, relations = type_filters(desk, history().now)
    left, right = st.columns([7, 3], gap="small")
    with left:
        drawn = chart(desk, history().now, Filters(types, relations, signs=signs_of(desk, found)))
        data = replace(drawn.data, window=time_window(desk, drawn))
        result = network_canvas(
            data,
            key="network",
            lang=desk.words.language,
            height=660,
            words={"empty": desk.words("empty.chart")},
            on_event=lambda event: _on_event(desk, event),
        )
        _under(desk, drawn)
    with right:
        show_details(desk, drawn, found, result.selected)
        connection_panel(desk)


def _toolbar(desk: Desk) -> None:
    """Steps of the board; layouts, fit and find stand on the canvas itself."""
    words, now = desk.words, history()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button(words("explore.undo"), key="undo", icon=":material/undo:", disabled=not now.past):
            remember(now.undo())
        if st.button(words("explore.redo"), key="redo", icon=":material/redo:", disabled=not now.future):
            remember(now.redo())
        if now.now.hidden and st.button(words("explore.show_hidden", n=len(now.now.hidden)), key="unhide"):
            remember(now.step(now.now.with_nodes(now.now.hidden)))
        if st.button(words("explore.path"), key="path", icon=":material/route:"):
            shortest_path(desk)
        if st.button(
            words("explore.clear"), key="clear", icon=":material/delete:", disabled=not now.now.shown
        ):
            remember(now.step(now.now.without_nodes(now.now.shown)))


def _under(desk: Desk, drawn: Chart) -> None:
    words = desk.words
    if st.session_state.pop("expansion_cut", None):
        st.caption(words("explore.truncated", n=st.session_state.get("expand_limit", 60)))
    counts = words("explore.shown", nodes=len(drawn.nodes), edges=len(drawn.lines))
    st.caption(f"{counts} · {words('frame.zone')}")
    with st.expander(words("explore.table")):
        show_lines(desk, drawn)


def _on_event(desk: Desk, event: CanvasEvent) -> None:
    ref: Ref | None = desk.ref_of(event.id) if isinstance(event, Expand | Collapse | MenuChoice) else None
    if isinstance(event, Expand) and ref is not None:
        expand(desk, ref, event.relation)
    elif isinstance(event, Collapse) and ref is not None:
        collapse(ref)
    elif isinstance(event, MenuChoice) and ref is not None and event.action == "hide":
        hide(ref)
    elif isinstance(event, MenuChoice) and ref is not None and ask_from_menu(event.action, ref):
        return
    elif isinstance(event, Moved):
        move({r: place for handle, place in event.places.items() if (r := desk.ref_of(handle))})
