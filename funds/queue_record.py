"""The freeze queue as plain records, one form for the command, the screen and other programs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from funds.answer import notice_record
from funds.controls.account import AccountControls, OrderState, State
from funds.freeze_now import CURRENCY, QueueLine, QueueNow
from funds.freeze_queue import ADVICE, ZERO

Shown = Callable[[str], str]
LANGUAGES = ("zh", "en")
BASES = {
    "account": ("本账户", "this account"),
    "level": ("同层级账户", "accounts of its level"),
    "all": ("全部账户", "all accounts"),
    "default": ("默认", "default"),
}
"""What h was taken from: zh, en."""
STATES = {
    State.NONE: ("无", "none"),
    State.STOP_REQUESTED: ("止付待答复", "stop asked for"),
    State.STOPPED_1: ("第一次止付中", "first stop in force"),
    State.STOPPED_2: ("第二次止付中", "second stop in force"),
    State.FREEZE_REQUESTED: ("冻结待答复", "freeze asked for"),
    State.FROZEN: ("冻结中", "frozen"),
    State.RENEWED: ("续冻中", "frozen, renewed"),
    State.WAITING: ("轮候中", "waiting behind an earlier freeze"),
    State.REFUSED: ("被拒绝", "refused"),
    State.EXPIRED: ("已期满", "expired"),
    State.LIFTED: ("已解除", "lifted"),
}
"""One word for an account's controls: zh, en."""


def queue_record(found: QueueNow, first: int, account: Shown, victim: Shown) -> dict[str, Any]:
    """The form of `funds queue --json`: sums in fen, instants in UTC; account, victim: how keys are shown."""
    return {
        "now": found.now.isoformat(),
        "method": found.method,
        "currency": CURRENCY,
        "cases": None if found.cases is None else [victim(case) for case in found.cases],
        "accounts": len(found.lines),
        "victim_money_fen": sum(line.score.candidate.victim_fen for line in found.lines),
        "first": first_record(found, first),
        "lines": [line_record(line, account, victim) for line in found.lines],
        "unseen": [
            {
                "account": account(one.account),
                "cases": [victim(case) for case in one.cases],
                "received_fen": one.received_fen,
                "last_at": one.last_at.isoformat(),
            }
            for one in found.unseen
        ],
        "notices": [notice_record(notice, victim) for notice in found.notices],
    }


def first_record(found: QueueNow, first: int) -> dict[str, Any]:
    """What freezing the first so many accounts is expected to save, as a sentence too."""
    count, fen = max(0, min(first, len(found.lines))), found.expect(first)
    return {
        "count": count,
        "expected_fen": fen,
        "zh": f"冻结这 {len(found.lines)} 个账户中的前 {count} 个，预计可冻住 {yuan(fen)} 元。",
        "en": f"Freeze these {count} of {len(found.lines)} accounts and expect to hold {yuan(fen)} yuan.",
    }


def line_record(line: QueueLine, account: Shown, victim: Shown) -> dict[str, Any]:
    """One account with the parts of its amount, its clocks, and what the law allows next."""
    score, own = line.score, line.score.candidate
    return {
        "rank": line.rank,
        "account": account(line.account),
        "expected_fen": score.expected_fen,
        "cumulative_fen": line.cumulative_fen,
        "level": own.level,
        "kind": line.kind,
        "cases": [
            {
                "case": victim(one.case),
                "held_fen": one.held_fen,
                "interval": [one.low_fen, one.high_fen],
                "level": one.level,
            }
            for one in line.shares
        ],
        "parts": _parts(line),
        "reason": score.reason and {"code": score.reason, **_both(ZERO[score.reason])},
        "advice": [{"code": code, **_both(ADVICE[code])} for code in score.advice],
        **_controls(line),
    }


def _parts(line: QueueLine) -> dict[str, Any]:
    own, parts = line.score.candidate, line.score.parts
    return {
        "value_fen": parts.value_fen,
        "victim_fen": own.victim_fen,
        "interval": list(line.interval),
        "balance_fen": line.balance.fen,
        "balance_at": _text(line.balance.at),
        "earlier_fen": own.earlier_fen,
        "held_fen": parts.held_fen,
        "p_here": str(parts.p_here),
        "p_leave": str(parts.p_leave),
        "h_hours": str(parts.h_hours),
        "h_basis": parts.h_basis,
        "h_exits": parts.h_exits,
        "last_row_at": _text(own.last_row_at),
        "seen_until": _text(own.seen_until),
    }


def _controls(line: QueueLine) -> dict[str, Any]:
    reading = line.reading
    controls = reading.controls if reading else AccountControls(line.account)
    running = [order for order in controls.orders if order.state is OrderState.RUNNING]
    sure = {order.key for order in reading.sure_holds} if reading else set()
    return {
        "state": {"code": controls.state.value, **_both(STATES[controls.state])},
        "clocks": [
            {
                "measure": order.measure.value,
                "order": order.number,
                "ends_at": _text(order.ends_at),
                "document": order.document,
                "mode": order.mode and order.mode.value,
                "limit_fen": order.limit_fen,
                "sure": order.key in sure,
            }
            for order in sorted(running, key=lambda order: (order.ends_at is None, order.ends_at, order.key))
        ],
        "stops_used": line.score.candidate.stops_used,
        "options": [
            {
                "act": option.act.value,
                "measure": option.measure.value,
                "order": option.order,
                "allowed": option.allowed,
                **{
                    language: option.said(language)
                    + (f": {option.refusal.said(language)}" if option.refusal else "")
                    for language in LANGUAGES
                },
            }
            for option in line.options
        ],
        "warnings": [
            {
                "measure": one.measure.value,
                "order": one.order,
                "ends_at": _text(one.ends_at),
                **{language: one.said(language) for language in LANGUAGES},
            }
            for one in line.warnings
        ],
        "problems": [
            {"code": one.code, **{language: one.said(language) for language in LANGUAGES}}
            for one in (reading.problems if reading else ())
        ],
        "earlier": [
            {"freezer": one.freezer, "fen": one.fen, "until_at": _text(one.until_at)}
            for one in (reading.earlier if reading else ())
            if one.in_force(line.now)
        ],
    }


def yuan(fen: int) -> str:
    """Fen as yuan with thousands marks."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def _both(pair: tuple[str, str]) -> dict[str, str]:
    return dict(zip(LANGUAGES, pair, strict=True))


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
