"""Same or not: pairs of records that may be one, for a named person to judge, and every judgement."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from cases.access import Action, Context, Target
from cases.reading import permitted
from export.signs import local_text
from graph.contract import Ref
from graph.errors import DuanlianError
from graph.lake.same import components
from ingest.judgements import VERDICTS, Judgement, Judgements
from ingest.resolve.judging import judge, take_back
from ingest.resolve.proposals import Proposals, candidates, undecided
from ingest.settle import settle
from ui.desk import Desk, kept_while, subject
from ui.files import settled_until
from ui.navigate import open_on_chart
from ui.record_pair import short_key, show_pair, sign_text
from ui.tables import probability_text, show_table

_ICONS = {"same": ":material/join_inner:", "different": ":material/call_split:", "unsure": ":material/help:"}


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.same"))
    if desk.empty:
        st.info(words("empty.lake"), icon=":material/info:")
        return
    st.caption(words("same.note"))
    kept = Judgements(desk.home)
    history, in_force = kept.history(), kept.current()
    _not_settled(desk, history)
    _blocked(desk, in_force)
    found = undecided(_candidates(desk), in_force)
    _progress(desk, found, in_force)
    pair = _queue(desk, found)
    if pair is not None:
        _judged_pair(desk, pair, found)
    _record(desk, history)


def _candidates(desk: Desk) -> Proposals:
    """Compared once for each state of the lake and session."""
    working = desk.words("same.working")
    return kept_while("candidates", desk.state, working, lambda: candidates(desk.home, tables=desk.tables))


def _not_settled(desk: Desk, history: Sequence[Judgement]) -> None:
    """Judgements that the graph does not show yet, with the button that puts them in."""
    words = desk.words
    until = settled_until(desk.home)
    waiting = sum(made.seq > until for made in history)
    if not waiting:
        return
    st.warning(words("same.waiting", n=waiting), icon=":material/pending:")
    if st.button(words("same.settle"), key="same-settle", icon=":material/merge:"):
        with st.spinner(words("load.settle")):
            settle(desk.home)
        st.rerun()


def _blocked(desk: Desk, in_force: Sequence[Judgement]) -> None:
    """Groups that hold a pair judged different: they join nobody until somebody settles the contradiction."""
    ends = {verdict: [((j.type, j.key_a), (j.type, j.key_b)) for j in in_force if j.verdict == verdict]
            for verdict in VERDICTS}  # fmt: skip
    for group in components(ends["same"], ends["different"]).blocked:
        shown = "、".join(short_key(desk, Ref(kind, key)) for kind, key in group)
        st.error(desk.words("same.blocked", keys=shown), icon=":material/block:")


def _progress(desk: Desk, found: Proposals, in_force: Sequence[Judgement]) -> None:
    decided = sum(made.verdict != "unsure" for made in in_force)
    total = decided + found.frame.height
    if total:
        text = desk.words("same.progress", done=decided, left=found.frame.height)
        st.progress(decided / total, text=text)


def _queue(desk: Desk, found: Proposals) -> dict[str, Any] | None:
    """The list of pairs; gives the chosen one, the heaviest unless another is chosen."""
    words = desk.words
    types = found.frame["type"].unique(maintain_order=True).to_list()
    wanted = st.pills(
        words("explore.types"), types, format_func=words.type_label, selection_mode="multi", key="same_types",
        label_visibility="collapsed",
    ) if len(types) > 1 else types  # fmt: skip
    pairs = [pair for pair in found.frame.to_dicts() if not wanted or pair["type"] in wanted]
    if not pairs:
        st.info(words("empty.same"), icon=":material/task_alt:")
        return None
    rows = [
        {
            words("overview.type"): words.type_label(pair["type"]),
            words("same.first"): short_key(desk, Ref(pair["type"], pair["key_a"])),
            words("same.second"): short_key(desk, Ref(pair["type"], pair["key_b"])),
            words("same.weight"): round(pair["weight"], 1),
            words("same.probability"): probability_text(1 / (1 + 2 ** -pair["weight"])),
            words("same.why"): sign_text(desk, pair["signs_for"][0]) if pair["signs_for"] else "",
            words("same.verdict"): words("same.unsure") if pair["verdict"] else "",
        }
        for pair in pairs
    ]
    chosen = show_table(desk, rows, key="same-queue", download="same", select=True)
    return pairs[chosen or 0]


def _judged_pair(desk: Desk, pair: dict[str, Any], found: Proposals) -> None:
    """Both records, why and why not, and the three buttons; a judgement needs a reason."""
    words = desk.words
    refs = [Ref(pair["type"], pair["key_a"]), Ref(pair["type"], pair["key_b"])]
    st.subheader(words.type_label(pair["type"]))
    show_pair(desk, pair, found)
    if st.button(words("gangs.open_chart"), icon=":material/hub:", key="same-chart"):
        open_on_chart(refs)
    reason = st.text_input(words("same.reason"), key="same_reason")
    for column, verdict in zip(st.columns(3), VERDICTS, strict=True):
        label, bare = words(f"same.{verdict}"), not reason.strip()
        if column.button(label, key=f"judge-{verdict}", icon=_ICONS[verdict], disabled=bare, width="stretch"):
            _store(desk, refs, verdict, reason)


def _store(desk: Desk, refs: Sequence[Ref], verdict: str, reason: str) -> None:
    now = datetime.now(UTC)
    try:
        with _permitted(desk, refs, reason, now):
            keys = (refs[0].key, refs[1].key)
            judge(desk.home, keys, verdict, desk.settings.user, reason, now, refs[0].type)
    except DuanlianError as error:
        st.error(error.message)
        return
    st.rerun()


def _permitted(desk: Desk, refs: Sequence[Ref], reason: str, now: datetime) -> Any:
    context = Context(purpose="judge", reason=reason)
    who, target = subject(desk.settings), Target(refs[0].type)
    return permitted(desk.home, who, Action.JUDGE, target, context, now, objects=refs)


def _record(desk: Desk, history: Sequence[Judgement]) -> None:
    """Every judgement, newest first; the last one about a pair can be taken back by a new one."""
    words = desk.words
    if not history:
        return
    st.subheader(words("same.record"))
    newest = list(reversed(history))
    rows = [
        {
            words("same.number"): made.seq,
            words("same.at"): local_text(made.at),
            words("overview.type"): words.type_label(made.type),
            words("same.first"): short_key(desk, Ref(made.type, made.key_a)),
            words("same.second"): short_key(desk, Ref(made.type, made.key_b)),
            words("same.verdict"): words(f"same.{made.verdict}"),
            words("same.by"): made.judged_by,
            words("load.reason"): made.reason if desk.scope.full else desk.handles.scrub(made.reason),
        }
        for made in newest
    ]
    chosen = show_table(desk, rows, key="same-record", download="judgements", select=True)
    made = newest[chosen or 0]
    with st.popover(words("same.undo", n=made.seq), icon=":material/undo:"):
        reason = st.text_input(words("same.reason"), key="undo_reason")
        if st.button(words("same.undo_do"), key="same-undo", disabled=not reason.strip()):
            _undo(desk, made, reason)


def _undo(desk: Desk, made: Judgement, reason: str) -> None:
    now = datetime.now(UTC)
    refs = [Ref(made.type, made.key_a), Ref(made.type, made.key_b)]
    try:
        with _permitted(desk, refs, reason, now):
            take_back(desk.home, made.seq, desk.settings.user, reason, now)
    except DuanlianError as error:
        st.error(error.message)
        return
    st.rerun()
