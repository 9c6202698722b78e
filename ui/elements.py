"""Turns a board into what the canvas draws: masked labels, summed lines, legend, counts to expand."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from cases.board import Board
from cases.grouping import Bundle, Folded, GroupSum, RestSum, fold, leaves_of, parallel_pairs, rest_sums
from cases.lines import Line, summed
from cases.marks import GROUP, REST, pair_of
from cases.places import PLACED_ABOVE, place_hints
from graph.contract import Direction, Expansion, Node, Ref
from graph.errors import SchemaError
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES
from graph.schema.shorthand import FAMILY_COLOURS
from ui.canvas import model
from ui.chart_marks import (
    GREY,
    GREY_LINE,
    bundle_line,
    edge_id,
    group_mark,
    line_style,
    line_width,
    rest_line,
    rest_mark,
    strength_legend,
    strength_lines,
)
from ui.chart_marks import line_label as line_label
from ui.desk import Desk
from ui.navigate import history
from ui.signs import CardSigns

# Above this many nodes no counts are fetched: the chart is too full to be expanded anyway.
_COUNTED_NODES = 400


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn now, with the way back from a mark to its rows.

    lines: also those inside a bundle. unfolded: all lines between the nodes, before groups and bundles.
    """

    data: model.CanvasData
    nodes: Mapping[str, Node]
    lines: Mapping[str, Line]
    truncated: bool = False
    groups: Mapping[str, GroupSum] = field(default_factory=dict)
    rests: Mapping[str, RestSum] = field(default_factory=dict)
    bundles: Mapping[str, Bundle] = field(default_factory=dict)
    unfolded: Sequence[Line] = ()

    def end(self, desk: Desk, ref: Ref) -> str:
        """One end of a line as this reader may see it."""
        if ref.type != GROUP:
            return desk.scope.key(ref)
        return next((g.group.name for g in self.groups.values() if g.group.mark == ref), "")


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the board is drawn: node types, relations (empty: all)."""

    types: frozenset[str] = frozenset()
    relations: frozenset[str] = frozenset()
    signs: CardSigns = field(default_factory=CardSigns)


def chart(desk: Desk, board: Board, filters: Filters) -> Chart:
    """The canvas data of a board; nodes that the lake no longer has are left out."""
    found = desk.engine.subgraph(board.shown)
    grouped = {member for group in board.groups for member in group.members}
    wanted = [n for n in found.nodes if not filters.types or n.ref.type in filters.types or n.ref in grouped]
    known = {node.ref for node in wanted}
    lines = [
        line
        for line in summed(found.edges)
        if (line.start in known and line.end in known)
        and (not filters.relations or line.relation in filters.relations)
    ]
    folded = fold(board, lines)
    single = [node for node in wanted if node.ref not in grouped]
    counted = [n.ref for n in single] if len(single) <= _COUNTED_NODES else []
    counts = _counts(desk, [*counted, *(rest.ref for rest in board.rests)])
    rests = [
        rest
        for rest in rest_sums(board, counts, found.edges)
        if rest.rest.ref in known and (not filters.relations or rest.rest.relation in filters.relations)
    ]
    hints: Mapping[Ref, tuple[float, float]] = {}
    if len(single) > PLACED_ABOVE:
        ends = [(line.start, line.end) for line in folded.lines]
        refs = [node.ref for node in single]
        alone = set(refs)
        hints = place_hints(refs, [(a, b) for a, b in ends if a in alone and b in alone])
    drawn = _Drawn(
        single, lines, folded, {desk.handle(rest.rest.mark): rest for rest in rests},
        {desk.handle(group.group.mark): group for group in folded.groups}, hints,
    )  # fmt: skip
    parts = [part for bundle in folded.bundles for part in bundle.lines]
    return Chart(
        _data(desk, board, filters.signs, drawn, counts),
        {desk.handle(node.ref): node for node in wanted},
        {line_id(desk, line): line for line in [*folded.lines, *parts]},
        found.truncated,
        drawn.groups,
        drawn.rests,
        {edge_id(desk, "bundle", one.start, one.end): one for one in folded.bundles},
        lines,
    )


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What stands on the chart after folding."""

    nodes: Sequence[Node]
    unfolded: Sequence[Line]
    folded: Folded
    rests: Mapping[str, RestSum]
    groups: Mapping[str, GroupSum]
    hints: Mapping[Ref, tuple[float, float]]


def _data(
    desk: Desk, board: Board, signs: CardSigns, drawn: _Drawn, counts: Mapping[Ref, tuple[Expansion, ...]]
) -> model.CanvasData:
    leaves = leaves_of(drawn.folded.lines)
    parallel = set(parallel_pairs(drawn.folded.lines))
    home = {member: group.mark for group in board.groups for member in group.members}
    origins = set(board.origin.values())
    marks = [
        replace(
            _mark(desk, board, signs, node, counts, leaves.get(node.ref, {})),
            hint=drawn.hints.get(node.ref),
            collapsible=node.ref in origins,
        )
        for node in drawn.nodes
    ]
    marks += [group_mark(desk, board, group) for group in drawn.groups.values()]
    marks += [rest_mark(desk, board, rest) for rest in drawn.rests.values()]
    edges = [
        _line(desk, board, line, pair_of(line.start, line.end) in parallel) for line in drawn.folded.lines
    ]
    edges += [bundle_line(desk, board, bundle) for bundle in drawn.folded.bundles]
    edges += [rest_line(desk, r, home.get(r.rest.ref, r.rest.ref)) for r in drawn.rests.values()]
    now = history()
    return model.CanvasData(
        nodes=marks,
        edges=edges,
        legend=_legend(desk, drawn, edges),
        note=desk.words("explore.legend_note"),
        steps=model.Steps(len(now.past), len(now.future)),
    )


def _counts(desk: Desk, refs: Sequence[Ref]) -> Mapping[Ref, tuple[Expansion, ...]]:
    return desk.engine.expansions_of(refs) if refs else {}


def node_label(desk: Desk, node: Node) -> str:
    """A node in few characters: its name, else its key, masked as the reader's scope says."""
    shown = desk.scope.properties(node.ref.type, node.properties)
    name = shown.get("name") or shown.get("holder_name") or ""
    key = desk.scope.key(node.ref)
    return f"{name} {key[-4:]}" if name else (key if len(key) <= 20 else f"{key[:9]}…{key[-6:]}")


def _mark(
    desk: Desk,
    board: Board,
    signs: CardSigns,
    node: Node,
    counts: Mapping[Ref, tuple[Expansion, ...]],
    leaves: Mapping[str, Sequence[Ref]],
) -> model.Node:
    declared = NODE_TYPES[node.ref.type]
    place = board.places.get(node.ref)
    lon, lat = node.properties.get("lon"), node.properties.get("lat")
    located = lon is not None and lat is not None
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
        leaves=tuple(
            model.Expansion(name, desk.words("hands.fold", type=desk.words.type_label(name)), len(refs))
            for name, refs in leaves.items()
        ),
        pinned=node.ref in board.pinned,
        note=board.notes.get(node.ref, ""),
        lon=lon if located else None,
        lat=lat if located else None,
        region=str(node.properties.get("region") or ""),
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
    return edge_id(desk, line.relation, line.start, line.end)


def _line(desk: Desk, board: Board, line: Line, parallel: bool) -> model.Edge:
    declared = RELATION_TYPES[line.relation]
    judged = line.key in board.strengths
    label = line_label(desk, line)
    return model.Edge(
        id=line_id(desk, line),
        source=desk.handle(line.start),
        target=desk.handle(line.end),
        type=line.relation,
        label=f"{label} · {desk.words('hands.judged')}" if judged else label,
        width=line_width(line.amount_fen or 0, line.count),
        style=line_style(board, line),
        colour=FAMILY_COLOURS.get(declared.family, GREY_LINE),
        at_first=line.first_at,
        at_last=line.last_at,
        runs=line.runs,
        standing=not declared.event,
        hidden=line.key in board.hidden_lines,
        title=(desk.words.type_label(line.relation), label, *strength_lines(desk, board, line)),
        note=board.notes.get(line.key, ""),
        parallel=parallel,
    )


def _legend(desk: Desk, drawn: _Drawn, edges: Sequence[model.Edge]) -> list[model.LegendEntry]:
    types, relations = Counter(n.ref.type for n in drawn.nodes), Counter(edge.type for edge in edges)
    entries = [
        model.LegendEntry(
            "node", name, desk.words.type_label(name), NODE_TYPES[name].colour,
            _shape(NODE_TYPES[name].shape), NODE_TYPES[name].icon, types[name],
        )
        for name in NODE_TYPES if name in types
    ]  # fmt: skip
    marks = (
        (GROUP, "hands.groups", "octagon", drawn.groups),
        (REST, "hands.rests", "round-octagon", drawn.rests),
    )
    entries += [
        model.LegendEntry("node", name, desk.words(word), GREY, _shape(shape), count=len(found))
        for name, word, shape, found in marks
        if found
    ]
    entries += [
        model.LegendEntry(
            "edge", name, desk.words.type_label(name),
            FAMILY_COLOURS.get(RELATION_TYPES[name].family, GREY_LINE), count=relations[name],
        )
        for name in RELATION_TYPES if name in relations
    ]  # fmt: skip
    if relations["bundle"]:
        bundles = desk.words("hands.bundles")
        entries.append(model.LegendEntry("edge", "bundle", bundles, GREY, count=relations["bundle"]))
    return entries + strength_legend(desk, edges)


def _shape(name: str) -> model.Shape:
    if name not in model.Shape.__args__:  # type: ignore[attr-defined]  # a Literal lists its members
        raise SchemaError(f"The canvas can't draw the shape {name}; give the type another in the catalog.")
    return cast(model.Shape, name)
