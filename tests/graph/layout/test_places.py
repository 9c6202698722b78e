"""Places of nodes: the same for the same graph, apart from each other, near to their neighbours."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree

from bench.ui_graph import ring_graph
from graph.contract import EdgeTable, Floats
from graph.layout import EDGE_LENGTH, places

ROOT = Path(__file__).parents[3]


def table(count: int, pairs: list[tuple[int, int]]) -> EdgeTable:
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return EdgeTable(count, ends[:, 0], ends[:, 1], np.ones(len(ends)))


def apart(found: Floats, a: int, b: int) -> float:
    return float(np.hypot(*(found[a] - found[b])))


@pytest.fixture(scope="module")
def rings() -> EdgeTable:
    graph = ring_graph(1200, 2400, 5)
    return table(graph.nodes, list(graph.edges))


@pytest.fixture(scope="module")
def found(rings: EdgeTable) -> Floats:
    return places(rings)


def test_no_node_and_one_node_have_their_places() -> None:
    assert places(table(0, [])).shape == (0, 2)
    assert places(table(1, [])).tolist() == [[0.0, 0.0]]


def test_order_direction_doubles_and_self_loops_change_nothing(rings: EdgeTable, found: Floats) -> None:
    order = np.random.default_rng(1).permutation(len(rings.source))
    source = np.concatenate([rings.target[order], rings.source[:50], np.arange(20)])
    target = np.concatenate([rings.source[order], rings.target[:50], np.arange(20)])
    again = places(EdgeTable(rings.node_count, source, target, np.full(len(source), 7.0)))
    assert np.array_equal(again, found)


def test_another_process_finds_the_same_places(found: Floats) -> None:
    script = (
        "import numpy as np; from bench.ui_graph import ring_graph; from graph.contract import EdgeTable\n"
        "from graph.layout import places\n"
        "g = ring_graph(1200, 2400, 5); e = np.array(g.edges, dtype=np.int64)\n"
        "p = places(EdgeTable(g.nodes, e[:, 0].copy(), e[:, 1].copy(), np.ones(len(e))))\n"
        "print(np.abs(p).sum().hex(), p[17, 0].hex(), p[801, 1].hex())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=300
    )
    here = [np.abs(found).sum().hex(), found[17, 0].hex(), found[801, 1].hex()]
    assert done.stdout.split() == here


def test_places_are_finite_and_nodes_do_not_lie_on_each_other(found: Floats) -> None:
    assert np.isfinite(found).all()
    nearest = cKDTree(found).query(found, k=2)[0][:, 1]
    # Marks are 30 wide: few may touch, none may cover another.
    assert nearest.min() > 8
    assert (nearest < 30).mean() < 0.1


def test_neighbours_stand_nearer_than_others(rings: EdgeTable, found: Floats) -> None:
    linked = np.hypot(*(found[rings.source] - found[rings.target]).T)
    rng = np.random.default_rng(2)
    a, b = rng.integers(rings.node_count, size=(2, 4000))
    others = np.hypot(*(found[a] - found[b]).T)
    assert np.median(linked) < 0.4 * np.median(others)


def test_leaves_lie_round_their_node_without_covering_each_other() -> None:
    found = places(table(401, [(0, leaf) for leaf in range(1, 401)]))
    reach = np.hypot(*(found[1:] - found[0]).T)
    assert reach.max() < 1.2 * 58 * np.sqrt(400)
    assert cKDTree(found).query(found, k=2)[0][:, 1].min() > 25


def test_a_path_is_drawn_out() -> None:
    found = places(table(30, [(i, i + 1) for i in range(29)]))
    assert apart(found, 0, 29) > 20 * EDGE_LENGTH
    assert all(0.5 * EDGE_LENGTH < apart(found, i, i + 1) < 1.5 * EDGE_LENGTH for i in range(29))


def test_parts_that_do_not_hang_together_are_put_side_by_side() -> None:
    triangles = [(3 * k + a, 3 * k + b) for k in range(40) for a, b in ((0, 1), (1, 2), (2, 0))]
    found = places(table(125, triangles))
    boxes = [(found[3 * k : 3 * k + 3].min(0), found[3 * k : 3 * k + 3].max(0)) for k in range(40)]
    for at, (low, high) in enumerate(boxes):
        for other_low, other_high in boxes[at + 1 :]:
            assert (high < other_low).any() or (other_high < low).any()
