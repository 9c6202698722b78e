"""Folds lines for a board: groups and their sums, rests that were only counted, parallel lines as one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cases.board import Board
from cases.lines import Line
from cases.marks import Group, LineKey, Pair, Rest, Strength, pair_of, weakest
from graph.contract import Direction, Edge, Expansion, Ref
from graph.schema.catalog import NODE_TYPES

LEAVES_FROM = 40
"""A hub with more leaves of one type than this is offered to have them folded."""


@dataclass(frozen=True, slots=True)
class GroupSum:
    """A group as drawn: who is in it, and its sums; the single lines to outside stand among the chart's.

    types: how many members of each node type, in catalog order. inside, outgoing, incoming: one line a
    relation, start and end the group's mark.
    """

    group: Group
    types: tuple[tuple[str, int], ...]
    inside: tuple[Line, ...]
    outgoing: tuple[Line, ...] = ()
    incoming: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class RestSum:
    """A rest as drawn: everything behind the expansion less what the chart shows of it.

    others: far ends that aren't drawn. count, amount_fen: their rows and sum (None without money).
    all_others, all_count, all_fen: the same of everything, drawn or not.
    """

    rest: Rest
    others: int
    count: int
    amount_fen: int | None
    all_others: int
    all_count: int
    all_fen: int | None


@dataclass(frozen=True, slots=True)
class Bundle:
    """All lines between two ends drawn as one; nothing is added across relations or directions.

    strength: of its least sure line, the analyst's judgements included.
    """

    start: Ref
    end: Ref
    lines: tuple[Line, ...]
    strength: Strength


@dataclass(frozen=True, slots=True)
class Folded:
    """The lines of a chart after folding: single ones, bundles, and the sums of groups."""

    lines: tuple[Line, ...]
    bundles: tuple[Bundle, ...]
    groups: tuple[GroupSum, ...]


def fold(board: Board, lines: Iterable[Line]) -> Folded:
    """Lines with grouped ends end at the group's mark; those of one pair of `bundles` become one bundle."""
    home = {member: group.mark for group in board.groups for member in group.members}
    outside: dict[LineKey, list[Line]] = {}
    inside: dict[LineKey, list[Line]] = {}
    for line in lines:
        start, end = home.get(line.start, line.start), home.get(line.end, line.end)
        within = start == end and line.start in home
        (inside if within else outside).setdefault((line.relation, start, end), []).append(line)

    drawn = [merged(board, parts, *key[1:]) for key, parts in outside.items()]
    ends: dict[Ref, tuple[list[Line], list[Line], list[Line]]] = {
        group.mark: ([], [], []) for group in board.groups
    }
    for key, parts in inside.items():
        ends[key[1]][0].append(merged(board, parts, *key[1:]))
    for line in drawn:
        if line.start in ends:
            ends[line.start][1].append(line)
        if line.end in ends:
            ends[line.end][2].append(line)
    groups = [_group_sum(board, group, *ends[group.mark]) for group in board.groups]
    single, bundles = _bundled(board, drawn)
    return Folded(single, bundles, tuple(groups))


def _group_sum(
    board: Board, group: Group, inside: Sequence[Line], outgoing: Sequence[Line], incoming: Sequence[Line]
) -> GroupSum:
    def by_relation(lines: Sequence[Line]) -> tuple[Line, ...]:
        found: dict[str, list[Line]] = {}
        for line in lines:
            found.setdefault(line.relation, []).append(line)
        return tuple(merged(board, parts, group.mark, group.mark) for parts in found.values())

    return GroupSum(
        group, type_mix(group.members), tuple(inside), by_relation(outgoing), by_relation(incoming)
    )


def drawn_strength(board: Board, line: Line) -> Strength:
    """What a line may look like: the analyst's judgement can make it less sure than its rows, never surer."""
    return weakest(line.strength, board.strengths.get(line.key, Strength.CONFIRMED))


def merged(board: Board, lines: Sequence[Line], start: Ref, end: Ref) -> Line:
    """Lines of one relation as one from `start` to `end`: sums add up, every row stays cited once.

    Its strength is that of the least sure line as drawn. ValueError without lines.
    """
    if len(lines) == 1 and (lines[0].start, lines[0].end) == (start, end):
        return lines[0]
    amounts = [line.amount_fen for line in lines if line.amount_fen is not None]
    return Line(
        lines[0].relation,
        start,
        end,
        sum(line.count for line in lines),
        sum(amounts) if amounts else None,
        min((line.first_at for line in lines if line.first_at is not None), default=None),
        max((line.last_at for line in lines if line.last_at is not None), default=None),
        tuple(dict.fromkeys(row for line in lines for row in line.rows)),
        # One line without a known beginning may hold at any time.
        tuple(sorted({run for line in lines for run in line.runs})) if all(x.runs for x in lines) else (),
        weakest(*(drawn_strength(board, line) for line in lines)),
    )


def _bundled(board: Board, lines: Iterable[Line]) -> tuple[tuple[Line, ...], tuple[Bundle, ...]]:
    single: list[Line] = []
    together: dict[Pair, list[Line]] = {}
    for line in lines:
        pair = pair_of(line.start, line.end)
        if pair in board.bundles:
            together.setdefault(pair, []).append(line)
        else:
            single.append(line)
    single += [found[0] for found in together.values() if len(found) == 1]
    bundles = [
        Bundle(*pair, tuple(found), weakest(*(drawn_strength(board, line) for line in found)))
        for pair, found in together.items()
        if len(found) > 1
    ]
    return tuple(single), tuple(bundles)


def parallel_pairs(lines: Iterable[Line]) -> tuple[Pair, ...]:
    """The pairs of ends with more than one line, in order of first sight."""
    counts = Counter(pair_of(line.start, line.end) for line in lines if line.start != line.end)
    return tuple(pair for pair, number in counts.items() if number > 1)


def type_mix(refs: Iterable[Ref]) -> tuple[tuple[str, int], ...]:
    """How many of each node type, in catalog order."""
    counts = Counter(ref.type for ref in refs)
    return tuple((name, counts[name]) for name in NODE_TYPES if counts[name])


def leaves_of(lines: Iterable[Line]) -> dict[Ref, dict[str, tuple[Ref, ...]]]:
    """For each end with more than LEAVES_FROM leaves of one type: those leaves, sorted, by type.

    A leaf touches nothing on the chart but its hub.
    """
    near: dict[Ref, set[Ref]] = {}
    for line in lines:
        if line.start != line.end:
            near.setdefault(line.start, set()).add(line.end)
            near.setdefault(line.end, set()).add(line.start)
    found: dict[Ref, dict[str, list[Ref]]] = {}
    for ref, others in sorted(near.items()):
        if len(others) == 1:
            found.setdefault(next(iter(others)), {}).setdefault(ref.type, []).append(ref)
    many = {
        hub: {name: tuple(refs) for name, refs in by_type.items() if len(refs) > LEAVES_FROM}
        for hub, by_type in found.items()
    }
    return {hub: by_type for hub, by_type in many.items() if by_type}


def rest_sums(
    board: Board, counts: Mapping[Ref, Sequence[Expansion]], edges: Iterable[Edge]
) -> tuple[RestSum, ...]:
    """What each rest of the board still stands for; one that the chart shows whole is left out.

    counts: the expansions of every rest's node. edges: all rows between the nodes of the board, unfiltered.
    """
    rows = list(edges)
    sums = [_rest_sum(rest, counts.get(rest.ref, ()), rows) for rest in board.rests]
    return tuple(found for found in sums if found is not None and found.count > 0)


def _rest_sum(rest: Rest, counts: Sequence[Expansion], edges: Sequence[Edge]) -> RestSum | None:
    wanted = (rest.relation, rest.direction, rest.other_type)
    whole = next((e for e in counts if (e.relation, e.direction, e.other_type) == wanted), None)
    if whole is None:
        return None
    out = rest.direction is Direction.OUT
    drawn = [
        edge for edge in edges
        if edge.relation == rest.relation
        and (edge.start if out else edge.end) == rest.ref
        and (edge.end if out else edge.start).type == rest.other_type
    ]  # fmt: skip
    far = {edge.end if out else edge.start for edge in drawn}
    shown_fen = sum(edge.properties.get("amount_fen", 0) for edge in drawn)
    return RestSum(
        rest,
        whole.others - len(far),
        whole.count - len(drawn),
        None if whole.amount_fen is None else whole.amount_fen - shown_fen,
        whole.others,
        whole.count,
        whole.amount_fen,
    )
