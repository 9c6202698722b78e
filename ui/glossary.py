"""The terms of the field, each explained in both languages, and which of them a screen uses."""

from collections.abc import Mapping

import streamlit as st

from ui.desk import Desk
from ui.words import all_words

_GROUP = "terms."
TERMS_OF: Mapping[str, tuple[str, ...]] = {
    "overview": ("gang", "mule", "finding", "stop", "freeze"),
    "search": ("account", "sim", "parcel", "mask"),
    "explore": ("account", "pay_account", "holds", "controls", "finding", "mask"),
    "gangs": ("gang", "stability", "cell_of_gang", "laundry_house", "card_provider", "card_dealer", "role"),
    "mules": ("mule", "score_running", "pass_through", "card_provider", "calibrated"),
    "cards": ("holds", "controls", "holder_not_user", "card_crackdown", "card_provider", "card_dealer"),
    "money": ("trace", "level", "fifo", "lifo", "pro_rata", "libr", "poison", "interval", "cash_out"),
    "freeze": ("stop", "freeze", "waiting", "earlier_freezer", "expected"),
    "refund": ("refund", "recovery", "pro_rata", "interval"),
    "phones": ("sim", "call_records", "cell", "goip", "meeting", "swap"),
    "parcels": ("parcel", "card_dealer", "same_or_not"),
    "findings": ("finding", "counter_evidence", "lead", "case_link"),
    "queries": ("finding", "lead"),
    "cases": ("case", "victim", "recovery", "case_link", "lead"),
    "charts": ("mask", "lead"),
    "load": ("bank_sheet", "reversal", "quarantine", "template"),
    "doctor": ("mirror_row", "reversal", "gap", "grade"),
    "same": ("same_or_not",),
    "settings": ("mask", "audit"),
}
"""Screen -> terms, most needed first."""


def terms() -> tuple[str, ...]:
    """The code of every explained term, in the order of the words file."""
    return tuple(name.removeprefix(_GROUP) for name in all_words() if name.startswith(_GROUP))


def term_table(desk: Desk) -> list[dict[str, object]]:
    """All terms with their meaning, for a table."""
    words = desk.words
    rows: list[dict[str, object]] = []
    for term in terms():
        name, _, meaning = words(f"{_GROUP}{term}").partition(": ")
        rows.append({words("glossary.term"): name, words("glossary.meaning"): meaning})
    return rows


def screen_terms(desk: Desk, screen: str) -> None:
    """A button that opens the terms of one screen; nothing where a screen has none."""
    known = TERMS_OF.get(screen, ())
    if not known:
        return
    with st.popover(desk.words("glossary.here"), icon=":material/help:"):
        for term in known:
            name, _, meaning = desk.words(f"{_GROUP}{term}").partition(": ")
            st.markdown(f"**{name}** {meaning}")
