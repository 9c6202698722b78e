"""What a gang hangs by: the answer is known on made gangs, and true on random ones."""

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detect.evidence import EvidenceGraph
from detect.fragility import fragility, halves, pairs_of
from detect.gang_graph import GangGraph
from detect.gang_words import fragility_sentence
from detect.low_points import split_off
from detect.results import Break, Gang
from graph.contract import Ref
from tests.detect.gang_parts import evidence, group

Pair = tuple[str, str]


def clique(names: list[str], weight: float = 1.0) -> list[tuple[str, str, str, float]]:
    return [("call", a, b, weight) for n, a in enumerate(names) for b in names[n + 1 :]]


def _graph(ties: list[tuple[str, str, str, float]], held: dict[str, str] | None = None) -> GangGraph:
    found = evidence(ties, held or {})
    return GangGraph.of(found, group(found))


def _people(prefix: str, count: int) -> list[str]:
    return [f"Person {prefix}{n}" for n in range(count)]


def test_two_cliques_on_one_device_fall_apart_without_it() -> None:
    seven, five = _people("A", 7), _people("B", 5)
    shared = [("device", name, "Device D", 0.5) for name in (*seven[:2], *five[:2])]
    found = fragility(_graph(clique(seven) + clique(five) + shared))
    assert found.breaks[0].node == Ref("Device", "D") and found.breaks[0].other is None
    assert found.breaks[0].parts == (7, 5)
    assert found.cut is not None and found.cut.sides == (7, 5) and found.cut.pairs == 2
    total = 21 + 10 + 4 * 0.5
    assert found.breaks[0].share == pytest.approx(2.0 / total, abs=1e-6)
    assert found.cut.share == pytest.approx(1.0 / total, abs=1e-6)
    gang = Gang("g", 1.0, 1.0, (), (), (), found)
    assert "Without the device D the gang falls into 2 parts of 7 and 5 holders." in fragility_sentence(
        gang, "en", lambda ref: ref.key
    )
    assert "该团伙分裂为2个部分，持有主体分别为7、5个。" in fragility_sentence(
        gang, "zh", lambda ref: ref.key
    )


def test_two_cliques_on_one_call_fall_apart_without_the_call() -> None:
    found = fragility(
        _graph(clique(_people("A", 4)) + clique(_people("B", 4)) + [("call", "Person A0", "Person B0", 0.1)])
    )
    links = [one for one in found.breaks if one.other is not None]
    assert [(one.node.key, one.other and one.other.key, one.parts) for one in links] == [("A0", "B0", (4, 4))]
    assert found.cut is not None and found.cut.sides == (4, 4) and found.cut.pairs == 1


def test_one_clique_has_no_break_and_says_so() -> None:
    found = fragility(_graph(clique(_people("A", 6))))
    assert found.breaks == ()
    gang = Gang("g", 1.0, 1.0, (), (), (), found)
    assert "No single node or link" in fragility_sentence(gang, "en", lambda ref: ref.key)


def test_one_holder_apart_is_neither_a_half_nor_a_break() -> None:
    ties = clique(_people("A", 4)) + clique(_people("B", 4)) + [("call", "Person A0", "Person B0", 0.1)]
    alone = [("device", "Person Z", "Device V", 0.5)]
    found, plain = fragility(_graph(ties + alone)), fragility(_graph(ties))
    assert found.cut is not None and found.cut.pairs == 1 and sorted(found.cut.sides) == [4, 5]
    assert [one.node for one in found.breaks] == [one.node for one in plain.breaks]
    assert fragility(_graph(clique(_people("A", 5)) + alone)).breaks == ()


def test_accounts_count_with_their_holder() -> None:
    people = _people("A", 4)
    accounts = {f"Account K{n}": f"A{n}" for n in range(4)}
    ties = [("holds", people[n], f"Account K{n}", 0.6) for n in range(4)]
    ties += [("device", f"Account K{n}", "Device D", 1.0) for n in range(4)]
    found = fragility(_graph(ties, accounts))
    assert found.breaks[0].node == Ref("Device", "D") and found.breaks[0].parts == (1, 1, 1, 1)
    assert found.families == (("device", 1.0),)


def test_shares_name_the_family_the_file_and_the_row_that_carry_most() -> None:
    ties = [("call", "Person A", "Person B", 0.3), ("parcel", "Person B", "Person C", 0.1)]
    found = fragility(_graph(ties))
    assert found.families == (("call", 0.75), ("parcel", 0.25))
    assert found.source == ("s", 1.0) and found.row == (("s", 0), 0.75)
    assert found.cut is None


def test_a_gang_without_ties_hangs_by_nothing() -> None:
    found = fragility(_graph([]))
    assert found.breaks == () and found.cut is None and found.families == () and found.row is None


def test_results_without_a_look_say_to_run_again() -> None:
    assert "python -m detect" in fragility_sentence(Gang("g", 1.0, 1.0, (), ()), "en", lambda ref: ref.key)


@st.composite
def _random_ties(draw: st.DrawFn) -> list[tuple[str, str, str, float]]:
    count = draw(st.integers(2, 14))
    pairs = [(a, b) for a in range(count) for b in range(a + 1, count)]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=22, unique=True))
    names = [f"Person P{n:02}" if n % 4 else f"Device V{n:02}" for n in range(count)]
    kinds = {True: "device", False: "call"}
    ties = []
    for a, b in chosen:
        one, other = sorted((names[a], names[b]), key=lambda name: name.startswith("Device"))
        if not one.startswith("Device"):
            ties.append((kinds[other.startswith("Device")], one, other, 0.5))
    return ties


@settings(max_examples=150, deadline=None)
@given(_random_ties())
def test_what_is_said_to_break_a_gang_does(ties: list[tuple[str, str, str, float]]) -> None:
    graph = _graph(ties)
    for one in fragility(graph).breaks:
        assert _left(graph, one) == one.parts


@settings(max_examples=150, deadline=None)
@given(_random_ties())
def test_every_cut_node_and_bridge_is_found(ties: list[tuple[str, str, str, float]]) -> None:
    graph = _graph(ties)
    a, b, _ = pairs_of(graph)
    known = _networkx(graph)
    found = {(node, other) for node, other, _ in split_off(a, b, graph.head)}
    assert {node for node, other in found if other < 0} == set(nx.articulation_points(known))
    assert {pair for pair in found if pair[1] >= 0} == {(min(p), max(p)) for p in nx.bridges(known)}


@settings(max_examples=100, deadline=None)
@given(_random_ties())
def test_the_cut_separates_its_sides(ties: list[tuple[str, str, str, float]]) -> None:
    graph = _graph(ties)
    found, side = fragility(graph).cut, halves(graph)
    assert (found is None) == (side is None) == (int(graph.head.sum()) < 4)
    if found is None or side is None:
        return
    left = _networkx(graph)
    crossing = [(a, b) for a, b in left.edges if side[a] != side[b]]
    assert len(crossing) == found.pairs
    left.remove_edges_from(crossing)
    assert all(len({bool(side[node]) for node in part}) == 1 for part in nx.connected_components(left))
    assert min(found.sides) >= 1 and sum(found.sides) == int(graph.head.sum())


def _networkx(graph: GangGraph) -> "nx.Graph[int]":
    known: nx.Graph[int] = nx.Graph()
    known.add_nodes_from(range(len(graph.refs)))
    known.add_edges_from(zip(graph.a.tolist(), graph.b.tolist(), strict=True))
    return known


def _left(graph: GangGraph, one: Break) -> tuple[int, ...]:
    known = _networkx(graph)
    node = graph.refs.index(one.node)
    if one.other is None:
        known.remove_node(node)
    else:
        known.remove_edge(node, graph.refs.index(one.other))
    sizes = [sum(bool(graph.head[n]) for n in part) for part in nx.connected_components(known)]
    return tuple(sorted((size for size in sizes if size), reverse=True))


def test_order_of_ties_changes_nothing() -> None:
    ties = clique(_people("A", 5)) + clique(_people("B", 5)) + [("device", "Person A0", "Device D", 0.3)]
    ties += [("device", "Person B0", "Device D", 0.2)]
    turned = evidence(list(reversed(ties)), {})
    assert isinstance(turned, EvidenceGraph) and isinstance(turned.ties, pl.DataFrame)
    plain, other = fragility(_graph(ties)), fragility(GangGraph.of(turned, np.arange(turned.nodes.height)))
    assert (plain.breaks[0].parts, plain.cut) == (other.breaks[0].parts, other.cut)
