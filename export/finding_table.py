"""What one rule found, as a table and as a group that can be drawn: each hit with its values and rows."""

from collections.abc import Sequence
from typing import Any

from cases.handles import Handles
from cases.scope import Scope
from detect.excuses import excuse_said
from detect.results import Finding, Gang, Link, Member
from detect.rule import Rule
from detect.said import say_cell
from export.signs import Language
from export.table import Column, Table
from graph.contract import Ref
from graph.schema.catalog import NODE_TYPES
from graph.schema.kinds import Kind

_HEAD = (
    Column("finding", "命中编号", "finding", Kind.IDENTIFIER),
    Column("rule", "规则", "rule", Kind.IDENTIFIER),
    Column("revision", "版本", "revision", Kind.COUNT),
    Column("type", "对象类型", "subject type"),
    Column("subject", "对象标识", "subject", Kind.IDENTIFIER),
    Column("handle", "代号", "handle", Kind.IDENTIFIER),
    Column("score", "得分", "score", Kind.REAL),
    Column("first_at", "最早", "first", Kind.INSTANT),
    Column("last_at", "最晚", "last", Kind.INSTANT),
    Column("message", "说明", "message"),
    Column("others", "涉及其他对象", "other objects"),
)
_TAIL = (Column("rows", "依据行数", "source rows", Kind.COUNT),)
_ROW_COLUMNS = (
    Column("finding", "命中编号", "finding", Kind.IDENTIFIER),
    Column("source", "来源文件(sha256)", "source file (sha256)", Kind.IDENTIFIER),
    Column("row", "行号", "row", Kind.COUNT),
)


def finding_tables(
    rule: Rule, findings: Sequence[Finding], scope: Scope, handles: Handles, language: Language
) -> tuple[Table, Table]:
    """The hits of a rule in their order, and every source row that proves them; no hits give empty tables.

    Values follow the rule's declared columns and are masked as `scope` says; undeclared ones stay out.
    """
    declared = {name: column for name, column in rule.columns.items() if name != "subject"}
    middle = tuple(Column(name, column.zh, column.en) for name, column in declared.items())
    rows: list[list[Any]] = []
    for hit in findings:
        cells = {"subject": hit.subject.key, **hit.values}
        said = [
            say_cell(column, hit.values.get(name), cells, language, show_keys=scope.full)
            for name, column in declared.items()
        ]
        message = rule.render({**hit.parameters, **cells}, language, show_keys=scope.full)
        message += excuse_said(hit, language)
        rows.append(
            [*_head(hit, scope, handles, language), message, _others(hit, scope), *said, len(hit.rows)]
        )
    proof = [[_name(hit, scope, handles), *row] for hit in findings for row in hit.rows]
    return (
        Table("findings", f"{rule.id} 命中", f"{rule.id} hits", (*_HEAD, *middle, *_TAIL), rows),
        Table("rows", "依据行", "Source rows", _ROW_COLUMNS, proof),
    )


def finding_group(rule: Rule, findings: Sequence[Finding]) -> Gang:
    """The hits of a rule as one group to draw: subjects by their best score, the others joined to them."""
    strength: dict[Ref, float] = {}
    links = []
    for hit in findings:
        strength[hit.subject] = max(hit.score, strength.get(hit.subject, 0.0))
        for other in hit.others:
            strength.setdefault(other, 0.0)
            links.append(Link(hit.subject, other, "finding", hit.score, None, hit.rows))
    members = tuple(Member(ref, value) for ref, value in sorted(strength.items()))
    score = round(sum(hit.score for hit in findings), 6)
    return Gang(rule.id, score, 1.0, members, tuple(links), tuple(hit.finding_id for hit in findings))


def _head(hit: Finding, scope: Scope, handles: Handles, language: Language) -> list[Any]:
    declared = NODE_TYPES[hit.subject.type]
    return [
        _name(hit, scope, handles), hit.rule, hit.revision, declared.zh if language == "zh" else declared.en,
        scope.key(hit.subject), handles.of_ref(hit.subject), hit.score, hit.first_at, hit.last_at,
    ]  # fmt: skip


def _name(hit: Finding, scope: Scope, handles: Handles) -> str:
    """A finding's id; masked, its keyed handle: the id is an unkeyed hash that keys can be tried on."""
    return hit.finding_id if scope.full else handles.of("finding", hit.finding_id)


def _others(hit: Finding, scope: Scope) -> str:
    return "; ".join(f"{ref.type} {scope.key(ref)}" for ref in hit.others)
