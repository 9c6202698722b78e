"""What every screen works with: the lake as it is now, the words, and what this reader may see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import streamlit as st

from cases.access import Action, Context, Role, Subject, Target
from cases.handles import Handles, open_handles
from cases.reading import permitted
from cases.scope import MASKED, Scope
from detect.results import Detection
from detect.store import detection_state, open_detection
from graph.connect import GraphEngine, opened
from graph.contract import Ref
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, open_tables
from graph.settings import Settings
from ui.words import Words, language_of

T = TypeVar("T")
_UNMASKED = "unmasked_reason"


@dataclass(frozen=True, slots=True)
class Desk:
    """One reader's desk in one run of a screen."""

    settings: Settings
    home: LakeHome
    tables: LakeTables
    handles: Handles
    scope: Scope
    words: Words

    @property
    def engine(self) -> GraphEngine:
        """The engine over these tables, opened by the first screen that asks it something."""
        return _engine(str(self.home.root), self.state, tuple(map(str, self.tables.folders)), self)

    @property
    def empty(self) -> bool:
        """Nothing is loaded."""
        return not any(self.tables.rows.values())

    @property
    def state(self) -> str:
        """Changes whenever the content of the tables in force does."""
        return self.tables.state

    def handle(self, ref: Ref) -> str:
        """The opaque name a node has in the browser; `ref_of` finds it again."""
        handle = self.handles.of_ref(ref)
        _handles()[handle] = ref
        return handle

    def ref_of(self, handle: str) -> Ref | None:
        """The node behind a handle of this session, None for a stranger's."""
        return _handles().get(handle)


def desk(settings: Settings) -> Desk:
    """The desk for this run, over the tables in force now."""
    home = settings.lake
    tables = open_tables(home)
    language = language_of(st.session_state.get("language"), settings.language)
    return Desk(
        settings,
        home,
        tables,
        open_handles(home),
        Scope(full=True) if st.session_state.get(_UNMASKED) else MASKED,
        Words(language),
    )


@st.cache_resource(max_entries=2, show_spinner=False)
def _engine(root: str, state: str, folders: tuple[str, ...], _desk: Desk) -> GraphEngine:
    """One engine for all sessions that read the same files; masks are put on later, by each desk's own scope.

    Never closed by hand: a session may still be drawing with the engine of an older state, which ends with
    the last one that holds it.
    """
    return opened("embedded:", _desk.home, _desk.tables)


def kept_while(name: str, state: str, working: str, make: Callable[[], T]) -> T:
    """What `make` gives, kept in the session as `name` while `state` stays; says `working` meanwhile."""
    kept = st.session_state.get(name)
    if kept is None or kept[0] != state:
        with st.spinner(working):
            kept = (state, make())
        st.session_state[name] = kept
    found: T = kept[1]
    return found


def detection(desk: Desk) -> tuple[Detection | None, str]:
    """The last detection and its state (`none`, `fresh`, `stale`), kept while its files do not change."""
    state = detection_state(desk.home)
    stamp = _findings_stamp(desk.home)
    if st.session_state.get("detection_stamp") != stamp:
        st.session_state["detection"] = open_detection(desk.home)
        st.session_state["detection_stamp"] = stamp
    return st.session_state["detection"], state


def _findings_stamp(home: LakeHome) -> tuple[tuple[str, int], ...]:
    if not home.findings.exists():
        return ()
    return tuple((p.name, p.stat().st_mtime_ns) for p in sorted(home.findings.iterdir()))


def subject(settings: Settings) -> Subject:
    """The person at this desk, as access decisions and the audit see them."""
    return Subject(settings.user, Role(settings.role), every_case=True)


def show_full(desk: Desk, case_no: str, reason: str) -> None:
    """Unmask this session; the act is decided and written to the audit first (NotPermitted when refused)."""
    context = Context(case=case_no, purpose=reason, reason=reason)
    now = datetime.now(UTC)
    with permitted(desk.home, subject(desk.settings), Action.UNMASK, Target("session"), context, now):
        st.session_state[_UNMASKED] = reason


def mask_again() -> None:
    """Back to masked values."""
    st.session_state.pop(_UNMASKED, None)


def _handles() -> dict[str, Ref]:
    known: dict[str, Ref] = st.session_state.setdefault("handles", {})
    return known
