"""Counts what lies behind nodes, for many nodes in one query."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graph.contract import Direction, Expansion, Ref
from graph.engines.rows import amount_column
from graph.lake.shape import BOTH_ENDS
from graph.schema.catalog import RELATION_TYPES, STORED_RELATIONS

RunRows = Callable[[str, Mapping[str, Any]], list[dict[str, Any]]]


def view_name(relation: str, direction: Direction) -> str:
    """The view that is sorted by the near end, where there is one."""
    by_to = direction is Direction.IN and relation in BOTH_ENDS
    return relation.lower() + ("_by_to" if by_to else "")


def may_have(relation: str, type_name: str, direction: Direction) -> bool:
    """Whether nodes of a type can stand at the near end of a relation at all."""
    position = 0 if direction is Direction.OUT else 1
    return any(ends[position] == type_name for ends in RELATION_TYPES[relation].ends)


def count_expansions(
    rows_of: RunRows, rows_per_table: Mapping[str, int], refs: Sequence[Ref]
) -> dict[Ref, tuple[Expansion, ...]]:
    """What can be expanded from each of `refs`; every ref is a key, in the order given.

    Order inside: relation in catalog order, out before in, other type (`View.expansions`).
    """
    parts: list[str] = []
    asked = [
        (relation, direction)
        for relation in STORED_RELATIONS
        for direction in (Direction.OUT, Direction.IN)
        if rows_per_table.get(relation) and any(may_have(relation, ref.type, direction) for ref in refs)
    ]
    for number, (relation, direction) in enumerate(asked):
        near, far = ("from", "to") if direction is Direction.OUT else ("to", "from")
        amount = amount_column(relation)
        total = f"CAST(sum({amount}) AS BIGINT)" if amount else "CAST(NULL AS BIGINT)"
        keys = f"{near}_key IN (SELECT unnest($keys))"
        parts.append(
            f"SELECT {number} AS part, {near}_type AS type, {near}_key AS key, {far}_type AS other, "
            f"count(*) AS n, count(DISTINCT {far}_key) AS others, {total} AS fen "
            f'FROM "{view_name(relation, direction)}" WHERE {keys} GROUP BY ALL'
        )
    found: dict[Ref, list[Expansion]] = {ref: [] for ref in refs}
    if parts:
        query = " UNION ALL ".join(parts) + " ORDER BY part, type, key, other"
        for row in rows_of(query, {"keys": [ref.key for ref in refs]}):
            relation, direction = asked[row["part"]]
            expansion = Expansion(relation, direction, row["other"], row["n"], row["others"], row["fen"])
            found.get(Ref(row["type"], row["key"]), []).append(expansion)
    return {ref: tuple(expansions) for ref, expansions in found.items()}
