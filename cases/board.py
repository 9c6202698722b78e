"""The chart somebody works on: what is shown and where, what is folded and noted, and every step back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from cases.marks import Group, LineKey, Mark, Pair, Rest, Strength, pair_of
from graph.contract import Ref

_STEPS_KEPT = 100


@dataclass(frozen=True, slots=True)
class Board:
    """What is on the chart; plain values only, so that it can be kept and compared.

    shown: nodes in the order they came. origin: the node whose expansion brought another.
    places: where a person put a node or a mark. hidden, hidden_lines: out of sight for now. pinned: not to be
    moved. groups: drawn as one mark each; a node lies in one at most. rests: drawn as one mark with its
    counts. bundles: pairs of ends whose lines are drawn as one. notes, strengths: what the analyst says of
    a mark; the rows stay as they are.
    """

    shown: tuple[Ref, ...] = ()
    origin: Mapping[Ref, Ref] = field(default_factory=dict)
    places: Mapping[Ref, tuple[float, float]] = field(default_factory=dict)
    hidden: frozenset[Ref] = frozenset()
    hidden_lines: frozenset[LineKey] = frozenset()
    pinned: frozenset[Ref] = frozenset()
    groups: tuple[Group, ...] = ()
    rests: tuple[Rest, ...] = ()
    bundles: frozenset[Pair] = frozenset()
    notes: Mapping[Mark, str] = field(default_factory=dict)
    strengths: Mapping[LineKey, Strength] = field(default_factory=dict)

    @property
    def visible(self) -> tuple[Ref, ...]:
        """The shown nodes that are not hidden."""
        return tuple(ref for ref in self.shown if ref not in self.hidden)

    @property
    def known(self) -> frozenset[Ref]:
        """Everything that can have a place: nodes, groups' marks, rests' marks."""
        marks = [group.mark for group in self.groups] + [rest.mark for rest in self.rests]
        return frozenset([*self.shown, *marks])

    def group(self, mark: Ref) -> Group | None:
        """The group that a mark stands for."""
        return next((group for group in self.groups if group.mark == mark), None)

    def rest(self, mark: Ref) -> Rest | None:
        """The rest that a mark stands for."""
        return next((rest for rest in self.rests if rest.mark == mark), None)

    def unfolded(self, refs: Iterable[Ref]) -> tuple[Ref, ...]:
        """The nodes meant by these refs: a group's mark means its members, a rest's mark nobody."""
        members = {group.mark: group.members for group in self.groups}
        shown = set(self.shown)
        nodes = [ref for one in refs for ref in members.get(one, (one,)) if ref in shown]
        return tuple(dict.fromkeys(nodes))

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
        """The board without these nodes and all that hangs on them; a mark takes along what it stands for."""
        asked = set(refs)
        gone = asked | set(self.unfolded(asked))
        groups = [replace(g, members=tuple(m for m in g.members if m not in gone)) for g in self.groups]
        kept = replace(
            self,
            shown=tuple(ref for ref in self.shown if ref not in gone),
            groups=tuple(group for group in groups if group.members),
            rests=tuple(rest for rest in self.rests if rest.ref not in gone and rest.mark not in gone),
            origin={r: source for r, source in self.origin.items() if r not in gone and source not in gone},
        )
        return kept._tidy()

    def only(self, refs: Iterable[Ref]) -> "Board":
        """The board with nothing but these nodes and marks."""
        asked = set(refs)
        kept = set(self.unfolded(asked))
        rests = [rest.mark for rest in self.rests if rest.mark not in asked]
        return self.without_nodes([*(ref for ref in self.shown if ref not in kept), *rests])

    def _tidy(self) -> "Board":
        """Without what is said of marks that are no longer there."""
        known = self.known

        def stays(mark: Mark) -> bool:
            return mark in known if isinstance(mark, Ref) else mark[1] in known and mark[2] in known

        return replace(
            self,
            places={ref: place for ref, place in self.places.items() if ref in known},
            hidden=self.hidden & known,
            hidden_lines=frozenset(filter(stays, self.hidden_lines)),
            pinned=self.pinned & known,
            bundles=frozenset(pair for pair in self.bundles if known.issuperset(pair)),
            notes={mark: text for mark, text in self.notes.items() if stays(mark)},
            strengths={key: strength for key, strength in self.strengths.items() if stays(key)},
        )

    def collapsed(self, ref: Ref) -> "Board":
        """The board without what was fetched from `ref`, and what was fetched from that in turn."""
        gone: set[Ref] = set()
        frontier = {ref}
        while frontier:
            frontier = {new for new, source in self.origin.items() if source in frontier} - gone - {ref}
            gone |= frontier
        return self.without_nodes([*gone, *(rest.mark for rest in self.rests if rest.ref == ref)])

    def with_hidden(self, refs: Iterable[Ref], lines: Iterable[LineKey] = ()) -> "Board":
        """The board with these nodes, marks and lines out of sight."""
        hidden = self.hidden | (set(refs) & self.known)
        return replace(self, hidden=hidden, hidden_lines=self.hidden_lines | set(lines))

    def with_all_visible(self) -> "Board":
        """The board with nothing hidden."""
        return replace(self, hidden=frozenset(), hidden_lines=frozenset())

    def with_places(self, places: Mapping[Ref, tuple[float, float]]) -> "Board":
        """The board with nodes put elsewhere."""
        known = self.known
        return replace(self, places={**self.places, **{r: p for r, p in places.items() if r in known}})

    def with_pins(self, refs: Iterable[Ref], pinned: bool) -> "Board":
        """The board with these nodes pinned where they are, or free again."""
        chosen = set(refs) & self.known
        return replace(self, pinned=self.pinned | chosen if pinned else self.pinned - chosen)

    def with_group(self, refs: Iterable[Ref], name: str) -> "Board":
        """The board with these nodes as one group, groups among them dissolve; fewer than two make none."""
        members = self.unfolded(refs)
        if len(members) < 2:
            return self
        rest = [replace(g, members=tuple(m for m in g.members if m not in members)) for g in self.groups]
        used = {group.id for group in self.groups}
        ident = next(f"g{number}" for number in count(1) if f"g{number}" not in used)
        groups = (*(group for group in rest if group.members), Group(ident, name, members))
        return replace(self, groups=groups)._tidy()

    def ungrouped(self, marks: Collection[Ref]) -> "Board":
        """The board with these groups dissolved; their members stand where they stood."""
        return replace(self, groups=tuple(g for g in self.groups if g.mark not in marks))._tidy()

    def with_group_name(self, mark: Ref, name: str) -> "Board":
        """The board with a group called otherwise."""
        return replace(
            self, groups=tuple(replace(g, name=name) if g.mark == mark else g for g in self.groups)
        )

    def with_rests(self, rests: Iterable[Rest]) -> "Board":
        """The board with more rests, each once."""
        return replace(self, rests=tuple(dict.fromkeys([*self.rests, *rests])))

    def with_bundles(self, pairs: Iterable[Pair], bundled: bool) -> "Board":
        """The board with the lines of these pairs drawn as one, or each for itself again."""
        chosen = {pair_of(*pair) for pair in pairs}
        return replace(self, bundles=self.bundles | chosen if bundled else self.bundles - chosen)

    def with_note(self, mark: Mark, text: str) -> "Board":
        """The board with a note on a node, mark or line; an empty text takes it away."""
        notes = {known: said for known, said in self.notes.items() if known != mark}
        return replace(self, notes={**notes, mark: text.strip()} if text.strip() else notes)

    def with_strengths(self, keys: Iterable[LineKey], strength: Strength | None) -> "Board":
        """The board with lines whose strength the analyst judged, None takes the judgement back."""
        chosen = set(keys)
        kept = {key: said for key, said in self.strengths.items() if key not in chosen}
        judged = dict.fromkeys(sorted(chosen), strength) if strength is not None else {}
        return replace(self, strengths={**kept, **{k: s for k, s in judged.items() if s is not None}})


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

    def stood(self, places: Mapping[Ref, tuple[float, float]]) -> "History":
        """Where nodes stood until now, kept for every board that has no place of theirs yet.

        The chart places what nobody has moved; going back before the first move must find that place.
        """

        def filled(board: Board) -> Board:
            return board.with_places({ref: p for ref, p in places.items() if ref not in board.places})

        return History(filled(self.now), tuple(filled(board) for board in self.past), self.future)

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

    def back_to(self, steps: int) -> "History":
        """This many steps back (negative: forward), as far as there are any."""
        found = self
        for _ in range(abs(steps)):
            found = found.undo() if steps > 0 else found.redo()
        return found


def started_with(refs: Sequence[Ref]) -> History:
    """A history that begins with a board of these nodes."""
    return History(Board().with_nodes(refs))
