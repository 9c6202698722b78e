"""What stands behind one bar of the time axis: its events and their source rows."""

from datetime import timedelta

import polars as pl
import streamlit as st

from cases.streams import YUAN, Asked, instant, read_rows
from detect.meetings import Meetings
from detect.results import Row as Cited
from export.signs import local_text, money_text
from graph.contract import Ref
from ui.canvas.time_axis import Bar
from ui.desk import Desk
from ui.source_rows import show_rows
from ui.tables import Row, show_table

_SHOWN = 200


def show_bar(desk: Desk, asked: Asked, met: Meetings | None, bar: Bar) -> None:
    """The events of the bar in time order, one chosen or all of them with their rows."""
    words = desk.words
    stream, _, currency = bar.row.partition(":")
    since, before = instant(bar.start * 1000), instant(bar.end * 1000)
    last = before - timedelta(seconds=1)
    span = f"{local_text(since)} – {local_text(last)}"
    label = words(f"time.{stream}") + (f" {currency}" if currency else "")
    st.markdown(f"**{words('time.bar', label=label, span=span)}**")
    if stream == "meetings":
        lines, rows = _meetings(desk, met, bar)
    else:
        money = (currency or YUAN) if stream == "money" else None
        lines, rows = _events(desk, read_rows(desk.tables, asked, stream, money, since, before))
    if len(lines) > _SHOWN:
        st.caption(words("time.shown_rows", n=f"{len(lines):,}", shown=_SHOWN))
    picked = show_table(
        desk, lines[:_SHOWN], key=f"time-{bar.row}-{bar.start}", download="events", select=True
    )
    st.markdown(f"**{words('explore.evidence')}**")
    cited = rows[picked] if picked is not None else [one for some in rows for one in some]
    show_rows(desk, list(dict.fromkeys(cited)), key=f"time-{bar.row}-{bar.start}")


def _events(desk: Desk, found: pl.DataFrame) -> tuple[list[Row], list[list[Cited]]]:
    words = desk.words
    lines: list[Row] = []
    rows: list[list[Cited]] = []
    for one in found.iter_rows(named=True):
        line: Row = {
            words("explore.at"): local_text(one["at"])[: 10 if one["day_only"] else None],
            words("explore.relation"): words.type_label(one["relation"]),
            words("explore.from"): desk.scope.key(Ref(one["from_type"], one["from_key"])),
            words("explore.to"): desk.scope.key(Ref(one["to_type"], one["to_key"])),
        }
        if one["amount_fen"] is not None:
            line[words("explore.amount")] = money_text(one["amount_fen"], one["currency"])
        lines.append(line)
        pairs = ((one["source"], one["row"]), (one["other_source"], one["other_row"]))
        rows.append([(source, row) for source, row in pairs if source is not None and row is not None])
    return lines, rows


def _meetings(desk: Desk, met: Meetings | None, bar: Bar) -> tuple[list[Row], list[list[Cited]]]:
    since, before = instant(bar.start * 1000), instant(bar.end * 1000)
    if met is None:
        return [], []
    found = met.rows.filter(pl.col("first_at") >= since, pl.col("first_at") < before)
    return meeting_lines(desk, found)


def meeting_lines(desk: Desk, found: pl.DataFrame) -> tuple[list[Row], list[list[Cited]]]:
    """Meetings as lines of a table, with the source rows of each."""
    words = desk.words
    lines: list[Row] = [
        {
            words("explore.first"): local_text(one["first_at"]),
            words("explore.last"): local_text(one["last_at"]),
            words("explore.from"): desk.scope.key(Ref("Sim", one["first"])),
            words("explore.to"): desk.scope.key(Ref("Sim", one["second"])),
            words("time.cells"): ", ".join(one["cells"]),
            words("time.events"): one["sights"],
        }
        for one in found.iter_rows(named=True)
    ]
    rows = [[(one["source"], one["row"]) for one in some] for some in found["rows"].to_list()]
    return lines, rows
