"""Innocent explanations from accounts, SIMs and phones: old, new, a company's, a service line's."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from detect.facts import Facts

_SERVICE_KINDS = ("95", "400", "95号", "400号")


def old_account(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts opened before the limits on accounts came into force: 1.0. An unknown opening gives none.

    parameters: before (instant). Columns: account, strength.
    """
    opened = facts.tables.scan("Account").filter(pl.col("opened_at") < parameters["before"])
    return _explained(opened.select(pl.col("key").alias("account")))


def new_phone(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts whose later login device also carries a number the holder has long had: 1.0.

    The holder took a new phone: the number was the holder's `settled` before the first login on it, and the
    call records show it in that device no earlier than the account's first login on an older one.
    parameters: settled (timedelta). Columns: account, strength.
    """
    dummy = facts.tables.scan("Device").filter(pl.col("placeholder").fill_null(False)).select("key")
    logins = (
        facts.tables.scan("LOGGED_IN")
        .filter(pl.col("from_type") == "Account")
        .join(dummy, left_on="to_key", right_on="key", how="anti")
        .group_by(pl.col("from_key").alias("account"), pl.col("to_key").alias("device"))
        .agg(pl.col("at").min().alias("since"))
        .with_columns(pl.col("since").min().over("account").alias("first_seen"))
        .filter(pl.col("since") > pl.col("first_seen"))
    )
    numbers = (
        facts.tables.scan("USED_IN")
        .select(
            pl.col("from_key").alias("sim"),
            pl.col("to_key").alias("device"),
            pl.col("valid_from_at").alias("used_at"),
        )
        .join(facts.tables.scan("Sim").select("key", "opened_at"), left_on="sim", right_on="key")
        .join(facts.sim_holder.lazy(), on="sim")
        .drop_nulls("opened_at")
    )
    held = (
        logins.join(facts.holder_of.lazy(), on="account")
        .join(numbers, on=["device", "holder"])
        .filter(pl.col("opened_at") <= pl.col("since") - parameters["settled"])
        .filter(pl.col("used_at") >= pl.col("first_seen"))
    )
    return _explained(held.select("account"))


def fleet(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts of a company with many SIMs, and accounts bound to one of these SIMs: 1.0.

    parameters: min_sims. Columns: account, strength.
    """
    held = facts.tables.scan("HOLDS").filter(pl.col("from_type") == "Organization")
    companies = (
        held.filter(pl.col("to_type") == "Sim")
        .group_by("from_key")
        .agg(pl.col("to_key").n_unique().alias("sims"))
        .filter(pl.col("sims") >= int(parameters["min_sims"]))
        .select("from_key")
    )
    sims = (
        held.filter(pl.col("to_type") == "Sim")
        .join(companies, on="from_key", how="semi")
        .select(sim="to_key")
    )
    accounts = held.filter(pl.col("to_type") == "Account").join(companies, on="from_key", how="semi")
    return _explained(pl.concat([accounts.select(pl.col("to_key").alias("account")), _bound_to(facts, sims)]))


def hotline(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts bound to a service number, or to one that rings many numbers a day on many days: 1.0.

    Sales, service and delivery dial steadily for weeks, which SIMs of a box do not live to see.
    parameters: min_days, min_callees (on each of these days). Columns: account, strength.
    """
    service = facts.tables.scan("Sim").filter(pl.col("kind").is_in(_SERVICE_KINDS)).select(sim="key")
    day = pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    steady = (
        facts.tables.scan("CALLED")
        .group_by("from_key", day.alias("day"))
        .agg(pl.col("to_key").n_unique().alias("callees"))
        .filter(pl.col("callees") >= int(parameters["min_callees"]))
        .group_by("from_key")
        .agg(pl.len().alias("days"))
        .filter(pl.col("days") >= int(parameters["min_days"]))
        .select(sim="from_key")
    )
    return _explained(_bound_to(facts, pl.concat([service, steady])))


def identity_theft(facts: Facts, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Accounts of people who appealed a listing with success, or whose SIM is not theirs by the check: 1.0.

    parameters: results, appeals (text, words parted by spaces). Columns: account, strength.
    """
    results, appeals = str(parameters["results"]).split(), str(parameters["appeals"]).split()
    said = pl.col("verify_result").fill_null("").str.contains_any(results)
    misused = (
        facts.tables.scan("Sim")
        .filter(said)
        .join(facts.sim_holder.lazy(), left_on="key", right_on="sim")
        .select("holder")
    )
    won = (
        facts.tables.scan("ListEntry")
        .filter(pl.col("appeal").fill_null("").str.contains_any(appeals))
        .join(
            facts.tables.scan("LISTED_AS").filter(pl.col("from_type") == "Person"),
            left_on="key",
            right_on="to_key",
        )
        .select(holder="from_key")
    )
    people = pl.concat([misused, won]).unique()
    return _explained(facts.holder_of.lazy().join(people, on="holder", how="semi").select("account"))


def _bound_to(facts: Facts, sims: pl.LazyFrame) -> pl.LazyFrame:
    bound = facts.tables.scan("BOUND_TO").filter(pl.col("from_type") == "Account")
    return bound.join(sims, left_on="to_key", right_on="sim", how="semi").select(
        pl.col("from_key").alias("account")
    )


def _explained(accounts: pl.LazyFrame) -> pl.DataFrame:
    return accounts.select(pl.col("account").unique().sort(), pl.lit(1.0).alias("strength")).collect()
