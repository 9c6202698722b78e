"""What comes back from the canvas: one frozen value an event, read from the browser's JSON with care."""

import base64
import binascii
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ui.canvas.drawing import harmless_svg

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Selected:
    """The selection as it is now; lasting."""

    nodes: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expand:
    """Fetch what lies one step from node `id`, along `relation` or along all."""

    id: str
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class Collapse:
    """Take away what was fetched from node `id`."""

    id: str


@dataclass(frozen=True, slots=True)
class MenuChoice:
    """A menu entry was chosen: `why`, `hide`, `pin`, `unpin` or the action of a `MenuAction`."""

    id: str
    action: str
    target: Literal["node", "edge"] = "node"


@dataclass(frozen=True, slots=True)
class Moved:
    """Nodes were put elsewhere: id to (x, y), only those that moved; `before`: where they stood."""

    places: Mapping[str, tuple[float, float]]
    before: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to marks: the action's name, the marks, and a text where one was asked for."""

    action: str
    nodes: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """The PNG, or the SVG, asked for by command `command`."""

    command: str
    png: bytes = b""
    svg: bytes = b""


CanvasEvent = Selected | Expand | Collapse | MenuChoice | Moved | Act | Picture
EVENT_NAMES = ("selected", "acts", "png")
"""What the browser sends by name; all that people do to the chart comes in the one queue `acts`."""


def read_event(name: str, raw: object) -> CanvasEvent | None:
    """The event of this name, or None when the browser sent nothing or something out of shape."""
    if not isinstance(raw, Mapping):
        return None
    if name == "selected":
        return Selected(texts(raw.get("nodes")), texts(raw.get("edges")))
    if name == "moved":
        return read_moved(raw)
    if name == "act":
        return read_act(raw)
    if name == "png":
        return read_picture(raw)
    ident, relation, action = raw.get("id"), raw.get("relation"), raw.get("action")
    if not isinstance(ident, str):
        return None
    if name == "expand":
        return Expand(ident, relation if isinstance(relation, str) else None)
    if name == "collapse":
        return Collapse(ident)
    if name == "menu" and isinstance(action, str):
        return MenuChoice(ident, action, "edge" if raw.get("target") == "edge" else "node")
    return None


def texts(raw: object) -> tuple[str, ...]:
    """The text items of a JSON list, in order; anything else gives an empty tuple."""
    return tuple(item for item in raw if isinstance(item, str)) if isinstance(raw, list) else ()


def read_acts(raw: object, seen: tuple[str, int]) -> tuple[list[CanvasEvent | None], tuple[str, int]]:
    """The acts of a queue that were not seen yet, in their order, and the mark of the last one.

    The browser repeats its newest acts in every message, so that none is lost when messages overtake each
    other; `seen` is (chart, number) of the last act that was taken. Out of shape gives None in its place.
    """
    if not isinstance(raw, Mapping) or not isinstance(raw.get("list"), list):
        return [], seen
    chart = str(raw.get("chart"))
    last = seen[1] if seen[0] == chart else 0
    events: list[CanvasEvent | None] = []
    for item in raw["list"]:
        number = item.get("n") if isinstance(item, Mapping) else None
        if isinstance(number, int) and number > last:
            last = number
            events.append(read_event(str(item.get("name")), item.get("value")))
    return events, (chart, last)


def read_act(raw: Mapping[str, object]) -> Act | None:
    """An act with its marks and text."""
    action, text = raw.get("action"), raw.get("text")
    if not isinstance(action, str):
        return None
    said = text if isinstance(text, str) else ""
    return Act(action, texts(raw.get("nodes")), texts(raw.get("edges")), said)


def read_moved(raw: Mapping[str, object]) -> Moved | None:
    """Places after and before; None when no node has a new one."""
    after, before = raw.get("places"), raw.get("before")
    places = read_places(after) if isinstance(after, Mapping) else {}
    return Moved(places, read_places(before) if isinstance(before, Mapping) else {}) if places else None


def read_places(raw: Mapping[str, object]) -> dict[str, tuple[float, float]]:
    """Places that are two finite numbers."""
    places: dict[str, tuple[float, float]] = {}
    for ident, pair in raw.items():
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(v, int | float) for v in pair):
            x, y = float(pair[0]), float(pair[1])
            if math.isfinite(x) and math.isfinite(y):
                places[ident] = (x, y)
    return places


def read_picture(raw: Mapping[str, object]) -> Picture | None:
    """A picture whose bytes are a PNG or a harmless SVG of at most 64 MiB."""
    command, text = raw.get("command"), raw.get("data")
    drawn = raw.get("svg")
    if isinstance(command, str) and isinstance(drawn, str):
        svg = drawn.encode("utf-8", "replace")
        return Picture(command, svg=svg) if len(svg) <= PNG_MAX_BYTES and harmless_svg(svg) else None
    if not isinstance(command, str) or not isinstance(text, str) or len(text) > PNG_MAX_BYTES * 4 // 3:
        return None
    try:
        png = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return Picture(command, png) if png.startswith(PNG_HEAD) else None
