"""A query's answer as its reader may see it: cells in their language, keys masked, nodes for a chart."""

from typing import Any

from cases.scope import Scope
from detect.rule import Rule
from detect.said import say_cell
from graph.contract import QueryResult, Ref

_MOST_NODES = 300


def answer_rows(rule: Rule, answer: QueryResult, language: str, scope: Scope) -> list[dict[str, Any]]:
    """One dict a row: the column's heading -> its text; a column that the rule does not declare is masked."""
    rows = []
    for values in answer.rows:
        row = dict(zip(answer.columns, values, strict=True))
        said: dict[str, Any] = {}
        for name, value in row.items():
            column = rule.columns.get(name)
            if column is None:
                said[name] = value if isinstance(value, int | float) else ("—" if value is None else "***")
                continue
            heading = column.zh if language == "zh" else column.en
            said[heading] = say_cell(column, value, row, language, show_keys=scope.full)
        rows.append(said)
    return rows


def answer_refs(rule: Rule, answer: QueryResult) -> tuple[Ref, ...]:
    """The nodes that the declared columns name, in order of first sight, at most 300."""
    found: dict[Ref, None] = {}
    for values in answer.rows:
        row = dict(zip(answer.columns, values, strict=True))
        for name, value in row.items():
            column = rule.columns.get(name)
            if column is None or value is None:
                continue
            node = column.node or (row.get(column.node_from) if column.node_from else None)
            if isinstance(node, str):
                for key in value if column.many else [value]:
                    found[Ref(node, str(key))] = None
    return tuple(found)[:_MOST_NODES]
