"""Innocent explanations from how an account trades: shops, resale, refunds, loans, own moves, agencies."""

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
    return _share_by_memo(facts, parameters)


def shop_refund(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts whose moved money is, from a least share on, refunds by memo: that share.

    parameters: min_share, words (text, the memo's words parted by spaces). Columns: account, strength.
    """
    return _share_by_memo(facts, parameters)


def resale(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Private accounts that many pay for goods by memo, on many days: the share of such money of all moved.

    parameters: min_share, words, min_payers, min_days. Columns: account, strength. An account with payments
    under a merchant number is a shop, no resale.
    """
    units = facts.tables.scan("Account").filter(pl.col("corporate").fill_null(True))
    day = pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    sellers = (
        facts.transfers.lazy()
        .filter(_about(parameters) | pl.col("merchant_no").is_not_null())
        .join(units.select(facts.as_moved("key")), left_on="to_key", right_on="key", how="anti")
        .group_by(pl.col("to_key").alias("account"))
        .agg(
            pl.col("from_key").n_unique().alias("payers"),
            day.n_unique().alias("days"),
            pl.col("merchant_no").is_null().all().alias("private"),
        )
        .filter(pl.col("private"), pl.col("payers") >= parameters["min_payers"])
        .filter(pl.col("days") >= parameters["min_days"])
        .collect()
    )
    return _share_by_memo(facts, parameters).join(sellers, on="account", how="semi")


def agency(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts of units that share an address, or whose accounts one agent opened for many units: 1.0.

    parameters: min_units. Columns: account, strength. A missing address is shared with nobody.
    """
    held = facts.tables.scan("HOLDS").filter(
        pl.col("from_type") == "Organization", pl.col("to_type") == "Account"
    )
    of_unit = held.select(pl.col("from_key").alias("unit"), pl.col("to_key").alias("account"))
    seat = facts.tables.scan("Organization").select(
        pl.col("key").alias("unit"), pl.col("address").alias("by")
    )
    agent = facts.tables.scan("OPENED_BY_AGENT").select(
        pl.col("from_key").alias("account"), pl.col("to_key").alias("by")
    )
    many = pl.col("unit").n_unique().over("by") >= parameters["min_units"]
    accounts = [
        rows.drop_nulls("by").filter(many).select("account")
        for rows in (of_unit.join(seat, on="unit"), of_unit.join(agent, on="account"))
    ]
    return pl.concat(accounts).unique().sort("account").with_columns(pl.lit(1.0).alias("strength")).collect()


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


def _about(parameters: Mapping[str, Any]) -> pl.Expr:
    return pl.col("memo").fill_null("").str.contains_any(str(parameters["words"]).split())


def _share_by_memo(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    return _share_of_money(facts, _about(parameters), float(parameters["min_share"]))


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
