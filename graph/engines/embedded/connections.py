"""How nodes are connected, on the embedded engine: ways along money and shared neighbours."""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from graph.contract import Edge, Expansion, Node, Ref, Route, SharedNeighbours, Subgraph
from graph.engines.embedded.nearby import Nearby
from graph.engines.money_routes import (
    ACCOUNT,
    MoneySource,
    earliest_route,
    keys_of_accounts,
    strongest_route,
)
from graph.engines.paths import between_neighbours
from graph.engines.rows import edge_of
from graph.engines.shared import MOST_WEIGHED, Link, checked_refs, shared_of
from graph.lake.tables import LakeTables
from graph.lookup.links import NO_MONEY, Links, direction_of, kept_links, links_in, relation_of
from graph.lookup.payments import Payments, payments_in
from graph.lookup.walk import shortest_walk


class EmbeddedConnections:
    """The part of `View` that joins several nodes; the transfers are mapped when first asked for."""

    tables: LakeTables
    lookups: Path | None
    _payments: Payments | None
    _links: Links | None
    _quick: Nearby | None
    _mapping: threading.Lock

    def _rows(self, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        raise NotImplementedError

    def _nodes(self, refs: Sequence[Ref]) -> tuple[Node, ...]:
        raise NotImplementedError

    def subgraph(self, refs: Sequence[Ref], limit: int = 5000) -> Subgraph:
        """See `View.subgraph`."""
        raise NotImplementedError

    def expansions_of(self, refs: Sequence[Ref]) -> dict[Ref, tuple[Expansion, ...]]:
        """See `View.expansions_of`."""
        raise NotImplementedError

    def earliest_route(
        self,
        starts: Sequence[Ref],
        ends: Sequence[Ref],
        since: datetime | None = None,
        until: datetime | None = None,
        strict: bool = True,
    ) -> Route:
        """See `View.earliest_route`."""
        first, last = keys_of_accounts(starts), keys_of_accounts(ends)
        return earliest_route(self._money(), first, last, since, until, strict)

    def strongest_route(
        self,
        starts: Sequence[Ref],
        ends: Sequence[Ref],
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Route:
        """See `View.strongest_route`."""
        first, last = keys_of_accounts(starts), keys_of_accounts(ends)
        return strongest_route(self._money(), first, last, since, until)

    def shared_neighbours(self, refs: Sequence[Ref], least: int = 2, limit: int = 100) -> SharedNeighbours:
        """See `View.shared_neighbours`."""
        asked = checked_refs(refs)
        links = _shared_links(self._all_links(), asked, least)
        return shared_of(links, asked, least, limit, self.expansions_of, self._nodes)

    def paths(self, start: Ref, end: Ref, longest: int = 6) -> Subgraph:
        """See `View.paths`; a breadth-first search from both ends in turn."""
        links = self._all_links()
        ends = links.number(start), links.number(end)
        if ends[0] is None or ends[1] is None:
            return Subgraph((), ())
        way, cut = shortest_walk(links, ends[0], ends[1], longest)
        return between_neighbours([links.ref(node) for node in way], cut, self.subgraph)

    def _money(self) -> MoneySource:
        with self._mapping:
            if self._payments is None:
                self._payments = payments_in(self.lookups, self.tables)
        return MoneySource(self._payments, self._between, self._nodes)

    def _between(
        self, payer: str, payee: str, since: datetime | None, until: datetime | None, most: int
    ) -> list[Edge]:
        quick = self._nearby()
        rows = quick.paid(payer, payee, since, until, most) if quick is not None else None
        if rows is None:
            rows = self._paid(payer, payee, since, until, most)
        return [edge_of("TRANSFER", row) for row in rows]

    def _paid(
        self, payer: str, payee: str, since: datetime | None, until: datetime | None, most: int
    ) -> list[dict[str, Any]]:
        bounds = ['"at" >= $since'] if since is not None else []
        bounds += ['"at" <= $until'] if until is not None else []
        given = {"payer": payer, "payee": payee, "account": ACCOUNT, "most": most}
        given |= {"since": since} if since is not None else {}
        given |= {"until": until} if until is not None else {}
        where = " AND ".join(["from_key = $payer", "from_type = $account", "to_key = $payee", *bounds])
        return self._rows(f'SELECT * FROM transfer WHERE {where} ORDER BY "at", event_key LIMIT $most', given)

    def _linked(self, make: bool = False) -> Links | None:
        """The links as arrays; None while nobody has had them made."""
        with self._mapping:
            if self._links is None:
                lake = self.tables
                self._links = links_in(self.lookups, lake) if make else kept_links(self.lookups, lake)
            return self._links

    def _nearby(self) -> Nearby | None:
        """Quick rows, once the links are kept on disk; who had the links made pays for the nodes too."""
        links = self._linked()
        with self._mapping:
            if self._quick is None and links is not None and self.lookups is not None:
                self._quick = Nearby(self.tables, links, self.lookups)
            return self._quick

    def _all_links(self) -> Links:
        links = self._linked(make=True)
        assert links is not None  # noqa: S101  (made just now)
        return links


def _shared_links(links: Links, asked: Sequence[Ref], least: int) -> list[Link]:
    """The links of those nodes that at least `least` of `asked` have in common."""
    numbers = {number: ref for ref in asked if (number := links.number(ref)) is not None}
    own = [np.arange(links.of(number).start, links.of(number).stop) for number in numbers]
    places = np.concatenate(own) if own else np.zeros(0, np.int64)
    nears = np.repeat(np.array(list(numbers), np.int64), [len(one) for one in own])
    fars = links.other[places]
    pairs = np.unique(np.stack([fars.astype(np.int64), nears]), axis=1)
    shared, linked = np.unique(pairs[0], return_counts=True)
    enough = (linked >= least) & ~np.isin(shared, list(numbers))
    shared, linked = shared[enough], linked[enough]
    # Numbers go in the order of refs: the most linked first, then by ref, one more than can be weighed.
    kept = np.isin(fars, shared[np.lexsort((shared, -linked))][: MOST_WEIGHED + 1])
    return [
        Link(
            numbers[int(near)],
            relation_of(int(links.way[place])),
            direction_of(int(links.way[place])),
            links.ref(int(links.other[place])),
            int(links.rows[place]),
            int(links.fen[place]) if links.fen[place] != NO_MONEY else None,
        )
        for place, near in zip(places[kept], nears[kept], strict=True)
    ]
