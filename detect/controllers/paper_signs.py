"""Signs of papers: reserved phone, parcel and opening that point away from the registered holder."""

import polars as pl

from detect.controllers.signs import as_signs
from detect.controllers.uses import Uses
from detect.controllers.weights import ControlWeights
from detect.evidence.parcels import LIGHT_G
from detect.facts import Facts


def paper_signs(facts: Facts, uses: Uses, used: pl.DataFrame, weights: ControlWeights) -> list[pl.DataFrame]:
    """Signs of accounts in `used`; the person is the one the paper names, who need not be the user.

    Persons of the holder's home or employer say nothing, nor does a phone that the person register states as
    the holder's own (a number of the family).
    """
    accounts = used.group_by("account", "holder").agg(pl.col("handed_at").min())
    return [
        as_signs(_unrelated(_phone(facts, accounts), uses), "phone_of_other"),
        as_signs(_unrelated(_parcels(facts, accounts, weights.parcel_days), uses), "card_mailed"),
        as_signs(_unrelated(_agents(facts, accounts), uses), "opened_by_other"),
    ]


def _unrelated(rows: pl.DataFrame, uses: Uses) -> pl.DataFrame:
    """Rows whose person is neither the holder nor related by home or employer; both are known."""
    homes = uses.homes
    return (
        rows.join(homes, left_on="holder", right_on="person")
        .join(homes, on="person", suffix="_there")
        .filter(pl.col("holder") != pl.col("person"), pl.col("home") != pl.col("home_there"))
        .filter(pl.col("employer") != pl.col("employer_there"))
    )


def _phone(facts: Facts, accounts: pl.DataFrame) -> pl.DataFrame:
    stated = facts.tables.scan("Person").select(holder="key", number="phone").collect()
    return (
        facts.tables.scan("BOUND_TO")
        .filter(pl.col("from_type") == "Account")
        .select("source", "row", account="from_key", sim="to_key")
        .collect()
        .join(accounts, on="account")
        .join(facts.sim_holder.rename({"holder": "person"}), on="sim")
        .with_columns(pl.col("sim").str.split("@").list.first().alias("number"))
        .join(stated.drop_nulls(), on=["holder", "number"], how="anti")
    )


def _parcels(facts: Facts, accounts: pl.DataFrame, days: int) -> pl.DataFrame:
    """A SIM of the holder sent somebody's SIM a light parcel in the days before the first strange login."""
    light = facts.tables.scan("Parcel").filter(pl.col("weight_g").fill_null(0) <= LIGHT_G).select("key")
    to = facts.tables.scan("RECEIVED").select(parcel="from_key", to="to_key")
    sent = (
        facts.tables.scan("SENT")
        .join(light, left_on="to_key", right_on="key", how="semi")
        .join(to, left_on="to_key", right_on="parcel")
        .select("at", "source", "row", "to", sim="from_key")
        .collect()
    )
    owner = facts.sim_holder
    return (
        sent.join(owner, on="sim")
        .join(owner.select(to="sim", person="holder"), on="to")
        .join(accounts, on="holder")
        .filter(
            pl.col("at") <= pl.col("handed_at"), pl.col("at") >= pl.col("handed_at") - pl.duration(days=days)
        )
    )


def _agents(facts: Facts, accounts: pl.DataFrame) -> pl.DataFrame:
    agents = facts.tables.scan("OPENED_BY_AGENT").filter(pl.col("to_type") == "Person")
    return (
        agents.select("source", "row", account="from_key", person="to_key")
        .collect()
        .join(accounts, on="account")
    )
