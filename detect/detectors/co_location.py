"""S10: two phones that are on one cell, or on cells close by, at the same time on several days (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from detect.facts import Facts
from detect.hits import DetectorResult, Hit, graded, in_order
from detect.kernels.convoy import convoys
from detect.meetings import placed, sights_together, without_crowds
from detect.money import microseconds
from detect.phone_use import sightings
from graph.contract import Ref


def co_location(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Pairs of phones of unrelated holders that met on enough local days; subject: the lesser key.

    A meeting: two sights within `within` on one cell or on cells at most `metres` apart, not of one device
    and not of one holder. Places with more than `crowd` phones within that time are left out and said.
    parameters: within (timedelta), min_days, metres, crowd, trip_gap (timedelta), min_convoy (cells of one
    trip). Moving together raises the score, nothing asks for it. No sights give nothing.
    """
    seen = placed(facts, sightings(facts), float(parameters["metres"]))
    within = microseconds(parameters["within"])
    quiet, left_out = without_crowds(seen, within, int(parameters["crowd"]))
    said = (f"S10 left out {left_out} crowded cell spans.",) if left_out else ()
    days = int(parameters["min_days"])
    met = _unrelated(facts, sights_together(quiet, within))
    pair = ["first", "second"]
    enough = met.filter(pl.col("day").n_unique().over(pair) >= days).sort(
        *pair, "first_at", "second_at", "cell", "source", "row", "other_source", "other_row"
    )
    moved = _moved_together(enough, microseconds(parameters["trip_gap"]), int(parameters["min_convoy"]))
    hits = [
        _hit(rows, days, moved.get((rows["first"][0], rows["second"][0]), (0, 0)), parameters["min_convoy"])
        for rows in enough.partition_by(pair, maintain_order=True)
    ]
    return DetectorResult(in_order(hits), said)


def _unrelated(facts: Facts, met: pl.DataFrame) -> pl.DataFrame:
    """Meetings of phones that are not held by one person, one home or one employer, as far as is known."""
    people = facts.sim_holder.join(facts.kin, left_on="holder", right_on="person", how="left")
    for side in ("first", "second"):
        named = {name: f"{side}_{name}" for name in ("holder", "home", "employer")}
        met = met.join(people.rename({"sim": side, **named}), on=side, how="left")
    related = [
        (pl.col(f"first_{name}") == pl.col(f"second_{name}")).fill_null(False)
        for name in ("holder", "home", "employer")
    ]
    return met.filter(~pl.any_horizontal(related))


def _moved_together(met: pl.DataFrame, gap: int, least: int) -> dict[tuple[str, str], tuple[int, int]]:
    """Pair -> most different cells passed together on one trip, days with at least `least` of them.

    Only meetings on one and the same cell count: a phone at rest may flip between cells close by.
    """
    same = (
        met.filter(pl.col("cell") == pl.col("other_cell"))
        .with_columns(when=pl.min_horizontal("first_at", "second_at").dt.timestamp("us"))
        .sort("first", "second", "when", "cell")
    )
    pairs = same.group_by("first", "second", maintain_order=True).len()
    start = np.concatenate([[0], pairs["len"].cum_sum().to_numpy()]).astype(np.int64)
    at, cell, day = (
        same.select(column.cast(pl.Int64)).to_series().to_numpy()
        for column in (pl.col("when"), pl.col("cell").rank("dense") - 1, pl.col("day").to_physical())
    )
    found = convoys(start, at, cell, day, gap, least)
    keys = pairs.select("first", "second").iter_rows()
    return dict(zip(keys, zip(found.cells.tolist(), found.days.tolist(), strict=True), strict=True))


def _hit(rows: pl.DataFrame, least: int, moved: tuple[int, int], least_convoy: int) -> Hit:
    together, convoy_days = moved
    # Two cells on the way are what neighbours share who work in one place.
    further = together - 2 if together >= least_convoy else 0
    days, cells = rows["day"].n_unique(), rows["cell"].n_unique()
    proof = {*rows.select("source", "row").iter_rows(), *rows.select("other_source", "other_row").iter_rows()}
    return Hit(
        subject=Ref("Sim", rows["first"][0]),
        # Being together at several places weighs like further days: neighbours meet at one.
        score=graded(days + cells - 1 + further, least, 3 * least),
        first_at=rows.select(pl.min_horizontal("first_at", "second_at").min()).item(),
        last_at=rows.select(pl.max_horizontal("first_at", "second_at").max()).item(),
        values={
            "other": rows["second"][0],
            "days": days,
            "cells": cells,
            "meetings": rows.height,
            "convoy_cells": together,
            "convoy_days": convoy_days,
        },
        rows=tuple(sorted(proof)),
        others=(Ref("Sim", rows["second"][0]),),
    )
