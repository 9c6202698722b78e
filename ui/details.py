"""The panel beside the chart: what is selected, what speaks for it, and the source rows of every line."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from cases.lines import Line
from detect.results import Detection
from export.signs import local_text, yuan
from graph.contract import Node
from graph.schema.catalog import NODE_TYPES
from graph.schema.kinds import Kind
from ui.canvas.events import Selected
from ui.desk import Desk
from ui.elements import Chart, line_label
from ui.navigate import follow_money
from ui.plain_text import as_text
from ui.rule_titles import finding_message, rule_title
from ui.source_rows import show_rows
from ui.tables import show_table
from ui.words import Words

_FINDINGS_SHOWN = 12


def show_details(desk: Desk, drawn: Chart, found: Detection | None, selected: Selected) -> None:
    """Details of the first selected node or line; a hint while nothing is selected."""
    nodes = [drawn.nodes[i] for i in selected.nodes if i in drawn.nodes]
    lines = [drawn.lines[i] for i in selected.edges if i in drawn.lines]
    st.session_state["selected_refs"] = tuple(node.ref for node in nodes)
    st.subheader(desk.words("explore.details"))
    if nodes:
        _node(desk, nodes[0], found)
    elif lines:
        _line(desk, drawn, lines[0])
    else:
        st.caption(desk.words("explore.nothing_selected"))


def _node(desk: Desk, node: Node, found: Detection | None) -> None:
    words = desk.words
    st.markdown(f"**{words.type_label(node.ref.type)}**")
    st.code(desk.scope.key(node.ref), language=None)
    if node.ref.type in ("Account", "Case") and st.button(
        words("money.follow"), icon=":material/account_tree:", key="follow-money"
    ):
        follow_money(node.ref, desk.scope.key(node.ref))
    shown = desk.scope.properties(node.ref.type, node.properties)
    rows = [
        {
            words("explore.property"): words.property_label(node.ref.type, name),
            words("explore.value"): value_text(words, node.ref.type, name, value),
        }
        for name, value in shown.items()
    ]
    show_table(desk, rows, key="node-properties")
    st.markdown(f"**{words('explore.findings')}**")
    findings = [f for f in found.findings if f.subject == node.ref or node.ref in f.others] if found else []
    if not findings:
        st.caption(words("empty.findings"))
    for finding in sorted(findings, key=lambda f: (-f.score, f.rule, f.finding_id))[:_FINDINGS_SHOWN]:
        title = f"{finding.rule} r{finding.revision} {rule_title(finding.rule, words.language)}"
        with st.expander(title):
            st.write(finding_message(finding, words.language, desk.scope.full))
            st.caption(" · ".join(f"{k} = {v}" for k, v in finding.parameters.items()))
            show_rows(desk, finding.rows, key=f"finding-{finding.finding_id}")
    if node.source is not None and node.row is not None:
        st.markdown(f"**{words('explore.evidence')}**")
        show_rows(desk, [(node.source, node.row)], key="node-rows")


def _line(desk: Desk, drawn: Chart, line: Line) -> None:
    words = desk.words
    st.markdown(f"**{words.type_label(line.relation)}**")
    st.write(line_label(desk, line))
    st.caption(as_text(f"{drawn.end(desk, line.start)} → {drawn.end(desk, line.end)}"))
    st.markdown(f"**{words('explore.evidence')}**")
    show_rows(desk, line.rows, key="line-rows")


def show_lines(desk: Desk, drawn: Chart) -> None:
    """What the chart shows as a table, with its download."""
    words = desk.words
    rows: Sequence[dict[str, Any]] = [
        {
            words("explore.relation"): words.type_label(line.relation),
            words("explore.from"): drawn.end(desk, line.start),
            words("explore.to"): drawn.end(desk, line.end),
            words("explore.amount"): f"{yuan(line.amount_fen):,.2f}" if line.amount_fen is not None else "",
            words("overview.count"): line.count,
            words("explore.first"): local_text(line.first_at),
            words("explore.last"): local_text(line.last_at),
        }
        for line in drawn.lines.values()
    ]
    show_table(desk, rows, key="chart-lines", download="chart")


def value_text(words: Words, type_name: str, name: str, value: Any) -> str:
    """A property's value as people read it: money in yuan, instants in UTC+8, yes and no in words."""
    if isinstance(value, bool):
        return words("frame.holds" if value else "frame.holds_not")
    kinds = {p.name: p.kind for p in NODE_TYPES[type_name].properties}
    if kinds.get(name) is Kind.MONEY_FEN and isinstance(value, int):
        return f"¥{yuan(value):,.2f}"
    if kinds.get(name) is Kind.INSTANT and not isinstance(value, str):
        return local_text(value)
    return str(value)
