"""What people said about a saved chart or about one item of it."""

from datetime import UTC, datetime

import streamlit as st

from cases.charts.keeping import comment_on, withdraw_comment
from cases.charts.shelf import Comment, SavedChart
from export.signs import local_text
from graph.contract import Ref
from graph.errors import DuanlianError
from ui.desk import Desk, subject
from ui.plain_text import as_text
from ui.said_errors import error_text

_PROBLEM = "comment_problem"


def show_comments(desk: Desk, chart: SavedChart) -> None:
    """Every comment, and a new one: on the chart, or on the item that is selected."""
    words = desk.words
    for one in chart.comments:
        _comment(desk, chart, one)
    if not chart.comments:
        st.caption(words("charts.no_comments"))
    selected: tuple[Ref, ...] = st.session_state.get("selected_refs", ())
    about = selected[0] if selected else None
    places = ["chart", *(["item"] if about else [])]

    def said(name: str) -> str:
        return words("charts.on_chart") if name == "chart" or about is None else named(desk, about)

    key = f"comment-place-{len(places)}"
    place = st.segmented_control(
        words("charts.comment_on"), places, default="chart", key=key, required=True, format_func=said
    )
    text = st.text_area(words("charts.comment"), key=f"comment-{chart.handle[:8]}-{chart.acts}", height=80)
    st.button(words("charts.add_comment"), key="comment-add", icon=":material/add_comment:",
              on_click=lambda: _add(desk, chart, text, about if place == "item" else None))  # fmt: skip
    problem = st.session_state.pop(_PROBLEM, None)
    if problem:
        st.error(problem)


def show_comments_on(desk: Desk, chart: SavedChart, ref: Ref) -> None:
    """The comments on one item, where it is looked at."""
    here = [one for one in chart.comments if one.about == ref and not one.withdrawn]
    if here:
        st.markdown(f"**{desk.words('charts.tab_comments')}**")
    for one in here:
        _comment(desk, chart, one, removable=False)


def named(desk: Desk, ref: Ref) -> str:
    """An item in words, masked as the desk is."""
    return f"{desk.words.type_label(ref.type)} {desk.scope.key(ref)}"


def _comment(desk: Desk, chart: SavedChart, one: Comment, removable: bool = True) -> None:
    words = desk.words
    about = f" · {named(desk, one.about)}" if one.about is not None and removable else ""
    st.caption(as_text(f"{one.by} · {local_text(one.at)}{about}"))
    if one.withdrawn:
        st.markdown(f"*{words('charts.comment_withdrawn')}*")
        return
    text = one.text if desk.scope.full else desk.handles.scrub(one.text)
    st.markdown(as_text(text).replace("\n", "  \n"))
    if removable and one.by == subject(desk.settings).name:
        st.button(words("charts.withdraw_comment"), key=f"comment-withdraw-{one.number}", type="tertiary",
                  on_click=lambda: _withdraw(desk, chart, one.number))  # fmt: skip


def _add(desk: Desk, chart: SavedChart, text: str, about: Ref | None) -> None:
    try:
        comment_on(desk.home, subject(desk.settings), chart, text, datetime.now(UTC), about)
    except DuanlianError as error:
        st.session_state[_PROBLEM] = error_text(desk, error)


def _withdraw(desk: Desk, chart: SavedChart, number: int) -> None:
    try:
        withdraw_comment(desk.home, subject(desk.settings), chart, number, datetime.now(UTC))
    except DuanlianError as error:
        st.session_state[_PROBLEM] = error_text(desk, error)
