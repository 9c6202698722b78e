"""The freeze queue as a table: one row an account, with its amount's parts, its clocks and next steps."""

from typing import Any

from cases.scope import Scope
from export.signs import Language
from export.table import Column, Table
from funds.freeze_now import QueueLine, QueueNow
from funds.queue_record import line_record
from graph.contract import Ref
from graph.schema.kinds import Kind

_COLUMNS = (
    Column("rank", "序号", "rank", Kind.COUNT),
    Column("account", "账户", "account", Kind.IDENTIFIER),
    Column("cases", "案件数", "cases", Kind.COUNT),
    Column("expected", "预计可冻住", "expected to be held", Kind.MONEY_FEN),
    Column("cumulative", "累计期望", "expected so far", Kind.MONEY_FEN),
    Column("victims", "受害人资金", "victims' money", Kind.MONEY_FEN),
    Column("low", "最少", "at least", Kind.MONEY_FEN),
    Column("high", "最多", "at most", Kind.MONEY_FEN),
    Column("balance", "最近余额", "latest balance", Kind.MONEY_FEN),
    Column("balance_at", "余额时间", "balance at", Kind.INSTANT),
    Column("earlier", "在先冻结", "frozen earlier", Kind.MONEY_FEN),
    Column("here", "仍在概率", "chance it is there"),
    Column("leaves", "转出概率", "chance it leaves"),
    Column("h_hours", "停留小时", "hours it rests"),
    Column("basis", "停留依据", "rest taken from"),
    Column("last_row", "最后一笔", "last row", Kind.INSTANT),
    Column("level", "层级", "level", Kind.COUNT),
    Column("kind", "账户类别", "account kind"),
    Column("state", "查控状态", "controls"),
    Column("ends_at", "最近期满", "next end", Kind.INSTANT),
    Column("next", "可办事项", "allowed next"),
    Column("remarks", "说明", "remarks"),
)


def queue_table(found: QueueNow, scope: Scope, language: Language) -> Table:
    """The queue in its order; keys are masked as `scope` says. An empty queue gives the headings."""
    rows = [_row(line, scope, language) for line in found.lines]
    return Table("freeze-queue", "止付冻结队列", "Freeze queue", _COLUMNS, rows)


def _row(line: QueueLine, scope: Scope, language: Language) -> list[Any]:
    def account(key: str) -> str:
        return scope.key(Ref("Account", key))

    said = line_record(line, account, str)
    parts, own = said["parts"], line.score.candidate
    remarks = [said["reason"], *said["advice"], *said["warnings"], *said["problems"]]
    return [
        line.rank,
        account(line.account),
        len(line.shares),
        line.score.expected_fen,
        line.cumulative_fen,
        own.victim_fen,
        *line.interval,
        line.balance.fen,
        line.balance.at,
        own.earlier_fen,
        parts["p_here"],
        parts["p_leave"],
        parts["h_hours"],
        parts["h_basis"],
        own.last_row_at,
        own.level,
        line.kind,
        said["state"][language],
        line.reading.controls.deadline if line.reading else None,
        ", ".join(one[language] for one in said["options"] if one["allowed"]),
        " ".join(one[language] for one in remarks if one),
    ]
