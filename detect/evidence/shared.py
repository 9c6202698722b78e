"""Claims from things that several holders share: registers, phones, devices, addresses, IP slots."""

import polars as pl

from detect.evidence.claims import claims_from
from graph.lake.tables import LakeTables

IP_SLOT = "10m"
IP_MOST_HOLDERS = 50


def register_claims(tables: LakeTables) -> list[pl.DataFrame]:
    """Who holds an account or SIM, who opened it for whom, which phone is reserved, who lives where."""
    bound = tables.scan("BOUND_TO").filter(pl.col("from_type") == "Account")
    return [
        claims_from(tables.scan("HOLDS").filter(pl.col("to_type").is_in(["Account", "Sim"])), "holds"),
        claims_from(tables.scan("OPENED_BY_AGENT"), "agent"),
        claims_from(bound, "phone"),
        claims_from(tables.scan("LIVES_AT"), "address"),
    ]


def device_claims(tables: LakeTables) -> list[pl.DataFrame]:
    """Accounts and SIMs seen on a device; placeholders (zeros, dummies) never count."""
    real = tables.scan("Device").filter(~pl.col("placeholder").fill_null(False)).select(pl.col("key"))
    logins = tables.scan("LOGGED_IN").filter(pl.col("from_type") == "Account")
    used = tables.scan("USED_IN")
    return [
        claims_from(logins.join(real, left_on="to_key", right_on="key", how="semi"), "device"),
        claims_from(used.join(real, left_on="to_key", right_on="key", how="semi"), "sim_device"),
    ]


def ip_claims(tables: LakeTables, holder_of: pl.DataFrame) -> list[pl.DataFrame]:
    """Accounts behind one address in one slot of ten minutes.

    holder_of: type, key, holder. Addresses that may not identify, and those of more than 50 holders over all
    time (carrier NAT, campus Wi-Fi), are left out (DOMAIN 5, D01).
    """
    may = tables.scan("Ip").filter(pl.col("identifying").fill_null(True)).select(pl.col("key"))
    uses = (
        tables.scan("LOGGED_IN_FROM")
        .filter(pl.col("from_type") == "Account")
        .join(may, left_on="to_key", right_on="key", how="semi")
        .collect()
    )
    holders = (
        uses.select("from_type", "from_key", "to_key")
        .unique()
        .join(holder_of, left_on=["from_type", "from_key"], right_on=["type", "key"], how="left")
        .group_by("to_key")
        .agg(pl.col("holder").fill_null(pl.col("from_key")).n_unique().alias("holders"))
    )
    rare = holders.filter(pl.col("holders") <= IP_MOST_HOLDERS)
    slot = pl.col("at").dt.truncate(IP_SLOT).dt.strftime("%Y-%m-%dT%H:%MZ")
    return [claims_from(uses.join(rare, on="to_key", how="semi"), "ip_slot", part=slot)]
