"""Innocent explanations from ordinary life: wages, family, school, piece work, moving for work."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from detect.facts import Facts


def payroll(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts that pay wages to many in a month, or are paid wages by such a one in several months: 1.0.

    parameters: words (text, parted by spaces), min_payees, min_months. Columns: account, strength.
    """
    words = str(parameters["words"]).split()
    local = pl.col("at").dt.convert_time_zone("Asia/Shanghai")
    wages = (
        facts.transfers.lazy()
        .filter(pl.col("memo").fill_null("").str.contains_any(words))
        .select("from_key", "to_key", local.dt.truncate("1mo").alias("month"))
        .collect()
    )
    payers = (
        wages.group_by("from_key", "month")
        .agg(pl.col("to_key").n_unique().alias("payees"))
        .filter(pl.col("payees") >= parameters["min_payees"])
        .select("from_key", "month")
    )
    paid = (
        wages.join(payers, on=["from_key", "month"], how="semi")
        .group_by("to_key")
        .agg(pl.col("month").n_unique().alias("months"))
        .filter(pl.col("months") >= parameters["min_months"])
    )
    accounts = pl.concat([payers["from_key"].alias("account"), paid["to_key"].alias("account")])
    return pl.DataFrame({"account": accounts.unique().sort()}).with_columns(pl.lit(1.0).alias("strength"))


def campus(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts that many pay fees of a school, class or club in a month, and those that pay such a one: 1.0.

    parameters: words (text, parted by spaces), min_payers, max_median (fen). Columns: account, strength.
    """
    fees = (
        facts.transfers.lazy()
        .filter(pl.col("memo").fill_null("").str.contains_any(str(parameters["words"]).split()))
        .with_columns(pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.truncate("1mo").alias("month"))
        .filter(pl.col("from_key").n_unique().over("to_key", "month") >= parameters["min_payers"])
        .filter(pl.col("amount_fen").median().over("to_key", "month") <= parameters["max_median"])
        .collect()
    )
    accounts = pl.concat([fees["from_key"].alias("account"), fees["to_key"].alias("account")])
    return pl.DataFrame({"account": accounts.unique().sort()}).with_columns(pl.lit(1.0).alias("strength"))


def family(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts whose money goes, from a least share on, to or from people of the holder's home: that share.

    parameters: min_share. Columns: account, strength. Moves between one holder's accounts do not count.
    """
    home = facts.holder_of.join(facts.kin, left_on="holder", right_on="person").select(
        "account", "holder", "home"
    )
    home = home.select(facts.as_moved("account"), pl.col("holder", "home").cast(pl.Categorical))
    rows = facts.transfers.lazy().select("from_key", "to_key", "amount_fen")
    for end in ("from", "to"):
        names = {"account": f"{end}_key", "holder": f"{end}_holder", "home": f"{end}_home"}
        rows = rows.join(home.rename(names).lazy(), on=f"{end}_key", how="left")
    near = (pl.col("from_home") == pl.col("to_home")) & (pl.col("from_holder") != pl.col("to_holder"))
    marked = rows.with_columns(near.fill_null(False).alias("near"))
    sides = pl.concat(
        [marked.select(pl.col(end).alias("account"), "amount_fen", "near") for end in ("from_key", "to_key")]
    )
    share = pl.col("amount_fen").filter(pl.col("near")).sum() / pl.col("amount_fen").sum()
    return (
        sides.group_by("account")
        .agg(share.cast(pl.Float64).alias("strength"))
        .filter(pl.col("strength") >= float(parameters["min_share"]))
        .sort("account")
        .collect()
    )


def gig(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts that one firm pays small sums on many days (ride, delivery): 1.0.

    parameters: min_days, max_median (fen). Columns: account, strength.
    """
    corporate = facts.tables.scan("Account").filter(pl.col("corporate").fill_null(False))
    firms = corporate.select(facts.as_moved("key"))
    day = pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    return (
        facts.transfers.lazy()
        .join(firms, left_on="from_key", right_on="key", how="semi")
        .group_by("from_key", pl.col("to_key").alias("account"))
        .agg(day.n_unique().alias("days"), pl.col("amount_fen").median().alias("median"))
        .filter(pl.col("days") >= parameters["min_days"], pl.col("median") <= parameters["max_median"])
        .select(pl.col("account").unique().sort(), pl.lit(1.0).alias("strength"))
        .collect()
    )


def migrant(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts opened at one branch on one day by several people of one employer: 1.0.

    parameters: min_persons. Columns: account, strength.
    """
    day = pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    opened = (
        facts.tables.scan("OPENED_AT")
        .select(pl.col("from_key").alias("account"), pl.col("to_key").alias("branch"), day.alias("day"))
        .collect()
        .join(facts.holder_of, on="account")
        .join(facts.kin, left_on="holder", right_on="person")
        .filter(pl.col("employer") != pl.col("holder"))
    )
    together = pl.col("holder").n_unique().over("branch", "day", "employer")
    held = opened.filter(together >= parameters["min_persons"])
    return held.select(pl.col("account").unique().sort(), pl.lit(1.0).alias("strength"))
