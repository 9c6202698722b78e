"""Tables of the screens: masked before they come here, identifiers as text, each with its download."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from export.csv_table import render_table_csv
from export.table import Column, Table
from ui.desk import Desk

Row = dict[str, Any]
PAGE = 500
"""Rows that go to the browser at once."""


def show_table(
    desk: Desk,
    rows: Sequence[Row],
    *,
    key: str,
    download: str | None = None,
    select: bool = False,
    config: dict[str, Any] | None = None,
    styles: Mapping[tuple[int, str], str] | None = None,
) -> int | None:
    """Draw rows (column title -> text or number); the index of the chosen row when `select`, else None.

    download: file name without its ending; the download holds what is shown. styles: CSS of a cell by row and
    title; what a colour says a word in the cell says too. No rows draw nothing; of more than `PAGE` the
    browser gets a page at a time.
    """
    if not rows:
        return None
    chosen: int | None = None
    start, page = _page(desk, rows, key)
    plain = pd.DataFrame(list(page))
    own = {
        (n - start, title): css for (n, title), css in (styles or {}).items() if 0 <= n - start < len(page)
    }
    frame = plain.style.apply(_styled, axis=None, styles=own) if own else plain
    if select:
        state = st.dataframe(
            frame,
            hide_index=True,
            key=key,
            column_config=config,
            on_select="rerun",
            selection_mode="single-row",
        )
        picked = state["selection"]["rows"]
        chosen = start + int(picked[0]) if picked and picked[0] < len(page) else None
    else:
        st.dataframe(frame, hide_index=True, key=key, column_config=config)
    _download(desk, rows, key, download)
    return chosen


def show_choice(rows: Sequence[Row], *, key: str) -> list[int]:
    """As `show_table`, but any number of rows may be chosen; their places in order."""
    if not rows:
        return []
    state = st.dataframe(
        pd.DataFrame(list(rows)), hide_index=True, key=key, on_select="rerun", selection_mode="multi-row"
    )
    return sorted(int(place) for place in state["selection"]["rows"] if place < len(rows))


def show_cells(desk: Desk, rows: Sequence[Row], *, key: str, download: str | None = None) -> int | None:
    """As `show_table`, but a click on any cell chooses its line; None without rows or before a click."""
    if not rows:
        return None
    start, page = _page(desk, rows, key)
    state = st.dataframe(
        pd.DataFrame(list(page)),
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode=["single-cell"],
    )
    _download(desk, rows, key, download)
    picked = state["selection"]["cells"]
    return start + int(picked[0][0]) if picked and picked[0][0] < len(page) else None


def _page(desk: Desk, rows: Sequence[Row], key: str) -> tuple[int, Sequence[Row]]:
    """Where the chosen page of rows begins, and its rows; all of them when they fit on one."""
    if len(rows) <= PAGE:
        return 0, rows
    pages, words = -(-len(rows) // PAGE), desk.words
    left, right = st.columns([1, 5], vertical_alignment="bottom")
    # Fewer rows than before: a page that is no more would be refused.
    held = f"{key}-page"
    st.session_state[held] = min(int(st.session_state.get(held, 1)), pages)
    number = int(left.number_input(words("tables.page"), 1, pages, key=held))
    start = (number - 1) * PAGE
    page = rows[start : start + PAGE]
    span = {"first": f"{start + 1:,}", "last": f"{start + len(page):,}", "all": f"{len(rows):,}"}
    right.caption(words("tables.span", **span))
    return start, page


def _download(desk: Desk, rows: Sequence[Row], key: str, download: str | None) -> None:
    if download:
        st.download_button(
            desk.words("frame.download_csv"),
            data=render_table_csv(as_table(download, rows), desk.words.language),
            file_name=f"{download}.csv",
            mime="text/csv",
            key=f"{key}-csv",
            icon=":material/download:",
        )


def _styled(frame: pd.DataFrame, styles: Mapping[tuple[int, str], str]) -> pd.DataFrame:
    """CSS of every cell, in the form of a pandas style."""
    css = pd.DataFrame("", index=frame.index, columns=frame.columns)
    for (number, title), text in styles.items():
        css.loc[number, title] = text
    return css


def probability_text(probability: float) -> str:
    """Two decimals; above 0.99 only that: no calibration on some thousand accounts supports a bare 1."""
    return "> 0.99" if probability > 0.99 else f"{probability:.2f}"


def as_table(name: str, rows: Sequence[Row]) -> Table:
    """Rows as a table for the writers; the titles are the columns' names in both languages."""
    titles = list(rows[0]) if rows else []
    columns = tuple(Column(title, title, title) for title in titles)
    return Table(name, name, name, columns, [[row.get(title) for title in titles] for row in rows])
