"""Explore: search any identifier, walk the network on the canvas, see why every mark is there."""

from dataclasses import replace

import streamlit as st

from graph.errors import InputError
from ui.asking import GUESSES, asked_once, refusal
from ui.canvas.model import MenuAction
from ui.canvas.widget import network_canvas
from ui.chart_comments import show_comments_on
from ui.chart_filters import type_filters
from ui.chart_history import history_list
from ui.chart_picture import asked_command, picture_choice
from ui.chart_steps import BROUGHT, shortest_path
from ui.connection_panel import connection_panel
from ui.desk import Desk, detection
from ui.details import show_details, show_lines
from ui.elements import Chart, Filters, chart, node_label
from ui.hands import FOLLOW, TABLE, take
from ui.large_chart import is_large, offer_whole, show_large
from ui.mark_panel import show_mark
from ui.navigate import add_to_chart, follow_money, history, remember
from ui.saved_charts import lying_open, opened_by_link, show_saved_charts
from ui.signs import signs_of
from ui.timeline import faded, show_time, told
from ui.working_desk import keep


def show(desk: Desk) -> None:
    """Draw the screen."""
    st.header(desk.words("nav.explore"))
    if desk.empty:
        st.info(desk.words("empty.lake"), icon=":material/info:")
        return
    opened_by_link(desk)
    _search(desk)
    offer_whole(desk, history().now.shown)
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
    asked = st.session_state.pop(FOLLOW, None)
    if asked is not None:
        follow_money(asked, desk.scope.key(asked))
    found, _ = detection(desk)
    show_saved_charts(desk)
    types, relations = _toolbar(desk)
    filters = Filters(types, relations, signs=signs_of(desk, found))
    if is_large(history().now, filters):
        show_large(desk, history().now, filters, found)
        return
    left, right = st.columns([7, 3], gap="small")
    with left:
        drawn = chart(desk, history().now, filters)
        known = told(desk, "network", drawn, relations)
        data = replace(
            faded(desk, "network", drawn, known),
            command=asked_command(),
            actions=(
                MenuAction("follow", desk.words("hands.follow"), types=("Account", "Case")),
                MenuAction("table", desk.words("hands.open_table")),
            ),
        )
        result = network_canvas(
            data,
            key="network",
            lang=desk.words.language,
            height=660,
            words={"empty": desk.words("empty.chart")},
            on_event=lambda event: take(desk, drawn, event),
        )
        show_time(desk, "network", known, chart_key="network")
        _under(desk, drawn)
    marks = [ref for ident in result.selected.nodes if (ref := desk.ref_of(ident)) is not None]
    st.session_state["selected_refs"] = history().now.unfolded(marks)
    with right:
        if not show_mark(desk, drawn, result.selected):
            show_details(desk, drawn, found, result.selected)
        connection_panel(desk)
        _said_of(desk)
    keep(desk.settings, "explore")


def _toolbar(desk: Desk) -> tuple[frozenset[str], frozenset[str]]:
    """Steps of the board, and what is drawn of it: types and relations, empty for all.

    Layouts, fit and find stand on the canvas itself.
    """
    words, now = desk.words, history()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button(words("explore.undo"), key="undo", icon=":material/undo:", disabled=not now.past):
            remember(now.undo())
        if st.button(words("explore.redo"), key="redo", icon=":material/redo:", disabled=not now.future):
            remember(now.redo())
        history_list(desk)
        if now.now.hidden and st.button(words("explore.show_hidden", n=len(now.now.hidden)), key="unhide"):
            remember(now.step(now.now.with_all_visible()))
        if st.button(words("explore.path"), key="path", icon=":material/route:"):
            shortest_path(desk, st.session_state.get("selected_refs", ()))
        if st.button(
            words("explore.clear"), key="clear", icon=":material/delete:", disabled=not now.now.shown
        ):
            remember(now.step(now.now.without_nodes(now.now.shown)))
        picture_choice(desk, len(now.now.shown))
        chosen = sum(len(st.session_state.get(name, ())) for name in ("filter_types", "filter_relations"))
        title = words("explore.filters") + (f" ({chosen})" if chosen else "")
        with st.popover(title, icon=":material/filter_list:"):
            return type_filters(desk, history().now)


def _said_of(desk: Desk) -> None:
    """What people said about the selected item on the chart that lies open."""
    saved, selected = lying_open(desk), st.session_state.get("selected_refs", ())
    if saved is not None and selected:
        show_comments_on(desk, saved, selected[0])


def _under(desk: Desk, drawn: Chart) -> None:
    words = desk.words
    if st.session_state.pop("expansion_cut", None):
        st.caption(words("hands.cut", n=BROUGHT))
    if drawn.truncated:
        st.warning(words("hands.truncated"), icon=":material/warning:")
    counts = words("explore.shown", nodes=len(drawn.data.nodes), edges=len(drawn.data.edges))
    st.caption(f"{counts} · {words('frame.zone')}")
    asked = st.session_state.get(TABLE, ())
    with st.expander(words("explore.table"), expanded=bool(asked)):
        if asked and st.button(words("hands.whole_table"), key="whole-table"):
            st.session_state.pop(TABLE)
            asked = ()
        lines = {
            ident: line
            for ident, line in drawn.lines.items()
            if not asked or line.start in asked or line.end in asked
        }
        show_lines(desk, replace(drawn, lines=lines))
