"""The graph that the pictures of `bench.ui` show: groups with hubs as in rings of accounts, all invented."""

from dataclasses import dataclass

import numpy as np

_GROUP = 60
_INSIDE = 0.97
KINDS = ("Account", "Person", "Device", "Sim")


@dataclass(frozen=True, slots=True)
class DrawnGraph:
    """Nodes 0..nodes-1 of a kind each, and distinct directed edges between different nodes."""

    nodes: int
    kinds: tuple[int, ...]
    edges: tuple[tuple[int, int], ...]


def ring_graph(nodes: int, edges: int, seed: int) -> DrawnGraph:
    """Groups of about 60 with a few hubs each; three edges in a hundred lead anywhere."""
    rng = np.random.default_rng(seed)
    groups = max(1, nodes // _GROUP)
    group = rng.integers(0, groups, nodes)
    members = [np.flatnonzero(group == k) for k in range(groups)]
    found: dict[tuple[int, int], None] = {}
    while len(found) < edges:
        inside = members[int(rng.integers(groups))]
        if rng.random() < _INSIDE and len(inside) > 1:
            a, b = inside[int(len(inside) * rng.random() ** 3)], inside[int(rng.integers(len(inside)))]
        else:
            a, b = rng.integers(nodes, size=2)
        if a != b:
            found[(int(a), int(b))] = None
    return DrawnGraph(nodes, tuple(int(k) for k in rng.integers(0, len(KINDS), nodes)), tuple(found))


def label_of(number: int) -> str:
    """A node's label, the same for all."""
    return f"6222****{number:04d}"


def sum_of(number: int) -> str:
    """An edge's label, the same for all."""
    return f"{(number * 37) % 90 + 10}.5万元 · {number % 7 + 1}×"
