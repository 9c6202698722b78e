"""From table rows to the contract's nodes and edges, the same on every engine."""

from collections.abc import Iterable, Mapping
from typing import Any

from graph.contract import Edge, Node, Ref
from graph.schema.catalog import NODE_TYPES, PROVENANCE_COLUMNS, relation_type
from graph.schema.kinds import Kind

_EDGE_HEAD = frozenset({"event_key", "from_type", "from_key", "to_type", "to_key", "at"})


def node_of(type_name: str, row: Mapping[str, Any]) -> Node:
    """A node from a row of its table; nulls are left out."""
    properties = {
        name: value
        for name, value in row.items()
        if value is not None and name != "key" and name not in PROVENANCE_COLUMNS
    }
    return Node(Ref(type_name, row["key"]), properties, row.get("source"), row.get("row"))


def edge_of(relation: str, row: Mapping[str, Any]) -> Edge:
    """An edge from a row of its table, with the one or two source rows that prove it."""
    properties = {
        name: value
        for name, value in row.items()
        if value is not None and name not in _EDGE_HEAD and name not in PROVENANCE_COLUMNS
    }
    pairs = ((row.get("source"), row.get("row")), (row.get("other_source"), row.get("other_row")))
    return Edge(
        relation,
        Ref(row["from_type"], row["from_key"]),
        Ref(row["to_type"], row["to_key"]),
        properties,
        row.get("event_key"),
        row.get("at"),
        tuple((source, number) for source, number in pairs if source is not None and number is not None),
    )


def far_ends(edges: Iterable[Edge], ref: Ref) -> list[Ref]:
    """The distinct other ends of `edges` seen from `ref`, in order of first sight."""
    ends = (edge.end if edge.start == ref else edge.start for edge in edges)
    return list(dict.fromkeys(ends))


def amount_column(relation: str) -> str | None:
    """The money column that a relation's sums are made of, None where it has none."""
    fields = relation_type(relation).fields
    return "amount_fen" if "amount_fen" in fields else None


def searchable(name: str) -> tuple[str, ...]:
    """The properties of a node type that a search looks at: identifiers and names."""
    properties = NODE_TYPES[name].properties
    return tuple(p.name for p in properties if p.kind is Kind.IDENTIFIER or p.name == "name")
