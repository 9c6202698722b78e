"""Which nodes several others have in common, out of the links an engine counted; the same on every engine."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from graph.contract import Direction, Expansion, Node, Ref, Shared, SharedLink, SharedNeighbours
from graph.errors import InputError
from graph.schema.catalog import STORED_RELATIONS

MOST_ASKED = 200
MOST_WEIGHED = 500
"""Shared neighbours whose own size is looked at; those linked to most of the nodes asked about."""
HUB_ABOVE = 1_000
"""A node linked to more others is a hub: that two nodes share it says little."""


class Link(NamedTuple):
    """The rows of one relation between a node asked about (near) and another, counted."""

    near: Ref
    relation: str
    direction: Direction
    far: Ref
    rows: int
    amount_fen: int | None


def checked_refs(refs: Sequence[Ref]) -> list[Ref]:
    """The distinct refs; InputError when they are fewer than two or too many."""
    asked = list(dict.fromkeys(refs))
    if not 2 <= len(asked) <= MOST_ASKED:
        raise InputError(f"Common neighbours are of 2 to {MOST_ASKED} nodes; {len(asked)} were given.")
    return asked


def shared_of(
    links: Iterable[Link],
    asked: Sequence[Ref],
    least: int,
    limit: int,
    expansions_of: Callable[[Sequence[Ref]], dict[Ref, tuple[Expansion, ...]]],
    nodes_of: Callable[[Sequence[Ref]], tuple[Node, ...]],
) -> SharedNeighbours:
    """See `graph.contract.View.shared_neighbours`; `links` holds at least those of what is shared."""
    inside = set(asked)
    around: dict[Ref, list[Link]] = {}
    for link in links:
        if link.far not in inside:
            around.setdefault(link.far, []).append(link)
    linked = {ref: len({link.near for link in own}) for ref, own in around.items()}
    enough = sorted((ref for ref, n in linked.items() if n >= least), key=lambda ref: (-linked[ref], ref))
    weighed = enough[:MOST_WEIGHED]
    sizes = {ref: sum(e.others for e in own) for ref, own in expansions_of(weighed).items()}
    nodes = {node.ref: node for node in nodes_of(weighed)}
    found = [
        Shared(nodes[ref], linked[ref], _links(around[ref]), sizes[ref], sizes[ref] > HUB_ABOVE)
        for ref in weighed
        if ref in nodes
    ]
    found.sort(key=lambda one: (one.hub, -one.linked, -_money(one), one.node.ref))
    return SharedNeighbours(tuple(found[:limit]), len(enough) > len(weighed) or len(found) > limit)


def _links(links: Sequence[Link]) -> tuple[SharedLink, ...]:
    """One a relation and direction, in catalog order, out before in."""
    groups: dict[tuple[int, bool], list[Link]] = {}
    for link in links:
        place = STORED_RELATIONS.index(link.relation), link.direction is Direction.IN
        groups.setdefault(place, []).append(link)
    return tuple(
        SharedLink(
            own[0].relation,
            own[0].direction,
            len({link.near for link in own}),
            sum(link.rows for link in own),
            sum(money) if (money := [x.amount_fen for x in own if x.amount_fen is not None]) else None,
        )
        for _, own in sorted(groups.items())
    )


def _money(one: Shared) -> int:
    return sum(link.amount_fen or 0 for link in one.links)
