"""Says in a sentence what a gang hangs by, and what speaks for innocence and for guilt, in zh and en."""

import math
from collections.abc import Mapping
from functools import cache

from detect.exceptions import load_exceptions
from detect.innocence import Innocence, load_innocence
from detect.plain import Shown
from detect.results import Break, Doubt, Fragility, Gang
from graph.contract import Ref
from graph.parameters import Words
from graph.schema.catalog import NODE_TYPES


def fragility_sentence(gang: Gang, language: str, shown: Shown) -> str:
    """What breaks the gang most, or that nothing single does, then its weakest cut and its mainstay.

    shown: how the key of a node is written. Results stored before there was any say to run detection again.
    """
    zh = language == "zh"
    found = gang.fragility
    if found is None:
        return _not_looked_for(zh)
    parts = [_broken(found, language, shown)]
    if found.cut is not None:
        one, other = found.cut.sides
        share = _percent(found.cut.share)
        parts.append(
            f"两半之间最弱的切口为{found.cut.pairs}处联系（证据权重的{share}），切开后分别有{one}个和{other}个持有主体。"
            if zh
            else f"The weakest cut between its halves is {found.cut.pairs} links ({share} of the evidence)"
            f" and leaves {one} and {other} holders."
        )
    return ("" if zh else " ").join([*parts, *_mainstay(found, language)])


def doubt_sentence(gang: Gang, language: str) -> str:
    """The strongest innocent explanation beside the strongest guilty one, and what tells them apart."""
    zh = language == "zh"
    found = gang.doubt
    if found is None:
        return _not_looked_for(zh)
    told, titles = load_innocence(), _titles()
    guilt = _guilt(found, told, language)
    if found.innocent is None:
        # Rounded up, so that "no more than" stays true.
        covered = _percent(math.ceil(found.tested[0][1] * 1000) / 1000 if found.tested else 0.0)
        count = len(found.tested)
        none = (
            f"在可检验的{count}种正常解释中，没有一种能覆盖超过{covered}的证据。"
            if zh
            else f"No innocent explanation among the {count} that can be tested covers more than {covered}"
            " of the evidence."
        )
        return (none + guilt) if zh else f"{none} {guilt}"
    name = (
        titles[found.innocent.name].said(language) if found.innocent.name in titles else found.innocent.name
    )
    share, rows = _percent(found.innocent.share), len(found.innocent.rows)
    ask = (
        told.exceptions[found.innocent.name].ask.said(language)
        if found.innocent.name in told.exceptions
        else ""
    )
    if zh:
        return (
            f"最强的正常解释：{name}，至多可解释{share}的证据（引用{rows}行）。{guilt}区分二者可调取：{ask}。"
        )
    return (
        f"Strongest innocent explanation: {name}, which would explain at most {share} of the evidence"
        f" ({rows} rows cited). {guilt} To tell them apart ask for {ask}."
    )


def _guilt(found: Doubt, told: Innocence, language: str) -> str:
    if found.guilty is None:
        return "没有证据不能由其解释。" if language == "zh" else "No evidence is left beside it."
    family = told.families[found.guilty.name]
    title, ask = family.title.said(language), family.ask.said(language)
    share, rows = _percent(found.guilty.share), len(found.guilty.rows)
    if language == "zh":
        return f"最强的不利证据：{title}，占证据的{share}（引用{rows}行），核实可调取：{ask}。"
    said = f"Strongest evidence against them: {title}, {share} of the evidence ({rows} rows cited)"
    return f"{said}; ask for {ask}."


def _broken(found: Fragility, language: str, shown: Shown) -> str:
    zh = language == "zh"
    if not found.breaks:
        return (
            "去掉任何单个节点或联系，都不会使两个以上的持有主体脱离该团伙。"
            if zh
            else "No single node or link would split two holders or more off the gang."
        )
    worst = found.breaks[0]
    what, sizes = _what(worst, language, shown), [str(size) for size in worst.parts[:6]]
    more = len(worst.parts) > len(sizes)
    if zh:
        listed = "、".join(sizes) + ("……" if more else "")
        return f"若去掉{what}，该团伙分裂为{len(worst.parts)}个部分，持有主体分别为{listed}个。"
    listed = ", ".join(sizes) + (", …" if more else "")
    if len(sizes) > 1 and not more:
        listed = f"{', '.join(sizes[:-1])} and {sizes[-1]}"
    return f"Without {what} the gang falls into {len(worst.parts)} parts of {listed} holders."


def _what(one: Break, language: str, shown: Shown) -> str:
    node = _node(one.node, one.part, language, shown)
    if one.other is None:
        return node
    other = _node(one.other, one.other_part, language, shown)
    return f"{node}与{other}之间的联系" if language == "zh" else f"the link between {node} and {other}"


def _node(ref: Ref, part: str, language: str, shown: Shown) -> str:
    declared = NODE_TYPES[ref.type]
    when = f"（{part}）" if language == "zh" else f" ({part})"
    name = declared.en if declared.en[:2].isupper() else declared.en[0].lower() + declared.en[1:]
    label = declared.zh if language == "zh" else f"the {name} "
    return f"{label}{shown(ref)}{when if part else ''}"


def _mainstay(found: Fragility, language: str) -> list[str]:
    zh = language == "zh"
    if not found.families or found.source is None or found.row is None:
        return []
    name, share = found.families[0]
    title = load_innocence().families[name].title.said(language)
    file, row = _percent(found.source[1]), _percent(found.row[1])
    return [
        f"证据权重的{_percent(share)}为{title}，{file}来自同一来源文件，单行证据最多占{row}。"
        if zh
        else f"{_percent(share)} of the evidence weight is {title}, {file} comes from one source file, one"
        f" row alone carries at most {row}."
    ]


@cache
def _titles() -> Mapping[str, Words]:
    return {one.name: one.title for one in load_exceptions()}


def _not_looked_for(zh: bool) -> str:
    return (
        "该结果由旧版本生成，未作此项检验；请重新运行 python -m detect。"
        if zh
        else "These results are from before this was looked for; run `python -m detect` again."
    )


def _percent(share: float) -> str:
    return f"{share * 100:.1f}%" if share < 0.1 else f"{share * 100:.0f}%"
