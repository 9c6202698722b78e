"""Turns a gang map into the plain values that the page's script shows, texts in both languages."""

import math
from datetime import date, datetime
from typing import Any

from detect.role_words import ROLE_SIGNS, role_label, sign_label
from export.chart import Citation, MapData, MapEdge, MapNode, RoleSign, Sureness, family_colours
from export.manifest import Stamp, tool_version
from export.map_tables import SURENESS_WORDS
from export.page_words import PAGE_WORDS
from export.role_marks import badge, badged_roles, refuted_said
from export.signs import LANGUAGES, Language, kind_label, local_text, short_total, total_text, yuan
from export.table import visible
from graph.schema.catalog import NODE_TYPES
from graph.schema.kinds import Kind

CITATIONS_SHOWN = 200
SAID_LENGTH = 2_000
_LABEL = 28
Pair = list[str]


def page_facts(data: MapData, stamp: Stamp, language: Language) -> dict[str, Any]:
    """What the page shows beside the network; every text is a pair [zh, en] or language-free."""
    sources = {sha: f"S{number}" for number, sha in enumerate(data.sources, start=1)}
    digest = data.digest
    return {
        "language": language,
        "words": {name: list(pair) for name, pair in PAGE_WORDS.items()},
        "masked": data.masked,
        "title": visible(data.title, 60),
        "score": f"{data.score:.2f}",
        "stability": f"{data.stability:.2f}",
        "left_out": data.left_out,
        "said": [[visible(text, SAID_LENGTH) for text in pair] for pair in data.said],
        "row_count": data.rows,
        "nodes": {node.id: _node(node, sources) for node in data.nodes},
        "edges": {edge.id: _edge(edge, sources) for edge in data.edges},
        "types": {name: _type(name) for name in NODE_TYPES if any(n.type == name for n in data.nodes)},
        "kinds": _kinds(data),
        "roles": _roles_present(data),
        "sources": [[short, sha] for sha, short in sources.items()],
        "rules": [[visible(rule), revision] for rule, revision in data.rules],
        "foot": _foot(data, stamp, digest),
    }


def node_options(node: MapNode) -> dict[str, Any]:
    """A node as the network library takes it; its picture is drawn by the page's script."""
    size = 17 + round(11 * min(1.0, max(0.0, node.strength))) if node.member else 14
    return {"x": node.x, "y": node.y, "size": size, "shape": "custom", "physics": False}


def edge_options(edge: MapEdge, bend: float) -> dict[str, Any]:
    """An edge as the network library takes it. bend: 0 is straight."""
    patterns: dict[Sureness, bool | list[int]] = {
        Sureness.RECORDED: False,
        Sureness.INFERRED: [9, 6],
        Sureness.TENTATIVE: [2, 5],
    }
    smooth = {"enabled": True, "type": "curvedCW", "roundness": bend} if bend else {"enabled": False}
    return {
        "id": edge.id,
        "color": family_colours()[edge.family],
        "width": edge_width(edge),
        "dashes": patterns[edge.sureness],
        "arrows": {"to": {"enabled": edge.directed, "scaleFactor": 0.55}},
        "smooth": smooth,
    }


def edge_width(edge: MapEdge) -> float:
    """Line width by the sum's order of size: 1 up to 100 yuan, 6 from ten million on; others by count."""
    if edge.measure == "amount_fen" and edge.total:
        return round(min(6.0, max(1.0, math.log10(max(1, edge.total)) - 3)), 2)
    return round(min(3.0, 1.0 + math.log10(max(1, edge.count)) / 2), 2)


def bends(edges: tuple[MapEdge, ...]) -> dict[str, float]:
    """How far each edge bends so that edges between the same two nodes do not lie on each other."""
    between: dict[frozenset[str], list[MapEdge]] = {}
    for edge in edges:
        between.setdefault(frozenset((edge.start, edge.end)), []).append(edge)
    bent: dict[str, float] = {}
    for group in between.values():
        for number, edge in enumerate(group):
            # Edges of opposite directions bend away from each other by themselves.
            bent[edge.id] = 0.0 if len(group) == 1 else round(0.14 + 0.12 * number, 2)
    return bent


def _node(node: MapNode, sources: dict[str, str]) -> dict[str, Any]:
    labels = {p.name: (p.zh, p.en, p.kind) for p in node.declared.properties}
    shown = [
        [labels[name][0], labels[name][1], *_value(value, labels[name][2])]
        for name, value in sorted(node.properties.items(), key=lambda pair: list(labels).index(pair[0]))
    ]
    return {
        "type": node.type,
        "key": visible(node.key),
        "name": visible(node.name),
        "lines": [visible(node.name, _LABEL), visible(node.key, _LABEL)],
        "member": node.member,
        "victim": node.victim,
        "strength": f"{node.strength:.2f}",
        "level": node.level,
        "badges": [[badge(sign), sign.confirmed] for sign in badged_roles(node.roles)],
        "roles": [_role(sign) for sign in node.roles],
        "refuted": [refuted_said(node, language) for language in LANGUAGES],
        "properties": shown,
        "seen": [sources[node.source], node.row] if node.source else None,
    }


def _role(sign: RoleSign) -> dict[str, Any]:
    return {
        "label": [visible(role_label(sign.role, language)) for language in LANGUAGES],
        "weight": None if sign.weight is None else round(sign.weight, 3),
        "confirmed": sign.confirmed,
        "mark": [visible(text) for text in sign.mark],
        "changed": list(sign.changed),
        "for": [_sign(*one) for one in sign.supporting],
        "against": [_sign(*one) for one in sign.opposing],
    }


def _sign(sign: str, weight: float, rows: int) -> list[Any]:
    return [[visible(sign_label(sign, language)) for language in LANGUAGES], round(weight, 3), rows]


def _value(value: Any, kind: Kind) -> Pair:
    if isinstance(value, bool):
        word = PAGE_WORDS["yes" if value else "no"]
        return list(word)
    if kind is Kind.MONEY_FEN and isinstance(value, int):
        return [f"¥{yuan(value):,.2f}"] * 2
    if isinstance(value, datetime):
        return [local_text(value)] * 2
    return [value.isoformat() if isinstance(value, date) else visible(str(value))] * 2


def _edge(edge: MapEdge, sources: dict[str, str]) -> dict[str, Any]:
    totals = [total_text(edge.total, edge.measure, language) for language in LANGUAGES]
    money = edge.measure == "amount_fen"
    cited = [_cited(c, edge.measure, sources) for c in edge.citations[:CITATIONS_SHOWN]]
    return {
        "kind": edge.kind,
        "start": edge.start,
        "end": edge.end,
        "directed": edge.directed,
        "total": totals,
        "order": edge.total if money else None,
        "count": edge.count,
        "first": local_text(edge.first_at),
        "last": local_text(edge.last_at),
        "sureness": list(SURENESS_WORDS[edge.sureness.value]),
        "weight": edge.weight,
        "short": [short_total(edge.total, n) if money and edge.total is not None else "" for n in LANGUAGES],
        "label": [_edge_label(edge, totals[n], language) for n, language in enumerate(LANGUAGES)],
        "citations": cited,
        "cited": len(edge.citations),
    }


def _cited(cited: Citation, measure: str | None, sources: dict[str, str]) -> list[Any]:
    totals = [total_text(cited.total, measure, language) for language in LANGUAGES]
    return [local_text(cited.at), *totals, sources[cited.source], cited.row]


def _edge_label(edge: MapEdge, total: str, language: Language) -> str:
    parts = [total or kind_label(edge.kind, language)]
    if edge.count > 1:
        parts.append(f"{edge.count:,} 笔" if language == "zh" else f"{edge.count:,}×")
    if edge.first_at is not None and edge.measure == "amount_fen":
        days = [local_text(edge.first_at)[5:10], local_text(edge.last_at)[5:10]]
        parts.append("–".join(dict.fromkeys(days)))
    return visible(" · ".join(parts), 60)


def _type(name: str) -> dict[str, Any]:
    declared = NODE_TYPES[name]
    return {
        "label": [declared.zh, declared.en],
        "colour": declared.colour,
        "shape": declared.shape,
        "icon": declared.icon,
    }


def _kinds(data: MapData) -> dict[str, dict[str, Any]]:
    colours, found = family_colours(), {}
    for edge in data.edges:
        found[edge.kind] = {
            "label": [visible(kind_label(edge.kind, language)) for language in LANGUAGES],
            "colour": colours[edge.family],
            "dashed": edge.sureness is not Sureness.RECORDED,
        }
    return found


def _roles_present(data: MapData) -> list[list[Any]]:
    """Each badge that is drawn, with its role and whether it is confirmed; confirmed ones first."""
    drawn = [sign for node in data.nodes for sign in badged_roles(node.roles)]
    order = {role: number for number, role in enumerate(ROLE_SIGNS)}
    kinds = {(not one.confirmed, order.get(one.role, len(order)), one.role): badge(one) for one in drawn}
    return [
        [sign, not unconfirmed, *(visible(role_label(role, language)) for language in LANGUAGES)]
        for (unconfirmed, _, role), sign in sorted(kinds.items())
    ]


def _foot(data: MapData, stamp: Stamp, digest: str) -> list[list[str]]:
    facts = [
        ("made", local_text(stamp.made_at)),
        ("exporter", f"{stamp.exporter} ({stamp.role})"),
        ("approver", stamp.approver or ""),
        ("case", stamp.case or ""),
        ("purpose", " · ".join(text for text in (stamp.purpose, stamp.reason) if text)),
        ("export_id", stamp.export_id(digest)),
        ("mask_policy", data.mask_policy),
        ("lake_digest", data.lake_digest),
        ("content_digest", digest),
        ("audit_head", stamp.audit_head),
        ("version", f"duanlian {tool_version()}"),
    ]
    return [[name, visible(text, 300)] for name, text in facts if text]
