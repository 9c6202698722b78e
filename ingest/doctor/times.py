"""Times that can't be: ends before their starts, trades of accounts not yet open, days that had not come."""

from datetime import UTC, datetime

import polars as pl

from ingest.settle.ledgers import Ledgers
from ingest.settle.sources import Sources, flagged

SCHEMA: dict[str, pl.DataType] = {
    "kind": pl.String(),
    "source": pl.String(),
    "row": pl.Int64(),
    "at": pl.Datetime("us", "UTC"),
    "against": pl.Datetime("us", "UTC"),
}
# kind, template, the column that must come first, the one that must not come before it.
_ORDERED = (
    ("ACCOUNT_CLOSED_BEFORE_OPENED", "account_register", "opened", "closed"),
    ("SIM_CLOSED_BEFORE_OPENED", "sim_register", "opened", "closed"),
    ("CALL_ENDED_BEFORE_START", "call_records", "start", "end"),
    ("PARCEL_RECEIVED_BEFORE_SENT", "waybills", "sent", "received"),
    ("CONTROL_ENDED_BEFORE_START", "controls", "started", "ended"),
)
_HAPPENED = (("bank_sheet", "time"), ("call_records", "start"), ("login_log", "time"), ("waybills", "sent"))
KINDS: dict[str, tuple[str, str]] = {
    "ACCOUNT_CLOSED_BEFORE_OPENED": ("账户销户早于开户", "an account closed before it was opened"),
    "SIM_CLOSED_BEFORE_OPENED": ("电话卡停用早于入网", "a SIM closed before it was opened"),
    "CALL_ENDED_BEFORE_START": ("通话结束早于开始", "a call ended before it began"),
    "PARCEL_RECEIVED_BEFORE_SENT": ("签收早于揽收", "a parcel received before it was sent"),
    "CONTROL_ENDED_BEFORE_START": ("管控结束早于开始", "a control order ended before it began"),
    "TRADE_BEFORE_OPENED": ("交易早于开户", "a trade before its account was opened"),
    "TRADE_AFTER_CLOSED": ("交易晚于销户", "a trade after its account was closed"),
    "AFTER_LOADING": ("晚于导入时间", "later than the file was loaded"),
    "BEFORE_1980": ("早于 1980 年", "before 1980"),
}
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


def impossible_times(
    sources: Sources, checked: Ledgers, registers: pl.DataFrame, loaded_at: dict[str, datetime]
) -> pl.DataFrame:
    """Every row whose times contradict each other (SCHEMA), by kind, source and row.

    at: the time in doubt. against: the time it contradicts. loaded_at: when each file (sha256) came into
    force, UTC. Days without a clock time are compared as days: equal days contradict nothing.
    """
    found = [_ordered(sources, *rule) for rule in _ORDERED]
    found += _of_accounts(checked, registers)
    for template, column in _HAPPENED:
        found += _happened(sources.rows(template, [column]), column, loaded_at)
    return pl.concat(found).sort("kind", "source", "row", "at")


def _ordered(sources: Sources, kind: str, template: str, first: str, last: str) -> pl.DataFrame:
    rows = sources.rows(template, [first, last])
    whole_days = flagged("DAY_ONLY", first) | flagged("DAY_ONLY", last)
    wrong = (pl.col(last) < pl.col(first)) & ~(whole_days & _same_day(last, first))
    return _doubts(rows.filter(wrong), kind, last, first)


def _same_day(one: str, other: str) -> pl.Expr:
    return _local_day(one) == _local_day(other)


def _local_day(column: str) -> pl.Expr:
    return pl.col(column).dt.convert_time_zone("Asia/Shanghai").dt.date()


def _of_accounts(checked: Ledgers, registers: pl.DataFrame) -> list[pl.DataFrame]:
    """Trades outside the life of their account, where exactly one register row tells it; days count whole."""
    lives = (
        registers.select(ledger="account", opened="opened", closed="closed")
        .drop_nulls("ledger")
        .filter(pl.col("ledger").is_unique())
    )
    trades = checked.rows.select("ledger", "time", "source", "row").join(lives, on="ledger")
    early = _local_day("time") < _local_day("opened")
    late = _local_day("time") > _local_day("closed")
    return [
        _doubts(trades.filter(early), "TRADE_BEFORE_OPENED", "time", "opened"),
        _doubts(trades.filter(late), "TRADE_AFTER_CLOSED", "time", "closed"),
    ]


def _happened(rows: pl.DataFrame, column: str, loaded_at: dict[str, datetime]) -> list[pl.DataFrame]:
    known = pl.DataFrame(
        {"source": list(loaded_at), "loaded": list(loaded_at.values())},
        schema={"source": pl.String(), "loaded": pl.Datetime("us", "UTC")},
    )
    dated = rows.join(known, on="source", how="left").with_columns(earliest=pl.lit(_EARLIEST))
    return [
        _doubts(dated.filter(pl.col(column) > pl.col("loaded")), "AFTER_LOADING", column, "loaded"),
        _doubts(dated.filter(pl.col(column) < pl.col("earliest")), "BEFORE_1980", column, "earliest"),
    ]


def _doubts(rows: pl.DataFrame, kind: str, at: str, against: str) -> pl.DataFrame:
    told = rows.select(pl.lit(kind).alias("kind"), "source", "row", at=at, against=against)
    return told.cast(pl.Schema(SCHEMA))
