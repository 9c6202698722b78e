"""What a gang hangs by: nodes and links that break it, the weakest cut between its halves, its mainstay."""

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from detect.evidence.families import FAMILIES
from detect.gang_graph import GangGraph
from detect.low_points import split_off
from detect.results import Break, Cut, Fragility, Row
from graph.contract import Floats, Ints, Mask

# A break splits off at least so many holders; one who hangs by one link is no broken gang.
LEAST_SPLIT = 2
MOST_BREAKS = 10
# The weakest cut leaves at least this share of the holders on each side, and two.
LEAST_SIDE = 0.25
LEAST_CUT_HOLDERS = 4
# scipy's flows are 32-bit numbers: weights become shares of this.
_FLOW = 1_000_000_000
_ROUNDS = 300


def fragility(graph: GangGraph) -> Fragility:
    """How a gang could fall apart; a gang without ties has no breaks, no cut and no shares.

    The same ties give the same answer. Method: docs/gangs.md, section 7.
    """
    source, row = _mainstay(graph)
    return Fragility(_breaks(graph), weakest_cut(graph), _families(graph), source, row)


def pairs_of(graph: GangGraph) -> tuple[Ints, Ints, Floats]:
    """Each connected pair of nodes once (lower, higher), with the summed weight of its ties; sorted."""
    count = max(len(graph.refs), 1)
    places = np.minimum(graph.a, graph.b) * count + np.maximum(graph.a, graph.b)
    whole, of = np.unique(places, return_inverse=True)
    weight = np.bincount(of, graph.weight, len(whole)).astype(np.float64)
    return whole // count, whole % count, weight


def _breaks(graph: GangGraph) -> tuple[Break, ...]:
    """Nodes and pairs whose removal splits off LEAST_SPLIT holders or more; most split off first."""
    a, b, _ = pairs_of(graph)
    already = _apart(graph, a, b)
    found: list[tuple[int, tuple[int, int], tuple[int, ...]]] = []
    for node, other, parts in split_off(a, b, graph.head):
        held = tuple(sorted((part for part in parts if part), reverse=True))
        lost = sum(held[1:]) - already
        if lost >= LEAST_SPLIT:
            found.append((lost, (node, other), held))
    # Of equal breaks a single node says more than a pair, whose ends it then mostly is.
    found.sort(key=lambda item: (-item[0], item[1][1] >= 0, item[1]))
    return tuple(_break(graph, *ends, parts) for _, ends, parts in found[:MOST_BREAKS])


def _apart(graph: GangGraph, a: Ints, b: Ints) -> int:
    """Holders outside the largest part of the gang as it is: they joined through things outside."""
    if not graph.head.any():
        return 0
    count = len(graph.refs)
    _, label = connected_components(
        coo_matrix((np.ones(len(a)), (a, b)), shape=(count, count)), directed=False
    )
    held = np.bincount(label[graph.head])
    return int(held.sum() - held.max())


def _break(graph: GangGraph, node: int, other: int, parts: tuple[int, ...]) -> Break:
    one = (graph.a == node) | (graph.b == node)
    ties = one if other < 0 else one & ((graph.a == other) | (graph.b == other))
    return Break(
        graph.refs[node],
        graph.parts[node],
        graph.refs[other] if other >= 0 else None,
        graph.parts[other] if other >= 0 else "",
        graph.share(ties),
        parts,
        graph.rows_of(np.where(ties, graph.weight, 0.0)),
    )


def weakest_cut(graph: GangGraph) -> Cut | None:
    """The lightest set of ties between the two halves; None for a gang of fewer than four holders.

    Halves: the first and the last quarter of the holders along the Fiedler vector (Fiedler 1973) of the ties
    between holders and things; the cut is the minimum one between them (max-flow min-cut), so that
    each side keeps at least a quarter. Parts of such a size that no tie joins are a cut of weight 0.
    """
    side = halves(graph)
    if side is None:
        return None
    a, b, _ = pairs_of(graph)
    here = int((graph.head & side).sum())
    sizes = sorted((here, int(graph.head.sum()) - here), reverse=True)
    crossing = side[graph.a] != side[graph.b]
    return Cut((sizes[0], sizes[1]), graph.share(crossing), int((side[a] != side[b]).sum()))


def halves(graph: GangGraph) -> Mask | None:
    """Which nodes stand on one side of the weakest cut; None for fewer than four holders."""
    if int(graph.head.sum()) < LEAST_CUT_HOLDERS:
        return None
    count = len(graph.refs)
    a, b = graph.unit[graph.a], graph.unit[graph.b]
    apart = a != b
    half = coo_matrix((graph.weight[apart], (a[apart], b[apart])), shape=(count, count))
    ties = csr_matrix(half + half.T)
    used = np.unique(graph.unit)
    ties = ties[used][:, used]
    heads = np.flatnonzero(graph.head[used])
    parts, label = connected_components(ties, directed=False)
    held = np.bincount(label[heads], minlength=parts)
    largest = label == held.argmax()
    if len(heads) - held.max() >= max(2, len(heads) * LEAST_SIDE):
        side = ~largest
    else:
        # Few holders that no tie inside joins (they joined through a thing outside) are no half.
        ties, inside = ties[largest][:, largest], np.flatnonzero(graph.head[used][largest])
        side = np.zeros(len(used), dtype=np.bool_)
        side[largest] = _flow_side(ties, inside[np.argsort(_fiedler(ties)[inside], kind="stable")])
    whole = np.zeros(count, dtype=np.bool_)
    whole[used] = side
    return whole[graph.unit]


def _fiedler(ties: csr_matrix) -> Floats:
    """Near the eigenvector of the second smallest eigenvalue of the normalised Laplacian, rounded.

    By power iteration with the first eigenvector taken out: a dense solver answers in other digits with other
    threads, and takes twenty times as long. The halves need no more than the order.
    """
    root = np.sqrt(np.maximum(np.asarray(ties.sum(axis=1)).ravel(), 1e-12))
    scaled = ties.multiply(1.0 / root[:, None]).multiply(1.0 / root[None, :]).tocsr()
    first = root / np.linalg.norm(root)
    vector = np.arange(len(root), dtype=np.float64)
    for _ in range(_ROUNDS):
        vector = vector - first * float(first @ vector)
        vector = (vector + scaled @ vector) / 2.0
        vector /= max(float(np.abs(vector).max()), 1e-300)
    place: Floats = np.round(vector / root, 6)
    return place


def _flow_side(ties: csr_matrix, ordered: Ints) -> Mask:
    """Nodes on the near side of the minimum cut between the first and the last quarter of `ordered`."""
    count = ties.shape[0]
    quarter = min(max(2, int(np.ceil(len(ordered) * LEAST_SIDE))), len(ordered) // 2)
    pairs = ties.tocoo()
    capacity = np.maximum(1, np.round(pairs.data / ties.data.sum() * _FLOW)).astype(np.int64)
    near, far = ordered[:quarter], ordered[-quarter:]
    start = np.concatenate([pairs.row, np.full(quarter, count), far])
    end = np.concatenate([pairs.col, near, np.full(quarter, count + 1)])
    room = np.concatenate([capacity, np.full(2 * quarter, _FLOW, dtype=np.int64)]).astype(np.int32)
    network = csr_matrix((room, (start, end)), shape=(count + 2, count + 2))
    left = network - maximum_flow(network, count, count + 1).flow
    left.data = np.maximum(left.data, 0)
    left.eliminate_zeros()
    reached = breadth_first_order(left, count, return_predecessors=False)
    side = np.zeros(count + 2, dtype=np.bool_)
    side[reached] = True
    return side[:count]


def _families(graph: GangGraph) -> tuple[tuple[str, float], ...]:
    """Each family of evidence with its share, most first, equal ones by name."""
    of_tie = np.array([FAMILIES.get(kind, "") for kind in graph.kind])
    names = sorted(set(of_tie.tolist()) - {""})
    return tuple(sorted(((n, graph.share(of_tie == n)) for n in names), key=lambda item: (-item[1], item[0])))


def _mainstay(graph: GangGraph) -> tuple[tuple[str, float] | None, tuple[Row, float] | None]:
    """The source file and row that most evidence weight rests on; a tie's rows share its weight."""
    total = graph.total
    worth = pl.Series("worth", np.where(graph.counted, graph.weight, 0.0))
    each = (
        graph.rows.with_columns(worth=worth.gather(graph.rows["tie"]))
        .with_columns(pl.col("worth") / pl.len().over("tie"))
        .sort("tie", "source", "row")
    )
    if not total or not each.height:
        return None, None
    files = each.group_by("source", maintain_order=True).agg(pl.col("worth").sum().round(9))
    source, held = files.sort(["worth", "source"], descending=[True, False]).row(0)
    rows = each.group_by("source", "row", maintain_order=True).agg(pl.col("worth").sum().round(9))
    of, row, most = rows.sort(["worth", "source", "row"], descending=[True, False, False]).row(0)
    return (source, round(held / total, 6)), ((of, row), round(most / total, 6))
