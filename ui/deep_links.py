"""What the address says: a chart, gang, finding, case or account by an opaque handle, and this tab's desk."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

import streamlit as st

T = TypeVar("T")
OF_PAGE: Mapping[str, tuple[str, ...]] = {
    "explore": ("chart",),
    "gangs": ("gang",),
    "findings": ("finding",),
    "money": ("case", "account"),
    "mules": ("account",),
    "cases": ("case",),
}
"""Which names a screen's address may carry; every value is a handle, never a key."""
DESK = "desk"
_HANDLE = re.compile(r"[0-9A-Za-z_-]{1,64}")
_SHOWN, _WRITTEN = "links_shown", "links_written"


def asked(name: str) -> str | None:
    """The handle that the browser brought by itself: typed, followed, gone back to; None for our own."""
    given = _given(name)
    written: dict[str, str] = st.session_state.setdefault(_WRITTEN, {})
    if given is None or given == written.get(name):
        return None
    written[name] = given
    return given


def found(name: str, among: Iterable[T], handle_of: Callable[[T], str]) -> T | None:
    """The thing that the browser asked for by handle, None when it asked for none or for none of these."""
    wanted = asked(name)
    return None if wanted is None else next((one for one in among if handle_of(one) == wanted), None)


def shown(page: str, **handles: str | None) -> None:
    """What the screen shows now, for its address; None leaves a name out."""
    unknown = set(handles) - set(OF_PAGE[page])
    if unknown:
        raise ValueError(f"no such names in the address of {page}: {sorted(unknown)}")
    st.session_state.setdefault(_SHOWN, {})[page] = {name: h for name, h in handles.items() if h}


def own(name: str, handle: str) -> None:
    """Count a handle that stands in the address as our own: nobody asks for it anew."""
    st.session_state.setdefault(_WRITTEN, {})[name] = handle


def desk_token() -> str | None:
    """The token of the desk that the address names."""
    return _given(DESK)


def write(page: str, token: str) -> None:
    """Put what the screen shows and this tab's desk into the address, where they are not there yet."""
    wanted = dict(st.session_state.get(_SHOWN, {}).get(page, {})) | {DESK: token}
    st.session_state[_WRITTEN] = dict(wanted)
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def link_to(page: str, **handles: str) -> str:
    """An address to hand on: the screen and what it shows, without the desk of who hands it on."""
    here = urlsplit(st.context.url or "")
    root = f"{here.scheme}://{here.netloc}" if here.netloc else ""
    return f"{root}/{page}?{urlencode(handles)}"


def _given(name: str) -> str | None:
    given = st.query_params.get(name)
    return given if given is not None and _HANDLE.fullmatch(given) else None
