"""Puts an example world into a real Neo4j as the only graph there."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl
from neo4j import Driver

from graph.schema.catalog import NODE_TYPES

ENDS = ("from_type", "from_key", "to_type", "to_key")


def put_world(driver: Driver, frames: Mapping[str, pl.DataFrame]) -> None:
    """Delete everything, then write the canonical tables with the properties that the sync gives them."""
    with driver.session() as session, session.begin_transaction() as transaction:
        transaction.run("MATCH (n) DETACH DELETE n").consume()
        for name, frame in frames.items():
            for text, rows in _statements(name, list(frame.iter_rows(named=True))):
                transaction.run(text, rows=rows).consume()
        transaction.commit()


def _statements(name: str, rows: list[dict[str, Any]]) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    if name in NODE_TYPES:
        yield f"UNWIND $rows AS row CREATE (n:{name}) SET n = row", [_properties(row) for row in rows]
        return
    for start, end in sorted({(row["from_type"], row["to_type"]) for row in rows}):
        own = [
            {"start": row["from_key"], "end": row["to_key"], "own": _properties(row)}
            for row in rows
            if (row["from_type"], row["to_type"]) == (start, end)
        ]
        text = (
            f"UNWIND $rows AS row MATCH (a:{start} {{key: row.start}}), (b:{end} {{key: row.end}}) "
            f"CREATE (a)-[r:{name}]->(b) SET r = row.own"
        )
        yield text, own


def _properties(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without nulls and ends; instants as offset UTC, as the bulk import stores them."""
    return {
        name: value.astimezone(UTC) if isinstance(value, datetime) else value
        for name, value in row.items()
        if value is not None and name not in ENDS
    }
