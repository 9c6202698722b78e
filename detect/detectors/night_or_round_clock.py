"""F08: an account that trades at night, or at almost every hour of a day (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from detect.facts import PROOF, Facts
from detect.hits import DetectorResult, Hit, graded, in_order, proof_rows
from detect.money import millionths
from graph.contract import Ref

_NIGHT_ENDS = 6
_HOURS = 24
_MILLION = 1_000_000


def night_or_round_clock(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Accounts that trade by night or round the clock, each once; no rows give nothing.

    The night is the local clock hours 0 to 5. Rows known only by day have no hour and are left out. A night
    hit stands on all trades of the account, a mere round-the-clock hit on those of its fullest day.
    parameters: min_trades, night_share, min_hours, floor (fen in, of all trades or of that day).
    """
    local = pl.col("at").dt.convert_time_zone("Asia/Shanghai")
    trades = facts.trades.with_columns(local.dt.hour().alias("hour"), local.dt.date().alias("day"))
    fullest = (
        trades.group_by("account", "day")
        .agg(pl.col("hour").n_unique().cast(pl.Int64).alias("hours"), pl.col("fen_in").sum().alias("day_in"))
        .sort("account", "hours", "day", descending=[False, True, False])
        .unique("account", keep="first", maintain_order=True)
    )
    night = pl.col("hour") < _NIGHT_ENDS
    whole = trades.group_by("account").agg(
        night.sum().cast(pl.Int64).alias("at_night"),
        pl.len().cast(pl.Int64).alias("trades"),
        pl.col("fen_in").sum().alias("sum_in"),
    )
    share, floor = millionths(parameters["night_share"]), parameters["floor"]
    dark = (
        (pl.col("trades") >= parameters["min_trades"])
        & (pl.col("at_night") * _MILLION >= share * pl.col("trades"))
        & (pl.col("sum_in") >= floor)
    )
    full = (pl.col("hours") >= parameters["min_hours"]) & (pl.col("day_in") >= floor)
    found = (
        whole.join(fullest.rename({"day": "full_day"}), on="account")
        .with_columns(dark.alias("dark"), full.alias("full"))
        .filter(pl.col("dark") | pl.col("full"))
    )
    rows = (
        trades.select("account", "day", "at", *PROOF)
        .join(found, on="account")
        .filter(pl.col("dark") | (pl.col("day") == pl.col("full_day")))
        .group_by(*found.columns)
        .agg(
            pl.col("at").min().alias("first_at"),
            pl.col("at").max().alias("last_at"),
            pl.struct(PROOF).alias("proof"),
        )
    )
    return DetectorResult(in_order([_hit(row, parameters) for row in rows.iter_rows(named=True)]))


def _hit(row: Mapping[str, Any], parameters: Mapping[str, Any]) -> Hit:
    share, least = row["at_night"] / row["trades"], float(parameters["night_share"])
    dark = graded(share, least, min(1.0, 2 * least)) if row["dark"] else 0.0
    full = graded(row["hours"], int(parameters["min_hours"]), _HOURS) if row["full"] else 0.0
    return Hit(
        subject=Ref("Account", row["account"]),
        score=max(dark, full),
        first_at=row["first_at"],
        last_at=row["last_at"],
        values={
            "trades": row["trades"],
            "at_night": row["at_night"],
            "night_share": round(share, 4),
            "hours": row["hours"],
        },
        rows=proof_rows(tuple(one.values()) for one in row["proof"]),
    )
