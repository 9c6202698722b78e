"""The bench on covert networks: small graphs with a known answer, and the outside files where they lie."""

from pathlib import Path

import numpy as np
import pytest

from bench.covert import (
    SHARED,
    Network,
    bare_ties,
    expected_precision,
    kept_first,
    likeness,
    read,
    searched,
    signs,
)
from detect.suspicion import load_gang_weights
from graph.contract import EdgeTable


def network(pairs: list[tuple[int, int]], count: int, names: str) -> Network:
    source, target = np.array(pairs, dtype=np.int64).T
    return Network("n", tuple(names), EdgeTable(count, source, target, np.ones(len(pairs))), {})


def cliques(size: int) -> Network:
    """Two groups, all tied inside, joined by one tie."""
    ends = [(first, first + size) for first in (0, size)]
    pairs = [(a, b) for first, end in ends for a in range(first, end) for b in range(a + 1, end)]
    return network([*pairs, (size - 1, size)], 2 * size, "abcdefghijklmnopqrstuvwxyz12"[: 2 * size])


@pytest.mark.parametrize(("size", "parted"), [(14, True), (6, False)])
def test_the_search_parts_two_groups_where_their_tie_is_weak_beside_them(size: int, parted: bool) -> None:
    """The bound is resolution x both groups' weights: one tie holds two small groups, not two large ones."""
    network_of_two = cliques(size)
    own = size * (size - 1) + 1
    assert (load_gang_weights().resolution * own * own > 1.0) is parted
    found = searched(network_of_two, 1)
    assert (likeness(found, ["x"] * size + ["y"] * size) == (1.0, 1.0)) is parted
    assert len(bare_ties(network_of_two).families(np.arange(2 * size))) < load_gang_weights().least_streams


def test_unknown_labels_are_left_out() -> None:
    found = np.array([0, 0, 1, 1, 0])
    assert likeness(found, ["x", "x", "y", "y", "99"]) == (1.0, 1.0)
    assert likeness(found, ["x", "x", "y", "y", "y"])[0] < 1.0


@pytest.mark.parametrize(
    ("values", "k", "share"),
    [([3, 2, 1, 0], 2, 0.5), ([1, 1, 1, 1], 2, 0.5), ([3, 1, 1, 1], 2, 2 / 3), ([0, 5, 5, 0], 2, 0.0)],
)
def test_equal_values_at_the_border_count_as_chance(values: list[float], k: int, share: float) -> None:
    assert expected_precision(np.array(values, dtype=np.float64), frozenset({0, 3}), k) == pytest.approx(
        share
    )


def test_a_star_has_its_centre_first_by_every_sign() -> None:
    star = network([(0, n) for n in range(1, 6)], 6, "abcdef")
    for name, values in signs(star.edges).items():
        if name != "core":  # a tree is one core
            assert int(values.argmax()) == 0, name
    assert signs(star.edges)["ties (degree)"].tolist() == [5, 1, 1, 1, 1, 1]


def test_the_first_five_of_two_phases_are_compared_by_name() -> None:
    star = network([(0, n) for n in range(1, 6)], 6, "abcdef")
    path = network([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0)], 6, "abwxyz")
    assert kept_first(star, star, "ties (degree)") == 1.0
    assert kept_first(star, path, "ties (degree)") <= 0.4


def test_a_file_with_nodes_and_weights_is_read(tmp_path: Path) -> None:
    (tmp_path / "n-edges.csv").write_text("source,target,weight\nB,A,2\nC,A,1\n")
    (tmp_path / "n-nodes.csv").write_text("name,Side\nA,1\nB,1\nC,2\nD,99\n")
    found = read(tmp_path, "n")
    assert found.names == ("A", "B", "C", "D")
    assert found.labels == {"Side": ("1", "1", "2", "99")}
    assert found.edges.source.tolist() == [1, 2]
    assert found.edges.weight.tolist() == [2.0, 1.0]


@pytest.mark.outside_data
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared outside data is not beside this checkout")
def test_the_outside_networks_have_the_sizes_their_source_states() -> None:
    sizes = {name: len(read(SHARED, name).names) for name in ("london-gang", "montreal-street-gangs", "ciel")}
    assert sizes == {"london-gang": 54, "montreal-street-gangs": 35, "ciel": 25}
    assert len(read(SHARED, "heroin-natarajan").names) == 38
