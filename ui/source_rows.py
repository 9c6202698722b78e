"""Source rows as a table, each with a way to its original text."""

from collections.abc import Sequence

import streamlit as st

from detect.results import Row
from graph.errors import DuanlianError
from ingest.citation import original_row
from ui.desk import Desk
from ui.files import file_records, grades_by_file
from ui.tables import show_table

_SHOWN = 50


def show_rows(desk: Desk, rows: Sequence[Row], key: str) -> None:
    """File and row number of each cited row; choosing one shows its original text (masked unless allowed)."""
    words = desk.words
    if not rows:
        st.caption(words("empty.rows"))
        return
    names = {record.sha256: record.file for record in file_records(desk.home)}
    grades = grades_by_file(desk.home)
    shown = list(rows)[:_SHOWN]
    table = [
        {
            words("explore.file"): names.get(source, source[:12]),
            words("explore.row"): number,
            words("doctor.grade"): grades.get(source, ""),
        }
        for source, number in shown
    ]
    chosen = show_table(desk, table, key=f"rows-{key}", select=True)
    if len(rows) > _SHOWN:
        st.caption(words("explore.rows_shown", n=len(rows), shown=_SHOWN))
    if chosen is not None:
        _original(desk, shown[chosen])


def _original(desk: Desk, row: Row) -> None:
    words = desk.words
    try:
        found = original_row(desk.home, row[0], row[1], full=desk.scope.full)
    except DuanlianError as error:
        st.warning(error.message)
        return
    st.caption(f"{words('explore.original')} · sha256 {row[0][:12]}… · {words('explore.row')} {row[1]}")
    cells = [
        {words("explore.property"): name, words("explore.value"): text}
        for name, text in found.items()
        if text
    ]
    st.dataframe(cells, hide_index=True)
