"""Turns a board into what the canvas draws: masked labels, summed lines, legend, counts to expand."""

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from cases.board import Board
from cases.lines import Line, summed
from cases.places import PLACED_ABOVE, place_hints
from export.signs import local_text, total_text
from graph.contract import Direction, Expansion, Node, Ref
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES
from ui.canvas import model
from ui.desk import Desk
from ui.signs import CardSigns

# Above this many nodes no counts are fetched: the chart is too full to be expanded anyway.
_COUNTED_NODES = 400
FAMILY_COLOURS = {
    "money": "#1b7f5c", "phone": "#2a6fb0", "net": "#3f7f93",
    "place": "#8a6d3b", "case": "#7b4fa3", "people": "#c4501b",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn now, with the way back from a mark to its rows."""

    data: model.CanvasData
    nodes: Mapping[str, Node]
    lines: Mapping[str, Line]
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the board is drawn: node types, relations (empty: all)."""

    types: frozenset[str] = frozenset()
    relations: frozenset[str] = frozenset()
    signs: CardSigns = field(default_factory=CardSigns)


def chart(desk: Desk, board: Board, filters: Filters) -> Chart:
    """The canvas data of a board; nodes that the lake no longer has are left out."""
    found = desk.engine.subgraph(board.shown)
    wanted = [n for n in found.nodes if not filters.types or n.ref.type in filters.types]
    known = {node.ref for node in wanted}
    lines = [
        line
        for line in summed(found.edges)
        if (line.start in known and line.end in known)
        and (not filters.relations or line.relation in filters.relations)
    ]
    hints: Mapping[Ref, tuple[float, float]] = {}
    if len(wanted) > PLACED_ABOVE:
        hints = place_hints([node.ref for node in wanted], [(line.start, line.end) for line in lines])
    counts = _counts(desk, [n.ref for n in wanted]) if len(wanted) <= _COUNTED_NODES else {}
    nodes = {desk.handle(node.ref): node for node in wanted}
    by_id = {line_id(desk, line): line for line in lines}
    origins = set(board.origin.values())
    data = model.CanvasData(
        nodes=[
            replace(
                _mark(desk, board, filters.signs, node, counts),
                hint=hints.get(node.ref),
                collapsible=node.ref in origins,
            )
            for node in wanted
        ],
        edges=[_line(desk, identity, line) for identity, line in by_id.items()],
        legend=_legend(desk, wanted, lines),
        note=desk.words("explore.legend_note"),
    )
    return Chart(data, nodes, by_id, found.truncated)


def _counts(desk: Desk, refs: Sequence[Ref]) -> Mapping[Ref, tuple[Expansion, ...]]:
    return desk.engine.expansions_of(refs) if refs else {}


def node_label(desk: Desk, node: Node) -> str:
    """A node in few characters: its name, else its key, masked as the reader's scope says."""
    shown = desk.scope.properties(node.ref.type, node.properties)
    name = shown.get("name") or shown.get("holder_name") or ""
    key = desk.scope.key(node.ref)
    return f"{name} {key[-4:]}" if name else (key if len(key) <= 20 else f"{key[:9]}…{key[-6:]}")


def _mark(
    desk: Desk, board: Board, signs: CardSigns, node: Node, counts: Mapping[Ref, tuple[Expansion, ...]]
) -> model.Node:
    declared = NODE_TYPES[node.ref.type]
    place = board.places.get(node.ref)
    return model.Node(
        id=desk.handle(node.ref),
        label=node_label(desk, node),
        type=node.ref.type,
        colour=declared.colour,
        shape=_shape(declared.shape),
        icon=declared.icon,
        size=signs.size(node.ref),
        x=place[0] if place else None,
        y=place[1] if place else None,
        badges=signs.badges(node.ref),
        rings=signs.rings(node.ref),
        level=signs.levels.get(node.ref),
        hidden=node.ref in board.hidden,
        title=(f"{desk.words.type_label(node.ref.type)} {desk.scope.key(node.ref)}", *signs.lines(node.ref)),
        expansions=tuple(_choice(desk, e) for e in counts.get(node.ref, ())),
    )


def _choice(desk: Desk, expansion: Expansion) -> model.Expansion:
    arrow = "→" if expansion.direction is Direction.OUT else "←"
    other = desk.words.type_label(expansion.other_type)
    label = f"{desk.words.type_label(expansion.relation)} {arrow} {other}"
    return model.Expansion(expansion_name(expansion), label, expansion.others)


def expansion_name(expansion: Expansion) -> str:
    """What an expansion is called in the browser: relation and direction."""
    return f"{expansion.relation}/{expansion.direction.value}"


def expansion_of(name: str) -> tuple[str, Direction] | None:
    """The relation and direction that a name from the browser stands for, None when it names none."""
    relation, _, direction = name.partition("/")
    known = relation in RELATION_TYPES and direction in {d.value for d in Direction}
    return (relation, Direction(direction)) if known else None


def line_id(desk: Desk, line: Line) -> str:
    """The opaque, stable name of a line in the browser."""
    text = "\x1f".join((line.relation, desk.handle(line.start), desk.handle(line.end)))
    return "e" + hashlib.sha256(text.encode()).hexdigest()[:20]


def _line(desk: Desk, identity: str, line: Line) -> model.Edge:
    declared = RELATION_TYPES[line.relation]
    money = line.amount_fen is not None and line.amount_fen > 0
    size = math.log10(1 + (line.amount_fen or 0) / 100) if money else math.log10(1 + line.count)
    return model.Edge(
        id=identity,
        source=desk.handle(line.start),
        target=desk.handle(line.end),
        type=line.relation,
        label=line_label(desk, line),
        width=min(9.0, 1.0 + size),
        style="solid",
        colour=FAMILY_COLOURS.get(declared.family, "#8a94a3"),
        at_first=line.first_at,
        at_last=line.last_at,
        title=(desk.words.type_label(line.relation), line_label(desk, line)),
    )


def line_label(desk: Desk, line: Line) -> str:
    """Sum · count · first–last of a line, as far as it has them."""
    total = total_text(line.amount_fen, "amount_fen" if line.amount_fen else None, desk.words.language)
    first, last = local_text(line.first_at), local_text(line.last_at)
    span = first if first[:10] == last[:10] else f"{first[:10]}–{last[:10]}"
    event = RELATION_TYPES[line.relation].event
    parts = [total or desk.words.type_label(line.relation), f"{line.count}×" if line.count > 1 else ""]
    return " · ".join(part for part in [*parts, span if event else ""] if part)


def _legend(desk: Desk, nodes: Sequence[Node], lines: Sequence[Line]) -> list[model.LegendEntry]:
    types, relations = Counter(n.ref.type for n in nodes), Counter(line.relation for line in lines)
    entries = [
        model.LegendEntry(
            "node", name, desk.words.type_label(name), NODE_TYPES[name].colour,
            _shape(NODE_TYPES[name].shape), NODE_TYPES[name].icon, types[name],
        )
        for name in NODE_TYPES if name in types
    ]  # fmt: skip
    entries += [
        model.LegendEntry(
            "edge", name, desk.words.type_label(name),
            FAMILY_COLOURS.get(RELATION_TYPES[name].family, "#8a94a3"), count=relations[name],
        )
        for name in RELATION_TYPES if name in relations
    ]  # fmt: skip
    return entries


def _shape(name: str) -> model.Shape:
    known: tuple[str, ...] = model.Shape.__args__  # type: ignore[attr-defined]  # a Literal lists its members
    return cast(model.Shape, name if name in known else name.removeprefix("round-"))
