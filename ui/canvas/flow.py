"""The money flow as a Streamlit element: `money_flow(data, key=...)` draws and tells what was chosen."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal, get_args

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer
from streamlit.errors import StreamlitAPIException

from graph.errors import DuanlianError, SchemaError
from ui.canvas.words import Lang

COMPONENT = "duanlian-canvas.flow"
NodeKind = Literal["victim", "account", "sink", "more", "returns"]
View = Literal["bands", "columns"]


@dataclass(frozen=True, slots=True)
class FlowNode:
    """One mark; all texts are shown as given, so mask them first. `column` counts from 0 on the left.

    brief: label and sum where columns are narrow. held_share: part of its height that is hatched, 0 to 1.
    open: what became of the money here is unknown.
    lines: of the hover card; card: name and value of each line in the columns; signs: short marks there.
    """

    id: str  # opaque, never a personal value: it travels in events
    kind: NodeKind
    column: int
    label: str
    sum: str
    brief: tuple[str, str] = ("", "")
    held_share: float = 0.0
    frozen: bool = False
    open: bool = False
    lines: tuple[str, ...] = ()
    card: tuple[tuple[str, str], ...] = ()
    signs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check(bool(self.id), "A node has an empty id")
        _check(self.kind in get_args(NodeKind), f"A node has the unknown kind {self.kind}")
        _check(self.column >= 0, "A node's column is below 0")
        _check(0 <= self.held_share <= 1, "A node's held share isn't between 0 and 1")


@dataclass(frozen=True, slots=True)
class FlowLink:
    """One band; value is in fen and gives the width, label is sum · count · first-last."""

    id: str
    source: str
    target: str
    value: int
    label: str
    lines: tuple[str, ...] = ()
    sum: str = ""

    def __post_init__(self) -> None:
        _check(self.value > 0, "A band's value isn't above 0")


@dataclass(frozen=True, slots=True)
class FlowColumn:
    """The heading of a column."""

    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowData:
    """What is drawn; every band leads to a later column, else SchemaError."""

    columns: tuple[FlowColumn, ...] = ()
    nodes: tuple[FlowNode, ...] = ()
    links: tuple[FlowLink, ...] = ()

    def __post_init__(self) -> None:
        column = {node.id: node.column for node in self.nodes}
        _check(len(column) == len(self.nodes), "Two nodes have one id")
        _check(all(place < len(self.columns) for place in column.values()), "A node's column has no heading")
        ends = [(column.get(link.source, -1), column.get(link.target, -1)) for link in self.links]
        _check(all(0 <= start < end for start, end in ends), "A band doesn't lead to a later column")


def money_flow(
    data: FlowData,
    *,
    key: str,
    words: Mapping[str, str],
    view: View = "bands",
    height: int = 620,
    lang: Lang = "en",
    chosen: str | None = None,
    on_choose: Callable[[str | None], None] | None = None,
) -> None:
    """Draw the flow; on_choose runs before the script body with the id chosen, None when it was let go.

    words: aria_label and empty. DuanlianError when the component isn't installed.
    """
    message = asdict(data) | {"key": key, "words": dict(words), "view": view, "height": height, "lang": lang}

    def called() -> None:
        if on_choose is not None:
            on_choose(read_chosen(st.session_state[key].get("chosen")))

    component()(key=key, data=message | {"chosen": chosen}, height=height, on_chosen_change=called)


@functools.cache
def component() -> ComponentRenderer:
    """The registered component; made on first use, since it needs a running Streamlit."""
    try:
        return st.components.v2.component(COMPONENT, js="flow-*.js")
    except StreamlitAPIException as error:
        raise DuanlianError("The money flow isn't installed; run `make setup` and start again.") from error


def read_chosen(raw: object) -> str | None:
    """The id the browser sent; None for nothing or something out of shape."""
    found = raw.get("id") if isinstance(raw, Mapping) else None
    return found if isinstance(found, str) and found else None


def _check(holds: bool, said: str) -> None:
    if not holds:
        raise SchemaError(f"{said}; correct what makes the flow.")
