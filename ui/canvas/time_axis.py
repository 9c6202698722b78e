"""The time axis as a Streamlit element: `time_axis(data, key=...)` draws it and tells what was set on it."""

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer
from streamlit.errors import StreamlitAPIException

from graph.errors import DuanlianError, SchemaError
from ui.canvas.model import COLOUR
from ui.canvas.words import Lang

COMPONENT = "duanlian-canvas.time"
Span = tuple[int, int]
"""First and last instant, both inside, in milliseconds since 1970."""
Change = Literal["window", "view", "bar", "log", "every"]
CHANGES: tuple[Change, ...] = ("window", "view", "bar", "log", "every")
# Instants of the years 1 to 9999; what lies beyond no datetime can say.
_LEAST, _MOST = -62_135_596_800_000, 253_402_300_799_999
_ROW = re.compile(r"[a-z]+(?::[A-Z]{3})?")


@dataclass(frozen=True, slots=True)
class Row:
    """One stream. bins: (place among the edges, count, fen or None); sum: bars are by fen, else by count."""

    id: str
    label: str
    total: str
    colour: str
    bins: tuple[tuple[int, int, int | None], ...]
    sum: bool = False
    currency: str | None = None

    def __post_init__(self) -> None:
        _check(_ROW.fullmatch(self.id) is not None, "A row's id isn't the name of a stream")
        _check(COLOUR.fullmatch(self.colour) is not None, "A row's colour isn't #rrggbb")
        places = [place for place, _, _ in self.bins]
        _check(places == sorted(set(places)), "A row's bins aren't in order")


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch in which rows are missing, as far as the balances tell; text is its hover."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar that was chosen: the row's id and its bin [start, end) in milliseconds."""

    row: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TimeData:
    """What is drawn. edges: of the bins, rising, one more than bins. span: all there is; view: what is shown.

    chart: key of the canvas that follows while the window moves. token: names the chart's content, so that a
    reload finds window and view again only where they belong. every: whether all events of the nodes are
    counted; None takes that choice away.
    """

    chart: str
    token: str
    span: Span
    view: Span
    edges: tuple[int, ...]
    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...] = ()
    window: Span | None = None
    bar: Bar | None = None
    log: bool = False
    every: bool | None = False

    def __post_init__(self) -> None:
        _check(len(self.edges) >= 2 and list(self.edges) == sorted(set(self.edges)), "The edges don't rise")
        last = len(self.edges) - 1
        _check(all(0 <= place < last for row in self.rows for place, _, _ in row.bins), "A bin has no edges")
        for span in (self.span, self.view, self.window):
            _check(span is None or span[0] <= span[1], "A span ends before it begins")


def time_axis(
    data: TimeData,
    *,
    key: str,
    words: Mapping[str, str],
    lang: Lang = "en",
    on_change: Callable[[Change, object], None] | None = None,
) -> None:
    """Draw the axis; on_change runs before the script body with what was set and its new value.

    window, view: Span or None; bar: Bar or None; log, every: bool. What is out of shape is not handed on.
    DuanlianError when the component isn't installed.
    """
    rows = [asdict(row) for row in data.rows]
    gaps = [{"from": gap.start, "to": gap.end, "text": gap.text} for gap in data.gaps]
    bar = None if data.bar is None else {"row": data.bar.row, "from": data.bar.start, "to": data.bar.end}
    message = asdict(data) | {"rows": rows, "gaps": gaps, "bar": bar}
    message |= {"key": key, "words": dict(words), "lang": lang}

    def called(name: Change) -> None:
        read = read_change(name, st.session_state[key].get(name))
        if on_change is not None and read is not None:
            on_change(name, read[0])

    callbacks = {f"on_{name}_change": functools.partial(called, name) for name in CHANGES}
    component()(key=key, data=message, **callbacks)  # type: ignore[arg-type]  # callbacks by their names


@functools.cache
def component() -> ComponentRenderer:
    """The registered component; made on first use, since it needs a running Streamlit."""
    try:
        return st.components.v2.component(COMPONENT, js="time-*.js")
    except StreamlitAPIException as error:
        raise DuanlianError("The time axis isn't installed; run `make setup` and start again.") from error


def read_change(name: Change, raw: object) -> tuple[object] | None:
    """The value the browser sent, in a tuple of one; None for something out of shape."""
    if not isinstance(raw, Mapping) or name not in raw:
        return None
    value = raw[name]
    if name in ("log", "every"):
        return (value,) if isinstance(value, bool) else None
    if value is None:
        return (None,)
    if name == "bar":
        bar = _bar(value)
        return None if bar is None else (bar,)
    span = _span(value)
    return None if span is None else (span,)


def _span(raw: object) -> Span | None:
    if not isinstance(raw, list) or len(raw) != 2:
        return None
    first, last = raw
    whole = all(isinstance(one, int | float) and not isinstance(one, bool) for one in raw)
    if not whole or not _LEAST <= first <= last <= _MOST:
        return None
    return int(first), int(last)


def _bar(raw: object) -> Bar | None:
    if not isinstance(raw, Mapping):
        return None
    row, span = raw.get("row"), _span([raw.get("from"), raw.get("to")])
    if not isinstance(row, str) or _ROW.fullmatch(row) is None or span is None:
        return None
    return Bar(row, *span)


def _check(holds: bool, said: str) -> None:
    if not holds:
        raise SchemaError(f"{said}; correct what makes the axis.")
