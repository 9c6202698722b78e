"""Beside the chart: a selected group, rest or bundle with its sums and rows; notes and judged strength."""

from collections.abc import Sequence

import streamlit as st

from cases.lines import Line
from cases.marks import Mark
from export.signs import money_text
from ui.canvas.events import Selected
from ui.chart_marks import line_label, strength_lines
from ui.desk import Desk
from ui.elements import Chart
from ui.navigate import history
from ui.source_rows import show_rows
from ui.tables import show_table

_LISTED = 200


def show_mark(desk: Desk, drawn: Chart, selected: Selected) -> bool:
    """Show what only this panel knows of the selection; True when that is all there is to show."""
    for ident in selected.nodes[:1]:
        if ident in drawn.groups:
            _note(desk, drawn.groups[ident].group.mark)
            _group(desk, drawn, ident)
            return True
        if ident in drawn.rests:
            _note(desk, drawn.rests[ident].rest.mark)
            _rest(desk, drawn, ident)
            return True
        if ident in drawn.nodes:
            _note(desk, drawn.nodes[ident].ref)
    for ident in () if selected.nodes else selected.edges[:1]:
        if ident in drawn.bundles:
            found = drawn.bundles[ident]
            _note(desk, ("", found.start, found.end))
            st.subheader(desk.words("hands.bundles"))
            _lines(desk, drawn, found.lines, "bundle")
            return True
        if ident in drawn.lines:
            _note(desk, drawn.lines[ident].key)
            for text in strength_lines(desk, history().now, drawn.lines[ident]):
                st.caption(text)
    return False


def _note(desk: Desk, mark: Mark) -> None:
    text = history().now.notes.get(mark)
    if text:
        st.caption(f":material/sticky_note_2: {desk.words('hands.note')}")
        st.text(text)


def _group(desk: Desk, drawn: Chart, ident: str) -> None:
    found, words = drawn.groups[ident], desk.words
    st.subheader(words("hands.group"))
    st.text(found.group.name)
    kinds = [f"{words.type_label(name)} {number:,}" for name, number in found.types]
    st.caption(" · ".join([words("hands.members", n=f"{len(found.group.members):,}"), *kinds]))
    mark = found.group.mark
    outside = [line for line in drawn.lines.values() if mark in (line.start, line.end)]
    sums = (("outgoing", found.outgoing), ("incoming", found.incoming), ("inside", found.inside))
    for name, lines in sums:
        st.markdown(f"**{words(f'hands.{name}')}**")
        _lines(desk, drawn, lines, f"group-{name}", ends=False)
    st.markdown(f"**{words('hands.outside')}**")
    _lines(desk, drawn, outside, "group-outside")
    st.markdown(f"**{words('hands.who')}**")
    members = [
        {words("explore.types"): words.type_label(ref.type), words("explore.value"): desk.scope.key(ref)}
        for ref in found.group.members[:_LISTED]
    ]
    show_table(desk, members, key="group-members")
    if len(found.group.members) > _LISTED:
        st.caption(words("hands.more", n=len(found.group.members) - _LISTED))


def _rest(desk: Desk, drawn: Chart, ident: str) -> None:
    found, words = drawn.rests[ident], desk.words
    st.subheader(words("hands.rests"))
    kind = words.type_label(found.rest.other_type)
    st.markdown(f"**{words.type_label(found.rest.relation)}** · {kind}")
    rows = [
        {
            "": words(f"hands.{name}"),
            words("hands.ends"): f"{others:,}",
            words("overview.count"): f"{count:,}",
            words("explore.amount"): "" if fen is None else money_text(fen),
        }
        for name, others, count, fen in (
            ("rest_part", found.others, found.count, found.amount_fen),
            ("drawn_part", found.all_others - found.others, found.all_count - found.count,
             None if found.all_fen is None or found.amount_fen is None else found.all_fen - found.amount_fen),
            ("all_part", found.all_others, found.all_count, found.all_fen),
        )
    ]  # fmt: skip
    show_table(desk, rows, key="rest-sums")
    st.caption(words("hands.counted_only"))


def _lines(desk: Desk, drawn: Chart, lines: Sequence[Line], key: str, *, ends: bool = True) -> None:
    """Lines as a table, with their ends where they differ; choosing one shows the rows it is the sum of."""
    words = desk.words
    if not lines:
        st.caption(words("hands.no_lines"))
        return
    rows = [
        {
            words("explore.relation"): words.type_label(line.relation),
            words("explore.value"): line_label(desk, line, plain=True),
            **({words("explore.from"): drawn.end(desk, line.start)} if ends else {}),
            **({words("explore.to"): drawn.end(desk, line.end)} if ends else {}),
            words("hands.rows_head"): len(line.rows),
        }
        for line in lines
    ]
    chosen = show_table(desk, rows, key=key, select=True)
    if chosen is not None:
        show_rows(desk, lines[chosen].rows, key=f"{key}-rows")
