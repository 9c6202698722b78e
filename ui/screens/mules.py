"""Mules: accounts that seem lent to or worked for others, with each rule's part in the score."""

import streamlit as st

from detect.learn.model import model_stamp
from detect.learn.scored import learned_scores
from detect.results import Detection, Mule
from graph.contract import Ref
from graph.errors import DuanlianError
from ui import deep_links
from ui.desk import Desk, kept_while
from ui.detect_button import detected
from ui.navigate import open_on_chart
from ui.rule_titles import rule_title
from ui.source_rows import show_rows
from ui.tables import probability_text, show_table


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.mules"))
    found = detected(desk)
    if found is None:
        return
    st.caption(f"{words('frame.opinion')} · {words('mules.note')}")
    least = st.slider(words("mules.least"), 0.0, 1.0, 0.5, 0.05, key="mules_least")
    mules = [mule for mule in found.mules if mule.probability >= least]
    linked = _linked(desk, found)
    if not mules and linked is None:
        st.info(words("empty.mules"), icon=":material/info:")
        return
    accounts = _accounts(desk)
    learned = _learned(desk)
    if learned is not None:
        st.caption(words("mules.learned_note"))
    rows = [
        {
            words("mules.account"): desk.scope.key(Ref("Account", mule.account)),
            words("mules.holder"): accounts.get(mule.account, {}).get("holder_name", ""),
            words("mules.probability"): probability_text(mule.probability),
            words("mules.score"): round(mule.score, 3),
            **_learned_cell(desk, learned, mule.account),
            words("doctor.grade"): accounts.get(mule.account, {}).get("grade", ""),
            words("mules.reasons"): ", ".join(dict.fromkeys(reason[1] for reason in mule.reasons)),
        }
        for mule in mules
    ]
    chosen = show_table(desk, rows, key="mules", download="mules", select=True)
    mule = mules[chosen] if chosen is not None else linked or mules[0]
    deep_links.shown("mules", account=_handle(desk, mule))
    _one(desk, mule)


def _linked(desk: Desk, found: Detection) -> Mule | None:
    """The account that the address asked for last, while it is among the mules."""
    asked = deep_links.found("account", found.mules, lambda mule: _handle(desk, mule))
    if asked is not None:
        st.session_state["mule_linked"] = asked.account
    wanted = st.session_state.get("mule_linked")
    return next((mule for mule in found.mules if mule.account == wanted), None)


def _handle(desk: Desk, mule: Mule) -> str:
    return desk.handles.of_ref(Ref("Account", mule.account))


def _learned(desk: Desk) -> dict[str, float] | None:
    """Account -> learned probability where a model fits lake, findings and rules as they are; else None."""
    stamp = model_stamp(desk.home)
    if not stamp:
        return None

    def scored() -> dict[str, float] | None:
        try:
            return {one.account: one.probability for one in learned_scores(desk.home)[1]}
        except DuanlianError:
            return None  # stale or damaged: `detect trained` says which, here it is as if there were none

    findings = desk.home.findings / "manifest.json"
    state = f"{stamp} {desk.state} {findings.stat().st_mtime_ns if findings.exists() else 0}"
    return kept_while("learned", state, desk.words("mules.learned_working"), scored)


def _learned_cell(desk: Desk, learned: dict[str, float] | None, account: str) -> dict[str, str]:
    """The learned score's own column, absent without a fresh model; never part of the rule score."""
    if learned is None:
        return {}
    said = probability_text(learned[account]) if account in learned else ""
    return {desk.words("mules.learned"): said}


def _accounts(desk: Desk) -> dict[str, dict[str, str]]:
    """Holder's name and grade of the sheets of each account, as this reader may see them."""
    frame = desk.tables.scan("Account").select("key", "holder_name", "grade").collect()
    return {
        key: desk.scope.properties("Account", {"holder_name": name, "grade": grade})
        for key, name, grade in frame.iter_rows()
    }


def _one(desk: Desk, mule: Mule) -> None:
    words = desk.words
    ref = Ref("Account", mule.account)
    st.subheader(desk.scope.key(ref))
    if st.button(words("gangs.open_chart"), type="primary", icon=":material/hub:", key="open-mule"):
        open_on_chart([ref])
    st.markdown(f"**{words('mules.reasons')}**")
    for finding_id, rule, revision, weight, rows in mule.reasons:
        title = (
            f"{rule} r{revision} {rule_title(rule, words.language)} · {words('mules.weight')} {weight:.2f}"
        )
        with st.expander(f"{title} · {len(rows)} {words('mules.rows')}"):
            show_rows(desk, rows, key=f"mule-{finding_id}")
    if mule.opposing:
        st.markdown(f"**{words('mules.opposing')}**")
        for sign, weight in mule.opposing:
            st.write(f"{sign} −{weight:.2f}")
