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
}


def canvas_words(lang: Lang, replaced: Mapping[str, str] | None = None) -> dict[str, str]:
    """All texts in one language with some replaced; SchemaError when a replaced name doesn't exist."""
    unknown = sorted(set(replaced or {}) - set(CANVAS_WORDS))
    if unknown:
        raise SchemaError(f"The canvas has no text named {unknown[0]}; use the names of CANVAS_WORDS.")
    return {name: text[lang] for name, text in CANVAS_WORDS.items()} | dict(replaced or {})
