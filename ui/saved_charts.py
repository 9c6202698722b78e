"""The saved chart on the desk: save, versions, merge, share and comments, beside the chart itself."""

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from cases.board import Board
from cases.charts.acts import get_drawing
from cases.charts.drawing import Departure, Drawing, departure, drawing_of
from cases.charts.keeping import Opened, may_keep, open_chart, save_chart, share_chart
from cases.charts.merge import compared, merged
from cases.charts.shelf import SavedChart
from export.signs import local_text
from graph.errors import DuanlianError
from ui import deep_links, working_desk
from ui.chart_comments import show_comments
from ui.chart_departure import DEPARTURE, show_departure
from ui.chart_shelf import charts_here, shelf, title_text
from ui.desk import Desk, subject
from ui.navigate import history, remember
from ui.plain_text import as_text
from ui.said_errors import error_text
from ui.tables import show_table
from ui.working_desk import OpenChart

_SAID, _AS_SAVED = "charts_said", "charts_as_saved"
_LISTED = 30


def opened_by_link(desk: Desk) -> None:
    """Open the chart that the address asks for; what it says when that can't be is drawn by the panel."""
    handle = deep_links.asked("chart")
    if handle is not None:
        open_saved(desk, handle)
    lying = working_desk.open_chart()
    deep_links.shown("explore", chart=lying.handle if lying else None)


def open_saved(desk: Desk, handle: str, version: int | None = None) -> bool:
    """Lay a saved chart on the desk (what lay there stays one undo away); False when that can't be."""
    return _tried(desk, lambda: _lay(desk, _opened(desk, handle, version)))


def show_saved_charts(desk: Desk) -> None:
    """The compact panel over the chart: what lies open, and everything to do with saved charts."""
    words, chart = desk.words, lying_open(desk)
    problem = working_desk.problem()
    if problem is not None:
        st.warning(error_text(desk, problem))
    for sentence in shelf(desk).problems:
        st.error(sentence)
    said = st.session_state.pop(_SAID, None)
    if said is not None:
        kind, text = said
        if kind == "error":
            st.error(text)
        else:
            st.toast(text, icon=":material/check:")
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover(words("charts.panel"), icon=":material/folder_open:"):
            _panel(desk, chart)
        if chart is not None:
            st.caption(as_text(_status(desk, chart)))
    show_departure(desk)


def lying_open(desk: Desk) -> SavedChart | None:
    """The saved chart that lies on the desk, as it stands now; None for none, or none of ours any more."""
    lying = working_desk.open_chart()
    if lying is None:
        return None
    return next((one for one in charts_here(desk) if one.handle == lying.handle), None)


def _open(desk: Desk, handle: str, version: int | None = None) -> None:
    open_saved(desk, handle, version)


def _status(desk: Desk, chart: SavedChart) -> str:
    words, lying = desk.words, working_desk.open_chart()
    number = lying.version if lying else chart.last.number
    parts = [title_text(desk, chart.title), words("charts.version_n", n=number)]
    if number != chart.last.number:
        parts.append(words("charts.newer", n=chart.last.number))
    parts.append(words("charts.unsaved") if _changed(desk, chart) else words("charts.all_saved"))
    if chart.shared:
        parts.append(words("charts.is_shared"))
    return " · ".join(parts)


def _changed(desk: Desk, chart: SavedChart) -> bool:
    """Whether the board is another than the version that lies open."""
    lying = working_desk.open_chart()
    kept = st.session_state.get(_AS_SAVED)
    if lying is not None and (kept is None or kept[0] != lying):
        version = chart.version(lying.version)
        try:
            kept = (lying, get_drawing(desk.home, version.drawing).board if version else Board())
        except DuanlianError:
            kept = (lying, Board())
        st.session_state[_AS_SAVED] = kept
    return kept is None or history().now != kept[1]


def _panel(desk: Desk, chart: SavedChart | None) -> None:
    words = desk.words
    names = ["save", "others"] if chart is None else ["save", "versions", "others", "share", "comments"]
    tabs = dict(zip(names, st.tabs([words(f"charts.tab_{name}") for name in names]), strict=True))
    with tabs["save"]:
        _save(desk, chart)
    with tabs["others"]:
        _others(desk, chart)
    if chart is None:
        return
    with tabs["versions"]:
        _versions(desk, chart)
    with tabs["share"]:
        _share(desk, chart)
    with tabs["comments"]:
        show_comments(desk, chart)


def _save(desk: Desk, chart: SavedChart | None) -> None:
    words, who = desk.words, subject(desk.settings)
    mine = chart is not None and may_keep(who, chart)
    key = chart.handle[:8] if chart else "new"
    case_here = st.session_state.get("case_no") or ""
    old_title, old_case = (chart.title, chart.case_no or "") if chart and mine else ("", case_here)
    title = st.text_input(
        words("charts.title"), old_title, key=f"chart-title-{key}", help=words("charts.title_help")
    )
    case_no = st.text_input(words("frame.case_no"), old_case, key=f"chart-case-{key}")
    note = st.text_input(words("charts.note"), key=f"chart-note-{key}")
    empty = not history().now.shown
    if empty:
        st.caption(words("charts.nothing_to_save"))

    def save(onto: SavedChart | None) -> Callable[[], None]:
        return lambda: _store(desk, title, case_no, note, onto)

    with st.container(horizontal=True):
        if mine:
            st.button(words("charts.save_version"), key="chart-save", type="primary", icon=":material/save:",
                      disabled=empty or not title.strip(), on_click=save(chart))  # fmt: skip
        name = "charts.save_as" if chart else "charts.save"
        st.button(words(name), key="chart-save-as", icon=":material/save_as:",
                  type="secondary" if mine else "primary", disabled=empty or not title.strip(),
                  on_click=save(None))  # fmt: skip


def _store(desk: Desk, title: str, case_no: str, note: str, onto: SavedChart | None) -> None:
    def act() -> None:
        drawing = drawing_of(desk.engine, desk.tables.digest.digest, history().now, working_desk.view_now())
        now = datetime.now(UTC)
        chart = save_chart(
            desk.home, subject(desk.settings), drawing, title, now, case_no=case_no, note=note, onto=onto
        )
        _lies(chart.handle, chart.last.number, drawing, Departure())
        _say(desk, "charts.saved", title=title_text(desk, chart.title), n=chart.last.number)

    _tried(desk, act)


def _versions(desk: Desk, chart: SavedChart) -> None:
    words = desk.words
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
    picked = show_table(desk, rows, key=f"chart-versions-{chart.handle[:8]}", select=True)
    chosen = chart.versions[-1 - (picked or 0)]
    st.caption(words("charts.chosen_version", n=chosen.number))
    with st.container(horizontal=True):
        st.button(words("charts.open"), key="chart-open-version", icon=":material/open_in_new:",
                  on_click=_open, args=(desk, chart.handle, chosen.number))  # fmt: skip
        st.button(words("charts.restore"), key="chart-restore", icon=":material/restore:",
                  disabled=chosen == chart.last or not may_keep(subject(desk.settings), chart),
                  on_click=lambda: _restore(desk, chart, chosen.number))  # fmt: skip
        if st.button(words("charts.compare"), key="chart-compare", icon=":material/difference:"):
            _tried(desk, lambda: _difference(desk, _opened(desk, chart.handle, chosen.number)))


def _restore(desk: Desk, chart: SavedChart, number: int) -> None:
    def act() -> None:
        old = _opened(desk, chart.handle, number)
        now, note = datetime.now(UTC), desk.words("charts.restored_note", n=number)
        again = save_chart(desk.home, subject(desk.settings), old.drawing, chart.title, now,
                           case_no=chart.case_no, note=note, onto=chart)  # fmt: skip
        _lay(desk, Opened(again, again.last, old.drawing))
        _say(desk, "charts.saved", title=title_text(desk, again.title), n=again.last.number)

    _tried(desk, act)


def _difference(desk: Desk, old: Opened) -> None:
    """What the chart on the desk has beside a version."""
    words, told = desk.words, compared(old.drawing.board, history().now)
    st.markdown(
        words("charts.difference", n=old.version.number, added=len(told.added), removed=len(told.removed),
              hidden=len(told.hidden), back=len(told.brought_back), moved=told.moved)
    )  # fmt: skip
    for name, refs in (("charts.added", told.added), ("charts.removed", told.removed)):
        if refs:
            listed = ", ".join(
                f"{words.type_label(ref.type)} {desk.scope.key(ref)}" for ref in refs[:_LISTED]
            )
            st.caption(as_text(f"{words(name)}: {listed}{' …' if len(refs) > _LISTED else ''}"))


def _others(desk: Desk, chart: SavedChart | None) -> None:
    words = desk.words
    mine = charts_here(desk)
    listed = [one for one in mine if chart is None or one.handle != chart.handle]
    if not listed:
        st.caption(words("charts.no_others"))
        return
    chosen = st.selectbox(
        words("charts.choose"), listed, key="chart-other", format_func=lambda one: _name(desk, one)
    )
    with st.container(horizontal=True):
        st.button(words("charts.open"), key="chart-open-other", icon=":material/open_in_new:",
                  on_click=_open, args=(desk, chosen.handle))  # fmt: skip
        st.button(words("charts.merge"), key="chart-merge", icon=":material/merge:",
                  disabled=not history().now.shown, on_click=lambda: _merge(desk, chosen))  # fmt: skip
    st.caption(words("charts.merge_rule"))


def _name(desk: Desk, chart: SavedChart) -> str:
    parts = (title_text(desk, chart.title), chart.case_no or "", chart.owner, local_text(chart.last.at))
    return " · ".join(part for part in parts if part)


def _merge(desk: Desk, chart: SavedChart) -> None:
    """Put another chart into this one: one step, one undo."""

    def act() -> None:
        other = _opened(desk, chart.handle, None, purpose="merge")
        whole = merged(history().now, other.drawing.board)
        remember(history().step(whole.board))
        clashes = [sum(c.field == name for c in whole.conflicts) for name in ("hidden", "places", "origin")]
        rest = len(whole.conflicts) - sum(clashes)
        _say(desk, "charts.merged", title=title_text(desk, chart.title), n=len(whole.added),
             hidden=clashes[0], places=clashes[1], origin=clashes[2], rest=rest)  # fmt: skip

    _tried(desk, act)


def _share(desk: Desk, chart: SavedChart) -> None:
    words = desk.words
    st.caption(words("charts.share_case" if chart.case_no else "charts.share_all"))
    if may_keep(subject(desk.settings), chart):
        name = "unshare" if chart.shared else "share"
        st.button(words(f"charts.{name}"), key="chart-share", icon=":material/group:",
                  on_click=lambda: _set_shared(desk, chart, not chart.shared))  # fmt: skip
    if chart.shared:
        st.code(deep_links.link_to("explore", chart=chart.handle), language=None)
        st.caption(words("charts.link_note"))


def _set_shared(desk: Desk, chart: SavedChart, shared: bool) -> None:
    _tried(desk, lambda: _shared(desk, chart, shared))


def _shared(desk: Desk, chart: SavedChart, shared: bool) -> None:
    share_chart(desk.home, subject(desk.settings), chart, shared, datetime.now(UTC))
    _say(desk, "charts.now_shared" if shared else "charts.now_private")


def _opened(desk: Desk, handle: str, version: int | None, purpose: str = "open") -> Opened:
    now = datetime.now(UTC)
    return open_chart(desk.home, subject(desk.settings), handle, now, version, purpose=purpose)


def _lay(desk: Desk, found: Opened) -> None:
    """The board becomes the next step; the old one is one undo away."""
    remember(history().step(found.drawing.board))
    working_desk.look_as(found.drawing.view)
    told = departure(desk.engine, desk.tables.digest.digest, found.drawing)
    _lies(found.chart.handle, found.version.number, found.drawing, told)


def _lies(handle: str, version: int, drawing: Drawing, told: Departure) -> None:
    working_desk.lay_open(OpenChart(handle, version))
    st.session_state[_AS_SAVED] = (OpenChart(handle, version), drawing.board)
    st.session_state[DEPARTURE] = told
    deep_links.own("chart", handle)
    deep_links.shown("explore", chart=handle)


def _say(desk: Desk, name: str, **values: object) -> None:
    st.session_state[_SAID] = ("done", as_text(desk.words(name, **values)))


def _tried(desk: Desk, act: Callable[[], None]) -> bool:
    try:
        act()
    except DuanlianError as error:
        st.session_state[_SAID] = ("error", error_text(desk, error))
        return False
    return True
