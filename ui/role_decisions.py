"""What people decided about roles, as the screens of one session keep it; None when it can't be believed."""

import streamlit as st

from cases.roles.acts import acts_path
from cases.roles.standing import Decisions, open_decisions
from graph.errors import DuanlianError
from ui.desk import Desk

_KEPT = "role_decisions"


def role_decisions(desk: Desk) -> Decisions | None:
    """The decisions in force, read anew when their file or the lake's tables have changed.

    None when the file is damaged: then no role is shown at all, a refuted one might be among them.
    """
    try:
        return read_decisions(desk)
    except DuanlianError:
        return None


def read_decisions(desk: Desk) -> Decisions:
    """As `role_decisions`, but says what is wrong (EvidenceBroken)."""
    stamp = (desk.state, _stamp(desk))
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != stamp:
        st.session_state.pop(_KEPT, None)
        kept = (stamp, open_decisions(desk.home, desk.tables))
        st.session_state[_KEPT] = kept
    found: Decisions = kept[1]
    return found


def _stamp(desk: Desk) -> tuple[tuple[int, int], ...]:
    """Size and time of the file and of what SQLite has not moved into it yet."""
    place = acts_path(desk.home)
    files = [place, place.with_name(f"{place.name}-wal")]
    return tuple((s.st_mtime_ns, s.st_size) for f in files if f.exists() for s in [f.stat()])
