"""The tables of a gang map: nodes, relations (one line entity - link - entity) and every cited row."""

from typing import Any

from export.chart import MapData, MapNode
from export.role_marks import marked_role, refuted_said
from export.signs import Language, kind_label
from export.table import Column, Table
from graph.schema.kinds import Kind

_ID, _AT, _COUNT, _REAL, _FLAG = Kind.IDENTIFIER, Kind.INSTANT, Kind.COUNT, Kind.REAL, Kind.FLAG

_NODE_COLUMNS = (
    Column("node", "编号", "no.", _ID),
    Column("type", "类型", "type"),
    Column("key", "标识", "identifier", _ID),
    Column("name", "名称", "name"),
    Column("member", "团伙成员", "member of the gang", _FLAG),
    Column("strength", "归属强度", "strength", _REAL),
    Column("roles", "角色(各附确认情况)", "roles (each with its state)"),
    Column("refuted", "已否定的角色(仅计数)", "refuted roles (counted only)"),
    Column("victim", "受害人", "victim", _FLAG),
    Column("level", "资金层级", "money level", _COUNT),
    Column("properties", "属性", "properties"),
    Column("source", "来源文件(sha256)", "source file (sha256)", _ID),
    Column("row", "行号", "row", _COUNT),
    Column("handle", "代号", "handle", _ID),
)
_EDGE_COLUMNS = (
    Column("edge", "编号", "no.", _ID),
    Column("start", "起点", "from no.", _ID),
    Column("start_type", "起点类型", "from type"),
    Column("start_key", "起点标识", "from identifier", _ID),
    Column("start_name", "起点名称", "from name"),
    Column("kind", "关系", "relation"),
    Column("kind_code", "关系代码", "relation code", _ID),
    Column("end", "终点", "to no.", _ID),
    Column("end_type", "终点类型", "to type"),
    Column("end_key", "终点标识", "to identifier", _ID),
    Column("end_name", "终点名称", "to name"),
    Column("amount", "金额合计", "sum", Kind.MONEY_FEN),
    Column("other_total", "其他合计", "other total", _COUNT),
    Column("measure", "合计单位", "unit of total"),
    Column("count", "笔数", "count", _COUNT),
    Column("first_at", "最早", "first", _AT),
    Column("last_at", "最晚", "last", _AT),
    Column("sureness", "确定程度", "sureness"),
)
_ROW_COLUMNS = (
    Column("edge", "关系编号", "relation no.", _ID),
    Column("kind", "关系", "relation"),
    Column("at", "时间", "time", _AT),
    Column("amount", "金额", "amount", Kind.MONEY_FEN),
    Column("source", "来源文件(sha256)", "source file (sha256)", _ID),
    Column("row", "行号", "row", _COUNT),
)
SURENESS_WORDS: dict[str, tuple[str, str]] = {
    "recorded": ("有记录", "recorded"),
    "inferred": ("推断", "inferred"),
    "tentative": ("存疑", "tentative"),
}


def map_tables(data: MapData, language: Language) -> tuple[Table, Table, Table]:
    """Nodes, edges and cited rows of a map, in the map's order; an empty map gives empty tables."""
    return (
        Table("nodes", "节点", "Nodes", _NODE_COLUMNS, [_node_row(n, language) for n in data.nodes]),
        Table("edges", "关系", "Relations", _EDGE_COLUMNS, _edge_rows(data, language)),
        Table("rows", "依据行", "Source rows", _ROW_COLUMNS, _cited_rows(data, language)),
    )


def _type_label(node: MapNode, language: Language) -> str:
    return node.declared.zh if language == "zh" else node.declared.en


def _node_row(node: MapNode, language: Language) -> list[Any]:
    roles = "; ".join(marked_role(sign, language) for sign in node.roles)
    labels = {p.name: p.zh if language == "zh" else p.en for p in node.declared.properties}
    properties = "; ".join(f"{labels.get(k, k)}={v}" for k, v in node.properties.items() if k != "name")
    return [
        node.id, _type_label(node, language), node.key, node.name, node.member, node.strength, roles,
        refuted_said(node, language), node.victim, node.level, properties, node.source, node.row, node.handle,
    ]  # fmt: skip


def _edge_rows(data: MapData, language: Language) -> list[list[Any]]:
    nodes = {node.id: node for node in data.nodes}
    rows = []
    for edge in data.edges:
        start, end = nodes[edge.start], nodes[edge.end]
        money = edge.measure == "amount_fen"
        rows.append([
            edge.id, start.id, _type_label(start, language), start.key, start.name,
            kind_label(edge.kind, language), edge.kind,
            end.id, _type_label(end, language), end.key, end.name,
            edge.total if money else None, None if money else edge.total, edge.measure, edge.count,
            edge.first_at, edge.last_at, SURENESS_WORDS[edge.sureness.value][0 if language == "zh" else 1],
        ])  # fmt: skip
    return rows


def _cited_rows(data: MapData, language: Language) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for edge in data.edges:
        label, money = kind_label(edge.kind, language), edge.measure == "amount_fen"
        for cited in edge.citations:
            amount = cited.total if money else None
            rows.append([edge.id, label, cited.at, amount, cited.source, cited.row])
    return rows
