"""Uses of accounts that bank sheets show: payments with the MAC of the device they were made on."""

import polars as pl

from detect.facts import Facts

_DUMMIES = ("000000000000", "020000000000", "ffffffffffff")
_BEFORE = "5m"  # a payment belongs to the login just before it from the same address (D)


def payment_uses(facts: Facts, logins: pl.DataFrame, lead: float) -> pl.DataFrame:
    """account, device, ip, at, source, row of payments whose MAC is known; sorted, none without MACs.

    logins: account, device, ip, at. A MAC is the device that by `lead` the most accounts' payments follow
    within 5 minutes of a login, from one address. Other MACs are left out: they may be the holder's own
    phone, which logins and call records name otherwise.
    """
    paid = (
        facts.tables.scan("TRANSFER")
        .filter(pl.col("mac").is_not_null() & ~pl.col("mac").is_in(_DUMMIES))
        .filter(pl.col("precision").ne_missing("day"))
        .select("mac", "ip", "at", "source", "row", account="from_key")
        .collect()
    )
    known = _devices(paid, logins, lead)
    return (
        paid.join(known, on="mac")
        .select("account", "device", "ip", "at", "source", "row")
        .sort("account", "at", "source", "row")
    )


def _devices(paid: pl.DataFrame, logins: pl.DataFrame, lead: float) -> pl.DataFrame:
    """mac, device: one row a MAC that one device leads."""
    near = (
        paid.select("mac", "ip", "account", "at")
        .sort("at")
        .join_asof(
            logins.select("account", "device", "at", ip_there="ip").sort("at"),
            on="at",
            by="account",
            strategy="backward",
            tolerance=_BEFORE,
            check_sortedness=False,
        )
        .filter(pl.col("ip") == pl.col("ip_there"))
    )
    counted = (
        near.group_by("mac", "device")
        .agg(pl.len().alias("times"))
        .sort("mac", "times", "device", descending=[False, True, False])
        .with_columns(pl.col("times").shift(-1).over("mac").alias("next"))
    )
    first = counted.group_by("mac", maintain_order=True).first()
    clear = pl.col("next").is_null() | (pl.col("times") >= lead * pl.col("next"))
    return first.filter(clear).select("mac", "device")
