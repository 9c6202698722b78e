"""Rows at one node read where they lie: the sorted files' pieces, once the look-up files are made."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from graph.contract import Direction, Ref
from graph.engines.rows import amount_column
from graph.lake.shape import BOTH_ENDS
from graph.lake.tables import LakeTables
from graph.lookup.links import KINDS, Links, direction_of, relation_of
from graph.lookup.records import NodeRecords, SortedRows, sorted_rows
from graph.schema.catalog import RELATION_TYPES

_FEW = 8
"""Far ends whose own rows are looked through where a relation is not kept by the near end."""


class Nearby:
    """Quick rows over one state of the tables; a question it is not fit for it leaves unanswered."""

    def __init__(self, tables: LakeTables, links: Links, lookups: Path) -> None:
        self._tables, self._links = tables, links
        self._nodes = NodeRecords.kept(lookups, tables)
        self._files: dict[tuple[str, bool], SortedRows | None] = {}

    def nodes(self, refs: Sequence[Ref]) -> dict[Ref, dict[str, Any]]:
        """The rows of those nodes that there are."""
        found: dict[Ref, dict[str, Any]] = {}
        for kind in dict.fromkeys(ref.type for ref in refs):
            own = [ref for ref in refs if ref.type == kind]
            numbered = [(ref, number) for ref in own if (number := self._links.number(ref)) is not None]
            begin = int(self._links.first[KINDS.index(kind)]) if numbered else 0
            rows = self._nodes.rows(kind, [number - begin for _, number in numbered])
            found |= {ref: row for (ref, _), row in zip(numbered, rows, strict=True)}
        return found

    def rows(self, ref: Ref, relation: str, way: Direction, limit: int) -> list[dict[str, Any]] | None:
        """The strongest `limit` rows of a relation at a node; None where a query is quicker."""
        number = self._links.number(ref)
        if number is None:
            return []
        near = "from" if way is Direction.OUT else "to"
        kept_by_near = way is Direction.OUT or relation in BOTH_ENDS
        file = self._file(relation, way is Direction.IN and relation in BOTH_ENDS)
        if file is None:
            return None
        if kept_by_near:
            found = file.rows(ref.type, ref.key)
        else:
            far = self._far_ends(number, relation, way)
            if len(far) > _FEW:
                return None
            parts = [file.rows(other.type, other.key) for other in far]
            if not parts:
                return []
            found = pl.concat(parts)
        here = (pl.col(f"{near}_type") == ref.type) & (pl.col(f"{near}_key") == ref.key)
        return _strongest(found.filter(here), relation).head(limit).to_dicts()

    def paid(
        self, payer: str, payee: str, since: datetime | None, until: datetime | None, most: int
    ) -> list[dict[str, Any]] | None:
        """The first `most` transfers of a payer to a payee by time and event key; None as for `rows`."""
        file = self._file("TRANSFER", False)
        if file is None:
            return None
        rows = file.rows("Account", payer)
        rows = rows.filter((pl.col("to_type") == "Account") & (pl.col("to_key") == payee))
        rows = rows.filter(pl.col("at") >= since) if since is not None else rows
        rows = rows.filter(pl.col("at") <= until) if until is not None else rows
        return rows.sort("at", "event_key").head(most).to_dicts()

    def _far_ends(self, number: int, relation: str, way: Direction) -> list[Ref]:
        own = self._links.of(number)
        ways = self._links.way[own]
        wanted = {w for w in set(ways.tolist()) if relation_of(w) == relation and direction_of(w) is way}
        pairs = zip(ways.tolist(), self._links.other[own].tolist(), strict=True)
        return [self._links.ref(other) for w, other in pairs if w in wanted]

    def _file(self, relation: str, by_to: bool) -> SortedRows | None:
        if (relation, by_to) not in self._files:
            self._files[relation, by_to] = sorted_rows(self._tables, relation, by_to)
        return self._files[relation, by_to]


def _strongest(rows: pl.DataFrame, relation: str) -> pl.DataFrame:
    """`graph.engines.neighbours.strength_order`, so that a limit keeps what matters."""
    amount = amount_column(relation)
    order = [(amount, True)] if amount else []
    if RELATION_TYPES[relation].event:
        order += [("at", True), ("event_key", False)]
    else:
        order += [("valid_from_at", True), ("from_key", False), ("to_key", False)]
    return rows.sort([name for name, _ in order], descending=[down for _, down in order], nulls_last=True)
