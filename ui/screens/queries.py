"""Queries: choose one of the library, fill in its parameters, run it, see table and network."""

from typing import Any

import streamlit as st

from cases.answers import answer_rows
from detect.rule import Rule, rule_path
from graph.answer_columns import answer_refs
from graph.connect import open_engine
from graph.contract import QueryResult
from graph.errors import DuanlianError, EngineError
from graph.parameters import Parameter, ParameterType, written
from graph.queries import run_query_file
from ui.desk import Desk
from ui.navigate import open_on_chart
from ui.rule_titles import rules_by_id
from ui.tables import show_table

_MOST_NODES = 300


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.queries"))
    library = {
        key: rule for key, rule in rules_by_id().items() if rule.form == "query" and rule.status != "retired"
    }
    left, right = st.columns([2, 5], gap="medium")
    with left:
        chosen = st.radio(
            words("queries.choose"), list(library), key="query_id",
            format_func=lambda key: f"{key} {library[key].title.said(words.language)}",
        )  # fmt: skip
    if chosen is None:
        return
    with right:
        _one(desk, library[chosen])


def _one(desk: Desk, rule: Rule) -> None:
    language = desk.words.language
    st.subheader(f"{rule.id} {rule.title.said(language)}")
    st.write(rule.description.said(language))
    values = _parameters(desk, rule)
    if st.button(
        desk.words("queries.run"), type="primary", key=f"run-{rule.id}", icon=":material/play_arrow:"
    ):
        _run(desk, rule, values)
    answer = st.session_state.get("query_answer")
    if answer is not None and answer[0] == rule.id:
        _answer(desk, rule, answer[1])
    _about(desk, rule)


def _parameters(desk: Desk, rule: Rule) -> dict[str, object]:
    language, values = desk.words.language, {}
    if rule.parameters:
        st.caption(desk.words("queries.parameters"))
    for name, parameter in rule.parameters.items():
        text = _input(rule, name, parameter, language)
        if text not in ("", None):
            values[name] = text
    return values


def _input(rule: Rule, name: str, parameter: Parameter, language: str) -> Any:
    label, key = f"{name} · {parameter.meaning.said(language)}", f"p-{rule.id}-{name}"
    if parameter.type is ParameterType.FLAG:
        return st.toggle(label, value=bool(parameter.default), key=key)
    default = "" if parameter.default is None else str(written(parameter.default))
    return st.text_input(label, value=default, key=key)


def _run(desk: Desk, rule: Rule, values: dict[str, object]) -> None:
    st.session_state.pop("query_answer", None)
    try:
        with st.spinner(desk.words("queries.run")), open_engine(desk.settings.neo4j_url, desk.home) as engine:
            answer = run_query_file(engine, rule_path(rule.id), values)
    except EngineError as error:
        st.warning(f"{error.message} {desk.words('queries.needs_neo4j')}", icon=":material/power_off:")
    except DuanlianError as error:
        st.error(error.message)
    else:
        st.session_state["query_answer"] = (rule.id, answer)


def _answer(desk: Desk, rule: Rule, answer: QueryResult) -> None:
    words = desk.words
    st.markdown(f"**{words('queries.result')}**")
    if not answer.rows:
        st.info(words("queries.none"), icon=":material/info:")
        return
    st.caption(words("queries.rows", n=len(answer.rows), seconds=answer.seconds))
    if answer.truncated:
        st.warning(words("queries.cut"))
    rows = answer_rows(rule, answer, words.language, desk.scope)
    show_table(desk, rows, key=f"answer-{rule.id}", download=rule.name)
    refs = answer_refs(rule.columns, answer)[:_MOST_NODES]
    if refs and st.button(words("queries.to_chart"), key=f"chart-{rule.id}", icon=":material/hub:"):
        open_on_chart(refs)


def _about(desk: Desk, rule: Rule) -> None:
    words = desk.words
    for title, texts in (
        ("queries.false_positives", rule.false_positives),
        ("queries.limits", rule.limits),
        ("queries.next_steps", rule.next_steps),
    ):
        st.markdown(f"**{words(title)}**: " + "; ".join(text.said(words.language) for text in texts))
    with st.expander(words("queries.text")):
        st.code(rule.query or "", language="cypher")
