"""Compiled loops of the layout; every one is sequential, so a result depends on its input alone."""

import math

import numpy as np

from graph.compiled import njit
from graph.contract import Floats, Ints


@njit(cache=True)
def relax_stress(
    place: Floats, source: Ints, target: Ints, length: Floats, pivots: Ints, reach: Floats, rounds: int
) -> None:
    """Move `place` (n, 2) so that distances on the plane come near to distances in the graph.

    source, target, length: the edges. reach: (pivots, n) distances from each pivot, infinity left out.
    Source: Zheng, Pawar, Goodman, Graph Drawing by Stochastic Gradient Descent (2018), with the sparse terms
    of Ortmann, Klimenta, Brandes (2016): edges and pivots only.
    """
    shortest, longest = 1e9, 0.0
    for e in range(len(length)):
        shortest = min(shortest, length[e])
        longest = max(longest, length[e])
    for p in range(len(pivots)):
        for i in range(len(place)):
            if math.isfinite(reach[p, i]):
                longest = max(longest, reach[p, i])
    first, last = longest * longest, 0.1 * shortest * shortest
    state: np.uint64 = np.uint64(20240301)
    for turn in range(rounds):
        step = first * math.exp(math.log(last / first) * turn / max(1, rounds - 1))
        # A start that differs by turn, and a stride: all terms once, no fixed order.
        state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        begin = int((state >> np.uint64(33)) % np.uint64(max(1, len(length))))
        for k in range(len(length)):
            e = (begin + k * 7919) % len(length) if len(length) % 7919 else (begin + k) % len(length)
            _pull(place, source[e], target[e], length[e], step)
        for k in range(len(pivots)):
            p = (turn + k) % len(pivots)
            for i in range(len(place)):
                if i != pivots[p] and math.isfinite(reach[p, i]):
                    _pull(place, pivots[p], i, reach[p, i], step / len(pivots))


@njit(cache=True)
def _pull(place: Floats, i: int, j: int, wanted: float, step: float) -> None:
    across, down = place[i, 0] - place[j, 0], place[i, 1] - place[j, 1]
    apart = math.sqrt(across * across + down * down) + 1e-9
    share = min(1.0, step / (wanted * wanted)) * (apart - wanted) / (2.0 * apart)
    place[i, 0] -= share * across
    place[i, 1] -= share * down
    place[j, 0] += share * across
    place[j, 1] += share * down


@njit(cache=True)
def spread(place: Floats, source: Ints, target: Ints, length: Floats, room: float, rounds: int) -> None:
    """Push apart what is nearer than `room` and draw together the ends of too long edges, ever less.

    Nearness is looked up in cells of a grid with the side `room`: time grows with the nodes, not their pairs.
    """
    count = len(place)
    force = np.zeros_like(place)
    for turn in range(rounds):
        force[:] = 0.0
        _push(place, force, room)
        # The last rounds only part: what hangs together tightly would stay on one heap.
        for e in range(len(length) if turn < 0.7 * rounds else 0):
            i, j = source[e], target[e]
            across, down = place[j, 0] - place[i, 0], place[j, 1] - place[i, 1]
            apart = math.sqrt(across * across + down * down) + 1e-9
            share = 0.12 * (apart - length[e]) / apart
            if apart > length[e]:
                force[i, 0] += share * across
                force[i, 1] += share * down
                force[j, 0] -= share * across
                force[j, 1] -= share * down
        most = room * 0.5 * (1.0 - 0.9 * turn / rounds)
        for i in range(count):
            size = math.sqrt(force[i, 0] ** 2 + force[i, 1] ** 2)
            share = most / size if size > most else 1.0
            place[i, 0] += share * force[i, 0]
            place[i, 1] += share * force[i, 1]


@njit(cache=True)
def _push(place: Floats, force: Floats, room: float) -> None:
    count = len(place)
    left, top = place[:, 0].min(), place[:, 1].min()
    columns = int((place[:, 0].max() - left) / room) + 1
    column, row = np.empty(count, np.int64), np.empty(count, np.int64)
    for i in range(count):
        column[i] = int((place[i, 0] - left) / room)
        row[i] = int((place[i, 1] - top) / room)
    cell = row * columns + column
    order = np.argsort(cell, kind="mergesort")
    ordered = cell[order]
    for i in range(count):
        for below in range(-1, 2):
            for beside in range(-1, 2):
                if not 0 <= column[i] + beside < columns:
                    continue
                wanted = (row[i] + below) * columns + column[i] + beside
                at = np.searchsorted(ordered, wanted)
                while at < count and ordered[at] == wanted:
                    j = order[at]
                    at += 1
                    if j == i:
                        continue
                    across, down = place[i, 0] - place[j, 0], place[i, 1] - place[j, 1]
                    apart = math.sqrt(across * across + down * down)
                    if apart >= room:
                        continue
                    if apart < 1e-6:
                        # Two on one spot part in directions of their own.
                        across, down = math.cos(i * 2.4), math.sin(i * 2.4)
                        apart = 1.0
                    share = 0.5 * (room - min(apart, room)) / apart
                    force[i, 0] += share * across
                    force[i, 1] += share * down
