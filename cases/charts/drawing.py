"""What one version of a saved chart holds, and how it differs from the lake as it is now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cases.board import Board
from cases.lines import summed
from graph.connect import GraphEngine
from graph.contract import Ref, Subgraph
from graph.errors import InputError
from graph.schema.catalog import NODE_TYPES

MOST_NODES, MOST_ROWS = 20_000, 100_000
Line = tuple[str, Ref, Ref]
"""Relation, start, end: names one summed line of a chart."""


@dataclass(frozen=True, slots=True)
class LineSum:
    """One line as it was drawn: so many rows, so much money (None where the relation has none)."""

    relation: str
    start: Ref
    end: Ref
    count: int
    amount_fen: int | None

    @property
    def line(self) -> Line:
        """Which line of the chart it is."""
        return (self.relation, self.start, self.end)


@dataclass(frozen=True, slots=True)
class View:
    """How a chart is looked at. types, relations: what is drawn, empty for all. window: UTC, both inside."""

    types: frozenset[str] = frozenset()
    relations: frozenset[str] = frozenset()
    window: tuple[datetime, datetime] | None = None
    expand_limit: int = 60


@dataclass(frozen=True, slots=True)
class Drawing:
    """A board, how it was looked at, and the sums its lines had in the lake of `lake_digest`.

    cut: it had more rows than are summed here (100,000), so there are no sums to compare.
    """

    board: Board
    view: View = field(default_factory=View)
    lake_digest: str = ""
    lines: tuple[LineSum, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Departure:
    """How the lake has left a drawing behind. gone: nodes it has no more. changed: (line then, line now).

    lost, fresh: lines that are no more, and that were not there. unknown: too many rows to compare sums.
    """

    gone: tuple[Ref, ...] = ()
    changed: tuple[tuple[LineSum, LineSum], ...] = ()
    lost: tuple[LineSum, ...] = ()
    fresh: tuple[LineSum, ...] = ()
    unknown: bool = False

    def __bool__(self) -> bool:
        """Whether anything is different, or may be."""
        return bool(self.gone or self.changed or self.lost or self.fresh or self.unknown)


def drawing_of(engine: GraphEngine, lake_digest: str, board: Board, view: View) -> Drawing:
    """The board with the sums of its lines in the lake as it is; InputError above 20,000 nodes."""
    if len(board.shown) > MOST_NODES:
        raise InputError(
            f"A chart is saved with at most {MOST_NODES:,} items; take away some.",
            zh=f"一张图最多保存 {MOST_NODES:,} 个节点；请移除一部分。",
        )
    found = _known(engine, board.shown)
    return Drawing(board, view, lake_digest, line_sums(found), found.truncated)


def line_sums(found: Subgraph) -> tuple[LineSum, ...]:
    """The sums of all lines between these nodes, in order of name; none where rows were cut off."""
    if found.truncated:
        return ()
    lines = (
        LineSum(one.relation, one.start, one.end, one.count, one.amount_fen) for one in summed(found.edges)
    )
    return tuple(sorted(lines, key=lambda one: one.line))


def departure(engine: GraphEngine, lake_digest: str, drawing: Drawing) -> Departure:
    """What is gone or other than it was drawn; nothing while the lake is the one it was drawn on."""
    if drawing.lake_digest == lake_digest:
        return Departure()
    found = _known(engine, drawing.board.shown)
    here = {node.ref for node in found.nodes}
    gone = tuple(ref for ref in drawing.board.shown if ref not in here)
    if drawing.cut or found.truncated:
        return Departure(gone, unknown=True)
    changed, lost, fresh = compared_lines(drawing.lines, line_sums(found))
    return Departure(gone, changed, lost, fresh)


def compared_lines(
    before: Sequence[LineSum], after: Sequence[LineSum]
) -> tuple[tuple[tuple[LineSum, LineSum], ...], tuple[LineSum, ...], tuple[LineSum, ...]]:
    """Lines with other sums (then, now), lines only `before` has, lines only `after` has; orders kept."""
    then: Mapping[Line, LineSum] = {one.line: one for one in before}
    now: Mapping[Line, LineSum] = {one.line: one for one in after}
    both = [name for name in then if name in now]
    return (
        tuple((then[name], now[name]) for name in both if then[name] != now[name]),
        tuple(one for name, one in then.items() if name not in now),
        tuple(one for name, one in now.items() if name not in then),
    )


def of_this_schema(drawing: Drawing) -> Drawing:
    """The drawing with only such nodes as the catalog has a type for: no other can be drawn or named."""
    strange = [ref for ref in drawing.board.shown if ref.type not in NODE_TYPES]
    return replace(drawing, board=drawing.board.without_nodes(strange)) if strange else drawing


def _known(engine: GraphEngine, refs: Sequence[Ref]) -> Subgraph:
    return engine.subgraph([ref for ref in refs if ref.type in NODE_TYPES], limit=MOST_ROWS)
