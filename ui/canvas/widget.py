"""The canvas as a Streamlit element: `network_canvas(data, key=...)` draws, returns and calls back."""

import functools
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer
from streamlit.errors import StreamlitAPIException

from graph.errors import DuanlianError, SchemaError
from ui.canvas.events import (
    EVENT_NAMES,
    CanvasEvent,
    Picture,
    Selected,
    read_acts,
    read_event,
)
from ui.canvas.model import CanvasData, payload
from ui.canvas.words import Lang, canvas_words

log = logging.getLogger(__name__)

COMPONENT = "duanlian-canvas.network"


@dataclass(frozen=True, slots=True)
class CanvasResult:
    """The selection and, in the run that it started, the picture; what people do comes by `on_event`."""

    selected: Selected = field(default_factory=Selected)
    picture: Picture | None = None


def network_canvas(
    data: CanvasData,
    *,
    key: str,
    words: Mapping[str, str] | None = None,
    height: int = 640,
    lang: Lang = "en",
    on_event: Callable[[CanvasEvent], None] | None = None,
) -> CanvasResult:
    """Draw the chart and return what the user did on it.

    key: stable name; the same key keeps view, places, hidden marks and undo history, also across screens.
    words: texts that replace those of CANVAS_WORDS in `lang`; SchemaError for other names.
    height: pixels, at least 200. on_event runs before the script body: what it changes is drawn at once.
    Without nodes the chart shows words["empty"]. DuanlianError when the canvas isn't installed.
    """
    if height < 200:
        raise SchemaError("The canvas needs a height of at least 200 pixels.")
    message = payload(data) | {"key": key, "words": canvas_words(lang, words), "height": height, "lang": lang}
    callbacks: dict[str, Any] = {
        f"on_{name}_change": event_callback(key, name, on_event) for name in EVENT_NAMES
    }
    return read_result(component()(key=key, data=message, **callbacks))


@functools.cache
def component() -> ComponentRenderer:
    """The registered component; made on first use, since it needs a running Streamlit."""
    try:
        return st.components.v2.component(COMPONENT, js="index-*.js")
    except StreamlitAPIException as error:
        raise DuanlianError(
            "The network canvas isn't installed; run `make setup` and start again."
        ) from error


def event_callback(key: str, name: str, on_event: Callable[[CanvasEvent], None] | None) -> Callable[[], None]:
    """A callback for one event name; Streamlit calls it without arguments before the script body."""

    def call() -> None:
        if on_event is None:
            return
        raw = st.session_state[key].get(name)
        if name == "acts":
            seen = st.session_state.get(f"{key}:acts", ("", 0))
            events, st.session_state[f"{key}:acts"] = read_acts(raw, seen)
        else:
            events = [read_event(name, raw)]
        for event in events:
            if event is None:
                log.warning("canvas event ignored: %s out of shape", name)
            else:
                on_event(event)

    return call


def read_result(raw: Mapping[str, object]) -> CanvasResult:
    """The component's raw values as a typed result."""
    selected, picture = (read_event(name, raw.get(name)) for name in ("selected", "png"))
    return CanvasResult(
        selected=selected if isinstance(selected, Selected) else Selected(),
        picture=picture if isinstance(picture, Picture) else None,
    )
