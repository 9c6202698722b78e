"""What can be done about one finding or several: status, assignee, due day, comment; and the record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import streamlit as st

from cases.access import Action, Context, Target, decide
from cases.findings_status.acts import Status
from cases.findings_status.standing import Queue, Standing
from cases.findings_status.words import act_said, changes_said, status_said
from cases.findings_status.working import MOST_AT_ONCE, assign, remark, set_due, set_status
from detect.results import Detection, Finding
from export.signs import local_text
from graph.errors import DuanlianError
from ui.desk import Desk, subject
from ui.finding_row import finding_row
from ui.finding_work import work_columns
from ui.plain_text import as_text
from ui.said_errors import error_text
from ui.tables import show_choice, show_table

_PROBLEM = "finding_problem"


@dataclass(frozen=True, slots=True)
class Seen:
    """What whoever acts looked at: the data of the detection, and how many acts there were."""

    lake_digest: str
    acts: int


def show_work(desk: Desk, found: Detection, work: Queue, seen: int, finding: Finding) -> None:
    """One finding's work: where it stands, what changed, what to do next, who said what."""
    words, stand = desk.words, work.of(finding)
    st.markdown(f"**{words('work.title')}** · {as_text(_said(desk, stand))}")
    if stand.changes:
        what = changes_said(stand, words.language)
        st.warning(words("work.changed_since", what=what), icon=":material/history:")
    if stand.status is Status.DISMISSED and stand.reason:
        st.caption(as_text(f"{words('work.reason')}: {_text(desk, stand.reason)}"))
    if _may(desk):
        with st.expander(words("work.do"), expanded=False):
            key = f"{desk.handles.of('finding', finding.finding_id)[:8]}-{stand.seen}"
            _forms(desk, [finding], stand, Seen(found.lake_digest, seen), key)
    else:
        st.caption(words("work.not_permitted"))
    _said_problem()
    _record(desk, stand)


def show_several(desk: Desk, found: Detection, work: Queue, seen: int, shown: Sequence[Finding]) -> None:
    """The same for many: choose rows, say what, confirm."""
    words = desk.words
    rows = [finding_row(desk, one) | work_columns(desk, work, one) for one in shown]
    chosen = [shown[place] for place in show_choice(rows, key="findings-many")]
    st.caption(words("work.chosen", n=len(chosen), most=MOST_AT_ONCE))
    _said_problem()
    if not chosen or not _may(desk):
        return
    if len(chosen) > MOST_AT_ONCE:
        st.warning(words("work.too_many", most=MOST_AT_ONCE))
        return
    sure = st.checkbox(words("work.sure", n=len(chosen)), key=f"findings-sure-{seen}-{len(chosen)}")
    _forms(desk, chosen, Standing(None), Seen(found.lake_digest, seen), f"many-{seen}", ready=sure)


def show_gone(desk: Desk, work: Queue) -> None:
    """Work on findings that the last detection does not have."""
    if not work.gone:
        return
    words = desk.words
    with st.expander(words("work.gone", n=len(work.gone))):
        st.caption(words("work.gone_note"))
        rows = [
            {
                words("findings.rule"): one.last.rule if one.last else "",
                words("findings.subject"): desk.scope.key(one.last.subject) if one.last else "",
                words("work.status"): status_said(one.status, words.language),
                words("work.assignee"): one.assignee,
                words("work.last"): local_text(one.acts[-1].at),
                words("work.by"): one.acts[-1].done_by,
            }
            for one in work.gone
        ]
        show_table(desk, rows, key="findings-gone")


def _forms(
    desk: Desk, findings: Sequence[Finding], stand: Standing, seen: Seen, key: str, ready: bool = True
) -> None:
    words, language = desk.words, desk.words.language
    who, case = subject(desk.settings), st.session_state.get("case_no")
    digest, after = seen.lake_digest, seen.acts
    first, second = st.columns(2)
    with first:
        order = list(Status)
        status = st.selectbox(
            words("work.status"), order, index=order.index(stand.status), key=f"work-status-{key}",
            format_func=lambda one: status_said(one, language),
        )  # fmt: skip
        reason = st.text_input(words("work.reason"), key=f"work-reason-{key}")
        bare = status is Status.DISMISSED and not reason.strip()
        if bare:
            st.caption(words("work.reason_needed"))

        def say() -> None:
            set_status(desk.home, who, findings, status, reason, datetime.now(UTC), lake_digest=digest,
                       seen=after, case=case)  # fmt: skip

        _button(desk, words("work.set_status"), f"work-set-{key}", say, disabled=bare or not ready)
        comment = st.text_area(words("work.comment"), key=f"work-comment-{key}", height=80)

        def write() -> None:
            remark(desk.home, who, findings, comment, datetime.now(UTC), lake_digest=digest, case=case)

        _button(desk, words("work.add_comment"), f"work-add-{key}", write, disabled=not ready)
    with second:
        name = st.text_input(words("work.assignee"), stand.assignee or who.name, key=f"work-name-{key}")

        def give() -> None:
            assign(
                desk.home, who, findings, name, datetime.now(UTC), lake_digest=digest, seen=after, case=case
            )

        _button(desk, words("work.assign"), f"work-assign-{key}", give, disabled=not ready)
        due: date | None = st.date_input(words("work.due"), stand.due, key=f"work-due-{key}")

        def until() -> None:
            set_due(
                desk.home, who, findings, due, datetime.now(UTC), lake_digest=digest, seen=after, case=case
            )

        _button(desk, words("work.set_due"), f"work-until-{key}", until, disabled=not ready)


def _button(desk: Desk, label: str, key: str, act: Callable[[], None], disabled: bool) -> None:
    st.button(label, key=key, disabled=disabled, on_click=_tried, args=(desk, act))


def _tried(desk: Desk, act: Callable[[], None]) -> None:
    try:
        act()
    except DuanlianError as error:
        st.session_state[_PROBLEM] = error_text(desk, error)


def _said_problem() -> None:
    problem = st.session_state.pop(_PROBLEM, None)
    if problem:
        st.error(problem)


def _record(desk: Desk, stand: Standing) -> None:
    words = desk.words
    rows = [
        {
            words("work.last"): local_text(act.at),
            words("work.by"): act.done_by,
            words("work.act"): act_said(act, words.language),
            words("work.text"): _text(desk, act.text),
            words("work.together"): len(act.about),
        }
        for act in reversed(stand.acts)
    ]
    if rows:
        show_table(desk, rows, key="finding-acts")


def _said(desk: Desk, stand: Standing) -> str:
    words = desk.words
    parts = [status_said(stand.status, words.language), stand.assignee or words("work.nobody")]
    if stand.due:
        parts.append(f"{words('work.due')} {stand.due.isoformat()}")
    return " · ".join(parts)


def _text(desk: Desk, text: str) -> str:
    return text if desk.scope.full else desk.handles.scrub(text)


def _may(desk: Desk) -> bool:
    return decide(subject(desk.settings), Action.WORK_FINDING, Target("finding"), Context()).scope is not None
