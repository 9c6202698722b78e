"""The events among or at the nodes of a chart, by stream and in time order: what the time axis counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import polars as pl

from graph.contract import Ref
from graph.lake.tables import LakeTables
from graph.schema.catalog import relation_type, table_columns

Breadth = Literal["between", "every"]
STREAMS: Mapping[str, tuple[str, ...]] = {
    "money": ("TRANSFER", "CASH_OUT", "CASH_IN", "TOPUP"),
    "calls": ("CALLED", "SMS"),
    "logins": ("LOGGED_IN", "LOGGED_IN_FROM"),
    "parcels": ("SENT", "RECEIVED"),
    "meetings": (),  # found, not loaded: detect/meetings.py
    "cells": ("AT_CELL",),
    "other": ("OPENED_AT", "OPENED_BY_AGENT", "CONTROL", "PAID_FROM", "PAID_TO"),
}
"""Stream -> the event relations in it. A payment that a victim reported stands under `other`: as a transfer
it is money already."""
# Relations whose rows of one key tell one thing that happened, from several sides.
_ONE_EVENT = {"LOGGED_IN_FROM": "LOGGED_IN", "PAID_TO": "PAID_FROM", "OPENED_BY_AGENT": "OPENED_AT"}
YUAN = "CNY"
ENDS = ("from_type", "from_key", "to_type", "to_key")
PROOF = ("source", "row", "other_source", "other_row")
EVENT_SCHEMA: dict[str, pl.DataType] = {
    "stream": pl.String(),
    "relation": pl.String(),
    "event_key": pl.String(),
    "at": pl.Datetime("us", "UTC"),
    "day_only": pl.Boolean(),
    "amount_fen": pl.Int64(),
    "currency": pl.String(),
    **dict.fromkeys(ENDS, pl.String()),
}
PROOF_SCHEMA: dict[str, pl.DataType] = {
    "source": pl.String(),
    "row": pl.Int64(),
    "other_source": pl.String(),
    "other_row": pl.Int64(),
}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose events are read.

    breadth: `between` takes events whose both ends are among `refs`, `every` those with one end there.
    relations: only these; none named means all.
    """

    refs: tuple[Ref, ...]
    breadth: Breadth = "between"
    relations: frozenset[str] = frozenset()


def read_events(tables: LakeTables, asked: Asked) -> pl.DataFrame:
    """EVENT_SCHEMA, by at, relation, event_key; one bounded read a relation, of these columns alone.

    A relation may give an event that another gives too (a login from a device and from an address): each has
    its row here, `once` counts it. day_only: known by its day, `at` is then that day's first instant. No
    nodes and no rows give an empty frame.
    """
    parts = [
        _rows(tables, asked, name, stream, ())
        for stream, names in STREAMS.items()
        for name in names
        if tables.rows.get(name) and (not asked.relations or name in asked.relations)
    ]
    if not parts or not asked.refs:
        return pl.DataFrame(schema=EVENT_SCHEMA)
    return pl.concat(pl.collect_all(parts)).sort("at", "relation", "event_key")


def read_rows(
    tables: LakeTables, asked: Asked, stream: str, currency: str | None, since: datetime, before: datetime
) -> pl.DataFrame:
    """The events of one stream in [since, before) with PROOF_SCHEMA added, in the order of `read_events`.

    currency: of the money wanted, None for other streams. What `once` counts as one event is one row.
    """
    parts = [
        _rows(tables, asked, name, stream, PROOF).filter(pl.col("at") >= since, pl.col("at") < before)
        for name in STREAMS[stream]
        if tables.rows.get(name) and (not asked.relations or name in asked.relations)
    ]
    if not parts or not asked.refs:
        return pl.DataFrame(schema={**EVENT_SCHEMA, **PROOF_SCHEMA})
    rows = once(pl.concat(pl.collect_all(parts)).sort("at", "relation", "event_key"))
    return rows if currency is None else rows.filter(pl.col("currency") == currency)


def once(events: pl.DataFrame) -> pl.DataFrame:
    """Each event once: a login is one, though a row says its device and its address.

    A parcel that is sent and received is two: both are of one waybill, but each has its time.
    """
    of_one = events.with_columns(occurrence=pl.col("relation").replace(_ONE_EVENT))
    return of_one.unique(["occurrence", "event_key"], keep="first", maintain_order=True).drop("occurrence")


def micros(at: datetime) -> int:
    """Microseconds since 1970, exact."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def instant(us: int) -> datetime:
    """The instant (UTC) so many microseconds after 1970 began."""
    return _EPOCH + timedelta(microseconds=us)


def _rows(tables: LakeTables, asked: Asked, name: str, stream: str, more: Sequence[str]) -> pl.LazyFrame:
    columns = table_columns(name)
    money = stream == "money"
    day = pl.col("precision") == "day" if "precision" in columns else pl.lit(False)
    currency = pl.col("currency").fill_null(YUAN) if "currency" in columns else pl.lit(YUAN)
    amount = pl.col("amount_fen") if money else pl.lit(None, dtype=pl.Int64)
    chosen = [
        pl.lit(stream).alias("stream"),
        pl.lit(name).alias("relation"),
        pl.col("event_key", "at"),
        day.fill_null(False).alias("day_only"),
        amount.alias("amount_fen"),
        (currency if money else pl.lit(None, dtype=pl.String)).alias("currency"),
        pl.col(*ENDS, *more),
    ]
    outward, inward = _among(name, asked.refs, "from"), _among(name, asked.refs, "to")
    if asked.breadth == "between":
        return tables.scan(name).filter(outward & inward).select(chosen)
    # Each way from the file that is sorted by it; what goes out is not taken a second time.
    there = tables.scan(name).filter(outward).select(chosen)
    back = tables.scan(name, by_to=True).filter(inward & ~outward).select(chosen)
    return pl.concat([there, back])


def _among(name: str, refs: Sequence[Ref], side: Literal["from", "to"]) -> pl.Expr:
    """Whether the end at `side` is one of `refs`; types that the relation can't have there cost nothing."""
    place = 0 if side == "from" else 1
    held = pl.lit(False)
    for type_name in sorted({pair[place] for pair in relation_type(name).ends}):
        keys = sorted({ref.key for ref in refs if ref.type == type_name})
        if keys:
            held = held | ((pl.col(f"{side}_type") == type_name) & pl.col(f"{side}_key").is_in(keys))
    return held


def read_rows_of_accounts(tables: LakeTables, accounts: Sequence[str]) -> dict[str, pl.DataFrame]:
    """All columns of the money relations, the rows with one of these accounts at an end."""
    refs = tuple(Ref("Account", key) for key in accounts)
    found = {}
    for name in STREAMS["money"]:
        outward, inward = _among(name, refs, "from"), _among(name, refs, "to")
        there = tables.scan(name).filter(outward)
        back = tables.scan(name, by_to=True).filter(inward & ~outward)
        found[name] = pl.concat([there, back]).collect()
    return found
