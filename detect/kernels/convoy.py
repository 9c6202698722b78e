"""Kernel of convoys (S10): how many different cells two phones pass together in one go."""

from typing import Any, NamedTuple

import numpy as np

from graph.compiled import njit
from graph.contract import Ints


class Convoys(NamedTuple):
    """Of each pair: the most different cells of one trip, and on how many days a trip had enough of them."""

    cells: Ints
    days: Ints


def convoys(start: Ints, at: Ints, cell: Ints, day: Ints, gap: int, least: int) -> Convoys:
    """Convoys of pairs of phones; no pairs give no rows.

    Meetings of pair i are start[i]:start[i+1], by time; at, gap: one unit; cell: dense ids; day: rising with
    the time. A trip is the longest run of meetings each at most `gap` after the one before; its day is that
    of its first meeting. least: different cells of a trip from which on its day counts. One pass over the
    meetings, so nothing is ever cut.
    """
    pairs = len(start) - 1
    found = Convoys(np.zeros(pairs, np.int64), np.zeros(pairs, np.int64))
    seen = np.full(int(cell.max(initial=-1)) + 1, -1, np.int64)
    _convoys(start, at, cell, day, gap, least, seen, *found)
    return found


@njit(cache=True, error_model="numpy")
def _convoys(
    start: Any, at: Any, cell: Any, day: Any, gap: int, least: int, seen: Any, cells: Any, days: Any
) -> None:
    for pair in range(len(start) - 1):
        trip, on_trip, began, counted = -1, 0, -1, -1
        for k in range(start[pair], start[pair + 1]):
            if k == start[pair] or at[k] - at[k - 1] > gap:
                trip, on_trip, began = k, 0, day[k]
            if seen[cell[k]] != trip:
                seen[cell[k]] = trip
                on_trip += 1
            cells[pair] = max(cells[pair], on_trip)
            if on_trip >= least and counted != began:
                counted = began
                days[pair] += 1
