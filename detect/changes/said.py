"""Says a proposal in words, in zh and en: what for, what against, and that a person decides."""

from detect.changes.values import Against, Change, Changes
from detect.plain import Shown
from graph.schema.catalog import NODE_TYPES

KINDS = {
    "call": ("通话对象", "calls with"),
    "device": ("所用设备", "used in device"),
    "sim": ("所插号码", "holds number"),
    "cell": ("基站", "on cell"),
    "parcel": ("寄递地址", "parcels at"),
    "bound": ("绑定关系", "bound with"),
    "topup": ("充值账户", "topped up by"),
    "holder": ("登记持有人", "registered to"),
    "login": ("登录账号", "logged in to by"),
    "ip": ("登录地址", "from address"),
    "payer": ("付款方", "paid by"),
    "payee": ("收款方", "pays"),
    "cash": ("取现点", "cash at"),
    "branch": ("开户网点", "opened at"),
}
_HOW = {
    "silent": ("此后再无记录", "no record since"),
    "closed": ("已销户或停机", "closed"),
    "frozen": ("被冻结", "frozen"),
    "stopped": ("被止付", "payments stopped"),
}
_AGAINST = {
    "overlap": ("新旧同时使用约{v:.1f}小时", "both were in use for {v:.1f} hours"),
    "places": ("新的从未出现在旧的{v:.0f}个基站", "never seen on any of the old one's {v:.0f} cells"),
    "same_holder": (
        "登记为同一人，可能只是本人换号",
        "registered to one holder: perhaps an ordinary new one",
    ),
    "same_sim": (
        "插着同一号码，可能只是本人换手机",
        "carries the same number: perhaps an ordinary new phone",
    ),
    "solitary": ("同一圈子里同时更换的只有{v:.0f}个", "only {v:.0f} changed at once in this neighbourhood"),
    "few": ("记录较少的一侧只有{v:.0f}行", "the poorer side has only {v:.0f} rows"),
    "rival": ("另有得分{v:.3f}的候选", "another candidate scores {v:.3f}"),
    "wavering": ("只在{v:.0%}的重复比对中成立", "holds in {v:.0%} of the repeats on parts of the evidence"),
    "unanchored": (
        "权重的{v:.0%}来自同样被更换的邻居",
        "{v:.0%} of the weight rests on neighbours swapped too",
    ),
}


def how_said(how: str, language: str) -> str:
    """How the old one ended."""
    return _HOW[how][language != "zh"]


def kind_said(kind: str, language: str) -> str:
    """A kind of shared neighbour."""
    return KINDS[kind][language != "zh"]


def against_said(point: Against, language: str) -> str:
    """One thing that speaks against."""
    return _AGAINST[point.name][language != "zh"].format(v=point.value)


def change_sentence(change: Change, language: str, shown: Shown) -> str:
    """The proposal in one sentence; `shown` writes keys. An undecided one names its rivals."""
    zh = language == "zh"
    title = NODE_TYPES[change.old.type].zh if zh else NODE_TYPES[change.old.type].en
    swapped = sum(sign.carried for sign in change.signs)
    stayed = len(change.signs) - swapped
    if not change.decided:
        names = [shown(change.old), shown(change.new), *(shown(r) for r in change.rivals)]
        return (
            f"{title}无法判定由哪个顶替哪个：{'、'.join(names)}；领先不足，或换一部分证据结论就变。"
            if zh
            else f"{title}: not decided which replaced which of {', '.join(names)}; the lead is too small, or"
            " another part of the evidence says otherwise."
        )
    if zh:
        return (
            f"{title} {shown(change.new)} 可能顶替了 {shown(change.old)}"
            f"（{how_said(change.how, language)}）："
            f"共同邻居{stayed}个，同样被更换的邻居{swapped}个；同时更换{change.together}个；"
            f"得分{change.score:.3f}，领先{change.margin:.0%}。须由人确认。"
        )
    return (
        f"{title} {shown(change.new)} may have replaced {shown(change.old)}"
        f" ({how_said(change.how, language)}):"
        f" {stayed} shared neighbours stayed, {swapped} were swapped too; {change.together} changed at once;"
        f" score {change.score:.3f}, leading by {change.margin:.0%}. A person confirms."
    )


def unseen_sentence(changes: Changes, language: str) -> str:
    """Of which types the lake has no timed rows, so that nothing is said of them; "" when of none."""
    if not changes.unseen:
        return ""
    zh = language == "zh"
    names = [NODE_TYPES[name].zh if zh else NODE_TYPES[name].en for name in changes.unseen]
    return (
        f"没有{'、'.join(names)}的带时间记录，因此对其更换不作任何判断。"
        if zh
        else f"There are no timed records of {', '.join(names)}; nothing is said of their replacement."
    )
