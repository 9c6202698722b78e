"""What came in and what runs out: the latest files with their grades, and terms of orders that end next."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st

from export.signs import local_text
from funds.controls.account import Order
from funds.controls.reading import read_controls
from funds.known import last_instant
from graph.contract import Ref
from graph.lake.tables import LakeTables
from ui.desk import Desk, kept_while
from ui.files import file_records, grades_by_file
from ui.navigate import go
from ui.tables import show_table
from ui.time_left import time_left

_FILES, _CLOCKS = 8, 8
_AHEAD = timedelta(days=15)


def show_arrivals(desk: Desk) -> None:
    """The files that were loaded last, with rows, rejects and grade, and how the grades are spread."""
    words = desk.words
    files, grades = file_records(desk.home), grades_by_file(desk.home)
    st.subheader(words("arrivals.files"))
    if not files:
        st.caption(words("arrivals.no_files"))
        return
    spread = Counter(grades.get(record.sha256, "") for record in files)
    parts = [f"{grade} {n:,}" for grade, n in sorted(spread.items()) if grade]
    ungraded = spread.get("", 0)
    st.caption(words("arrivals.grades", grades=" · ".join(parts) or "—", ungraded=f"{ungraded:,}"))
    rows = [
        {
            words("explore.file"): record.file,
            words("arrivals.rows"): f"{record.rows_in:,}",
            words("arrivals.loaded"): f"{record.loaded:,}",
            words("arrivals.rejected"): f"{record.rejected:,}",
            words("doctor.grade"): grades.get(record.sha256, "—"),
        }
        for record in files[: -_FILES - 1 : -1]
    ]
    show_table(desk, rows, key="arrivals")


def show_clocks(desk: Desk) -> None:
    """Stops and freezes whose terms end within fifteen days of the data's last instant, soonest first."""
    words = desk.words
    st.subheader(words("arrivals.clocks"))
    if not desk.tables.rows.get("CONTROL"):
        st.caption(words("arrivals.no_orders"))
        return
    found = kept_while("arrivals-clocks", desk.state, words("arrivals.working"), lambda: _clocks(desk.tables))
    if found is None or not found[1]:
        st.caption(words("arrivals.no_clocks"))
        return
    now, due = found
    st.caption(words("arrivals.clocks_said", n=f"{len(due):,}", now=local_text(now)))
    rows = [
        {
            words("mules.account"): desk.scope.key(Ref("Account", account)),
            words("arrivals.measure"): words(f"arrivals.{order.measure.value}"),
            words("arrivals.ends"): local_text(order.ends_at),
            words("arrivals.left"): time_left(desk, order.ends_at or now, now),
        }
        for account, order in due[:_CLOCKS]
    ]
    show_table(desk, rows, key="arrivals-clocks")
    if st.button(words("arrivals.queue"), key="arrivals-queue", icon=":material/ac_unit:"):
        go("freeze")


def _clocks(tables: LakeTables) -> tuple[datetime, Sequence[tuple[str, Order]]] | None:
    now = last_instant(tables)
    if now is None:
        return None
    due = [
        (order.ends_at, account, order)
        for account, reading in read_controls(tables, now).items()
        for order in reading.sure_holds
        if order.ends_at is not None and now <= order.ends_at <= now + _AHEAD
    ]
    due.sort(key=lambda one: (one[0], one[1], one[2].number))
    return now, [(account, order) for _, account, order in due]
