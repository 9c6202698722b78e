"""Phones at one place at one time: the sights that make a meeting, and the meetings of given phones (S10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from detect.facts import Facts
from detect.money import microseconds
from detect.phone_use import sightings
from detect.rule import load_rule
from detect.rule_heads import QUERIES
from graph.lake.tables import LakeTables

_METRES_A_DEGREE = 111_320.0  # of latitude; of longitude times the cosine of the latitude
_SIDES = {"sim": "first", "at": "first_at", "device": "first_device", "source": "source", "row": "row"}
_INSTANT = pl.Datetime("us", "UTC")
_ROW = pl.Struct({"source": pl.String(), "row": pl.Int64()})
MEETING_SCHEMA: dict[str, pl.DataType] = {
    "first": pl.String(),
    "second": pl.String(),
    "first_at": _INSTANT,
    "last_at": _INSTANT,
    "cells": pl.List(pl.String()),
    "sights": pl.Int64(),
    "rows": pl.List(_ROW),
}


@dataclass(frozen=True, slots=True)
class Nearness:
    """What counts as together: two sights within `within`, on one cell or cells at most `metres` apart.

    crowd: a place with more phones than this within that time is left out.
    """

    within: timedelta
    metres: float
    crowd: int


@dataclass(frozen=True, slots=True)
class Meetings:
    """rows: MEETING_SCHEMA, by first_at, first, second. crowded: spans of places left out as too full."""

    rows: pl.DataFrame
    crowded: int


def nearness() -> Nearness:
    """The bounds of rule S10 as its file says now."""
    values = load_rule(QUERIES / "phones" / "co_location.yml").parameter_values()
    within, metres, crowd = values["within"], values["metres"], values["crowd"]
    assert isinstance(within, timedelta)  # noqa: S101 - the rule's own type
    return Nearness(within, float(str(metres)), int(str(crowd)))


def meetings(tables: LakeTables, sims: Sequence[str], near: Nearness) -> Meetings:
    """When any two of these phones (keys) were together; unrelated or not, on one device never.

    Sights of one pair each at most `within` after the one before are one meeting: first_at to last_at, its
    cells, how many pairs of sights, and the source rows of both sides. Crowds are counted over all phones.
    Fewer than two phones, or no sights, give none.
    """
    none = Meetings(pl.DataFrame(schema=MEETING_SCHEMA), 0)
    wanted = sorted(set(sims))
    if len(wanted) < 2:
        return none
    facts = Facts(tables)
    own = sightings(facts, sims=wanted)
    if own.is_empty():
        return none
    there = sightings(facts, cells=own["cell"].unique().sort().to_list())
    within = microseconds(near.within)
    quiet, _ = without_crowds(placed(facts, there, near.metres), within, near.crowd)
    mine = pl.col("sim").is_in(wanted)
    every = placed(facts, own, near.metres).with_columns(slot=pl.col("at").dt.timestamp("us") // within)
    calm = quiet.filter(mine)
    spans = ["place", "slot"]
    crowded = every.select(spans).unique().join(calm.select(spans).unique(), on=spans, how="anti").height
    return Meetings(_joined(sights_together(calm, within), near.within), crowded)


def _joined(met: pl.DataFrame, within: timedelta) -> pl.DataFrame:
    """Pairs of sights as meetings."""
    pair = ["first", "second"]
    rows = met.with_columns(
        begins=pl.min_horizontal("first_at", "second_at"), ends=pl.max_horizontal("first_at", "second_at")
    ).sort(*pair, "begins", "ends", "cell", "source", "row", "other_source", "other_row")
    before = pl.col("ends").cum_max().shift(1).over(pair)
    rows = rows.with_columns(meeting=((pl.col("begins") - before) > within).fill_null(value=True).cum_sum())
    proof = [pl.struct(source=s, row=r) for s, r in (("source", "row"), ("other_source", "other_row"))]
    return (
        rows.with_columns(proof=pl.concat_list(proof))
        .group_by("meeting", maintain_order=True)
        .agg(
            *(pl.col(name).first() for name in pair),
            first_at=pl.col("begins").min(),
            last_at=pl.col("ends").max(),
            cells=pl.col("cell").append(pl.col("other_cell")).unique().sort(),
            sights=pl.len().cast(pl.Int64),
            rows=pl.col("proof").explode().unique().sort(),
        )
        .select(list(MEETING_SCHEMA))
        .cast(pl.Schema(MEETING_SCHEMA))
        .sort("first_at", *pair)
    )


def placed(facts: Facts, seen: pl.DataFrame, metres: float) -> pl.DataFrame:
    """The sights once for each place they count at: their own cell, and each pair of cells close by."""
    own = seen.with_columns(place=pl.col("cell"))
    cells = facts.tables.scan("Cell").select("key", "lat", "lon").drop_nulls().sort("key").collect()
    cells = cells.join(seen.select(key="cell").unique(), on="key", how="semi", maintain_order="left")
    if metres <= 0 or cells.height < 2:
        return own
    from scipy.spatial import cKDTree  # a third of scipy's imports, for this alone

    lat, lon = np.radians(cells["lat"].to_numpy()), np.radians(cells["lon"].to_numpy())
    ball = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    near = cKDTree(ball).query_pairs(np.radians(metres / _METRES_A_DEGREE), output_type="ndarray")
    pairs = pl.DataFrame({"one": cells["key"].gather(near[:, 0]), "two": cells["key"].gather(near[:, 1])})
    place = pl.concat_str("one", "two", separator="|")
    both = pl.concat([pairs.select(place=place, cell=end) for end in ("one", "two")])
    return pl.concat([own, seen.join(both, on="cell").select(own.columns)])


def without_crowds(seen: pl.DataFrame, within: int, crowd: int) -> tuple[pl.DataFrame, int]:
    """Sights outside crowded spans, with `slot` added, and how many (place, slot) were crowded."""
    slotted = seen.with_columns(slot=pl.col("at").dt.timestamp("us") // within)
    crowded = pl.col("sim").n_unique().over("place", "slot") > crowd
    left_out = slotted.filter(crowded).select("place", "slot").unique().height
    return slotted.filter(~crowded), left_out


def sights_together(seen: pl.DataFrame, within: int) -> pl.DataFrame:
    """Two sights of different phones and devices within the time at one place; each pair of sights once.

    seen: as of `without_crowds`.
    """
    # Two moments at most `within` apart lie in one slot of that length or in neighbouring ones.
    other = seen.select(
        "place", "slot", second="sim", second_at="at", second_device="device", other_cell="cell",
        other_source="source", other_row="row",
    )  # fmt: skip
    reach = pl.concat([other.with_columns(pl.col("slot") + step) for step in (-1, 0, 1)])
    one = seen.rename(_SIDES)
    day = pl.min_horizontal("first_at", "second_at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    # Within a pair of neighbouring cells, sights on one and the same cell are counted at that cell.
    own = (pl.col("place") == pl.col("cell")) | (pl.col("cell") != pl.col("other_cell"))
    return (
        one.lazy()
        .join(reach.lazy(), on=["place", "slot"])
        .filter(pl.col("first") < pl.col("second"), own)
        .filter((pl.col("first_at") - pl.col("second_at")).dt.total_microseconds().abs() <= within)
        .filter(pl.col("first_device").ne_missing(pl.col("second_device")) | pl.col("first_device").is_null())
        .with_columns(day=day)
        .sort("source", "row", "other_source", "other_row")
        .unique(
            ["first", "second", "first_at", "second_at", "cell", "other_cell"],
            keep="first",
            maintain_order=True,
        )
        .collect()
    )
