"""Reads whole tables back out of Neo4j in the catalog's columns: for the digest, for edges, for checks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from graph.engines.neo4j_gds.session import Session
from graph.lake.shape import sort_columns
from graph.schema.catalog import (
    NODE_TYPES,
    RELATION_TYPES,
    STORED_NODES,
    STORED_RELATIONS,
    table_columns,
)

_CHUNK = 50_000
_INSTANT = pl.Datetime("us", "UTC")


def read_table(
    session: Session, name: str, where: str = "", values: Mapping[str, Any] | None = None, start: str = ""
) -> pl.DataFrame:
    """All rows of a type, or those that `where` (Cypher over `n`, or `a`, `r`, `b`) admits, sorted as stored.

    start: only relations that begin at this node type. Instants travel as whole microseconds: hydrating the
    driver's own type took seven times as long.
    """
    columns = table_columns(name)
    begin = f"(a:{start})" if start else "(a)"
    pattern = f"(n:{name})" if name in NODE_TYPES else f"{begin}-[r:{name}]->(b)"
    returned = ", ".join(_expression(name, column, columns[column]) for column in columns)
    text = f"MATCH {pattern} {'WHERE ' + where if where else ''} RETURN {returned}"
    parts = [_frame(rows, columns) for rows in _chunks(session.stream(text, values or {}))]
    whole = pl.concat(parts) if parts else pl.DataFrame(schema=columns)
    return whole.sort(sort_columns(name), nulls_last=True)


def read_counts(session: Session) -> dict[str, int]:
    """Rows per stored type from the count store, types without rows left out, in catalog order."""
    # Only what exists: 45 branches in one text took seconds to plan on a server just started.
    labels = {row["label"] for row in session.rows("CALL db.labels() YIELD label RETURN label")}
    types = {
        row["type"]
        for row in session.rows("CALL db.relationshipTypes() YIELD relationshipType AS type RETURN type")
    }
    # `WITH count(..)` alone is answered by the count store; a constant beside it would scan.
    parts = [
        *(f"MATCH (n:{n}) WITH count(n) AS n RETURN '{n}' AS name, n" for n in STORED_NODES if n in labels),
        *(
            f"MATCH ()-[r:{n}]->() WITH count(r) AS n RETURN '{n}' AS name, n"
            for n in STORED_RELATIONS
            if n in types
        ),
    ]
    found = {row["name"]: row["n"] for row in session.rows(" UNION ALL ".join(parts))} if parts else {}
    return {name: found[name] for name in (*STORED_NODES, *STORED_RELATIONS) if found.get(name)}


def _expression(name: str, column: str, dtype: pl.DataType) -> str:
    if name in RELATION_TYPES and column in ("from_type", "from_key", "to_type", "to_key"):
        end, _, part = column.partition("_")
        variable = "a" if end == "from" else "b"
        return f"labels({variable})[0]" if part == "type" else f"{variable}.key"
    value = f"{'n' if name in NODE_TYPES else 'r'}.{column}"
    if dtype == _INSTANT:
        return f"{value}.epochSeconds * 1000000 + {value}.microsecond"
    if dtype == pl.Date():
        return f"duration.inDays(date('1970-01-01'), {value}).days"
    return value


def _chunks(rows: Iterator[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    chunk: list[Sequence[Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _frame(rows: list[Sequence[Any]], columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Rows of raw values as typed columns; instants and days come as whole numbers."""
    series = []
    for (column, dtype), cells in zip(columns.items(), zip(*rows, strict=True), strict=True):
        if dtype == _INSTANT:
            whole = pl.Series(column, cells, dtype=pl.Int64())
            series.append(whole.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
        elif dtype == pl.Date():
            series.append(pl.Series(column, cells, dtype=pl.Int32()).cast(pl.Date()))
        else:
            series.append(pl.Series(column, cells, dtype=dtype))
    return pl.DataFrame(series)
