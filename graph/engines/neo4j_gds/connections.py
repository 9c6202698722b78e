"""How nodes are connected, on Neo4j: ways along money and shared neighbours."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from graph.contract import Direction, Edge, Expansion, Node, Ref, Route, SharedNeighbours
from graph.engines.money_routes import (
    ACCOUNT,
    MoneySource,
    earliest_route,
    keys_of_accounts,
    strongest_route,
)
from graph.engines.neo4j_gds.layout import EDGE_KEY
from graph.engines.neo4j_gds.session import Session
from graph.engines.rows import amount_column, edge_of
from graph.engines.shared import Link, checked_refs, shared_of
from graph.lookup.payments import payments_of
from graph.schema.catalog import STORED_RELATIONS, table_columns

MOST_FETCHED = 200_000
"""Transfers fetched for one search; what lies behind them is said to be cut."""
_RELATIONS = "|".join(STORED_RELATIONS)
_AT = table_columns("TRANSFER")["at"]
_PAID = {"from_key": pl.String(), "to_key": pl.String(), "at": _AT, "amount_fen": pl.Int64(),
         "event_key": pl.String()}  # fmt: skip


class Neo4jConnections:
    """The part of `View` that joins several nodes."""

    session: Session

    def _nodes(self, refs: Sequence[Ref]) -> tuple[Node, ...]:
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
        """See `View.earliest_route`; only what can be reached is fetched, up to a limit."""
        first, last = keys_of_accounts(starts), keys_of_accounts(ends)
        return earliest_route(self._money(first, since, until), first, last, since, until, strict)

    def strongest_route(
        self,
        starts: Sequence[Ref],
        ends: Sequence[Ref],
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Route:
        """See `View.strongest_route`; only what can be reached is fetched, up to a limit."""
        first, last = keys_of_accounts(starts), keys_of_accounts(ends)
        return strongest_route(self._money(first, since, until), first, last, since, until)

    def shared_neighbours(self, refs: Sequence[Ref], least: int = 2, limit: int = 100) -> SharedNeighbours:
        """See `View.shared_neighbours`."""
        asked = checked_refs(refs)
        return shared_of(self._links(asked), asked, least, limit, self.expansions_of, self._nodes)

    def _money(self, starts: Sequence[str], since: datetime | None, until: datetime | None) -> MoneySource:
        """The transfers that can be reached from `starts`, breadth first."""
        where, given = _within(since, until)
        text = (
            f"UNWIND $keys AS key MATCH (n:{ACCOUNT} {{key: key}})-[r:TRANSFER]->(m:{ACCOUNT}) {where} "
            "RETURN key AS from_key, m.key AS to_key, r.at AS at, r.amount_fen AS amount_fen, "
            "r.event_key AS event_key LIMIT $most"
        )
        rows: list[dict[str, Any]] = []
        seen, frontier, cut = set(starts), list(starts), False
        while frontier and not cut:
            most = MOST_FETCHED + 1 - len(rows)
            found = self.session.rows(text, {**given, "keys": frontier, "most": most})
            rows += found
            cut = len(rows) > MOST_FETCHED
            frontier = sorted({row["to_key"] for row in found} - seen)
            seen.update(frontier)
        frame = pl.DataFrame(rows, schema=_PAID)
        return MoneySource(payments_of(frame), self._between, self._nodes, cut)

    def _between(
        self, payer: str, payee: str, since: datetime | None, until: datetime | None, most: int
    ) -> list[Edge]:
        where, given = _within(since, until)
        text = (
            f"MATCH (n:{ACCOUNT} {{key: $payer}})-[r:TRANSFER]->(m:{ACCOUNT} {{key: $payee}}) {where} "
            f"WITH r {{.*, from_type: '{ACCOUNT}', from_key: n.key, to_type: '{ACCOUNT}', to_key: m.key}} "
            "AS row, r ORDER BY r.at, r.event_key LIMIT $most RETURN row"
        )
        rows = self.session.rows(text, {**given, "payer": payer, "payee": payee, "most": most})
        return [edge_of("TRANSFER", {k: v for k, v in r["row"].items() if k != EDGE_KEY}) for r in rows]

    def _links(self, asked: Sequence[Ref]) -> Iterator[Link]:
        """All links of the nodes asked about, counted by the server."""
        for name in dict.fromkeys(ref.type for ref in asked):
            keys = [ref.key for ref in asked if ref.type == name]
            for way, arrow in ((Direction.OUT, "-[r:{}]->"), (Direction.IN, "<-[r:{}]-")):
                text = (
                    f"UNWIND $keys AS key MATCH (n:{name} {{key: key}}){arrow.format(_RELATIONS)}(m) "
                    "RETURN key, type(r) AS relation, labels(m)[0] AS type, m.key AS other, count(r) AS n, "
                    "count(r.amount_fen) AS paid, sum(r.amount_fen) AS fen"
                )
                for row in self.session.rows(text, {"keys": keys}):
                    money = amount_column(row["relation"]) and row["paid"]
                    yield Link(
                        Ref(name, row["key"]),
                        row["relation"],
                        way,
                        Ref(row["type"], row["other"]),
                        row["n"],
                        row["fen"] if money else None,
                    )


def _within(since: datetime | None, until: datetime | None) -> tuple[str, dict[str, Any]]:
    """A WHERE on r.at, empty without bounds, and its values."""
    bounds = {"since": ("r.at >= $since", since), "until": ("r.at <= $until", until)}
    given = {name: value for name, (_, value) in bounds.items() if value is not None}
    return " AND ".join(bounds[name][0] for name in given).join(["WHERE ", ""] if given else ["", ""]), given
