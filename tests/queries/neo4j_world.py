"""Puts an example world into a real Neo4j as the only graph there."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl
from neo4j import Driver

from graph.schema.catalog import NODE_TYPES

ENDS = ("from_type", "from_key", "to_type", "to_key")
# Three texts for every world, so that the server plans them once.
_NODES = "UNWIND $rows AS row CREATE (n:$(row.type)) SET n = row.own"
_RELATIONS = (
    "UNWIND $rows AS row MATCH (a:$(row.from_type) {key: row.from_key}) "
    "MATCH (b:$(row.to_type) {key: row.to_key}) CREATE (a)-[r:$(row.type)]->(b) SET r = row.own"
)


def put_world(driver: Driver, frames: Mapping[str, pl.DataFrame]) -> None:
    """Delete everything, then write the canonical tables with the properties that the sync gives them."""
    nodes = [row for name in frames if name in NODE_TYPES for row in _rows(name, frames[name])]
    relations = [row for name in frames if name not in NODE_TYPES for row in _rows(name, frames[name])]
    with driver.session() as session, session.begin_transaction() as transaction:
        transaction.run("MATCH (n) DETACH DELETE n").consume()
        transaction.run(_NODES, rows=nodes).consume()
        made = transaction.run(_RELATIONS, rows=relations).consume().counters.relationships_created
        assert made == len(relations)
        transaction.commit()


def _rows(name: str, frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Each row with its type and, apart, its properties without nulls; instants as offset UTC."""
    for row in frame.iter_rows(named=True):
        own = {
            column: value.astimezone(UTC) if isinstance(value, datetime) else value
            for column, value in row.items()
            if value is not None and column not in ENDS
        }
        yield {"type": name, "own": own, **{end: row[end] for end in ENDS if end in row}}
