"""Goes from one screen to another without one importing the other."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from cases.board import History, started_with
from graph.contract import Ref

_PAGES = "pages"
_FOLLOWED = "money_followed"


def remember_pages(pages: Mapping[str, Any]) -> None:
    """Called once a run by `app.py` with the pages by name."""
    st.session_state[_PAGES] = dict(pages)


def go(name: str) -> None:
    """Show the screen called `name`; stays where it is when there is only one screen (in tests)."""
    page = st.session_state.get(_PAGES, {}).get(name)
    if page is not None:
        st.switch_page(page)


def history() -> History:
    """The chart of this session with its past."""
    found = st.session_state.get("history")
    return found if isinstance(found, History) else History()


def remember(board_history: History) -> None:
    """Keep the chart for the next run."""
    st.session_state["history"] = board_history


def open_on_chart(refs: Sequence[Ref]) -> None:
    """Start a new chart with these nodes (the old one stays one undo away) and show it."""
    fresh = started_with(refs).now
    remember(history().step(fresh))
    go("explore")


def add_to_chart(refs: Sequence[Ref]) -> None:
    """Put more nodes on the chart."""
    remember(history().step(history().now.with_nodes(refs)))


def follow_money(ref: Ref, shown: str) -> None:
    """Ask on the money screen as `ask_money` does, and show it."""
    ask_money(ref, shown)
    go("money")


def ask_money(ref: Ref, shown: str) -> None:
    """Ask where a case's money went, or whose money came to an account.

    shown: the account as this reader may see it: that stands in the screen's field, never the whole number.
    """
    asked: dict[str, Any] = {"money_direction": "case", "money_cases": [ref.key]}
    if ref.type == "Account":
        asked = {"money_direction": "backward", "money_account": shown}
        st.session_state[_FOLLOWED] = (shown, ref.key)
    for name in (*asked, "money_chosen"):
        st.session_state.pop(name, None)
    st.session_state["money_kept"] = st.session_state.get("money_kept", {}) | asked


def followed_account(text: str) -> str:
    """The account that `follow_money` was asked for where `text` is what it showed, else the text itself."""
    shown, key = st.session_state.get(_FOLLOWED, ("", ""))
    return str(key) if text and text == shown else text
