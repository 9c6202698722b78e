"""How the catalog's tables look inside Neo4j: import headers, constraints, indexes, edge identities."""

import hashlib
from collections.abc import Collection, Iterator

import polars as pl

from graph.engines.rows import searchable
from graph.lake.digest import canonical_text
from graph.schema.catalog import (
    RELATION_TYPES,
    STORED_NODES,
    digest_columns,
    node_columns,
    relation_columns,
)
from graph.schema.kinds import COLUMN_TYPES

ENDS: tuple[str, ...] = ("from_type", "from_key", "to_type", "to_key")
EDGE_KEY = "edge_key"
"""Identity of an edge with validity inside Neo4j: a hash of all that counts in the digest."""

_IMPORT_TYPES = {str(types.polars): types.neo4j_import for types in COLUMN_TYPES.values()}


def node_header(name: str) -> list[str]:
    """The import header of a node table, in the catalog's column order; the node's number comes first."""
    return [":ID", *(f"{c}:{_IMPORT_TYPES[str(t)]}" for c, t in node_columns(name).items())]


def relation_header(name: str) -> list[str]:
    """The import header of a relation table; its ends are numbers of nodes."""
    own = [f"{c}:{_IMPORT_TYPES[str(t)]}" for c, t in relation_columns(name).items() if c not in ENDS]
    identity = [] if RELATION_TYPES[name].event else [f"{EDGE_KEY}:string"]
    return [":START_ID", ":END_ID", *own, *identity]


def identity_column(name: str) -> str:
    """The property that tells one relation of this type from every other."""
    return "event_key" if RELATION_TYPES[name].event else EDGE_KEY


def with_identity(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """A relation table with its identity column; rows of equal content get one identity.

    Events bring theirs. For an edge it is 32 hex digits of the sha256 of its canonical text.
    """
    if RELATION_TYPES[name].event:
        return frame
    texts = canonical_text(name, frame, digest_columns(name)).to_list()
    hashes = [hashlib.sha256(text.encode("utf-8")).hexdigest()[:32] for text in texts]
    return frame.with_columns(pl.Series(EDGE_KEY, hashes, dtype=pl.String()))


def constraint_statements(present: Collection[str]) -> Iterator[str]:
    """Cypher that makes keys of the present types unique; each statement may be run again without effect."""
    for name in (n for n in STORED_NODES if n in present):
        yield f"CREATE CONSTRAINT {name}_key IF NOT EXISTS FOR (n:{name}) REQUIRE n.key IS UNIQUE"


def index_statements(present: Collection[str]) -> Iterator[str]:
    """Cypher that makes searches of the present types fast; each may be run again without effect."""
    for name in (n for n in STORED_NODES if n in present):
        yield f"CREATE TEXT INDEX {name}_key_text IF NOT EXISTS FOR (n:{name}) ON (n.key)"
        for column in searchable(name):
            yield f"CREATE INDEX {name}_{column} IF NOT EXISTS FOR (n:{name}) ON (n.{column})"
