"""Shortest path by breadth-first search from both ends, batched one frontier at a time."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from graph.contract import Ref, Subgraph

Adjacent = Callable[[Sequence[Ref]], list[tuple[Ref, Ref]]]
Between = Callable[[Sequence[Ref]], Subgraph]
# A frontier above this is expanded from the other side first; a hub is met, never opened without need.
_WIDE = 50_000


def path_subgraph(adjacent: Adjacent, between: Between, start: Ref, end: Ref, longest: int) -> Subgraph:
    """See `graph.contract.View.paths`: the shortest path with every edge between its neighbours.

    adjacent: as of `shortest_path`; between: the subgraph of some refs, nodes in the order given.
    """
    refs, wide = shortest_path(adjacent, start, end, longest)
    return between_neighbours(refs, wide, between)


def between_neighbours(refs: Sequence[Ref], cut: bool, between: Between) -> Subgraph:
    """The nodes of a way with every edge between its neighbours; of no way nothing, `truncated` as `cut`."""
    if not refs:
        return Subgraph((), (), truncated=cut)
    pairs = {frozenset(pair) for pair in pairwise(refs)}
    whole = between(refs)
    edges = tuple(e for e in whole.edges if frozenset((e.start, e.end)) in pairs)
    return Subgraph(whole.nodes, edges, whole.truncated)


def shortest_path(adjacent: Adjacent, start: Ref, end: Ref, longest: int) -> tuple[list[Ref], bool]:
    """The refs of one shortest path of at most `longest` steps, both ends included; [] when there is none.

    And whether the search ended because it became too wide: then there may be one.

    adjacent: gives all (given, other) pairs of a list of refs. Ties: of all shortest paths the one whose refs
    come first in order, compared from the start.
    """
    if start == end:
        return [start], False
    from_start: dict[Ref, int] = {start: 0}
    from_end: dict[Ref, int] = {end: 0}
    edges: set[tuple[Ref, Ref]] = set()
    ahead, behind = [start], [end]
    for step in range(1, longest + 1):
        forward = bool(ahead) and (not behind or len(ahead) <= len(behind))
        frontier, seen = (ahead, from_start) if forward else (behind, from_end)
        if not frontier or len(frontier) > _WIDE:
            return [], bool(frontier)
        depth = seen[frontier[0]] + 1
        fresh: list[Ref] = []
        for given, other in adjacent(frontier):
            edges.add((given, other) if forward else (other, given))
            if other not in seen:
                seen[other] = depth
                fresh.append(other)
        if forward:
            ahead = fresh
        else:
            behind = fresh
        if any(ref in from_start and ref in from_end for ref in fresh):
            return _first_in_order(edges, from_start, from_end, start, step), False
    return [], False


def _first_in_order(
    edges: set[tuple[Ref, Ref]], from_start: dict[Ref, int], from_end: dict[Ref, int], start: Ref, length: int
) -> list[Ref]:
    onward: dict[Ref, list[Ref]] = {}
    for near, far in edges:
        onward.setdefault(near, []).append(far)
    # Distance to the end, known for every ref that lies on a shortest path.
    left = dict(from_end)
    for ref in sorted(from_start, key=lambda r: -from_start[r]):
        ahead = [left[n] + 1 for n in onward.get(ref, ()) if n in left]
        if ref not in left and ahead:
            left[ref] = min(ahead)
    path = [start]
    while left[path[-1]] > 0:
        here = path[-1]
        path.append(min(n for n in onward[here] if left.get(n) == left[here] - 1))
    return path if len(path) == length + 1 else []
