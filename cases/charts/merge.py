"""Puts two charts together, and says how two differ; field by field, so that no part is forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from cases.board import Board
from graph.contract import Ref

_OWN_RULE = frozenset({"shown", "places", "hidden", "origin"})


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

    places: where both put a node, the first wins. hidden: only what is hidden wherever it is shown. origin:
    where they name different ones (or one names none) the node stands for itself: no collapse takes it.
    Any other field: union; texts about one thing are both kept, of other values the first's. But for places,
    order and those other values the result is the same whichever chart comes first.
    """
    known = set(first.shown)
    added = tuple(ref for ref in second.shown if ref not in known)
    both = known & set(second.shown)
    hidden = (first.hidden & second.hidden) | (first.hidden - both) | (second.hidden - both)
    parted = [ref for ref in first.shown if ref in both and first.origin.get(ref) != second.origin.get(ref)]
    origin = {r: o for r, o in {**first.origin, **second.origin}.items() if r not in set(parted)}
    whole = replace(
        first,
        shown=first.shown + added,
        places={**second.places, **first.places},
        hidden=hidden,
        origin=origin,
    )
    conflicts = [
        Conflict("hidden", r)
        for r in first.shown
        if r in both and (r in first.hidden) != (r in second.hidden)
    ]
    conflicts += [Conflict("origin", ref) for ref in parted]
    moved = [r for r in first.shown if r in first.places and r in second.places]
    conflicts += [Conflict("places", r) for r in moved if first.places[r] != second.places[r]]
    for name in _others():
        value, told = _united(name, getattr(first, name), getattr(second, name))
        whole = replace(whole, **{name: value})
        conflicts += told
    return Merged(whole, added, tuple(conflicts))


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
        tuple(name for name in _others() if getattr(before, name) != getattr(after, name)),
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
        if isinstance(first[key], str) and isinstance(second[key], str):
            whole[key] = "\n".join(dict.fromkeys(sorted((first[key], second[key]))))
        elif isinstance(first[key], frozenset):
            whole[key] = first[key] | second[key]
    return whole, told
