"""Runs a rule's `query` and its evidence on an engine that keeps the Cypher promise."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from detect.cypher_text import read_cypher
from detect.results import Row
from detect.rule import Rule
from graph.contract import Engine, QueryResult
from graph.errors import InvalidRule
from graph.parameters import Value
from graph.queries import cypher_of

ROW_LIMIT = 10_000


def run_query(
    rule: Rule,
    engine: Engine,
    values: Mapping[str, Value],
    *,
    timeout_s: float = 30.0,
    row_limit: int = ROW_LIMIT,
) -> QueryResult:
    """Rows of a rule whose body is Cypher, in its own order.

    values: of `rule.parameter_values`. NotSupportedByEngine where the engine speaks no Cypher; UnsafeQuery
    and QueryFailed as the engine says; InvalidRule for a rule with another body.
    """
    if rule.query is None:
        raise InvalidRule(
            f"{rule.id} has no query; run it with `python -m detect --rule {rule.id}`.", rule=rule.id
        )
    return cypher_of(engine).query(rule.query, _bound(dict(values)), timeout_s=timeout_s, row_limit=row_limit)


def evidence_rows(
    rule: Rule,
    engine: Engine,
    values: Mapping[str, Value],
    hit: Mapping[str, Any],
    *,
    timeout_s: float = 30.0,
) -> tuple[Row, ...]:
    """The (source sha256, row) pairs that prove one hit, sorted; none for a rule without evidence.

    hit: one row of `run_query` by column name.
    """
    result = run_evidence(rule, engine, values, hit, timeout_s=timeout_s)
    source, row = result.columns.index("source"), result.columns.index("row")
    pairs = {
        (one[source], one[row]) for one in result.rows if one[source] is not None and one[row] is not None
    }
    return tuple(sorted(pairs))


def run_evidence(
    rule: Rule,
    engine: Engine,
    values: Mapping[str, Value],
    hit: Mapping[str, Any],
    *,
    timeout_s: float = 30.0,
) -> QueryResult:
    """The evidence of one hit as rows to show; columns source and row are among them."""
    if rule.query is None or rule.evidence is None:
        return QueryResult(("source", "row"), ())
    used = read_cypher(rule.evidence).parameters
    known = {**values, **hit}
    return cypher_of(engine).query(
        rule.evidence,
        _bound({name: known.get(name) for name in used}),
        timeout_s=timeout_s,
        row_limit=ROW_LIMIT,
    )


def _bound(values: Mapping[str, Any]) -> dict[str, Any]:
    """Instants as offset UTC: Neo4j holds 09:00Z and 09:00Z[UTC] for different, so `<=` would miss equals."""
    return {
        name: value.astimezone(UTC) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
