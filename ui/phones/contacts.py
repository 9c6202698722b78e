"""Common contacts: numbers in touch with several of those asked for, with direction, span and rows."""

from collections.abc import Sequence

import streamlit as st

from cases.contacts import HUB_PARTNERS, common_contacts, contact_rows
from export.signs import local_text
from funds.known import last_instant
from graph.contract import Ref
from ui.desk import Desk, kept_while
from ui.money.memory import keep
from ui.navigate import open_on_chart
from ui.source_rows import show_rows
from ui.tables import Row, show_table

_SHOWN = 500


def show_contacts(desk: Desk, sims: Sequence[str]) -> None:
    """The table, and beside a chosen contact its calls with their source rows."""
    words = desk.words
    numbers = len({sim.partition("@")[0] for sim in sims})
    least = int(
        st.number_input(words("phones.least"), 1, max(1, numbers), step=1, width=200,
                        key=keep("phones_least", min(2, max(1, numbers))))
    )  # fmt: skip
    mark = f"{desk.state} {hash((tuple(sims), least))}"
    found = kept_while(
        "phones_contacts", mark, words("time.reading"), lambda: common_contacts(desk.tables, sims, least)
    )
    common = found.common
    if common.is_empty():
        st.info(words("phones.none_contacts", n=least), icon=":material/info:")
        return
    until = local_text(last_instant(desk.tables))
    st.caption(words("phones.made", n=f"{common.height:,}", among=f"{found.among:,}", until=until))
    if common["hub"].any():
        st.caption(words("phones.hub_note", n=HUB_PARTNERS))
    rows = common.head(_SHOWN).to_dicts()
    if common.height > _SHOWN:
        st.caption(words("phones.shown", n=f"{common.height:,}", shown=_SHOWN))
    chosen = show_table(
        desk, [_row(desk, one) for one in rows], key="phones-contacts", download="contacts", select=True
    )
    if chosen is not None:
        _one(desk, sims, rows[chosen]["contact"])


def _row(desk: Desk, one: Row) -> Row:
    words = desk.words
    return {
        words("phones.contact"): desk.scope.key(Ref("Sim", one["contact"])),
        words("phones.of"): one["of"],
        words("phones.called_by_them"): one["called_by_them"],
        words("phones.called_them"): one["called_them"],
        words("phones.texts"): one["texts"],
        words("explore.first"): local_text(one["first_at"]),
        words("explore.last"): local_text(one["last_at"]),
        words("phones.partners"): one["partners"],
        words("phones.hub"): words("changes.yes") if one["hub"] else "",
    }


def _one(desk: Desk, sims: Sequence[str], contact: str) -> None:
    words = desk.words
    found = contact_rows(desk.tables, sims, contact)
    own = found["own"].unique().sort().to_list()
    if st.button(words("phones.open"), icon=":material/hub:", key="phones-open-contact"):
        open_on_chart([Ref("Sim", contact), *(Ref("Sim", key) for key in own)])
    lines: list[Row] = [
        {
            words("explore.at"): local_text(one["at"]),
            words("explore.relation"): words.type_label(one["relation"]),
            words("phones.own"): desk.scope.key(Ref("Sim", one["own"])),
            words("phones.direction"): words("phones.out" if one["outward"] else "phones.in"),
        }
        for one in found.head(_SHOWN).iter_rows(named=True)
    ]
    show_table(desk, lines, key=f"phones-calls-{desk.handle(Ref('Sim', contact))}", download="calls")
    st.markdown(f"**{words('explore.evidence')}**")
    pairs = [
        *found.select("source", "row").iter_rows(),
        *found.select("other_source", "other_row").iter_rows(),
    ]
    show_rows(desk, [(s, r) for s, r in dict.fromkeys(pairs) if s is not None], key="phones-contact")
