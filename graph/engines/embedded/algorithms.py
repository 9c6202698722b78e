"""Algorithms on the embedded engine: compiled loops, graspologic-native (seeded Leiden) and networkit."""

from typing import TYPE_CHECKING

import graspologic_native
import numpy as np
import polars as pl

from graph.contract import EdgeTable, Floats, Ints, numbered_by_smallest
from graph.engines.embedded.reach import (
    clustering_shares,
    ranked_in_steps,
    shortest_distances,
    spread,
    summed_weights,
)

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
        from graph.engines.embedded.kernels import joined  # the compiler's imports, for those who compute

        return np.asarray(joined(edges.node_count, edges.source, edges.target))

    def strong_components(self, edges: EdgeTable) -> Ints:
        """See `Algorithms.strong_components`."""
        from graph.engines.embedded.kernels import strongly_joined

        return np.asarray(strongly_joined(edges.node_count, edges.source, edges.target))

    def communities(self, edges: EdgeTable, resolution: float = 1.0, seed: int = 0) -> Ints:
        """See `Algorithms.communities`; a node without edges is a community of its own."""
        from graph.engines.embedded.kernels import mirrored, paired

        count = edges.node_count
        labels = np.arange(count, dtype=np.int64) + count
        low, high, weight = paired(count, edges.source, edges.target, edges.weight.astype(np.float64))
        if len(low):
            start, near, weight = mirrored(count, low, high, weight)
            _, found = graspologic_native.leiden_csr(
                start, near, weight, count, resolution=resolution, iterations=_LEIDEN_ITERATIONS, seed=seed
            )
            node = np.fromiter(found.keys(), np.int64, len(found))
            community = np.fromiter(found.values(), np.int64, len(found))
            linked = np.diff(start)[node] > 0
            labels[node[linked]] = community[linked]
        return numbered_by_smallest(labels)

    def ranking(self, edges: EdgeTable, damping: float = 0.85, rounds: int | None = None) -> Floats:
        """See `Algorithms.ranking`; a step of power iteration would change it by less than 1e-9 in all."""
        from graph.engines.embedded.kernels import ranked

        if rounds is not None:
            return ranked_in_steps(edges, damping, rounds)
        if not edges.node_count:
            return np.zeros(0)
        weight = edges.weight.astype(np.float64)
        found = ranked(edges.node_count, edges.source, edges.target, weight, damping, _TOLERANCE, _ROUNDS)
        return np.asarray(found)

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
        matrix = summed_weights(edges)
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
    from graph.engines.embedded.kernels import paired

    a, b, w = paired(edges.node_count, edges.source, edges.target, edges.weight.astype(np.float64))
    return pl.DataFrame({"a": a, "b": b, "w": w})


def _undirected(edges: EdgeTable) -> "networkit.Graph":
    import networkit

    graph = networkit.Graph(edges.node_count, weighted=False, directed=False)
    pairs = simple_pairs(edges)
    for a, b in zip(pairs["a"].to_list(), pairs["b"].to_list(), strict=True):
        graph.addEdge(a, b)
    return graph
