"""F07: soon after opening an account has many trades, or much money in, within a day (DOMAIN 5)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from detect.facts import PROOF, Facts
from detect.hits import DetectorResult, Hit, graded, in_order, proof_rows
from graph.contract import Ref


def new_account_burst(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """The bursts of each account that start soon enough after opening; no rows give nothing.

    The first, and each that starts behind the last row of the one before: no row is in two.

    parameters: after_opening, window (timedelta), min_trades, big (fen).
    """
    account = pl.col("key").cast(facts.trades.schema["account"], strict=False).alias("account")
    opened = facts.tables.scan("Account").select(account, "opened_at").drop_nulls()
    window = parameters["window"]
    early = (
        facts.trades.join(opened.collect(), on="account")
        .filter(pl.col("at") >= pl.col("opened_at"))
        .filter(pl.col("at") < pl.col("opened_at") + parameters["after_opening"] + window)
        .sort("account", "at", "source", "row")
    )
    if not early.height:
        return DetectorResult(())
    burst = (
        early.rolling("at", period=window, offset="0us", closed="both", group_by="account")
        .agg(
            pl.len().alias("trades"),
            pl.col("fen_in").sum().alias("sum_in"),
            pl.col("opened_at").first(),
            pl.col("at").max().alias("last_at"),
            pl.struct(PROOF).alias("proof"),
        )
        .filter(pl.col("at") < pl.col("opened_at") + parameters["after_opening"])
        .filter((pl.col("trades") >= parameters["min_trades"]) | (pl.col("sum_in") >= parameters["big"]))
    )
    hits = [_hit(row, parameters) for row in _apart(burst.iter_rows(named=True))]
    return DetectorResult(in_order(hits))


def _apart(bursts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Of each account's bursts, in order of time, those that share no row with one before."""
    account, behind = None, None
    for row in bursts:
        if row["account"] != account or behind is None or row["at"] > behind:
            account, behind = row["account"], row["last_at"]
            yield row


def _hit(row: Mapping[str, Any], parameters: Mapping[str, Any]) -> Hit:
    least, big = int(parameters["min_trades"]), int(parameters["big"])
    busy = graded(row["trades"], least, 3 * least)
    rich = graded(row["sum_in"], big, 4 * big)
    return Hit(
        subject=Ref("Account", row["account"]),
        score=max(busy, rich),
        first_at=row["at"],
        last_at=row["last_at"],
        values={"trades": row["trades"], "sum_in": row["sum_in"], "opened_at": row["opened_at"]},
        rows=proof_rows(tuple(one.values()) for one in row["proof"]),
    )
