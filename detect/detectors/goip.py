"""S04: many SIM cards dial from one device within a window (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from detect.facts import PROOF, Facts
from detect.hits import DetectorResult, Hit, graded, in_order, proof_rows
from detect.kernels.windows import widest
from detect.money import microseconds
from graph.contract import Ref


def goip(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """The window of each device with most SIMs; others: their numbers, sorted. No calls give nothing.

    A SIM is told by its IMSI, by its number where the record has none. Placeholder devices never count.
    parameters: min_sims, window (timedelta).
    """
    least = int(parameters["min_sims"])
    calls = _calls(facts, least)
    if not calls.height:
        return DetectorResult(())
    device = calls["device"].rank("dense").to_numpy().astype(np.int64) - 1
    sim = calls["sim"].rank("dense").to_numpy().astype(np.int64) - 1
    start = np.searchsorted(device, np.arange(device[-1] + 2)).astype(np.int64)
    found = np.zeros((len(start) - 1, 4), np.int64)
    at = calls["at"].dt.timestamp("us").to_numpy().astype(np.int64)
    held = np.zeros(int(sim.max()) + 1, np.int64)
    count = widest(start, at, sim, microseconds(parameters["window"]), least, held, found)
    hits = [_hit(calls[first : last + 1], sims, least) for _, first, last, sims in found[:count].tolist()]
    return DetectorResult(in_order(hits))


def _calls(facts: Facts, least: int) -> pl.DataFrame:
    """Calls from devices with at least `least` SIMs over all time, sorted by device and time."""
    dummy = facts.tables.scan("Device").filter(pl.col("placeholder").fill_null(False)).select("key")
    sim = pl.coalesce("from_imsi", "from_key")
    return (
        facts.tables.scan("CALLED")
        .filter(pl.col("from_device").is_not_null())
        .join(dummy, left_on="from_device", right_on="key", how="anti")
        .select(
            pl.col("from_device").alias("device"),
            sim.alias("sim"),
            pl.col("from_key").alias("number"),
            "at",
            *PROOF,
        )
        .filter(pl.col("sim").n_unique().over("device") >= least)
        .sort("device", "at", "source", "row")
        .collect()
    )


def _hit(calls: pl.DataFrame, sims: int, least: int) -> Hit:
    return Hit(
        subject=Ref("Device", calls["device"][0]),
        score=graded(sims, least, 3 * least),
        first_at=calls["at"][0],
        last_at=calls["at"][-1],
        values={"sims": sims, "calls": calls.height},
        rows=proof_rows(calls.select(PROOF).iter_rows()),
        others=tuple(Ref("Sim", number) for number in sorted(set(calls["number"].to_list()))),
    )
