"""Nodes and source rows as plain values, for JSON and stored tables, and back without loss."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from detect.results import Row
from graph.contract import Ref

Shown = Callable[[Ref], str]
"""How the key of a node is written."""


def whole_key(ref: Ref) -> str:
    """The key as it is."""
    return ref.key


def row_lists(rows: Iterable[Row]) -> list[list[str | int]]:
    """[source, row] each, for JSON."""
    return [[source, row] for source, row in rows]


def rows_of_lists(lists: Iterable[Sequence[Any]]) -> tuple[Row, ...]:
    """The inverse of `row_lists`."""
    return tuple((source, row) for source, row in lists)


def rows_of_records(records: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
    """Rows from {source, row} each, as tables store them."""
    return tuple((record["source"], record["row"]) for record in records)


def ref_record(ref: Ref, shown: Shown = whole_key) -> dict[str, str]:
    """{type, key}, the key as `shown` writes it."""
    return {"type": ref.type, "key": shown(ref)}
