"""What comes back from the canvas: one frozen value an event, read from the browser's JSON with care."""

import base64
import binascii
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

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
    """Nodes were put elsewhere: id to (x, y), only those that moved."""

    places: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Picture:
    """The PNG asked for by command `command`."""

    command: str
    png: bytes


CanvasEvent = Selected | Expand | Collapse | MenuChoice | Moved | Picture
EVENT_NAMES = ("selected", "expand", "collapse", "menu", "moved", "png")


def read_event(name: str, raw: object) -> CanvasEvent | None:
    """The event of this name, or None when the browser sent nothing or something out of shape."""
    if not isinstance(raw, Mapping):
        return None
    if name == "selected":
        return Selected(texts(raw.get("nodes")), texts(raw.get("edges")))
    if name == "moved":
        return read_moved(raw)
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


def read_moved(raw: Mapping[str, object]) -> Moved | None:
    """Places that are two finite numbers; None when none is left."""
    places: dict[str, tuple[float, float]] = {}
    for ident, pair in raw.items():
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(v, int | float) for v in pair):
            x, y = float(pair[0]), float(pair[1])
            if math.isfinite(x) and math.isfinite(y):
                places[ident] = (x, y)
    return Moved(places) if places else None


def read_picture(raw: Mapping[str, object]) -> Picture | None:
    """A picture whose bytes are a PNG of at most 64 MiB."""
    command, text = raw.get("command"), raw.get("data")
    if not isinstance(command, str) or not isinstance(text, str) or len(text) > PNG_MAX_BYTES * 4 // 3:
        return None
    try:
        png = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return Picture(command, png) if png.startswith(PNG_HEAD) else None
