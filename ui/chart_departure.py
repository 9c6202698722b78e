"""Says what the data has no more, or sums otherwise, since the chart on the desk was saved."""

import streamlit as st

from cases.charts.drawing import LineSum
from export.signs import money_text
from ui.desk import Desk
from ui.tables import show_table

DEPARTURE = "charts_departure"


def show_departure(desk: Desk) -> None:
    """What the data has no more, or says otherwise, since the chart was drawn."""
    told, words = st.session_state.get(DEPARTURE), desk.words
    if not told:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(
            words("charts.departed", gone=len(told.gone), changed=len(told.changed), lost=len(told.lost),
                  fresh=len(told.fresh)) + (f" {words('charts.too_many')}" if told.unknown else "")
        )  # fmt: skip
        st.button(words("charts.seen"), key="chart-departed", on_click=_looked_at)
    rows = [
        {words("charts.what"): words("charts.gone_item"),
         words("charts.item"): f"{words.type_label(ref.type)} {desk.scope.key(ref)}"}
        for ref in told.gone
    ]  # fmt: skip
    lines = [("charts.changed_line", then, now) for then, now in told.changed]
    lines += [("charts.lost_line", one, None) for one in told.lost]
    lines += [("charts.fresh_line", None, one) for one in told.fresh]
    rows += [_line_row(desk, name, then, now) for name, then, now in lines]
    with st.expander(words("charts.departed_list", n=len(rows))):
        show_table(desk, rows[:1000], key="chart-departure")


def _looked_at() -> None:
    st.session_state.pop(DEPARTURE, None)


def _line_row(desk: Desk, name: str, then: LineSum | None, now: LineSum | None) -> dict[str, str]:
    words, one = desk.words, then or now
    if one is None:
        return {}
    ends = f"{desk.scope.key(one.start)} → {desk.scope.key(one.end)}"
    return {
        words("charts.what"): words(name),
        words("charts.item"): f"{words.type_label(one.relation)} {ends}",
        words("charts.then"): _sum_text(then),
        words("charts.now"): _sum_text(now),
    }


def _sum_text(one: LineSum | None) -> str:
    if one is None:
        return ""
    money = money_text(one.amount_fen) if one.amount_fen is not None else ""
    return " · ".join(part for part in (money, f"{one.count}×") if part)
