"""Which SIM was in which device when, as stays; and at which hours numbers call."""

from collections.abc import Sequence

import polars as pl

from detect.facts import Facts
from detect.phone_use import device_sights, once
from graph.lake.tables import LakeTables

STAY_SCHEMA: dict[str, pl.DataType] = {
    "device": pl.String(),
    "sim": pl.String(),
    "first_at": pl.Datetime("us", "UTC"),
    "last_at": pl.Datetime("us", "UTC"),
    "sights": pl.Int64(),
    "rows": pl.List(pl.Struct({"source": pl.String(), "row": pl.Int64()})),
}
HOUR_SCHEMA: dict[str, pl.DataType] = {
    "sim": pl.String(), "hour": pl.Int64(), "calls": pl.Int64(), "texts": pl.Int64(),
}  # fmt: skip


def stays(tables: LakeTables, sims: Sequence[str], devices: Sequence[str]) -> pl.DataFrame:
    """STAY_SCHEMA, by device, first_at, sim: sights of one SIM in a device with no other SIM between.

    Of the devices named, and of those the SIMs named were in: every SIM seen in them, so that a swap shows
    from both sides. Placeholder devices are left out. Two SIMs of one phone take turns: each turn is a stay.
    No sights give no rows.
    """
    facts = Facts(tables)
    sights = device_sights(facts)
    held = sights.filter(pl.col("number").is_in(list(sims))).select("device").unique()
    asked = pl.concat([held, pl.LazyFrame({"device": list(devices)}, schema={"device": pl.String})]).unique()
    seen = once(sights.join(asked, on="device", how="semi").collect())
    turn = (pl.col("number") != pl.col("number").shift(1).over("device")).fill_null(value=True).cum_sum()
    proof = [pl.struct(source=s, row=r) for s, r in (("source", "row"), ("other_source", "other_row"))]
    told = (
        seen.sort("device", "at", "number")
        .with_columns(turn=turn, proof=pl.concat_list(proof))
        .group_by("turn", maintain_order=True)
        .agg(
            device=pl.col("device").first(),
            sim=pl.col("number").first(),
            first_at=pl.col("at").min(),
            last_at=pl.col("at").max(),
            sights=pl.len().cast(pl.Int64),
            rows=pl.col("proof").explode(),
        )
        .with_columns(
            rows=pl.col("rows")
            .list.filter(pl.element().struct.field("source").is_not_null())
            .list.unique()
            .list.sort()
        )
    )
    return told.select(list(STAY_SCHEMA)).cast(pl.Schema(STAY_SCHEMA)).sort("device", "first_at", "sim")


def swaps(found: pl.DataFrame) -> pl.DataFrame:
    """Stays that follow another SIM in the same device: device, before, after, ended_at, began_at, turns.

    found: as of `stays`. Stays of two SIMs that take turns give a row each turn, the first one is enough: a
    pair in a device is listed once, with how often (turns). By began_at, then keys.
    """
    before = found.with_columns(
        before=pl.col("sim").shift(1).over("device"), ended_at=pl.col("last_at").shift(1).over("device")
    ).drop_nulls("before")
    pair = ["device", "before", "after"]
    return (
        before.rename({"sim": "after"})
        .sort("first_at", *pair)
        .group_by(pair, maintain_order=True)
        .agg(pl.col("ended_at").first(), began_at=pl.col("first_at").first(), turns=pl.len().cast(pl.Int64))
        .sort("began_at", *pair)
    )


def hours(tables: LakeTables, sims: Sequence[str]) -> pl.DataFrame:
    """HOUR_SCHEMA, by sim, hour: calls and texts that a SIM made or got in each hour of the day of UTC+8."""
    own = sorted(set(sims))
    parts = []
    for relation in ("CALLED", "SMS"):
        for near, by_to in (("from_key", False), ("to_key", True)):
            rows = tables.scan(relation, by_to=by_to).filter(pl.col(near).is_in(own))
            hour = pl.col("at").dt.convert_time_zone("Asia/Shanghai").dt.hour().cast(pl.Int64)
            text = pl.lit(relation == "SMS")
            parts.append(rows.select("event_key", sim=near, hour=hour, text=text))
    counted = (
        pl.concat(parts)
        .unique()
        .group_by("sim", "hour")
        .agg(calls=(~pl.col("text")).sum().cast(pl.Int64), texts=pl.col("text").sum().cast(pl.Int64))
        .sort("sim", "hour")
        .collect()
    )
    return counted.cast(pl.Schema(HOUR_SCHEMA))
