"""Who belongs together depends on the ties of one connected part, never on what else lies in the lake."""

import numpy as np
import pytest

from detect.membership import communities_by_part
from detect.suspicion import load_gang_weights
from graph.contract import EdgeTable, Ints, numbered_by_smallest
from graph.engines.embedded.algorithms import EmbeddedAlgorithms

_SIZE, _RINGS, _BETWEEN = 60, 4, 30


def _rings(seed: int) -> EdgeTable:
    """Four rings of sixty nodes, dense inside, each with thirty ties to the next one."""
    draw = np.random.default_rng(seed)
    source, target = [], []
    for ring in range(_RINGS):
        pairs = draw.integers(0, _SIZE, (500, 2)) + ring * _SIZE
        source += pairs[:, 0].tolist()
        target += pairs[:, 1].tolist()
    for ring in range(_RINGS - 1):
        source += (draw.integers(0, _SIZE, _BETWEEN) + ring * _SIZE).tolist()
        target += (draw.integers(0, _SIZE, _BETWEEN) + (ring + 1) * _SIZE).tolist()
    apart = np.array(source) != np.array(target)
    weight = draw.uniform(0.2, 1.0, int(apart.sum()))
    return EdgeTable(_SIZE * _RINGS, np.array(source)[apart], np.array(target)[apart], weight)


def _beside(edges: EdgeTable, copies: int) -> EdgeTable:
    """The same graph several times, sharing nothing, and a node of its own without ties at the end."""
    moved = [edges.node_count * copy for copy in range(copies)]
    return EdgeTable(
        edges.node_count * copies + 1,
        np.concatenate([edges.source + start for start in moved]),
        np.concatenate([edges.target + start for start in moved]),
        np.tile(edges.weight, copies),
    )


def _found(edges: EdgeTable) -> Ints:
    return communities_by_part(edges, EmbeddedAlgorithms(), load_gang_weights().resolution, 0)


@pytest.mark.parametrize("seed", range(5))
def test_four_rings_are_four(seed: int) -> None:
    found = numbered_by_smallest(_found(_rings(seed)))
    assert found.tolist() == np.repeat(np.arange(_RINGS), _SIZE).tolist()


@pytest.mark.parametrize("copies", [2, 7])
def test_strangers_in_the_lake_change_nothing(copies: int) -> None:
    alone = _rings(1)
    count = alone.node_count
    found = _found(_beside(alone, copies))
    for copy in range(copies):
        mine = found[copy * count : (copy + 1) * count]
        assert numbered_by_smallest(mine).tolist() == numbered_by_smallest(_found(alone)).tolist()
        assert not np.isin(mine, np.delete(found, slice(copy * count, (copy + 1) * count))).any()


def test_no_ties_leave_everybody_alone() -> None:
    none = np.array([], dtype=np.int64)
    assert _found(EdgeTable(3, none, none, np.array([]))).tolist() == [0, 1, 2]
