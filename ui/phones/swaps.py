"""Swaps: which SIM was in which device when, what followed what, and what is proposed as a replacement."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from cases.device_uses import stays, swaps
from detect.changes.said import how_said
from detect.changes.store import changes_of, open_changes
from export.signs import local_text
from graph.contract import Ref
from graph.errors import DuanlianError
from ui.desk import Desk, kept_while
from ui.navigate import open_on_chart
from ui.phones.lanes import MOST_LANES, lanes
from ui.source_rows import show_rows
from ui.tables import Row, show_table

_SHOWN = 500


def show_swaps(desk: Desk, sims: Sequence[str], devices: Sequence[str]) -> None:
    """Lanes, the table of stays with rows, swaps in order, and the proposals of `detect changes`."""
    words = desk.words
    found = kept_while(
        "phones_stays",
        f"{desk.state} {hash((tuple(sims), tuple(devices)))}",
        words("time.reading"),
        lambda: stays(desk.tables, sims, devices),
    )
    if found.is_empty():
        st.info(words("phones.none_stays"), icon=":material/info:")
    else:
        _stays(desk, found)
    _changes(desk, [*(Ref("Sim", key) for key in sims), *(Ref("Device", key) for key in devices)])


def _stays(desk: Desk, found: pl.DataFrame) -> None:
    words = desk.words
    counts = {"devices": found["device"].n_unique(), "sims": found["sim"].n_unique()}
    st.caption(f"{words('phones.stays', n=f'{found.height:,}', **counts)} · {words('phones.lanes')}")
    st.html(lanes(desk, found))
    if counts["devices"] > MOST_LANES:
        st.caption(words("phones.lanes_more", n=MOST_LANES))
    refs = [Ref("Device", key) for key in found["device"].unique().sort()]
    refs += [Ref("Sim", key) for key in found["sim"].unique().sort()]
    if st.button(words("phones.open"), icon=":material/hub:", key="phones-open-stays"):
        open_on_chart(refs)
    if found.height > _SHOWN:
        st.caption(words("phones.shown", n=f"{found.height:,}", shown=_SHOWN))
    rows = found.head(_SHOWN).to_dicts()
    chosen = show_table(
        desk,
        [
            {
                words("phones.device"): desk.scope.key(Ref("Device", one["device"])),
                words("phones.sim"): desk.scope.key(Ref("Sim", one["sim"])),
                words("explore.first"): local_text(one["first_at"]),
                words("explore.last"): local_text(one["last_at"]),
                words("phones.sights"): one["sights"],
            }
            for one in rows
        ],
        key="phones-stays", download="stays", select=True,
    )  # fmt: skip
    if chosen is not None:
        show_rows(desk, [(row["source"], row["row"]) for row in rows[chosen]["rows"]], key="phones-stay")
    _followed(desk, swaps(found))


def _followed(desk: Desk, found: pl.DataFrame) -> None:
    words = desk.words
    lines: list[Row] = [
        {
            words("phones.device"): desk.scope.key(Ref("Device", one["device"])),
            words("phones.before"): desk.scope.key(Ref("Sim", one["before"])),
            words("phones.after"): desk.scope.key(Ref("Sim", one["after"])),
            words("phones.ended"): local_text(one["ended_at"]),
            words("phones.began"): local_text(one["began_at"]),
            words("phones.turns"): one["turns"],
        }
        for one in found.head(_SHOWN).iter_rows(named=True)
    ]
    if lines:
        st.markdown(f"**{words('phones.tab_swaps')}**")
        show_table(desk, lines, key="phones-swaps", download="swaps")


def _changes(desk: Desk, refs: Sequence[Ref]) -> None:
    """What `detect changes` proposes about them: an opinion, the gangs screen explains each."""
    words = desk.words
    st.markdown(f"**{words('phones.changes')}** · {words('changes.opinion')}")
    try:
        found = open_changes(desk.home)
    except DuanlianError as error:
        st.warning(error.message)
        return
    if found is None or found.lake_digest != desk.tables.digest.digest:
        st.caption(words("phones.changes_stale"))
        return
    mine = changes_of(found, refs)
    if not mine:
        st.caption(words("phones.changes_none"))
        return
    lines: list[Row] = [
        {
            words("gangs.type"): words.type_label(change.old.type),
            words("changes.old"): desk.scope.key(change.old),
            words("changes.new"): desk.scope.key(change.new),
            words("changes.how"): how_said(change.how, words.language),
            words("changes.weight"): round(change.weight, 3),
            words("changes.decided"): words("changes.yes" if change.decided else "changes.no"),
        }
        for change in mine
    ]
    chosen = show_table(desk, lines, key="phones-changes", download="changes", select=True)
    if chosen is not None:
        signs = mine[chosen].signs
        rows = [row for sign in signs for row in (*sign.before_rows, *sign.after_rows)]
        show_rows(desk, list(dict.fromkeys(rows)), key="phones-change")
