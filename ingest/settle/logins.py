"""Logins from devices and addresses, by bank accounts and network accounts."""

import polars as pl

from ingest.settle.cards import CardBook
from ingest.settle.collect import Collector
from ingest.settle.holdings import Holdings

_MOBILE = r"^1[3-9][0-9]{9}$"


def add_logins(
    log: pl.DataFrame, accounts: pl.Series, book: CardBook, sims: Holdings, found: Collector
) -> None:
    """LOGGED_IN, LOGGED_IN_FROM, network accounts and their phones of `login_log` rows.

    accounts: every account and card number that registers and sheets know; a login by one of them is the bank
    account's, any other belongs to the network account `<platform>:<id>`.
    """
    rows = log.filter(pl.col("account").is_not_null()).with_columns(
        at=pl.coalesce("time", "time_utc"),
        device_key=pl.coalesce("device", "fingerprint", "mac:" + pl.col("mac")),
    )
    known = rows["account"].is_in(accounts.implode())
    user = book.resolve(rows["account"])
    rows = rows.with_columns(
        user_type=pl.when(known).then(pl.lit("Account")).otherwise(pl.lit("NetAccount")),
        user=pl.when(known).then(user).otherwise(pl.col("platform") + ":" + pl.col("account")),
    )
    shared = ["source", "row", "region", "platform", "action", "result"]
    ends = {"event_key": "row_key", "from_type": "user_type", "from_key": "user", "at": "at"}
    found.add_relations("LOGGED_IN", rows.select(*shared, "ip", **ends, to_key="device_key"))
    found.add_relations(
        "LOGGED_IN_FROM", rows.select(*shared, "port", **ends, to_key="ip", device="device_key")
    )
    models = rows.select("row_key", "source", "row", "model", key="device_key", as_of="at")
    latest = models.sort("as_of", "row_key", descending=[True, False])
    found.add_nodes("Device", latest.unique(["key", "model"], keep="first", maintain_order=True), 0)
    _add_net_accounts(rows.filter(~known), sims, found)


def _add_net_accounts(rows: pl.DataFrame, sims: Holdings, found: Collector) -> None:
    """A network account named by a mobile number is bound to that number's holding at its first login."""
    named = pl.when(pl.col("account").str.contains(_MOBILE)).then(pl.col("account"))
    first = rows.with_columns(number=pl.coalesce("phone", named)).sort("at", "row_key")
    one = first.unique(["user", "number", "nick"], keep="first", maintain_order=True)
    found.add_nodes(
        "NetAccount",
        one.select("row_key", "source", "row", "platform", "nick", key="user", phone="number", as_of="at"),
        0,
    )
    bound = one.filter(pl.col("number").is_not_null()).unique(
        ["user", "number"], keep="first", maintain_order=True
    )
    found.add_relations(
        "BOUND_TO",
        bound.with_columns(sim=sims.resolve(bound["number"], bound["at"])).select(
            "row_key", "source", "row",
            from_type=pl.lit("NetAccount"), from_key="user", to_key="sim", valid_from_at="at",
        ),
    )  # fmt: skip
