"""`python -m funds refund`: who gets back how much of what is frozen on an account, and why so."""

import argparse
import json
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from funds.refund.account_plan import AccountPlan, account_plan
from funds.refund.frozen_money import frozen_accounts
from funds.refund.ground import refund_ground
from funds.refund.record import LAW, branch_text, plan_record, refund_days
from funds.yuan import read_yuan, yuan_text
from graph.errors import InputError
from graph.lake.tables import LakeTables
from graph.parameters import read_instant
from graph.schema.masks import mask_key

EXAMPLES = """examples:
  python -m funds refund                                         the accounts that are surely frozen now
  python -m funds refund --account 88010000003720591             the plan for what the freeze states
  python -m funds refund --account 88010000003720591 --frozen-yuan 4000.00 --notice-on 2024-03-01
  python -m funds refund --account 88010000003720591 --refunded J990100000001=200.00 --json

exit code: 0 fine, 1 nothing there or refused, 2 wrong usage"""


def options(parser: argparse.ArgumentParser) -> None:
    """The options of `refund`."""
    parser.add_argument("--account", metavar="KEY", help="the frozen account; without: those surely frozen")
    parser.add_argument("--frozen-yuan", type=_fen, metavar="YUAN", help="what is frozen, if no row says it")
    parser.add_argument(
        "--refunded",
        type=_refunded,
        action="append",
        default=[],
        metavar="REPORT=YUAN",
        help="what a report's victim was already given back (may be given again)",
    )
    parser.add_argument("--notice-on", type=_day, metavar="DATE", help="day of the public notice")
    parser.add_argument("--decided-on", type=_day, metavar="DATE", help="day of the decision, if later")
    parser.add_argument("--now", type=_instant, metavar="TIME", help="as of then (default: this moment)")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the sentences")


def run(tables: LakeTables, given: argparse.Namespace) -> int:
    """Print the plan; 1 when nobody takes part. InputError as `account_plan`."""
    now = given.now or datetime.now(UTC)

    def shown(key: str) -> str:
        return key if given.show_keys else mask_key("Account", key)

    if given.account is None:
        return _list(tables, now, given, shown)
    refunded = dict(given.refunded)
    if len(refunded) < len(given.refunded):
        raise InputError("A report has two refunds; give their sum once.")
    found = account_plan(refund_ground(tables), given.account, now, given.frozen_yuan, refunded)
    record = plan_record(found, refund_days(found, given.notice_on, given.decided_on), now, shown)
    if given.json:
        print(json.dumps(record, ensure_ascii=False, indent=1))
    else:
        _print(found, record, given.lang)
    return 0 if found.plan.lines else 1


def _list(tables: LakeTables, now: datetime, given: argparse.Namespace, shown: Any) -> int:
    """The accounts with a sure freeze; 1 when there is none."""
    lines = [
        {
            "account": shown(key),
            "order": order.number,
            "executed_fen": order.executed_fen,
            "ends_at": order.ends_at.isoformat() if order.ends_at else None,
        }
        for key, orders in frozen_accounts(tables, now).items()
        for order in orders
    ]
    if given.json:
        print(json.dumps({"now": now.isoformat(), "frozen": lines}, ensure_ascii=False, indent=1))
        return 0 if lines else 1
    console = Console(highlight=False)
    if not lines:
        console.print("No account is surely frozen now; --now TIME asks for another moment.")
        return 1
    table = Table("account", "order", "executed (yuan)", "ends at (UTC)")
    for line in lines:
        executed = line["executed_fen"]
        table.add_row(
            line["account"], line["order"], "" if executed is None else yuan_text(executed), line["ends_at"]
        )
    console.print(table)
    return 0


def _print(found: AccountPlan, record: dict[str, Any], language: str) -> None:
    zh = language == "zh"
    console = Console(highlight=False)
    say = partial(console.print, soft_wrap=True)
    law = LAW[0 if zh else 1]
    say(f"{record['account']}  {'冻结' if zh else 'frozen'} {yuan_text(record['frozen_fen'])}  {law}")
    say(f"{'分支' if zh else 'branch'}: {branch_text(found.plan.branch, language)}")
    for test in record["tests"]:
        if not test["applies"]:
            say(f"  {test['branch']}: {' '.join(test[language])}", markup=False)
    titles = "受害人（警情） 损失 已返还 比例额（分） 取整 补分 返还" if zh else ""
    names = titles.split() if zh else "victim,loss,refunded,share (fen),floor,extra fen,refund".split(",")
    table = Table(*(Column(name, overflow="fold") for name in names))
    for line in record["victims"]:
        table.add_row(
            line["victim"],
            yuan_text(line["loss_fen"]),
            yuan_text(line["refunded_before_fen"]),
            line["share_fen"],
            yuan_text(line["floor_fen"]),
            str(line["extra_fen"]),
            yuan_text(line["refund_fen"]),
        )
    console.print(table)
    for one in record["refused"]:
        say(f"{one['victim']}: {one[language]}", markup=False)
    sums = record["sums"]
    say(
        f"{'返还合计' if zh else 'refunds'} {yuan_text(sums['refund_fen'])}  "
        f"{'继续冻结' if zh else 'stays frozen'} {yuan_text(sums['kept_fen'])}  "
        f"{'合计相符' if zh else 'sums agree'}: {_yes(sums['exact'], zh)}  "
        f"{'无人超过损失' if zh else 'nobody above the loss'}: {_yes(sums['none_above_loss'], zh)}"
    )
    _print_days(console, record["notice"], zh)
    for doubt in record["doubts"]:
        say(f"! {doubt[language]}", markup=False)


def _yes(true: bool, zh: bool) -> str:
    return ("是" if true else "否") if zh else ("yes" if true else "NO")


def _print_days(console: Console, days: dict[str, Any], zh: bool) -> None:
    if days["needed"] and days["announced_on"] is None:
        console.print(
            "须公告三十日；以 --notice-on 给出公告日。"
            if zh
            else "A public notice of thirty days comes first; give its day with --notice-on."
        )
    elif days["announced_on"]:
        console.print(
            f"公告 {days['announced_on']}，异议期至 {days['objections_to']}（当日整日）"
            if zh
            else f"notice on {days['announced_on']}, objections to the end of {days['objections_to']}"
        )
    if days["bank_by"]:
        console.print(
            f"决定日 {days['decide_from']}（起），银行至迟 {days['bank_by']}（三个工作日，仅除周末）"
            if zh
            else f"decision {days['decide_from']} at the earliest, the bank by {days['bank_by']} at the "
            "latest (three working days, weekends only left out)"
        )


def _fen(text: str) -> int:
    """Yuan with at most two decimals as fen."""
    try:
        return read_yuan(text)
    except ValueError:
        raise argparse.ArgumentTypeError("an amount in yuan, as 4000.00, not below zero") from None


def _refunded(text: str) -> tuple[str, int]:
    report, sign, amount = text.rpartition("=")
    if not sign or not report:
        raise argparse.ArgumentTypeError("REPORT=YUAN, as J990100000001=200.00")
    return report, _fen(amount)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day, as 2024-03-01") from None


def _instant(text: str) -> datetime:
    try:
        return read_instant(text)
    except ValueError:
        raise argparse.ArgumentTypeError("an instant, as 2024-03-01T09:00+08:00") from None
