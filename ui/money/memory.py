"""Keeps what was set on the screen while another is shown: Streamlit forgets widgets that aren't drawn."""

from typing import Any

import streamlit as st

_KEPT = "money_kept"
_ASKED = "money_asked"


def keep(key: str, default: Any) -> str:
    """The key itself, its value put back as it was left, or the default; `remember_widgets` keeps it."""
    st.session_state.setdefault(key, st.session_state.get(_KEPT, {}).get(key, default))
    names: set[str] = st.session_state.setdefault(_ASKED, set())
    names.add(key)
    return key


def remember_widgets(*more: str) -> None:
    """Called at the end of a run: what the widgets say now."""
    names = {*st.session_state.get(_ASKED, ()), *more}
    now = {name: st.session_state[name] for name in sorted(names) if name in st.session_state}
    st.session_state[_KEPT] = st.session_state.get(_KEPT, {}) | now
