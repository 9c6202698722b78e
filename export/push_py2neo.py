"""Pushes a gang map into an investigator's own Neo4j as a py2neo Subgraph; py2neo is used nowhere else."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from export.chart import MapData, MapEdge, MapNode
from export.manifest import Stamp
from export.role_marks import marked_role
from export.signs import kind_label, utc_text
from graph.errors import EngineUnavailable, InputError, QueryFailed

if TYPE_CHECKING:
    from py2neo import Graph, Subgraph

LABEL = "DuanlianMap"
"""Every pushed node carries this label; nodes without it are never read or changed."""
KEY = "duanlian_key"
_CITED = 1000
_CODE = re.compile(r"[a-z][a-z_]{0,40}")
_PRESENT = f"MATCH (n:{LABEL}) WHERE n.{KEY} IN $keys RETURN count(n)"
_TIES = f"MATCH (a:{LABEL})-[r]->(b:{LABEL}) WHERE a.{KEY} IN $keys AND b.{KEY} IN $keys"


@dataclass(frozen=True, slots=True)
class PushCounts:
    """What a push would do or did. nodes, edges: on the map; of these `*_present` were there before."""

    nodes: int
    edges: int
    nodes_present: int
    edges_present: int
    by_type: Mapping[str, int]
    dry_run: bool

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, with what is new."""
        fresh = {"nodes_new": self.nodes - self.nodes_present, "edges_new": self.edges - self.edges_present}
        return {**asdict(self), **fresh}


def push_gang_map(
    data: MapData, stamp: Stamp, url: str, user: str, password: str, *, dry_run: bool
) -> PushCounts:
    """Merge the map into the database at `url` in one transaction, or with `dry_run` only count.

    Nodes are merged on an own key under an own label and relationships by type between them, so a second push
    changes nothing and the investigator's own data stays as it was. Masked maps use opaque handles as keys.
    EngineUnavailable when the server is down or refuses the login, QueryFailed when it refuses the push.
    """
    graph = _connected(url, user, password)
    subgraph = map_subgraph(data, stamp)
    keys = [node_key(node) for node in data.nodes]
    try:
        present = _count(graph, _PRESENT, keys)
        ties = {tuple(row) for row in _rows(graph, f"{_TIES} RETURN a.{KEY}, type(r), b.{KEY}", keys)}
        if not dry_run and data.nodes:
            transaction = graph.begin()
            transaction.merge(subgraph, LABEL, KEY)
            graph.commit(transaction)
    except InputError:
        raise
    except Exception as error:  # py2neo raises its own, its wire's and plain OSErrors
        raise QueryFailed(
            "The server refused the push; nothing was changed. Look at its log for the reason.",
            kind=type(error).__name__,
        ) from error
    by_id = {node.id: node_key(node) for node in data.nodes}
    wanted = {(by_id[edge.start], relation_name(edge.kind), by_id[edge.end]) for edge in data.edges}
    by_type: dict[str, int] = {}
    for name in [n.type for n in data.nodes] + [relation_name(e.kind) for e in data.edges]:
        by_type[name] = by_type.get(name, 0) + 1
    return PushCounts(len(data.nodes), len(data.edges), present, len(wanted & ties), by_type, dry_run)


def map_subgraph(data: MapData, stamp: Stamp) -> "Subgraph":
    """The map as py2neo nodes and relationships; properties are plain texts, numbers and lists."""
    from py2neo import Node, Relationship, Subgraph

    export_id = stamp.export_id(data.digest)
    facts = {"gang_id": data.title, "export_id": export_id, "mask_policy": data.mask_policy}
    nodes = {node.id: Node(LABEL, node.type, **_node_values(node), **facts) for node in data.nodes}
    ties = [
        Relationship(
            nodes[edge.start], relation_name(edge.kind), nodes[edge.end], **_edge_values(edge), **facts
        )
        for edge in data.edges
    ]
    return Subgraph(nodes.values(), ties)


def node_key(node: MapNode) -> str:
    """The key a node is merged on: its handle, which is equal in every push and tells nothing about it."""
    return f"{node.type}:{node.handle}"


def relation_name(kind: str) -> str:
    """The relationship type of an edge: the catalog's name, or EVIDENCE_ and the kind of link."""
    if not kind.startswith("LINK:"):
        return kind
    code = kind.removeprefix("LINK:")
    return f"EVIDENCE_{code.upper()}" if _CODE.fullmatch(code) else "EVIDENCE_OTHER"


def _node_values(node: MapNode) -> dict[str, Any]:
    # Empty lists are pushed too: a merge would else leave what an earlier push said of a role.
    roles = {
        "confirmed_roles": [marked_role(sign, "zh") for sign in node.roles if sign.confirmed],
        "proposed_roles": [marked_role(sign, "zh") for sign in node.roles if not sign.confirmed],
        "refuted_roles_count": node.refuted,
    }
    values = {
        **{name: _plain(value) for name, value in node.properties.items()},
        KEY: node_key(node),
        "key": node.key,
        "label_zh": node.declared.zh,
        "label_en": node.declared.en,
        "member": node.member,
        "strength": node.strength,
        "victim": node.victim,
        **(roles if node.type == "Person" else {}),
        "source": node.source,
        "source_row": node.row,
    }
    return {name: value for name, value in values.items() if value is not None}


def _edge_values(edge: MapEdge) -> dict[str, Any]:
    values = {
        "label_zh": kind_label(edge.kind, "zh"),
        "label_en": kind_label(edge.kind, "en"),
        edge.measure or "total": edge.total,
        "count": edge.count,
        "first_at": utc_text(edge.first_at) or None,
        "last_at": utc_text(edge.last_at) or None,
        "sureness": edge.sureness.value,
        "weight": edge.weight,
        "citations": [f"{c.source}:{c.row}" for c in edge.citations[:_CITED]],
        "cited": len(edge.citations),
    }
    return {name: value for name, value in values.items() if value is not None}


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def _connected(url: str, user: str, password: str) -> "Graph":
    """A py2neo graph that has answered once."""
    from py2neo import Graph

    scheme, separator, place = url.partition("://")
    # One server is meant; routing would ask a single server for a cluster it does not have.
    plain = {"neo4j": "bolt", "neo4j+s": "bolt+s", "neo4j+ssc": "bolt+ssc"}.get(scheme, scheme)
    if not separator or not plain.startswith("bolt") or "@" in place:
        raise InputError("The address must look like neo4j://host:7687, without a name or password in it.")
    try:
        graph = Graph(f"{plain}://{place}", auth=(user, password))
        graph.run("RETURN 1").evaluate()
    except Exception as error:  # py2neo raises its own, its wire's and plain OSErrors
        raise EngineUnavailable(
            "The investigator's Neo4j can't be reached or refuses the login; check address, user and "
            "DUANLIAN_PUSH_PASSWORD.",
            kind=type(error).__name__,
        ) from error
    return graph


def _count(graph: "Graph", query: str, keys: list[str]) -> int:
    return int(graph.run(query, keys=keys).evaluate() or 0)


def _rows(graph: "Graph", query: str, keys: list[str]) -> list[list[Any]]:
    return [list(record.values()) for record in graph.run(query, keys=keys)]
