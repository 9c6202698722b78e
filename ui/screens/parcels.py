"""Parcels: who sends to whom, by phone and address, under which names, in chains, in time."""

import polars as pl
import streamlit as st

from cases.parcels import SIDES, Bounds, by_side, chains, holding, many_names, parcels
from export.signs import local_text
from funds.known import last_instant
from graph.contract import Ref
from ui.desk import Desk, kept_while
from ui.money.memory import keep, remember_widgets
from ui.parcels.findings import show_findings
from ui.parcels.one import show_parcels
from ui.parcels.rows import chain_row, name_row, side_row
from ui.tables import Row, show_table

_TABS = (*SIDES, "names", "chains", "findings")
_TYPES = {"sender": "Sim", "recipient": "Sim", "sent_from": "Address", "delivered_to": "Address"}
_SHOWN = 500


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.parcels"))
    if desk.empty:
        st.info(words("empty.lake"), icon=":material/info:")
        return
    if not desk.tables.rows.get("Parcel"):
        st.info(words("parcels.none"), icon=":material/info:")
        return
    _work(desk)


@st.fragment
def _work(desk: Desk) -> None:
    """Filter, tables and the axis redraw together, without the rest of the page."""
    words, bounds = desk.words, Bounds()
    every = kept_while("parcels_read", desk.state, words("time.reading"), lambda: parcels(desk.tables))
    left, right = st.columns([7, 3], vertical_alignment="bottom")
    text = left.text_input(words("parcels.find"), key=keep("parcels_text", ""))
    light = right.checkbox(words("parcels.light_only"), key=keep("parcels_light", default=False))
    found = holding(every, text)
    if light:
        found = found.filter(pl.col("weight_g").fill_null(0) <= bounds.light_g)
    st.caption(words("parcels.note", light=bounds.light_g, many=bounds.many))
    tab = st.segmented_control(
        words("nav.parcels"), _TABS, key=keep("parcels_tab", "sender"), required=True,
        format_func=lambda name: words(f"parcels.tab_{name}"), label_visibility="collapsed",
    )  # fmt: skip
    until = local_text(last_instant(desk.tables))
    st.caption(words("parcels.counts", n=f"{found.height:,}", until=until))
    if tab == "findings":
        show_findings(desk)
    elif found.is_empty():
        st.info(words("parcels.no_hit"), icon=":material/info:")
    else:
        _table(desk, found, tab or "sender", bounds)
    remember_widgets()


def _table(desk: Desk, found: pl.DataFrame, tab: str, bounds: Bounds) -> None:
    """The table of a tab; what is chosen there shows its parcels below."""
    words = desk.words
    lines, picks = _lines(desk, found, tab, bounds)
    if len(lines) > _SHOWN:
        st.caption(words("phones.shown", n=f"{len(lines):,}", shown=_SHOWN))
    chosen = show_table(desk, lines[:_SHOWN], key=f"parcels-{tab}", download=f"parcels-{tab}", select=True)
    if not lines:
        st.info(words("parcels.no_hit"), icon=":material/info:")
    elif chosen is not None:
        refs, part = picks[chosen]
        show_parcels(desk, found.filter(part), refs, tab)


def _lines(
    desk: Desk, found: pl.DataFrame, tab: str, bounds: Bounds
) -> tuple[list[Row], list[tuple[list[Ref], pl.Expr]]]:
    """Lines of the table and, of each, its nodes and which parcels are meant."""
    words = desk.words
    if tab == "names":
        st.caption(words("parcels.names_note"))
        rows = many_names(found).to_dicts()
        ends = [(pl.col("sent_from") == one["end"]) | (pl.col("delivered_to") == one["end"]) for one in rows]
        refs = [[Ref("Address", one["end"])] for one in rows]
        return [name_row(desk, one) for one in rows], list(zip(refs, ends, strict=True))
    if tab == "chains":
        st.caption(words("parcels.chains_note"))
        rows = chains(found, bounds).to_dicts()
        named = (("sender", "Sim"), ("delivered_to", "Address"), ("recipient", "Sim"))
        ways = [pl.all_horizontal(*(pl.col(end) == one[end] for end, _ in named)) for one in rows]
        refs = [[Ref(kind, one[end]) for end, kind in named] for one in rows]
        return [chain_row(desk, one) for one in rows], list(zip(refs, ways, strict=True))
    side = next(one for one in SIDES if one == tab)
    rows = by_side(found, side, bounds).to_dicts()
    refs = [[Ref(_TYPES[side], one["end"])] for one in rows]
    ends = [pl.col(side) == one["end"] for one in rows]
    return [side_row(desk, one, _TYPES[side]) for one in rows], list(zip(refs, ends, strict=True))
