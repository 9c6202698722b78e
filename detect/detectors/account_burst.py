"""F07: soon after opening an account has many trades, or much money in, within a day (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from detect.facts import PROOF, Facts
from detect.hits import DetectorResult, Hit, graded, in_order, proof_rows
from graph.contract import Ref


def new_account_burst(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """The first burst of each account that starts soon enough after opening; no rows give nothing.

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
        .unique("account", keep="first", maintain_order=True)
    )
    return DetectorResult(in_order([_hit(row, parameters) for row in burst.iter_rows(named=True)]))


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
