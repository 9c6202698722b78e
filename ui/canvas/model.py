"""What the canvas draws: nodes, edges, legend and commands as frozen values, checked when they are made."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from graph.errors import SchemaError

Shape = Literal[
    "ellipse",
    "tag",
    "concave-hexagon",
    "round-triangle",
    "round-diamond",
    "round-pentagon",
    "round-hexagon",
    "round-octagon",
    "rectangle",
    "round-rectangle",
    "cut-rectangle",
    "diamond",
    "hexagon",
    "octagon",
    "pentagon",
    "triangle",
    "round-tag",
    "barrel",
    "rhomboid",
    "vee",
    "star",
]
LineStyle = Literal["solid", "dashed", "dotted"]
Ring = Literal["suspect", "victim", "listed", "frozen"]
Operation = Literal["fit", "png", "svg", "layout", "select", "centre", "show_hidden"]
Layout = Literal["force", "layers", "radial", "time", "preset", "geo"]
EntryKind = Literal["node", "edge", "style", "ring"]
Target = Literal["node", "edge", "any"]
MarkKind = Literal["node", "group", "rest"]

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Expansion:
    """What one more step from a node would fetch, counted before anything is fetched."""

    relation: str  # handed back in the `Expand` event
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Node:
    """One mark on the chart; all texts are shown as given, so mask them first."""

    id: str  # opaque handle, never a personal value: it travels in events
    label: str
    type: str
    colour: str = "#5f6b7a"  # "#rrggbb", the family's colour
    shape: Shape = "ellipse"
    icon: str = ""  # one character
    size: float = 30  # diameter on the chart
    x: float | None = None  # both or neither; given positions are kept
    y: float | None = None
    badges: tuple[str, ...] = ()  # at most three characters, confirmed roles
    rings: tuple[Ring, ...] = ()
    hint: tuple[float, float] | None = None  # where a first drawing puts it when nobody has yet
    group: str | None = None  # name of the hull it lies in
    level: int | None = None  # column of the layers layout, 0 leftmost
    hidden: bool = False
    collapsible: bool = False  # offers "collapse" in the menu
    title: tuple[str, ...] = ()  # lines of the hover card
    expansions: tuple[Expansion, ...] = ()
    kind: MarkKind = "node"
    members: tuple[str, ...] = ()  # ids of the nodes a group stands for; it comes in where they stood
    mix: tuple[tuple[str, int], ...] = ()  # colour and number of each kind in a group, drawn as a ring
    leaves: tuple[Expansion, ...] = ()  # leaves of one type that can be folded: type, label, how many
    pinned: bool = False
    note: str = ""  # the analyst's own words
    lon: float | None = None  # degrees; both or neither
    lat: float | None = None
    region: str = ""  # code of an area, where no place is known

    def __post_init__(self) -> None:
        check(bool(self.id), "A node has an empty id")
        check(self.shape in get_args(Shape), f"A node has the unknown shape {self.shape}")
        check(COLOUR.fullmatch(self.colour) is not None, "A node's colour isn't #rrggbb")
        check(len(self.icon) <= 2, "A node's icon is longer than one character")
        check(len(self.badges) <= 3, "A node has more than three badges")
        check(8 <= self.size <= 200, "A node's size isn't between 8 and 200")
        check(all(ring in get_args(Ring) for ring in self.rings), "A node has an unknown ring")
        check((self.x is None) == (self.y is None), "A node has only one of x and y")
        check((self.lon is None) == (self.lat is None), "A node has only one of longitude and latitude")
        check(
            all(COLOUR.fullmatch(colour) for colour, _ in self.mix), "A node's mix has a colour not #rrggbb"
        )
        check(self.kind in get_args(MarkKind), "A node is of an unknown kind")
        places = (self.x, self.y, *(self.hint or ()))
        check(all(v is None or math.isfinite(v) for v in places), "A node's place isn't finite")


@dataclass(frozen=True, slots=True)
class Edge:
    """One line on the chart: merged events between two nodes, or one recorded relation."""

    id: str
    source: str
    target: str
    type: str
    label: str = ""  # sum · count · first-last
    width: float = 1.4
    style: LineStyle = "solid"  # confirmed, unconfirmed, tentative
    colour: str = "#8a94a3"
    arrow: bool = True
    at_first: datetime | None = None  # UTC instants; the window of the chart fades by them
    at_last: datetime | None = None
    runs: tuple[
        tuple[int, int], ...
    ] = ()  # milliseconds since 1970, in order; the window fades by them if any
    standing: bool = False  # no event but something that holds: it fades with an end that did nothing
    hidden: bool = False
    title: tuple[str, ...] = ()
    note: str = ""
    parallel: bool = False  # other lines join the same two ends
    bundle: bool = False  # stands for several lines
    counted: bool = False  # stands for rows that were counted, not fetched

    def __post_init__(self) -> None:
        check(bool(self.id), "An edge has an empty id")
        check(self.style in get_args(LineStyle), f"An edge has the unknown style {self.style}")
        check(COLOUR.fullmatch(self.colour) is not None, "An edge's colour isn't #rrggbb")
        check(0 < self.width <= 40, "An edge's width isn't between 0 and 40")
        for at in (self.at_first, self.at_last):
            check(at is None or at.tzinfo is not None, "An edge's time has no zone")
        check(all(first <= last for first, last in self.runs), "A stretch of an edge ends before it begins")
        check(list(self.runs) == sorted(self.runs), "An edge's stretches of time aren't in order")


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of the legend; those of kind node, edge and style are also filters."""

    kind: EntryKind
    type: str  # node type, edge type, line style or ring
    label: str
    colour: str = "#5f6b7a"
    shape: Shape = "ellipse"
    icon: str = ""
    count: int | None = None  # None: counted on the chart

    def __post_init__(self) -> None:
        check(self.kind in get_args(EntryKind), "A legend entry has an unknown kind")
        check(COLOUR.fullmatch(self.colour) is not None, "A legend entry's colour isn't #rrggbb")


@dataclass(frozen=True, slots=True)
class Command:
    """Something the chart does once: the same `id` is never run again."""

    id: str
    op: Operation
    layout: Layout | None = None
    ids: tuple[str, ...] = ()
    whole: bool = True  # of a picture: the whole chart, else what is in view
    lines: tuple[str, ...] = ()  # of a picture: title, then what it was made from

    def __post_init__(self) -> None:
        check(self.op in get_args(Operation), "A command has an unknown operation")
        check(self.layout is None or self.layout in get_args(Layout), "A command has an unknown layout")


@dataclass(frozen=True, slots=True)
class MenuAction:
    """One more entry of the right-click menu; comes back as `MenuChoice(action=...)`."""

    action: str
    label: str
    target: Target = "node"
    types: tuple[str, ...] = ()  # only on nodes of these types; empty: on all


@dataclass(frozen=True, slots=True)
class Steps:
    """How far the history that Python keeps goes back and forward."""

    undo: int = 0
    redo: int = 0


@dataclass(frozen=True, slots=True)
class CanvasData:
    """Everything the chart shows now; the browser works out what changed by id."""

    nodes: Sequence[Node] = ()
    edges: Sequence[Edge] = ()
    legend: Sequence[LegendEntry] = ()
    actions: Sequence[MenuAction] = ()
    command: Command | None = None
    layout: Layout = "force"  # for the first drawing, when places aren't given
    window: tuple[datetime, datetime] | None = None  # what lies outside fades
    ask_above: int = 50  # a double click that would fetch more opens the menu instead
    note: str = ""  # what size and width stand for; the last line of the legend
    steps: Steps | None = None  # given: Python keeps the one history, and all acts go to it

    def __post_init__(self) -> None:
        ids = [node.id for node in self.nodes]
        known = set(ids)
        every = ids + [edge.id for edge in self.edges]
        check(len(set(every)) == len(every), "Two elements of the chart share an id")
        for position, edge in enumerate(self.edges):
            both = edge.source in known and edge.target in known
            check(both, f"Edge number {position} names a node that isn't on the chart")
        if self.window is not None:
            aware = all(at.tzinfo is not None for at in self.window)
            check(aware, "The chart's window has no zone")
            check(self.window[0] <= self.window[1], "The chart's window ends before it begins")


def check(holds: bool, fault: str) -> None:
    """Raise SchemaError with `fault` unless `holds`; the message carries no label or id."""
    if not holds:
        raise SchemaError(f"{fault}; correct what is handed to the canvas.")


def epoch_ms(at: datetime | None) -> int | None:
    """Milliseconds since 1970 as the browser counts them; None stays None."""
    return None if at is None else round(at.timestamp() * 1000)


def payload(data: CanvasData) -> dict[str, object]:
    """The chart as JSON values with fields at their default left out, to keep messages small."""
    return {
        "nodes": [node_payload(node) for node in data.nodes],
        "edges": [edge_payload(edge) for edge in data.edges],
        "legend": [entry_payload(entry) for entry in data.legend],
        "actions": [
            {"action": a.action, "label": a.label, "target": a.target} | given({"types": list(a.types)})
            for a in data.actions
        ],
        "command": None
        if data.command is None
        else {
            "id": data.command.id,
            "op": data.command.op,
            "layout": data.command.layout,
            "ids": list(data.command.ids),
            "whole": data.command.whole,
            "lines": list(data.command.lines),
        },
        "layout": data.layout,
        "window": None if data.window is None else [epoch_ms(at) for at in data.window],
        "ask_above": data.ask_above,
        "note": data.note,
        "steps": None if data.steps is None else {"undo": data.steps.undo, "redo": data.steps.redo},
    }


def node_payload(node: Node) -> dict[str, object]:
    """One node; `id`, `label`, `type`, `colour`, `shape` and `size` are always there."""
    fixed = {name: getattr(node, name) for name in ("id", "label", "type", "colour", "shape", "size")}
    kind = "" if node.kind == "node" else node.kind
    return fixed | given(
        {
            "icon": node.icon,
            "x": node.x,
            "y": node.y,
            "badges": list(node.badges),
            "rings": list(node.rings),
            "hint": None if node.hint is None else [round(v, 1) for v in node.hint],
            "group": node.group,
            "level": node.level,
            "hidden": node.hidden,
            "collapsible": node.collapsible,
            "title": list(node.title),
            "expansions": choices(node.expansions),
            "kind": kind,
            "members": list(node.members),
            "mix": [list(part) for part in node.mix],
            "leaves": choices(node.leaves),
            "pinned": node.pinned,
            "note": node.note,
            "lon": node.lon,
            "lat": node.lat,
            "region": node.region,
        }
    )


def choices(expansions: Sequence[Expansion]) -> list[dict[str, object]]:
    """Counted choices of the menu."""
    return [{"relation": e.relation, "label": e.label, "count": e.count} for e in expansions]


def edge_payload(edge: Edge) -> dict[str, object]:
    """One edge; times as milliseconds since 1970."""
    names = ("id", "source", "target", "type", "width", "style", "colour")
    fixed = {name: getattr(edge, name) for name in names}
    return fixed | given(
        {
            "label": edge.label,
            "arrow": edge.arrow,
            "at_first": epoch_ms(edge.at_first),
            "at_last": epoch_ms(edge.at_last),
            "runs": [list(run) for run in edge.runs],
            "standing": edge.standing,
            "hidden": edge.hidden,
            "title": list(edge.title),
            "note": edge.note,
            "parallel": edge.parallel,
            "bundle": edge.bundle,
            "counted": edge.counted,
        }
    )


def entry_payload(entry: LegendEntry) -> dict[str, object]:
    """One legend line."""
    names = ("kind", "type", "label", "colour", "shape", "icon", "count")
    return given({name: getattr(entry, name) for name in names})


def given(fields: Mapping[str, object]) -> dict[str, object]:
    """The fields that say something; 0 and 0.0 stay, False, None and empty ones go."""
    return {k: v for k, v in fields.items() if v is not None and v is not False and v != "" and v != []}
