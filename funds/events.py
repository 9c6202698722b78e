"""Every movement of money in the lake as one frame: transfers, cash and top-ups, with both sides' rows."""

from dataclasses import dataclass

import polars as pl

from funds.notices import Notice
from graph.lake.tables import LakeTables

SINKS = (
    "cash_out",
    "merchant",
    "pay_account",
    "crypto",
    "topup",
    "left_data",
    "unrecorded",
    "overdraft",
    "into_payment",
    "crossed",
)
"""Where money can end: the kinds of `Trace.sinks`.

left_data: an account without a sheet of its own. unrecorded: a gap in the balances, a row is missing.
overdraft: it filled a balance below zero. into_payment: it went into a victim's own payment and is counted
there anew. crossed: two sheets' clocks contradict each other.
"""
SINK = {name: code for code, name in enumerate(SINKS)}
FOLLOWED = -1
"""The end of a movement to an account with a sheet."""

EVENT_COLUMNS: dict[str, pl.DataType] = {
    "event_key": pl.String(),
    "payer": pl.String(),
    "payee": pl.String(),
    "currency": pl.String(),
    "fen": pl.Int64(),
    "at": pl.Int64(),
    "out_at": pl.Int64(),
    "in_at": pl.Int64(),
    "out_serial": pl.String(),
    "in_serial": pl.String(),
    "out_balance": pl.Int64(),
    "in_balance": pl.Int64(),
    "sink": pl.Int64(),
}
_YUAN = "CNY"


@dataclass(frozen=True, slots=True)
class Movements:
    """rows: EVENT_COLUMNS, by at, then event_key. sheets: keys of the accounts with a sheet of their own.

    payer, payee: null at a cash counter. out_at, in_at: each side's own time in microseconds, null where its
    sheet lacks the row. sink: where the money ends unless the payee has a sheet (a code of SINKS).
    """

    rows: pl.DataFrame
    sheets: pl.Series
    notices: tuple[Notice, ...]


def movements(tables: LakeTables) -> Movements:
    """All movements of a lake whose time of day is known; an empty lake gives no rows.

    Self transfers move nothing and are left out, as are rows known only by day: both are told as notices.
    """
    every = pl.concat(
        [_transfers(tables), _cash(tables, "CASH_OUT"), _cash(tables, "CASH_IN"), _topups(tables)]
    )
    own, by_day = (pl.col("payer") == pl.col("payee")).fill_null(False), pl.col("by_day")
    unusable = pl.col("fen").is_null() | (pl.col("fen") <= 0)
    said = every.select(
        SELF_TRANSFER=(own & ~by_day).sum(), DAY_ONLY=by_day.sum(), NO_AMOUNT=(unusable & ~by_day).sum()
    ).row(0, named=True)
    kept = every.filter(~own & ~by_day & ~unusable)
    foreign = kept.filter(pl.col("currency") != _YUAN)["currency"].unique().sort().to_list()
    notices = [Notice(code, count=count) for code, count in said.items() if count]
    if foreign:
        notices.append(Notice("CURRENCIES", count=len(foreign) + 1, what=", ".join([_YUAN, *foreign])))
    rows = kept.select(list(EVENT_COLUMNS)).sort("at", "event_key")
    return Movements(rows, _with_sheets(tables, rows), tuple(notices))


def _us(column: str) -> pl.Expr:
    return pl.col(column).dt.timestamp("us")


def _transfers(tables: LakeTables) -> pl.DataFrame:
    """A row that states neither side's time counts as told by both sheets."""
    neither = pl.col("from_at").is_null() & pl.col("to_at").is_null()
    ends = {"PayAccount": "pay_account", "Wallet": "crypto"}
    sink = pl.when(pl.col("merchant_no").is_not_null()).then(SINK["merchant"]).otherwise(SINK["left_data"])
    for table, name in ends.items():
        known = tables.scan(table).select("key").collect()["key"]
        sink = pl.when(pl.col("to_key").is_in(known.implode())).then(SINK[name]).otherwise(sink)
    return (
        tables.scan("TRANSFER")
        .select(
            "event_key",
            payer="from_key",
            payee="to_key",
            currency=pl.col("currency").fill_null(_YUAN),
            fen="amount_fen",
            at=_us("at"),
            out_at=pl.when(neither).then(_us("at")).otherwise(_us("from_at")),
            in_at=pl.when(neither).then(_us("at")).otherwise(_us("to_at")),
            out_serial="serial",
            in_serial="to_serial",
            out_balance="from_balance_fen",
            in_balance="to_balance_fen",
            sink=sink.cast(pl.Int64),
            by_day=pl.col("precision").eq_missing("day"),
        )
        .collect()
    )


def _cash(tables: LakeTables, name: str) -> pl.DataFrame:
    """Cash at a counter; a withdrawal at a merchant's number is told as the merchant's."""
    out = name == "CASH_OUT"
    shops = tables.scan("Merchant").filter(pl.col("kind") == "merchant").select("key").collect()["key"]
    shop = pl.col("to_key").is_in(shops.implode())
    none, at = pl.lit(None, dtype=pl.String), _us("at")
    no_time, no_fen = pl.lit(None, dtype=pl.Int64), pl.lit(None, dtype=pl.Int64)
    return (
        tables.scan(name)
        .select(
            "event_key",
            payer=pl.col("from_key") if out else none,
            payee=none if out else pl.col("to_key"),
            currency=pl.lit(_YUAN),
            fen="amount_fen",
            at=at,
            out_at=at if out else no_time,
            in_at=no_time if out else at,
            out_serial=pl.col("serial") if out else none,
            in_serial=none if out else pl.col("serial"),
            out_balance=pl.col("balance_fen") if out else no_fen,
            in_balance=no_fen if out else pl.col("balance_fen"),
            sink=pl.when(shop).then(SINK["merchant"]).otherwise(SINK["cash_out"]).cast(pl.Int64),
            by_day=pl.col("precision").eq_missing("day"),
        )
        .collect()
    )


def _topups(tables: LakeTables) -> pl.DataFrame:
    none, no_fen = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.Int64)
    return (
        tables.scan("TOPUP")
        .select(
            "event_key",
            payer="from_key",
            payee=none,
            currency=pl.lit(_YUAN),
            fen="amount_fen",
            at=_us("at"),
            out_at=_us("at"),
            in_at=no_fen,
            out_serial="serial",
            in_serial=none,
            out_balance=no_fen,
            in_balance=no_fen,
            sink=pl.lit(SINK["topup"], dtype=pl.Int64),
            by_day=pl.lit(False),
        )
        .collect()
    )


def _with_sheets(tables: LakeTables, rows: pl.DataFrame) -> pl.Series:
    """Accounts with a row of their own; those of the outside test format report as a whole."""
    outside = (
        tables.scan("Account").filter(pl.col("synthetic").fill_null(False)).select("key").collect()["key"]
    )
    sides = [
        rows.filter(pl.col(f"{way}_at").is_not_null() & pl.col(end).is_not_null())[end].unique().alias("key")
        for way, end in (("out", "payer"), ("in", "payee"))
    ]
    return pl.concat([*sides, outside]).unique().sort()
