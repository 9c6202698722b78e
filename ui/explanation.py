"""A finding explained: what it says, what speaks against it, what to ask for next, and its rows."""

from collections.abc import Sequence

import streamlit as st

from detect.explain import Explanation, explain, message, parameters_text
from detect.facts import Facts
from detect.results import Finding
from graph.parameters import Words
from ui.desk import Desk, kept_while
from ui.plain_text import as_text
from ui.rule_titles import rules_by_id
from ui.source_rows import show_rows

_OTHERS_SHOWN = 30


def show_explanation(desk: Desk, finding: Finding, every: Sequence[Finding]) -> None:
    """Draw one finding whole; every: the findings it is looked at beside."""
    words = desk.words
    rule = rules_by_id().get(finding.rule)
    found = kept_while(
        "explanation",
        f"{desk.state} {finding.finding_id}",
        words("findings.working"),
        lambda: explain(finding, rule, Facts(desk.tables), every),
    )
    st.subheader(f"{finding.rule} r{finding.revision} {rule.title.said(words.language) if rule else ''}")
    if rule is None:
        st.warning(words("findings.gone"))
    else:
        said = message(finding, rule, words.language, show_keys=desk.scope.full)
        st.markdown(f"**{words('findings.says')}** · {as_text(said)}")
        parameters = [f"{name} = {value}" for name, value in parameters_text(finding, rule, words.language)]
        st.caption(f"{words('findings.parameters')}: {as_text(' · '.join(parameters))}")
    left, right = st.columns(2, gap="medium")
    with left:
        _against(desk, found)
    with right:
        _ask(desk, found)
    _others(desk, found)
    st.markdown(f"**{words('explore.evidence')}**")
    show_rows(desk, finding.rows, key=f"explained-{finding.finding_id}")


def _against(desk: Desk, found: Explanation) -> None:
    words = desk.words
    st.markdown(f"**{words('findings.against')}**")
    for one in found.counter:
        account = desk.scope.key(one.account)
        title = one.title.said(words.language)
        st.markdown(
            f"- {as_text(title)} · {as_text(account)} · {words('findings.strength')} {one.strength:.2f}"
        )
    if not found.tested:
        st.caption(words("findings.against_untold"))
    elif not found.counter and not found.excused:
        st.caption(words("findings.against_none", tested=", ".join(found.tested)))
    if found.untested:
        st.caption(words("findings.untested", names=", ".join(found.untested)))
    if found.rule is not None:
        _listed(desk, "findings.mistaken", found.rule.false_positives)
        _listed(desk, "findings.limits", found.rule.limits)


def _ask(desk: Desk, found: Explanation) -> None:
    words = desk.words
    if found.rule is None:
        return
    _listed(desk, "findings.next", found.rule.next_steps)
    st.markdown(f"**{words('findings.answers')}**")
    for demand in found.demands:
        clauses = ", ".join(clause for clause in demand.clauses if clause in found.rule.answers)
        st.markdown(f"- {clauses} {demand.zh if words.language == 'zh' else demand.en}")


def _listed(desk: Desk, title: str, texts: Sequence[Words]) -> None:
    st.markdown(f"**{desk.words(title)}**")
    for text in texts:
        st.markdown(f"- {as_text(text.said(desk.words.language))}")


def _others(desk: Desk, found: Explanation) -> None:
    words = desk.words
    if found.beside:
        beside = " · ".join(f"{rule} {count}" for rule, count in found.beside)
        st.caption(f"{words('findings.beside')}: {beside}")
    others = found.finding.others
    if others:
        keys = [f"{words.type_label(ref.type)} {desk.scope.key(ref)}" for ref in others[:_OTHERS_SHOWN]]
        more = " …" if len(others) > _OTHERS_SHOWN else ""
        st.caption(f"{words('findings.others')} ({len(others)}): {as_text(', '.join(keys))}{more}")
