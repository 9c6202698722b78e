"""Overview: what is loaded, what was found, what needs attention."""

import streamlit as st

from detect.store import (
    cut_searches,
    detection_counts,
    detection_state,
    findings_by_rule,
    gang,
    gang_summaries,
    mules,
)
from graph.contract import Ref
from ui.arrivals import show_arrivals, show_clocks
from ui.desk import Desk, detection
from ui.detect_button import detect_button
from ui.files import file_records
from ui.navigate import go, open_on_chart
from ui.rule_titles import rule_title
from ui.tables import probability_text, show_table
from ui.tile_grid import show_regions

_BEST = 10


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.overview"))
    if desk.empty:
        st.info(words("empty.lake"), icon=":material/info:")
        if st.button(words("nav.load"), type="primary"):
            go("load")
        return
    # Counts and the best ten are read, not all results: this is the screen that a start waits for.
    state = detection_state(desk.home)
    _figures(desk, state)
    _attention(desk, state)
    found = detection(desk)[0] if state == "stale" else None
    if found is not None:
        from ui.news import shows_news  # the rules and their libraries, which a start does not wait for

        st.subheader(words("arrivals.news"))
        shows_news(desk, found)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _best(desk, state)
    with right:
        show_arrivals(desk)
        show_clocks(desk)
        _counts(desk)
    st.subheader(words("tiles.title"))
    # Drawn on demand: the first drawing stays quick.
    if st.toggle(words("tiles.show"), key="tiles-show"):
        show_regions(desk, detection(desk)[0])


def _figures(desk: Desk, state: str) -> None:
    words, rows = desk.words, desk.tables.rows
    counts = detection_counts(desk.home) if state != "none" else {}
    nodes = sum(n for name, n in rows.items() if name[1:2].islower())
    figures = {
        words("overview.nodes"): nodes,
        words("overview.relations"): sum(rows.values()) - nodes,
        words("overview.gangs"): counts.get("gangs"),
        words("overview.mules"): counts.get("mules"),
        words("overview.findings"): counts.get("findings"),
    }
    for column, (label, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(label, "—" if value is None else f"{value:,}", border=True)


def _attention(desk: Desk, state: str) -> None:
    words = desk.words
    st.subheader(words("overview.alerts"))
    files = file_records(desk.home)
    rejected, quarantined = sum(f.rejected for f in files), sum(f.state == "quarantined" for f in files)
    notes = []
    if state == "none":
        notes.append(words("empty.detection"))
    if state == "stale":
        notes.append(words("overview.alert_stale"))
    if rejected:
        notes.append(words("overview.alert_rejected", n=f"{rejected:,}"))
    if quarantined:
        notes.append(words("overview.alert_quarantined", n=quarantined))
    if cut := cut_searches(desk.home):
        notes.append(words("overview.alert_truncated", n=len(cut)))
    for note in notes:
        st.warning(note, icon=":material/priority_high:")
    if not notes:
        st.success(words("overview.alert_none"), icon=":material/check:")
    if state != "fresh":
        detect_button(desk, again=state == "stale")


def _best(desk: Desk, state: str) -> None:
    words = desk.words
    st.subheader(words("overview.top_gangs"))
    gangs = gang_summaries(desk.home)[:_BEST]
    chosen = show_table(
        desk,
        [
            {
                words("gangs.choose"): one.gang_id,
                words("gangs.score"): round(one.score, 3),
                words("gangs.stability"): round(one.stability, 2),
                words("gangs.members"): one.members,
                words("gangs.evidence"): one.evidence,
            }
            for one in gangs
        ],
        key="overview-gangs",
        select=True,
    )
    whole = gang(desk.home, gangs[chosen].gang_id) if chosen is not None else None
    if whole is not None:
        open_on_chart([member.ref for member in whole.members])
    if state != "none" and not gangs:
        st.info(words("empty.gangs"))
    st.subheader(words("overview.top_mules"))
    best = mules(desk.home, limit=_BEST)
    chosen = show_table(
        desk,
        [
            {
                words("mules.account"): desk.scope.key(Ref("Account", mule.account)),
                words("mules.score"): round(mule.score, 3),
                words("mules.probability"): probability_text(mule.probability),
                words("mules.reasons"): ", ".join(dict.fromkeys(reason[1] for reason in mule.reasons)),
            }
            for mule in best
        ],
        key="overview-mules",
        select=True,
    )
    if chosen is not None:
        open_on_chart([Ref("Account", best[chosen].account)])


def _counts(desk: Desk) -> None:
    words = desk.words
    hits = findings_by_rule(desk.home)
    if hits:
        st.subheader(words("overview.by_rule"))
        rows = [
            {words("overview.rule"): f"{rule} {rule_title(rule, words.language)}", words("overview.count"): n}
            for rule, n in hits.items()
        ]
        show_table(desk, rows, key="overview-rules")
    st.subheader(words("overview.by_type"))
    counted = [(name, n) for name, n in desk.tables.rows.items() if n]
    show_table(
        desk,
        [{words("overview.type"): words.type_label(name), words("overview.count"): n} for name, n in counted],
        key="overview-types",
    )
