"""Freeze queue: which accounts to freeze first, what that is expected to save, and every hold's clock."""

import zlib
from datetime import datetime
from typing import Any

import streamlit as st

from export.signs import local_text
from funds.answer import notice_record
from funds.freeze_now import QueueLine, QueueNow, queue_at
from funds.known import last_instant
from funds.methods import DEFAULT
from funds.queue_record import first_record, line_record, yuan
from funds.tracing import CONSERVING
from graph.contract import Ref
from graph.errors import InputError
from graph.parameters import read_instant
from ui.desk import Desk, kept_while
from ui.freeze_export import queue_export
from ui.freeze_line import kind_text, show_line
from ui.plain_text import as_text
from ui.tables import Row, show_table
from ui.time_left import time_left

_SHOWN = 500
_DUE = "background-color: #fbe3c0; color: #7a3b00"


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.freeze"))
    end = kept_while("freeze_end", desk.state, words("freeze.working"), lambda: last_instant(desk.tables))
    if end is None:
        st.info(words("empty.lake"), icon=":material/info:")
        return
    st.caption(f"{words('frame.opinion')} · {words('freeze.note')}")
    asked = _asked(desk, end)
    if asked is None:
        st.error(words("freeze.bad_now"))
        return
    now, case, method = asked
    stamp = f"{desk.state} {now.isoformat()} {method} {case}"
    cases = None if case is None else [case]
    try:
        found = kept_while(
            "freeze_queue", stamp, words("freeze.working"), lambda: queue_at(desk.tables, now, method, cases)
        )
    except InputError as error:
        if error.facts.get("what") != "case":
            raise
        st.info(words("empty.freeze"), icon=":material/info:")  # the case has no known payment by then
        return
    whence = words("freeze.end_of_data") if now == end else words("freeze.as_known")
    st.caption(f"{local_text(now)} · {whence} · {words('frame.zone')} · {method}")
    if found.lines:
        _queue(desk, found, stamp)
    else:
        st.info(words("empty.freeze"), icon=":material/info:")
    _unseen(desk, found)
    _notices(desk, found)


def _asked(desk: Desk, end: datetime) -> tuple[datetime, str | None, str] | None:
    """Instant, case (None: all) and method; None when the instant can't be read."""
    words = desk.words
    known = desk.tables.scan("Case").select("key").collect()["key"].sort().to_list()
    first, second, third = st.columns(3)
    text = first.text_input(
        words("freeze.now"), value=local_text(end), help=words("freeze.now_help"), key="freeze_now"
    )
    case = second.selectbox(
        words("freeze.case"),
        [None, *known],
        format_func=lambda one: words("freeze.all_cases") if one is None else one,
        key="freeze_case",
    )
    method = third.selectbox(
        words("freeze.method"), CONSERVING, index=CONSERVING.index(DEFAULT), key="freeze_method"
    )
    if text.strip() == local_text(end):
        return end, case, method
    try:
        return read_instant(text.strip()), case, method
    except ValueError:
        return None


def _queue(desk: Desk, found: QueueNow, stamp: str) -> None:
    words, count = desk.words, len(found.lines)
    first = st.number_input(
        words("freeze.first"),
        1,
        count,
        -(-count // 10),
        key=f"freeze-first-{count}",
        help=words("freeze.first_help"),
    )
    st.success(first_record(found, int(first))[words.language], icon=":material/savings:")
    lines = found.lines[:_SHOWN]
    said = [line_record(line, *_shown(desk)) for line in lines]
    rows = [_row(desk, line, one) for line, one in zip(lines, said, strict=True)]
    due = {(n, words("freeze.clock")): _DUE for n, one in enumerate(said) if one["warnings"]}
    if count > _SHOWN:
        st.caption(words("doctor.shown", n=f"{count:,}", shown=_SHOWN))
    chosen = (
        show_table(desk, rows, key=f"freeze-queue-{zlib.crc32(stamp.encode())}", select=True, styles=due) or 0
    )
    queue_export(desk, found, stamp)
    show_line(desk, found, lines[chosen], said[chosen])


def _shown(desk: Desk) -> tuple[Any, Any]:
    """How account and case numbers are shown: a report that stands for its case is masked as reports are."""
    cases = set(desk.tables.scan("Case").select("key").collect()["key"])

    def account(key: str) -> str:
        return desk.scope.key(Ref("Account", key))

    def victim(name: str) -> str:
        return name if name in cases else desk.scope.key(Ref("Report", name))

    return account, victim


def _row(desk: Desk, line: QueueLine, said: dict[str, Any]) -> Row:
    words, own = desk.words, line.score.candidate
    return {
        words("freeze.rank"): line.rank,
        words("freeze.account"): said["account"],
        words("freeze.expected"): yuan(line.score.expected_fen),
        words("freeze.cumulative"): yuan(line.cumulative_fen),
        words("freeze.victims"): yuan(own.victim_fen),
        words("freeze.balance"): words("freeze.unknown")
        if line.balance.fen is None
        else yuan(line.balance.fen),
        words("freeze.here"): said["parts"]["p_here"][:5],
        words("freeze.leaves"): said["parts"]["p_leave"][:5],
        words("freeze.level"): "" if own.level is None else str(own.level),
        words("freeze.kind"): kind_text(desk, line.kind),
        words("freeze.state"): said["state"][words.language] if line.reading else "",
        words("freeze.clock"): _clock(desk, line, said),
        words("freeze.next"): ", ".join(one[words.language] for one in said["options"] if one["allowed"]),
    }


def _clock(desk: Desk, line: QueueLine, said: dict[str, Any]) -> str:
    """Time left of the term that ends first, with a word when it is about to end; empty without one."""
    if not said["clocks"]:
        return ""
    left = time_left(desk, datetime.fromisoformat(said["clocks"][0]["ends_at"]), line.now)
    return f"{desk.words('freeze.due')}: {left}" if said["warnings"] else left


def _unseen(desk: Desk, found: QueueNow) -> None:
    words = desk.words
    if not found.unseen:
        return
    st.subheader(words("freeze.unseen"))
    st.caption(words("freeze.unseen_note"))
    account, victim = _shown(desk)
    rows: list[Row] = [
        {
            words("freeze.account"): account(one.account),
            words("freeze.received"): yuan(one.received_fen),
            words("freeze.last_row"): local_text(one.last_at),
            words("freeze.cases"): ", ".join(victim(case) for case in one.cases),
        }
        for one in found.unseen[:_SHOWN]
    ]
    show_table(desk, rows, key="freeze-unseen")


def _notices(desk: Desk, found: QueueNow) -> None:
    _, victim = _shown(desk)
    with st.expander(desk.words("freeze.notices", n=len(found.notices))):
        for notice in found.notices:
            st.markdown(f"- {as_text(notice_record(notice, victim)[desk.words.language])}")
