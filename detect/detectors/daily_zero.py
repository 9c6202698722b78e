"""F04: an account that stands nearly empty at the end of several days of a month (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from detect.facts import PROOF, Facts
from detect.hits import DetectorResult, Hit, graded, in_order, proof_rows
from graph.contract import Ref

# Stands for a balance that the sheet does not state: it is never low.
_UNSTATED = 2**62


def daily_zero(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Of each account the span of days with most empty ends, the earliest of equals; no rows give nothing.

    parameters: below (fen), min_days, span_days (calendar days, both ends inside), floor (fen in from others
    inside the span). The last row of a day decides; the greatest balance does where several rows stand at
    that second. A day with a row known only by day, or without a balance in its last row, never counts.
    """
    ends = _empty_ends(facts, int(parameters["below"]))
    if not ends.height:
        return DetectorResult(())
    least, span = int(parameters["min_days"]), int(parameters["span_days"])
    spans = (
        ends.rolling("day", period=f"{span}i", offset="0i", closed="left", group_by="account")
        .agg(
            pl.len().alias("days"), pl.col("at").min().alias("first_at"), pl.col("at").max().alias("last_at")
        )
        .filter(pl.col("days") >= least)
    )
    income = _income(facts, spans)
    best = (
        spans.join(income.select("account", pl.col("day").alias("paid"), "sum_in"), on="account")
        .filter(pl.col("paid").is_between(pl.col("day"), pl.col("day") + span - 1))
        .group_by("account", "day", "days", "first_at", "last_at")
        .agg(pl.col("sum_in").sum())
        .filter(pl.col("sum_in") >= parameters["floor"])
        .sort("account", "days", "day", descending=[False, True, False])
        .unique("account", keep="first", maintain_order=True)
    )
    rows = pl.concat([ends.select("account", "day", "proof"), income.select("account", "day", "proof")])
    proofs = (
        best.select("account", pl.col("day").alias("since"))
        .join(rows, on="account")
        .filter(pl.col("day").is_between(pl.col("since"), pl.col("since") + span - 1))
        .group_by("account")
        .agg(pl.col("proof").explode())
    )
    found = best.join(proofs, on="account")
    return DetectorResult(in_order([_hit(row, least, span) for row in found.iter_rows(named=True)]))


def _local_day(at: str) -> pl.Expr:
    days = pl.col(at).dt.convert_time_zone("Asia/Shanghai").dt.date().cast(pl.Int32)
    return days.cast(pl.Int64)


def _empty_ends(facts: Facts, below: int) -> pl.DataFrame:
    """account, day (since 1970), at, proof of each last row of a day that leaves less than `below`."""
    sides = [
        _ledger(facts, "TRANSFER", "from_key", "from_at", "from_balance_fen"),
        _ledger(facts, "TRANSFER", "to_key", "to_at", "to_balance_fen"),
        _ledger(facts, "CASH_OUT", "from_key", "at", "balance_fen"),
        _ledger(facts, "CASH_IN", "to_key", "at", "balance_fen"),
    ]
    rows = pl.concat(sides)
    # Most days never come near empty: they leave before anything is sorted.
    days = rows.filter(pl.col("balance") < below).select("account", "day").unique()
    return (
        rows.join(days, on=["account", "day"], how="semi")
        .filter(~pl.col("by_day").any().over("account", "day"))
        .filter(pl.col("at") == pl.col("at").max().over("account", "day"))
        .filter((pl.col("balance").max().over("account", "day")) < below)
        .group_by("account", "day")
        .agg(pl.col("at").first(), pl.struct(PROOF).alias("proof"))
        .sort("account", "day")
        .collect()
    )


def _ledger(facts: Facts, name: str, account: str, at: str, balance: str) -> pl.LazyFrame:
    rows = facts.tables.scan(name).with_columns(pl.col(at).fill_null(pl.col("at")).alias("own_at"))
    return rows.select(
        pl.col(account).alias("account"),
        pl.col("own_at").alias("at"),
        _local_day("own_at").alias("day"),
        pl.col(balance).fill_null(_UNSTATED).alias("balance"),
        pl.col("precision").eq_missing("day").alias("by_day"),
        *PROOF,
    )


def _income(facts: Facts, spans: pl.DataFrame) -> pl.DataFrame:
    """account, day, sum_in, proof of each day on which others paid an account of `spans`."""
    account = pl.col("account").cast(facts.trades.schema["account"], strict=False)
    return (
        facts.trades.lazy()
        .filter(pl.col("fen_in") > 0)
        .join(spans.lazy().select(account).unique(), on="account", how="semi")
        .with_columns(pl.col("account", "source").cast(pl.String), _local_day("at").alias("day"))
        .group_by("account", "day")
        .agg(pl.col("fen_in").sum().alias("sum_in"), pl.struct(PROOF).alias("proof"))
        .collect()
    )


def _hit(row: Mapping[str, Any], least: int, span: int) -> Hit:
    return Hit(
        subject=Ref("Account", row["account"]),
        score=graded(row["days"], least, max(span // 2, least)),
        first_at=row["first_at"],
        last_at=row["last_at"],
        values={"days": row["days"], "sum_in": row["sum_in"]},
        rows=proof_rows(tuple(one.values()) for one in row["proof"]),
    )
