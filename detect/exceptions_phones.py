"""Innocent explanations from nets and phones that many use: shared networks, repair shops."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from detect.facts import Facts
from detect.phone_use import device_sights


def shared_net(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts whose logins come, from a least share on, from addresses that tell nobody apart: that share.

    Such are private and carrier-shared addresses, and those of more than `max_holders` holders (campus and
    shop Wi-Fi). parameters: min_share, max_holders. Columns: account, strength. No logins give none.
    """
    known = facts.tables.scan("Ip").select(ip="key", identifying=pl.col("identifying").fill_null(True))
    uses = (
        facts.tables.scan("LOGGED_IN_FROM")
        .filter(pl.col("from_type") == "Account")
        .select(account="from_key", ip="to_key")
        .join(known, on="ip", how="left")
        .join(facts.holder_of.lazy(), on="account", how="left")
        .with_columns(holder=pl.coalesce("holder", "account"))
    )
    crowded = ~pl.col("identifying").fill_null(True) | (
        pl.col("holder").n_unique().over("ip") > parameters["max_holders"]
    )
    return (
        uses.with_columns(crowded=crowded)
        .group_by("account")
        .agg(strength=pl.col("crowded").mean())
        .filter(pl.col("strength") >= float(parameters["min_share"]))
        .sort("account")
        .collect()
    )


def repair_shop(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts that log in on a phone in which customers' cards are only tried out: 1.0.

    Such a phone saw cards of at least `min_holders` holders, each on one day only, and each in a phone of its
    own both before and after: cards of a SIM box do not go back. parameters: min_holders. Columns: account,
    strength.
    """
    day = pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    stays = (
        device_sights(facts)
        .group_by("number", "device")
        .agg(days=day.n_unique(), first_at=pl.col("at").min(), last_at=pl.col("at").max())
    )
    elsewhere = stays.select("number", other="device", began_at="first_at", ended_at="last_at")
    tried = (
        stays.filter(pl.col("days") == 1)
        .join(elsewhere, on="number")
        .filter(pl.col("other") != pl.col("device"), pl.col("began_at") < pl.col("first_at"))
        .filter(pl.col("ended_at") > pl.col("last_at"))
        .join(facts.sim_holder.lazy(), left_on="number", right_on="sim", how="left")
        .group_by("device")
        .agg(holders=pl.coalesce("holder", "number").n_unique())
        .filter(pl.col("holders") >= parameters["min_holders"])
    )
    logins = facts.tables.scan("LOGGED_IN").filter(pl.col("from_type") == "Account")
    return (
        logins.join(tried, left_on="to_key", right_on="device", how="semi")
        .select(pl.col("from_key").alias("account").unique(), pl.lit(1.0).alias("strength"))
        .sort("account")
        .collect()
    )
