"""The frame round every screen: name, language, masking and what data this is."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from graph.errors import DuanlianError
from ui.desk import Desk, mask_again, show_full
from ui.glossary import screen_terms
from ui.words import LANGUAGES

# Density like a spreadsheet, not like a landing page (docs: the desk).
_DENSE = """<style>
  .block-container {padding: 1.2rem 1.6rem 2rem;}
  h2 {font-size: 1.25rem !important; padding: 0.2rem 0 !important;}
  h3 {font-size: 1rem !important; padding: 0.6rem 0 0.2rem !important;}
  [data-testid="stMetricValue"] {font-size: 1.35rem; font-variant-numeric: tabular-nums;}
  [data-testid="stSidebar"] {min-width: 13rem; max-width: 15rem;}
  [data-testid="stSidebar"] [data-testid="stVerticalBlock"] {gap: 0.35rem;}
  [data-testid="stSidebar"] [data-testid="stMarkdownContainer"] {margin-bottom: 0;}
  [data-testid="stSidebar"] h4 {font-size: 0.8rem; font-weight: 400; padding: 0.5rem 0 0; opacity: 0.8;}
  [data-testid="stPageLink-NavLink"] {padding: 0.1rem 0.5rem;}
  /* White on the dark theme's own blue can't be read. */
  [data-testid="stBaseButton-primary"], [data-tag] {
    background-color: #1f5f8b !important; border-color: #1f5f8b; color: #fff;}
  /* Streamlit greys captions below what can be read. */
  [data-testid="stCaptionContainer"] {color: inherit; opacity: 0.8;}
</style>"""


def frame(desk: Desk, pages: Mapping[str, Sequence[Any]] | None = None, screen: str = "") -> None:
    """Draw the side bar: the name, the pages by section, language, masking, terms, which data this is."""
    words = desk.words
    st.html(_DENSE)
    with st.sidebar:
        st.markdown(f"**{words('app.name')}** · {words('app.tagline')}")
        for section, group in (pages or {}).items():
            st.markdown(f"#### {words(f'nav.section_{section}')}")
            for page in group:
                st.page_link(page)
        st.space("small")
        st.session_state.setdefault("language", words.language)
        st.segmented_control(
            words("frame.language"),
            LANGUAGES,
            key="language",
            format_func={"zh": "中文", "en": "English"}.__getitem__,
            label_visibility="collapsed",
            required=True,
        )
        _masking(desk)
        screen_terms(desk, screen)
        if not desk.empty:
            st.caption(f"{words('frame.lake')} {desk.tables.digest.digest[:12]} · {words('frame.zone')}")


def _masking(desk: Desk) -> None:
    words = desk.words
    if desk.scope.full:
        st.error(words("frame.unmasked"), icon=":material/visibility:")
        st.button(words("frame.mask_again"), on_click=mask_again, key="mask-again")
        return
    st.caption(f":material/visibility_off: {words('frame.masked')}")
    with st.popover(words("frame.show_full")):
        case_no = st.text_input(words("frame.case_no"), key="case_no_input")
        reason = st.text_input(words("frame.reason"), key="reason_input")
        if st.button(
            words("frame.confirm"), key="show-full", disabled=not (case_no.strip() and reason.strip())
        ):
            try:
                show_full(desk, case_no.strip(), reason.strip())
            except DuanlianError as error:
                st.error(error.message)
                return
            st.session_state["case_no"] = case_no.strip()
            st.rerun()
