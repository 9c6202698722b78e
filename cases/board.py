"""The chart somebody works on: which nodes are shown, where they stand, and every step back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph.contract import Ref

_STEPS_KEPT = 100


@dataclass(frozen=True, slots=True)
class Board:
    """What is on the chart.

    shown: nodes in the order they came. origin: the node whose expansion brought another.
    places: where a person put a node. hidden: shown nodes that are out of sight for now.
    """

    shown: tuple[Ref, ...] = ()
    origin: Mapping[Ref, Ref] = field(default_factory=dict)
    places: Mapping[Ref, tuple[float, float]] = field(default_factory=dict)
    hidden: frozenset[Ref] = frozenset()

    @property
    def visible(self) -> tuple[Ref, ...]:
        """The shown nodes that are not hidden."""
        return tuple(ref for ref in self.shown if ref not in self.hidden)

    def with_nodes(self, refs: Iterable[Ref], origin: Ref | None = None) -> "Board":
        """The board with more nodes; those already there stay as they are, hidden ones come back."""
        wanted = tuple(dict.fromkeys(refs))
        known = set(self.shown)
        fresh = tuple(ref for ref in wanted if ref not in known)
        brought = dict.fromkeys(fresh, origin) if origin is not None else {}
        return replace(
            self,
            shown=self.shown + fresh,
            origin={**self.origin, **brought},
            hidden=self.hidden - set(wanted),
        )

    def without_nodes(self, refs: Iterable[Ref]) -> "Board":
        """The board without these nodes."""
        gone = set(refs)
        return Board(
            tuple(ref for ref in self.shown if ref not in gone),
            {ref: source for ref, source in self.origin.items() if ref not in gone and source not in gone},
            {ref: place for ref, place in self.places.items() if ref not in gone},
            self.hidden - gone,
        )

    def collapsed(self, ref: Ref) -> "Board":
        """The board without what was fetched from `ref`, and what was fetched from that in turn."""
        gone: set[Ref] = set()
        frontier = {ref}
        while frontier:
            frontier = {new for new, source in self.origin.items() if source in frontier} - gone - {ref}
            gone |= frontier
        return self.without_nodes(gone)

    def with_hidden(self, refs: Iterable[Ref]) -> "Board":
        """The board with these nodes out of sight."""
        return replace(self, hidden=self.hidden | (set(refs) & set(self.shown)))

    def with_places(self, places: Mapping[Ref, tuple[float, float]]) -> "Board":
        """The board with nodes put elsewhere."""
        known = set(self.shown)
        return replace(self, places={**self.places, **{r: p for r, p in places.items() if r in known}})


@dataclass(frozen=True, slots=True)
class History:
    """A board with its past and undone future; at most 100 steps are kept."""

    now: Board = field(default_factory=Board)
    past: tuple[Board, ...] = ()
    future: tuple[Board, ...] = ()

    def step(self, board: Board) -> "History":
        """A new board; the same one again is no step."""
        if board == self.now:
            return self
        return History(board, (*self.past, self.now)[-_STEPS_KEPT:], ())

    def moved(self, board: Board) -> "History":
        """A board that differs in places only: remembered, but no step of its own."""
        return replace(self, now=board)

    def undo(self) -> "History":
        """One step back; at the beginning nothing changes."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.now, *self.future))

    def redo(self) -> "History":
        """One step forward again."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.now), self.future[1:])


def started_with(refs: Sequence[Ref]) -> History:
    """A history that begins with a board of these nodes."""
    return History(Board().with_nodes(refs))
