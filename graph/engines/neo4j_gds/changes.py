"""The difference between two states of the lake as batched statements, each safe to run again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import polars as pl

from graph.contract import in_batches
from graph.engines.neo4j_gds.layout import ENDS, identity_column, with_identity
from graph.lake.layers import Change, compose, net, stored_change
from graph.lake.tables import LakeTables
from graph.schema.catalog import STORED_NODES, STORED_RELATIONS

_BATCH = 5_000
_ONCE = "MERGE (:_Load {batch: $batch, chunk: $chunk})"


@dataclass(frozen=True, slots=True)
class Difference:
    """The rows of one table that are in the old state only, and in the new one only; a change is both."""

    name: str
    removed: pl.DataFrame
    added: pl.DataFrame


def differences(old: LakeTables, new: LakeTables) -> list[Difference]:
    """Per table what differs, tables without a difference left out, nodes first, in catalog order.

    Of two states over one whole table only the layers are read in which they differ.
    """
    found = []
    for name in (*STORED_NODES, *STORED_RELATIONS):
        # Equal sums are equal rows, so most tables need no reading.
        if old.sums.get(name) == new.sums.get(name):
            continue
        change = _between(old, new, name)
        if change.rows:
            found.append(Difference(name, change.gone, change.fresh))
    return found


def _between(old: LakeTables, new: LakeTables, name: str) -> Change:
    """The change that makes one table of `old` the one of `new`."""
    before, after = old.stack(name), new.stack(name)
    if (before.folder, before.whole) != (after.folder, after.whole):
        return net(name, Change(old.frame(name), new.frame(name)))
    pairs = zip(before.layers, after.layers, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    undone = stored_change(old, name, before.layers[shared:]).undone()
    done = stored_change(new, name, after.layers[shared:])
    return net(name, compose(name, undone, done))


def statements(found: list[Difference]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Cypher with its rows: relations out, nodes in or changed, relations in, nodes out. Always one order."""
    by_name = {difference.name: difference for difference in found}
    relations = [by_name[name] for name in STORED_RELATIONS if name in by_name]
    nodes = [by_name[name] for name in STORED_NODES if name in by_name]
    for relation in relations:
        yield from _relations_out(relation)
    for node in nodes:
        text = f"UNWIND $rows AS row MERGE (n:{node.name} {{key: row.key}}) SET n = row"
        for part in in_batches(node.added, _BATCH):
            yield text, {"rows": [present(row) for row in part.iter_rows(named=True)]}
    for relation in relations:
        yield from _relations_in(relation)
    for node in nodes:
        gone = node.removed.join(node.added, on="key", how="anti")
        for part in in_batches(gone, _BATCH):
            text = f"UNWIND $keys AS key MATCH (n:{node.name} {{key: key}}) DELETE n"
            yield text, {"keys": part["key"].to_list()}


def marked(
    text: str, values: Mapping[str, Any], batch: str, chunk: int
) -> list[tuple[str, Mapping[str, Any]]]:
    """A statement and the marker that says it was run, for one transaction."""
    return [(text, values), (_ONCE, {"batch": batch, "chunk": chunk})]


def present(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row's properties: no nulls, no ends."""
    return {name: value for name, value in row.items() if value is not None and name not in ENDS}


def _relations_out(relation: Difference) -> Iterator[tuple[str, dict[str, Any]]]:
    """One look at each start node, however many of its rows go."""
    column = identity_column(relation.name)
    for start in relation.removed["from_type"].unique().sort().to_list():
        text = (
            f"UNWIND $rows AS row MATCH (a:{start} {{key: row.from_key}})-[r:{relation.name}]->() "
            f"WHERE r.{column} IN row.ids DELETE r"
        )
        of_start = relation.removed.filter(pl.col("from_type") == start).sort("from_key")
        for part in in_batches(of_start, _BATCH):
            ids = with_identity(relation.name, part).select("from_key", pl.col(column).alias("ids"))
            grouped = ids.group_by("from_key", maintain_order=True).agg("ids")
            yield text, {"rows": grouped.to_dicts()}


def _relations_in(relation: Difference) -> Iterator[tuple[str, dict[str, Any]]]:
    column = identity_column(relation.name)
    pairs = relation.added.select("from_type", "to_type").unique().sort("from_type", "to_type").rows()
    for start, end in pairs:
        of_pair = (pl.col("from_type") == start) & (pl.col("to_type") == end)
        text = (
            f"UNWIND $rows AS row MATCH (a:{start} {{key: row.start}}) MATCH (b:{end} {{key: row.end}}) "
            f"MERGE (a)-[r:{relation.name} {{{column}: row.own.{column}}}]->(b) SET r = row.own"
        )
        for part in in_batches(relation.added.filter(of_pair), _BATCH):
            rows = with_identity(relation.name, part).iter_rows(named=True)
            yield text, {"rows": [_with_ends(row) for row in rows]}


def _with_ends(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"start": row["from_key"], "end": row["to_key"], "own": present(row)}
