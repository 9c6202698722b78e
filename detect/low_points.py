"""Cut nodes and bridges of a small graph with the holders of each part left, by one depth-first search."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from graph.contract import Ints, Mask


@dataclass(slots=True)
class _Search:
    """State of the search: order of discovery, lowest order reachable, holders below, subtrees cut off."""

    found: list[int]
    low: list[int]
    below: list[int]
    parent: list[int]
    steps: list[int]
    cut: dict[int, list[int]] = field(default_factory=dict)
    bridges: list[tuple[int, int]] = field(default_factory=list)


def split_off(a: Ints, b: Ints, head: Mask) -> Iterator[tuple[int, int, list[int]]]:
    """Every node (other -1) and every pair whose removal leaves more parts than before.

    a, b: connected pairs, each once. head: nodes that are counted. Yields node, other, counted nodes of every
    part then left (zeros included). Time is linear in the pairs. Source: Hopcroft & Tarjan 1973.
    """
    near: list[list[int]] = [[] for _ in range(len(head))]
    for one, other in zip(a.tolist(), b.tolist(), strict=True):
        near[one].append(other)
        near[other].append(one)
    count = len(head)
    state = _Search([-1] * count, [0] * count, [int(h) for h in head.tolist()], [-1] * count, [0] * count)
    roots, order, of_root = [], 0, [-1] * count
    for root in range(count):
        if state.found[root] < 0:
            roots.append(root)
            order = _search(near, root, order, state, of_root)
    elsewhere = {root: [state.below[other] for other in roots if other != root] for root in roots}
    for node in sorted(state.cut):
        root = of_root[node]
        parts = [state.below[child] for child in state.cut[node]]
        rest = state.below[root] - sum(parts) - int(head[node])
        left = [*parts, *([] if node == root else [rest]), *elsewhere[root]]
        if len(parts) + (node != root) > 1:
            yield node, -1, left
    for above, child in sorted(state.bridges):
        root = of_root[child]
        side = state.below[child]
        yield min(above, child), max(above, child), [side, state.below[root] - side, *elsewhere[root]]


def _search(near: list[list[int]], root: int, order: int, state: _Search, of_root: list[int]) -> int:
    """One search from `root`; gives the next free order. Recursion would end at a thousand nodes."""
    steps = state.steps
    stack = [root]
    while stack:
        node = stack[-1]
        if state.found[node] < 0:
            state.found[node] = state.low[node] = order
            of_root[node] = root
            order += 1
        if steps[node] < len(near[node]):
            other = near[node][steps[node]]
            steps[node] += 1
            if state.found[other] < 0:
                state.parent[other] = node
                stack.append(other)
            elif other != state.parent[node]:
                state.low[node] = min(state.low[node], state.found[other])
            continue
        stack.pop()
        above = state.parent[node]
        if above < 0:
            continue
        state.low[above] = min(state.low[above], state.low[node])
        state.below[above] += state.below[node]
        if state.low[node] >= state.found[above]:
            state.cut.setdefault(above, []).append(node)
        if state.low[node] > state.found[above]:
            state.bridges.append((above, node))
    return order
