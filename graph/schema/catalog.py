"""The one catalog of types; constraints, lake schemas, labels, masks and docs are derived from it."""

import polars as pl

from graph.errors import SchemaError
from graph.schema.kinds import COLUMN_TYPES, Kind
from graph.schema.nodes import NODES
from graph.schema.relations import RELATIONS
from graph.schema.types import NodeType, RelationType

NODE_TYPES: dict[str, NodeType] = {node.name: node for node in NODES}
RELATION_TYPES: dict[str, RelationType] = {relation.name: relation for relation in RELATIONS}
STORED_NODES: tuple[str, ...] = tuple(n.name for n in NODES if n.stored)
STORED_RELATIONS: tuple[str, ...] = tuple(r.name for r in RELATIONS if r.stored)

_INSTANT = COLUMN_TYPES[Kind.INSTANT].polars
_PROVENANCE: dict[str, pl.DataType] = {"source": pl.String(), "row": pl.Int64()}


def node_type(name: str) -> NodeType:
    """The node type called `name`; SchemaError when the catalog has none."""
    if name not in NODE_TYPES:
        raise SchemaError(f"The catalog has no node type {name!r}; see docs/schema.md for the types.")
    return NODE_TYPES[name]


def relation_type(name: str) -> RelationType:
    """The relation type called `name`; SchemaError when the catalog has none."""
    if name not in RELATION_TYPES:
        raise SchemaError(f"The catalog has no relation type {name!r}; see docs/schema.md for the types.")
    return RELATION_TYPES[name]


def node_columns(name: str) -> dict[str, pl.DataType]:
    """Columns of a node table in order: key, properties, then source (sha256) and row of first sight."""
    properties = {p.name: COLUMN_TYPES[p.kind].polars for p in node_type(name).properties}
    return {"key": pl.String(), **properties, **_PROVENANCE}


def relation_columns(name: str) -> dict[str, pl.DataType]:
    """Columns of a relation table in order.

    Event: event_key, from_type, from_key, to_type, to_key, at, region, properties, source, row,
    other_source, other_row (the mirror row in a second source, or null).
    Edge: from_type, from_key, to_type, to_key, valid_from_at, valid_to_at, confidence, properties,
    source, row.
    """
    relation = relation_type(name)
    ends: dict[str, pl.DataType] = {c: pl.String() for c in ("from_type", "from_key", "to_type", "to_key")}
    properties = {p.name: COLUMN_TYPES[p.kind].polars for p in relation.properties}
    if relation.event:
        head = {"event_key": pl.String(), **ends, "at": _INSTANT, "region": pl.String()}
        tail = {**_PROVENANCE, "other_source": pl.String(), "other_row": pl.Int64()}
        return {**head, **properties, **tail}
    validity = {"valid_from_at": _INSTANT, "valid_to_at": _INSTANT, "confidence": pl.Float64()}
    return {**ends, **validity, **properties, **_PROVENANCE}


def table_columns(name: str) -> dict[str, pl.DataType]:
    """Columns of the table of any stored type."""
    return node_columns(name) if name in NODE_TYPES else relation_columns(name)


def stored_tables() -> tuple[str, ...]:
    """Names of all canonical tables, nodes first, in catalog order."""
    return STORED_NODES + STORED_RELATIONS


PROVENANCE_COLUMNS: frozenset[str] = frozenset({"source", "row", "other_source", "other_row"})


def digest_columns(name: str) -> tuple[str, ...]:
    """Columns that count in the graph digest: all but provenance, so that a split file changes nothing."""
    return tuple(c for c in table_columns(name) if c not in PROVENANCE_COLUMNS)
