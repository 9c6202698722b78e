"""Phones and devices: common contacts, meetings, swaps and hours of a set of numbers."""

import streamlit as st

from cases.named_phones import Named, named_phones
from graph.contract import Ref
from graph.schema.kinds import Mask
from graph.schema.masks import mask_value
from ui.desk import Desk
from ui.money.memory import keep, remember_widgets
from ui.navigate import history, open_on_chart
from ui.phones.contacts import show_contacts
from ui.phones.hours import show_hours
from ui.phones.meetings import show_meetings
from ui.phones.swaps import show_swaps
from ui.plain_text import as_text

_TYPES = ("Sim", "Device")
_TAKEN = "phones_taken"
_NAMED_SHOWN = 20
_SOURCES = ("CALLED", "SMS", "AT_CELL", "USED_IN")


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.phones"))
    if desk.empty:
        st.info(words("empty.lake"), icon=":material/info:")
        return
    if not any(desk.tables.rows.get(name) for name in _SOURCES):
        st.info(words("phones.no_calls"), icon=":material/info:")
        return
    sims, devices = _asked(desk)
    remember_widgets("phones_text")
    if not sims and not devices:
        st.info(words("phones.start"), icon=":material/info:")
        return
    if st.button(words("phones.open"), icon=":material/hub:", key="phones-open"):
        open_on_chart([*sims, *devices])
    _tabs(desk, sims, devices)
    remember_widgets()


def _asked(desk: Desk) -> tuple[tuple[Ref, ...], tuple[Ref, ...]]:
    """The SIMs and devices that the text names and those taken from the chart."""
    words = desk.words
    text = st.text_area(
        words("phones.asked"),
        key=keep("phones_text", ""),
        height=96,
        placeholder=words("phones.note"),
    )
    taken = _taken(desk)
    found = named_phones(desk.tables, text)
    _say(desk, found, len(taken))
    sims = dict.fromkeys([*found.sims, *(ref for ref in taken if ref.type == "Sim")])
    devices = dict.fromkeys([*found.devices, *(ref for ref in taken if ref.type == "Device")])
    if sims or devices:
        st.markdown(f"**{words('phones.counts', sims=f'{len(sims):,}', devices=f'{len(devices):,}')}**")
    return tuple(sims), tuple(devices)


def _taken(desk: Desk) -> tuple[Ref, ...]:
    words = desk.words
    shown = tuple(ref for ref in history().now.visible if ref.type in _TYPES)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(words("phones.from_chart"), key="phones-take", disabled=not shown):
            st.session_state[_TAKEN] = shown
        if st.session_state.get(_TAKEN) and st.button(words("phones.forget"), key="phones-forget"):
            st.session_state.pop(_TAKEN)
    taken: tuple[Ref, ...] = st.session_state.get(_TAKEN, ())
    return taken


def _say(desk: Desk, found: Named, taken: int) -> None:
    words = desk.words
    if taken:
        st.caption(words("phones.taken", n=f"{taken:,}"))
    if found.several:
        st.caption(words("phones.several", n=f"{len(found.several):,}"))
    if found.cut:
        st.warning(words("phones.cut", n=f"{found.cut:,}"))
    if found.unknown:
        names = [
            word[:60] if desk.scope.full else str(mask_value(word[:60], Mask.PHONE))
            for word in found.unknown[:_NAMED_SHOWN]
        ]
        more = " …" if len(found.unknown) > _NAMED_SHOWN else ""
        said = words("phones.unknown", n=f"{len(found.unknown):,}", names=", ".join(names) + more)
        st.warning(as_text(said), icon=":material/help:")


@st.fragment
def _tabs(desk: Desk, sims: tuple[Ref, ...], devices: tuple[Ref, ...]) -> None:
    """Only the tab that is open asks the lake."""
    words = desk.words
    names = ("contacts", "meetings", "swaps", "hours")
    chosen = st.segmented_control(
        words("nav.phones"),
        names,
        key=keep("phones_tab", "contacts"),
        format_func=lambda name: words(f"phones.tab_{name}"),
        label_visibility="collapsed",
        required=True,
    )
    keys = tuple(ref.key for ref in sims)
    if chosen == "contacts":
        show_contacts(desk, keys)
    elif chosen == "meetings":
        show_meetings(desk, keys)
    elif chosen == "swaps":
        show_swaps(desk, keys, tuple(ref.key for ref in devices))
    else:
        show_hours(desk, keys)
    remember_widgets()
