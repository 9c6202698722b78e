"""Kernel of swapped cards: the span of time in which SIMs and devices hang together in a circle (S11)."""

from typing import Any

from graph.compiled import njit
from graph.contract import Ints


@njit(cache=True, error_model="numpy")
def knots(
    start: Ints,
    at: Ints,
    device: Ints,
    sim: Ints,
    pair: Ints,
    window: int,
    least: int,
    room: Ints,
    hits: Ints,
) -> Any:
    """The closed window of each group with the largest knot, written to `hits` (groups, 4): how many.

    Rows of group g are start[g]:start[g+1], by time; device and sim: ids of nodes, no id in both; pair: id of
    (device, sim). A knot is a component of the window's pairs with `least` devices and SIMs and a circle.
    room: zeros (5, max(nodes, pairs)). Columns: group, first row, last row (inclusive), a row of the knot.
    Ties: the earliest window. Source: union-find; a new pair whose ends are joined already closes a circle.
    """
    found, window_no = 0, 0
    parent, devices, sims, circle, seen = room[0], room[1], room[2], room[3], room[4]
    for g in range(len(start) - 1):
        last, best, ended = start[g], 0, -1
        for first in range(start[g], start[g + 1]):
            while last < start[g + 1] and at[last] - at[first] <= window:
                last += 1
            if last == ended:
                continue  # all rows of this window were in the one before
            ended = last
            window_no += 1
            for i in range(first, last):
                a, b = device[i], sim[i]
                parent[a], devices[a], sims[a], circle[a] = a, 1, 0, 0
                parent[b], devices[b], sims[b], circle[b] = b, 0, 1, 0
            for i in range(first, last):
                if seen[pair[i]] == window_no:
                    continue
                seen[pair[i]] = window_no
                a, b = device[i], sim[i]
                while parent[a] != a:
                    parent[a] = parent[parent[a]]
                    a = parent[a]
                while parent[b] != b:
                    parent[b] = parent[parent[b]]
                    b = parent[b]
                if a == b:
                    circle[a] = 1
                    continue
                parent[b] = a
                devices[a] += devices[b]
                sims[a] += sims[b]
                circle[a] = max(circle[a], circle[b])
            for i in range(first, last):
                a = device[i]
                large = parent[a] == a and circle[a] == 1 and min(devices[a], sims[a]) >= least
                if large and devices[a] + sims[a] > best:
                    best = devices[a] + sims[a]
                    hits[found, 0], hits[found, 1], hits[found, 2], hits[found, 3] = g, first, last - 1, i
        found += best > 0
    return found
