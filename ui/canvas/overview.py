"""The overview of a large network as a Streamlit element, drawn by WebGL."""

import functools
import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer
from streamlit.errors import StreamlitAPIException

from graph.errors import DuanlianError, SchemaError
from ui.canvas.words import Lang

COMPONENT = "duanlian-canvas.overview"
WORDS = (
    "aria_label", "empty", "no_webgl", "fit", "search_hint", "no_match", "legend", "filter_hint", "nodes",
    "links",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One node; id is opaque (it travels in events), the label is shown as given: mask it first."""

    id: str
    label: str
    type: str
    size: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Kind:
    """A node type or a relation: name, label, "#rrggbb"."""

    type: str
    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class OverviewData:
    """What is drawn; a link is the places of both ends in `marks` and its relation (else SchemaError)."""

    marks: Sequence[Mark] = ()
    links: Sequence[tuple[int, int, str]] = ()
    types: Sequence[Kind] = ()
    relations: Sequence[Kind] = ()
    note: str = ""

    def __post_init__(self) -> None:
        types, relations = {t.type for t in self.types}, {r.type for r in self.relations}
        within = range(len(self.marks))
        _check(all(mark.type in types for mark in self.marks), "A node's type isn't in the legend")
        _check(all(map(math.isfinite, (v for m in self.marks for v in (m.x, m.y)))), "A place isn't finite")
        _check(all(a in within and b in within for a, b, _ in self.links), "A link has no end")
        _check(all(name in relations for _, _, name in self.links), "A link's relation isn't in the legend")
        _check(len({mark.id for mark in self.marks}) == len(self.marks), "Two nodes have one id")


def network_overview(
    data: OverviewData,
    *,
    key: str,
    words: Mapping[str, str],
    height: int = 660,
    lang: Lang = "en",
    on_open: Callable[[str], None] | None = None,
) -> str | None:
    """Draw the overview; the id of the chosen node, None without one.

    words: the texts named in WORDS. on_open runs before the script body with the id of a node that was
    double-clicked. Where the browser has no WebGL it says so. DuanlianError when it isn't installed.
    """
    message = payload(data) | {
        "key": key, "words": {name: words[name] for name in WORDS}, "height": height, "lang": lang,
    }  # fmt: skip

    def opened() -> None:
        ident = read_id(st.session_state[key].get("open"))
        if on_open is not None and ident is not None:
            on_open(ident)

    result = component()(
        key=key, data=message, height=height, on_chosen_change=lambda: None, on_open_change=opened
    )
    return read_id(result.get("chosen"))


def payload(data: OverviewData) -> dict[str, object]:
    """The overview as columns of JSON values: a third of the bytes of one object a node."""
    type_at = {kind.type: at for at, kind in enumerate(data.types)}
    kind_at = {kind.type: at for at, kind in enumerate(data.relations)}
    types = [type_at[mark.type] for mark in data.marks]
    kinds = [kind_at[name] for _, _, name in data.links]
    drawn: dict[str, object] = {
        "nodes": {
            "id": [mark.id for mark in data.marks],
            "label": [mark.label for mark in data.marks],
            "type": types,
            "size": [round(mark.size, 1) for mark in data.marks],
            "x": [round(mark.x, 1) for mark in data.marks],
            "y": [round(mark.y, 1) for mark in data.marks],
        },
        "edges": {
            "source": [a for a, _, _ in data.links],
            "target": [b for _, b, _ in data.links],
            "kind": kinds,
        },
        "types": [_entry(kind, types.count(at)) for at, kind in enumerate(data.types)],
        "kinds": [_entry(kind, kinds.count(at)) for at, kind in enumerate(data.relations)],
        "note": data.note,
    }
    # The browser draws anew only what differs; it need not compare tens of thousands of nodes to know.
    return drawn | {"digest": hashlib.sha256(json.dumps(drawn).encode()).hexdigest()[:20]}


@functools.cache
def component() -> ComponentRenderer:
    """The registered component; made on first use, since it needs a running Streamlit."""
    try:
        return st.components.v2.component(COMPONENT, js="overview-*.js")
    except StreamlitAPIException as error:
        raise DuanlianError("The overview isn't installed; run `make setup` and start again.") from error


def read_id(raw: object) -> str | None:
    """The id the browser sent; None for nothing or something out of shape."""
    found = raw.get("id") if isinstance(raw, Mapping) else None
    return found if isinstance(found, str) and found else None


def _entry(kind: Kind, count: int) -> dict[str, object]:
    return {"type": kind.type, "label": kind.label, "colour": kind.colour, "count": count}


def _check(holds: bool, said: str) -> None:
    if not holds:
        raise SchemaError(f"{said}; correct what makes the overview.")
