"""Counts the events of a chart into bins of time, exactly: each event in one bin, sums in whole fen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

import numpy as np
import polars as pl

from cases.streams import STREAMS, YUAN, instant, micros, once
from graph.contract import Ints

Unit = Literal["minute", "hour", "day", "week", "month", "year"]
ZONE = timezone(timedelta(hours=8))
_SECOND = 1_000_000
_MINUTE, _HOUR, _DAY = 60 * _SECOND, 3600 * _SECOND, 86_400 * _SECOND
_SHIFT = 8 * _HOUR
_MONDAY = 4 * _DAY  # 1970-01-05
# Unit, how many of it a bin is, its length; months and years have no one length.
_EVEN: tuple[tuple[Unit, int, int], ...] = (
    *(("minute", n, n * _MINUTE) for n in (1, 5, 15, 30)),
    *(("hour", n, n * _HOUR) for n in (1, 2, 6, 12)),
    ("day", 1, _DAY),
    ("week", 1, 7 * _DAY),
)
_MONTHS: tuple[tuple[Unit, int, int], ...] = (
    ("month", 1, 1),
    ("month", 3, 3),
    ("year", 1, 12),
    ("year", 10, 120),
)
MOST_BINS = 180


@dataclass(frozen=True, slots=True)
class Scale:
    """edges: microseconds since 1970, rising, one more than bins; they lie on clock and calendar of UTC+8."""

    unit: Unit
    step: int
    edges: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """What lies in bin number `place`; amount_fen is None where the stream has no money."""

    place: int
    count: int
    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class StreamBins:
    """One stream, of money one a currency; bins without events are left out."""

    stream: str
    currency: str | None
    bins: tuple[Bin, ...]
    count: int
    amount_fen: int | None


def scale_of(first: datetime, last: datetime, most: int = MOST_BINS) -> Scale:
    """The finest bins, from a minute to ten years, of which at most `most` cover [first, last]."""
    low, high = micros(first), micros(last)
    for unit, step, length in _EVEN:
        origin = (_MONDAY if unit == "week" else 0) - _SHIFT
        begin, end = (low - origin) // length, (high - origin) // length
        if end - begin + 1 <= most:
            return Scale(unit, step, tuple(origin + n * length for n in range(begin, end + 2)))
    fits = [one for one in _MONTHS if _month(high) // one[2] - _month(low) // one[2] < most]
    unit, step, months = (fits or _MONTHS)[0 if fits else -1]
    begin, end = _month(low) // months, _month(high) // months
    return Scale(unit, step, tuple(_month_start(n * months) for n in range(begin, end + 2)))


def span_of(events: pl.DataFrame) -> tuple[datetime, datetime] | None:
    """First and last instant; None without events."""
    if events.is_empty():
        return None
    first, last = events.select(pl.col("at").min().alias("a"), pl.col("at").max().alias("b")).row(0)
    return first, last


def binned(events: pl.DataFrame, scale: Scale) -> tuple[StreamBins, ...]:
    """The events inside the scale, by stream in the order of STREAMS, money by currency with the yuan first.

    An event that two relations give counts once. Streams without events inside are left out.
    """
    inside = (pl.col("at") >= instant(scale.edges[0])) & (pl.col("at") < instant(scale.edges[-1]))
    rows = once(events).filter(inside)
    parts = rows.partition_by("stream", "currency", as_dict=True)
    order = {name: number for number, name in enumerate(STREAMS)}
    names = sorted(parts, key=lambda name: (order[str(name[0])], name[1] != YUAN, str(name[1])))
    return tuple(_one(str(name[0]), name[1], parts[name], scale) for name in names)


def _one(stream: str, currency: str | None, rows: pl.DataFrame, scale: Scale) -> StreamBins:
    at = rows["at"].dt.timestamp("us").to_numpy().astype(np.int64)
    place = np.searchsorted(np.array(scale.edges, np.int64), at, "right") - 1
    counts = np.bincount(place, minlength=len(scale.edges) - 1)
    if currency is None:
        bins = tuple(Bin(int(n), int(counts[n]), None) for n in np.flatnonzero(counts))
        return StreamBins(stream, None, bins, rows.height, None)
    fen: Ints = np.zeros(len(counts), np.int64)
    # Not bincount's weights: those are floats.
    np.add.at(fen, place, rows["amount_fen"].fill_null(0).to_numpy().astype(np.int64))
    bins = tuple(Bin(int(n), int(counts[n]), int(fen[n])) for n in np.flatnonzero(counts))
    return StreamBins(stream, currency, bins, rows.height, int(fen.sum()))


def by_day_only(events: pl.DataFrame) -> Mapping[str, int]:
    """Stream -> how many of its events are known by their day alone; none are left out."""
    rows = once(events).filter("day_only").group_by("stream").len().sort("stream")
    return dict(rows.iter_rows())


def _month(us: int) -> int:
    local = instant(us).astimezone(ZONE)
    return local.year * 12 + local.month - 1


def _month_start(month: int) -> int:
    # The last bin of the year 9999 has no end that a datetime could say.
    if month >= 12 * 10_000:
        return micros(datetime.max.replace(tzinfo=UTC))
    return micros(datetime(max(1, month // 12), month % 12 + 1, 1, tzinfo=ZONE))
