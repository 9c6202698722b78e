"""Algorithms on the embedded engine: scipy, graspologic-native (seeded Leiden) and networkit."""

from typing import TYPE_CHECKING

import graspologic_native
import numpy as np
import polars as pl
from scipy.sparse import coo_matrix, csr_matrix

from graph.contract import EdgeTable, Floats, Ints, numbered_by_smallest
from graph.engines.embedded.reach import clustering_shares, shortest_distances, spread

if TYPE_CHECKING:
    import networkit

_TOLERANCE = 1e-9
_ROUNDS = 500
# Two iterations reach the modularity of the reference implementation (DESIGN 6).
_LEIDEN_ITERATIONS = 2


class EmbeddedAlgorithms:
    """See `graph.contract.Algorithms`; holds no state."""

    def components(self, edges: EdgeTable) -> Ints:
        """See `Algorithms.components`."""
        from scipy.sparse.csgraph import connected_components  # half of scipy's imports, for this alone

        _, labels = connected_components(_matrix(edges), directed=False)
        return numbered_by_smallest(labels.astype(np.int64))

    def communities(self, edges: EdgeTable, resolution: float = 1.0, seed: int = 0) -> Ints:
        """See `Algorithms.communities`; a node without edges is a community of its own."""
        labels = np.arange(edges.node_count, dtype=np.int64) + edges.node_count
        pairs = simple_pairs(edges)
        if pairs.height:
            half = coo_matrix(
                (pairs["w"].to_numpy(), (pairs["a"].to_numpy(), pairs["b"].to_numpy())),
                shape=(edges.node_count, edges.node_count),
            )
            both = (half + half.T).tocsr()
            _, found = graspologic_native.leiden_csr(
                both.indptr.astype(np.int64),
                both.indices.astype(np.int32),
                both.data.astype(np.float64),
                edges.node_count,
                resolution=resolution,
                iterations=_LEIDEN_ITERATIONS,
                seed=seed,
            )
            linked = np.diff(both.indptr) > 0
            for node, community in found.items():
                if linked[node]:
                    labels[node] = community
        return numbered_by_smallest(labels)

    def ranking(self, edges: EdgeTable, damping: float = 0.85, rounds: int | None = None) -> Floats:
        """See `Algorithms.ranking`; power iteration (Page et al. 1999) until the change is below 1e-9."""
        count = edges.node_count
        if not count:
            return np.zeros(0)
        matrix = _matrix(edges)
        out = np.asarray(matrix.sum(axis=1)).ravel()
        scale = np.divide(1.0, out, out=np.zeros(count), where=out > 0)
        step = (matrix.multiply(scale[:, None])).T.tocsr()
        rank = np.full(count, 1.0 / count)
        for _ in range(_ROUNDS if rounds is None else rounds):
            lost = rank[out == 0].sum()
            after = damping * (step @ rank + lost / count) + (1 - damping) / count
            change = np.abs(after - rank).sum()
            rank = after
            if rounds is None and change < _TOLERANCE:
                break
        return rank

    def brokerage(self, edges: EdgeTable) -> Floats:
        """See `Algorithms.brokerage`; Brandes 2001, exact."""
        import networkit  # a second of imports that most commands never need

        graph = _undirected(edges)
        networkit.setNumberOfThreads(1)  # one thread: sums in one order, the same bits each time
        scores = networkit.centrality.Betweenness(graph, normalized=False).run().scores()
        return np.asarray(scores, dtype=np.float64) / 2.0

    def core(self, edges: EdgeTable) -> Ints:
        """See `Algorithms.core`."""
        import networkit

        graph = _undirected(edges)
        networkit.setNumberOfThreads(1)
        scores = networkit.centrality.CoreDecomposition(graph).run().scores()
        return np.asarray(scores, dtype=np.int64)

    def distances(self, edges: EdgeTable, start: int, weighted: bool = False) -> Floats:
        """See `Algorithms.distances`."""
        return shortest_distances(edges, start, weighted)

    def clustering(self, edges: EdgeTable, directed: bool = False) -> Floats:
        """See `Algorithms.clustering`."""
        return clustering_shares(edges, directed)

    def spread_labels(self, edges: EdgeTable, rounds: int = 10) -> Ints:
        """See `Algorithms.spread_labels`."""
        return spread(edges, rounds)

    def similarity(self, edges: EdgeTable, least: float = 0.1, top: int = 10) -> pl.DataFrame:
        """See `Algorithms.similarity`."""
        matrix = _matrix(edges)
        matrix.data[:] = 1.0
        sizes = np.asarray(matrix.sum(axis=1)).ravel()
        common = (matrix @ matrix.T).tocoo()
        frame = pl.DataFrame(
            {"a": common.row.astype(np.int64), "b": common.col.astype(np.int64), "common": common.data}
        ).filter(pl.col("a") != pl.col("b"))
        union = sizes[frame["a"].to_numpy()] + sizes[frame["b"].to_numpy()] - frame["common"].to_numpy()
        kept = (
            frame.with_columns(pl.Series("similarity", frame["common"].to_numpy() / union))
            .filter(pl.col("similarity") >= least)
            .sort(["a", "similarity", "b"], descending=[False, True, False])
            .group_by("a", maintain_order=True)
            .head(top)
        )
        return (
            kept.select(
                pl.min_horizontal("a", "b").alias("a"), pl.max_horizontal("a", "b").alias("b"), "similarity"
            )
            .unique()
            .sort(["similarity", "a", "b"], descending=[True, False, False])
        )


def simple_pairs(edges: EdgeTable) -> pl.DataFrame:
    """Undirected pairs a < b with summed weight w, sorted; self loops left out."""
    frame = pl.DataFrame({"s": edges.source, "t": edges.target, "w": edges.weight})
    return (
        frame.filter(pl.col("s") != pl.col("t"))
        .select(pl.min_horizontal("s", "t").alias("a"), pl.max_horizontal("s", "t").alias("b"), "w")
        .sort(["a", "b", "w"])
        .group_by(["a", "b"], maintain_order=True)
        .agg(pl.col("w").sum())
    )


def _matrix(edges: EdgeTable) -> csr_matrix:
    shape = (edges.node_count, edges.node_count)
    return coo_matrix((edges.weight.astype(np.float64), (edges.source, edges.target)), shape=shape).tocsr()


def _undirected(edges: EdgeTable) -> "networkit.Graph":
    import networkit

    graph = networkit.Graph(edges.node_count, weighted=False, directed=False)
    pairs = simple_pairs(edges)
    for a, b in zip(pairs["a"].to_list(), pairs["b"].to_list(), strict=True):
        graph.addEdge(a, b)
    return graph
