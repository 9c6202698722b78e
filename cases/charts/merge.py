"""Puts two charts together, and says how two differ; field by field, so that no part is forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import count
from typing import Any

from cases.board import Board
from cases.marks import LineKey, Strength, weakest
from graph.contract import Ref

_OWN_RULE = frozenset({"shown", "places", "hidden", "hidden_lines", "origin", "groups", "strengths"})
_TOLD_APART = frozenset({"shown", "places", "hidden"})


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing in which two charts disagreed. field: of the board. ref: the node, None for a part of another
    kind. How each is settled stands in `merged`."""

    field: str
    ref: Ref | None


@dataclass(frozen=True, slots=True)
class Merged:
    """The chart that two became; `added`: nodes the first one lacked."""

    board: Board
    added: tuple[Ref, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one board has beside another. moved: in both, put elsewhere. parts: other fields that differ."""

    added: tuple[Ref, ...]
    removed: tuple[Ref, ...]
    hidden: tuple[Ref, ...]
    brought_back: tuple[Ref, ...]
    moved: int
    parts: tuple[str, ...]


def merged(first: Board, second: Board) -> Merged:
    """Every node of both; nothing that one of them shows vanishes.

    places: where both put a node, the first wins. hidden: only what is hidden wherever it could be seen.
    origin: where they name different ones (or one names none) the node stands for itself: no collapse takes
    it. groups: a node that both group otherwise stays in the first's. strengths: the less sure counts. Any
    other field: union; texts about one thing are both kept. But for places, groups and order the result is
    the same whichever chart comes first.
    """
    second, crossed = _with_groups_apart(first, second)
    known = set(first.shown)
    added = tuple(ref for ref in second.shown if ref not in known)
    both = known & set(second.shown)
    parted = [ref for ref in first.shown if ref in both and first.origin.get(ref) != second.origin.get(ref)]
    origin = {r: o for r, o in {**first.origin, **second.origin}.items() if r not in set(parted)}
    whole = replace(
        first,
        shown=first.shown + added,
        places={**second.places, **first.places},
        hidden=_hidden(first, second),
        hidden_lines=_hidden_lines(first, second),
        origin=origin,
        groups=(*first.groups, *(group for group in second.groups if group not in first.groups)),
        strengths=_less_sure(first.strengths, second.strengths),
    )
    shared = first.known & second.known
    conflicts = [Conflict("hidden", r) for r in sorted(shared) if (r in first.hidden) != (r in second.hidden)]
    conflicts += [Conflict("origin", ref) for ref in parted]
    moved = [r for r in sorted(shared) if r in first.places and r in second.places]
    conflicts += [Conflict("places", r) for r in moved if first.places[r] != second.places[r]]
    conflicts += [Conflict("groups", ref) for ref in crossed]
    twice = [key for key in first.strengths if key in second.strengths]
    conflicts += [Conflict("strengths", k[1]) for k in twice if first.strengths[k] != second.strengths[k]]
    for name in _others():
        value, told = _united(name, getattr(first, name), getattr(second, name))
        whole = replace(whole, **{name: value})
        conflicts += told
    # Tidied: what was said of a group that is dissolved goes with it.
    return Merged(whole.without_nodes(()), added, tuple(conflicts))


def _with_groups_apart(first: Board, second: Board) -> tuple[Board, list[Ref]]:
    """The second board with other ids for its groups, less what the first groups; and the nodes concerned."""
    used = {group.id for group in (*first.groups, *second.groups)}
    marks: dict[Ref, Ref] = {}
    for group in second.groups:
        if group not in first.groups and any(group.id == other.id for other in first.groups):
            fresh = next(f"g{number}" for number in count(1) if f"g{number}" not in used)
            used.add(fresh)
            marks[group.mark] = Ref(group.mark.type, fresh)
    renamed = _renamed(second, marks) if marks else second
    here = {ref for group in first.groups for ref in group.members}
    theirs = [group for group in renamed.groups if group not in first.groups]
    crossed = [ref for group in theirs for ref in group.members if ref in here]
    left = [replace(g, members=tuple(r for r in g.members if r not in here)) for g in theirs]
    same = [group for group in renamed.groups if group in first.groups]
    kept = (*same, *(group for group in left if len(group.members) > 1))
    return replace(renamed, groups=kept), crossed


def _renamed(board: Board, marks: Mapping[Ref, Ref]) -> Board:
    """The board with marks called otherwise, wherever they are named."""

    def other(value: Any) -> Any:
        if isinstance(value, Ref):
            return marks.get(value, value)
        if isinstance(value, Mapping):
            return {other(key): other(one) for key, one in value.items()}
        if isinstance(value, tuple | frozenset):
            return type(value)(other(one) for one in value)
        return value

    groups = tuple(replace(g, id=marks.get(g.mark, g.mark).key) for g in board.groups)
    named = {one.name: other(getattr(board, one.name)) for one in fields(Board) if one.name != "groups"}
    return replace(board, groups=groups, **named)


def _hidden(first: Board, second: Board) -> frozenset[Ref]:
    both = first.known & second.known
    return (first.hidden & second.hidden) | (first.hidden - both) | (second.hidden - both)


def _hidden_lines(first: Board, second: Board) -> frozenset[LineKey]:
    """Lines hidden in both, or in one while the other lacks an end of them."""

    def unseen(board: Board, line: LineKey) -> bool:
        return line in board.hidden_lines or not {line[1], line[2]} <= board.known

    every = first.hidden_lines | second.hidden_lines
    return frozenset(line for line in every if unseen(first, line) and unseen(second, line))


def _less_sure(
    first: Mapping[LineKey, Strength], second: Mapping[LineKey, Strength]
) -> dict[LineKey, Strength]:
    whole = {**second, **first}
    return {key: weakest(*(one[key] for one in (first, second) if key in one)) for key in whole}


def compared(before: Board, after: Board) -> Difference:
    """What `after` has that `before` had not, and the other way round; in the order of the boards."""
    old, new = set(before.shown), set(after.shown)
    both = [ref for ref in after.shown if ref in old]
    return Difference(
        tuple(ref for ref in after.shown if ref not in old),
        tuple(ref for ref in before.shown if ref not in new),
        tuple(ref for ref in both if ref in after.hidden and ref not in before.hidden),
        tuple(ref for ref in both if ref in before.hidden and ref not in after.hidden),
        sum(before.places.get(ref) != after.places.get(ref) for ref in both),
        tuple(
            one.name
            for one in fields(Board)
            if one.name not in _TOLD_APART and getattr(before, one.name) != getattr(after, one.name)
        ),
    )


def _others() -> list[str]:
    """The fields of a board that have no rule of their own here."""
    return [one.name for one in fields(Board) if one.name not in _OWN_RULE]


def _united(name: str, first: Any, second: Any) -> tuple[Any, list[Conflict]]:
    if first == second:
        return first, []
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return _united_pairs(name, first, second)
    if isinstance(first, frozenset):
        return first | second, []
    if isinstance(first, tuple):
        return (*first, *(one for one in second if one not in first)), []
    return first, [Conflict(name, None)]


def _united_pairs(
    name: str, first: Mapping[Any, Any], second: Mapping[Any, Any]
) -> tuple[dict[Any, Any], list[Conflict]]:
    whole, told = {**second, **first}, []
    for key in first:
        if key not in second or first[key] == second[key]:
            continue
        told.append(Conflict(name, key if isinstance(key, Ref) else None))
        if type(first[key]) is str and type(second[key]) is str:
            whole[key] = "\n".join(dict.fromkeys(sorted((first[key], second[key]))))
        elif isinstance(first[key], frozenset):
            whole[key] = first[key] | second[key]
    return whole, told
