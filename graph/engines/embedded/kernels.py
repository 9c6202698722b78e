"""Compiled loops of the embedded engine's algorithms, over plain arrays of edges."""

from typing import Any

import numpy as np

from graph.compiled import njit


@njit(cache=True, error_model="numpy")
def joined(count: int, source: Any, target: Any) -> Any:
    """Weakly connected components of nodes 0..count-1, int64 (count,), numbered by their smallest node.

    Union-find with path halving (Tarjan, van Leeuwen 1984); the smaller root stays one, so a root is the
    smallest node of its component and one pass forward numbers all of them.
    """
    parent = np.arange(count).astype(np.int32)
    for i in range(len(source)):
        a, b = source[i], target[i]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        if a < b:
            parent[b] = a
        elif b < a:
            parent[a] = b
    label, found = np.empty(count, np.int64), 0
    for node in range(count):
        if parent[node] == node:
            label[node] = found
            found += 1
        else:
            # A parent is smaller than its child, so its label stands already.
            label[node] = label[parent[node]]
    return label


@njit(cache=True, error_model="numpy")
def _starts(count: int, key: Any) -> Any:
    """Where each key 0..count-1 begins when rows are sorted by it: int64 (count + 1,)."""
    start = np.zeros(count + 1, np.int64)
    for k in key:
        start[k + 1] += 1
    for k in range(count):
        start[k + 1] += start[k]
    return start


@njit(cache=True, error_model="numpy")
def _rows(count: int, source: Any, target: Any) -> Any:
    """Targets by source, in the order of the edges: (start int32 (count + 1,), end int32, near uint32)."""
    # Filled from the back, so that `place` ends where rows begin. Unsigned numbers spare a sign check each.
    place = np.zeros(count + 1, np.int32)
    for node in source:
        place[np.uint32(node)] += 1
    for node in range(1, count + 1):
        place[node] += place[node - 1]
    end = place[:count].copy()
    near = np.empty(len(source), np.uint32)
    for i in range(len(source) - 1, -1, -1):
        node = np.uint32(source[i])
        place[node] -= 1
        near[place[node]] = target[i]
    return place, end, near


@njit(cache=True, error_model="numpy")
def strongly_joined(count: int, source: Any, target: Any) -> Any:
    """Strongly connected components of nodes 0..count-1, int64 (count,), numbered by their smallest node.

    Tarjan 1972 in the form of Pearce 2016 (one index a node), without recursion. A node on the search's path
    or of an open component has an index up to `met`; that of a closed component counts down from count + 1.
    """
    place, end, near = _rows(count, source, target)
    index = np.zeros(count, np.int32)
    # Nodes on the path from the bottom, nodes of open components from the top: together never above count.
    stack = np.empty(count, np.uint32)
    is_root = np.ones(count, np.bool_)
    met, closed = 1, count + 1
    for first in range(count):
        if index[first] > 0:
            continue
        depth, held = 0, count
        stack[0], index[first] = first, met
        met += 1
        while depth >= 0:
            node = stack[depth]
            entered = False
            least = index[node]
            j = place[node]
            while j < end[node]:
                other = near[j]
                if index[other] == 0:
                    entered = True
                    break
                if index[other] < least:
                    least = index[other]
                    is_root[node] = False
                j += 1
            place[node], index[node] = j, least
            if entered:
                depth += 1
                stack[depth], index[other] = other, met
                met += 1
                continue
            depth -= 1
            if is_root[node]:
                met -= 1
                while held < count and least <= index[stack[held]]:
                    index[stack[held]] = closed
                    held += 1
                    met -= 1
                index[node] = closed
                closed -= 1
            else:
                held -= 1
                stack[held] = node
    return _renumbered(index, count + 2)


@njit(cache=True, error_model="numpy")
def _renumbered(label: Any, most: int) -> Any:
    """Labels 0..most-1 numbered again in the order of first appearance."""
    number = np.full(most, -1, np.int64)
    out, found = np.empty(len(label), np.int64), 0
    for i in range(len(label)):
        if number[label[i]] < 0:
            number[label[i]] = found
            found += 1
        out[i] = number[label[i]]
    return out


@njit(cache=True, error_model="numpy")
def _residual(rank: Any, own: Any, start: Any, place: Any, near: Any, share: Any, given: Any) -> Any:
    """By how much the equations of `ranked` are missed in all."""
    rest = 0.0
    for node in range(len(rank)):
        got = 1.0 - rank[node] * (1.0 - own[node])
        for j in range(start[node], place[node]):
            got += share[j] * given[near[j]]
        rest += abs(got)
    return rest


@njit(cache=True, error_model="numpy")
def ranked(
    count: int, source: Any, target: Any, weight: Any, damping: float, tolerance: float, rounds: int
) -> Any:
    """Weighted PageRank, float64 (count,), summing to 1; mass of dangling nodes is spread evenly.

    Gauss-Seidel steps (Arasu et al. 2002) for x = damping P'x + 1, scaled to 1 in the end: mass of dangling
    nodes spread evenly only scales x. They end when a step of power iteration (Page et al. 1999) would change
    the ranking by less than `tolerance` in all, or after `rounds`. Sums run in the order of the edges, so the
    same edges give the same bits.
    """
    out = np.zeros(count)
    for i in range(len(source)):
        out[source[i]] += weight[i]
    start = _starts(count, target)
    place = start[:count].copy()
    near, share = np.empty(len(source), np.int32), np.empty(len(source))
    own = np.zeros(count)
    for i in range(len(source)):
        a, b = source[i], target[i]
        # A loop stands on the left side of its node's equation, not among what others give it.
        if a == b:
            own[a] += weight[i] * damping / out[a]
        else:
            near[place[b]], share[place[b]] = a, weight[i]
            place[b] += 1
    scale, given = np.empty(count), np.empty(count)
    for node in range(count):
        scale[node] = damping / out[node] if out[node] > 0 else 0.0
        given[node] = scale[node]
    rank, before = np.ones(count), np.inf
    for _ in range(rounds):
        # All of x adds up to what it hands on and one a node; scaled to that, only shares are left to settle.
        total, handed = 0.0, 0.0
        for node in range(count):
            total += rank[node]
            handed += rank[node] * scale[node] * out[node]
        fit = count / (total - handed)
        for node in range(count):
            rank[node] *= fit
            given[node] = rank[node] * scale[node]
        total *= fit
        change = 0.0
        for node in range(count):
            got = 1.0
            for j in range(start[node], place[node]):
                got += share[j] * given[near[j]]
            got /= 1.0 - own[node]
            change += abs(got - rank[node])
            rank[node] = got
            given[node] = got * scale[node]
        # The residual costs a round of its own, so it is only asked for when the change says it may do.
        if change < tolerance * total and change < before:
            before = change
            if _residual(rank, own, start, place, near, share, given) < tolerance * total:
                break
    return rank / rank.sum()


@njit(cache=True, error_model="numpy")
def paired(count: int, source: Any, target: Any, weight: Any) -> Any:
    """Undirected pairs a < b, int64, with their summed weight, sorted by a, b; loops left out: (a, b, w).

    Weights of a pair are added up from the smallest, so the order of the edges changes no bit.
    """
    kept = 0
    for i in range(len(source)):
        kept += source[i] != target[i]
    low, high, w = np.empty(kept, np.int64), np.empty(kept, np.int64), np.empty(kept)
    kept = 0
    for i in range(len(source)):
        if source[i] != target[i]:
            low[kept], high[kept] = min(source[i], target[i]), max(source[i], target[i])
            w[kept] = weight[i]
            kept += 1
    # Two counting sorts, the second stable: by b, then by a.
    for turn in range(2):
        key = high if turn == 0 else low
        place = _starts(count, key)
        to_low, to_high, to_w = np.empty(kept, np.int64), np.empty(kept, np.int64), np.empty(kept)
        for i in range(kept):
            j = place[key[i]]
            place[key[i]] = j + 1
            to_low[j], to_high[j], to_w[j] = low[i], high[i], w[i]
        low, high, w = to_low, to_high, to_w
    found, i = 0, 0
    while i < kept:
        j = i + 1
        while j < kept and low[j] == low[i] and high[j] == high[i]:
            j += 1
        if j - i > 2:
            w[i:j].sort()
        total = 0.0
        for k in range(i, j):
            total += w[k]
        low[found], high[found], w[found] = low[i], high[i], total
        found += 1
        i = j
    return low[:found], high[:found], w[:found]


@njit(cache=True, error_model="numpy")
def mirrored(count: int, low: Any, high: Any, weight: Any) -> Any:
    """Sorted pairs as rows of both ends, near nodes ascending: (start int64, near int32, weight float64)."""
    start = _starts(count, low) + _starts(count, high)
    place = start[:count].copy()
    near, w = np.empty(2 * len(low), np.int32), np.empty(2 * len(low))
    # All smaller neighbours of a node come before its larger ones.
    for i in range(len(low)):
        j = place[high[i]]
        near[j], w[j] = low[i], weight[i]
        place[high[i]] = j + 1
    for i in range(len(low)):
        j = place[low[i]]
        near[j], w[j] = high[i], weight[i]
        place[low[i]] = j + 1
    return start, near, w
