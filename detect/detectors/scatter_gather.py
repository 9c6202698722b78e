"""F11: one account pays many middles who pay one account, second legs after first (DOMAIN 5)."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from detect.facts import Facts
from detect.hits import DetectorResult, Hit, graded, in_order
from detect.kernels.paths import PathBounds, relays
from detect.money import Money, instant, microseconds, millionths
from graph.contract import Ints


def scatter_gather(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Scatter-gathers of each pair of far ends, widest first, none sharing a payment; no rows give none.

    subject: the gathering account; others: the scattering account, then the middles, sorted.
    parameters: min_middles, window (timedelta), share, floor (fen), max_legs (second legs of one first leg).
    """
    money = facts.money
    least, window = int(parameters["min_middles"]), microseconds(parameters["window"])
    legs, cut = _legs(money, window, parameters)
    wide = legs.filter(pl.col("middle").n_unique().over("start", "end") >= least)
    column = {name: wide[name].to_numpy() for name in wide.columns}
    bounds = np.flatnonzero((np.diff(column["start"]) != 0) | (np.diff(column["end"]) != 0)) + 1
    hits = []
    for group in np.split(np.arange(wide.height), bounds) if wide.height else ():
        for best in _apart(group, column, window, least):
            sum_in = _once(column, best, "first")
            if sum_in + _once(column, best, "second") >= int(parameters["floor"]):
                hits.append(_hit(money, column, best, sum_in, least))
    said = f"F11 followed the earliest {parameters['max_legs']} second legs only after {cut} payments."
    return DetectorResult(in_order(hits), (said,) if cut else ())


def _hit(money: Money, column: Mapping[str, Ints], best: Ints, sum_in: int, least: int) -> Hit:
    middles = np.unique(column["middle"][best]).tolist()
    events = np.concatenate([column["first_event"][best], column["second_event"][best]])
    return Hit(
        subject=money.ref(column["end"][best[0]]),
        score=graded(len(middles), least, 3 * least),
        first_at=instant(column["first_at"][best].min()),
        last_at=instant(column["second_at"][best].max()),
        values={"middles": len(middles), "sum_in": sum_in},
        rows=money.rows(events.tolist()),
        others=(money.ref(column["start"][best[0]]), *(money.ref(middle) for middle in middles)),
    )


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
    return legs.filter(pl.col("end") < money.accounts.len()).sort(
        "start", "end", "first_at", "first_event"
    ), cut


def _apart(group: Ints, column: Mapping[str, Ints], window: int, least: int) -> Iterator[Ints]:
    """The widest relays of a pair of far ends, then the widest of those that share no payment with them."""
    while len(np.unique(column["middle"][group])) >= least:
        best = _widest(group, column, window)
        if len(np.unique(column["middle"][best])) < least:
            return
        yield best
        used = [np.isin(column[name][group], column[name][best]) for name in ("first_event", "second_event")]
        group = group[~(used[0] | used[1])]


def _widest(group: Ints, column: Mapping[str, Ints], window: int) -> Ints:
    """The relays inside the window, opened by one first leg, that have most middles; ties: the earliest.

    group: rows of one pair of far ends, by time of the first leg.
    """
    best, most = group[:0], 0
    first_at, second_at, middle = (column[name][group] for name in ("first_at", "second_at", "middle"))
    for since in np.unique(first_at):
        inside = (first_at >= since) & (second_at <= since + window)
        middles = len(np.unique(middle[inside]))
        if middles > most:
            best, most = group[inside], middles
    return best


def _once(column: Mapping[str, Ints], legs: Ints, name: str) -> int:
    """Sum of the payments of the first or second legs, each counted once."""
    _, place = np.unique(column[f"{name}_event"][legs], return_index=True)
    return int(column[f"{name}_fen"][legs][place].sum())
