"""Export buttons of a gang: decided, audited, then made; masked unless the session shows full values."""

from datetime import UTC, datetime

import streamlit as st

from cases.access import Action, Context, Target
from cases.reading import Permit, permitted
from cases.roles.standing import open_decisions
from detect.results import Gang
from export.gang_map import gang_map
from export.html_pyvis import render_gang_html
from export.manifest import Stamp
from export.map_tables import map_tables
from export.xlsx_table import render_table_xlsx
from graph.contract import Ref
from graph.errors import DuanlianError
from ui.desk import Desk, subject
from ui.words import Language


def export_buttons(desk: Desk, gang: Gang) -> None:
    """One button a format; pressed, the file is made and its download appears."""
    words = desk.words
    with st.container(horizontal=True):
        for form, ending, mime in (
            ("map", "html", "text/html"),
            ("table", "xlsx", "application/octet-stream"),
        ):
            made = f"made-{form}-{gang.gang_id}"
            if st.button(
                words(f"gangs.export_{form}"), key=f"make-{form}-{gang.gang_id}", icon=":material/output:"
            ):
                try:
                    st.session_state[made] = _made(desk, gang, form)
                except DuanlianError as error:
                    st.error(error.message)
            if made in st.session_state:
                st.download_button(
                    f"{gang.gang_id}.{ending}", st.session_state[made], f"{gang.gang_id}.{ending}", mime,
                    key=f"get-{form}-{gang.gang_id}", icon=":material/download:",
                )  # fmt: skip


def _made(desk: Desk, gang: Gang, form: str) -> bytes:
    full = desk.scope.full
    reason = str(st.session_state.get("unmasked_reason") or "")
    action = Action.EXPORT_FULL if full else Action.EXPORT
    context = Context(case=st.session_state.get("case_no"), purpose=reason or "gang map", reason=reason)
    now = datetime.now(UTC)
    refs: list[Ref] = [member.ref for member in gang.members]
    who = subject(desk.settings)
    with permitted(desk.home, who, action, Target("gang"), context, now, refs) as permit:
        decisions = open_decisions(desk.home, desk.tables)
        data = gang_map(gang, desk.tables, permit.scope, permit.handles, decisions)
        permit.rows = len(data.nodes) + len(data.edges)
        stamp = _stamp(desk, permit, context, now)
        language: Language = desk.words.language
        if form == "map":
            return render_gang_html(data, stamp, language)
        return render_table_xlsx(list(map_tables(data, language)), language)


def _stamp(desk: Desk, permit: Permit, context: Context, now: datetime) -> Stamp:
    who = subject(desk.settings)
    return Stamp(
        who.name,
        who.role.value,
        now,
        context.purpose,
        context.reason,
        context.case,
        audit_head=permit.audit_head,
    )
