"""Decides the type of every name of an example world from the relations it takes part in."""

from collections.abc import Iterable, Sequence

from detect.world_lines import Name, Statement, wrong_line
from graph.schema.catalog import RELATION_TYPES, STORED_NODES

Possible = dict[str, set[str]]


def types_of_names(statements: Sequence[Statement]) -> dict[str, str]:
    """Name -> node type, in order of first appearance.

    A type written with the name (`Person:A`, or `A : Person`) holds everywhere. Otherwise a name has the type
    that all its relations allow; where several remain, the relation's first pair of ends in the catalog is
    taken, line by line (`A HOLDS K` makes a Person and an Account). InvalidRule where nothing fits.
    """
    possible: Possible = {}
    for statement in statements:
        for name in _names(statement):
            known = possible.setdefault(name.text, set(STORED_NODES))
            if name.type is not None and name.type not in known:
                raise wrong_line(statement.line, f"{name.text} has another type in an earlier line")
            if name.type is not None:
                possible[name.text] = {name.type}
    _narrow(statements, possible)
    for statement in statements:
        if statement.relation is not None and statement.end is not None:
            start, end = _pairs(statement, possible)[0]
            if len(possible[statement.start.text]) > 1 or len(possible[statement.end.text]) > 1:
                possible[statement.start.text], possible[statement.end.text] = {start}, {end}
                _narrow(statements, possible)
    return {name: next(iter(types)) for name, types in possible.items()}


def _names(statement: Statement) -> Iterable[Name]:
    return (statement.start,) if statement.end is None else (statement.start, statement.end)


def _pairs(statement: Statement, possible: Possible) -> list[tuple[str, str]]:
    assert statement.relation is not None and statement.end is not None  # noqa: S101 - node lines never come here
    starts, ends = possible[statement.start.text], possible[statement.end.text]
    pairs = [
        (start, end)
        for start, end in RELATION_TYPES[statement.relation].ends
        if start in starts and end in ends
    ]
    if not pairs:
        what = f"{statement.start.text} {statement.relation} {statement.end.text}"
        raise wrong_line(statement.line, f"{what} fits no pair of types that the relation joins")
    return pairs


def _narrow(statements: Sequence[Statement], possible: Possible) -> None:
    """Keep only types that fit every relation of a name, until nothing changes."""
    changed = True
    while changed:
        changed = False
        for statement in statements:
            if statement.relation is None or statement.end is None:
                continue
            pairs = _pairs(statement, possible)
            for name, types in (
                (statement.start.text, {pair[0] for pair in pairs}),
                (statement.end.text, {pair[1] for pair in pairs}),
            ):
                if types != possible[name]:
                    possible[name] = possible[name] & types
                    changed = True
