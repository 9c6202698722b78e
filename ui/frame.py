"""The frame round every screen: name, language, masking and what data this is."""

import streamlit as st

from graph.errors import DuanlianError
from ui.desk import Desk, mask_again, show_full
from ui.words import LANGUAGES

# Density like a spreadsheet, not like a landing page (docs: the desk).
_DENSE = """<style>
  .block-container {padding: 1.2rem 1.6rem 2rem;}
  h2 {font-size: 1.25rem !important; padding: 0.2rem 0 !important;}
  h3 {font-size: 1rem !important; padding: 0.6rem 0 0.2rem !important;}
  [data-testid="stMetricValue"] {font-size: 1.35rem; font-variant-numeric: tabular-nums;}
  [data-testid="stSidebar"] {min-width: 13rem; max-width: 15rem;}
</style>"""


def frame(desk: Desk) -> None:
    """Draw the side bar below the navigation."""
    words = desk.words
    st.html(_DENSE)
    with st.sidebar:
        st.markdown(f"**{words('app.name')}** · {words('app.tagline')}")
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
