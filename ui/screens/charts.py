"""Charts: every saved chart that this desk may open, with its owner, case, time and size."""

from datetime import UTC, datetime

import streamlit as st

from cases.charts.keeping import may_keep, withdraw_chart
from cases.charts.shelf import SavedChart
from export.signs import local_text
from graph.contract import Ref
from graph.errors import DuanlianError
from ui.chart_comments import show_comments
from ui.chart_shelf import charts_here, shelf, title_text
from ui.desk import Desk, subject
from ui.navigate import go
from ui.plain_text import as_text
from ui.said_errors import error_text
from ui.saved_charts import open_saved
from ui.tables import show_table


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.charts"))
    if desk.empty:
        st.info(words("empty.lake"), icon=":material/info:")
        return
    for sentence in shelf(desk).problems:
        st.error(sentence)
    charts = charts_here(desk)
    if not charts:
        st.info(words("charts.none"), icon=":material/info:")
        if st.button(words("nav.explore"), type="primary", icon=":material/hub:"):
            go("explore")
        return
    text = st.text_input(words("charts.search"), key="charts_search", icon=":material/search:")
    wanted = [one for one in charts if _fits(one, text)]
    st.caption(words("charts.counts", n=len(wanted), of=len(charts)))
    if not wanted:
        st.info(words("charts.none_fits"), icon=":material/info:")
        return
    picked = show_table(desk, [chart_row(desk, one) for one in wanted], key="charts", select=True)
    _one(desk, wanted[picked or 0])


def chart_row(desk: Desk, chart: SavedChart) -> dict[str, object]:
    """One chart as a line of a table."""
    words = desk.words
    case_no = desk.scope.key(Ref("Case", chart.case_no)) if chart.case_no else ""
    return {
        words("charts.title"): title_text(desk, chart.title),
        words("frame.case_no"): case_no,
        words("charts.owner"): chart.owner,
        words("charts.at"): local_text(chart.last.at),
        words("charts.version"): chart.last.number,
        words("charts.items"): chart.last.nodes,
        words("charts.tab_comments"): sum(not one.withdrawn for one in chart.comments),
        words("charts.tab_share"): words("charts.is_shared") if chart.shared else words("charts.private"),
        words("charts.data"): words(
            "charts.same_data" if chart.last.lake_digest == desk.tables.digest.digest else "charts.other_data"
        ),
    }


def _fits(chart: SavedChart, text: str) -> bool:
    wanted = text.strip().casefold()
    held = (chart.title, chart.case_no or "", chart.owner, *(one.note for one in chart.versions))
    return any(wanted in one.casefold() for one in held)


def _one(desk: Desk, chart: SavedChart) -> None:
    words = desk.words
    st.subheader(as_text(title_text(desk, chart.title)))
    with st.container(horizontal=True):
        if st.button(words("charts.open"), type="primary", icon=":material/hub:", key="charts-open"):
            if open_saved(desk, chart.handle):
                go("explore")
            st.rerun()
        if may_keep(subject(desk.settings), chart):
            _withdraw(desk, chart)
    said = st.session_state.pop("charts_said", None)
    if said is not None:
        st.error(said[1])
    versions, comments = st.tabs([words("charts.tab_versions"), words("charts.tab_comments")])
    with versions:
        rows = [
            {
                words("charts.version"): one.number,
                words("charts.at"): local_text(one.at),
                words("charts.by"): one.saved_by,
                words("charts.items"): one.nodes,
                words("charts.note"): title_text(desk, one.note),
            }
            for one in reversed(chart.versions)
        ]
        show_table(desk, rows, key=f"charts-versions-{chart.handle[:8]}")
    with comments:
        show_comments(desk, chart)


def _withdraw(desk: Desk, chart: SavedChart) -> None:
    """Taken back only after a second press; the record keeps it."""
    words = desk.words
    with st.popover(words("charts.withdraw"), icon=":material/delete:"):
        st.caption(words("charts.withdraw_note"))
        if st.button(words("charts.withdraw_sure"), key=f"charts-withdraw-{chart.handle[:8]}"):
            try:
                withdraw_chart(desk.home, subject(desk.settings), chart, datetime.now(UTC))
            except DuanlianError as error:
                st.error(error_text(desk, error))
                return
            st.rerun()
