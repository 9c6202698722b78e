"""Streamlit entry: page frame and navigation only."""

import functools
from pathlib import Path
from typing import Any

import streamlit as st

from graph.errors import DuanlianError
from graph.settings import Settings
from ui.desk import Desk, desk
from ui.frame import frame
from ui.navigate import remember_pages
from ui.screen_module import screen_module
from ui.working_desk import keep, resume

# A file of ours: an icon named `:material/…:` here would be fetched from outside.
ICON = Path(__file__).parent / "ui" / "icon.png"
# In the order of the work: look, follow the money, follow the traces, decide, feed. A name is that of the
# screen's module, which is read when the screen is first shown: all at once they take seconds.
SECTIONS = {
    "network": {
        "overview": ":material/dashboard:",
        "search": ":material/search:",
        "explore": ":material/hub:",
        "gangs": ":material/groups:",
        "mules": ":material/account_balance:",
        "cards": ":material/credit_card:",
    },
    "funds": {
        "money": ":material/account_tree:",
        "freeze": ":material/ac_unit:",
        "refund": ":material/currency_yuan:",
    },
    "traces": {
        "phones": ":material/smartphone:",
        "parcels": ":material/package_2:",
    },
    "work": {
        "cases": ":material/folder_special:",
        "findings": ":material/rule:",
        "charts": ":material/folder_open:",
        "queries": ":material/library_books:",
    },
    "data": {
        "load": ":material/upload_file:",
        "doctor": ":material/health_and_safety:",
        "same": ":material/join_inner:",
        "settings": ":material/settings:",
    },
}


def main() -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title="断链 Duanlian", page_icon=str(ICON), layout="wide")
    try:
        settings = Settings()
        resume(settings)
        here = desk(settings)
    except DuanlianError as error:
        st.error(error.message)
        return
    pages = {
        section: [_page(here, name, icon) for name, icon in screens.items()]
        for section, screens in SECTIONS.items()
    }
    remember_pages({page.url_path or "overview": page for group in pages.values() for page in group})
    # Streamlit's own menu is a list whose items stand outside it: screen readers lose them.
    chosen = st.navigation(pages, position="hidden")
    frame(here, pages, chosen.url_path or "overview")
    chosen.run()
    keep(settings, chosen.url_path or "overview")


def _page(here: Desk, name: str, icon: str) -> Any:
    return st.Page(
        functools.partial(_screen, here, name), title=here.words(f"nav.{name}"), icon=icon, url_path=name,
        default=name == "overview",
    )  # fmt: skip


def _screen(here: Desk, name: str) -> None:
    try:
        screen_module(name).show(here)
    except DuanlianError as error:
        st.error(error.message)


main()
