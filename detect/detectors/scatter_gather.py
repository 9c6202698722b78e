"""F11: one account pays many middles who pay one account, second legs after first (DOMAIN 5)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from detect.facts import Facts
from detect.hits import DetectorResult, Hit, graded, in_order
from detect.kernels.paths import PathBounds, relays
from detect.money import Money, instant, microseconds, millionths


def scatter_gather(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """The widest scatter-gather of each pair of far ends; nothing on an empty lake.

    subject: the gathering account; others: the scattering account, then the middles, sorted.
    parameters: min_middles, window (timedelta), share, floor (fen), max_legs (second legs of one first leg).
    """
    money = facts.money
    least, window = int(parameters["min_middles"]), microseconds(parameters["window"])
    legs, cut = _legs(money, window, parameters)
    wide = legs.filter(pl.col("middle").n_unique().over("start", "end") >= least)
    hits = []
    for (start, end), group in wide.group_by("start", "end", maintain_order=True):
        best = _widest(group, window)
        middles = sorted(set(best["middle"].to_list()))
        sum_in = int(best.unique("first")["first_fen"].sum())
        sum_out = int(best.unique("second_event")["second_fen"].sum())
        if len(middles) < least or sum_in + sum_out < int(parameters["floor"]):
            continue
        first_at, last_at = _reach(best)
        hits.append(
            Hit(
                subject=money.ref(int(str(end))),
                score=graded(len(middles), least, 3 * least),
                first_at=instant(first_at),
                last_at=instant(last_at),
                values={"middles": len(middles), "sum_in": sum_in},
                rows=money.rows([*best["first_event"].to_list(), *best["second_event"].to_list()]),
                others=(money.ref(int(str(start))), *(money.ref(middle) for middle in middles)),
            )
        )
    said = f"F11 followed the earliest {parameters['max_legs']} second legs only after {cut} payments."
    return DetectorResult(in_order(hits), (said,) if cut else ())


def _legs(money: Money, window: int, parameters: Mapping[str, Any]) -> tuple[pl.DataFrame, int]:
    outs = money.outs
    payer = outs.owners()
    bounds = PathBounds(window, millionths(parameters["share"]), 2, 2, 0, 0)
    found, most = np.zeros((len(outs.at), 2), np.int64), int(parameters["max_legs"])
    count, cut = relays(outs, payer, bounds, most, found)
    if count > len(found):
        found = np.zeros((count, 2), np.int64)
        count, cut = relays(outs, payer, bounds, most, found)
    first, second = found[:count, 0], found[:count, 1]
    legs = pl.DataFrame(
        {
            "first": first,
            "start": payer[first],
            "middle": outs.peer[first],
            "end": outs.peer[second],
            "first_at": outs.at[first],
            "second_at": outs.at[second],
            "first_fen": outs.amount[first],
            "second_fen": outs.amount[second],
            "first_event": outs.event[first],
            "second_event": outs.event[second],
        }
    )
    return legs.filter(pl.col("end") < money.accounts.len()).sort("start", "end", "first_at", "first"), cut


def _widest(group: pl.DataFrame, window: int) -> pl.DataFrame:
    """The relays inside the window, opened by one first leg, that have most middles; ties: the earliest."""
    best, most = group.clear(), 0
    for since in group["first_at"].unique(maintain_order=True).to_list():
        inside = group.filter((pl.col("first_at") >= since) & (pl.col("second_at") <= since + window))
        middles = inside["middle"].n_unique()
        if middles > most:
            best, most = inside, middles
    return best


def _reach(legs: pl.DataFrame) -> tuple[int, int]:
    low, high = legs["first_at"].min(), legs["second_at"].max()
    assert isinstance(low, int) and isinstance(high, int)  # noqa: S101 - legs are never empty here
    return low, high
