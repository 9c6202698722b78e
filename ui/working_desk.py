"""Brings chart, filters, language and selection back after a reload, and keeps them as they change."""

import logging
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import streamlit as st

from cases.board import History
from cases.charts.drawing import View
from cases.desks import DeskState, keep_desk, take_desk
from graph.contract import Ref
from graph.errors import DuanlianError
from graph.settings import Settings
from ui import deep_links
from ui.navigate import history, remember
from ui.time_state import state as time_state

LOG = logging.getLogger(__name__)
_TOKEN, _KEPT, _SAID = "desk_token", "desk_kept", "desk_said"
_BROWSER = "_streamlit_xsrf"
FILTERS = ("filter_types", "filter_relations", "expand_limit")
_START = datetime(1970, 1, 1, tzinfo=UTC)
_LEFT = "filters_left"


@dataclass(frozen=True, slots=True)
class OpenChart:
    """The saved chart that lies on the desk, by handle and version."""

    handle: str
    version: int


def resume(settings: Settings) -> None:
    """Once a session, before anything is drawn: take up what the address's desk holds, under a new token.

    Each session has a token of its own, so two tabs of one address never write to one desk.
    """
    _filters_stay()
    if _TOKEN in st.session_state:
        return
    st.session_state[_TOKEN] = secrets.token_urlsafe(24)
    before = deep_links.desk_token()
    if before is None:
        return
    try:
        state = take_desk(settings.lake, before, _owner(settings), datetime.now(UTC))
    except DuanlianError as error:
        st.session_state[_SAID] = error
        return
    if state is not None:
        _put(state)


def keep(settings: Settings, page: str) -> None:
    """At the end of a run: the address says what is shown, and what changed since the last time is kept.

    A disk that refuses costs the reload, not the work.
    """
    token = st.session_state.get(_TOKEN)
    if token is None:
        return
    deep_links.write(page, token)
    state = _state()
    if state == st.session_state.get(_KEPT, DeskState()):
        return
    try:
        keep_desk(settings.lake, token, _owner(settings), state, datetime.now(UTC))
    except DuanlianError as error:
        LOG.warning("the working desk was not kept: %s", error.code)
        return
    st.session_state[_KEPT] = state


def problem() -> DuanlianError | None:
    """Why the desk could not be taken up, once."""
    found = st.session_state.pop(_SAID, None)
    return found if isinstance(found, DuanlianError) else None


def view_now() -> View:
    """How the chart is looked at, as the filters stand."""
    kept = {**st.session_state.get(_LEFT, {}), **_filters()}
    window = time_state()["window"]
    return View(
        frozenset(kept.get("filter_types", ())),
        frozenset(kept.get("filter_relations", ())),
        None if window is None else (_instant(window[0]), _instant(window[1])),
        int(kept.get("expand_limit", View().expand_limit)),
    )


def look_as(view: View) -> None:
    """Set the filters; called before they are drawn."""
    st.session_state["filter_types"] = sorted(view.types)
    st.session_state["filter_relations"] = sorted(view.relations)
    st.session_state["expand_limit"] = view.expand_limit
    window = None if view.window is None else tuple(_milliseconds(at) for at in view.window)
    time_state()["window"] = window
    st.session_state[_LEFT] = _filters()


def open_chart() -> OpenChart | None:
    """The saved chart that lies open, if any."""
    found = st.session_state.get("open_chart")
    return found if isinstance(found, OpenChart) else None


def lay_open(chart: OpenChart | None) -> None:
    """Say which saved chart the board belongs to."""
    st.session_state["open_chart"] = chart


def _state() -> DeskState:
    chart = open_chart()
    selected = tuple(ref for ref in st.session_state.get("selected_refs", ()) if isinstance(ref, Ref))
    now = history()
    return DeskState(
        History(now.now, now.past),
        view_now(),
        str(st.session_state.get("language") or ""),
        selected,
        chart.handle if chart else "",
        chart.version if chart else 0,
    )


def _put(state: DeskState) -> None:
    remember(state.history)
    look_as(state.view)
    st.session_state["selected_refs"] = state.selected
    if state.language:
        st.session_state["language"] = state.language
    if state.chart:
        lay_open(OpenChart(state.chart, state.version))
        # The board as it was left goes before the chart as it was saved.
        deep_links.own("chart", state.chart)


def _instant(milliseconds: int) -> datetime:
    return _START + timedelta(milliseconds=milliseconds)


def _milliseconds(at: datetime) -> int:
    return (at - _START) // timedelta(milliseconds=1)


def _filters() -> dict[str, object]:
    return {name: st.session_state[name] for name in FILTERS if name in st.session_state}


def _filters_stay() -> None:
    """Streamlit forgets widgets that a screen does not draw: put the filters back as they were left."""
    left = {**st.session_state.get(_LEFT, {}), **_filters()}
    st.session_state[_LEFT] = left
    for name, value in left.items():
        st.session_state.setdefault(name, value)


def _owner(settings: Settings) -> str:
    """Whose desk it is: the user of this installation in this browser, known by its own cookie."""
    return f"{settings.user}\x1f{browser_mark(str(st.context.cookies.get(_BROWSER, '')))}"


def browser_mark(cookie: str) -> str:
    """What stays the same in the server's cookie (`2|mask|masked token|time`: each answer masks it anew).

    Empty for a cookie of another form: then the token alone opens a desk.
    """
    parts = cookie.split("|")
    if len(parts) != 4 or parts[0] != "2":
        return ""
    try:
        mask, masked = bytes.fromhex(parts[1]), bytes.fromhex(parts[2])
    except ValueError:
        return ""
    return bytes(one ^ mask[n % len(mask)] for n, one in enumerate(masked)).hex() if mask else ""
