"""The freeze queue to take away: decided, audited, then made; masked unless the session shows full values."""

from datetime import UTC, datetime

import streamlit as st

from cases.access import Action, Context, Target
from cases.reading import permitted
from export.delivery import Format, notice_of, table_files
from export.manifest import Stamp
from export.queue_table import queue_table
from funds.freeze_now import QueueNow
from graph.contract import Ref
from graph.errors import DuanlianError
from ui.desk import Desk, subject

_MIME = {Format.XLSX: "application/octet-stream", Format.CSV: "text/csv"}


def queue_export(desk: Desk, found: QueueNow, stamp: str) -> None:
    """One button a format; pressed, the file is made and its download appears. stamp: names this queue."""
    words = desk.words
    with st.container(horizontal=True):
        for form, mime in _MIME.items():
            made, name = f"freeze-{form}", f"freeze-queue.{form}"
            if st.button(words(f"freeze.export_{form}"), key=f"make-{made}", icon=":material/output:"):
                try:
                    st.session_state[made] = (_mark(desk, stamp), _made(desk, found, form, name))
                except DuanlianError as error:
                    st.error(error.message)
            kept = st.session_state.get(made)
            if kept and kept[0] == _mark(desk, stamp):
                st.download_button(name, kept[1], name, mime, key=f"get-{made}", icon=":material/download:")


def _mark(desk: Desk, stamp: str) -> str:
    """What a made file belongs to: another queue, language or masking needs another file."""
    return f"{stamp} {desk.scope.policy} {desk.words.language}"


def _made(desk: Desk, found: QueueNow, form: Format, name: str) -> bytes:
    full, reason = desk.scope.full, str(st.session_state.get("unmasked_reason") or "")
    context = Context(case=st.session_state.get("case_no"), purpose=reason or "freeze queue", reason=reason)
    now = datetime.now(UTC)
    who, action = subject(desk.settings), Action.EXPORT_FULL if full else Action.EXPORT
    refs = [Ref("Account", line.account) for line in found.lines]
    with permitted(desk.home, who, action, Target("freeze queue"), context, now, refs) as permit:
        permit.rows = len(found.lines)
        stamp = Stamp(
            who.name,
            who.role.value,
            now,
            context.purpose,
            context.reason,
            context.case,
            audit_head=permit.audit_head,
        )
        table = queue_table(found, permit.scope, desk.words.language)
        notice = notice_of(stamp, not permit.scope.full)
        return table_files([table], form, name, desk.words.language, notice)[name]
