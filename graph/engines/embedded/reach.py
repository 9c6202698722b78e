"""Distances, clustering and label spreading over sparse matrices, as LDBC Graphalytics defines them."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix, csr_matrix

from graph.contract import EdgeTable, Floats, Ints

_ENTRIES = 4_000_000


def shortest_distances(edges: EdgeTable, start: int, weighted: bool) -> Floats:
    """See `Algorithms.distances`; Dijkstra 1959, exact."""
    from scipy.sparse.csgraph import dijkstra

    if not 0 <= start < edges.node_count:
        raise ValueError(f"node {start} is outside 0..{edges.node_count - 1}")
    lengths = edges.weight.astype(np.float64) if weighted else np.ones(len(edges.source))
    # Of parallel edges only the shortest can lie on a shortest path; a sparse matrix would add them up.
    shortest = (
        pl.DataFrame({"s": edges.source, "t": edges.target, "w": lengths})
        .group_by("s", "t")
        .agg(pl.col("w").min())
        .sort("s", "t")
    )
    matrix = coo_matrix(
        (shortest["w"].to_numpy(), (shortest["s"].to_numpy(), shortest["t"].to_numpy())),
        shape=(edges.node_count, edges.node_count),
    ).tocsr()
    found: Floats = np.asarray(dijkstra(matrix, directed=True, indices=start), dtype=np.float64)
    return found


def clustering_shares(edges: EdgeTable, directed: bool) -> Floats:
    """See `Algorithms.clustering`; Graphalytics specification 1.0, LCC (Watts and Strogatz 1998)."""
    out = _simple(edges)
    around = ((out + out.T) > 0).astype(np.float64).tocsr()
    between = out if directed else around
    size = np.asarray(around.sum(axis=1)).ravel()
    linked = np.zeros(edges.node_count)
    for first, last in _blocks(around, between):
        rows = around[first:last]
        # Row v of the product counts, for each neighbour u of v, the edges that reach u from neighbours of v.
        linked[first:last] = np.asarray((rows @ between).multiply(rows).sum(axis=1)).ravel()
    pairs = size * (size - 1.0)
    return np.divide(linked, pairs, out=np.zeros(edges.node_count), where=pairs > 0)


def spread(edges: EdgeTable, rounds: int) -> Ints:
    """See `Algorithms.spread_labels`; Graphalytics specification 1.0, CDLP (Raghavan et al. 2007)."""
    pairs = pl.DataFrame({"s": edges.source, "t": edges.target}).filter(pl.col("s") != pl.col("t")).unique()
    heard = pl.concat([pairs.select(node="s", other="t"), pairs.select(node="t", other="s")])
    node, other = heard["node"].to_numpy(), heard["other"].to_numpy()
    labels = np.arange(edges.node_count, dtype=np.int64)
    for _ in range(rounds):
        commonest = (
            pl.DataFrame({"node": node, "label": labels[other]})
            .group_by("node", "label")
            .len()
            .sort(["node", "len", "label"], descending=[False, True, False])
            .unique("node", keep="first", maintain_order=True)
        )
        after = labels.copy()
        after[commonest["node"].to_numpy()] = commonest["label"].to_numpy()
        if np.array_equal(after, labels):
            break
        labels = after
    return labels


def _blocks(left: csr_matrix, right: csr_matrix) -> Iterator[tuple[int, int]]:
    """Row ranges of a product whose rows together hold a bounded number of entries, one row at least.

    The product of a hub with its leaves has the square of the hub's degree entries.
    """
    entries = np.cumsum(left @ np.diff(right.indptr))
    first = 0
    while first < len(entries):
        done = entries[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(entries, done + _ENTRIES, side="right")))
        yield first, last
        first = last


def _simple(edges: EdgeTable) -> csr_matrix:
    """The directed simple graph as ones; self loops left out."""
    apart = edges.source != edges.target
    ends = edges.source[apart], edges.target[apart]
    shape = (edges.node_count, edges.node_count)
    matrix = coo_matrix((np.ones(int(apart.sum())), ends), shape=shape).tocsr()
    matrix.data[:] = 1.0
    return matrix


def summed_weights(edges: EdgeTable) -> csr_matrix:
    """Weights as float64 by source and target, those of parallel edges added up."""
    shape = (edges.node_count, edges.node_count)
    return coo_matrix((edges.weight.astype(np.float64), (edges.source, edges.target)), shape=shape).tocsr()


def ranked_in_steps(edges: EdgeTable, damping: float, rounds: int) -> Floats:
    """Weighted PageRank after exactly so many steps of power iteration (Page et al. 1999); sums to 1.

    Starts from equal shares; what nodes without outgoing edges hold is spread evenly.
    """
    count = edges.node_count
    if not count:
        return np.zeros(0)
    matrix = summed_weights(edges)
    out = np.asarray(matrix.sum(axis=1)).ravel()
    scale = np.divide(1.0, out, out=np.zeros(count), where=out > 0)
    step = (matrix.multiply(scale[:, None])).T.tocsr()
    rank = np.full(count, 1.0 / count)
    for _ in range(rounds):
        rank = damping * (step @ rank + rank[out == 0].sum() / count) + (1 - damping) / count
    return rank
