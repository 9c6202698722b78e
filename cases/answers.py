"""A query's answer as its reader may see it: headings and cells in their language, keys masked by scope."""

from typing import Any

from cases.scope import Scope
from detect.rule import Rule
from detect.said import say_cell
from graph.answer_columns import masked_answer
from graph.contract import QueryResult


def answer_rows(rule: Rule, answer: QueryResult, language: str, scope: Scope) -> list[dict[str, Any]]:
    """One dict a row: the column's heading -> its text; a column that the rule does not declare is masked."""
    masked = masked_answer(rule.columns, answer)
    rows = []
    for values, hidden in zip(answer.rows, masked.rows, strict=True):
        row = dict(zip(answer.columns, values, strict=True))
        said: dict[str, Any] = {}
        for name, safe in zip(answer.columns, hidden, strict=True):
            column = rule.columns.get(name)
            if column is None:
                said[name] = row[name] if scope.full else safe
                continue
            heading = column.zh if language == "zh" else column.en
            said[heading] = say_cell(column, row[name], row, language, show_keys=scope.full)
        rows.append(said)
    return rows
