"""Hours of calls: how many calls and texts each number has in each hour of the day."""

from collections.abc import Sequence

import streamlit as st

from cases.device_uses import hours
from graph.contract import Ref
from ui.desk import Desk, kept_while
from ui.tables import Row, show_table

_SHOWN = 200


def show_hours(desk: Desk, sims: Sequence[str]) -> None:
    """A table of 24 columns, darker where more; the row of all numbers first."""
    words = desk.words
    found = kept_while(
        "phones_hours", f"{desk.state} {hash(tuple(sims))}", words("time.reading"),
        lambda: hours(desk.tables, sims),
    )  # fmt: skip
    if found.is_empty():
        st.info(words("phones.none_hours"), icon=":material/info:")
        return
    st.caption(words("phones.hours_note"))
    counts: dict[str, list[int]] = {}
    for sim, hour, calls, texts in found.iter_rows():
        counts.setdefault(sim, [0] * 24)[hour] += calls + texts
    busiest = sorted(counts, key=lambda sim: (-sum(counts[sim]), sim))
    whole = [sum(counts[sim][hour] for sim in busiest) for hour in range(24)]
    lines = [(words("phones.whole"), whole)]
    lines += [(desk.scope.key(Ref("Sim", sim)), counts[sim]) for sim in busiest[:_SHOWN]]
    if len(busiest) > _SHOWN:
        st.caption(words("phones.shown", n=f"{len(busiest):,}", shown=_SHOWN))
    titles = [f"{hour:02d}" for hour in range(24)]
    rows: list[Row] = [
        {words("phones.sim"): name, words("phones.whole"): sum(row), **dict(zip(titles, row, strict=True))}
        for name, row in lines
    ]
    styles = {
        (number, titles[hour]): f"background-color: rgba(42, 111, 176, {0.7 * row[hour] / max(row):.2f})"
        for number, (_, row) in enumerate(lines)
        for hour in range(24)
        if row[hour]
    }
    show_table(desk, rows, key="phones-hours", download="hours", styles=styles)
