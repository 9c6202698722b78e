"""Meetings: which of the numbers were at one place at one time, when and where, with rows of both."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from cases.meeting_events import MOST_PHONES
from detect.meetings import meetings, nearness
from export.signs import local_text
from graph.contract import Ref
from ui.desk import Desk, kept_while
from ui.navigate import open_on_chart
from ui.source_rows import show_rows
from ui.tables import Row, show_table
from ui.time_rows import meeting_lines

_SHOWN = 500


def show_meetings(desk: Desk, sims: Sequence[str]) -> None:
    """Pairs by days together; a chosen pair shows each meeting, a chosen meeting its rows."""
    words = desk.words
    if len(sims) < 2:
        st.info(words("phones.two"), icon=":material/info:")
        return
    if len(sims) > MOST_PHONES:
        st.warning(words("phones.too_many", n=MOST_PHONES))
        return
    near = nearness()
    found = kept_while(
        "phones_meetings",
        f"{desk.state} {hash(tuple(sims))}",
        words("time.reading"),
        lambda: meetings(desk.tables, sims, near),
    )
    minutes = round(near.within.total_seconds() / 60)
    said = [words("time.near", minutes=minutes, metres=f"{near.metres:g}"), words("phones.kin")]
    if found.crowded:
        said.append(words("time.crowded", n=f"{found.crowded:,}"))
    st.caption(" · ".join(said))
    if found.rows.is_empty():
        st.info(words("phones.none_meetings"), icon=":material/info:")
        return
    pairs = _pairs(found.rows)
    chosen = show_table(
        desk, [_row(desk, one) for one in pairs.head(_SHOWN).iter_rows(named=True)],
        key="phones-pairs", download="meetings", select=True,
    )  # fmt: skip
    if chosen is None:
        return
    one = pairs.row(chosen, named=True)
    mine = found.rows.filter(pl.col("first") == one["first"], pl.col("second") == one["second"])
    _pair(desk, mine, one)


def _pairs(rows: pl.DataFrame) -> pl.DataFrame:
    day = pl.col("first_at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    return (
        rows.group_by("first", "second")
        .agg(
            days=day.n_unique(),
            meetings=pl.len(),
            cells=pl.col("cells").explode().n_unique(),
            first_at=pl.col("first_at").min(),
            last_at=pl.col("last_at").max(),
        )
        .sort("days", "meetings", "first", "second", descending=[True, True, False, False])
    )


def _row(desk: Desk, one: Row) -> Row:
    words = desk.words
    return {
        words("phones.first_number"): desk.scope.key(Ref("Sim", one["first"])),
        words("phones.second_number"): desk.scope.key(Ref("Sim", one["second"])),
        words("phones.days"): one["days"],
        words("phones.meetings"): one["meetings"],
        words("phones.cells"): one["cells"],
        words("explore.first"): local_text(one["first_at"]),
        words("explore.last"): local_text(one["last_at"]),
    }


def _pair(desk: Desk, mine: pl.DataFrame, one: Row) -> None:
    words = desk.words
    cells = sorted({cell for some in mine["cells"].to_list() for cell in some})
    ends = [Ref("Sim", one["first"]), Ref("Sim", one["second"])]
    if st.button(words("phones.open"), icon=":material/hub:", key="phones-open-pair"):
        open_on_chart([*ends, *(Ref("Cell", cell) for cell in cells)])
    lines, rows = meeting_lines(desk, mine.head(_SHOWN))
    handle = "-".join(desk.handle(ref) for ref in ends)
    picked = show_table(desk, lines, key=f"phones-met-{handle}", download="pair-meetings", select=True)
    st.markdown(f"**{words('explore.evidence')}**")
    cited = rows[picked] if picked is not None else [row for some in rows for row in some]
    show_rows(desk, list(dict.fromkeys(cited)), key="phones-met")
