"""The strongest edges around a node out of what an engine found, the same on every engine."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from graph.contract import Direction, Edge, Node, Ref, Subgraph
from graph.engines.rows import amount_column, far_ends

Found = Callable[[Direction], Iterable[Edge]]
NodesOf = Callable[[Sequence[Ref]], tuple[Node, ...]]


def strongest_around(
    ref: Ref, relation: str, direction: Direction, limit: int, found: Found, nodes_of: NodesOf
) -> Subgraph:
    """See `graph.contract.View.neighbours`.

    found: the edges in one direction, OUT or IN, at least the `limit` + 1 first ones by `strength_order`.
    """
    ways = (Direction.OUT, Direction.IN) if direction is Direction.BOTH else (direction,)
    # A loop goes out and comes in: it counts once.
    edges = [e for way in ways for e in found(way) if way is ways[0] or e.start != e.end]
    kept = sorted(edges, key=strength_order(relation))
    nodes = nodes_of([ref, *far_ends(kept[:limit], ref)])
    return Subgraph(nodes, tuple(kept[:limit]), truncated=len(kept) > limit)


def strength_order(relation: str) -> Callable[[Edge], tuple[Any, ...]]:
    """The sort key of edges: largest amount, latest, then the ends, so that a limit keeps what matters.

    Edges without an amount or a time come last.
    """
    amount = amount_column(relation)

    def key(edge: Edge) -> tuple[Any, ...]:
        money = edge.properties.get(amount) if amount else None
        when = edge.at or edge.properties.get("valid_from_at")
        return (
            -(money if money is not None else -1),
            -when.timestamp() if when else float("inf"),
            edge.event_key or "",
            edge.start.key,
            edge.end.key,
        )

    return key
