"""The time axis under a chart: all streams of what is shown, the window that fades, the rows behind a bar."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl
import streamlit as st

from cases.bins import Scale, StreamBins, binned, by_day_only, scale_of, span_of
from cases.gaps import Missing, missing_rows
from cases.line_runs import Run, runs_of_drawn, runs_of_events
from cases.marks import LineKey
from cases.meeting_events import MOST_PHONES, as_events, chart_meetings
from cases.streams import YUAN, Asked, instant, micros, read_events
from detect.meetings import Meetings, nearness
from export.signs import local_text, money_text
from graph.schema.shorthand import FAMILY_COLOURS
from ui.canvas import model
from ui.canvas.time_axis import Bar, Gap, Row, Span, TimeData, time_axis
from ui.desk import Desk, kept_while
from ui.elements import Chart, line_id
from ui.navigate import history
from ui.time_rows import show_bar
from ui.time_state import state

_FAMILY = {
    "money": "money", "calls": "phone", "logins": "net", "parcels": "place", "meetings": "people",
    "cells": "place", "other": "case",
}  # fmt: skip
_ALWAYS = ("money", "calls", "logins", "parcels", "meetings")
_COMPONENT_WORDS = (
    "aria_label", "events", "back", "play", "pause", "ahead", "mode", "mode_move", "mode_grow", "speed",
    "from", "to", "clear", "closer", "wider", "all", "log", "every", "zone", "whole", "brush_whole",
    "brush_from", "brush_to", "brush_plot",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What was read for one chart: events drawn on the axis, stretches of its lines, meetings, gaps."""

    asked: Asked
    events: pl.DataFrame
    runs: Mapping[LineKey, tuple[Run, ...]]
    meetings: Meetings | None
    gaps: tuple[Missing, ...]

    @property
    def span(self) -> Span | None:
        """First and last event in milliseconds, both inside."""
        found = span_of(self.events)
        return None if found is None else (micros(found[0]) // 1000, -(-micros(found[1]) // 1000))


def told(desk: Desk, name: str, drawn: Chart, relations: frozenset[str]) -> Told:
    """The events of what is drawn, for the axis called `name`."""
    hidden = {node.id for node in drawn.data.nodes if node.hidden}
    refs = tuple(sorted(node.ref for handle, node in drawn.nodes.items() if handle not in hidden))
    return told_of(desk, name, Asked(refs, "every" if state(name)["every"] else "between", relations))


def told_of(desk: Desk, name: str, asked: Asked) -> Told:
    """The events asked for, read once while question and lake stay as they are."""
    mark = hashlib.sha256(
        repr((desk.state, asked.breadth, asked.refs, sorted(asked.relations))).encode()
    ).hexdigest()
    return kept_while(f"time_told_{name}", mark, desk.words("time.reading"), lambda: _told(desk, asked))


def _told(desk: Desk, asked: Asked) -> Told:
    between = read_events(desk.tables, replace(asked, breadth="between"))
    events = between if asked.breadth == "between" else read_events(desk.tables, asked)
    met = chart_meetings(desk.tables, asked)
    found = missing_rows(desk.tables, asked)
    if met is not None and met.rows.height:
        events = pl.concat([events, as_events(met)]).sort("at", "relation", "event_key")
    return Told(asked, events, runs_of_events(between), met, found)


def faded(desk: Desk, name: str, drawn: Chart, known: Told) -> model.CanvasData:
    """The chart with the stretches of its lines and the window in force."""
    by_line = {line_id(desk, line): line.key for line in drawn.lines.values()}
    runs = runs_of_drawn(known.runs, history().now.groups)
    edges = [
        edge
        if edge.standing or edge.id not in by_line
        else replace(edge, runs=runs.get(by_line[edge.id], ()))
        for edge in drawn.data.edges
    ]
    window = window_of(name, known)
    at = None if window is None else (instant(window[0] * 1000), instant(window[1] * 1000))
    return replace(drawn.data, edges=edges, window=at)


def window_of(name: str, known: Told) -> Span | None:
    """The window in force; one that touches no event any more is let go, and that is said once."""
    window: Span | None = state(name)["window"]
    span = known.span
    if window is None or span is None or (window[0] <= span[1] and window[1] >= span[0]):
        return window
    state(name)["window"] = None
    st.session_state["time_let_go"] = True
    return None


def show_time(desk: Desk, name: str, known: Told, *, chart_key: str = "") -> None:
    """Draw the axis, what it says in words, and the rows behind a chosen bar.

    chart_key: of the chart that follows while the window moves; without one the axis stands for itself.
    """
    words, held = desk.words, state(name)
    if st.session_state.pop("time_let_go", None):
        st.info(words("time.outside"), icon=":material/info:")
    span = known.span
    if span is None:
        _without_events(desk, name, known)
        return
    view = _inside(held["view"], span)
    scale = scale_of(instant(view[0] * 1000), instant(view[1] * 1000))
    bar: Bar | None = held["bar"]
    time_axis(
        TimeData(
            chart=chart_key or f"{name}-alone",
            token=_token(desk, known),
            span=span,
            view=view,
            edges=tuple(edge // 1000 for edge in scale.edges),
            rows=tuple(_row(desk, one) for one in _with_totals(known.events, binned(known.events, scale))),
            gaps=tuple(_gap(desk, gap) for gap in known.gaps),
            window=held["window"],
            bar=bar,
            log=held["log"],
            every=held["every"] if chart_key else None,
        ),
        key=f"{name}-time",
        words={word: words(f"time.{word}") for word in _COMPONENT_WORDS},
        lang=words.language,
        on_change=lambda change, value: held.update({change: value}),
    )
    st.caption(" · ".join(_said(desk, known, scale, chart_key != "")))
    if bar is not None:
        show_bar(desk, known.asked, known.meetings, bar)


def _without_events(desk: Desk, name: str, known: Told) -> None:
    words, held = desk.words, state(name)
    if not known.asked.refs:
        st.caption(words("time.empty_chart"))
        return
    st.caption(words("time.none"))
    if known.asked.breadth == "between":
        st.checkbox(
            words("time.every"), value=False, key=f"{name}-every", on_change=lambda: held.update(every=True)
        )


def _inside(view: Span | None, span: Span) -> Span:
    """The part of the axis that is shown: what was asked for as far as there are events."""
    if view is None or view[0] > span[1] or view[1] < span[0]:
        return span
    return max(view[0], span[0]), min(view[1], span[1])


def _with_totals(events: pl.DataFrame, shown: tuple[StreamBins, ...]) -> list[tuple[StreamBins, StreamBins]]:
    """(whole stream, its bins in view), streams without an event in view with no bins."""
    span = span_of(events)
    whole = binned(events, scale_of(*span)) if span else ()
    in_view = {(one.stream, one.currency): one for one in shown}
    return [(one, in_view.get((one.stream, one.currency), replace(one, bins=()))) for one in whole]


def _row(desk: Desk, pair: tuple[StreamBins, StreamBins]) -> Row:
    whole, shown = pair
    words, foreign = desk.words, whole.currency not in (None, YUAN)
    count = f"{whole.count:,}"
    total = (
        count
        if whole.amount_fen is None
        else f"{money_text(whole.amount_fen, str(whole.currency))} · {count}"
    )
    return Row(
        id=f"{whole.stream}:{whole.currency}" if foreign else whole.stream,
        label=words(f"time.{whole.stream}") + (f" {whole.currency}" if foreign else ""),
        total=total,
        colour=FAMILY_COLOURS[_FAMILY[whole.stream]],
        bins=tuple((one.place, one.count, one.amount_fen) for one in shown.bins),
        sum=whole.amount_fen is not None,
        currency=whole.currency,
    )


def _gap(desk: Desk, gap: Missing) -> Gap:
    span = f"{local_text(gap.since)} – {local_text(gap.until)}"
    text = desk.words("time.gap", fen=money_text(gap.fen, gap.currency), span=span)
    return Gap(
        micros(gap.since) // 1000, micros(gap.until) // 1000, f"{desk.scope.key(gap.account)} · {text}"
    )


def _token(desk: Desk, known: Told) -> str:
    """Names the chart's content without telling it."""
    handles = " ".join(desk.handle(ref) for ref in known.asked.refs)
    return hashlib.sha256(f"{desk.state} {handles}".encode()).hexdigest()[:20]


def _said(desk: Desk, known: Told, scale: Scale, every_stream: bool) -> list[str]:
    """What the picture can't say: width of the bars, what is missing, what counts as a meeting."""
    words = desk.words
    said = [words("time.bin", n=scale.step, unit=words(f"time.unit_{scale.unit}"))]
    there = set(known.events["stream"].unique().to_list())
    absent = [words(f"time.{name}") for name in _ALWAYS if name not in there]
    if absent and every_stream:
        said.append(words("time.absent", names=("、" if words.language == "zh" else ", ").join(absent)))
    by_day = sum(by_day_only(known.events).values())
    if by_day:
        said.append(words("time.by_day", n=f"{by_day:,}"))
    if known.gaps:
        said.append(words("time.gaps", n=f"{len(known.gaps):,}"))
    if known.meetings is None:
        said.append(words("time.crowd", n=MOST_PHONES))
    elif known.meetings.rows.height or known.meetings.crowded:
        near = nearness()
        said.append(
            words("time.near", minutes=round(near.within.total_seconds() / 60), metres=f"{near.metres:g}")
        )
        if known.meetings.crowded:
            said.append(words("time.crowded", n=f"{known.meetings.crowded:,}"))
    return said
