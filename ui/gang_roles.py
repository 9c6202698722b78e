"""The roles of a gang's members: what is proposed, why, who decided; confirm, refute, withdraw."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import polars as pl
import streamlit as st

from cases.access import Action, Context, Role, Subject, Target, decide
from cases.roles.acts import Act, RoleActs, Verdict
from cases.roles.deciding import decide_role, proposal_of, withdraw_role
from cases.roles.standing import RoleStanding, RoleState, evidence_rows
from cases.roles.words import changes_said, role_said
from detect.results import Detection, Gang
from detect.role_words import role_label, sign_label
from export.signs import local_text
from graph.contract import Ref
from graph.errors import DuanlianError
from ui.desk import Desk
from ui.plain_text import as_text
from ui.role_decisions import read_decisions
from ui.source_rows import show_rows
from ui.tables import show_table

_SHOWN = 3
_ICONS = {"confirm": ":material/verified:", "refute": ":material/block:", "withdraw": ":material/undo:"}


def roles_cell(desk: Desk, roles: Sequence[RoleStanding]) -> str:
    """A member's strongest roles for a list, each with its mark; refuted ones as a number."""
    shown = [one for one in roles if one.state is not RoleState.REFUTED]
    texts = [role_said(one, desk.words.language) for one in shown[:_SHOWN]]
    if len(shown) < len(roles):
        texts.append(desk.words("roles.refuted", n=len(roles) - len(shown)))
    return " · ".join(texts)


def show_gang_roles(desk: Desk, found: Detection, gang: Gang) -> None:
    """Draw every role of the gang's persons; the chosen one shows its rows and takes a decision."""
    words = desk.words
    try:
        decided = read_decisions(desk)
        history = RoleActs(desk.home).history()
    except DuanlianError as error:
        st.error(error.message)
        return
    st.caption(words("roles.note"))
    roles = [one for member in gang.members for one in decided.of(member)]
    if roles:
        _listed(desk, found, gang, roles)
    else:
        st.info(words("roles.none"), icon=":material/info:")
    outside = decided.outside(found.gangs)
    if outside:
        st.markdown(f"**{words('roles.outside')}**")
        names = _names(desk, outside)
        rows = [_row(desk, one, names) for one in outside]
        chosen = show_table(desk, rows, key="roles-outside", select=True)
        if chosen is not None:
            _one(desk, found, outside[chosen])
    _record(desk, history, [*roles, *outside])


def _listed(desk: Desk, found: Detection, gang: Gang, roles: list[RoleStanding]) -> None:
    """First what is to be looked at again, then open proposals, strongest first, then what is decided."""
    order = list(RoleState)
    roles.sort(key=lambda o: (not o.changes, order.index(o.state), -(o.score or 0.0), o.person, o.role))
    counts = {state.value: sum(one.state is state for one in roles) for state in order}
    st.caption(desk.words("roles.counts", changed=sum(bool(one.changes) for one in roles), **counts))
    # No download: the lists that leave say refuted roles as a number only.
    names = _names(desk, roles)
    rows = [_row(desk, one, names) for one in roles]
    chosen = show_table(desk, rows, key=f"roles-{gang.gang_id}", select=True)
    _one(desk, found, roles[chosen or 0])


def _row(desk: Desk, one: RoleStanding, names: Mapping[str, str]) -> dict[str, object]:
    words = desk.words
    return {
        words("roles.person"): desk.scope.key(Ref("Person", one.person)),
        words("gangs.name"): names.get(one.person, ""),
        words("roles.role"): role_said(one, words.language),
        words("roles.changed"): changes_said(one, words.language),
    }


def _names(desk: Desk, roles: Sequence[RoleStanding]) -> dict[str, str]:
    """Person -> name as this reader may see it, in one look at the register."""
    keys = sorted({one.person for one in roles})
    known = desk.tables.scan("Person").filter(pl.col("key").is_in(keys)).select("key", "name").collect()
    shown = {key: desk.scope.properties("Person", {"name": name}) for key, name in known.iter_rows()}
    return {key: str(properties.get("name") or "") for key, properties in shown.items()}


def _one(desk: Desk, found: Detection, one: RoleStanding) -> None:
    """One role: what speaks for and against it with the rows, the decision in force, and the next one."""
    words, language = desk.words, desk.words.language
    title = f"{_names(desk, [one]).get(one.person, '')} {role_said(one, language)}"
    st.markdown(f"**{as_text(title.strip())}**")
    why, against = st.columns(2)
    for column, title, items in (
        (why, words("roles.for"), one.reason.supporting),
        (against, words("roles.against"), one.reason.opposing),
    ):
        lines = [f"- {as_text(sign_label(sign, language))} · {weight:.2f}" for sign, weight, _ in items]
        column.markdown("\n".join([f"{title}", "", *(lines or [f"- {words('roles.no_signs')}"])]))
    key = f"{desk.handle(Ref('Person', one.person))}-{one.role}"
    with st.expander(words("roles.their_rows")):
        show_rows(desk, sorted(evidence_rows(one.reason)), key=f"role-{key}")
    if one.act is not None:
        _as_decided(desk, one, one.act, key)
    # Another decision or other evidence gives other buttons: a press on what stood there before does nothing.
    _deciding(desk, found, one, f"{key}-{one.seen}-{found.lake_digest[:8]}-{one.score}")


def _as_decided(desk: Desk, one: RoleStanding, act: Act, key: str) -> None:
    """Who decided on what; when the evidence has changed since, the rows it was decided on too."""
    rows = sorted(evidence_rows(act.evidence))
    score = "" if act.score is None else f"{act.score:.2f}"
    text = desk.words(
        "roles.decided", who=act.decided_by, at=local_text(act.at), score=score, rows=len(rows),
        digest=act.lake_digest[:12],
    )  # fmt: skip
    st.caption(as_text(f"{text} · {_reason(desk, act)}"))
    if one.changes:
        st.warning(changes_said(one, desk.words.language), icon=":material/history:")
        show_rows(desk, rows, key=f"decided-{key}")


def _deciding(desk: Desk, found: Detection, one: RoleStanding, key: str) -> None:
    """Name, reason and the three buttons; what can't be done now is greyed out and says why."""
    words = desk.words
    if not may_decide(desk):
        st.caption(words("roles.not_permitted"))
        return
    fresh = found.lake_digest == desk.tables.digest.digest
    if not fresh:
        st.caption(words("roles.stale"))
    who = _who(desk)
    reason = st.text_input(words("roles.reason"), key=f"role-reason-{key}")
    bare = not (who.strip() and reason.strip())
    verdicts: list[tuple[Verdict, bool]] = [
        ("confirm", bare or not fresh or one.score is None),
        ("refute", bare or not fresh or one.score is None),
        ("withdraw", not who.strip() or one.act is None),
    ]
    for column, (verdict, disabled) in zip(st.columns(3), verdicts, strict=True):
        if column.button(
            words(f"roles.{verdict}"),
            key=f"role-{verdict}-{key}",
            icon=_ICONS[verdict],
            disabled=disabled,
            width="stretch",
        ):
            _store(desk, found, one, verdict, Subject(who, Role(desk.settings.role), every_case=True), reason)


def may_decide(desk: Desk) -> bool:
    """Whether this desk's role may say anything about roles."""
    who = Subject(desk.settings.user, Role(desk.settings.role), every_case=True)
    return decide(who, Action.JUDGE_ROLE, Target("role"), Context()).scope is not None


def _desk_name(desk: Desk) -> str:
    """The name the installation gives this desk; empty where it gives none, the default names nobody."""
    return desk.settings.user if "user" in desk.settings.model_fields_set else ""


def _who(desk: Desk) -> str:
    """The name of the desk; where it has none, the name that is asked for."""
    words = desk.words
    if _desk_name(desk):
        st.caption(as_text(words("roles.deciding_as", who=desk.settings.user)))
        return _desk_name(desk)
    before = st.session_state.get("decider", "")
    name: str = st.text_input(words("roles.who"), value=before, key="decider_name")
    st.session_state["decider"] = name
    return name


def _store(
    desk: Desk, found: Detection | None, one: RoleStanding, verdict: Verdict, who: Subject, reason: str
) -> None:
    now, case = datetime.now(UTC), st.session_state.get("case_no")
    proposal = proposal_of(found, one.person, one.role) if found else None
    try:
        if verdict == "withdraw":
            withdraw_role(desk.home, who, one.person, one.role, reason, now, seen=one.seen, case=case)
        elif proposal is not None:
            decide_role(desk.home, who, proposal, verdict, reason, now, seen=one.seen, case=case)
    except DuanlianError as error:
        st.error(error.message)
        return
    st.rerun()


def _record(desk: Desk, history: Sequence[Act], roles: Sequence[RoleStanding]) -> None:
    """Every decision about these persons, newest first, withdrawn ones too; one in force can be undone."""
    words, persons = desk.words, {one.person for one in roles}
    acts = [act for act in reversed(history) if act.person in persons]
    if not acts:
        return
    rows = [
        {
            words("roles.number"): act.seq,
            words("roles.at"): local_text(act.at),
            words("roles.person"): desk.scope.key(Ref("Person", act.person)),
            words("roles.role"): role_label(act.role, words.language),
            words("roles.act"): words(f"roles.{act.verdict}"),
            words("roles.by"): act.decided_by,
            words("roles.why"): _reason(desk, act),
        }
        for act in acts
    ]
    st.markdown(f"**{words('roles.record')}**")
    act = acts[show_table(desk, rows, key="roles-record", select=True) or 0]
    standing = next((one for one in roles if one.act == act), None)
    name = _desk_name(desk) or str(st.session_state.get("decider", ""))
    ready = standing is not None and may_decide(desk) and bool(name.strip())
    label = words("roles.undo", n=act.seq)
    if st.button(label, key="role-undo", icon=":material/undo:", disabled=not ready) and standing:
        who = Subject(name, Role(desk.settings.role), every_case=True)
        _store(desk, None, standing, "withdraw", who, label)


def _reason(desk: Desk, act: Act) -> str:
    return act.reason if desk.scope.full else desk.handles.scrub(act.reason)
