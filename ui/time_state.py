"""What a hand set on the time axis, kept while other screens are shown and with the desk."""

from typing import Any

import streamlit as st

_STATE = "time_axis_state"


def state() -> dict[str, Any]:
    """window, view: (first, last) in milliseconds since 1970, or None; bar: the chosen one; log, every."""
    held: dict[str, Any] = st.session_state.setdefault(
        _STATE, {"window": None, "view": None, "bar": None, "log": False, "every": False}
    )
    return held
