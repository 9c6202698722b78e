"""Kernel of busy windows: the span of one thing's time in which most different others met it (S04)."""

from typing import Any

from graph.compiled import njit
from graph.contract import Ints


@njit(cache=True, error_model="numpy")
def widest(start: Ints, at: Ints, item: Ints, window: int, least: int, held: Ints, hits: Ints) -> Any:
    """The closed window of each group with most distinct items, written to `hits` (groups, 4): how many.

    Rows of group g are start[g]:start[g+1], by time; item: dense ids. Columns: group, first row, last row
    (inclusive), distinct items, at least `least`. Ties: the earliest window. held: zeros, one place an item.
    """
    found = 0
    for g in range(len(start) - 1):
        low, items, best = start[g], 0, 0
        for i in range(start[g], start[g + 1]):
            items += held[item[i]] == 0
            held[item[i]] += 1
            while at[i] - at[low] > window:
                held[item[low]] -= 1
                items -= held[item[low]] == 0
                low += 1
            if items >= least and items > best:
                best = items
                hits[found, 0], hits[found, 1], hits[found, 2], hits[found, 3] = g, low, i, items
        for i in range(low, start[g + 1]):
            held[item[i]] = 0
        found += best > 0
    return found
