"""The canvas's own texts in Chinese and English; a screen may replace single ones."""

from collections.abc import Mapping
from typing import Literal

from graph.errors import SchemaError

Lang = Literal["zh", "en"]

CANVAS_WORDS: Mapping[str, Mapping[Lang, str]] = {
    "aria_label": {
        "zh": "关系网络图。方向键选取节点，E 扩展，M 打开菜单。",
        "en": "Network chart. Arrow keys select nodes, E expands, M opens the menu.",
    },
    "empty": {
        "zh": "这里显示关系网络。请先检索一个标识，或打开一个团伙。",
        "en": "The network is shown here. Search for an identifier or open a gang.",
    },
    "nodes": {"zh": "节点", "en": "nodes"},
    "links": {"zh": "关系", "en": "links"},
    "hidden": {"zh": "已隐藏", "en": "hidden"},
    "show_hidden": {"zh": "全部显示", "en": "Show all"},
    "fit": {"zh": "适合窗口", "en": "Fit"},
    "layout": {"zh": "布局", "en": "Layout"},
    "layout_force": {"zh": "力导向", "en": "Force"},
    "layout_layers": {"zh": "资金层级", "en": "Levels"},
    "layout_radial": {"zh": "以选中为中心", "en": "Radial from selection"},
    "layout_time": {"zh": "按首次时间", "en": "By first time"},
    "layout_preset": {"zh": "初始位置", "en": "Given places"},
    "undo": {"zh": "撤销", "en": "Undo"},
    "redo": {"zh": "重做", "en": "Redo"},
    "search": {"zh": "图内查找", "en": "Find"},
    "search_hint": {"zh": "查找名称或标识", "en": "Find a name or identifier"},
    "no_match": {"zh": "无匹配", "en": "No match"},
    "full_screen": {"zh": "全屏", "en": "Full screen"},
    "legend": {"zh": "图例与筛选", "en": "Legend and filters"},
    "filter_hint": {"zh": "点击以隐藏或显示", "en": "Click to hide or show"},
    "expand": {"zh": "扩展", "en": "Expand"},
    "expand_all": {"zh": "全部关系", "en": "All relations"},
    "nothing_to_expand": {"zh": "没有可扩展的关系", "en": "Nothing more to expand"},
    "collapse": {"zh": "收起", "en": "Collapse"},
    "hide": {"zh": "隐藏", "en": "Hide"},
    "pin": {"zh": "固定位置", "en": "Pin in place"},
    "unpin": {"zh": "取消固定", "en": "Unpin"},
    "why": {"zh": "查看依据", "en": "Show why"},
    "menu_for": {"zh": "操作菜单", "en": "Menu"},
    "selected_now": {"zh": "已选", "en": "selected"},
    "palette_hint": {"zh": "输入要做的事", "en": "Type what to do"},
    "all_nodes": {"zh": "全选节点", "en": "Select all nodes"},
    "layout_geo": {"zh": "按地理位置", "en": "By place"},
    "lasso": {"zh": "套索", "en": "Lasso"},
    "labels": {"zh": "隐去名称", "en": "Hide labels"},
    "map": {"zh": "小地图", "en": "Mini-map"},
    "map_close": {"zh": "关闭小地图", "en": "Close the mini-map"},
    "select_all": {"zh": "点击全选", "en": "Click to select all of it"},
    "select_hint": {"zh": "双击全选该类", "en": "double-click to select all of it"},
    "group": {"zh": "编组", "en": "Group"},
    "ungroup": {"zh": "解散组", "en": "Ungroup"},
    "group_name": {"zh": "组名（可不填）", "en": "Name of the group (optional)"},
    "rename": {"zh": "改组名", "en": "Rename"},
    "common": {"zh": "共同邻居", "en": "Common neighbours"},
    "common_here": {"zh": "个图上的共同邻居", "en": "common neighbours on the chart"},
    "paths": {"zh": "两点路径", "en": "Path between two"},
    "neighbours": {"zh": "选中邻居", "en": "Select neighbours"},
    "invert": {"zh": "反选", "en": "Invert"},
    "keep_only": {"zh": "只留这些", "en": "Keep only these"},
    "remove": {"zh": "移出图", "en": "Remove"},
    "note": {"zh": "备注", "en": "Note"},
    "note_sign": {"zh": "※ 有研判备注", "en": "※ has an analyst's note"},
    "keep": {"zh": "保存", "en": "Keep"},
    "cancel": {"zh": "取消", "en": "Cancel"},
    "copy_handle": {"zh": "复制代号", "en": "Copy handle"},
    "copied": {"zh": "代号已复制", "en": "Handle copied"},
    "strength": {"zh": "标注确定程度（只会更弱）", "en": "Judge its strength (never above its rows)"},
    "strength_confirmed": {"zh": "已证实", "en": "Confirmed"},
    "strength_unconfirmed": {"zh": "未证实", "en": "Unconfirmed"},
    "strength_tentative": {"zh": "推测", "en": "Tentative"},
    "strength_recorded": {"zh": "按来源行", "en": "As the rows say"},
    "bundle": {"zh": "合并这些平行线", "en": "Draw these parallel lines as one"},
    "bundle_all": {"zh": "合并全部平行线", "en": "Draw all parallel lines as one"},
    "unbundle": {"zh": "拆开这条合并线", "en": "Draw its lines apart"},
    "unbundle_all": {"zh": "拆开全部合并线", "en": "Draw all lines apart"},
}


def canvas_words(lang: Lang, replaced: Mapping[str, str] | None = None) -> dict[str, str]:
    """All texts in one language with some replaced; SchemaError when a replaced name doesn't exist."""
    unknown = sorted(set(replaced or {}) - set(CANVAS_WORDS))
    if unknown:
        raise SchemaError(f"The canvas has no text named {unknown[0]}; use the names of CANVAS_WORDS.")
    return {name: text[lang] for name, text in CANVAS_WORDS.items()} | dict(replaced or {})
