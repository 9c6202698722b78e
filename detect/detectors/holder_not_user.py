"""C08: independent signs that not the registered holder uses an account (DOMAIN 5)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from detect.facts import Facts
from detect.hits import DetectorResult, Hit, graded, in_order
from graph.contract import Ref

_SIGN: dict[str, pl.DataType] = {
    "account": pl.String(),
    "sign": pl.String(),
    "source": pl.String(),
    "row": pl.Int64(),
}
_SIGNS_FOR_FULL = 4


def holder_not_user(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Accounts with enough independent signs; a missing column is no sign. No logins or holders give nothing.

    Signs: `device_of_many`, `phone_of_other`, `strange_device`, `break_in_behaviour`, each at most once.
    parameters: min_signs, min_holders, before, after (timedelta), factor, shift (share), min_rows.
    """
    logins = _logins(facts)
    signs = pl.concat(
        [
            _device_of_many(facts, logins, int(parameters["min_holders"])),
            _phone_of_other(facts),
            _strange_device(facts, logins),
            _breaks(facts, logins, parameters),
        ]
    )
    least = int(parameters["min_signs"])
    found = (
        signs.group_by("account")
        .agg(pl.col("sign").unique().sort(), pl.struct("source", "row").alias("proof"))
        .filter(pl.col("sign").list.len() >= least)
    )
    hits = [
        Hit(
            subject=Ref("Account", row["account"]),
            score=graded(len(row["sign"]), least, _SIGNS_FOR_FULL),
            first_at=None,
            last_at=None,
            values={"signs": len(row["sign"]), "which": tuple(row["sign"])},
            rows=tuple(sorted({(one["source"], one["row"]) for one in row["proof"]})),
        )
        for row in found.iter_rows(named=True)
    ]
    return DetectorResult(in_order(hits))


def _logins(facts: Facts) -> pl.DataFrame:
    """Logins of accounts with a registered person, on devices that are no placeholder."""
    dummy = facts.tables.scan("Device").filter(pl.col("placeholder").fill_null(False)).select("key")
    return (
        facts.tables.scan("LOGGED_IN")
        .filter(pl.col("from_type") == "Account")
        .join(dummy, left_on="to_key", right_on="key", how="anti")
        .select(pl.col("from_key").alias("account"), pl.col("to_key").alias("device"), "at", "source", "row")
        .join(facts.holder_of.lazy(), on="account")
        .sort("account", "at", "source", "row")
        .collect()
    )


def _signs(rows: pl.DataFrame, sign: str) -> pl.DataFrame:
    return rows.select("account", pl.lit(sign).alias("sign"), "source", "row").cast(dict(_SIGN))  # type: ignore[arg-type]


def _device_of_many(facts: Facts, logins: pl.DataFrame, least: int) -> pl.DataFrame:
    """The account logs in on a device of at least `least` holders who share no home and no employer."""
    people = logins.select("device", "holder").unique().join(facts.kin, left_on="holder", right_on="person")
    shared = (
        people.group_by("device")
        .agg(pl.min_horizontal(pl.col("home").n_unique(), pl.col("employer").n_unique()).alias("holders"))
        .filter(pl.col("holders") >= least)
    )
    return _signs(logins.join(shared, on="device", how="semi"), "device_of_many")


def _phone_of_other(facts: Facts) -> pl.DataFrame:
    """The reserved phone is registered to a person who is neither the holder nor of the holder's home."""
    homes = facts.kin.select("person", "home")
    bound = (
        facts.tables.scan("BOUND_TO")
        .filter(pl.col("from_type") == "Account")
        .select(pl.col("from_key").alias("account"), pl.col("to_key").alias("sim"), "source", "row")
        .collect()
    )
    both = (
        bound.join(facts.holder_of, on="account")
        .join(facts.sim_holder.rename({"holder": "owner"}), on="sim")
        .filter(pl.col("holder") != pl.col("owner"))
        .join(homes.rename({"home": "home_of_holder"}), left_on="holder", right_on="person")
        .join(homes.rename({"home": "home_of_owner"}), left_on="owner", right_on="person")
        .filter(pl.col("home_of_holder") != pl.col("home_of_owner"))
    )
    return _signs(both, "phone_of_other")


def _strange_device(facts: Facts, logins: pl.DataFrame) -> pl.DataFrame:
    """Logins on a device that never held a SIM of the holder, though the holder's SIMs are seen in others."""
    used = (
        facts.tables.scan("USED_IN")
        .select(pl.col("from_key").alias("sim"), pl.col("to_key").alias("device"))
        .collect()
        .join(facts.sim_holder, on="sim")
        .select("holder", "device")
        .unique()
    )
    strange = logins.join(used.select("holder").unique(), on="holder", how="semi").join(
        used, on=["holder", "device"], how="anti"
    )
    return _signs(strange, "strange_device")


def _breaks(facts: Facts, logins: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """The week after a new device differs from the time before in device and in amounts or hours.

    Compared are medians (factor) and the shares of the four quarters of the day (half their summed change).
    """
    before, after = parameters["before"], parameters["after"]
    assert isinstance(before, timedelta) and isinstance(after, timedelta)  # noqa: S101 - rule files type them
    first = logins.group_by("account", "device", maintain_order=True).agg(
        pl.col("at").first().alias("changed_at"), pl.col("source").first(), pl.col("row").first()
    )
    started = logins.group_by("account").agg(pl.col("at").min().alias("started_at"))
    changes = first.join(started, on="account").filter(pl.col("changed_at") > pl.col("started_at"))
    account = pl.col("account").cast(facts.trades.schema["account"], strict=False)
    near = (
        facts.trades.join(changes.select(account, "device", "changed_at"), on="account")
        .filter(pl.col("at") >= pl.col("changed_at") - before)
        .filter(pl.col("at") <= pl.col("changed_at") + after)
        .with_columns(
            pl.col("account").cast(pl.String),
            (pl.col("at") >= pl.col("changed_at")).alias("later"),
            (pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.hour() // 6).alias("quarter"),
        )
    )
    sides = near.group_by("account", "device").agg(*_profile("later", True), *_profile("earlier", False))
    moved = sum(((pl.col(f"later_{q}") - pl.col(f"earlier_{q}")).abs() for q in range(4)), start=pl.lit(0.0))
    low, high = pl.col("earlier_median"), pl.col("later_median")
    factor = float(parameters["factor"])
    broken = sides.filter(
        (pl.col("later_rows") >= parameters["min_rows"]) & (pl.col("earlier_rows") >= parameters["min_rows"])
    ).filter((high >= factor * low) | (low >= factor * high) | (moved / 2 >= parameters["shift"]))
    return _signs(first.join(broken, on=["account", "device"], how="semi"), "break_in_behaviour")


def _profile(name: str, later: bool) -> list[pl.Expr]:
    """Rows, median amount in and share of each quarter of the day on one side of the change."""
    side = pl.col("later") == later
    fen = pl.col("fen_in").filter(side & (pl.col("fen_in") > 0))
    quarters = [
        (pl.col("quarter").filter(side) == q).mean().fill_null(0.0).alias(f"{name}_{q}") for q in range(4)
    ]
    return [side.sum().alias(f"{name}_rows"), fen.median().alias(f"{name}_median"), *quarters]
