"""Search: one identifier or name, or a pasted list of hundreds, with how each was matched."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from cases.finder import Cell, find_list
from export.csv_table import render_table_csv
from graph.contract import Node, Ref
from graph.errors import InputError
from graph.lookup.finder import Found, Hit
from graph.schema.catalog import STORED_NODES
from graph.schema.kinds import Mask
from graph.schema.masks import mask_value
from ui.asking import GUESSES, asked_once, asker, refusal, working
from ui.connection_panel import ask
from ui.desk import Desk
from ui.details import value_text
from ui.elements import node_label
from ui.navigate import add_to_chart, go, open_on_chart
from ui.tables import as_table

_SHOWN = 100
_COMPARED = 5


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.search"))
    if desk.empty:
        st.info(words("empty.lake"), icon=":material/info:")
        return
    mode = st.segmented_control(
        words("search.mode"), ("one", "many"), default="one", key="search-mode", required=True,
        format_func=lambda name: words(f"search.{name}"), label_visibility="collapsed",
    )  # fmt: skip
    types = st.multiselect(
        words("search.types"), [name for name in STORED_NODES if desk.tables.rows.get(name)],
        format_func=words.type_label, key="search-types", placeholder=words("search.all_types"),
    )  # fmt: skip
    try:
        if mode == "many":
            _many(desk, types)
        else:
            _one(desk, types)
    except InputError as error:
        st.error(refusal(desk, error), icon=":material/error:")


def _one(desk: Desk, types: Sequence[str]) -> None:
    words = desk.words
    text = st.text_input(
        words("search.field"),
        key="search-one",
        placeholder=words("search.examples"),
        icon=":material/search:",
    )
    guess = st.toggle(words("search.guess"), key="search-guess", help=words("search.guess_help"))
    if not text.strip():
        st.caption(words("search.hint"))
        return
    found = asked_once(desk, "search-asked", text, types, guess=guess, limit=_SHOWN)
    _answer(desk, found)


def _answer(desk: Desk, found: Found) -> None:
    words = desk.words
    if not found.hits:
        st.info(words("search.nothing"), icon=":material/info:")
        return
    sure = sum(hit.how not in GUESSES for hit in found.hits)
    st.caption(words("search.counted", n=len(found.hits), sure=sure, guessed=len(found.hits) - sure))
    if found.cut:
        st.caption(words("search.cut", n=len(found.hits)))
    if not sure:
        st.warning(words("search.only_guesses"), icon=":material/help:")
    _chosen(desk, found.hits, "search-hits")


def _chosen(desk: Desk, hits: Sequence[Hit], key: str) -> None:
    """The hits as a table of which some can be chosen, with what can be done with those."""
    words = desk.words
    nodes = {node.ref: node for node in desk.engine.nodes([hit.ref for hit in hits])}
    shown = [hit for hit in hits if hit.ref in nodes]
    rows = [hit_row(desk, hit, nodes[hit.ref]) for hit in shown]
    state = st.dataframe(rows, hide_index=True, key=key, on_select="rerun", selection_mode="multi-row")
    picked = [shown[n] for n in state["selection"]["rows"] if n < len(shown)]
    refs = [hit.ref for hit in picked]
    with st.container(horizontal=True):
        _do(desk, refs or [hit.ref for hit in shown if hit.how not in GUESSES], bool(refs), key)
        st.download_button(
            words("frame.download_csv"), data=render_table_csv(as_table("search", rows), words.language),
            file_name="search.csv", mime="text/csv", key=f"{key}-csv", icon=":material/download:",
        )  # fmt: skip
    if len(refs) >= 2:
        _compared(desk, [nodes[ref] for ref in refs[:_COMPARED]], key)


def _do(desk: Desk, refs: Sequence[Ref], picked: bool, key: str) -> None:
    """Buttons for the chosen nodes; of none chosen, for all sure ones."""
    words = desk.words
    n = len(refs)
    label = words("search.add" if picked else "search.add_sure", n=n)
    if st.button(label, key=f"{key}-add", icon=":material/add:", disabled=not n):
        add_to_chart(refs)
        go("explore")
    if st.button(words("search.alone", n=n), key=f"{key}-alone", icon=":material/hub:", disabled=not n):
        open_on_chart(refs)
    why = st.button(
        words("search.why"), key=f"{key}-why", icon=":material/route:", disabled=not (picked and n == 2)
    )
    if why:
        ask("ways", tuple(refs))
        open_on_chart(refs)


def hit_row(desk: Desk, hit: Hit, node: Node) -> dict[str, Any]:
    """One line of the result, masked as this reader's scope says."""
    words = desk.words
    how = words(f"search.how_{hit.how.value}")
    if hit.similarity is not None:
        how = f"{how} {hit.similarity:.2f}"
    field = words("search.key") if hit.field == "key" else words.property_label(hit.ref.type, hit.field)
    return {
        words("search.sure"): words("search.sure_no" if hit.how in GUESSES else "search.sure_yes"),
        words("search.how"): how,
        words("search.type"): words.type_label(hit.ref.type),
        words("search.key"): desk.scope.key(hit.ref),
        words("search.name"): node_label(desk, node),
        words("search.where"): field,
    }


def _compared(desk: Desk, nodes: Sequence[Node], key: str) -> None:
    """Properties of the chosen nodes side by side."""
    words = desk.words
    st.markdown(f"**{words('search.compared')}**")
    shown = [desk.scope.properties(node.ref.type, node.properties) for node in nodes]
    names = dict.fromkeys(
        (node.ref.type, name) for node, own in zip(nodes, shown, strict=True) for name in own
    )
    rows = []
    for name in dict.fromkeys(name for _, name in names):
        kind = next(kind for kind, own in names if own == name)
        row = {words("explore.property"): words.property_label(kind, name)}
        for place, (node, own) in enumerate(zip(nodes, shown, strict=True), start=1):
            title = f"{place} · {desk.scope.key(node.ref)}"
            row[title] = value_text(desk.words, node.ref.type, name, own[name]) if name in own else ""
        rows.append(row)
    st.dataframe(rows, hide_index=True, key=f"{key}-compared")


def _many(desk: Desk, types: Sequence[str]) -> None:
    words = desk.words
    with st.form("search-list", border=False):
        text = st.text_area(
            words("search.list"), key="search-cells", height=160, help=words("search.list_help")
        )
        pressed = st.form_submit_button(words("search.start"), type="primary")
    asked = (desk.state, tuple(types))
    if pressed:
        st.session_state.pop("search-list-answer", None)
        with st.spinner(working(desk)):
            answer = find_list(asker(desk), text, types, datetime.now(UTC))
        st.session_state["search-list-answer"] = (asked, answer)
    kept = st.session_state.get("search-list-answer")
    if kept is None or kept[0] != asked:
        st.caption(words("search.list_hint"))
        return
    _listed(desk, kept[1])


def _listed(desk: Desk, cells: Sequence[Cell]) -> None:
    words = desk.words
    if not cells:
        st.caption(words("search.list_hint"))
        return
    found = [cell for cell in cells if cell.hits]
    bad = [cell for cell in cells if cell.problem]
    lost = [cell for cell in cells if not cell.hits and not cell.problem]
    repeated = sum(len(cell.lines) - 1 for cell in cells)
    figures = {"found": len(found), "lost": len(lost), "bad": len(bad), "repeated": repeated}
    for column, (name, n) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(words(f"search.{name}"), f"{n:,}", border=True)
    hits = list({hit.ref: hit for cell in found for hit in cell.hits}.values())
    if hits:
        st.subheader(words("search.found"))
        st.dataframe([_cell_row(desk, cell) for cell in found], hide_index=True, key="list-cells")
        _chosen(desk, hits[:_SHOWN], "list-hits")
        if len(hits) > _SHOWN:
            st.caption(words("search.cut", n=_SHOWN))
    if lost or bad:
        st.subheader(words("search.lost"))
        st.dataframe([_cell_row(desk, cell) for cell in (*lost, *bad)], hide_index=True, key="list-lost")
        rows = [
            {words("search.lines"): ", ".join(map(str, cell.lines)), words("search.cell"): cell.text}
            for cell in (*lost, *bad)
        ]
        st.download_button(
            words("search.download_lost"), data=render_table_csv(as_table("not-found", rows), words.language),
            file_name="not-found.csv", mime="text/csv", key="lost-csv", icon=":material/download:",
        )  # fmt: skip


def _cell_row(desk: Desk, cell: Cell) -> dict[str, Any]:
    """A cell of the list; what was typed is masked too, so that a picture of the screen shows no card."""
    words = desk.words
    text = cell.text if desk.scope.full else mask_value(cell.text, Mask.CARD)
    types = ", ".join(dict.fromkeys(words.type_label(hit.ref.type) for hit in cell.hits))
    return {
        words("search.lines"): ", ".join(map(str, cell.lines[:5])) + (" …" if len(cell.lines) > 5 else ""),
        words("search.cell"): text,
        words("search.hits"): f"{len(cell.hits)}{'+' if cell.cut else ''}",
        words("search.type"): types or _problem(desk, cell),
    }


def _problem(desk: Desk, cell: Cell) -> str:
    return desk.words(f"search.bad_{cell.problem}") if cell.problem else ""
