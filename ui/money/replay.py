"""The time slider: the whole data, where the money was at an instant, or what was known by then."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import polars as pl
import streamlit as st

from export.signs import BEIJING, local_text
from funds.parts import VICTIM, parts_of
from ui.desk import Desk
from ui.money.memory import keep
from ui.money.traces import Told, instant

Mode = Literal["whole", "there", "known"]
_HOUR = timedelta(hours=1)
_TICK_S = 1.5
_PLAYING, _DRAWN = "money_playing", "money_drawn"


@dataclass(frozen=True, slots=True)
class Moment:
    """there: positions at `at` by the whole data. known: the trace of what was known at `at`."""

    mode: Mode
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """From the first payment to the end of what the cases asked for have; steps: instants of movements
    and of opening cases.
    """

    first: datetime
    last: datetime
    steps: tuple[datetime, ...]


def span_of(one: Told) -> Span | None:
    """The hours a replay goes through; None where nothing was paid."""
    traced = one.found.traced[one.method]
    parts = parts_of(traced)
    paid = parts.filter(pl.col("start") == VICTIM)["leaves"]
    if paid.is_empty():
        return None
    victims = [name for name, fen in zip(traced.claims.victims, traced.claims.paid_fen, strict=True) if fen]
    opened = one.books.tables.scan("Case").filter(pl.col("key").is_in(victims)).select("opened_at").collect()
    moved = {instant(us) for us in pl.concat([parts["leaves"], parts["arrives"]]).unique().to_list()}
    steps = sorted({*moved, *opened["opened_at"].drop_nulls().to_list()})
    return Span(_hour(instant(int(paid.min() or 0))), _hour(steps[-1]) + _HOUR, tuple(steps))  # type: ignore[arg-type] # a column of integers


def mode_of(desk: Desk, bounds: bool) -> Mode:
    """Draw the choice; bounds: poison's, which know no positions at instants before the last."""
    words = desk.words
    modes: tuple[Mode, ...] = ("whole", "known") if bounds else ("whole", "there", "known")
    if st.session_state.get("money_mode") not in (None, *modes):
        st.session_state["money_mode"] = "whole"
    chosen = st.segmented_control(
        words("money.when"),
        modes,
        key=keep("money_mode", "whole"),
        format_func=lambda name: words(f"money.mode_{name}"),
        required=True,
    )
    return chosen or "whole"


def moment_of(desk: Desk, span: Span | None, mode: Mode) -> Moment:
    """Draw the slider where the mode has one, and say what it shows."""
    words = desk.words
    if mode == "whole" or span is None:
        return Moment("whole")
    at = _slider(desk, span)
    st.caption(words(f"money.said_{mode}", at=local_text(at)))
    return Moment(mode, at)


def _slider(desk: Desk, span: Span) -> datetime:
    """Hours by slider (arrow keys move it), minutes beside it; the buttons go to the next movement."""
    words = desk.words
    low, high = _local(span.first), _local(span.last)
    hour = st.session_state.get("money_hour")
    if hour is None or not low <= hour <= high:
        kept = st.session_state.get("money_kept", {}).get("money_hour")
        st.session_state["money_hour"] = kept if kept is not None and low <= kept <= high else low + _HOUR
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider(
            words("money.hour"),
            low,
            high,
            step=_HOUR,
            format="YYYY-MM-DD HH:mm",
            key=keep("money_hour", low + _HOUR),
        )
        st.number_input(words("money.minute"), 0, 59, step=1, key=keep("money_minute", 0), width=110)
        for name, way, icon in (("before", -1, "skip_previous"), ("after", 1, "skip_next")):
            st.button(
                words(f"money.{name}"),
                icon=f":material/{icon}:",
                key=f"money-{name}",
                on_click=_jump,
                args=(span, way),
            )
        playing = bool(st.session_state.get(_PLAYING))
        st.button(
            words("money.pause" if playing else "money.play"),
            icon=f":material/{'pause' if playing else 'play_arrow'}:",
            key="money-play",
            on_click=_play,
            args=(not playing,),
        )
    if playing:
        st.session_state[_DRAWN] = True
        _tick(span)
    return _chosen()


def _play(on: bool) -> None:
    st.session_state[_PLAYING] = on


@st.fragment(run_every=_TICK_S)
def _tick(span: Span) -> None:
    """Goes to the next movement, again and again until the last; the drawing of the page is no tick."""
    if st.session_state.pop(_DRAWN, False):
        return
    _jump(span, 1)
    if not _others(span, 1):
        _play(False)
    st.rerun()


def _chosen() -> datetime:
    """The instant that hour and minute say, in UTC."""
    hour: datetime = st.session_state["money_hour"]
    return (
        (hour + timedelta(minutes=int(st.session_state["money_minute"])))
        .replace(tzinfo=BEIJING)
        .astimezone(UTC)
    )


def _jump(span: Span, way: int) -> None:
    """Go to the minute in which the step before or after the present instant is done."""
    others = _others(span, way)
    if others:
        at = _local(others[0] if way > 0 else others[-1])
        st.session_state["money_hour"] = _hour(at)
        st.session_state["money_minute"] = at.minute


def _others(span: Span, way: int) -> list[datetime]:
    """The minutes of the steps before or after the present instant, in order."""
    now = _chosen()
    minutes = sorted({_minute(step) for step in span.steps})
    return [one for one in minutes if (one > now if way > 0 else one < now)]


def _minute(at: datetime) -> datetime:
    """The first whole minute not before an instant."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _local(at: datetime) -> datetime:
    """UTC+8 without a zone, as the slider shows it."""
    return at.astimezone(BEIJING).replace(tzinfo=None)
