"""What every engine with Algorithms promises, against networkx as the oracle; embedded and the real GDS."""

from collections.abc import Iterable

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.connect import GraphEngine
from graph.contract import EdgeTable
from graph.engines.embedded.algorithms import EmbeddedAlgorithms, simple_pairs
from graph.engines.neo4j_gds.algorithms import Neo4jAlgorithms
from graph.errors import NotSupportedByEngine


def edge_table(count: int, pairs: list[tuple[int, int, float]]) -> EdgeTable:
    return EdgeTable(
        count,
        np.array([p[0] for p in pairs], dtype=np.int64),
        np.array([p[1] for p in pairs], dtype=np.int64),
        np.array([p[2] for p in pairs], dtype=np.float64),
    )


def planted(groups: int, size: int, seed: int) -> tuple[EdgeTable, list[int]]:
    """Dense groups joined by few edges, and the group of each node."""
    random = np.random.default_rng(seed)
    pairs = []
    for group in range(groups):
        first = group * size
        for a in range(size):
            pairs += [(first + a, first + b, 1.0) for b in range(a + 1, size) if random.random() < 0.7]
        pairs.append((first, ((group + 1) % groups) * size, 0.5))
    return edge_table(groups * size, pairs), [n // size for n in range(groups * size)]


def as_networkx(edges: EdgeTable, directed: bool) -> "nx.Graph":
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(range(edges.node_count))
    for a, b, weight in zip(edges.source, edges.target, edges.weight, strict=True):
        if not directed and a == b:
            continue
        known = graph.get_edge_data(int(a), int(b), {"weight": 0.0})["weight"]
        graph.add_edge(int(a), int(b), weight=known + float(weight))
    return graph


SMALL = edge_table(
    7, [(0, 1, 1.0), (1, 2, 2.0), (2, 0, 1.0), (2, 3, 0.5), (4, 5, 1.0), (0, 1, 1.0), (3, 3, 1.0)]
)


def test_components_are_numbered_by_their_smallest_node(engine: GraphEngine) -> None:
    assert engine.components(SMALL).tolist() == [0, 0, 0, 0, 1, 1, 2]


def test_strong_components_are_numbered_by_their_smallest_node(engine: GraphEngine) -> None:
    assert engine.strong_components(SMALL).tolist() == [0, 0, 0, 1, 2, 3, 4]


def test_planted_groups_come_back_as_communities(engine: GraphEngine) -> None:
    edges, groups = planted(6, 12, seed=3)
    assert engine.communities(edges, seed=7).tolist() == groups
    assert engine.communities(edges, seed=7).tolist() == engine.communities(edges, seed=7).tolist()


def test_ranking_equals_the_oracle_to_a_millionth(engine: GraphEngine) -> None:
    edges, _ = planted(4, 9, seed=5)
    expected = nx.pagerank(as_networkx(edges, directed=True), alpha=0.85, tol=1e-12, max_iter=1000)
    found = engine.ranking(edges)
    assert found == pytest.approx([expected[n] for n in range(edges.node_count)], abs=1e-6)


def test_brokerage_and_core_equal_the_oracle(engine: GraphEngine) -> None:
    edges, _ = planted(3, 8, seed=11)
    graph = as_networkx(edges, directed=False)
    between = nx.betweenness_centrality(graph, normalized=False)
    assert engine.brokerage(edges) == pytest.approx([between[n] for n in range(edges.node_count)], abs=1e-6)
    core = nx.core_number(graph)
    assert engine.core(edges).tolist() == [core[n] for n in range(edges.node_count)]


def test_similarity_is_jaccard_of_out_neighbours(engine: GraphEngine) -> None:
    edges = edge_table(6, [(0, 3, 1.0), (0, 4, 1.0), (1, 3, 1.0), (1, 4, 2.0), (2, 4, 1.0), (2, 5, 1.0)])
    rows = engine.similarity(edges, least=0.3).rows()
    assert [(a, b) for a, b, _ in rows] == [(0, 1), (0, 2), (1, 2)]
    assert [s for _, _, s in rows] == pytest.approx([1.0, 1 / 3, 1 / 3])


def test_distances_follow_directions_and_take_the_shortest_of_parallel_edges(engine: GraphEngine) -> None:
    edges = edge_table(6, [(0, 1, 9.0), (0, 1, 1.0), (1, 2, 1.0), (0, 2, 5.0), (3, 0, 1.0), (4, 4, 1.0)])
    none = float("inf")
    assert engine.distances(edges, 0).tolist() == [0, 1, 1, none, none, none]
    assert engine.distances(edges, 0, weighted=True).tolist() == [0, 1, 2, none, none, none]
    with pytest.raises(ValueError, match="outside"):
        engine.distances(edges, 6)


def test_clustering_is_the_share_of_linked_pairs_of_neighbours(engine: GraphEngine) -> None:
    # A triangle with a tail, one side of it in both directions and twice, and a loop.
    edges = edge_table(
        5, [(0, 1, 1.0), (1, 0, 2.0), (0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (2, 3, 1.0), (3, 3, 1.0)]
    )
    assert engine.clustering(edges) == pytest.approx([1, 1, 1 / 3, 0, 0])


def test_a_graph_without_edges_has_answers_too(engine: GraphEngine) -> None:
    empty = edge_table(3, [])
    assert engine.components(empty).tolist() == [0, 1, 2]
    assert engine.strong_components(empty).tolist() == [0, 1, 2]
    assert engine.communities(empty).tolist() == [0, 1, 2]
    assert engine.ranking(empty) == pytest.approx([1 / 3] * 3)
    assert engine.core(empty).tolist() == [0, 0, 0]
    assert engine.distances(empty, 1).tolist() == [float("inf"), 0, float("inf")]
    assert engine.clustering(empty).tolist() == [0, 0, 0]
    assert engine.similarity(empty).is_empty()


def _numbered(groups: Iterable[set[int]], count: int) -> list[int]:
    label = {node: place for place, group in enumerate(sorted(groups, key=min)) for node in group}
    return [label[node] for node in range(count)]


weights = st.floats(min_value=0.1, max_value=9.0, allow_nan=False)
graphs = st.integers(2, 12).flatmap(
    lambda n: st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), weights), max_size=30).map(
        lambda pairs: edge_table(n, pairs)
    )
)


@settings(max_examples=60, deadline=None)
@given(graphs)
def test_embedded_algorithms_equal_the_oracle_on_random_graphs(edges: EdgeTable) -> None:
    engine = EmbeddedAlgorithms()
    undirected = as_networkx(edges, directed=False)
    labels = engine.components(edges)
    assert labels.tolist() == _numbered(nx.connected_components(undirected), edges.node_count)
    directed = as_networkx(edges, directed=True)
    strong = engine.strong_components(edges).tolist()
    assert strong == _numbered(nx.strongly_connected_components(directed), edges.node_count)
    expected = nx.pagerank(as_networkx(edges, directed=True), alpha=0.85, tol=1e-12, max_iter=2000)
    assert engine.ranking(edges) == pytest.approx([expected[n] for n in range(edges.node_count)], abs=1e-6)
    between = nx.betweenness_centrality(undirected, normalized=False)
    assert engine.brokerage(edges) == pytest.approx([between[n] for n in range(edges.node_count)], abs=1e-6)


def shares_by_hand(graph: "nx.DiGraph") -> list[float]:
    """Directed clustering, counted pair by pair."""
    shares = []
    for node in graph:
        around = (set(graph.successors(node)) | set(graph.predecessors(node))) - {node}
        linked = sum(graph.has_edge(a, b) for a in around for b in around if a != b)
        pairs = len(around) * (len(around) - 1)
        shares.append(linked / pairs if pairs else 0.0)
    return shares


def labels_by_hand(graph: "nx.DiGraph", rounds: int) -> list[int]:
    """Label spreading in step, node by node."""
    labels = list(graph)
    for _ in range(rounds):
        heard = [
            [labels[other] for other in [*graph.successors(node), *graph.predecessors(node)] if other != node]
            for node in graph
        ]
        labels = [
            min(set(found), key=lambda label: (-found.count(label), label)) if found else labels[node]
            for node, found in enumerate(heard)
        ]
    return labels


@settings(max_examples=60, deadline=None)
@given(graphs, st.integers(0, 4))
def test_reach_equals_what_is_counted_by_hand_on_random_graphs(edges: EdgeTable, rounds: int) -> None:
    engine = EmbeddedAlgorithms()
    directed, undirected = as_networkx(edges, directed=True), as_networkx(edges, directed=False)
    lightest = nx.DiGraph()
    lightest.add_nodes_from(range(edges.node_count))
    for a, b, weight in zip(edges.source.tolist(), edges.target.tolist(), edges.weight.tolist(), strict=True):
        known = lightest.get_edge_data(a, b, {"weight": weight})["weight"]
        lightest.add_edge(a, b, weight=min(known, weight))
    nodes, none = range(edges.node_count), float("inf")
    ways = nx.single_source_dijkstra_path_length(lightest, 0)
    assert engine.distances(edges, 0, weighted=True) == pytest.approx([ways.get(n, none) for n in nodes])
    hops = nx.single_source_shortest_path_length(directed, 0)
    assert engine.distances(edges, 0).tolist() == [hops.get(n, none) for n in nodes]
    between = nx.clustering(undirected)
    assert engine.clustering(edges) == pytest.approx([between[n] for n in nodes])
    assert engine.clustering(edges, directed=True) == pytest.approx(shares_by_hand(directed))
    assert engine.spread_labels(edges, rounds).tolist() == labels_by_hand(directed, rounds)


def test_clustering_in_blocks_is_clustering_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    edges, _ = planted(4, 9, seed=5)
    whole = EmbeddedAlgorithms().clustering(edges)
    monkeypatch.setattr("graph.engines.embedded.reach._ENTRIES", 7)
    assert EmbeddedAlgorithms().clustering(edges).tolist() == whole.tolist()


def test_what_gds_defines_otherwise_is_refused_by_name_before_a_server_is_asked() -> None:
    asked = Neo4jAlgorithms()
    with pytest.raises(NotSupportedByEngine, match="ranking cut after some rounds"):
        asked.ranking(SMALL, rounds=2)
    with pytest.raises(NotSupportedByEngine, match="clustering along directions"):
        asked.clustering(SMALL, directed=True)
    with pytest.raises(NotSupportedByEngine, match="label spreading in step"):
        asked.spread_labels(SMALL)


@settings(max_examples=60, deadline=None)
@given(graphs)
def test_the_order_of_edges_changes_no_pair_and_no_community(edges: EdgeTable) -> None:
    sums: dict[tuple[int, int], list[float]] = {}
    for a, b, weight in zip(*(x.tolist() for x in (edges.source, edges.target, edges.weight)), strict=True):
        if a != b:
            sums.setdefault((min(a, b), max(a, b)), []).append(weight)
    expected = [(a, b, sum(sorted(given))) for (a, b), given in sorted(sums.items())]
    back = EdgeTable(edges.node_count, edges.target[::-1], edges.source[::-1], edges.weight[::-1])
    assert (
        simple_pairs(edges).rows()
        == simple_pairs(back).rows()
        == [pytest.approx(row, rel=1e-12) for row in expected]
    )
    engine = EmbeddedAlgorithms()
    assert engine.communities(edges).tolist() == engine.communities(back).tolist()


@settings(max_examples=60, deadline=None)
@given(graphs, st.sampled_from([0.0, 0.5, 0.99]))
def test_a_ranking_solves_its_equation(edges: EdgeTable, damping: float) -> None:
    rank = EmbeddedAlgorithms().ranking(edges, damping)
    step = np.zeros((edges.node_count, edges.node_count))
    np.add.at(step, (edges.source, edges.target), edges.weight)
    out = step.sum(axis=1)
    step[out == 0], out[out == 0] = 1.0, edges.node_count
    after = damping * (step / out[:, None]).T @ rank + (1 - damping) / edges.node_count
    assert np.abs(after - rank).sum() < 2e-9
    assert rank.sum() == pytest.approx(1.0, abs=1e-12)
