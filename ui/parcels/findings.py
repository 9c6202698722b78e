"""What the rules on parcels have hit, with their rows."""

import streamlit as st

from export.signs import local_text
from ui.desk import Desk
from ui.detect_button import detected
from ui.navigate import open_on_chart
from ui.plain_text import as_text
from ui.rule_titles import finding_message, rule_title
from ui.source_rows import show_rows
from ui.tables import Row, show_table


def show_findings(desk: Desk) -> None:
    """Findings of P01, P02 and whatever other rule on parcels there is, strongest first."""
    words = desk.words
    found = detected(desk)
    if found is None:
        return
    mine = sorted(
        (one for one in found.findings if one.rule.rpartition("-")[2].startswith("P")),
        key=lambda one: (-one.score, one.rule, one.finding_id),
    )
    if not mine:
        st.info(words("parcels.no_findings"), icon=":material/info:")
        return
    lines: list[Row] = [
        {
            words("findings.rule"): f"{one.rule} {rule_title(one.rule, words.language)}",
            words("parcels.end"): desk.scope.key(one.subject),
            words("gangs.score"): round(one.score, 3),
            words("explore.first"): local_text(one.first_at),
            words("explore.last"): local_text(one.last_at),
        }
        for one in mine
    ]
    chosen = show_table(desk, lines, key="parcels-findings", download="parcel-findings", select=True)
    one = mine[chosen or 0]
    st.markdown(as_text(finding_message(one, words.language, desk.scope.full)))
    if st.button(words("phones.open"), icon=":material/hub:", key="parcels-open-finding"):
        open_on_chart([one.subject, *one.others])
    st.markdown(f"**{words('explore.evidence')}**")
    show_rows(desk, one.rows, key="parcels-finding")
