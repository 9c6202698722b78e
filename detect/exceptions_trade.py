"""Innocent explanations from how an account trades: shops, loans and savings, moves between own accounts."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from detect.facts import Facts


def merchant(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts that many pay small sums, and that are a firm's or have rows with a merchant number: 1.0.

    parameters: min_payers, max_median (fen). Columns: account, strength. No rows give none.
    """
    firm = facts.tables.scan("Account").select(facts.as_moved("key").alias("account"), "corporate")
    return (
        facts.transfers.lazy()
        .group_by(pl.col("to_key").alias("account"))
        .agg(
            pl.col("from_key").n_unique().alias("payers"),
            pl.col("amount_fen").median().alias("median"),
            pl.col("merchant_no").is_not_null().any().alias("numbered"),
        )
        .filter(pl.col("payers") >= parameters["min_payers"], pl.col("median") <= parameters["max_median"])
        .join(firm, on="account", how="left")
        .filter(pl.col("numbered") | pl.col("corporate").fill_null(False))
        .select("account", pl.lit(1.0).alias("strength"))
        .collect()
    )


def finance(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts whose moved money is, from a least share on, loans, repayment or savings by memo: that share.

    parameters: min_share, words (text, the memo's words parted by spaces). Columns: account, strength.
    """
    words = str(parameters["words"]).split()
    about = pl.col("memo").fill_null("").str.contains_any(words)
    return _share_of_money(facts, about, float(parameters["min_share"]))


def own_move(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts that trade, from a least share on, with other accounts of their holder: that share.

    parameters: min_share. Columns: account, strength.
    """
    holder = facts.holder_of.lazy().select(facts.as_moved("account"), pl.col("holder").cast(pl.Categorical))
    rows = facts.transfers.lazy()
    for end in ("from", "to"):
        rows = rows.join(
            holder.rename({"account": f"{end}_key", "holder": f"{end}_holder"}), on=f"{end}_key", how="left"
        )
    own = (pl.col("from_holder") == pl.col("to_holder")).fill_null(False)
    return _share_of_money(facts, own, float(parameters["min_share"]), rows)


def _share_of_money(
    facts: Facts, about: pl.Expr, least: float, rows: pl.LazyFrame | None = None
) -> pl.DataFrame:
    marked = (facts.transfers.lazy() if rows is None else rows).with_columns(about.alias("about"))
    sides = pl.concat(
        [marked.select(pl.col(end).alias("account"), "amount_fen", "about") for end in ("from_key", "to_key")]
    )
    share = pl.col("amount_fen").filter(pl.col("about")).sum() / pl.col("amount_fen").sum()
    return (
        sides.group_by("account")
        .agg(share.cast(pl.Float64).alias("strength"))
        .filter(pl.col("strength") >= least)
        .sort("account")
        .collect()
    )
