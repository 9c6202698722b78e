"""Look-ups on the embedded engine: parameterised SQL over the canonical tables."""

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from graph.contract import Direction, Edge, Expansion, Node, Promise, Ref, Subgraph
from graph.engines.embedded.algorithms import EmbeddedAlgorithms
from graph.engines.embedded.connections import EmbeddedConnections
from graph.engines.embedded.expansions import count_expansions, view_name
from graph.engines.embedded.kept import Expansions, Kept, counted
from graph.engines.neighbours import strongest_around
from graph.engines.rows import amount_column, edge_of, node_of, searchable
from graph.lake.digest import GraphDigest, graph_digest
from graph.lake.duck import connect
from graph.lake.shape import in_order
from graph.lake.tables import LakeTables
from graph.schema.catalog import (
    RELATION_TYPES,
    STORED_NODES,
    STORED_RELATIONS,
    node_type,
    relation_type,
)

# Expansions of so many nodes, and charts of so many nodes and rows together, are kept for the next drawing.
_KEPT_EXPANSIONS = 50_000
_KEPT_ROWS = 60_000


class EmbeddedEngine(EmbeddedConnections, EmbeddedAlgorithms):
    """View and Algorithms over one state of the lake.

    Threads may share it, their look-ups take turns: a screen that is drawn again starts while the look-up of
    the drawing it replaces still runs.
    """

    name = "embedded"
    promises = frozenset({Promise.VIEW, Promise.ALGORITHMS})

    def __init__(self, tables: LakeTables, lookups: Path | None = None) -> None:
        """lookups: the folder where look-up files are kept; None holds them in memory."""
        self.tables = tables
        self.lookups = lookups
        self._payments = None
        self._links = None
        self._quick = None
        self._mapping = threading.Lock()
        # Opened by the first look-up: a run that only needs algorithms never pays for its views.
        self._duck: duckdb.DuckDBPyConnection | None = None
        self._closed = False
        self._turn = threading.Lock()
        self._expansions: Kept[Ref, Expansions] = Kept(_KEPT_EXPANSIONS)
        self._subgraphs: Kept[tuple[tuple[Ref, ...], int], Subgraph] = Kept(
            _KEPT_ROWS, lambda found: len(found.edges) + len(found.nodes)
        )

    def close(self) -> None:
        """Let go of the connection; a second call does nothing."""
        with self._turn:
            if self._duck is not None:
                self._duck.close()
                self._duck = None
            self._closed = True

    def search(self, text: str, types: Sequence[str] = (), limit: int = 20) -> tuple[Node, ...]:
        """See `View.search`."""
        wanted = text.strip()
        if not wanted:
            return ()
        hits: list[tuple[int, int, str, Node]] = []
        for order, name in enumerate(STORED_NODES):
            if (types and name not in types) or not self.tables.rows.get(name):
                continue
            for row in self._search_one(name, wanted, limit):
                rank = row.pop("search_rank")
                hits.append((rank, order, row["key"], node_of(name, row)))
        hits.sort(key=lambda hit: hit[:3])
        return tuple(hit[3] for hit in hits[:limit])

    def _search_one(self, name: str, wanted: str, limit: int) -> list[dict[str, Any]]:
        columns = ["key", *searchable(name)]
        exact = " OR ".join(f'"{c}" = $text' for c in columns)
        # A key may carry a prefix (`imei:`, `courier:`): what follows the colon is what people type.
        prefix = " OR ".join(f'starts_with("{c}", $text)' for c in columns)
        prefix += " OR contains(\"key\", ':' || $text)"
        return self._rows(
            f'SELECT *, CASE WHEN {exact} THEN 0 ELSE 1 END AS search_rank FROM "{name.lower()}" '
            f"WHERE {exact} OR {prefix} ORDER BY search_rank, key LIMIT $limit",
            {"text": wanted, "limit": limit},
        )

    def get(self, ref: Ref) -> Node | None:
        """See `View.get`."""
        node_type(ref.type)
        found = self._nodes([ref])
        return found[0] if found else None

    def nodes(self, refs: Sequence[Ref]) -> tuple[Node, ...]:
        """See `View.nodes`."""
        return self._nodes(list(dict.fromkeys(refs)))

    def expansions(self, ref: Ref) -> tuple[Expansion, ...]:
        """See `View.expansions`."""
        return self.expansions_of([ref])[ref]

    def expansions_of(self, refs: Sequence[Ref]) -> dict[Ref, tuple[Expansion, ...]]:
        """See `View.expansions_of`; from the look-up files where they are made, else in one query."""
        links = self._linked()
        if links is not None:
            return {ref: links.expansions(ref) for ref in refs}
        return counted(
            self._expansions, refs, lambda some: count_expansions(self._rows, self.tables.rows, some)
        )

    def neighbours(
        self, ref: Ref, relation: str, direction: Direction = Direction.BOTH, limit: int = 100
    ) -> Subgraph:
        """See `View.neighbours`."""
        relation_type(relation)

        def found(way: Direction) -> list[Edge]:
            quick = self._nearby()
            rows = quick.rows(ref, relation, way, limit + 1) if quick is not None else None
            if rows is None:
                asked = {"type": ref.type, "key": ref.key, "limit": limit + 1}
                rows = self._rows(_around_text(relation, way), asked)
            return [edge_of(relation, row) for row in rows]

        return strongest_around(ref, relation, direction, limit, found, self._nodes)

    def subgraph(self, refs: Sequence[Ref], limit: int = 5000) -> Subgraph:
        """See `View.subgraph`."""
        question = (tuple(refs), limit)
        found = self._subgraphs.get(question)
        if found is None:
            found = self._subgraph(refs, limit)
            self._subgraphs.put(question, found)
        return found

    def _subgraph(self, refs: Sequence[Ref], limit: int) -> Subgraph:
        edges: list[Edge] = []
        links = self._linked()
        present = links.between(refs) if links is not None else frozenset(STORED_RELATIONS)
        types = {ref.type for ref in refs}
        for relation in STORED_RELATIONS:
            if relation not in present or not self.tables.rows.get(relation) or len(edges) > limit:
                continue
            # A question of a big table costs a tenth of a second even when no node here can have such a row.
            if not any(start in types and end in types for start, end in RELATION_TYPES[relation].ends):
                continue
            order = '"at", event_key' if RELATION_TYPES[relation].event else "valid_from_at NULLS LAST"
            rows = self._rows(
                _with_wanted(
                    # The keys alone narrow a scan down; a pair of columns is looked up row by row.
                    f'SELECT * FROM "{relation.lower()}" WHERE from_key IN (SELECT k FROM wanted) '
                    "AND to_key IN (SELECT k FROM wanted) "
                    "AND (from_type, from_key) IN (FROM wanted) AND (to_type, to_key) IN (FROM wanted) "
                    f"ORDER BY from_type, from_key, to_type, to_key, {order} LIMIT $limit"
                ),
                {**_lists(refs), "limit": limit + 1 - len(edges)},
            )
            edges += [edge_of(relation, row) for row in rows]
        nodes = self._nodes(list(dict.fromkeys(refs)))
        return Subgraph(nodes, tuple(edges[:limit]), truncated=len(edges) > limit)

    def edges(
        self, relation: str, since: datetime | None = None, until: datetime | None = None
    ) -> pl.DataFrame:
        """See `View.edges`."""
        frame = self.tables.scan(relation)
        if relation_type(relation).event:
            if since is not None:
                frame = frame.filter(pl.col("at") >= since)
            if until is not None:
                frame = frame.filter(pl.col("at") <= until)
        rows = frame.collect()
        return in_order(relation, rows) if self.tables.stack(relation).layers else rows

    def counts(self) -> dict[str, int]:
        """See `View.counts`."""
        return {name: rows for name, rows in self.tables.rows.items() if rows}

    def digest(self) -> GraphDigest:
        """See `View.digest`; computed from the files, not read from the manifest."""
        return graph_digest({name: self.tables.frame(name) for name in self.counts()})

    def _nodes(self, refs: Sequence[Ref]) -> tuple[Node, ...]:
        found: dict[Ref, Node] = {}
        quick = self._nearby()
        if quick is not None:
            found = {ref: node_of(ref.type, row) for ref, row in quick.nodes(refs).items()}
            return tuple(found[ref] for ref in refs if ref in found)
        for name in dict.fromkeys(ref.type for ref in refs):
            keys = [ref.key for ref in refs if ref.type == name]
            rows = self._rows(
                f'SELECT * FROM "{name.lower()}" WHERE key IN (SELECT unnest($keys))', {"keys": keys}
            )
            found |= {Ref(name, row["key"]): node_of(name, row) for row in rows}
        return tuple(found[ref] for ref in refs if ref in found)

    def _rows(self, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        with self._turn:
            if self._closed:
                raise RuntimeError("this engine is closed")
            self._duck = self._duck or connect(self.tables)
            answer = self._duck.sql(sql, params=dict(values)).to_arrow_table()
        frame = pl.from_arrow(answer)
        assert isinstance(frame, pl.DataFrame)  # noqa: S101  (a table is never a series)
        return frame.to_dicts()


def strongest_first(relation: str) -> str:
    """`strength_order` as an ORDER BY, so that a limit keeps what matters."""
    amount = amount_column(relation)
    head = [f"{amount} DESC NULLS LAST"] if amount else []
    if RELATION_TYPES[relation].event:
        return ", ".join([*head, '"at" DESC', "event_key"])
    return ", ".join([*head, "valid_from_at DESC NULLS LAST", "from_key", "to_key"])


def _around_text(relation: str, way: Direction) -> str:
    near = "from" if way is Direction.OUT else "to"
    return (
        f'SELECT * FROM "{view_name(relation, way)}" WHERE {near}_type = $type AND {near}_key = $key '
        f"ORDER BY {strongest_first(relation)} LIMIT $limit"
    )


def _with_wanted(sql: str) -> str:
    return f"WITH wanted AS (SELECT unnest($types) AS t, unnest($keys) AS k) {sql}"


def _lists(refs: Sequence[Ref]) -> dict[str, list[str]]:
    return {"types": [ref.type for ref in refs], "keys": [ref.key for ref in refs]}
