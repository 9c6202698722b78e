"""What a hand set on the time axis, kept while other screens are shown and with the desk."""

from typing import Any

import streamlit as st

CHART = "network"
"""The axis below the chart that is explored."""


def state(name: str = CHART) -> dict[str, Any]:
    """Of the axis `name`: window and view as (first, last) in milliseconds since 1970, bar, switches."""
    held: dict[str, Any] = st.session_state.setdefault(
        f"time_axis_{name}", {"window": None, "view": None, "bar": None, "log": False, "every": False}
    )
    return held
