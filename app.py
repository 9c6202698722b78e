"""Streamlit entry: page frame and navigation only."""

import functools
from pathlib import Path

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
)

# A file of ours: an icon named `:material/…:` here would be fetched from outside.
ICON = Path(__file__).parent / "ui" / "icon.png"
SCREENS = {
    "overview": (overview.show, ":material/dashboard:"),
    "explore": (explore.show, ":material/hub:"),
    "gangs": (gangs.show, ":material/groups:"),
    "mules": (mules.show, ":material/account_balance:"),
    "money": (money.show, ":material/account_tree:"),
    "freeze": (freeze.show, ":material/ac_unit:"),
    "refund": (refund.show, ":material/currency_yuan:"),
    "cards": (cards.show, ":material/credit_card:"),
    "findings": (findings.show, ":material/rule:"),
    "queries": (queries.show, ":material/library_books:"),
    "load": (load.show, ":material/upload_file:"),
    "doctor": (doctor.show, ":material/health_and_safety:"),
    "same": (same.show, ":material/join_inner:"),
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
        name: st.Page(
            functools.partial(_screen, here, name), title=here.words(f"nav.{name}"), icon=icon, url_path=name,
            default=name == "overview",
        )
        for name, (_, icon) in SCREENS.items()
    }  # fmt: skip
    remember_pages(pages)
    chosen = st.navigation(list(pages.values()), expanded=True)
    frame(here)
    chosen.run()


def _screen(here: Desk, name: str) -> None:
    try:
        SCREENS[name][0](here)
    except DuanlianError as error:
        st.error(error.message)


main()
