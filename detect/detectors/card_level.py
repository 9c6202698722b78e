"""F20: how far down the chain of victims' money an account stands (DOMAIN 7.2)."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from detect.facts import PROOF, Facts
from detect.hits import DetectorResult, Hit, in_order, proof_rows
from graph.contract import Ref


def card_level(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Accounts that victims' money reached, first in first out, down to a level; nothing without reports.

    score: the share of the account's whole inflow that is victims' money; others: none.
    parameters: share (of a case's money that counts), max_level, min_inflow_share, floor (fen).
    """
    steps = facts.carrying(float(parameters["share"]))
    if not steps.height:
        return DetectorResult(())
    inflow = (
        facts.tables.scan("TRANSFER")
        .group_by(pl.col("to_key").alias("account"))
        .agg(pl.col("amount_fen").sum().alias("inflow_fen"))
    )
    reached = (
        steps.lazy()
        .group_by("account")
        .agg(
            pl.col("level").min(),
            pl.col("case").n_unique().alias("cases"),
            pl.col("carried_fen").sum(),
            pl.col("at").min().alias("first_at"),
            pl.col("at").max().alias("last_at"),
            pl.struct(PROOF).unique(maintain_order=True).alias("proof"),
        )
        .join(inflow, on="account")
        .with_columns((pl.col("carried_fen") / pl.col("inflow_fen")).clip(0.0, 1.0).alias("inflow_share"))
        .filter(
            pl.col("level") <= int(parameters["max_level"]),
            pl.col("inflow_share") >= float(parameters["min_inflow_share"]),
            pl.col("carried_fen") >= int(parameters["floor"]),
        )
        .sort("account")
        .collect()
    )
    return DetectorResult(in_order([_hit(row) for row in reached.iter_rows(named=True)]))


def _hit(row: Mapping[str, Any]) -> Hit:
    values = {name: row[name] for name in ("level", "cases", "carried_fen")}
    return Hit(
        subject=Ref("Account", row["account"]),
        score=round(row["inflow_share"], 4),
        first_at=row["first_at"],
        last_at=row["last_at"],
        values={**values, "inflow_share": round(row["inflow_share"], 4)},
        rows=proof_rows(tuple(one.values()) for one in row["proof"]),
    )
