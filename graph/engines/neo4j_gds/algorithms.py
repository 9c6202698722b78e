"""Algorithms in Graph Data Science: an edge table is projected from parameters, used and always dropped."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from graph.contract import EdgeTable, Floats, Ints, numbered_by_smallest
from graph.engines.neo4j_gds.session import translated
from graph.errors import NotSupportedByEngine

if TYPE_CHECKING:
    from graphdatascience import GraphDataScience
    from neo4j import Driver

# One thread: sums in one order and seeded choices, so that two runs give the same answer.
_ONE = 1
_TOLERANCE = 1e-12
_ROUNDS = 500
_LEVELS = 30
_PROJECT = """
UNWIND range(0, size($source) + $count - 1) AS i
WITH CASE WHEN i < $count THEN i ELSE $source[i - $count] END AS source,
     CASE WHEN i < $count THEN null ELSE $target[i - $count] END AS target,
     CASE WHEN i < $count THEN null ELSE $weight[i - $count] END AS weight
RETURN gds.graph.project($name, source, target,
  CASE WHEN target IS NULL THEN null ELSE {relationshipProperties: {weight: weight}} END, $config)
"""
_DISTANCES = """
CALL gds.allShortestPaths.dijkstra.stream($name, $settings) YIELD targetNode, totalCost
RETURN targetNode AS target, totalCost AS length
"""


class Neo4jAlgorithms:
    """See `graph.contract.Algorithms`; needs a driver and keeps nothing on the server."""

    driver: "Driver"

    def components(self, edges: EdgeTable) -> Ints:
        """See `Algorithms.components`; GDS `wcc`."""
        if not edges.node_count:
            return np.zeros(0, dtype=np.int64)
        with self._projected(edges) as (gds, graph):
            found = gds.wcc.stream(graph, concurrency=_ONE, log_progress=False)
        return numbered_by_smallest(_by_node(found, "componentId", edges.node_count).astype(np.int64))

    def strong_components(self, edges: EdgeTable) -> Ints:
        """See `Algorithms.strong_components`; GDS `scc`."""
        if not edges.node_count:
            return np.zeros(0, dtype=np.int64)
        with self._projected(edges) as (gds, graph):
            found = gds.scc.stream(graph, concurrency=_ONE, log_progress=False)
        return numbered_by_smallest(_by_node(found, "componentId", edges.node_count).astype(np.int64))

    def communities(self, edges: EdgeTable, resolution: float = 1.0, seed: int = 0) -> Ints:
        """See `Algorithms.communities`; GDS `leiden`. A node without edges is a community of its own."""
        simple = simple_edges(edges)
        labels = np.arange(edges.node_count, dtype=np.int64) + edges.node_count
        if len(simple.source):
            with self._projected(simple, undirected=True) as (gds, graph):
                found = gds.leiden.stream(
                    graph,
                    relationship_weight_property="weight",
                    gamma=resolution,
                    random_seed=seed,
                    max_levels=_LEVELS,
                    concurrency=_ONE,
                    log_progress=False,
                )
            linked = np.unique(np.concatenate([simple.source, simple.target]))
            labels[linked] = _by_node(found, "communityId", edges.node_count).astype(np.int64)[linked]
        return numbered_by_smallest(labels)

    def ranking(self, edges: EdgeTable, damping: float = 0.85, rounds: int | None = None) -> Floats:
        """See `Algorithms.ranking`; GDS `pageRank`.

        GDS lets the mass of dangling nodes go. Spread evenly it only scales the whole vector (the start
        vector is even too), so dividing by the sum gives the promised ranking. That holds for the limit
        only: GDS starts from 1 - damping a node, so its vector after a few steps is another one.
        """
        if rounds is not None:
            raise NotSupportedByEngine(
                "neo4j", "a ranking cut after some rounds", "leave `rounds` out or use the embedded engine"
            )
        if not edges.node_count:
            return np.zeros(0)
        with self._projected(edges) as (gds, graph):
            found = gds.page_rank.stream(
                graph,
                damping_factor=damping,
                tolerance=_TOLERANCE,
                max_iterations=_ROUNDS,
                relationship_weight_property="weight",
                concurrency=_ONE,
                log_progress=False,
            )
        scores = _by_node(found, "score", edges.node_count).astype(np.float64)
        ranking: Floats = scores / scores.sum()
        return ranking

    def brokerage(self, edges: EdgeTable) -> Floats:
        """See `Algorithms.brokerage`; GDS `betweenness` without sampling."""
        simple = simple_edges(edges)
        if not len(simple.source):
            return np.zeros(edges.node_count)
        with self._projected(simple, undirected=True) as (gds, graph):
            found = gds.betweenness.stream(graph, concurrency=_ONE, log_progress=False)
        return _by_node(found, "score", edges.node_count).astype(np.float64)

    def core(self, edges: EdgeTable) -> Ints:
        """See `Algorithms.core`; GDS `kcore`."""
        simple = simple_edges(edges)
        if not len(simple.source):
            return np.zeros(edges.node_count, dtype=np.int64)
        with self._projected(simple, undirected=True) as (gds, graph):
            found = gds.kcore.stream(graph, concurrency=_ONE, log_progress=False)
        return _by_node(found, "coreValue", edges.node_count).astype(np.int64)

    def distances(self, edges: EdgeTable, start: int, weighted: bool = False) -> Floats:
        """See `Algorithms.distances`; GDS `allShortestPaths.dijkstra`."""
        if not 0 <= start < edges.node_count:
            raise ValueError(f"node {start} is outside 0..{edges.node_count - 1}")
        with self._projected(edges) as (gds, graph):
            settings: dict[str, Any] = {"sourceNode": start, "concurrency": _ONE, "logProgress": False}
            if weighted:
                settings["relationshipWeightProperty"] = "weight"
            found = gds.run_cypher(_DISTANCES, params={"name": graph.name(), "settings": settings})
        lengths = np.full(edges.node_count, np.inf)
        lengths[start] = 0.0
        lengths[found["target"].to_numpy(dtype=np.int64)] = found["length"].to_numpy(dtype=np.float64)
        return lengths

    def clustering(self, edges: EdgeTable, directed: bool = False) -> Floats:
        """See `Algorithms.clustering`; GDS `localClusteringCoefficient`, for undirected graphs only."""
        if directed:
            raise NotSupportedByEngine(
                "neo4j", "clustering along directions", "leave `directed` out or use the embedded engine"
            )
        simple = simple_edges(edges)
        if not len(simple.source):
            return np.zeros(edges.node_count)
        with self._projected(simple, undirected=True) as (gds, graph):
            found = gds.local_clustering_coefficient.stream(graph, concurrency=_ONE, log_progress=False)
        return _by_node(found, "localClusteringCoefficient", edges.node_count).astype(np.float64)

    def spread_labels(self, edges: EdgeTable, rounds: int = 10) -> Ints:
        """See `Algorithms.spread_labels`; GDS spreads labels too, but nodes see labels of the same round."""
        raise NotSupportedByEngine(
            "neo4j", "label spreading in step", "use the embedded engine, or `communities` on this one"
        )

    def similarity(self, edges: EdgeTable, least: float = 0.1, top: int = 10) -> pl.DataFrame:
        """See `Algorithms.similarity`; GDS `nodeSimilarity` with the Jaccard metric."""
        empty = pl.DataFrame(schema={"a": pl.Int64(), "b": pl.Int64(), "similarity": pl.Float64()})
        pairs = np.unique(np.stack([edges.source, edges.target]), axis=1)
        if not pairs.size:
            return empty
        distinct = EdgeTable(edges.node_count, pairs[0], pairs[1], np.ones(pairs.shape[1]))
        with self._projected(distinct) as (gds, graph):
            found = gds.node_similarity.stream(
                graph, top_k=top, similarity_cutoff=least, concurrency=_ONE, log_progress=False
            )
        if not len(found):
            return empty
        ends = np.sort(found[["node1", "node2"]].to_numpy(dtype=np.int64), axis=1)
        frame = pl.DataFrame(
            {"a": ends[:, 0], "b": ends[:, 1], "similarity": found["similarity"].to_numpy(dtype=np.float64)}
        )
        return frame.unique(["a", "b"]).sort(["similarity", "a", "b"], descending=[True, False, False])

    @contextmanager
    def _projected(
        self, edges: EdgeTable, undirected: bool = False
    ) -> "Iterator[tuple[GraphDataScience, Any]]":
        """The edge table as a graph in GDS; nodes keep their numbers. Dropped when the block ends."""
        from graphdatascience import GraphDataScience

        name = f"duanlian-{uuid.uuid4().hex}"
        values = {
            "count": edges.node_count,
            "source": edges.source.tolist(),
            "target": edges.target.tolist(),
            "weight": edges.weight.tolist(),
            "config": {"undirectedRelationshipTypes": ["*"]} if undirected else {},
        }
        with translated():
            gds = GraphDataScience(self.driver, aura_ds=False, arrow=False, show_progress=False)
            try:
                graph, _ = gds.graph.project.cypher(_PROJECT, name=name, **values)
                yield gds, graph
            finally:
                gds.graph.drop(name, fail_if_missing=False)


def simple_edges(edges: EdgeTable) -> EdgeTable:
    """The undirected simple graph of an edge table: source < target, weights of parallel edges summed."""
    low, high = np.minimum(edges.source, edges.target), np.maximum(edges.source, edges.target)
    frame = pl.DataFrame({"a": low, "b": high, "w": edges.weight}).filter(pl.col("a") != pl.col("b"))
    summed = frame.sort(["a", "b", "w"]).group_by(["a", "b"], maintain_order=True).agg(pl.col("w").sum())
    ends = summed["a"].to_numpy(), summed["b"].to_numpy()
    return EdgeTable(edges.node_count, *ends, summed["w"].to_numpy())


def _by_node(found: Any, column: str, count: int) -> "np.ndarray[Any, np.dtype[Any]]":
    """A streamed column as an array over the nodes."""
    values = np.zeros(count, dtype=found[column].to_numpy().dtype)
    values[found["nodeId"].to_numpy(dtype=np.int64)] = found[column].to_numpy()
    return values
