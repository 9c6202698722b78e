"""Pictures of the chart as files: decided first, drawn by the browser, audited, then offered."""

import hashlib
from datetime import UTC, datetime
from typing import Literal

import streamlit as st

from cases.access import Action, Context, Target, decide
from cases.reading import permitted
from export.delivery import notice_of
from export.manifest import Stamp
from export.signs import local_text
from graph.contract import Ref
from graph.errors import DuanlianError
from ui.canvas.events import Picture
from ui.canvas.model import Command
from ui.desk import Desk, subject
from ui.elements import Chart

_ASKED, _KEPT, _NUMBER = "picture_asked", "picture_kept", "picture_number"
Form = Literal["png", "svg"]


def picture_choice(desk: Desk, drawn_nodes: int) -> None:
    """The pop-over with part, format and the button; a finished picture waits in it for its download."""
    words = desk.words
    with st.popover(words("hands.picture"), icon=":material/image:", disabled=drawn_nodes == 0):
        part = st.segmented_control(
            words("hands.picture_part"), ("view", "whole"), default="view", required=True, key="picture_part",
            format_func=lambda name: words(f"hands.picture_{name}"),
        )  # fmt: skip
        form = st.segmented_control(
            words("hands.picture_form"), ("png", "svg"), default="png", required=True, key="picture_form",
            format_func=str.upper,
        )  # fmt: skip
        st.text_input(words("hands.picture_title"), key="picture_title", max_chars=80)
        st.caption(words("hands.picture_full" if desk.scope.full else "hands.picture_masked"))
        if st.button(words("hands.picture_make"), key="picture-make", icon=":material/output:"):
            _ask(desk, "svg" if form == "svg" else "png", part == "whole")
        _offer(desk)


def asked_command() -> Command | None:
    """The picture that the chart is to draw; the browser runs each once."""
    found = st.session_state.get(_ASKED)
    return found if isinstance(found, Command) else None


def keep_picture(desk: Desk, drawn: Chart, picture: Picture) -> None:
    """Offer the picture that was asked for; nothing is offered that the audit has not taken first."""
    asked = asked_command()
    content = picture.svg or picture.png
    if asked is None or picture.command != asked.id or not content:
        return
    st.session_state.pop(_ASKED)
    now = datetime.now(UTC)
    refs: list[Ref] = [node.ref for node in drawn.nodes.values()]
    try:
        with permitted(
            desk.home, subject(desk.settings), _action(desk), Target("chart"), _context(desk), now, refs
        ) as permit:
            permit.rows = len(drawn.data.nodes) + len(drawn.data.edges)
            permit.digest = hashlib.sha256(content).hexdigest()
            st.session_state[_KEPT] = (f"chart-{asked.id}.{'svg' if picture.svg else 'png'}", content)
    except DuanlianError as error:
        st.session_state[_KEPT] = error.message


def _ask(desk: Desk, form: Form, whole: bool) -> None:
    st.session_state.pop(_KEPT, None)
    decision = decide(subject(desk.settings), _action(desk), Target("chart"), _context(desk))
    now = datetime.now(UTC)
    if decision.scope is None:
        try:  # so that the audit has the refusal as well
            with permitted(
                desk.home, subject(desk.settings), _action(desk), Target("chart"), _context(desk), now
            ):
                pass
        except DuanlianError as error:
            st.session_state[_KEPT] = error.message
        return
    number = int(st.session_state.get(_NUMBER, 0)) + 1
    st.session_state[_NUMBER] = number
    ident = f"{now:%Y%m%d-%H%M%S}-{number}"
    st.session_state[_ASKED] = Command(ident, form, whole=whole, lines=_lines(desk, now))


def _lines(desk: Desk, now: datetime) -> tuple[str, ...]:
    """What stands on the picture: the title, then who, when, which data, zone and masking."""
    title = str(st.session_state.get("picture_title") or "").strip() or desk.words("nav.explore")
    context, who = _context(desk), subject(desk.settings)
    stamp = Stamp(who.name, who.role.value, now, context.purpose, context.reason, context.case)
    notice = notice_of(stamp, not desk.scope.full)
    data = f"{desk.words('frame.lake')} {desk.tables.digest.digest[:12]}"
    made = f"{local_text(now)} · {desk.words('frame.zone')} · {data}"
    return (title, notice, made, desk.words("frame.opinion"))


def _offer(desk: Desk) -> None:
    kept = st.session_state.get(_KEPT)
    if isinstance(kept, str):
        st.error(kept)
    elif kept is not None:
        name, content = kept
        mime = "image/svg+xml" if name.endswith("svg") else "image/png"
        st.download_button(name, content, name, mime, key="picture-get", icon=":material/download:")


def _action(desk: Desk) -> Action:
    return Action.EXPORT_FULL if desk.scope.full else Action.EXPORT


def _context(desk: Desk) -> Context:
    reason = str(st.session_state.get("unmasked_reason") or "")
    return Context(case=st.session_state.get("case_no"), purpose=reason or "chart picture", reason=reason)
