"""Findings: what every rule hit, the worst first, each with its explanation."""

import streamlit as st

from cases.findings_status.standing import Queue
from detect.results import Detection, Finding
from ui import deep_links
from ui.desk import Desk
from ui.detect_button import detected
from ui.explanation import show_explanation
from ui.finding_acts import show_gone, show_several, show_work
from ui.finding_row import finding_row
from ui.finding_work import show_counts, work_columns, work_filter, work_on
from ui.navigate import open_on_chart
from ui.news import shows_news
from ui.rule_titles import rule_title, rules_by_id
from ui.tables import show_table

SEVERITIES = ("critical", "high", "medium", "low")
_SHOWN = 500


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.findings"))
    found = detected(desk)
    if found is None:
        return
    st.caption(words("frame.opinion"))
    _unused(desk, found)
    if shows_news(desk, found):
        return
    known = work_on(desk, found)
    if known is not None:
        _queue(desk, found, *known)


def _queue(desk: Desk, found: Detection, work: Queue, acts: int) -> None:
    """Counts, bounds, table, and the chosen finding with its work and its explanation."""
    words = desk.words
    show_counts(desk, work)
    st.caption(words("work.note"))
    show_gone(desk, work)
    chosen = work_filter(desk, work, _chosen(desk, found))
    linked = _linked(desk, found)
    if not chosen:
        st.info(words("empty.queue"), icon=":material/info:")
        return
    shown = chosen[:_SHOWN]
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.caption(words("findings.counts", n=f"{len(chosen):,}", shown=f"{len(shown):,}"))
    if right.toggle(words("work.several"), key="findings_several"):
        show_several(desk, found, work, acts, shown)
        return
    rows = [finding_row(desk, one) | work_columns(desk, work, one) for one in shown]
    picked = show_table(desk, rows, key="findings", download="findings", select=True)
    # What the address asked for goes first, unless the bounds set above leave it out.
    first = linked if linked is not None and linked in chosen else shown[0]
    finding = shown[picked] if picked is not None else first
    deep_links.shown("findings", finding=_handle(desk, finding))
    show_work(desk, found, work, acts, finding)
    if st.button(words("gangs.open_chart"), type="primary", icon=":material/hub:", key="open-finding"):
        open_on_chart([finding.subject, *finding.others[:50]])
    show_explanation(desk, finding, found.findings)


def _linked(desk: Desk, found: Detection) -> Finding | None:
    """The finding that the address asked for last, while it is found."""
    asked = deep_links.asked("finding")
    if asked is not None:
        st.session_state["finding_linked"] = asked
    wanted = st.session_state.get("finding_linked")
    if wanted is None:
        return None
    return next((one for one in found.findings if _handle(desk, one) == wanted), None)


def _handle(desk: Desk, finding: Finding) -> str:
    """A finding's name in an address: its id is an unkeyed hash, which could be guessed from a number."""
    return desk.handles.of("finding", finding.finding_id)


def _unused(desk: Desk, found: Detection) -> None:
    """Rule files refused, searches cut, rules without data: their silence is no all-clear."""
    words = desk.words
    for sentence in found.refused:
        st.error(sentence)
    for sentence in found.truncated:
        st.warning(sentence)
    if found.unfed:
        names = " · ".join(
            f"{rule} ({', '.join(words.type_label(name) for name in empty)})"
            for rule, empty in found.unfed.items()
        )
        st.caption(words("findings.unfed", names=names))


def _chosen(desk: Desk, found: Detection) -> list[Finding]:
    """The findings within the bounds set above the table: severity, then score, then rule and subject."""
    words = desk.words
    known = rules_by_id()
    first, second, third = st.columns([3, 2, 2])
    hit = sorted({one.rule for one in found.findings})
    rules = first.multiselect(
        words("findings.rule"), hit, key="findings_rules",
        format_func=lambda rule: f"{rule} {rule_title(rule, words.language)}", placeholder="—",
    )  # fmt: skip
    severities = second.multiselect(
        words("findings.severity"), SEVERITIES, key="findings_severities",
        format_func=lambda name: words(f"findings.severity_{name}"), placeholder="—",
    )  # fmt: skip
    least = third.slider(words("findings.least"), 0.0, 1.0, 0.0, 0.05, key="findings_least")

    def severity(one: Finding) -> str:
        rule = known.get(one.rule)
        return rule.severity if rule else SEVERITIES[-1]

    kept = [
        one
        for one in found.findings
        if one.score >= least
        and (not rules or one.rule in rules)
        and (not severities or severity(one) in severities)
    ]
    return sorted(kept, key=lambda one: (SEVERITIES.index(severity(one)), -one.score, one.rule, one.subject))
