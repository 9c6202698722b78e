"""What explore draws when the detailed chart would be too full: the overview, and the ways back."""

from collections.abc import Sequence

import streamlit as st

from cases.board import Board
from cases.overview import (
    MOST_NODES,
    OVERVIEW_ABOVE,
    NetworkOverview,
    busiest_accounts,
    network_overview_of,
)
from detect.results import Detection
from graph.contract import Ref
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES
from graph.schema.shorthand import FAMILY_COLOURS
from ui.canvas.events import Selected
from ui.canvas.model import CanvasData
from ui.canvas.overview import WORDS, Kind, Mark, OverviewData, network_overview
from ui.chart_steps import expand
from ui.desk import Desk, kept_while
from ui.details import show_details
from ui.elements import Chart, Filters, node_label
from ui.navigate import history, open_on_chart, remember
from ui.tables import show_table

_TABLE_ROWS = 1000


def is_large(board: Board, filters: Filters) -> bool:
    """Whether what the filters leave of the board is more than the detailed chart can show."""
    return len(_wanted(board, filters)) > OVERVIEW_ABOVE


def _wanted(board: Board, filters: Filters) -> list[Ref]:
    return [ref for ref in board.visible if not filters.types or ref.type in filters.types]


def show_large(desk: Desk, board: Board, filters: Filters, found: Detection | None) -> None:
    """Draw the overview with details beside it and the table of its busiest nodes below."""
    words = desk.words
    refs = _wanted(board, filters)
    shown = tuple(refs[:MOST_NODES])
    mark = f"{desk.state} {hash(shown)} {sorted(filters.relations)}"

    def make() -> NetworkOverview:
        return network_overview_of(desk.engine, shown, filters.relations)

    overview = kept_while("network_overview", mark, words("large.working"), make)
    left, right = st.columns([7, 3], gap="small")
    with left:
        st.info(_said(desk, overview, len(refs)), icon=":material/info:")
        chosen = network_overview(
            _data(desk, overview, filters),
            key="network-overview",
            words={name: words(f"large.{name}") for name in WORDS},
            lang=words.language,
            on_open=lambda handle: _open(desk, handle),
        )
        with st.expander(words("large.table")):
            _table(desk, overview)
    with right:
        ref = desk.ref_of(chosen) if chosen else None
        node = next((n for n in overview.nodes if n.ref == ref), None)
        drawn = Chart(CanvasData(), {chosen: node} if chosen and node else {}, {})
        show_details(desk, drawn, found, Selected((chosen,) if chosen and node else ()))


def _said(desk: Desk, overview: NetworkOverview, asked: int) -> str:
    words = desk.words
    text = words("large.said", n=f"{len(overview.nodes):,}", most=f"{OVERVIEW_ABOVE:,}")
    if asked > MOST_NODES:
        text += " " + words("large.cut_nodes", most=f"{MOST_NODES:,}", n=f"{asked - MOST_NODES:,}")
    if overview.left_out:
        text += " " + words("large.cut_lines", n=f"{overview.left_out:,}")
    return text


def _data(desk: Desk, overview: NetworkOverview, filters: Filters) -> OverviewData:
    types = {node.ref.type for node in overview.nodes}
    relations = {relation for _, _, relation, _ in overview.lines}
    label = desk.words.type_label
    return OverviewData(
        [
            Mark(
                desk.handle(node.ref),
                node_label(desk, node),
                node.ref.type,
                filters.signs.size(node.ref),
                x,
                y,
            )
            for node, (x, y) in zip(overview.nodes, overview.places, strict=True)
        ],
        [(start, end, relation) for start, end, relation, _ in overview.lines],
        [Kind(name, label(name), NODE_TYPES[name].colour) for name in NODE_TYPES if name in types],
        [
            Kind(name, label(name), FAMILY_COLOURS.get(RELATION_TYPES[name].family, "#8a94a3"))
            for name in RELATION_TYPES
            if name in relations
        ],
        note=desk.words("large.note"),
    )


def _open(desk: Desk, handle: str) -> None:
    """The neighbourhood of a node in the detailed chart; the overview stays one undo away."""
    ref = desk.ref_of(handle)
    if ref is None:
        return
    remember(history().step(Board().with_nodes([ref])))
    expand(desk, ref, None)


def _table(desk: Desk, overview: NetworkOverview) -> None:
    """The busiest nodes of the overview: what a browser without WebGL has in its place."""
    words = desk.words
    counted = [0] * len(overview.nodes)
    for start, end, _, found in overview.lines:
        for at in {start, end}:
            counted[at] += found
    busiest = sorted(range(len(counted)), key=lambda at: (-counted[at], at))[:_TABLE_ROWS]
    rows = [
        {
            words("overview.type"): words.type_label(overview.nodes[at].ref.type),
            words("explore.value"): node_label(desk, overview.nodes[at]),
            words("large.rows"): counted[at],
        }
        for at in busiest
    ]
    picked = show_table(desk, rows, key="overview-nodes", download="overview", select=True)
    if picked is not None and st.button(words("large.open"), key="open-from-overview"):
        _open(desk, desk.handle(overview.nodes[busiest[picked]].ref))
        st.rerun()


def offer_whole(desk: Desk, shown: Sequence[Ref]) -> None:
    """While the chart is empty: the button that shows the busiest accounts of the whole lake."""
    words = desk.words
    if shown or not desk.tables.rows.get("TRANSFER"):
        return
    if st.button(words("large.whole", n=f"{MOST_NODES:,}"), icon=":material/public:", key="whole-network"):
        open_on_chart(busiest_accounts(desk.engine))
        st.rerun()
