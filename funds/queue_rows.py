"""The rows behind an account's place in the freeze queue: money that came and went, and control rows."""

from datetime import datetime

import polars as pl

from funds.cells import FIRST_VICTIM
from funds.freeze_now import CURRENCY, QueueLine, QueueNow
from funds.rests import steps_of
from funds.tracing import Trace
from graph.lake.tables import LakeTables

MONEY_COLUMNS: dict[str, pl.DataType] = {
    "at": pl.Datetime("us", "UTC"),
    "into": pl.Boolean(),
    "peer": pl.String(),
    "fen": pl.Int64(),
    "victim_fen": pl.Int64(),
    "source": pl.String(),
    "row": pl.Int64(),
    "other_source": pl.String(),
    "other_row": pl.Int64(),
}
_TABLES = ("TRANSFER", "CASH_OUT", "CASH_IN", "TOPUP")
_SOURCE = ["event_key", "source", "row", "other_source", "other_row"]


def money_rows(tables: LakeTables, found: QueueNow, line: QueueLine) -> pl.DataFrame:
    """The movements that brought the cases' money to the account and took it off: MONEY_COLUMNS, by time.

    victim_fen: what of the row's fen is theirs by the queue's method; what came less what went is what V
    counts before balance and earlier freezers. Money lost in a gap has the row behind the gap.
    """
    traced = found.found.traced[found.method]
    assert isinstance(traced, Trace)  # noqa: S101 - a queue has conserving methods alone
    wanted = {one.case for one in line.shares}
    owners = [n + FIRST_VICTIM for n, name in enumerate(traced.claims.victims) if name in wanted]
    ledgers = [n for n in traced.ledgers.numbers_of(line.account) if traced.ledgers.currencies[n] == CURRENCY]
    steps = (
        steps_of(traced)
        .filter(pl.col("owner").is_in(owners) & pl.col("ledger").is_in(ledgers))
        .group_by("event", "into")
        .agg(victim_fen=pl.col("fen").sum(), at=pl.col("at").min())
    )
    rows = traced.ledgers.rows.select("event_key", "payer", "payee", "fen").with_row_index("event")
    told = steps.join(rows.with_columns(pl.col("event").cast(pl.Int64)), on="event").with_columns(
        pl.col("at").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"),
        peer=pl.when("into").then("payer").otherwise("payee"),
    )
    keys = told["event_key"].implode()
    sources = [
        tables.scan(name).select(_SOURCE).filter(pl.col("event_key").is_in(keys)).collect()
        for name in _TABLES
    ]
    return (
        told.join(pl.concat(sources), on="event_key", how="left")
        .sort("at", "into", "event_key", descending=[False, True, False])
        .select(pl.col(name).cast(dtype) for name, dtype in MONEY_COLUMNS.items())
    )


def control_rows(line: QueueLine) -> list[tuple[str, int, datetime]]:
    """Source, row and instant of each control row that is known of the account, in order of time."""
    statements = line.reading.statements if line.reading else ()
    told = {(one.source, one.row, one.at) for one in statements}
    return sorted(told, key=lambda one: (one[2], one[0], one[1]))
