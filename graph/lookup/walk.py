"""Shortest ways over all links, compiled: from both ends in turn, a hub is met and only opened at need."""

from typing import Any

import numpy as np

from graph.compiled import njit
from graph.lookup.links import Links

MOST_OPENED = 20_000_000
"""Links that one search may look at before it gives up."""
_FAR = 127


def shortest_walk(links: Links, start: int, end: int, longest: int) -> tuple[list[int], bool]:
    """The nodes of a shortest way of at most `longest` links, direction ignored; ([], cut) for none.

    Of all shortest ways the one whose nodes come first in order, compared from the start. cut: the search
    became too wide, so there may be a way.
    """
    if start == end:
        return [start], False
    way = np.full(longest + 1, -1, np.int64)
    steps, cut = _walk(links.starts, links.other, start, end, longest, MOST_OPENED, way)
    return [int(node) for node in way[: steps + 1]] if steps > 0 else [], bool(cut)


@njit(cache=True)
def _walk(begin: Any, other: Any, start: int, end: int, longest: int, most: int, way: Any) -> Any:
    count = len(begin) - 1
    ahead, back = np.full(count, _FAR, np.int8), np.full(count, _FAR, np.int8)
    ahead[start], back[end] = 0, 0
    front, rear = np.empty(count, np.int64), np.empty(count, np.int64)
    front[0], rear[0] = start, end
    # The last level of each side lies in [low, high) of its queue.
    f_low, f_high, r_low, r_high = 0, 1, 0, 1
    depth, height, opened = 0, 0, 0
    while depth + height < longest:
        f_cost = _cost(begin, front, f_low, f_high)
        r_cost = _cost(begin, rear, r_low, r_high)
        if f_cost == 0 or r_cost == 0:
            return 0, False
        opened += min(f_cost, r_cost)
        if opened > most:
            return 0, True
        if f_cost <= r_cost:
            depth += 1
            f_low, f_high, met = _open(begin, other, front, f_low, f_high, ahead, back, depth)
        else:
            height += 1
            r_low, r_high, met = _open(begin, other, rear, r_low, r_high, back, ahead, height)
        if met:
            _first_in_order(begin, other, front, f_high, ahead, back, depth, height, way)
            return depth + height, False
    return 0, False


@njit(cache=True)
def _cost(begin: Any, queue: Any, low: int, high: int) -> Any:
    total = 0
    for place in range(low, high):
        total += begin[queue[place] + 1] - begin[queue[place]]
    return total


@njit(cache=True)
def _open(
    begin: Any, other: Any, queue: Any, low: int, high: int, own: Any, opposite: Any, level: int
) -> Any:
    """Open one level of a side; where the next one lies in its queue, and whether the sides met."""
    tail = high
    met = False
    for place in range(low, high):
        node = queue[place]
        for link in range(begin[node], begin[node + 1]):
            far = other[link]
            if own[far] == _FAR:
                own[far] = level
                queue[tail] = far
                tail += 1
                if opposite[far] != _FAR:
                    met = True
    return high, tail, met


@njit(cache=True)
def _first_in_order(
    begin: Any, other: Any, front: Any, seen: int, ahead: Any, back: Any, depth: int, height: int, way: Any
) -> None:
    """Write the first of the shortest ways; `back` is completed for nodes of the front that lie on one."""
    # The queue goes by levels: from the last to the first each node learns its distance to the end.
    for place in range(seen - 1, -1, -1):
        node = front[place]
        left = depth + height - ahead[node]
        if back[node] == _FAR:
            for link in range(begin[node], begin[node + 1]):
                far = other[link]
                if back[far] == left - 1:
                    back[node] = left
                    break
    way[0] = front[0]
    for step in range(1, depth + height + 1):
        best = -1
        node = way[step - 1]
        for link in range(begin[node], begin[node + 1]):
            far = other[link]
            if back[far] == depth + height - step and (best < 0 or far < best):
                best = far
        way[step] = best
