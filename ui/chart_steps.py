"""What a hand on the canvas does to the board."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from cases.board import Board
from cases.grouping import leaves_of, parallel_pairs
from cases.marks import NAME_LIMIT, NOTE_LIMIT, LineKey, Mark, Pair, Rest, Strength
from graph.contract import Direction, Ref
from ui.desk import Desk
from ui.elements import Chart, expansion_of
from ui.navigate import history, remember

EXPAND_LIMIT = 60
BROUGHT = 10
"""How many far ends come in where there are more than the limit; the rest is one counted mark."""
_MOST_ROWS = 20_000


def expand(desk: Desk, ref: Ref, name: str | None) -> None:
    """Fetch what lies behind one relation of a node (or behind all); more than the limit: ten and a rest."""
    now = history()
    rest = now.now.rest(ref)
    if rest is not None:
        _bring(desk, rest)
        return
    chosen = expansion_of(name) if name else None
    limit = int(st.session_state.get("expand_limit", EXPAND_LIMIT))
    fetched: list[Ref] = []
    rests: list[Rest] = []
    for found in desk.engine.expansions(ref):
        if chosen is not None and (found.relation, found.direction) != chosen:
            continue
        way = Rest(ref, found.relation, found.direction, found.other_type)
        wanted = found.others if found.others <= limit else BROUGHT
        ends = _strongest(desk, way, wanted, frozenset())
        fetched += ends
        if len(ends) < found.others:
            rests.append(way)
    if rests:
        st.session_state["expansion_cut"] = True
    remember(now.step(now.now.with_nodes(fetched, origin=ref).with_rests(rests)))


def _bring(desk: Desk, rest: Rest) -> None:
    """The next ten of a rest."""
    now = history()
    ends = _strongest(desk, rest, BROUGHT, frozenset(now.now.shown))
    remember(now.step(now.now.with_nodes(ends, origin=rest.ref)))


def _strongest(desk: Desk, way: Rest, wanted: int, known: frozenset[Ref]) -> list[Ref]:
    """Up to `wanted` far ends that are not known yet, those with the largest single rows first."""
    rows = max(200, wanted * 20)
    while True:
        found = desk.engine.neighbours(way.ref, way.relation, way.direction, limit=rows)
        out = way.direction is Direction.OUT
        far = dict.fromkeys(edge.end if out else edge.start for edge in found.edges)
        ends = [ref for ref in far if ref.type == way.other_type and ref not in known]
        if len(ends) >= wanted or not found.truncated or rows >= _MOST_ROWS:
            return ends[:wanted]
        rows *= 4


def collapse(ref: Ref) -> None:
    """Take away what was fetched from a node."""
    remember(history().step(history().now.collapsed(ref)))


def hide(refs: Iterable[Ref], lines: Iterable[LineKey]) -> None:
    """Put nodes, marks and lines out of sight."""
    remember(history().step(history().now.with_hidden(refs, lines)))


def move(places: Mapping[Ref, tuple[float, float]], before: Mapping[Ref, tuple[float, float]]) -> None:
    """Keep where nodes were put; where they stood is kept with the board before, so that undo finds it."""
    stood = history().stood(before)
    remember(stood.step(stood.now.with_places(places)))


def group(desk: Desk, refs: Sequence[Ref], name: str) -> None:
    """Draw nodes as one mark."""
    board = history().now
    members = board.unfolded(refs)
    if len(members) < 2:
        st.toast(desk.words("hands.group_two"), icon=":material/info:")
        return
    if len(name) > NAME_LIMIT:
        st.toast(desk.words("hands.too_long", n=NAME_LIMIT), icon=":material/error:")
        return
    number = len(board.groups) + 1
    remember(history().step(board.with_group(refs, name.strip() or desk.words("hands.group_name", n=number))))


def fold_leaves(desk: Desk, drawn: Chart, hub: Ref, type_name: str) -> None:
    """Fold the leaves of one type around a hub into a group named after them."""
    leaves = leaves_of(drawn.unfolded).get(hub, {}).get(type_name, ())
    group(desk, leaves, desk.words("hands.leaves_name", type=desk.words.type_label(type_name)))


def bundle(drawn: Chart, pairs: Iterable[Pair], bundled: bool) -> None:
    """Draw parallel lines as one, or each for itself; without pairs all of the chart."""
    board = history().now
    chosen = list(pairs)
    if not chosen:
        chosen = list(parallel_pairs(drawn.lines.values())) if bundled else list(board.bundles)
    remember(history().step(board.with_bundles(chosen, bundled)))


def rename(desk: Desk, refs: Sequence[Ref], name: str) -> None:
    """Call a group otherwise."""
    if len(name) > NAME_LIMIT:
        st.toast(desk.words("hands.too_long", n=NAME_LIMIT), icon=":material/error:")
    elif refs and name.strip():
        remember(history().step(history().now.with_group_name(refs[0], name.strip())))


def note(desk: Desk, mark: Mark | None, text: str) -> None:
    """Write the analyst's note on a node, mark or line."""
    if mark is None:
        return
    if len(text) > NOTE_LIMIT:
        st.toast(desk.words("hands.too_long", n=NOTE_LIMIT), icon=":material/error:")
        return
    remember(history().step(history().now.with_note(mark, text)))


def judge_strength(keys: Iterable[LineKey], text: str) -> None:
    """Keep the analyst's judgement on how sure lines are; any other text takes it back."""
    strength = Strength(text) if text in set(Strength) else None
    remember(history().step(history().now.with_strengths(keys, strength)))


def change_board(action: str, refs: Sequence[Ref]) -> bool:
    """Do an act that needs nothing but the marks; False when `action` is none of those."""
    change = _CHANGES.get(action)
    if change is not None:
        remember(history().step(change(history().now, refs)))
    return change is not None


_CHANGES: Mapping[str, Callable[[Board, Sequence[Ref]], Board]] = {
    "ungroup": lambda board, refs: board.ungrouped(refs),
    "pin": lambda board, refs: board.with_pins(refs, True),
    "unpin": lambda board, refs: board.with_pins(refs, False),
    "remove": lambda board, refs: board.without_nodes(refs),
    "keep": lambda board, refs: board.only(refs),
    "show": lambda board, refs: board.with_all_visible(),
}


def shortest_path(desk: Desk, refs: Sequence[Ref]) -> None:
    """Add the shortest path between two nodes, or say why there is none."""
    if len(refs) != 2:
        st.toast(desk.words("explore.path_two"), icon=":material/info:")
        return
    found = desk.engine.paths(refs[0], refs[1])
    if not found.nodes:
        st.toast(desk.words("explore.path_none"), icon=":material/info:")
        return
    remember(history().step(history().now.with_nodes([node.ref for node in found.nodes])))
