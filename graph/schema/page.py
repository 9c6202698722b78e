"""Writes docs/schema.md from the catalog: `python -m graph.schema.page > docs/schema.md`."""

import sys

from graph.schema.kinds import Mask
from graph.schema.nodes import NODES
from graph.schema.relations import DERIVED, EDGES, EVENTS
from graph.schema.types import NodeType, Property, RelationType

_HEAD = """# Schema

Generated from `graph/schema/` by `make docs`; do not edit. Each type is declared once there; lake columns,
Neo4j constraints, labels, masks and legends are derived from it. Privacy: pub public, int internal,
per personal (masked by default), inf informant (vault only).
"""


def render() -> str:
    """The whole page as Markdown."""
    parts = [_HEAD, "\n## Nodes\n"]
    parts += [_node(node) for node in NODES]
    for title, relations in (("Events", EVENTS), ("Edges with validity", EDGES), ("Derived", DERIVED)):
        parts.append(f"\n## {title}\n")
        parts += [_relation(relation) for relation in relations]
    return "".join(parts)


def _node(node: NodeType) -> str:
    stored = "" if node.stored else " Not stored in the graph."
    mask = "" if node.key_mask is Mask.NONE else f", masked as {node.key_mask.value}"
    head = f"\n### {node.name} · {node.zh} · {node.en}\n\n"
    return (
        head
        + f"Key: {node.key}. Privacy: {node.privacy.value}{mask}.{stored}\n"
        + _properties(node.properties)
    )


def _relation(relation: RelationType) -> str:
    ends = ", ".join(f"{start} → {end}" for start, end in relation.ends)
    return f"\n### {relation.name} · {relation.zh} · {relation.en}\n\n{ends}\n" + _properties(
        relation.properties
    )


def _properties(properties: tuple[Property, ...]) -> str:
    if not properties:
        return ""
    rows = [f"| `{p.name}` | {p.zh} | {p.en} | {p.kind.value} | {p.privacy.value} |" for p in properties]
    return "\n".join(["", "| property | zh | en | kind | privacy |", "|---|---|---|---|---|", *rows, ""])


if __name__ == "__main__":
    sys.stdout.write(render())
