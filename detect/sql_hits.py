"""Hits of a rule's SQL: one hit a row of the body, with the proving rows that its evidence SQL returns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import duckdb
import polars as pl

from detect.hits import DetectorResult, Hit, in_order
from detect.results import Row
from detect.rule import Rule
from detect.sql import run_sql, sql_frame
from detect.sql_text import read_sql
from graph.contract import QueryResult, Ref

# Columns of a body that have a place of their own in a hit; all others are values for the message.
_OWN = frozenset({"subject", "score", "first_at", "last_at"})
EVIDENCE_LIMIT = 1_000_000


def sql_hits(rule: Rule, connection: duckdb.DuckDBPyConnection, values: Mapping[str, Any]) -> DetectorResult:
    """Run body and evidence of a rule whose body is SQL.

    Body columns: subject; where there are any, score (0 to 1, else 0.5), first_at, last_at; columns declared
    `node` and `many` become the hit's further nodes; the rest are values. Evidence that names no returned
    column as a parameter is run once for all hits and joined on the columns that both return; other evidence
    is run hit by hit.
    """
    assert rule.sql is not None  # noqa: S101 - the caller asks only for rules with SQL
    body = sql_frame(connection, rule.sql, values)
    hits = body.frame.to_dicts()
    proofs = _proofs(rule, connection, values, body.frame, hits)
    made = [_hit(rule, hit, proof) for hit, proof in zip(hits, proofs, strict=True)]
    said = f"{rule.id} found more than {len(hits)} hits; only these were kept."
    return DetectorResult(in_order(made), (said,) if body.truncated else ())


def _proofs(
    rule: Rule,
    connection: duckdb.DuckDBPyConnection,
    values: Mapping[str, Any],
    body: pl.DataFrame,
    hits: list[dict[str, Any]],
) -> list[tuple[Row, ...]]:
    if rule.evidence is None or not hits:
        return [()] * len(hits)
    if read_sql(rule.evidence).parameters & set(body.columns):
        return [_sorted_rows(run_sql(connection, rule.evidence, {**values, **hit})) for hit in hits]
    every = sql_frame(connection, rule.evidence, values, row_limit=EVIDENCE_LIMIT).frame
    shared = [name for name in every.columns if name in body.columns]
    # Most rows prove nothing that was found: they leave before they become Python values.
    asked = body.select(shared).unique().with_row_index("hit")
    own = (
        every.join(asked, on=shared, nulls_equal=True).select("hit", "source", "row").unique().sort(pl.all())
    )
    proof: dict[int, tuple[Row, ...]] = {
        hit: tuple(zip(sources, rows, strict=True))
        for hit, sources, rows in own.group_by("hit", maintain_order=True).agg("source", "row").iter_rows()
    }
    places = body.select(shared).join(asked, on=shared, how="left", nulls_equal=True, maintain_order="left")
    return [proof.get(hit, ()) for hit in places["hit"]]


def _sorted_rows(result: QueryResult) -> tuple[Row, ...]:
    source, row = result.columns.index("source"), result.columns.index("row")
    return tuple(sorted({(one[source], one[row]) for one in result.rows}))


def _hit(rule: Rule, hit: Mapping[str, Any], proof: tuple[Row, ...]) -> Hit:
    others: list[Ref] = []
    values: dict[str, Any] = {}
    for name, value in hit.items():
        column = rule.columns.get(name)
        if column is not None and column.node is not None and column.many:
            others.extend(Ref(column.node, key) for key in value or ())
        elif name not in _OWN:
            values[name] = value
    return Hit(
        subject=Ref(_subject_type(rule, hit), str(hit["subject"])),
        score=round(float(hit["score"]), 4) if hit.get("score") is not None else 0.5,
        first_at=_instant(hit.get("first_at")),
        last_at=_instant(hit.get("last_at")),
        values=values,
        rows=proof,
        others=tuple(others),
    )


def _subject_type(rule: Rule, hit: Mapping[str, Any]) -> str:
    column = rule.columns["subject"]
    return column.node if column.node is not None else str(hit[column.node_from or ""])


def _instant(value: Any) -> datetime | None:
    return value if isinstance(value, datetime) else None
