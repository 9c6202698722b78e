"""Takes what a hand did on the canvas to the one history of the chart."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from cases.marks import LineKey, Mark, Pair
from graph.contract import Ref
from ui.canvas.events import Act, CanvasEvent, Collapse, Expand, MenuChoice, Moved, Picture
from ui.chart_picture import keep_picture
from ui.chart_steps import (
    bundle,
    change_board,
    collapse,
    expand,
    fold_leaves,
    group,
    hide,
    judge_strength,
    move,
    note,
    rename,
    shortest_path,
)
from ui.connection_panel import ask
from ui.desk import Desk
from ui.elements import Chart
from ui.navigate import history, remember

FOLLOW, TABLE = "follow_asked", "table_asked"
"""Where an act leaves what the next run of the page shows: a ref, refs."""


def take(desk: Desk, drawn: Chart, event: CanvasEvent) -> None:
    """Do what an event asks for; marks that this session doesn't know are left alone."""
    ref = desk.ref_of(event.id) if isinstance(event, Expand | Collapse | MenuChoice) else None
    if isinstance(event, Expand) and ref is not None:
        expand(desk, ref, event.relation)
    elif isinstance(event, Collapse) and ref is not None:
        collapse(ref)
    elif isinstance(event, MenuChoice) and ref is not None:
        _choose(ref, event.action)
    elif isinstance(event, Moved):
        move(_places(desk, event.places), _places(desk, event.before))
    elif isinstance(event, Picture):
        keep_picture(desk, drawn, event)
    elif isinstance(event, Act):
        _act(desk, drawn, event)


def _places(desk: Desk, places: Mapping[str, tuple[float, float]]) -> dict[Ref, tuple[float, float]]:
    return {ref: place for handle, place in places.items() if (ref := desk.ref_of(handle)) is not None}


def _choose(ref: Ref, action: str) -> None:
    """Entries of the menu that the screen brought; a page can only be left from its body, so it does so."""
    if action == "follow":
        st.session_state[FOLLOW] = ref
    elif action == "table":
        st.session_state[TABLE] = (ref,)


def _act(desk: Desk, drawn: Chart, act: Act) -> None:
    refs = [ref for handle in act.nodes if (ref := desk.ref_of(handle)) is not None]
    keys = [key for ident in act.edges for key in _keys(drawn, ident)]
    pairs: list[Pair] = [(start, end) for _, start, end in keys]
    todo: Mapping[str, Callable[[], None]] = {
        "undo": lambda: remember(history().undo()),
        "redo": lambda: remember(history().redo()),
        "group": lambda: group(desk, refs, act.text),
        "rename": lambda: rename(desk, refs, act.text),
        "hide": lambda: hide(refs, keys),
        "note": lambda: note(desk, _one(refs, keys), act.text),
        "strength": lambda: judge_strength(keys, act.text),
        "bundle": lambda: bundle(drawn, pairs, True),
        "unbundle": lambda: bundle(drawn, pairs, False),
        "leaves": lambda: _leaves(desk, drawn, refs, act.text),
        "paths": lambda: _connect(desk, "paths", refs),
        "common": lambda: _connect(desk, "common", refs),
    }
    if act.action in todo:
        todo[act.action]()
    else:
        change_board(act.action, refs)


def _keys(drawn: Chart, ident: str) -> list[LineKey]:
    """What names a line on the board; a bundle has the name of its pair."""
    if ident in drawn.bundles:
        return [("", drawn.bundles[ident].start, drawn.bundles[ident].end)]
    return [drawn.lines[ident].key] if ident in drawn.lines else []


def _one(refs: Sequence[Ref], keys: Sequence[LineKey]) -> Mark | None:
    marks: list[Mark] = [*refs, *keys]
    return marks[0] if marks else None


def _leaves(desk: Desk, drawn: Chart, refs: Sequence[Ref], type_name: str) -> None:
    if refs:
        fold_leaves(desk, drawn, refs[0], type_name)


def _connect(desk: Desk, what: str, refs: Sequence[Ref]) -> None:
    """Leave the question for the panel; between two nodes the shortest path comes at once."""
    nodes = history().now.unfolded(refs)
    ask("ways" if what == "paths" else "common", tuple(nodes))
    if what == "paths":
        shortest_path(desk, nodes)
