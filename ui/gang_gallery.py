"""The gallery of gangs: a small picture a gang, a page at a time; one is chosen and stays marked."""

import base64
import html
from collections.abc import Sequence

import streamlit as st

from detect.results import Gang
from export.gang_picture import PICTURED, gang_picture
from ui.desk import Desk

PAGE = 8
_COLUMNS = 4
_PICTURES = "gang_pictures"
CHOSEN = "gang_chosen"


def gang_gallery(desk: Desk, gangs: Sequence[Gang]) -> Gang:
    """Draw one page of cards, best first, and give the chosen gang: the first until one was chosen."""
    words = desk.words
    chosen = next((g for g in gangs if g.gang_id == st.session_state.get(CHOSEN)), gangs[0])
    pages = -(-len(gangs) // PAGE)
    page = 1
    if pages > 1:
        page = int(
            st.number_input(words("gallery.page", pages=pages), 1, pages, key="gallery_page", width=200)
        )
    shown = gangs[(page - 1) * PAGE : page * PAGE]
    for start in range(0, len(shown), _COLUMNS):
        columns = st.columns(_COLUMNS, gap="small")
        for column, gang in zip(columns, shown[start : start + _COLUMNS], strict=False):
            with column.container(border=True):
                _card(desk, gang, chosen)
    st.caption(words("gallery.legend", n=PICTURED))
    return chosen


def choose_gang(gang_id: str) -> None:
    """Show this gang below the gallery from the next run on."""
    st.session_state[CHOSEN] = gang_id


def _card(desk: Desk, gang: Gang, chosen: Gang) -> None:
    words = desk.words
    st.html(_picture(desk, gang))
    persons = sum(m.ref.type == "Person" for m in gang.members)
    accounts = sum(m.ref.type == "Account" for m in gang.members)
    st.markdown(f"**{gang.gang_id}** · {words('gangs.score')} {gang.score:.3f}")
    st.caption(words("gallery.inside", persons=persons, accounts=accounts, rows=f"{gang.evidence:,}"))
    st.button(
        words("gallery.shown" if gang is chosen else "gallery.show"),
        key=f"gallery-{gang.gang_id}",
        type="primary" if gang is chosen else "secondary",
        on_click=choose_gang,
        args=(gang.gang_id,),
    )


def _picture(desk: Desk, gang: Gang) -> str:
    """Kept in the session while detection and language stand; the picture holds neither names nor keys."""
    state, kept = st.session_state.get(_PICTURES, (None, {}))
    now = (st.session_state.get("detection_stamp"), desk.words.language)
    if state != now:
        kept = {}
    if gang.gang_id not in kept:
        svg = base64.b64encode(gang_picture(gang).encode()).decode()
        # Not st.image, which gives no text for those who don't see the picture.
        alt = html.escape(desk.words("gallery.alt", gang=gang.gang_id), quote=True)
        kept[gang.gang_id] = f'<img alt="{alt}" style="width:100%" src="data:image/svg+xml;base64,{svg}">'
    st.session_state[_PICTURES] = (now, kept)
    found: str = kept[gang.gang_id]
    return found
