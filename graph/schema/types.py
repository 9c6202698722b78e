"""The shapes a catalog entry has: property, node type, relation type."""

from dataclasses import dataclass, field

from graph.schema.kinds import Kind, Mask, Privacy


@dataclass(frozen=True, slots=True)
class Property:
    """One named value of a type, with labels in both languages and its privacy mark."""

    name: str
    kind: Kind
    zh: str
    en: str
    privacy: Privacy = Privacy.INTERNAL
    mask: Mask = Mask.NONE


@dataclass(frozen=True, slots=True)
class NodeType:
    """A kind of thing; `key` says in words what its natural key is made of."""

    name: str
    zh: str
    en: str
    key: str
    privacy: Privacy
    key_mask: Mask
    family: str
    colour: str
    shape: str
    icon: str
    properties: tuple[Property, ...] = ()
    stored: bool = True
    """False: provenance, opinion or vault; never part of the digest or of Neo4j."""


@dataclass(frozen=True, slots=True)
class RelationType:
    """A kind of connection between two nodes: an event (at an instant) or an edge with validity.

    `ends` lists the (from type, to type) pairs that may occur.
    """

    name: str
    zh: str
    en: str
    ends: tuple[tuple[str, str], ...]
    event: bool
    family: str
    properties: tuple[Property, ...] = ()
    stored: bool = True
    """False: derived and rebuilt at will; never a source, never part of the digest."""
    fields: tuple[str, ...] = field(default=())
    """Names of properties a canvas label sums or shows, most telling first."""
