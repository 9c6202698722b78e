"""Signs of a break in behaviour at the moment an account is first used on a stranger's device."""

import polars as pl

from detect.controllers.signs import as_signs
from detect.controllers.weights import Behaviour
from detect.facts import Facts


def behaviour_signs(facts: Facts, used: pl.DataFrame, bounds: Behaviour) -> list[pl.DataFrame]:
    """`break_in_behaviour`, `woken`, `new_and_busy` of accounts in `used` at their first strange login.

    The days after are set against the days before: median amount in (factor) or the quarters of the day
    (half their summed change); no trade in all the days before though the account was open and the lake has
    rows of that time (`woken`); opened within `new_days` before (`new_and_busy`). All need `min_rows` after.
    """
    moments = used.group_by("account").agg(pl.col("handed_at").min())
    days = pl.duration
    trades = facts.trades.with_columns(pl.col("account").cast(pl.String), pl.col("source").cast(pl.String))
    near = trades.join(moments, on="account").filter(
        pl.col("at") >= pl.col("handed_at") - days(days=bounds.before_days),
        pl.col("at") <= pl.col("handed_at") + days(days=bounds.after_days),
    )
    near = near.with_columns(
        (pl.col("at") >= pl.col("handed_at")).alias("later"),
        (pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.hour() // 6).alias("quarter"),
    )
    opened = facts.tables.scan("Account").select(account="key", opened_at="opened_at").collect()
    sides = (
        near.group_by("account", "handed_at")
        .agg(*_side("later", True), *_side("earlier", False))
        .join(opened, on="account", how="left")
        .filter(pl.col("later_rows") >= bounds.min_rows)
    )
    covered = facts.trades["at"].min()
    before = pl.col("handed_at") - days(days=bounds.before_days)
    new = pl.col("opened_at") >= pl.col("handed_at") - days(days=bounds.new_days)
    quiet = pl.col("earlier_rows") == 0
    found = {
        "break_in_behaviour": (pl.col("earlier_rows") >= bounds.min_rows) & _moved(bounds),
        "woken": quiet & ~new.fill_null(True) & (before >= pl.lit(covered, dtype=pl.Datetime("us", "UTC"))),
        "new_and_busy": quiet & new.fill_null(False),
    }
    after = near.filter("later")
    rows = {"break_in_behaviour": near}
    return [
        as_signs(rows.get(name, after).join(sides.filter(is_one), on="account", how="semi"), name, None)
        for name, is_one in found.items()
    ]


def _moved(bounds: Behaviour) -> pl.Expr:
    low, high = pl.col("earlier_median"), pl.col("later_median")
    hours = sum(((pl.col(f"later_{q}") - pl.col(f"earlier_{q}")).abs() for q in range(4)), start=pl.lit(0.0))
    amounts = (high >= bounds.factor * low) | (low >= bounds.factor * high)
    return amounts.fill_null(False) | (hours / 2 >= bounds.shift)


def _side(name: str, later: bool) -> list[pl.Expr]:
    """Rows, median amount in and the share of each quarter of the day on one side of the moment."""
    side = pl.col("later") == later
    fen = pl.col("fen_in").filter(side & (pl.col("fen_in") > 0))
    quarters = [
        (pl.col("quarter").filter(side) == q).mean().fill_null(0.0).alias(f"{name}_{q}") for q in range(4)
    ]
    return [side.sum().alias(f"{name}_rows"), fen.median().alias(f"{name}_median"), *quarters]
