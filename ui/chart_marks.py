"""The marks beside nodes and single lines: groups, counted rests, bundles, and how sure a line looks."""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence

from cases.board import Board
from cases.grouping import Bundle, GroupSum, RestSum, drawn_strength
from cases.lines import Line
from cases.marks import GROUP, REST, Strength
from export.signs import local_text, money_text, total_text
from graph.contract import Direction, Ref
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES
from graph.schema.shorthand import FAMILY_COLOURS
from ui.canvas import model
from ui.desk import Desk

GREY = "#5b6472"
GREY_LINE = "#8a94a3"
STYLES: Mapping[Strength, model.LineStyle] = {
    Strength.CONFIRMED: "solid",
    Strength.UNCONFIRMED: "dashed",
    Strength.TENTATIVE: "dotted",
}
_LINES_SHOWN = 5


def group_mark(desk: Desk, board: Board, found: GroupSum) -> model.Node:
    """A group as one mark: its name and number, its kinds as a ring, its inner sums in the hover card."""
    group, words = found.group, desk.words
    place = board.places.get(group.mark)
    kinds = [f"{words.type_label(name)} {number:,}" for name, number in found.types]
    parts = (
        ("hands.outgoing", found.outgoing),
        ("hands.incoming", found.incoming),
        ("hands.inside", found.inside),
    )
    sums = [f"{words(name)}: {said}" for name, lines in parts for said in line_texts(desk, lines)]
    return model.Node(
        id=desk.handle(group.mark),
        label=f"{group.name} ({len(group.members):,})",
        type=GROUP,
        colour=GREY,
        shape="octagon",
        icon=words("hands.group_icon"),
        size=min(76.0, 34 + 9 * math.log10(1 + len(group.members)) * 2),
        x=place[0] if place else None,
        y=place[1] if place else None,
        hidden=group.mark in board.hidden,
        title=(" · ".join(kinds), *sums),
        kind="group",
        members=tuple(desk.handle(ref) for ref in group.members),
        mix=tuple((NODE_TYPES[name].colour, number) for name, number in found.types),
        pinned=group.mark in board.pinned,
        note=board.notes.get(group.mark, ""),
    )


def rest_mark(desk: Desk, board: Board, found: RestSum) -> model.Node:
    """What was only counted, as one mark that says how much it stands for."""
    rest, words = found.rest, desk.words
    place = board.places.get(rest.mark)
    kind = words.type_label(rest.other_type)
    label = words("hands.rest_label", n=f"{found.others:,}", type=kind)
    money = [money_text(found.amount_fen)] if found.amount_fen else []
    whole = [money_text(found.all_fen)] if found.all_fen else []
    return model.Node(
        id=desk.handle(rest.mark),
        label=" · ".join([label, *money]),
        type=REST,
        colour=GREY,
        shape="round-octagon",
        icon="…",
        size=min(70.0, 30 + 8 * math.log10(1 + found.others) * 2),
        x=place[0] if place else None,
        y=place[1] if place else None,
        hidden=rest.mark in board.hidden,
        title=(
            f"{words.type_label(rest.relation)} · {words('hands.rows', n=f'{found.count:,}')}",
            words("hands.of_all", n=f"{found.all_others:,}", rows=f"{found.all_count:,}")
            + "".join(f" · {text}" for text in whole),
            words("hands.rest_hint"),
        ),
        expansions=(model.Expansion("next", words("hands.next"), found.others),),
        kind="rest",
        pinned=rest.mark in board.pinned,
        note=board.notes.get(rest.mark, ""),
    )


def rest_line(desk: Desk, found: RestSum, hub: Ref) -> model.Edge:
    """The line from a node to its rest; nobody looked at how sure the counted rows are, so it's dashed."""
    rest = found.rest
    money = found.amount_fen or 0
    ends = (hub, rest.mark) if rest.direction is Direction.OUT else (rest.mark, hub)
    declared = RELATION_TYPES[rest.relation]
    counted = desk.words("hands.rows", n=f"{found.count:,}")
    return model.Edge(
        id=edge_id(desk, REST, *ends),
        source=desk.handle(ends[0]),
        target=desk.handle(ends[1]),
        type=rest.relation,
        label=" · ".join([*([money_text(money)] if money else []), counted]),
        width=line_width(money, found.count),
        style=STYLES[Strength.UNCONFIRMED],
        colour=FAMILY_COLOURS.get(declared.family, GREY_LINE),
        title=(desk.words.type_label(rest.relation), desk.words("hands.counted_only")),
        counted=True,
    )


def bundle_line(desk: Desk, board: Board, found: Bundle) -> model.Edge:
    """All lines between two ends as one; the hover card has each of them."""
    same = {line.relation for line in found.lines}
    rows = sum(line.count for line in found.lines)
    money = max((line.amount_fen or 0 for line in found.lines), default=0)
    family = {RELATION_TYPES[name].family for name in same}
    key = ("", found.start, found.end)
    ways = {(line.start, line.end) for line in found.lines}
    turned = ways == {(found.end, found.start)}
    ends = (found.end, found.start) if turned else (found.start, found.end)
    texts = line_texts(desk, found.lines, found.start)
    told = (
        " · ".join(texts) if len(texts) <= 2 else desk.words("hands.bundle", n=len(texts), rows=f"{rows:,}")
    )
    return model.Edge(
        id=edge_id(desk, "bundle", found.start, found.end),
        source=desk.handle(ends[0]),
        target=desk.handle(ends[1]),
        type="bundle",
        label=told,
        width=line_width(money, rows),
        style=STYLES[found.strength],
        colour=FAMILY_COLOURS.get(next(iter(family)), GREY_LINE) if len(family) == 1 else GREY,
        arrow=len(ways) == 1,
        at_first=min((line.first_at for line in found.lines if line.first_at), default=None),
        at_last=max((line.last_at for line in found.lines if line.last_at), default=None),
        hidden=key in board.hidden_lines,
        title=texts,
        note=board.notes.get(key, ""),
        bundle=True,
    )


def line_texts(desk: Desk, lines: Sequence[Line], start: Ref | None = None) -> tuple[str, ...]:
    """One text a line: relation, sum, count, an arrow seen from `start`; the last says how many more."""
    texts = []
    for line in lines[:_LINES_SHOWN]:
        arrow = "" if start is None else "→ " if line.start == start else "← "
        texts.append(f"{arrow}{desk.words.type_label(line.relation)} {line_label(desk, line, plain=True)}")
    more = len(lines) - _LINES_SHOWN
    return (*texts, *([desk.words("hands.more", n=more)] if more > 0 else []))


def line_label(desk: Desk, line: Line, *, plain: bool = False) -> str:
    """Sum · count · first–last of a line, as far as it has them; plain: never its relation for a sum."""
    total = total_text(line.amount_fen, "amount_fen" if line.amount_fen else None, desk.words.language)
    first, last = local_text(line.first_at), local_text(line.last_at)
    span = first if first[:10] == last[:10] else f"{first[:10]}–{last[:10]}"
    event = RELATION_TYPES[line.relation].event
    name = "" if plain else desk.words.type_label(line.relation)
    parts = [total or name, f"{line.count:,}×" if line.count > 1 or plain else ""]
    return " · ".join(part for part in [*parts, span if event else ""] if part)


def strength_lines(desk: Desk, board: Board, line: Line) -> tuple[str, ...]:
    """What the rows say of a line's strength, then what the analyst says; nothing for an undisputed one."""
    words = desk.words
    recorded = words(f"hands.{line.strength}")
    judged = board.strengths.get(line.key)
    if judged is None:
        return () if line.strength is Strength.CONFIRMED else (f"{words('hands.by_rows')}: {recorded}",)
    return (
        f"{words('hands.by_rows')}: {recorded}",
        f"{words('hands.by_analyst')}: {words(f'hands.{judged}')}",
    )


def line_style(board: Board, line: Line) -> model.LineStyle:
    """Solid only when rows and analyst agree that the line is sure."""
    return STYLES[drawn_strength(board, line)]


def strength_legend(desk: Desk, edges: Iterable[model.Edge]) -> list[model.LegendEntry]:
    """The strengths on the chart, once there is more than one."""
    used = {edge.style for edge in edges}
    named = [(style, desk.words(f"hands.{strength}")) for strength, style in STYLES.items() if style in used]
    return [model.LegendEntry("style", style, label) for style, label in named] if len(named) > 1 else []


def line_width(fen: int, count: int) -> float:
    """Width of a line: the sum in yuan, else the number of rows, as a logarithm."""
    return min(9.0, 1.0 + (math.log10(1 + fen / 100) if fen > 0 else math.log10(1 + count)))


def edge_id(desk: Desk, kind: str, start: Ref, end: Ref) -> str:
    """The opaque, stable name of a line in the browser."""
    text = "\x1f".join((kind, desk.handle(start), desk.handle(end)))
    return "e" + hashlib.sha256(text.encode()).hexdigest()[:20]
