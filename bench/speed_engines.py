"""Contenders of bench.speed for components, strong components, PageRank and Leiden.

A contender builds its own graph first (not measured) and hands back what is measured and how its answer is
read. Ours is measured from the plain arrays of edges on, so what it builds is measured too.
"""

import random
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from bench.speed_graph import Transfers, edge_table, make
from graph.contract import EdgeTable, Ints, numbered_by_smallest
from graph.engines.embedded.algorithms import EmbeddedAlgorithms, simple_pairs

Prepared = tuple[Callable[[], Any], Callable[[Any], np.ndarray]]
"""What is measured, and how its result becomes one number a node or transfer."""
Kept = dict[Any, Any]
"""Graphs that one contender has built and uses again."""
Prepare = Callable[[Transfers, bool, Kept], Prepared]
"""Of a graph, and whether one thread must do."""
DAMPING, TOLERANCE = 0.85, 1e-9
LEIDEN_ITERATIONS, SEED = 2, 7


def ours(task: str) -> Prepare:
    """Our embedded engine; its loops are compiled, or read from the cache, before it is measured."""

    def prepare(graph: Transfers, _: bool, kept: Kept) -> Prepared:
        engine = EmbeddedAlgorithms()
        asked: dict[str, Callable[[EdgeTable], np.ndarray]] = {
            "components": engine.components,
            "strong": engine.strong_components,
            "pagerank": lambda edges: engine.ranking(edges, DAMPING),
            "leiden": lambda edges: engine.communities(edges, 1.0, SEED),
        }
        asked[task](edge_table(make(1_000, 1)))
        edges = edge_table(graph)
        return lambda: asked[task](edges), np.asarray

    return prepare


def igraph(task: str) -> Prepare:
    """igraph, one thread; Leiden by modularity with our resolution and rounds, on the summed simple graph."""

    def prepare(graph: Transfers, _: bool, kept: Kept) -> Prepared:
        import igraph as ig

        if task == "leiden":
            pairs = simple_pairs(edge_table(graph))
            simple = ig.Graph(n=graph.accounts, edges=pairs.select("a", "b").to_numpy())
            weight = pairs["w"].to_list()
            random.seed(SEED)
            return (
                lambda: (
                    simple.community_leiden(
                        "modularity", weights=weight, resolution=1.0, n_iterations=LEIDEN_ITERATIONS
                    ).membership
                ),
                _labels,
            )
        ends = np.stack([graph.payer, graph.payee], 1)
        whole = kept.get("whole") or ig.Graph(n=graph.accounts, edges=ends, directed=True)
        kept["whole"] = whole
        if task == "pagerank":
            return lambda: whole.pagerank(damping=DAMPING), np.asarray
        mode = "weak" if task == "components" else "strong"
        return lambda: whole.connected_components(mode=mode).membership, _labels

    return prepare


def networkit(task: str) -> Prepare:
    """networkit on the directed multigraph; `undirected` is its faster way to components."""

    def prepare(graph: Transfers, alone: bool, kept: Kept) -> Prepared:
        import networkit as nk

        if alone:
            nk.setNumberOfThreads(1)
        directed = task != "undirected"
        if directed not in kept:
            arrays = (np.ones(len(graph.payer)), (graph.payer, graph.payee))
            kept[directed] = nk.GraphFromCoo(arrays, n=graph.accounts, directed=directed, weighted=False)
        whole = kept[directed]
        if task == "pagerank":
            sinks = nk.centrality.SinkHandling.DistributeSinks
            return (
                lambda: (
                    nk.centrality.PageRank(whole, DAMPING, TOLERANCE, distributeSinks=sinks).run().scores()
                ),
                _scaled,
            )
        kinds = {
            "components": nk.components.WeaklyConnectedComponents,
            "undirected": nk.components.ConnectedComponents,
            "strong": nk.components.StronglyConnectedComponents,
        }
        return (
            lambda: kinds[task](whole).run(),
            lambda found: _of_groups(found.getComponents(), graph.accounts),
        )

    return prepare


def networkx(task: str) -> Prepare:
    """networkx on the directed simple graph with summed weights, which is smaller than the multigraph."""

    def prepare(graph: Transfers, _: bool, kept: Kept) -> Prepared:
        import networkx as nx

        if "whole" not in kept:
            code, count = np.unique(graph.payer * graph.accounts + graph.payee, return_counts=True)
            kept["whole"] = nx.DiGraph()
            kept["whole"].add_nodes_from(range(graph.accounts))
            ends = (code // graph.accounts).tolist(), (code % graph.accounts).tolist()
            kept["whole"].add_weighted_edges_from(zip(*ends, count.tolist(), strict=True))
        whole = kept["whole"]
        if task == "pagerank":
            return (
                lambda: nx.pagerank(whole, DAMPING, tol=TOLERANCE / graph.accounts, max_iter=500),
                lambda found: np.array([found[node] for node in range(graph.accounts)]),
            )
        groups = nx.weakly_connected_components if task == "components" else nx.strongly_connected_components
        return lambda: list(groups(whole)), lambda found: _of_groups(found, graph.accounts)

    return prepare


def rustworkx(task: str) -> Prepare:
    """rustworkx on the directed multigraph."""

    def prepare(graph: Transfers, _: bool, kept: Kept) -> Prepared:
        import rustworkx as rx

        if "whole" not in kept:
            kept["whole"] = rx.PyDiGraph()
            kept["whole"].add_nodes_from(list(range(graph.accounts)))
            pairs = zip(graph.payer.tolist(), graph.payee.tolist(), strict=True)
            kept["whole"].add_edges_from_no_data(list(pairs))
        whole = kept["whole"]
        if task == "pagerank":
            return (
                lambda: rx.pagerank(whole, alpha=DAMPING, tol=TOLERANCE / graph.accounts, max_iter=500),
                lambda found: np.array([found[node] for node in range(graph.accounts)]),
            )
        groups = rx.weakly_connected_components if task == "components" else rx.strongly_connected_components
        return lambda: groups(whole), lambda found: _of_groups(found, graph.accounts)

    return prepare


def modularity(graph: Transfers, labels: Ints) -> float:
    """Modularity of communities on the summed simple graph, resolution one (Newman 2004)."""
    pairs = simple_pairs(edge_table(graph))
    a, b, w = (pairs[name].to_numpy() for name in ("a", "b", "w"))
    whole = float(w.sum())
    degree = np.bincount(a, w, graph.accounts) + np.bincount(b, w, graph.accounts)
    inside = float(w[labels[a] == labels[b]].sum())
    each = np.bincount(labels, degree)
    return inside / whole - float((each**2).sum()) / (4 * whole**2)


def _labels(found: Any) -> Ints:
    return numbered_by_smallest(np.asarray(found, dtype=np.int64))


def _scaled(found: Any) -> np.ndarray:
    scores = np.asarray(found)
    return scores / scores.sum()


def _of_groups(groups: Iterable[Iterable[int]], count: int) -> Ints:
    label = np.full(count, -1, dtype=np.int64)
    for place, group in enumerate(groups):
        label[np.fromiter(group, np.int64)] = place
    return numbered_by_smallest(label)
