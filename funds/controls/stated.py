"""What a row of a controls sheet says: which measure, which act; None where the words don't tell."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from funds.controls.events import Act, Earlier, Measure, Mode

_LIFT = re.compile(r"解除|解冻|解止|解付|撤销|lift", re.IGNORECASE)
_RENEW = re.compile(r"续冻|续行冻结|继续冻结|延长|renew", re.IGNORECASE)
_WAIT = re.compile(r"轮候|等待|waiting", re.IGNORECASE)
_STOP = re.compile(r"止付|解付|stop", re.IGNORECASE)
_FREEZE = re.compile(r"冻|freeze|frozen", re.IGNORECASE)
_NOT_DONE = re.compile(r"未(能|予)?(冻结|止付|执行|成功|生效)|不成功|失败|拒绝|refused|failed", re.IGNORECASE)
_EXPIRED = re.compile(r"到期|期满|失效|expired", re.IGNORECASE)
_ASKED = re.compile(r"申请|待|处理中|requested|pending", re.IGNORECASE)
_DONE = re.compile(r"执行|成功|生效|已冻结|已止付|在冻|executed|done", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """One CONTROL row with its order's values. at: start, or the end where `started_at` is None.

    measure, act: None when the words fit none or several. alone: the order has no other row; else the lake
    keeps one value a property for all its rows, and terms and amounts are not surely this row's.
    """

    order: str
    account: str
    at: datetime
    measure: Measure | None
    act: Act | None
    words: tuple[str, str]
    started_at: datetime | None
    ended_at: datetime | None
    mode: Mode | None
    document: str
    requested_fen: int | None
    executed_fen: int | None
    available_fen: int | None
    reason: str
    earlier: Earlier | None
    alone: bool
    source: str
    row: int


def statement_of(line: dict[str, Any], *, alone: bool, final: bool) -> Statement:
    """A joined row (columns of `reading.read_controls`) as a statement.

    final: the last row of its order; the words of the measure are the order's latest, so that earlier rows
    take from them only whether it is a stop or a freeze.
    """
    kind, state = line["kind"] or "", line["state"] or ""
    earlier = line["earlier_freezer"] or ("" if line["earlier_fen"] is None else "?")
    return Statement(
        order=line["order"],
        account=line["account"],
        at=line["at"],
        measure=measure_of(kind),
        act=act_of(kind if final else "", state),
        words=(kind, state),
        started_at=line["started_at"],
        ended_at=line["ended_at"] if alone else None,
        mode=Mode(line["mode"]) if line["mode"] in tuple(Mode) else None,
        document=line["document"] or "",
        requested_fen=line["requested_fen"],
        executed_fen=line["executed_fen"] if alone else None,
        available_fen=line["available_fen"] if alone else None,
        reason=line["reason"] or "",
        earlier=Earlier(earlier, line["earlier_fen"], line["earlier_until_at"]) if earlier else None,
        alone=alone,
        source=line["source"],
        row=line["row"],
    )


def measure_of(kind: str) -> Measure | None:
    """止付 or 冻结; None for neither (a query) and for both."""
    stop, freeze = bool(_STOP.search(kind)), bool(_FREEZE.search(kind))
    if stop == freeze:
        return None
    return Measure.STOP if stop else Measure.FREEZE


def act_of(kind: str, state: str) -> Act | None:
    """What happened: a failure first, then what the state says, then what the measure's name says.

    "未到期" or "解除申请中" say two things at once and so nothing.
    """
    if _NOT_DONE.search(state):
        return Act.REFUSED
    if "未" in state:
        return None
    asked = bool(_ASKED.search(state))
    for words, act in (
        (_WAIT, Act.WAITING),
        (_EXPIRED, Act.EXPIRED),
        (_LIFT, Act.LIFTED),
        (_RENEW, Act.RENEWED),
    ):
        if words.search(state):
            return None if asked and act is not Act.WAITING else act
    if asked:
        return Act.REQUESTED
    if not _DONE.search(state):
        return None
    for words, act in ((_LIFT, Act.LIFTED), (_RENEW, Act.RENEWED), (_WAIT, Act.WAITING)):
        if words.search(kind):
            return act
    return Act.EXECUTED
