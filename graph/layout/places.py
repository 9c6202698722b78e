"""Where the nodes of a chart stand: stress within each part, leaves round their node, parts packed."""

import math

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from graph.contract import EdgeTable, Floats, Ints, numbered_by_smallest
from graph.layout.loops import relax_stress, spread

EDGE_LENGTH = 92.0
_ROOM = 58.0
_PIVOTS = 40
_ROUNDS, _SPREAD_ROUNDS = 24, 70
_LARGE, _LARGE_SPREAD_ROUNDS = 5000, 40
_GOLDEN = math.pi * (3 - math.sqrt(5))
_WIDE = 1.6
_STRETCH = 1.7


def places(edges: EdgeTable) -> Floats:
    """A place for every node: (node_count, 2), x to the right, y down, neighbours about EDGE_LENGTH apart.

    Direction, weight, self loops and parallel edges do not matter. The same edges give the same places; so do
    they in any order. No node gives an empty array.
    """
    source, target = _simple(edges)
    whole = np.zeros((edges.node_count, 2))
    if edges.node_count == 0:
        return whole
    parts = _parts(edges.node_count, source, target)
    part_of_edge = parts[source]
    members = np.argsort(parts, kind="stable")
    member_cuts = np.searchsorted(parts[members], np.arange(parts.max() + 2))
    edge_order = np.argsort(part_of_edge, kind="stable")
    edge_cuts = np.searchsorted(part_of_edge[edge_order], np.arange(parts.max() + 2))
    number = np.empty(edges.node_count, dtype=np.int64)
    blocks: list[tuple[Ints, Floats]] = []
    for part in range(int(parts.max()) + 1):
        nodes = members[member_cuts[part] : member_cuts[part + 1]]
        number[nodes] = np.arange(len(nodes))
        mine = edge_order[edge_cuts[part] : edge_cuts[part + 1]]
        blocks.append((nodes, _part_places(len(nodes), number[source[mine]], number[target[mine]])))
    _pack(whole, blocks)
    return whole


def _simple(edges: EdgeTable) -> tuple[Ints, Ints]:
    """Each pair of linked nodes once, smaller first, in order."""
    low, high = np.minimum(edges.source, edges.target), np.maximum(edges.source, edges.target)
    pairs = np.unique(np.stack([low, high], axis=1)[low != high], axis=0)
    return np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])


def _parts(count: int, source: Ints, target: Ints) -> Ints:
    ones = np.ones(len(source), dtype=np.int8)
    _, labels = connected_components(
        csr_matrix((ones, (source, target)), shape=(count, count)), directed=False
    )
    return numbered_by_smallest(labels)


def _part_places(count: int, source: Ints, target: Ints) -> Floats:
    """Places of one part that hangs together, about its own middle."""
    if count == 1:
        return np.zeros((1, 2))
    if count == 2:
        return np.array([[-EDGE_LENGTH / 2, 0.0], [EDGE_LENGTH / 2, 0.0]])
    degree = np.bincount(source, minlength=count) + np.bincount(target, minlength=count)
    leaf = degree == 1
    hub_of = np.full(count, -1, dtype=np.int64)
    for near, far in ((source, target), (target, source)):
        hub_of[near[leaf[near]]] = far[leaf[near]]
    leaves = np.bincount(hub_of[leaf], minlength=count)
    # A node with leaves needs the room of the disc they fill.
    radius = np.where(leaves > 0, 0.62 * _ROOM * np.sqrt(leaves), 0.0)
    place = np.zeros((count, 2))
    inner = np.flatnonzero(~leaf)
    number = np.full(count, -1, dtype=np.int64)
    number[inner] = np.arange(len(inner))
    kept = ~leaf[source] & ~leaf[target]
    near, far = number[source[kept]], number[target[kept]]
    lengths = EDGE_LENGTH + radius[inner][near] + radius[inner][far]
    place[inner], wider = _stressed(len(inner), near, far, lengths, _ROOM * math.sqrt(count))
    _place_leaves(place, leaf, hub_of)
    outer = leaf[source] | leaf[target]
    wanted = np.where(outer, 1.0, wider) * (EDGE_LENGTH + radius[source] + radius[target])
    rounds = _SPREAD_ROUNDS if count < _LARGE else _LARGE_SPREAD_ROUNDS
    spread(place, source, target, wanted, _ROOM, rounds)
    centred: Floats = place - place.mean(axis=0)
    return centred


def _stressed(count: int, source: Ints, target: Ints, lengths: Floats, across: float) -> tuple[Floats, float]:
    """Places by distances in the graph, and by how much these were stretched to be `across` wide."""
    if count == 1:
        return np.zeros((1, 2)), 1.0
    both = (
        np.concatenate([lengths, lengths]),
        (np.concatenate([source, target]), np.concatenate([target, source])),
    )
    matrix = csr_matrix(both, shape=(count, count))
    pivots, reach = _pivots(matrix, count)
    # In a small world all are near to all: at true lengths they would lie on each other.
    wider = max(1.0, _STRETCH * across / float(reach.max()))
    place = _first_places(reach * wider)
    relax_stress(place, source, target, lengths * wider, pivots, reach * wider, _ROUNDS)
    return place, wider


def _pivots(matrix: csr_matrix, count: int) -> tuple[Ints, Floats]:
    """Nodes far from each other (each the farthest from those before) and the distances from each to all."""
    chosen: list[int] = [0]
    rows: list[Floats] = []
    nearest = np.full(count, np.inf)
    while True:
        rows.append(dijkstra(matrix, directed=False, indices=chosen[-1]))
        nearest = np.minimum(nearest, rows[-1])
        if len(chosen) == min(_PIVOTS, count) or nearest.max() == 0:
            return np.array(chosen, dtype=np.int64), np.ascontiguousarray(np.stack(rows))
        chosen.append(int(nearest.argmax()))


def _first_places(reach: Floats) -> Floats:
    """The plane in which the distances from the pivots vary most (Brandes and Pich, Pivot MDS, 2006)."""
    squared = reach.T**2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1, keepdims=True) + squared.mean()
    values, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, np.argsort(values)[::-1][:2]]
    if axes.shape[1] < 2:
        axes = np.hstack([axes, np.zeros_like(axes)])
    # An axis may come out with either sign: the largest part decides.
    axes = axes * np.where(axes[np.abs(axes).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)
    flat = -0.5 * centred @ axes
    widest = np.abs(flat).max() or 1.0
    golden = np.arange(len(flat)) * _GOLDEN
    # Nodes alike to all pivots would lie on one spot, from which no force parts them.
    apart: Floats = np.stack([np.cos(golden), np.sin(golden)], axis=1) * 3.0
    first: Floats = flat / widest * reach.max() / 2 + apart
    return first


def _place_leaves(place: Floats, leaf: npt.NDArray[np.bool_], hub_of: Ints) -> None:
    ordered = np.flatnonzero(leaf)
    ordered = ordered[np.argsort(hub_of[ordered], kind="stable")]
    hubs = hub_of[ordered]
    turn = np.arange(len(ordered)) - np.searchsorted(hubs, hubs)
    away = EDGE_LENGTH * 0.45 + 0.62 * _ROOM * np.sqrt(turn + 0.5)
    place[ordered, 0] = place[hubs, 0] + away * np.cos(turn * _GOLDEN)
    place[ordered, 1] = place[hubs, 1] + away * np.sin(turn * _GOLDEN)


def _pack(whole: Floats, blocks: list[tuple[Ints, Floats]]) -> None:
    """Put the parts side by side in rows, the largest first, in a picture that is wider than high."""
    ordered = sorted(range(len(blocks)), key=lambda k: (-len(blocks[k][0]), k))
    sides = {k: np.ptp(blocks[k][1], axis=0) + EDGE_LENGTH for k in ordered}
    area = sum(float(width * height) for width, height in sides.values())
    row_width = max(math.sqrt(area * _WIDE) * 1.08, *(float(side[0]) for side in sides.values()))
    x = y = row_height = 0.0
    for k in ordered:
        width, height = map(float, sides[k])
        if x > 0 and x + width > row_width:
            x, y, row_height = 0.0, y + row_height, 0.0
        nodes, place = blocks[k]
        whole[nodes] = place - place.min(axis=0) + (x, y)
        x, row_height = x + width, max(row_height, height)
    whole -= (whole.min(axis=0) + whole.max(axis=0)) / 2
