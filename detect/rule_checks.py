"""What must hold between the fields of a rule file; each check raises ValueError with one sentence."""

import re
from collections.abc import Mapping

from detect.clauses import CLAUSES, EXCEPTIONS
from detect.cypher_text import CypherText, read_cypher
from detect.rule_fields import RuleFields
from detect.sql_text import SqlText, read_sql
from graph.errors import UnsafeQuery
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# Score bands: how sure a rule of that severity may be of itself (both ends inside).
BANDS: Mapping[str, tuple[float, float]] = {
    "low": (0.0, 0.5),
    "medium": (0.3, 0.8),
    "high": (0.5, 1.0),
    "critical": (0.7, 1.0),
}
_EVIDENCE_COLUMNS = {"source", "row"}


def check_rule(rule: RuleFields) -> None:
    """All checks, in the order of the file; ValueError for the first that fails."""
    _check_head(rule)
    _check_body(rule)
    _check_evidence(rule)
    _check_words(rule)


def _check_head(rule: RuleFields) -> None:
    if rule.changed < rule.created:
        raise ValueError("changed is before created")
    if rule.status == "retired" and rule.reason is None:
        raise ValueError("a retired rule states its reason (and its successor, if there is one)")
    if (rule.region != "all") != (rule.id[:6] == rule.region):
        raise ValueError("a region's own rule has the region's code in front of its id, others have none")
    for clause in rule.answers:
        if clause not in CLAUSES:
            raise ValueError(f"answers: {clause} is no known clause, see detect/clauses.py")
    for exception in rule.exclude:
        if exception not in EXCEPTIONS:
            raise ValueError(f"exclude: {exception} is no known exception, see detect/clauses.py")
    low, high = BANDS[rule.severity]
    if not low <= rule.confidence <= high:
        raise ValueError(f"confidence of a rule of {rule.severity} severity lies from {low} to {high}")


def _check_body(rule: RuleFields) -> None:
    if sum(body is not None for body in (rule.sql, rule.query, rule.detector)) != 1:
        raise ValueError("a rule has exactly one of sql, query, detector")
    if rule.detector is not None:
        if not rule.columns:
            raise ValueError("a rule with a detector declares the columns that its hits have")
        return
    if rule.sql is not None and "subject" not in rule.columns:
        raise ValueError("a rule with sql declares its columns, subject among them with its node type")
    used, parameters, returned = _body_names(rule)
    proof, in_evidence = _evidence_needs(rule)
    _check_needs(rule, used | proof)
    for name in sorted(parameters - set(rule.parameters)):
        raise ValueError(f"the body uses ${name}, which is no parameter")
    for name in sorted(set(rule.parameters) - parameters - in_evidence):
        raise ValueError(f"parameters.{name} is used neither by the body nor by the evidence")
    if rule.columns and set(rule.columns) != set(returned):
        raise ValueError(f"columns must list {', '.join(returned)}, as the body returns them")
    for name, column in rule.columns.items():
        if column.node_from is not None and column.node_from not in returned:
            raise ValueError(f"columns.{name}: node_from names no returned column")


def _check_needs(rule: RuleFields, used: frozenset[str]) -> None:
    listed = {*rule.needs.relations, *rule.needs.types}
    for name in sorted(used & set(RELATION_TYPES) - listed):
        raise ValueError(f"needs.relations lacks {name}, which the rule uses")
    for name in sorted(used & set(NODE_TYPES) - listed):
        # Cypher names the ends of a relation again; SQL reads a node's table for its properties.
        if rule.sql is not None:
            raise ValueError(f"needs.types lacks {name}, which the rule uses")
    for name in sorted(listed - used):
        raise ValueError(f"needs names {name}, which the rule does not use")


def _body_names(rule: RuleFields) -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    """Catalog types, parameters and returned columns of the body; ValueError for what it may not do."""
    if rule.query is not None:
        if "cypher" not in rule.needs.promises:
            raise ValueError("needs.promises of a query names cypher")
        read = read_cypher(rule.query)
        if read.unknown:
            raise ValueError(f"the query names {read.unknown[0]}, which the catalog lacks")
        if not read.ordered:
            raise ValueError("the query ends with ORDER BY, so that equal data gives equal rows")
        return read.types | read.relations, read.parameters, read.columns
    sql = _read_sql("sql", rule.sql or "")
    if not sql.ordered:
        raise ValueError("the sql ends with ORDER BY, so that equal data gives equal rows")
    if "subject" not in sql.columns:
        raise ValueError("the sql returns the hit's node as subject")
    return sql.types | sql.relations, sql.parameters, sql.columns


def _read_sql(field: str, text: str) -> SqlText:
    try:
        return read_sql(text)
    except UnsafeQuery as error:
        raise ValueError(f"{field}: {error.message}") from error


def _evidence_needs(rule: RuleFields) -> tuple[frozenset[str], frozenset[str]]:
    """Catalog types and parameters that the evidence names, none without evidence."""
    if rule.evidence is None:
        return frozenset(), frozenset()
    read = read_cypher(rule.evidence) if rule.query is not None else _read_sql("evidence", rule.evidence)
    return read.types | read.relations, read.parameters


def _check_evidence(rule: RuleFields) -> None:
    if rule.detector is not None:
        if rule.evidence is not None:
            raise ValueError("a detector returns its evidence itself")
        return
    if rule.evidence is None:
        if rule.status == "stable":
            raise ValueError("a stable rule has evidence")
        return
    read = read_cypher(rule.evidence) if rule.query is not None else _read_sql("evidence", rule.evidence)
    if isinstance(read, CypherText) and read.unknown:
        raise ValueError(f"the evidence names {read.unknown[0]}, which the catalog lacks")
    unknown = sorted(read.parameters - set(rule.parameters) - set(rule.returned))
    if unknown:
        raise ValueError(f"the evidence uses ${unknown[0]}, neither a parameter nor a returned column")
    if not set(read.columns) >= _EVIDENCE_COLUMNS:
        raise ValueError("the evidence returns source and row, the proving row of a source file")
    if not read.ordered:
        raise ValueError("the evidence ends with ORDER BY, so that equal data gives equal rows")


def _check_words(rule: RuleFields) -> None:
    known = set(rule.returned) | set(rule.parameters) | {"subject"}
    for language in ("zh", "en"):
        text = rule.message.said(language)
        for name in PLACEHOLDER.findall(text):
            if name not in known:
                raise ValueError(
                    f"message.{language} uses {{{name}}}, neither a returned column nor a parameter"
                )
        if "{" in PLACEHOLDER.sub("", text) or "}" in PLACEHOLDER.sub("", text):
            raise ValueError(f"message.{language} has a brace that belongs to no name")
