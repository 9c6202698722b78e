"""Saves, opens, shares, comments and withdraws charts: decided on first, audited before and after."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from cases.access import Action, Context, Effect, Subject, Target, decide
from cases.charts.acts import ChartAct, act_of, get_drawing, put_drawing, sealed_charts, values_of
from cases.charts.drawing import Drawing
from cases.charts.shelf import SavedChart, Shelf, Version, open_shelf, standing
from cases.reading import permitted
from graph.contract import Ref
from graph.errors import InputError, NotPermitted
from graph.lake.home import LakeHome

LONGEST_TITLE, LONGEST_TEXT, LONGEST_NAME = 120, 2_000, 80
_NOT_OPEN = "There is no such chart, or it is not open to you; ask its owner to share it."
_MEANWHILE = "This chart was changed meanwhile; open it again, or save a new chart."
_MEANWHILE_ZH = "这张图已被改动；请重新打开，或另存为新图。"
_NOT_OPEN_ZH = "没有这张图，或您无权打开；请图的主人共享。"


@dataclass(frozen=True, slots=True)
class Opened:
    """One version of a chart as it was saved."""

    chart: SavedChart
    version: Version
    drawing: Drawing


def save_chart(
    home: LakeHome, who: Subject, drawing: Drawing, title: str, at: datetime, *,
    case_no: str | None = None, note: str = "", onto: SavedChart | None = None,
) -> SavedChart:  # fmt: skip
    """Store a new chart, or with `onto` (as last seen) its next version; the chart as it stands then.

    InputError without a title or nodes, or when somebody saved or withdrew meanwhile; NotPermitted for a
    chart of somebody else.
    """
    title, note, case_no = (
        _text(title, LONGEST_TITLE),
        _text(note, LONGEST_TEXT),
        (case_no or "").strip() or None,
    )
    if not title:
        raise InputError("A chart is saved under a title; give one.", zh="保存图需要标题，请填写。")
    if not drawing.board.shown:
        raise InputError("The chart is empty; put something on it first.", zh="图上没有内容，请先放入节点。")
    if case_no is not None and len(case_no) > LONGEST_NAME:
        raise InputError(
            f"A case number has at most {LONGEST_NAME} signs; check it.",
            zh=f"案件编号最多 {LONGEST_NAME} 个字符，请核对。",
        )
    handle = onto.handle if onto else secrets.token_hex(16)
    target = onto.target if onto else Target("chart", owner=who.name, case=case_no)
    act = ChartAct(
        handle, onto.acts + 1 if onto else 1, "save", _name(who.name), who.role.value, at, title, case_no,
        note, drawing=put_drawing(home, drawing), nodes=len(drawing.board.shown),
        lake_digest=drawing.lake_digest,
    )  # fmt: skip
    return _done(home, who, Action.KEEP_CHART, target, act)


def open_chart(
    home: LakeHome,
    who: Subject,
    handle: str,
    at: datetime,
    version: int | None = None,
    *,
    purpose: str = "open",
) -> Opened:
    """A chart's version (the newest for None) for somebody who may see it.

    One sentence for a handle that names nothing and for one that is not open to `who`, so that handles can't
    be tried out (NotPermitted); EvidenceBroken when the chart is damaged.
    """
    chart = _seen(home, who, handle, at)
    wanted = chart.version(version)
    if wanted is None:
        raise InputError(
            "This chart has no such version; choose one from its list.",
            zh="这张图没有该版本，请从列表中选择。",
        )
    context = Context(case=chart.case_no, purpose=f"{purpose} chart, version {wanted.number}")
    refs = [Ref("Chart", handle)]
    with permitted(home, who, Action.OPEN_CHART, chart.target, context, at, refs) as permit:
        drawing = get_drawing(home, wanted.drawing)
        permit.rows = wanted.nodes
    return Opened(chart, wanted, drawing)


def charts_for(shelf: Shelf, who: Subject) -> tuple[SavedChart, ...]:
    """The charts that `who` may open, newest first."""
    mine = [one for one in shelf.charts.values() if not one.withdrawn and may_open(who, one)]
    return tuple(sorted(mine, key=lambda one: (one.last.at, one.handle), reverse=True))


def may_open(who: Subject, chart: SavedChart) -> bool:
    """Whether access lets `who` see this chart."""
    return decide(who, Action.OPEN_CHART, chart.target, Context()).effect is not Effect.DENY


def may_keep(who: Subject, chart: SavedChart) -> bool:
    """Whether access lets `who` save onto, share or withdraw this chart."""
    return decide(who, Action.KEEP_CHART, chart.target, Context()).effect is not Effect.DENY


def share_chart(home: LakeHome, who: Subject, chart: SavedChart, shared: bool, at: datetime) -> SavedChart:
    """Let others of the case (of the installation, without a case) open it by its handle, or no longer."""
    return _owners_act(home, who, chart, at, "share" if shared else "unshare")


def withdraw_chart(home: LakeHome, who: Subject, chart: SavedChart, at: datetime) -> SavedChart:
    """Take a chart away from every list and link; the record keeps it."""
    return _owners_act(home, who, chart, at, "withdraw")


def comment_on(
    home: LakeHome, who: Subject, chart: SavedChart, text: str, at: datetime, about: Ref | None = None
) -> SavedChart:
    """Say something about a chart or one node of it; who may open it may."""
    said = _text(text, LONGEST_TEXT)
    if not said:
        raise InputError("A comment needs a text; write one.", zh="批注不能为空，请填写。")
    act = ChartAct(
        chart.handle, chart.acts + 1, "comment", _name(who.name), who.role.value, at, text=said, about=about
    )
    return _done(home, who, Action.OPEN_CHART, chart.target, act, later=True)


def withdraw_comment(
    home: LakeHome, who: Subject, chart: SavedChart, number: int, at: datetime
) -> SavedChart:
    """Take back one's own comment: its text is shown no more, the record keeps it."""
    mine = [
        one for one in chart.comments if one.number == number and one.by == who.name and not one.withdrawn
    ]
    if not mine:
        raise InputError(
            "Only who wrote a comment takes it back, and only once.", zh="批注只能由本人撤回一次。"
        )
    act = ChartAct(
        chart.handle, chart.acts + 1, "uncomment", _name(who.name), who.role.value, at, about=number
    )
    return _done(home, who, Action.OPEN_CHART, chart.target, act, later=True)


def _owners_act(home: LakeHome, who: Subject, chart: SavedChart, at: datetime, kind: str) -> SavedChart:
    act = ChartAct(chart.handle, chart.acts + 1, kind, _name(who.name), who.role.value, at)  # type: ignore[arg-type]  # one of KINDS
    return _done(home, who, Action.KEEP_CHART, chart.target, act, later=True)


def _seen(home: LakeHome, who: Subject, handle: str, at: datetime) -> SavedChart:
    """The chart, if it is there and open to `who`; either refusal is audited and says the same."""
    chart = open_shelf(home).whole(handle)
    if chart is not None and not chart.withdrawn and may_open(who, chart):
        return chart
    target = chart.target if chart else Target("chart")
    try:
        with permitted(home, who, Action.OPEN_CHART, target, Context(purpose="open chart"), at,
                       [Ref("Chart", handle)]):  # fmt: skip
            pass
    except NotPermitted as refused:
        raise NotPermitted(_NOT_OPEN, reason=_NOT_OPEN, zh=_NOT_OPEN_ZH) from refused
    raise NotPermitted(_NOT_OPEN, reason=_NOT_OPEN, zh=_NOT_OPEN_ZH)


def _done(
    home: LakeHome, who: Subject, action: Action, target: Target, act: ChartAct, *, later: bool = False
) -> SavedChart:
    """Store one act. later: it may follow on acts that were not seen yet (it hangs on none of them)."""
    context = Context(case=act.case_no or target.case, purpose=f"{act.kind} chart")
    stored: list[SavedChart] = []
    with permitted(home, who, action, target, context, act.at, [Ref("Chart", act.chart)]) as permit:
        _, permit.digest = _append(home, act, later, stored.append)
        permit.rows = act.nodes
    return stored[0]


def _append(
    home: LakeHome, act: ChartAct, later: bool, keep: Callable[[SavedChart], None]
) -> tuple[ChartAct, str]:
    sealed = sealed_charts(home)
    before = [a for a in map(act_of, sealed.rows()) if a.chart == act.chart]
    here = replace(act, number=len(before) + 1) if later else act
    if len(before) + 1 != here.number or (before and standing(before).withdrawn):
        raise InputError(_MEANWHILE, zh=_MEANWHILE_ZH)

    def allow(rows: list[dict[str, object]]) -> None:
        if sum(row["chart"] == here.chart for row in rows) != len(before):
            raise InputError(_MEANWHILE, zh=_MEANWHILE_ZH)

    seq, head = sealed.append(values_of(here), allow)
    kept = replace(here, seq=seq)
    keep(standing([*before, kept]))
    return kept, head


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InputError(f"A chart needs the name of who keeps it, at most {LONGEST_NAME} printable signs.")
    return name


def _text(text: str, longest: int) -> str:
    plain = text.strip()
    if len(plain) > longest or any("\ud800" <= sign <= "\udfff" for sign in plain):
        raise InputError(
            f"This text has at most {longest:,} signs, all of them text; shorten it.",
            zh=f"文字最多 {longest:,} 个字符，请缩短。",
        )
    return plain
