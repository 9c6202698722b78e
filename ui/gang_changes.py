"""What replaced what among a gang's members: the proposals, what speaks for and against, and their rows."""

import streamlit as st

from detect.changes.said import (
    against_said,
    change_sentence,
    how_said,
    kind_said,
    unseen_sentence,
)
from detect.changes.store import changes_of, current_changes, open_changes
from detect.changes.values import Change
from detect.results import Gang
from graph.errors import DuanlianError
from ui.desk import Desk
from ui.plain_text import as_text
from ui.source_rows import show_rows
from ui.tables import show_table


def show_gang_changes(desk: Desk, gang: Gang) -> None:
    """Draw the proposals that name a member on either side; one chosen shows its signs and their rows."""
    words = desk.words
    try:
        found = open_changes(desk.home)
    except DuanlianError as error:
        st.warning(error.message)
        return
    if found is None or found.lake_digest != desk.tables.digest.digest:
        st.info(words("changes.not_yet"), icon=":material/info:")
        if st.button(words("changes.run"), icon=":material/compare_arrows:", key="find-changes"):
            current_changes(desk.home)
            st.rerun()
        return
    if found.unseen:
        st.caption(unseen_sentence(found, words.language))
    mine = changes_of(found, [member.ref for member in gang.members])
    if not mine:
        st.info(words("changes.none"), icon=":material/info:")
        return
    st.caption(words("changes.opinion"))
    chosen = show_table(
        desk,
        [_row(desk, change) for change in mine],
        key=f"changes-{gang.gang_id}",
        download=f"{gang.gang_id}-changes",
        select=True,
    )
    if chosen is not None:
        _one(desk, mine[chosen])


def _row(desk: Desk, change: Change) -> dict[str, object]:
    words = desk.words
    return {
        words("gangs.type"): words.type_label(change.old.type),
        words("changes.old"): desk.scope.key(change.old),
        words("changes.new"): desk.scope.key(change.new),
        words("changes.how"): how_said(change.how, words.language),
        words("changes.weight"): round(change.weight, 3),
        words("changes.margin"): round(change.margin, 2),
        words("changes.together"): change.together,
        words("changes.decided"): words("changes.yes" if change.decided else "changes.no"),
    }


def _one(desk: Desk, change: Change) -> None:
    words = desk.words
    st.markdown(as_text(change_sentence(change, words.language, desk.scope.key)))
    if change.against:
        points = "; ".join(against_said(point, words.language) for point in change.against)
        st.markdown(f"**{words('changes.against')}** · {as_text(points)}")
    signs = [
        {
            words("gangs.kind"): kind_said(sign.kind, words.language),
            words("changes.before"): desk.scope.key(sign.before),
            words("changes.after"): desk.scope.key(sign.after),
            words("gangs.weight"): round(sign.value, 3),
            words("gangs.rows"): len(sign.before_rows) + len(sign.after_rows),
        }
        for sign in change.signs
    ]
    picked = show_table(desk, signs, key=f"signs-{change.change_id}", select=True)
    if picked is not None:
        sign = change.signs[picked]
        show_rows(desk, sign.before_rows + sign.after_rows, key=f"sign-rows-{change.change_id}")
    else:
        rows = [row for point in change.against for row in point.rows]
        if rows:
            st.caption(words("changes.against_rows"))
            show_rows(desk, list(dict.fromkeys(rows)), key=f"against-rows-{change.change_id}")
