"""The outside test format: synthetic accounts and transfers, kept apart from real numbers by their prefix."""

import polars as pl

from ingest.settle.collect import Collector

PREFIX = "amlsim:"
_FIRST_DAY = 946_684_800_000_000  # 2000-01-01 UTC in microseconds: far from any real record


def add_amlsim(nodes: pl.DataFrame, transactions: pl.DataFrame, found: Collector) -> None:
    """Account nodes marked synthetic and TRANSFER events; step = day, order inside a step = row order.

    The row order is written as microseconds after midnight, so it survives every later sort by time.
    """
    found.add_nodes(
        "Account",
        nodes.select(
            "row_key", "source", "row",
            key=PREFIX + pl.col("node"), bank=pl.lit("AMLSim"), synthetic=pl.lit(True),
            balance_fen="init_balance",
        ),
        0,
    )  # fmt: skip
    payers = pl.concat([transactions["payer"], transactions["payee"]])
    if len(payers):
        first = transactions.select("row_key", "source", "row", node="payer").vstack(
            transactions.select("row_key", "source", "row", node="payee")
        )
        one = first.sort("row_key").unique("node", keep="first", maintain_order=True)
        found.add_nodes(
            "Account",
            one.select("row_key", "source", "row", key=PREFIX + pl.col("node"), synthetic=pl.lit(True)),
            1,
        )
    at = (
        (_FIRST_DAY + pl.col("step") * 86_400_000_000 + pl.col("row"))
        .cast(pl.Datetime("us"))
        .dt.replace_time_zone("UTC")
    )
    found.add_relations(
        "TRANSFER",
        transactions.select(
            "source", "row",
            event_key="row_key", from_key=PREFIX + pl.col("payer"), to_key=PREFIX + pl.col("payee"), at=at,
            amount_fen="amount", currency=pl.lit("CNY"), from_at=at, precision=pl.lit("second"),
        ),
    )  # fmt: skip
