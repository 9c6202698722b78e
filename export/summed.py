"""Sums the rows between given nodes into one edge a relation and direction, each row kept as a citation."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from cases.scope import Scope
from cases.strength import TENTATIVE_BELOW
from export.chart import Citation, Sureness
from graph.contract import Ref
from graph.lake.tables import LakeTables
from graph.schema.catalog import STORED_RELATIONS, relation_type


@dataclass(frozen=True, slots=True)
class Summed:
    """The rows of one relation from one node to another."""

    kind: str
    start: Ref
    end: Ref
    count: int
    total: int | None
    measure: str | None
    first_at: datetime | None
    last_at: datetime | None
    sureness: Sureness
    citations: tuple[Citation, ...]


def summed_relations(tables: LakeTables, refs: Collection[Ref], scope: Scope) -> list[Summed]:
    """All rows whose both ends are in `refs`, summed; ordered by relation in catalog order, then ends.

    Events outside the scope's regions are left out. A mirrored event counts once and cites both its rows,
    the amount at the first only, so that citations add up to the sum.
    """
    found: list[Summed] = []
    for kind in STORED_RELATIONS:
        if tables.rows.get(kind):
            found.extend(_sums(kind, _between(tables.scan(kind), refs), scope))
    return found


def _between(rows: pl.LazyFrame, refs: Collection[Ref]) -> pl.DataFrame:
    keys = sorted({ref.key for ref in refs})
    close = rows.filter(pl.col("from_key").is_in(keys) & pl.col("to_key").is_in(keys))
    pairs = sorted(set(refs))
    known = pl.LazyFrame(
        {"type": [ref.type for ref in pairs], "key": [ref.key for ref in pairs]},
        schema={"type": pl.String(), "key": pl.String()},
    )
    for end in ("from", "to"):
        close = close.join(known, left_on=[f"{end}_type", f"{end}_key"], right_on=["type", "key"], how="semi")
    return close.collect()


def _sums(kind: str, rows: pl.DataFrame, scope: Scope) -> list[Summed]:
    grouped: dict[tuple[Ref, Ref], list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        if "region" not in row or scope.sees_region(row["region"]):
            ends = (Ref(row["from_type"], row["from_key"]), Ref(row["to_type"], row["to_key"]))
            grouped.setdefault(ends, []).append(row)
    return [_summed(kind, *ends, grouped[ends]) for ends in sorted(grouped)]


def _summed(kind: str, start: Ref, end: Ref, rows: list[dict[str, Any]]) -> Summed:
    declared = relation_type(kind)
    measure = declared.fields[0] if declared.fields else None
    begin, finish = ("at", "at") if declared.event else ("valid_from_at", "valid_to_at")
    citations = [c for row in rows for c in _citations(row, begin, measure)]
    parts = [row[measure] for row in rows if row[measure] is not None] if measure else []
    confidences = [row["confidence"] for row in rows if row.get("confidence") is not None]
    tentative = bool(confidences) and max(confidences) < TENTATIVE_BELOW
    firsts = [row[begin] for row in rows if row[begin] is not None]
    lasts = [row[finish] for row in rows if row[finish] is not None]
    return Summed(
        kind=kind,
        start=start,
        end=end,
        count=len(rows),
        total=sum(parts) if parts else None,
        measure=measure if parts else None,
        first_at=min(firsts, default=None),
        last_at=max(lasts, default=None),
        sureness=Sureness.TENTATIVE if tentative else Sureness.RECORDED,
        citations=tuple(sorted(citations, key=_citation_order)),
    )


def _citations(row: dict[str, Any], begin: str, measure: str | None) -> list[Citation]:
    part = row[measure] if measure else None
    cited = [Citation(row["source"], row["row"], row[begin], part)]
    if row.get("other_source") is not None:
        cited.append(Citation(row["other_source"], row["other_row"], row[begin]))
    return [citation for citation in cited if citation.source is not None]


def _citation_order(citation: Citation) -> tuple[str, str, int]:
    return (citation.at.isoformat() if citation.at else "", citation.source, citation.row)
