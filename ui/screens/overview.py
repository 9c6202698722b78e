"""Overview: what is loaded, what was found, what needs attention."""

import streamlit as st

from detect.results import Detection
from graph.contract import Ref
from ui.arrivals import show_arrivals, show_clocks
from ui.desk import Desk, detection
from ui.detect_button import detect_button
from ui.files import file_records
from ui.navigate import go, open_on_chart
from ui.news import shows_news
from ui.rule_titles import rule_title
from ui.tables import probability_text, show_table
from ui.tile_grid import show_regions


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.overview"))
    if desk.empty:
        st.info(words("empty.lake"), icon=":material/info:")
        if st.button(words("nav.load"), type="primary"):
            go("load")
        return
    found, state = detection(desk)
    _figures(desk, found)
    _attention(desk, found, state)
    if found is not None and found.lake_digest != desk.tables.digest.digest:
        st.subheader(words("arrivals.news"))
        shows_news(desk, found)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _best(desk, found)
    with right:
        show_arrivals(desk)
        show_clocks(desk)
        _counts(desk, found)
    st.subheader(words("tiles.title"))
    # Drawn on demand: the first drawing stays quick.
    if st.toggle(words("tiles.show"), key="tiles-show"):
        show_regions(desk, found)


def _figures(desk: Desk, found: Detection | None) -> None:
    words, rows = desk.words, desk.tables.rows
    nodes = sum(n for name, n in rows.items() if name[1:2].islower())
    figures = {
        words("overview.nodes"): nodes,
        words("overview.relations"): sum(rows.values()) - nodes,
        words("overview.gangs"): len(found.gangs) if found else None,
        words("overview.mules"): len(found.mules) if found else None,
        words("overview.findings"): len(found.findings) if found else None,
    }
    for column, (label, value) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(label, "—" if value is None else f"{value:,}", border=True)


def _attention(desk: Desk, found: Detection | None, state: str) -> None:
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
    if found and found.truncated:
        notes.append(words("overview.alert_truncated", n=len(found.truncated)))
    for note in notes:
        st.warning(note, icon=":material/priority_high:")
    if not notes:
        st.success(words("overview.alert_none"), icon=":material/check:")
    if state != "fresh":
        detect_button(desk, again=state == "stale")


def _best(desk: Desk, found: Detection | None) -> None:
    words = desk.words
    st.subheader(words("overview.top_gangs"))
    gangs = found.gangs[:10] if found else ()
    chosen = show_table(
        desk,
        [
            {
                words("gangs.choose"): gang.gang_id,
                words("gangs.score"): round(gang.score, 3),
                words("gangs.stability"): round(gang.stability, 2),
                words("gangs.members"): len(gang.members),
                words("gangs.evidence"): gang.evidence,
            }
            for gang in gangs
        ],
        key="overview-gangs",
        select=True,
    )
    if chosen is not None:
        open_on_chart([member.ref for member in gangs[chosen].members])
    if found is not None and not gangs:
        st.info(words("empty.gangs"))
    st.subheader(words("overview.top_mules"))
    mules = found.mules[:10] if found else ()
    chosen = show_table(
        desk,
        [
            {
                words("mules.account"): desk.scope.key(Ref("Account", mule.account)),
                words("mules.score"): round(mule.score, 3),
                words("mules.probability"): probability_text(mule.probability),
                words("mules.reasons"): ", ".join(dict.fromkeys(reason[1] for reason in mule.reasons)),
            }
            for mule in mules
        ],
        key="overview-mules",
        select=True,
    )
    if chosen is not None:
        open_on_chart([Ref("Account", mules[chosen].account)])


def _counts(desk: Desk, found: Detection | None) -> None:
    words = desk.words
    if found:
        st.subheader(words("overview.by_rule"))
        hits: dict[str, int] = {}
        for finding in found.findings:
            hits[finding.rule] = hits.get(finding.rule, 0) + 1
        rows = [
            {words("overview.rule"): f"{rule} {rule_title(rule, words.language)}", words("overview.count"): n}
            for rule, n in sorted(hits.items())
        ]
        show_table(desk, rows, key="overview-rules")
    st.subheader(words("overview.by_type"))
    counted = [(name, n) for name, n in desk.tables.rows.items() if n]
    show_table(
        desk,
        [{words("overview.type"): words.type_label(name), words("overview.count"): n} for name, n in counted],
        key="overview-types",
    )
