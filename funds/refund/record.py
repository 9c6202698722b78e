"""A refund plan as plain records: what the command prints as JSON and the screen shows; sums are in fen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from funds.refund.account_plan import AccountPlan
from funds.refund.branches import Branch
from funds.refund.notice import BANK_DAYS, bank_deadline, objections
from funds.refund.plan import RefundLine

Shown = Callable[[str], str]

BRANCHES: Mapping[Branch | None, tuple[str, str]] = {
    Branch.SINGLE: (
        "一笔汇（存）款，直接溯源，原额返还（第八条第一种）",
        "one deposit, directly traceable: given back (Art. 8, first way)",
    ),
    Branch.BY_TIME_STAMP: (
        "多笔汇（存）款，按时间戳可直接溯源，逐笔返还（第八条第二种）",
        "several deposits told apart by time stamp: each gets what is left of it (Art. 8, second way)",
    ),
    Branch.PRO_RATA: (
        "按被骗金额比例返还，须公告（第八条第三种）",
        "in proportion to the losses, after a public notice (Art. 8, third way)",
    ),
    None: ("没有可列入的受害人，全部继续冻结", "no victim takes part: all stays frozen"),
}
LAW = ("电信网络新型违法犯罪案件冻结资金返还若干规定（2016）第八条", "2016 rules on refunds, Art. 8")


def branch_text(branch: Branch | None, language: str) -> str:
    """The branch in words."""
    return BRANCHES[branch][0 if language == "zh" else 1]


@dataclass(frozen=True, slots=True)
class RefundDays:
    """announced_on: day of the notice, None without. last_on: last day of objections. decide_on: the first
    day the plan may be decided, or the day given. bank_by: the bank's last working day after that."""

    announced_on: date | None
    last_on: date | None
    decide_on: date | None
    bank_by: date | None


def refund_days(found: AccountPlan, notice_on: date | None, decided_on: date | None = None) -> RefundDays:
    """The dates of a plan; a plan in proportion has none before its notice. No notice needed: none counts."""
    if not found.plan.needs_notice:
        return RefundDays(None, None, decided_on, bank_deadline(decided_on) if decided_on else None)
    if notice_on is None:
        return RefundDays(None, None, None, None)
    last = objections(notice_on).last_on
    first = max(last + timedelta(days=1), decided_on or last)
    return RefundDays(notice_on, last, first, bank_deadline(first))


def plan_record(found: AccountPlan, days: RefundDays, now: datetime, account: Shown) -> dict[str, Any]:
    """Everything of a plan; account: how its key is printed. Shares and remainders are exact fractions.

    `sums` are added up anew from the lines, with whether they are what was frozen.
    """
    plan = found.plan
    refunds = sum(line.refund_fen for line in plan.lines)
    return {
        "account": account(plan.frozen.account),
        "now": now.isoformat(),
        "frozen_fen": plan.frozen.fen,
        "frozen_given_by_user": found.money.given,
        "freezes": [
            {"order": order.number, "document": order.document, "rows": _rows(order.rows)}
            for order in found.money.orders
        ],
        "balance_fen": found.balance_fen,
        "data_to": found.data_to.isoformat() if found.data_to else None,
        "grade": plan.frozen.grade,
        "deposits": plan.frozen.deposits,
        "unknown_fen": plan.frozen.unknown_fen,
        "law": {"zh": LAW[0], "en": LAW[1]},
        "branch": plan.branch,
        "tests": [
            {
                "branch": test.branch,
                "applies": test.applies,
                "against": list(test.against),
                "zh": list(test.said("zh")),
                "en": list(test.said("en")),
            }
            for test in plan.tests
        ],
        "victims": [_victim(found, line) for line in plan.lines],
        "refused": [
            {"victim": one.victim, "code": one.code, "zh": one.said("zh"), "en": one.said("en")}
            for one in plan.refused
        ],
        "sums": {
            "refund_fen": refunds,
            "kept_fen": plan.kept_fen,
            "exact": refunds + plan.kept_fen == plan.frozen.fen,
            "none_above_loss": all(line.refund_fen <= line.claim.open_fen for line in plan.lines),
        },
        "notice": _days(found, days),
        "doubts": [{"code": one.code, "zh": one.said("zh"), "en": one.said("en")} for one in found.doubts],
    }


def _victim(found: AccountPlan, line: RefundLine) -> dict[str, Any]:
    return {
        "victim": line.claim.victim,
        "loss_fen": line.claim.loss_fen,
        "refunded_before_fen": line.claim.refunded_fen,
        "received_fen": list(found.received[line.claim.victim]),
        "share_fen": str(line.share_fen),
        "floor_fen": line.floor_fen,
        "remainder": str(line.remainder),
        "extra_fen": line.extra_fen,
        "refund_fen": line.refund_fen,
        "arrivals": [
            {
                "at": arrival.at.isoformat(),
                "fen": [arrival.fen if arrival.least_fen is None else arrival.least_fen, arrival.fen],
                "direct": arrival.direct,
                "rows": _rows(arrival.rows),
            }
            for arrival in line.claim.arrivals
        ],
    }


def _days(found: AccountPlan, days: RefundDays) -> dict[str, Any]:
    def iso(day: date | None) -> str | None:
        return day.isoformat() if day else None

    return {
        "needed": found.plan.needs_notice,
        "announced_on": iso(days.announced_on),
        "objections_to": iso(days.last_on),
        "decide_from": iso(days.decide_on),
        "bank_by": iso(days.bank_by),
        "bank_working_days": BANK_DAYS,
    }


def _rows(rows: tuple[tuple[str, int], ...]) -> list[dict[str, Any]]:
    return [{"source": source, "row": row} for source, row in rows]
