"""S11: SIM cards and devices that are swapped so often that they hang together in a circle (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from detect.facts import PROOF, Facts
from detect.hits import DetectorResult, Hit, graded, in_order, proof_rows
from detect.kernels.knots import knots
from detect.money import microseconds
from detect.phone_use import device_sights, once, with_sim
from graph.contract import Ints, Ref


def imei_imsi_churn(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """The largest knot of each group of devices and SIMs; subject: its device with most SIMs, ties by key.

    A knot: at least `least` devices and SIMs joined by use inside the window, with a circle among them (no
    tree: some SIM reaches a device in two ways). others: the further devices, then the numbers. Cards seen in
    more than `max_devices` devices are left out and said. No calls give nothing.
    parameters: least, window (timedelta), max_devices.
    """
    sights = device_sights(facts)
    pairs = with_sim(facts, sights.select("device", "number", "imsi").unique().collect())
    many = pl.col("device").n_unique().over("sim") > parameters["max_devices"]
    left_out = pairs.filter(many)["sim"].n_unique()
    said = (f"S11 left out {left_out} SIMs that were seen in too many devices.",) if left_out else ()
    least = int(parameters["least"])
    swapped = _in_knots(pairs.filter(~many), least)
    if swapped.is_empty():
        return DetectorResult((), said)
    uses = sights.join(swapped.lazy(), on=["device", "number", "imsi"], nulls_equal=True).collect()
    uses = once(uses).sort("group", "at", "device", "sim", "source", "row")
    hits = [_hit(rows, least) for rows in _knots(uses, microseconds(parameters["window"]), least)]
    return DetectorResult(in_order(hits), said)


def _in_knots(pairs: pl.DataFrame, least: int) -> pl.DataFrame:
    """Pairs in components over all time that may hold a knot; with ids left, right and group added."""
    ids = pairs.with_columns(
        left=pl.col("device").rank("dense").cast(pl.Int64) - 1,
        right=pl.col("sim").rank("dense").cast(pl.Int64) - 1 + pl.col("device").n_unique(),
    )
    ids = ids.with_columns(group=pl.Series(_labels(ids), dtype=pl.Int64))
    size = pl.struct("left", "right").n_unique().over("group")
    lefts, rights = pl.col("left").n_unique().over("group"), pl.col("right").n_unique().over("group")
    # A component with as many pairs as nodes is no tree, so it has a circle.
    return ids.filter((size >= lefts + rights) & (lefts >= least) & (rights >= least))


def _labels(pairs: pl.DataFrame) -> Ints:
    """Component of each pair by its ends `left` and `right`; int64."""
    from scipy.sparse import coo_array  # half of scipy's imports, for this alone
    from scipy.sparse.csgraph import connected_components

    if pairs.is_empty():
        return np.zeros(0, np.int64)
    left = np.unique(pairs["left"].to_numpy(), return_inverse=True)[1]
    right = np.unique(pairs["right"].to_numpy(), return_inverse=True)[1] + left.max() + 1
    nodes = int(right.max()) + 1
    links = coo_array((np.ones(pairs.height, bool), (left, right)), (nodes, nodes))
    labels: Ints = connected_components(links, False)[1].astype(np.int64)[left]
    return labels


def _knots(uses: pl.DataFrame, window: int, least: int) -> list[pl.DataFrame]:
    """The uses of each knot, in order of group."""
    group = uses["group"].rank("dense").to_numpy().astype(np.int64) - 1
    start = np.searchsorted(group, np.arange(group[-1] + 2)).astype(np.int64)
    ids = uses.select(pl.col("left").rank("dense"), pl.col("right").rank("dense"))
    device = ids["left"].to_numpy().astype(np.int64) - 1
    sim = ids["right"].to_numpy().astype(np.int64) + int(device.max())
    pair = np.unique(device * (int(sim.max()) + 1) + sim, return_inverse=True)[1].astype(np.int64)
    at = uses["at"].dt.timestamp("us").to_numpy().astype(np.int64)
    room = np.zeros((5, max(int(sim.max()), int(pair.max())) + 1), np.int64)
    hits = np.zeros((len(start) - 1, 4), np.int64)
    count = knots(start, at, device, sim, pair, window, least, room, hits)
    found = []
    for _, first, last, inside in hits[:count].tolist():
        rows = uses[first : last + 1]
        label = _labels(rows)
        found.append(rows.filter(label == label[inside - first]))
    return found


def _hit(rows: pl.DataFrame, least: int) -> Hit:
    by_device = rows.group_by("device").agg(pl.col("sim").n_unique().alias("sims"))
    devices = by_device.sort("sims", "device", descending=[True, False])["device"].to_list()
    numbers = sorted(set(rows["number"].to_list()))
    sims = rows["sim"].n_unique()
    return Hit(
        subject=Ref("Device", devices[0]),
        score=graded(len(devices) + sims, 2 * least, 6 * least),
        first_at=rows["at"].min(),  # type: ignore[arg-type] # the column holds instants
        last_at=rows["at"].max(),  # type: ignore[arg-type] # the column holds instants
        values={"devices": len(devices), "sims": sims, "uses": rows.height},
        rows=proof_rows(rows.select(PROOF).iter_rows()),
        others=(*(Ref("Device", key) for key in sorted(devices[1:])), *(Ref("Sim", key) for key in numbers)),
    )
