"""Two gangs side by side: what both hang at, what joins them, and how each is held together."""

from collections.abc import Mapping, Sequence

import streamlit as st

from cases.gang_comparison import GangComparison, compare_gangs
from detect.hierarchy_words import chain_sentence
from detect.results import Detection, Gang
from export.signs import kind_label
from ui.desk import Desk
from ui.navigate import open_on_chart
from ui.rule_titles import rule_title
from ui.source_rows import show_rows
from ui.tables import show_table


def gangs_beside(desk: Desk, found: Detection) -> None:
    """Choose two gangs and compare them; says what to do with fewer than two."""
    words, gangs = desk.words, {gang.gang_id: gang for gang in found.gangs}
    if len(gangs) < 2:
        st.info(words("beside.too_few"), icon=":material/info:")
        return
    names = list(gangs)
    left, right = st.columns(2)
    first = left.selectbox(words("beside.first"), names, key="beside_first")
    others = [name for name in names if name != first]
    second = right.selectbox(words("beside.second"), others, key="beside_second")
    one, other = gangs[first], gangs[second]
    compared = compare_gangs(one, other, found.findings)
    _sum_up(desk, one, other, compared)
    if st.button(words("beside.open"), icon=":material/hub:", key="beside-open", type="primary"):
        refs = [member.ref for gang in (one, other) for member in gang.members]
        open_on_chart(list(dict.fromkeys([*refs, *(shared.ref for shared in compared.shared)])))
    _shared(desk, one, other, compared)
    _chains(desk, one, compared)
    for title, counts, label in (
        (words("beside.types"), compared.types, words.type_label),
        (words("beside.kinds"), compared.kinds, lambda kind: kind_label(f"LINK:{kind}", words.language)),
        (words("beside.rules"), compared.rules, lambda rule: f"{rule} {rule_title(rule, words.language)}"),
    ):
        st.markdown(f"**{title}**")
        rows = [
            {words("beside.what"): label(name), one.gang_id: here, other.gang_id: there}
            for name, (here, there) in counts.items()
        ]
        show_table(desk, rows, key=f"beside-{title}")


def _sum_up(desk: Desk, one: Gang, other: Gang, compared: GangComparison) -> None:
    words = desk.words
    if compared.shared or compared.chains:
        st.write(words("beside.joined", shared=len(compared.shared), chains=len(compared.chains)))
    else:
        st.write(words("beside.apart", one=one.gang_id, other=other.gang_id))
    st.caption(words("frame.opinion"))


def _shared(desk: Desk, one: Gang, other: Gang, compared: GangComparison) -> None:
    words = desk.words
    if not compared.shared:
        return
    st.markdown(f"**{words('beside.shared')}**")
    yes = {True: words("beside.member"), False: words("beside.tie")}
    chosen = _choose(
        desk,
        [
            {
                words("gangs.type"): words.type_label(shared.ref.type),
                words("gangs.key"): desk.scope.key(shared.ref),
                one.gang_id: yes[shared.in_one],
                other.gang_id: yes[shared.in_other],
                words("gangs.rows"): len(shared.rows),
            }
            for shared in compared.shared
        ],
        "beside-shared",
    )
    if chosen is not None:
        show_rows(desk, compared.shared[chosen].rows, key="beside-shared-rows")


def _chains(desk: Desk, one: Gang, compared: GangComparison) -> None:
    words = desk.words
    if not compared.chains:
        return
    st.markdown(f"**{words('beside.chains')}**")
    rows = [
        {words("explore.why"): chain_sentence(chain, one, words.language, desk.scope.key)}
        for chain in compared.chains
    ]
    chosen = _choose(desk, rows, "beside-chains")
    if chosen is not None:
        show_rows(desk, compared.chains[chosen].rows, key="beside-chain-rows")


def _choose(desk: Desk, rows: Sequence[Mapping[str, object]], key: str) -> int | None:
    return show_table(desk, [dict(row) for row in rows], key=key, download=key, select=True)
