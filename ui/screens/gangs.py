"""Gangs: the list, one gang's members and what ties them, and its export."""

import streamlit as st

from detect.gang_words import doubt_sentence, fragility_sentence
from detect.results import Detection, Gang
from export.signs import kind_label
from graph.contract import Ref
from ui import deep_links
from ui.desk import Desk
from ui.detect_button import detected
from ui.gang_beside import gangs_beside
from ui.gang_changes import show_gang_changes
from ui.gang_export import export_buttons
from ui.gang_gallery import CHOSEN, choose_gang, gang_gallery
from ui.gang_roles import roles_cell, show_gang_roles
from ui.gang_tree import cell_lines, gang_tree
from ui.navigate import open_on_chart
from ui.plain_text import as_text
from ui.role_decisions import role_decisions
from ui.source_rows import show_rows
from ui.tables import show_table


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.gangs"))
    found = detected(desk)
    if found is None:
        return
    if not found.gangs:
        st.info(words("empty.gangs"), icon=":material/info:")
        return
    st.caption(f"{words('frame.opinion')} · {found.engine}")
    asked = _asked(found)
    views = ("gallery", "list", "tree", "beside")
    view = st.segmented_control(
        words("gallery.view"), views, default="gallery", key="gangs_view", required=True,
        format_func=lambda name: words(f"gallery.{name}"), label_visibility="collapsed",
    )  # fmt: skip
    if view == "tree":
        gang_tree(desk, found.gangs)
    elif view == "beside":
        gangs_beside(desk, found)
    else:
        gang = gang_gallery(desk, found.gangs) if view == "gallery" else _listed(desk, found, asked)
        deep_links.shown("gangs", gang=gang.gang_id)
        _one(desk, found, gang)


def _listed(desk: Desk, found: Detection, asked: Gang | None) -> Gang:
    rows = [_row(desk, gang) for gang in found.gangs]
    chosen = show_table(desk, rows, key="gangs", download="gangs", select=True)
    return found.gangs[chosen] if chosen is not None else asked or found.gangs[0]


def _asked(found: Detection) -> Gang | None:
    """The gang that the address asked for last, while it is found; its id tells of no single member."""
    asked = deep_links.asked("gang")
    if asked is not None:
        choose_gang(asked)
    wanted = st.session_state.get(CHOSEN)
    return next((one for one in found.gangs if one.gang_id == wanted), None)


def _row(desk: Desk, gang: Gang) -> dict[str, object]:
    words = desk.words
    return {
        words("gangs.choose"): gang.gang_id,
        words("gangs.score"): round(gang.score, 3),
        words("gangs.stability"): round(gang.stability, 2),
        words("gangs.persons"): sum(m.ref.type == "Person" for m in gang.members),
        words("gangs.accounts"): sum(m.ref.type == "Account" for m in gang.members),
        words("gangs.members"): len(gang.members),
        words("gangs.evidence"): gang.evidence,
    }


def _one(desk: Desk, found: Detection, gang: Gang) -> None:
    words = desk.words
    st.subheader(gang.gang_id)
    figures = {
        words("gangs.score"): f"{gang.score:.3f}",
        words("gangs.stability"): f"{gang.stability:.2f}",
        words("gangs.members"): str(len(gang.members)),
        words("gangs.evidence"): f"{gang.evidence:,}",
    }
    for column, (label, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(
            label, value, help=words("gangs.stability_help") if label == words("gangs.stability") else None
        )
    if gang.steadiness is not None:
        apart = gang.steadiness
        st.caption(
            words("gangs.steadiness", seeds=f"{apart.seeds:.2f}", resolutions=f"{apart.resolutions:.2f}")
        )
    _doubts(desk, gang)
    if st.button(words("gangs.open_chart"), type="primary", icon=":material/hub:", key="open-gang"):
        open_on_chart([member.ref for member in gang.members])
    export_buttons(desk, gang)
    tabs = [words(f"gangs.{name}") for name in ("members", "cells", "links")]
    members, cells, links, roles, changes = st.tabs([*tabs, words("roles.title"), words("changes.title")])
    with members:
        _members(desk, gang)
    with cells:
        _cells(desk, gang)
    with links:
        _links(desk, gang)
    with roles:
        show_gang_roles(desk, found, gang)
    with changes:
        show_gang_changes(desk, gang)


def _doubts(desk: Desk, gang: Gang) -> None:
    """What the gang hangs by, and the innocent and the guilty reading, with the rows each rests on."""
    words = desk.words
    hangs_by = as_text(fragility_sentence(gang, words.language, desk.scope.key))
    st.markdown(f"**{words('gangs.fragility')}** · {hangs_by}")
    st.markdown(f"**{words('gangs.doubt')}** · {as_text(doubt_sentence(gang, words.language))}")
    readings = {}
    if gang.fragility is not None and gang.fragility.breaks:
        readings[words("gangs.fragility")] = gang.fragility.breaks[0].rows
    if gang.doubt is not None:
        for name, reading in (("innocent", gang.doubt.innocent), ("guilty", gang.doubt.guilty)):
            if reading is not None:
                readings[words(f"gangs.{name}")] = reading.rows
    if not readings:
        return
    chosen = st.segmented_control(words("gangs.their_rows"), list(readings), key=f"doubt-{gang.gang_id}")
    if chosen is not None:
        show_rows(desk, readings[chosen], key=f"doubt-rows-{gang.gang_id}")


def _members(desk: Desk, gang: Gang) -> None:
    words, decided = desk.words, role_decisions(desk)
    rows = []
    people_first = sorted(
        gang.members, key=lambda m: (m.ref.type != "Person", m.ref.type, -m.strength, m.ref.key)
    )
    for member in people_first:
        rows.append(
            {
                words("gangs.type"): words.type_label(member.ref.type),
                words("gangs.key"): desk.scope.key(member.ref),
                words("gangs.name"): _name(desk, member.ref),
                words("gangs.strength"): round(member.strength, 2),
                words("gangs.stays"): "" if member.stays is None else f"{member.stays:.2f}",
                words("gangs.roles"): roles_cell(desk, decided.of(member)) if decided else "",
            }
        )
    show_table(desk, rows, key=f"members-{gang.gang_id}", download=f"{gang.gang_id}-members")


def _cells(desk: Desk, gang: Gang) -> None:
    """The gang's cells and the gangs it works with; a chosen line shows its rows."""
    lines, proof = cell_lines(desk, gang)
    if not lines:
        st.info(desk.words("gangs.no_cells"), icon=":material/info:")
        return
    chosen = show_table(
        desk, lines, key=f"cells-{gang.gang_id}", download=f"{gang.gang_id}-cells", select=True
    )
    if chosen is not None:
        show_rows(desk, proof[chosen], key=f"cell-{gang.gang_id}")


def _name(desk: Desk, ref: Ref) -> str:
    node = desk.engine.get(ref)
    if node is None:
        return ""
    shown = desk.scope.properties(ref.type, node.properties)
    return str(shown.get("name") or shown.get("holder_name") or "")


def _links(desk: Desk, gang: Gang) -> None:
    words = desk.words
    strongest = sorted(gang.links, key=lambda link: (-link.weight, link.kind, link.a, link.b))[:200]
    rows = [
        {
            words("gangs.kind"): kind_label(f"LINK:{link.kind}", words.language),
            words("explore.from"): desk.scope.key(link.a),
            words("explore.to"): desk.scope.key(link.b),
            words("explore.why"): desk.scope.key(link.via) if link.via else "",
            words("gangs.weight"): round(link.weight, 3),
            words("gangs.rows"): len(link.rows),
        }
        for link in strongest
    ]
    chosen = show_table(
        desk, rows, key=f"links-{gang.gang_id}", download=f"{gang.gang_id}-links", select=True
    )
    if chosen is not None:
        show_rows(desk, strongest[chosen].rows, key=f"link-{gang.gang_id}")
