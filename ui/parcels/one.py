"""The parcels behind a chosen line: their time axis, table, source rows, and the way to the chart."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from cases.streams import Asked, instant
from graph.contract import Ref
from ui.desk import Desk
from ui.navigate import open_on_chart
from ui.parcels.rows import parcel_row
from ui.source_rows import show_rows
from ui.tables import show_table
from ui.timeline import show_time, told_of, window_of

_SHOWN = 500
_RELATIONS = frozenset({"SENT", "RECEIVED"})
_ENDS = (("sender", "Sim"), ("recipient", "Sim"), ("sent_from", "Address"), ("delivered_to", "Address"))


def show_parcels(desk: Desk, found: pl.DataFrame, refs: Sequence[Ref], tab: str) -> None:
    """found: as of `cases.parcels.parcels`; refs: what was chosen. The axis narrows the table."""
    words = desk.words
    shown = tuple(Ref("Parcel", key) for key in found["parcel"].head(_SHOWN))
    known = told_of(desk, "parcels", Asked(shown, "every", _RELATIONS))
    window = window_of("parcels", known)
    show_time(desk, "parcels", known)
    if window is not None:
        at = pl.coalesce("sent_at", "received_at")
        found = found.filter(at.is_between(instant(window[0] * 1000), instant(window[1] * 1000)))
    st.markdown(f"**{words('parcels.of_these', n=f'{found.height:,}')}**")
    if st.button(words("phones.open"), icon=":material/hub:", key=f"parcels-open-{tab}"):
        open_on_chart([*refs, *_around(found.head(_SHOWN // 5))])
    rows = found.head(_SHOWN).to_dicts()
    if found.height > _SHOWN:
        st.caption(words("phones.shown", n=f"{found.height:,}", shown=_SHOWN))
    mark = desk.handle(refs[0])
    chosen = show_table(
        desk,
        [parcel_row(desk, one) for one in rows],
        key=f"parcels-{tab}-{mark}",
        download="parcels",
        select=True,
    )
    st.markdown(f"**{words('explore.evidence')}**")
    cited = rows if chosen is None else [rows[chosen]]
    pairs = [(row["source"], row["row"]) for one in cited for row in one["rows"]]
    show_rows(desk, list(dict.fromkeys(pairs)), key=f"parcels-{tab}")


def _around(found: pl.DataFrame) -> list[Ref]:
    """The parcels with their phones and addresses."""
    refs = [Ref("Parcel", key) for key in found["parcel"]]
    for column, kind in _ENDS:
        refs += [Ref(kind, key) for key in found[column].drop_nulls()]
    return list(dict.fromkeys(refs))
