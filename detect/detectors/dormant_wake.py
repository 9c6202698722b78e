"""F06: an account trades often in a short span after a long silence (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from detect.facts import PROOF, Facts
from detect.hits import DetectorResult, Hit, graded, in_order, proof_rows
from graph.contract import Ref


def dormant_wake(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Each wake of each account; silence counts only between two rows of its own. No rows give nothing.

    parameters: silence (timedelta), min_trades, window (timedelta).
    """
    least = int(parameters["min_trades"])
    trades = facts.trades
    before = pl.col("at").shift(1).over("account")
    wakes = (
        trades.select("account", "at", before.alias("asleep_since"))
        .filter(pl.col("at") - pl.col("asleep_since") >= parameters["silence"])
        .rename({"at": "woke_at"})
    )
    found = (
        trades.join(wakes, on="account")
        .filter(pl.col("at") <= pl.col("woke_at") + parameters["window"])
        .filter(pl.col("at") >= pl.col("asleep_since"))
        .group_by("account", "asleep_since", "woke_at")
        .agg(
            (pl.col("at") >= pl.col("woke_at")).sum().alias("trades"),
            pl.col("at").max().alias("last_at"),
            pl.struct(PROOF).alias("proof"),
        )
        .filter(pl.col("trades") >= least)
    )
    return DetectorResult(in_order([_hit(row, least) for row in found.iter_rows(named=True)]))


def _hit(row: Mapping[str, Any], least: int) -> Hit:
    return Hit(
        subject=Ref("Account", row["account"]),
        score=graded(row["trades"], least, 3 * least),
        first_at=row["woke_at"],
        last_at=row["last_at"],
        values={"trades": row["trades"], "asleep_since": row["asleep_since"]},
        rows=proof_rows(tuple(one.values()) for one in row["proof"]),
    )
