"""What a detector hands back: hits with their proving rows, and sentences about searches that were cut."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from detect.facts import Facts
from detect.results import Row
from graph.contract import Ref


@dataclass(frozen=True, slots=True)
class Hit:
    """One hit of a rule before it becomes a finding; the fields are those of `detect.results.Finding`."""

    subject: Ref
    score: float
    first_at: datetime | None
    last_at: datetime | None
    values: Mapping[str, Any]
    rows: tuple[Row, ...]
    others: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class DetectorResult:
    """Hits in a stable order (score desc, subject) and one sentence for each bound that cut the search."""

    hits: tuple[Hit, ...]
    truncated: tuple[str, ...] = ()


Detector = Callable[[Facts, Mapping[str, Any]], DetectorResult]
"""A detector reads facts and the parameter values of its rule; durations come as timedelta, money as fen."""


def in_order(hits: list[Hit]) -> tuple[Hit, ...]:
    """Hits by score desc, subject, first time, first row: the order every detector answers in."""
    return tuple(sorted(hits, key=lambda h: (-h.score, h.subject, str(h.first_at), h.rows[:1])))


def graded(value: float, bound: float, strong: float) -> float:
    """Score of a hit: 0.5 at the rule's bound, 1 at `strong` and beyond, straight between.

    `strong` may lie on either side of `bound`; equal ones give 1 from there on.
    """
    if strong == bound:
        return 1.0
    share = (value - bound) / (strong - bound)
    return round(0.5 + 0.5 * min(1.0, max(0.0, share)), 4)


def proof_rows(proof: Iterable[tuple[Any, ...]]) -> tuple[Row, ...]:
    """Rows out of (source, row, other_source, other_row), mirror rows included, sorted, each once."""
    found: set[Row] = set()
    for source, row, other, other_row in proof:
        found.add((source, row))
        if other is not None:
            found.add((other, other_row))
    return tuple(sorted(found))
