"""Asks the finder for this session: once a question, so that drawing again is no new search in the audit."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from cases.finder import Asker, find_one, ready
from graph.errors import InputError
from graph.lookup.finder import Found, How
from ui.desk import Desk, subject

GUESSES = frozenset({How.PINYIN, How.INITIALS, How.ORDER, How.SOUND, How.FUZZY})
"""Matches that may be somebody else: shown below the others and named so."""


def asker(desk: Desk) -> Asker:
    """This session's person as the finder knows them."""
    return Asker(desk.home, desk.tables, subject(desk.settings), st.session_state.get("case_no"))


def asked_once(
    desk: Desk, name: str, text: str, types: Sequence[str] = (), *, guess: bool = False, limit: int = 100
) -> Found:
    """What `text` finds, kept in the session as `name` until something else is asked."""
    asked = (desk.state, text, tuple(types), guess, limit)
    kept = st.session_state.get(name)
    if kept is None or kept[0] != asked:
        with st.spinner(working(desk)):
            kept = (asked, find_one(asker(desk), text, types, guess, datetime.now(UTC), limit))
        st.session_state[name] = kept
    found: Found = kept[1]
    return found


def working(desk: Desk) -> str:
    """What is said while a search runs; the first of a data version makes the index."""
    return desk.words("search.working" if ready(desk.tables, desk.home) else "search.making")


def refusal(desk: Desk, error: InputError) -> str:
    """Why a text can't be searched, in the reader's language."""
    facts = error.facts
    return desk.words(f"search.refused_{facts['reason']}", most=f"{facts['most']:,}", n=f"{facts['n']:,}")
