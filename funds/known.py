"""The lake as it would have been known at an instant: what was booked, reported or ordered later is gone."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta

import polars as pl

from funds.controls.clocks import utc
from graph.errors import SchemaError
from graph.lake.tables import LakeTables, Relation, empty_tables
from graph.schema.catalog import RELATION_TYPES

_Limit = Callable[[LakeTables, pl.LazyFrame, pl.Expr], pl.LazyFrame]
_NEVER = datetime.min.replace(tzinfo=UTC)
_MONEY = ("TRANSFER", "CASH_OUT", "CASH_IN", "TOPUP")
_PAYEE_SIDE = ("to_at", "to_serial", "to_balance_fen")
_ORDER_VALUES = (
    "mode",
    "document",
    "requested_fen",
    "executed_fen",
    "balance_fen",
    "available_fen",
    "ended_at",
    "reason",
    "earlier_freezer",
    "earlier_fen",
    "earlier_until_at",
)


@dataclass(frozen=True, slots=True)
class Known(LakeTables):
    """What of `whole` was known at `now`; counts and digest stay those of the whole."""

    whole: LakeTables = field(default_factory=empty_tables)
    now: datetime = _NEVER

    def relation(self, name: str, by_to: bool = False) -> Relation:
        """SchemaError: the files hold later rows too."""
        raise SchemaError("Tables as known at an instant have no files of their own; read them by `scan`.")

    def scan(self, name: str, by_to: bool = False) -> pl.LazyFrame:
        """As in LakeTables, less what came later; nothing is read before the frame is collected."""
        rows, now = self.whole.scan(name, by_to), pl.lit(self.now, dtype=pl.Datetime("us", "UTC"))
        limit = _LIMITS.get(name)
        if limit is not None:
            return limit(self.whole, rows, now)
        if name in RELATION_TYPES and RELATION_TYPES[name].event:
            return rows.filter(_told_at(rows) <= now)
        return rows


def known_at(tables: LakeTables, now: datetime) -> LakeTables:
    """`tables` without what came after `now`, lazily; InputError when `now` names no zone.

    Events count from their instant, those known only by day once that day is over (UTC+8); the payee's side
    of a transfer from the payee's own time. Reports and their payments count from the day their case was
    opened; where no case says so, from the instant of the payment. A balance counts from its instant; a
    status only when balance and closing are not later. The lake keeps one value a property for all rows of
    an order: an order told of again after `now` keeps its number, measure and start alone, the rest could be
    the later row's. Registers, lists, tips and edges without a time stand as they are.
    """
    kept = {one.name: getattr(tables, one.name) for one in fields(LakeTables)}
    return Known(**kept, whole=tables, now=utc(now))


def last_instant(tables: LakeTables) -> datetime | None:
    """The last instant at which money moved, a payment was reported or a control took hold; None without any.

    What is known then is all the lake has of them.
    """
    every = [_latest(tables.scan(name), _told_at(tables.scan(name))) for name in _MONEY]
    every += [_latest(tables.scan("TRANSFER"), pl.col("to_at"))]
    every += [_latest(_payments(tables, tables.scan(name)), _PAID_KNOWN) for name in ("PAID_FROM", "PAID_TO")]
    every += [_latest(tables.scan("Case"), pl.col("opened_at"))]
    every += [_latest(_controls(tables, tables.scan("CONTROL")), _CONTROL_AT)]
    found: datetime | None = pl.concat(every).collect()["at"].max()  # type: ignore[assignment] # a column of instants
    return found


def _latest(rows: pl.LazyFrame, at: pl.Expr) -> pl.LazyFrame:
    return rows.select(at=at.max())


def _told_at(rows: pl.LazyFrame) -> pl.Expr:
    if "precision" not in rows.collect_schema():
        return pl.col("at")
    whole_day = pl.col("precision").eq_missing("day")
    return pl.when(whole_day).then(pl.col("at") + timedelta(days=1)).otherwise(pl.col("at"))


def _transfers(whole: LakeTables, rows: pl.LazyFrame, now: pl.Expr) -> pl.LazyFrame:
    seen = (pl.col("to_at") <= now).fill_null(True)
    return rows.filter(_told_at(rows) <= now).with_columns(
        pl.when(seen).then(pl.col(column)).alias(column) for column in _PAYEE_SIDE
    )


_PAID_KNOWN = pl.coalesce("reported_at", "at")


def _reported(whole: LakeTables) -> pl.LazyFrame:
    """report, reported_at: when the first of its cases was opened; reports without a case are left out."""
    opened = whole.scan("Case").select("opened_at", case="key")
    filed = whole.scan("FILED").select(report="from_key", case="to_key")
    return filed.join(opened, on="case").group_by("report").agg(reported_at=pl.col("opened_at").min())


def _payments(whole: LakeTables, rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.join(_reported(whole), left_on="from_key", right_on="report", how="left")


def _paid(whole: LakeTables, rows: pl.LazyFrame, now: pl.Expr) -> pl.LazyFrame:
    return _payments(whole, rows).filter(_PAID_KNOWN <= now).drop("reported_at")


def _cases(whole: LakeTables, rows: pl.LazyFrame, now: pl.Expr) -> pl.LazyFrame:
    return rows.filter((pl.col("opened_at") <= now).fill_null(True))


def _of_cases(whole: LakeTables, rows: pl.LazyFrame, now: pl.Expr) -> pl.LazyFrame:
    opened = whole.scan("Case").filter(pl.col("opened_at") > now).select("key")
    return rows.join(opened, left_on="to_key", right_on="key", how="anti")


def _reports(whole: LakeTables, rows: pl.LazyFrame, now: pl.Expr) -> pl.LazyFrame:
    dated = rows.join(_reported(whole), left_on="key", right_on="report", how="left")
    known = (pl.coalesce("reported_at", "paid_at") <= now).fill_null(True)
    return dated.filter(known).drop("reported_at")


def _of_reports(whole: LakeTables, rows: pl.LazyFrame, now: pl.Expr) -> pl.LazyFrame:
    known = _reports(whole, whole.scan("Report"), now)
    return rows.join(known, left_on="from_key", right_on="key", how="semi")


_CONTROL_AT = pl.when(pl.col("started_at").is_not_null()).then(pl.col("at"))
"""Null for rows that state only an end: nothing says when they were told, and no clock runs on them."""


def _controls(whole: LakeTables, rows: pl.LazyFrame) -> pl.LazyFrame:
    started = whole.scan("ControlOrder").select("key", "started_at")
    return rows.join(started, left_on="from_key", right_on="key", how="left")


def _control_rows(whole: LakeTables, rows: pl.LazyFrame, now: pl.Expr) -> pl.LazyFrame:
    known = (_CONTROL_AT <= now).fill_null(True)
    return _controls(whole, rows).filter(known).drop("started_at")


def _orders(whole: LakeTables, rows: pl.LazyFrame, now: pl.Expr) -> pl.LazyFrame:
    told = _controls(whole, whole.scan("CONTROL")).with_columns(later=(_CONTROL_AT > now).fill_null(False))
    seen = told.group_by(pl.col("from_key").alias("key")).agg(
        later=pl.col("later").any(),
        known=(~pl.col("later")).any(),
        first=pl.col("at").filter(~pl.col("later")).min(),
    )
    mixed = pl.col("later").fill_null(False)
    values = [pl.when(~mixed).then(pl.col(column)).alias(column) for column in _ORDER_VALUES]
    start = pl.when(mixed & pl.col("started_at").is_not_null()).then("first").otherwise("started_at")
    kept = rows.join(seen, on="key", how="left").filter(pl.col("known").fill_null(True))
    return kept.with_columns(*values, start.alias("started_at")).drop("later", "known", "first")


def _accounts(whole: LakeTables, rows: pl.LazyFrame, now: pl.Expr) -> pl.LazyFrame:
    balance, closed = ((pl.col(column) <= now).fill_null(True) for column in ("balance_at", "closed_at"))
    return rows.with_columns(
        *(pl.when(balance).then(pl.col(column)).alias(column) for column in ("balance_fen", "balance_at")),
        pl.when(closed).then(pl.col("closed_at")).alias("closed_at"),
        pl.when(balance & closed).then(pl.col("status")).alias("status"),
    )


_LIMITS: dict[str, _Limit] = {
    "TRANSFER": _transfers,
    "PAID_FROM": _paid,
    "PAID_TO": _paid,
    "Case": _cases,
    "FILED": _of_cases,
    "VICTIM_OF": _of_cases,
    "Report": _reports,
    "NAMED_CALLER": _of_reports,
    "LED_TO": _of_reports,
    "CONTROL": _control_rows,
    "ControlOrder": _orders,
    "Account": _accounts,
}
