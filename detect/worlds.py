"""Turns the `given` lines of a rule's example into canonical tables, so that any engine can run it.

One line is one row (or, with a range, several):

    A HOLDS K1                                        an edge; types follow from the relation
    K1 TRANSFER K2 at=2024-03-01T09:00+08:00 amount=1200.00 memo=还款
    K1 : Account opened_at=2024-02-01 reserved_phone=number(S1)
    Organization:B HOLDS K9                           where the relation alone does not decide
    K1..K5 TRANSFER K9 at=2024-03-01T09:00 every=PT1M amount=100        five rows, a minute apart
    K1 TRANSFER K2 at=2024-03-01T09:00 every=P1D times=7 amount=100     seven rows, a day apart
    D : Device key=imei:00000000000017                a key of one's own (synthetic values only)

Names become synthetic keys in order of appearance, a type at a time (`detect/world_keys.py`); a SIM with
`opened_at` has the key `<number>@<day>`. Times without a zone are UTC+8.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from detect.world_keys import synthetic_key
from detect.world_lines import Statement, read_lines, wrong_line
from detect.world_types import types_of_names
from detect.world_values import Resolve, read_values
from graph.contract import Ref
from graph.parameters import CHINA
from graph.schema.catalog import RELATION_TYPES, node_type, relation_columns, stored_tables, table_columns
from graph.schema.kinds import Kind

Frames = dict[str, pl.DataFrame]
_NO_REGION = "000000"
_KEY = "key"
# What settling fills in for every row of a type, unless the line says otherwise.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "Ip": {"identifying": True},
    "Device": {"placeholder": False},
    "Account": {"corporate": False},
    "TRANSFER": {"currency": "CNY", "precision": "second"},
    "CASH_OUT": {"precision": "second"},
    "CASH_IN": {"precision": "second"},
    "OPENED_AT": {"precision": "second"},
}


@dataclass(frozen=True, slots=True)
class World:
    """An example world: canonical tables by catalog name (only those with rows) and what each name became."""

    frames: Frames
    names: Mapping[str, Ref]
    source: str
    """The sha256 that stands for the file all rows came from; a row's number counts the rows of the world."""

    def key(self, name: str) -> str | None:
        """The key of the node called `name`, None when the world has no such name."""
        return self.names[name].key if name in self.names else None

    def value(self, what: str, name: str) -> str | None:
        """The `key` or `number` of the node called `name`, None when it has none."""
        key = self.key(name)
        return key if key is None or what == "key" else key.partition("@")[0]


def tiny_world(lines: Sequence[str]) -> Frames:
    """Canonical tables of the lines, ready for `write_tables`; no lines give no tables."""
    return build_world(lines).frames


def build_world(lines: Sequence[str]) -> World:
    """The world that the lines describe; InvalidRule names the first line that can't be read.

    Every end of a relation is a node row. All rows have the digest of the lines as `source` and their number
    in the world as `row`; equal lines give equal tables.
    """
    statements = read_lines(lines)
    source = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    types = types_of_names(statements)
    nodes = _nodes(statements, types, source)
    names = {name: Ref(types[name], row[_KEY]) for name, row in nodes.items()}
    tables: dict[str, list[dict[str, Any]]] = {}
    for name, row in nodes.items():
        tables.setdefault(types[name], []).append(row)
    resolve = _resolver(nodes)
    for statement in statements:
        if statement.relation is not None and statement.end is not None:
            row = _relation_row(statement, names, source, resolve)
            tables.setdefault(statement.relation, []).append(row)
    frames = {
        table: pl.DataFrame(tables[table], schema=table_columns(table))
        for table in stored_tables()
        if table in tables
    }
    return World(frames, names, source)


def _resolver(nodes: Mapping[str, Mapping[str, Any]]) -> Resolve:
    def resolve(what: str, name: str) -> str | None:
        return nodes[name].get(what) if name in nodes else None

    return resolve


def _nodes(
    statements: Sequence[Statement], types: Mapping[str, str], source: str
) -> dict[str, dict[str, Any]]:
    """One row a name, with its key and properties, in order of first appearance."""
    rows: dict[str, dict[str, Any]] = {}
    counted: dict[str, int] = {}
    first_rows: dict[str, int] = {}
    for statement in statements:
        for end in (statement.start, statement.end):
            if end is not None and end.text not in first_rows:
                first_rows[end.text] = statement.row
                type_name = types[end.text]
                counted[type_name] = counted.get(type_name, 0) + 1
                rows[end.text] = _bare_node(type_name, synthetic_key(type_name, counted[type_name]))
    resolve = _resolver(rows)
    for statement in statements:
        if statement.relation is None:
            type_name = types[statement.start.text]
            kinds = {_KEY: Kind.IDENTIFIER} | {p.name: p.kind for p in node_type(type_name).properties}
            row = rows[statement.start.text]
            row.update(read_values(statement.line, statement.values, kinds, resolve))
            if type_name == "Sim":
                _set_sim_key(row, own_key=_KEY in statement.values)
    for name, row in rows.items():
        row |= {"source": source, "row": first_rows[name]}
    _check_keys(statements, types, rows)
    return rows


def _bare_node(type_name: str, key: str) -> dict[str, Any]:
    row = {_KEY: key} | _DEFAULTS.get(type_name, {})
    if type_name == "Sim":
        row["number"] = key
    if type_name == "Device":
        row["kind"] = key.partition(":")[0]
    return row


def _set_sim_key(row: dict[str, Any], own_key: bool) -> None:
    if own_key:
        row["number"] = row[_KEY].partition("@")[0]
        return
    opened = row.get("opened_at")
    row[_KEY] = f"{row['number']}@{opened.astimezone(CHINA):%Y-%m-%d}" if opened else row["number"]


def _check_keys(
    statements: Sequence[Statement], types: Mapping[str, str], rows: Mapping[str, Mapping[str, Any]]
) -> None:
    seen: dict[tuple[str, str], str] = {}
    for statement in statements:
        name = statement.start.text
        other = seen.setdefault((types[name], rows[name][_KEY]), name)
        if other != name:
            raise wrong_line(statement.line, f"{name} and {other} are two names of one key")


def _relation_row(
    statement: Statement, names: Mapping[str, Ref], source: str, resolve: Resolve
) -> dict[str, Any]:
    assert statement.relation is not None and statement.end is not None  # noqa: S101 - node lines never come here
    relation = RELATION_TYPES[statement.relation]
    start, end = names[statement.start.text], names[statement.end.text]
    own = {"at", "region"} if relation.event else {"valid_from_at", "valid_to_at", "confidence"}
    extra = {"at": Kind.INSTANT, "region": Kind.TEXT, "confidence": Kind.REAL}
    kinds = {name: extra.get(name, Kind.INSTANT) for name in own} | {
        p.name: p.kind for p in relation.properties
    }
    row: dict[str, Any] = dict(_DEFAULTS.get(statement.relation, {}))
    row |= read_values(statement.line, statement.values, kinds, resolve)
    row |= {"from_type": start.type, "from_key": start.key, "to_type": end.type, "to_key": end.key}
    row |= {"source": source, "row": statement.row}
    if not relation.event:
        return {"confidence": 1.0} | row
    if "at" not in row:
        raise wrong_line(statement.line, f"{statement.relation} is an event and needs at=")
    row["at"] += statement.shift
    if "from_at" in relation_columns(statement.relation):
        row.setdefault("from_at", row["at"])
        row.setdefault("to_at", row["at"])
    return {"event_key": f"example:{source[:12]}:{statement.row:05d}", "region": _NO_REGION} | row
