"""Streamlit entry: page frame and navigation only."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from graph.errors import DuanlianError
from graph.settings import Settings
from ui.desk import Desk, desk
from ui.frame import frame
from ui.navigate import remember_pages
from ui.screens import (
    cards,
    doctor,
    explore,
    findings,
    freeze,
    gangs,
    load,
    money,
    mules,
    overview,
    queries,
    refund,
    same,
    search,
)

# A file of ours: an icon named `:material/…:` here would be fetched from outside.
ICON = Path(__file__).parent / "ui" / "icon.png"
Show = Callable[[Desk], None]
# In the order of the work: look, follow the money, follow the traces, decide, feed.
SECTIONS = {
    "network": {
        "overview": (overview.show, ":material/dashboard:"),
        "search": (search.show, ":material/search:"),
        "explore": (explore.show, ":material/hub:"),
        "gangs": (gangs.show, ":material/groups:"),
        "mules": (mules.show, ":material/account_balance:"),
        "cards": (cards.show, ":material/credit_card:"),
    },
    "funds": {
        "money": (money.show, ":material/account_tree:"),
        "freeze": (freeze.show, ":material/ac_unit:"),
        "refund": (refund.show, ":material/currency_yuan:"),
    },
    "work": {
        "findings": (findings.show, ":material/rule:"),
        "queries": (queries.show, ":material/library_books:"),
    },
    "data": {
        "load": (load.show, ":material/upload_file:"),
        "doctor": (doctor.show, ":material/health_and_safety:"),
        "same": (same.show, ":material/join_inner:"),
    },
}


def main() -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title="断链 Duanlian", page_icon=str(ICON), layout="wide")
    try:
        here = desk(Settings())
    except DuanlianError as error:
        st.error(error.message)
        return
    pages = {
        section: [_page(here, name, *screen) for name, screen in screens.items()]
        for section, screens in SECTIONS.items()
    }
    remember_pages({page.url_path or "overview": page for group in pages.values() for page in group})
    named = {here.words(f"nav.section_{section}"): group for section, group in pages.items()}
    chosen = st.navigation(named, expanded=True)
    frame(here)
    chosen.run()


def _page(here: Desk, name: str, show: Show, icon: str) -> Any:
    return st.Page(
        functools.partial(_screen, here, show), title=here.words(f"nav.{name}"), icon=icon, url_path=name,
        default=name == "overview",
    )  # fmt: skip


def _screen(here: Desk, show: Show) -> None:
    try:
        show(here)
    except DuanlianError as error:
        st.error(error.message)


main()
