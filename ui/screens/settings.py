"""Settings: whose desk this is and what it may do, the settings in force, the audit's check, the keys."""

import streamlit as st

from cases.access import Action, may
from cases.audit import Audit, audit_path
from detect.rule import open_library
from graph.errors import DuanlianError
from graph.settings import Settings
from ui.desk import Desk, subject
from ui.glossary import term_table
from ui.tables import show_table
from ui.words import all_words

_HIDDEN = "••••"


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.settings"))
    if desk.empty:
        st.info(words("empty.lake"), icon=":material/info:")
    names = [words(f"settings.{name}") for name in ("desk", "installation", "rules", "keys")]
    person, installation, rules, keys, terms = st.tabs([*names, words("glossary.all")])
    with person:
        _rights(desk)
    with installation:
        _installation(desk)
        _audit(desk)
    with rules:
        _rules(desk)
    with keys:
        _keys(desk)
    with terms:
        show_table(desk, term_table(desk), key="settings-terms", download="terms")


def _rights(desk: Desk) -> None:
    """What this person may do; what a role may not do is said as well."""
    words, person = desk.words, subject(desk.settings)
    st.markdown(
        words("settings.person", user=f"`{person.name}`", role=words(f"settings.role_{person.role.value}"))
    )
    st.caption(words("settings.person_from"))
    st.caption(words("settings.full" if desk.scope.full else "settings.masked"))
    allowed = may(person.role)
    rows = [
        {
            words("settings.action"): words(f"settings.may_{action.value}"),
            words("settings.allowed"): words("settings.granted" if action in allowed else "settings.denied"),
        }
        for action in sorted(Action, key=lambda action: (action not in allowed, action))
    ]
    show_table(desk, rows, key="settings-rights", download="rights")


def _installation(desk: Desk) -> None:
    """The settings in force with the variable that sets each; a password is never shown."""
    words = desk.words
    rows = []
    for name, field in Settings.model_fields.items():
        value = getattr(desk.settings, name)
        secret = "Secret" in str(field.annotation)
        rows.append(
            {
                words("settings.name"): words(f"settings.of_{name}"),
                words("settings.value"): (_HIDDEN if value else "—") if secret else str(value),
                words("settings.variable"): f"DUANLIAN_{name.upper()}",
            }
        )
    show_table(desk, rows, key="settings-values")
    st.caption(words("settings.change"))
    st.caption(words("settings.units"))


def _audit(desk: Desk) -> None:
    """Checks the chain of the audit on request: it reads every row."""
    words = desk.words
    st.subheader(words("settings.audit"))
    st.caption(words("settings.audit_help"))
    if not st.button(words("settings.audit_check"), key="settings-audit", icon=":material/verified_user:"):
        return
    try:
        with st.spinner(words("settings.audit_reading")):
            verdict = Audit(audit_path(desk.home)).verify()
    except DuanlianError as error:
        st.error(error.message)
        return
    if verdict.bad_seq is None:
        st.success(words("settings.audit_holds", rows=f"{verdict.rows:,}"), icon=":material/check:")
        st.code(verdict.head, language=None)
    else:
        st.error(words("settings.audit_broken", row=verdict.bad_seq), icon=":material/error:")


def _rules(desk: Desk) -> None:
    """How many rules are in force, and each file that was refused with its reason."""
    words = desk.words
    library = open_library()
    st.markdown(words("settings.rules_count", rules=len(library.rules), refused=len(library.refused)))
    for refused in library.refused:
        st.warning(refused.message, icon=":material/rule:")
    rows = [
        {
            words("overview.rule"): rule.id,
            words("settings.title"): rule.title.said(words.language),
            words("settings.revision"): rule.revision,
            words("settings.status"): rule.status,
            words("settings.values_in_force"): " · ".join(
                f"{name} = {parameter.default}" for name, parameter in rule.parameters.items()
            ),
        }
        for rule in library.rules
    ]
    show_table(desk, rows, key="settings-rules", download="rules")
    st.caption(words("settings.rules_change"))


def _keys(desk: Desk) -> None:
    """The keys of the chart."""
    words = desk.words
    rows = [
        {words("settings.key"): key, words("settings.does"): does}
        for key, _, does in (words(name).partition(": ") for name in all_words() if name.startswith("keys."))
    ]
    show_table(desk, rows, key="settings-keys")
