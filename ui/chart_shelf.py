"""The saved charts as one session sees them, read anew when their file changes."""

import streamlit as st

from cases.charts.acts import charts_path
from cases.charts.keeping import charts_for
from cases.charts.shelf import SavedChart, Shelf, open_shelf
from graph.errors import DuanlianError
from ui.desk import Desk, subject
from ui.said_errors import error_text

_KEPT = "chart_shelf"


def shelf(desk: Desk) -> Shelf:
    """Every chart of the home, and what is wrong with some; a file that is none says so and holds none."""
    stamp = _stamp(desk)
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != stamp:
        try:
            kept = (stamp, open_shelf(desk.home))
        except DuanlianError as error:
            kept = (stamp, Shelf({}, problems=(error_text(desk, error),)))
        st.session_state[_KEPT] = kept
    found: Shelf = kept[1]
    return found


def charts_here(desk: Desk) -> tuple[SavedChart, ...]:
    """The charts that the person at this desk may open, newest first."""
    return charts_for(shelf(desk), subject(desk.settings))


def title_text(desk: Desk, text: str) -> str:
    """A title or note as this reader may see it: long numbers in it are handles."""
    return text if desk.scope.full else desk.handles.scrub(text)


def _stamp(desk: Desk) -> tuple[tuple[int, int], ...]:
    """Size and time of the file and of what SQLite has not moved into it yet."""
    place = charts_path(desk.home)
    files = [place, place.with_name(f"{place.name}-wal")]
    return tuple((s.st_mtime_ns, s.st_size) for f in files if f.exists() for s in [f.stat()])
