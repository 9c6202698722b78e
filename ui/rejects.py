"""Rejected rows on screen: place, reason and way to mend, and a table of them to correct and load again."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from graph.errors import DuanlianError
from ingest.rejected import Entry, entries, write_rejected
from ui.desk import Desk
from ui.tables import show_table

_SHOWN = 200


def show_rejects(desk: Desk, files: Mapping[str, str]) -> None:
    """Draw the rejects of one of `files` (sha256 -> name), masked unless the desk shows values whole."""
    words = desk.words
    st.subheader(words("load.waiting"))
    sha256 = st.selectbox(
        words("load.waiting_of"), list(files), format_func=lambda sha: files[sha], key="rejects-file"
    )
    if sha256 is None:
        return
    found = entries(desk.home, sha256, full=desk.scope.full)
    show_table(desk, [_row(desk, entry) for entry in found[:_SHOWN]], key="rejects-rows")
    if len(found) > _SHOWN:
        st.caption(words("load.shown", n=len(found), shown=_SHOWN))
    if not desk.scope.full:
        st.caption(words("load.correct_masked"))
    elif st.button(words("load.correct"), key="rejects-correct", icon=":material/edit_note:"):
        _offer(desk, sha256)


def _row(desk: Desk, entry: Entry) -> dict[str, object]:
    words = desk.words
    return {
        words("load.sheet"): entry.sheet,
        words("load.place"): entry.line,
        words("load.column"): entry.column,
        words("load.raw"): entry.raw,
        words("load.reason"): entry.code,
        words("load.mend"): entry.zh if words.language == "zh" else entry.en,
    }


def _offer(desk: Desk, sha256: str) -> None:
    """A download for each header that rejected rows stand under."""
    try:
        with tempfile.TemporaryDirectory(dir=desk.home.root, prefix=".correct-") as folder:
            paths = write_rejected(desk.home, sha256, Path(folder) / f"correct_{sha256[:12]}.csv")
            made = [(path.name, path.read_bytes()) for path in paths]
    except DuanlianError as error:
        st.warning(error.message)
        return
    st.caption(desk.words("load.correct_note"))
    for name, content in made:
        st.download_button(
            name, content, file_name=name, mime="text/csv", key=f"download-{name}", icon=":material/download:"
        )
