"""Work on findings as the screens of one session see it, and its columns and filters in their table."""

from collections.abc import Sequence

import streamlit as st

from cases.findings_status.acts import FindingActs, Status, finding_acts_path
from cases.findings_status.standing import Queue, queue
from cases.findings_status.words import changes_said, status_said
from detect.results import Detection, Finding
from graph.errors import DuanlianError
from ui.desk import Desk
from ui.said_errors import error_text
from ui.tables import Row

_KEPT, NOBODY = "finding_work", "\x1f"


def work_on(desk: Desk, found: Detection) -> tuple[Queue, int] | None:
    """The work on these findings and the number of acts; None, said here, when it can't be believed."""
    stamp = (_stamp(desk), found.lake_digest, len(found.findings))
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != stamp:
        st.session_state.pop(_KEPT, None)
        try:
            acts = tuple(FindingActs(desk.home).history())
        except DuanlianError as error:
            st.error(error_text(desk, error))
            return None
        kept = (stamp, (queue(acts, found.findings), len(acts)))
        st.session_state[_KEPT] = kept
    work: tuple[Queue, int] = kept[1]
    return work


def show_counts(desk: Desk, work: Queue) -> None:
    """How many findings stand where, and how many changed since somebody looked."""
    language = desk.words.language
    counts = work.counts()
    with st.container(horizontal=True):
        for status, count in counts.items():
            st.metric(status_said(status, language), f"{count:,}", border=True)
        changed = sum(bool(one.changes) for one in work.standings.values())
        st.metric(desk.words("work.changed"), f"{changed + len(work.gone):,}", border=True)


def work_filter(desk: Desk, work: Queue, findings: Sequence[Finding]) -> list[Finding]:
    """The findings whose status, assignee and changes are as chosen above the table."""
    words, language = desk.words, desk.words.language
    first, second, third = st.columns([3, 2, 2], vertical_alignment="bottom")
    statuses = first.multiselect(
        words("work.status"), list(Status), key="findings_statuses", placeholder="—",
        format_func=lambda status: status_said(status, language),
    )  # fmt: skip
    names = sorted({one.assignee for one in work.standings.values() if one.assignee})
    assignees = second.multiselect(
        words("work.assignee"), [NOBODY, *names], key="findings_assignees", placeholder="—",
        format_func=lambda name: words("work.nobody") if name == NOBODY else name,
    )  # fmt: skip
    changed = third.checkbox(words("work.only_changed"), key="findings_changed")
    kept = []
    for one in findings:
        stand = work.of(one)
        fits = not statuses or stand.status in statuses
        fits = fits and (not assignees or (stand.assignee or NOBODY) in assignees)
        if fits and (stand.changes or not changed):
            kept.append(one)
    return kept


def work_columns(desk: Desk, work: Queue, finding: Finding) -> Row:
    """What people did about a finding, as further columns of its row."""
    words, stand = desk.words, work.of(finding)
    return {
        words("work.status"): status_said(stand.status, words.language),
        words("work.assignee"): stand.assignee,
        words("work.due"): stand.due.isoformat() if stand.due else "",
        words("work.changed"): changes_said(stand, words.language),
    }


def _stamp(desk: Desk) -> tuple[tuple[int, int], ...]:
    """Size and time of the file and of what SQLite has not moved into it yet."""
    place = finding_acts_path(desk.home)
    files = [place, place.with_name(f"{place.name}-wal")]
    return tuple((s.st_mtime_ns, s.st_size) for f in files if f.exists() for s in [f.stat()])
