"""The values of a gang map: what any writer may show; nothing in them is more than the scope allowed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from graph.schema.catalog import NODE_TYPES, RELATION_TYPES
from graph.schema.types import NodeType


class Sureness(StrEnum):
    """How sure an edge is: recorded solid, inferred dashed, tentative dotted (DOMAIN 8)."""

    RECORDED = "recorded"
    INFERRED = "inferred"
    TENTATIVE = "tentative"


@dataclass(frozen=True, slots=True)
class Citation:
    """One source row behind an edge; `total` is its part of the edge's sum."""

    source: str
    row: int
    at: datetime | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class RoleSign:
    """One role of a node, proposed or confirmed, never a refuted one; it is never shown without its mark.

    weight: None when detection does not propose it any more. mark: in (zh, en), its state, who decided and
    when. changed: in (zh, en), what has changed since. confirmed: on evidence that still stands.
    supporting, opposing: what speaks for and against it now, as (sign, weight, rows).
    """

    role: str
    weight: float | None
    mark: tuple[str, str]
    changed: tuple[str, str] = ("", "")
    confirmed: bool = False
    supporting: tuple[tuple[str, float, int], ...] = ()
    opposing: tuple[tuple[str, float, int], ...] = ()


@dataclass(frozen=True, slots=True)
class MapNode:
    """One node as drawn. handle: opaque name that is equal in every export of one installation.

    key, name, properties: as the scope shows them. member: in the gang, else only a connecting node.
    victim: a case names the person, or a report the account paid from, as victim. refuted: how many roles
    people have refuted, refuted_changed: of these, on evidence that has changed since.
    """

    id: str
    handle: str
    type: str
    key: str
    name: str
    properties: Mapping[str, Any]
    member: bool
    strength: float
    roles: tuple[RoleSign, ...]
    victim: bool
    source: str | None
    row: int | None
    x: int = 0
    y: int = 0
    level: int | None = None
    refuted: int = 0
    refuted_changed: int = 0

    @property
    def declared(self) -> NodeType:
        """The node's type in the catalog: labels, colour, shape, icon."""
        return NODE_TYPES[self.type]


@dataclass(frozen=True, slots=True)
class MapEdge:
    """All rows of one relation from one node to another, summed for drawing; the rows stay cited.

    kind: a relation of the catalog, or `LINK:<kind>` for evidence that no drawn relation shows.
    measure: what `total` sums (`amount_fen`, `duration_s`, `uses`), None when nothing is summed.
    """

    id: str
    kind: str
    start: str
    end: str
    sureness: Sureness
    count: int
    total: int | None
    measure: str | None
    first_at: datetime | None
    last_at: datetime | None
    citations: tuple[Citation, ...]
    weight: float | None = None

    @property
    def directed(self) -> bool:
        """Evidence links have no direction, relations have."""
        return not self.kind.startswith("LINK:")

    @property
    def family(self) -> str:
        """The colour family of the relation."""
        return RELATION_TYPES[self.kind].family if self.kind in RELATION_TYPES else "link"


@dataclass(frozen=True, slots=True)
class MapData:
    """A gang map ready for any writer, with what it was made from.

    left_out: nodes that a limit kept off the map. rules: (rule, revision) of the findings behind the gang.
    said: sentences in (zh, en): what the gang hangs by, its innocent and its guilty reading.
    """

    title: str
    score: float
    stability: float
    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]
    masked: bool
    mask_policy: str
    lake_digest: str
    rules: tuple[tuple[str, int], ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    left_out: int = 0
    layered: bool = False
    said: tuple[tuple[str, str], ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """All cited source files by sha256, sorted; writers number them S1, S2, ..."""
        cited = {c.source for edge in self.edges for c in edge.citations}
        return tuple(sorted(cited | {node.source for node in self.nodes if node.source}))

    @property
    def rows(self) -> int:
        """How many distinct source rows the edges cite."""
        return len({(c.source, c.row) for edge in self.edges for c in edge.citations})

    @property
    def digest(self) -> str:
        """SHA-256 of the whole content; equal maps have equal digests."""
        plain = json.dumps(asdict(self), sort_keys=True, ensure_ascii=True, default=str)
        return hashlib.sha256(plain.encode("ascii")).hexdigest()


def family_colours() -> dict[str, str]:
    """Colour of each family, from the catalog's node types; evidence links are grey."""
    colours: dict[str, str] = {}
    for node in NODE_TYPES.values():
        colours.setdefault(node.family, node.colour)
    return {**colours, "link": "#6b7280"}
