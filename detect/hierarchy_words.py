"""Says cells and chains of a gang in a few words each, in zh and en."""

from collections.abc import Sequence

from detect.innocence import load_innocence
from detect.plain import Shown
from detect.results import Cell, Chain, Gang
from graph.contract import Ref
from graph.schema.catalog import NODE_TYPES

_KINDS = {
    "den": ("话务窝点（同一基站拨打）", "den (dials from one cell)"),
    "laundry_house": (
        "水房（共用登录设备）",
        "laundry house (devices that several holders' accounts log in from)",
    ),
    "card_collection": ("收卡点（预留手机、寄递、代办）", "card collection (reserved phone, parcels, agent)"),
}
_NAMED = 3


def cell_title(cell: Cell, language: str) -> str:
    """What kind of cell it is."""
    return _KINDS[cell.kind][0 if language == "zh" else 1]


def nodes_said(refs: Sequence[Ref], language: str, shown: Shown) -> str:
    """The first three nodes with their types, and how many more there are."""
    zh = language == "zh"
    names = [f"{_type(ref, zh)} {shown(ref)}" for ref in refs[:_NAMED]]
    more = len(refs) - len(names)
    tail = [] if not more else [f"等共{len(refs)}个" if zh else f"and {more} more"]
    return ("、" if zh else ", ").join(names) + ("".join(tail) if zh else " ".join(["", *tail]))


def chain_sentence(chain: Chain, gang: Gang, language: str, shown: Shown) -> str:
    """Which other gang works with this one, through whom, by what evidence; a lead, not a fact."""
    zh = language == "zh"
    via = f"{_type(chain.via, zh)} {shown(chain.via)}"
    told = load_innocence().families
    kinds = ("、" if zh else ", ").join(
        told[family].title.said(language) if family in told else family for family in chain.families
    )
    count, rows = len(chain.partners), len(chain.rows)
    if zh:
        where = "本团伙" if chain.owner == gang.gang_id else "对方" if chain.owner else "两团伙之外"
        return f"与{chain.gang_id}：经{where}的{via}，联系{count}个持有主体（{kinds}；引用{rows}行）。"
    where = (
        "of this gang" if chain.owner == gang.gang_id else "of that gang" if chain.owner else "outside both"
    )
    return (
        f"With {chain.gang_id} through {via} {where}, who deals with {count} holders"
        f" ({kinds}; {rows} rows cited)."
    )


def hierarchy_lines(gang: Gang, language: str, shown: Shown) -> list[str]:
    """A line for each cell, then for each chain; results from before there were any give one that says so."""
    zh = language == "zh"
    if gang.hierarchy is None:
        return ["旧版结果未含层级。" if zh else "These results are from before cells were looked for."]
    cells = [
        (
            f"{cell_title(cell, language)}：{nodes_said(cell.anchors, language, shown)}，"
            f"成员{len(cell.members)}个，引用{len(cell.rows)}行。"
            if zh
            else f"{cell_title(cell, language)}: {nodes_said(cell.anchors, language, shown)},"
            f" {len(cell.members)} members, {len(cell.rows)} rows cited."
        )
        for cell in gang.hierarchy.cells
    ]
    return cells + [chain_sentence(chain, gang, language, shown) for chain in gang.hierarchy.chains]


def _type(ref: Ref, zh: bool) -> str:
    declared = NODE_TYPES[ref.type]
    return declared.zh if zh else declared.en
