"""Sums relation rows into the lines of a chart: one a relation and pair of ends, every row still cited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.line_runs import Run, runs_of_validity
from cases.marks import LineKey, Strength
from cases.strength import strength_of
from graph.contract import Edge, Ref
from graph.schema.catalog import relation_type


@dataclass(frozen=True, slots=True)
class Line:
    """The rows of one relation from one node to another.

    amount_fen: their sum, None where the relation has no money. rows: (source sha256, row) of each, in time
    order, mirror rows included. runs: stretches in which a standing relation holds (cases/line_runs.py); of
    events none. strength: of the surest row.
    """

    relation: str
    start: Ref
    end: Ref
    count: int
    amount_fen: int | None
    first_at: datetime | None
    last_at: datetime | None
    rows: tuple[tuple[str, int], ...]
    runs: tuple[Run, ...] = ()
    strength: Strength = Strength.CONFIRMED

    @property
    def key(self) -> LineKey:
        """What names the line on a board."""
        return (self.relation, self.start, self.end)


def summed(edges: Iterable[Edge]) -> tuple[Line, ...]:
    """One line for each relation and ordered pair of ends, in order of first sight; no edges give none."""
    groups: dict[tuple[str, Ref, Ref], list[Edge]] = {}
    for edge in edges:
        groups.setdefault((edge.relation, edge.start, edge.end), []).append(edge)
    return tuple(_line(relation, start, end, rows) for (relation, start, end), rows in groups.items())


def _line(relation: str, start: Ref, end: Ref, edges: list[Edge]) -> Line:
    amounts = [e.properties["amount_fen"] for e in edges if "amount_fen" in e.properties]
    times = [when for e in edges if (when := _when(e)) is not None]
    ordered = sorted(edges, key=lambda e: (_when(e) is not None, _when(e) or 0, e.event_key or ""))
    return Line(
        relation,
        start,
        end,
        len(edges),
        sum(amounts) if amounts and "amount_fen" in relation_type(relation).fields else None,
        min(times, default=None),
        max(times, default=None),
        tuple(dict.fromkeys(row for edge in ordered for row in edge.rows)),
        () if relation_type(relation).event else runs_of_validity(edges),
        strength_of(relation, edges),
    )


def _when(edge: Edge) -> datetime | None:
    if edge.at is not None:
        return edge.at
    start = edge.properties.get("valid_from_at")
    return start if isinstance(start, datetime) else None
