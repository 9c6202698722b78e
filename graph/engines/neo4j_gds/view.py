"""Look-ups on Neo4j: parameterised Cypher with names from the catalog."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from graph.contract import Direction, Edge, Expansion, Node, Ref, Subgraph
from graph.engines.neighbours import strongest_around
from graph.engines.neo4j_gds.connections import Neo4jConnections
from graph.engines.neo4j_gds.layout import EDGE_KEY
from graph.engines.neo4j_gds.readback import read_counts, read_table
from graph.engines.neo4j_gds.session import Session
from graph.engines.paths import path_subgraph
from graph.engines.rows import amount_column, edge_of, node_of, searchable
from graph.lake.digest import GraphDigest, graph_digest
from graph.schema.catalog import RELATION_TYPES, STORED_NODES, STORED_RELATIONS, node_type, relation_type

_RELATIONS = "|".join(STORED_RELATIONS)


class Neo4jView(Neo4jConnections):
    """See `graph.contract.View`."""

    session: Session

    def search(self, text: str, types: Sequence[str] = (), limit: int = 20) -> tuple[Node, ...]:
        """See `View.search`."""
        wanted = text.strip()
        if not wanted:
            return ()
        hits: list[tuple[int, int, str, Node]] = []
        present = self.counts()
        for order, name in enumerate(STORED_NODES):
            if name in present and (not types or name in types):
                for row in self.session.rows(_search_text(name), {"text": wanted, "limit": limit}):
                    node = node_of(name, row["node"])
                    hits.append((row["rank"], order, node.ref.key, node))
        hits.sort(key=lambda hit: hit[:3])
        return tuple(hit[3] for hit in hits[:limit])

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
        """See `View.expansions_of`; one query a node type and direction."""
        found: dict[Ref, list[tuple[int, int, str, Expansion]]] = {ref: [] for ref in refs}
        for name in dict.fromkeys(ref.type for ref in refs):
            keys = [ref.key for ref in refs if ref.type == name]
            for way, direction in enumerate((Direction.OUT, Direction.IN)):
                text = (
                    f"UNWIND $keys AS key MATCH (n:{name} {{key: key}}){_arrow(_RELATIONS, direction)}(m) "
                    "RETURN key, type(r) AS relation, labels(m)[0] AS other, count(r) AS n, "
                    "count(DISTINCT m) AS others, count(r.amount_fen) AS paid, sum(r.amount_fen) AS fen"
                )
                for row in self.session.rows(text, {"keys": list(dict.fromkeys(keys))}):
                    relation = row["relation"]
                    fen = row["fen"] if amount_column(relation) and row["paid"] else None
                    expansion = Expansion(relation, direction, row["other"], row["n"], row["others"], fen)
                    place = STORED_RELATIONS.index(relation), way, row["other"]
                    found[Ref(name, row["key"])].append((*place, expansion))
        return {ref: tuple(e[3] for e in sorted(found[ref], key=lambda e: e[:3])) for ref in found}

    def neighbours(
        self, ref: Ref, relation: str, direction: Direction = Direction.BOTH, limit: int = 100
    ) -> Subgraph:
        """See `View.neighbours`."""
        relation_type(relation)
        node_type(ref.type)

        def found(way: Direction) -> list[Edge]:
            text = (
                f"MATCH (n:{ref.type} {{key: $key}}){_arrow(relation, way)}(m) "
                f"WITH {_row(way)} AS row, r ORDER BY {_strongest_first(relation)} LIMIT $limit RETURN row"
            )
            rows = self.session.rows(text, {"key": ref.key, "limit": limit + 1})
            return [_edge(relation, row["row"]) for row in rows]

        return strongest_around(ref, relation, direction, limit, found, self._nodes)

    def paths(self, start: Ref, end: Ref, longest: int = 6) -> Subgraph:
        """See `View.paths`; a breadth-first search from both ends in turn."""
        return path_subgraph(self._adjacent, self.subgraph, start, end, longest)

    def _adjacent(self, refs: Sequence[Ref]) -> list[tuple[Ref, Ref]]:
        """All (given, other) pairs one relation away from `refs`, sorted."""
        found: list[tuple[Ref, Ref]] = []
        for name in dict.fromkeys(ref.type for ref in refs):
            text = (
                f"UNWIND $keys AS key MATCH (n:{name} {{key: key}})-[:{_RELATIONS}]-(m) "
                "RETURN DISTINCT key, labels(m)[0] AS type, m.key AS other"
            )
            rows = self.session.rows(text, {"keys": [ref.key for ref in refs if ref.type == name]})
            found += [(Ref(name, row["key"]), Ref(row["type"], row["other"])) for row in rows]
        return sorted(found)

    def subgraph(self, refs: Sequence[Ref], limit: int = 5000) -> Subgraph:
        """See `View.subgraph`."""
        wanted = list(dict.fromkeys(refs))
        edges: list[Edge] = []
        for relation in STORED_RELATIONS:
            for start, end in sorted(RELATION_TYPES[relation].ends):
                starts = [ref.key for ref in wanted if ref.type == start]
                ends = [ref.key for ref in wanted if ref.type == end]
                if starts and ends and len(edges) <= limit:
                    text = _between_text(relation, start, end)
                    values = {"starts": starts, "ends": ends, "limit": limit + 1 - len(edges)}
                    edges += [_edge(relation, row["row"]) for row in self.session.rows(text, values)]
        return Subgraph(self._nodes(wanted), tuple(edges[:limit]), truncated=len(edges) > limit)

    def edges(
        self, relation: str, since: datetime | None = None, until: datetime | None = None
    ) -> pl.DataFrame:
        """See `View.edges`."""
        limits = {"since": since, "until": until} if relation_type(relation).event else {}
        given = {name: value for name, value in limits.items() if value is not None}
        signs = {"since": ">=", "until": "<="}
        where = " AND ".join(f"r.at {signs[name]} ${name}" for name in given)
        return read_table(self.session, relation, where, given)

    def counts(self) -> dict[str, int]:
        """See `View.counts`."""
        return read_counts(self.session)

    def digest(self) -> GraphDigest:
        """See `View.digest`; reads every element over Bolt."""
        return graph_digest({name: read_table(self.session, name) for name in self.counts()})

    def _nodes(self, refs: Sequence[Ref]) -> tuple[Node, ...]:
        found: dict[Ref, Node] = {}
        for name in dict.fromkeys(ref.type for ref in refs):
            text = f"MATCH (n:{name}) WHERE n.key IN $keys RETURN properties(n) AS node"
            rows = self.session.rows(text, {"keys": [ref.key for ref in refs if ref.type == name]})
            found |= {Ref(name, row["node"]["key"]): node_of(name, row["node"]) for row in rows}
        return tuple(found[ref] for ref in refs if ref in found)


def _arrow(relation: str, direction: Direction) -> str:
    return f"-[r:{relation}]->" if direction is Direction.OUT else f"<-[r:{relation}]-"


def _row(direction: Direction) -> str:
    """A relation row as a map with its ends, seen from n."""
    start, end = ("n", "m") if direction is Direction.OUT else ("m", "n")
    ends = (
        f"from_type: labels({start})[0], from_key: {start}.key, to_type: labels({end})[0], to_key: {end}.key"
    )
    return f"r {{.*, {ends}}}"


def _edge(relation: str, row: Mapping[str, Any]) -> Edge:
    return edge_of(relation, {name: value for name, value in row.items() if name != EDGE_KEY})


def _between_text(relation: str, start: str, end: str) -> str:
    order = "r.at, r.event_key" if RELATION_TYPES[relation].event else "r.valid_from_at"
    return (
        f"MATCH (n:{start}) WHERE n.key IN $starts MATCH (n)-[r:{relation}]->(m:{end}) WHERE m.key IN $ends "
        f"WITH {_row(Direction.OUT)} AS row, r, n, m ORDER BY n.key, m.key, {order} LIMIT $limit RETURN row"
    )


def _search_text(name: str) -> str:
    """One branch a column and kind of match, so that each is an index look-up."""
    columns = ["key", *searchable(name)]
    tests = [f"n.{c} = $text" for c in columns]
    # A key may carry a prefix (`imei:`, `courier:`): what follows the colon is what people type.
    near = [*(f"n.{c} STARTS WITH $text" for c in columns), "n.key CONTAINS ':' + $text"]
    branches = [f"MATCH (n:{name}) WHERE {test} RETURN n, 0 AS rank" for test in tests]
    branches += [f"MATCH (n:{name}) WHERE {test} RETURN n, 1 AS rank" for test in near]
    return (
        f"CALL () {{ {' UNION '.join(branches)} }} WITH n, min(rank) AS rank ORDER BY rank, n.key "
        "LIMIT $limit RETURN properties(n) AS node, rank"
    )


def _strongest_first(relation: str) -> str:
    """`strength_order` as an ORDER BY, so that a limit keeps what matters."""
    head = ["coalesce(r.amount_fen, -1) DESC"] if amount_column(relation) else []
    if RELATION_TYPES[relation].event:
        return ", ".join([*head, "r.at DESC", "r.event_key"])
    return ", ".join([*head, "r.valid_from_at IS NULL", "r.valid_from_at DESC", "row.from_key", "row.to_key"])
