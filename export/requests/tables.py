"""The tables of a request sheet, masked as the reader's scope says: the same for workbook and document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.scope import Scope
from export.manifest import Stamp
from export.requests.items import Holder, Item, NotAsked, Request
from export.requests.kinds import KINDS, RequestKind, worded
from export.requests.spans import WHY
from export.signs import ZONE, Language
from export.table import Column, Table
from funds.yuan import yuan_text
from graph.contract import Ref
from graph.lake.cited import Cited, Row
from graph.parameters import CHINA
from graph.schema.kinds import Kind

BLANK = "________________"
_MODES = {"limit": ("01 限额", "01 up to the amount"), "receive_only": ("02 只收不付", "02 receive only")}
_NUMBER = Column("no", "序号", "no.", Kind.COUNT)
_ACCOUNT = Column("account", "账号", "account", Kind.IDENTIFIER)
_PLACE = (
    Column("file", "来源文件", "source file"),
    Column("sheet", "工作表", "sheet"),
    Column("line", "行号", "line", Kind.COUNT),
    Column("row", "数据行", "data row", Kind.COUNT),
    Column("sha256", "文件校验值(sha256)", "file's sha256", Kind.IDENTIFIER),
)


@dataclass(frozen=True, slots=True)
class Page:
    """How a request is put on paper: for whom, in which language, and where each cited row stands."""

    request: Request
    scope: Scope
    stamp: Stamp
    places: Mapping[Row, Cited]
    language: Language
    export_id: str

    def word(self, zh: str, en: str) -> str:
        """One of the two."""
        return zh if self.language == "zh" else en

    def account(self, key: str) -> str:
        """An account's number as the reader may see it."""
        return self.scope.key(Ref("Account", key))

    @property
    def marking(self) -> str:
        """What stands on every page: whether it may leave the house."""
        if self.scope.full:
            return self.word("内部 · 含完整个人信息", "RESTRICTED · whole personal values")
        return self.word("草稿 · 已脱敏 · 不得发出", "DRAFT · masked · not to be sent")

    @property
    def watermark(self) -> str:
        """Who made it, when, for which case, under which export number."""
        who = f"{self.stamp.exporter} · {local_seconds(self.stamp.made_at)} {ZONE}"
        return f"{self.marking} · {who} · {self.stamp.case or ''} · {self.export_id}"


def local_seconds(at: datetime | None) -> str:
    """An instant in UTC+8 to the second, empty for none: a clock of 48 hours is counted by it."""
    return "" if at is None else at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def facts_table(page: Page, bank: str) -> Table:
    """What, to whom, on what ground, who signs: two columns, a line to fill in where nobody has said."""
    wanted, words = page.request.wanted, KINDS[page.request.wanted.kind]
    word = page.word
    rows = [
        (word("标题", "title"), worded(words.title, page.language)),
        (word("致", "to"), bank or word("开户行不明（数据未载）", "bank unknown (the data names none)")),
        (word("案件编号", "case"), wanted.case),
        (word("法律文书号", "legal document no."), wanted.document or BLANK),
        (word("请求事项", "request"), worded(words.asks, page.language)),
        (
            word("法律依据", "legal basis"),
            worded(words.basis, page.language)
            or BLANK + word("（由办案单位填写）", " (the officer fills it in)"),
        ),
        (word("数据截止时刻", "as of"), f"{local_seconds(wanted.now)} {ZONE}"),
        (word("承办人", "officer"), wanted.officer or BLANK),
        (word("审批人", "approved by"), page.stamp.approver or BLANK),
        (word("签字", "signature"), BLANK),
        (word("单位盖章 / 日期", "stamp / date"), BLANK),
        (word("标记", "marking"), page.marking),
    ]
    columns = (Column("fact", "项目", "item"), Column("said", "内容", "content"))
    return Table("facts", "申请", "request", columns, rows)


def accounts_table(page: Page, items: Sequence[Item]) -> Table:
    """One line an account (a renewal or lifting: an order): whose, how much at most, in which mode."""
    held = page.request.wanted.kind is not RequestKind.EVIDENCE
    columns = [_NUMBER, _ACCOUNT, Column("holder", "户名", "holder"), Column("id", "证件号码", "id number")]
    if held:
        columns += [
            Column("amount", "金额上限", "amount up to", Kind.MONEY_FEN),
            Column("mode", "方式", "mode"),
        ]
    if page.request.wanted.kind in (RequestKind.RENEWAL, RequestKind.LIFT):
        columns += [
            Column("order", "原查控单号", "order", Kind.IDENTIFIER),
            Column("document", "原文书号", "its document", Kind.IDENTIFIER),
            Column("ends", f"现止期({ZONE})", f"present end ({ZONE})"),
        ]
    rows = [_account_row(page, number, item, len(columns)) for number, item in enumerate(items, start=1)]
    return Table("accounts", "账户", "accounts", tuple(columns), rows)


def _account_row(page: Page, number: int, item: Item, width: int) -> list[Any]:
    names = "；".join(_name(page, one) for one in item.holders)
    ids = "；".join(_id(page, one) for one in item.holders)
    amount = item.amount_fen if item.amount_fen is not None else BLANK
    mode = page.word(*_MODES[item.mode]) if item.mode else BLANK
    row = [number, page.account(item.account), names or page.word("登记不明", "not registered"), ids]
    return [*row, amount, mode, item.order, item.order_document, local_seconds(item.ends_at)][:width]


def _name(page: Page, holder: Holder) -> str:
    kind, field = (holder.ref.type, "name") if holder.ref else ("Account", "holder_name")
    said = page.scope.properties(kind, {field: holder.name}).get(field)
    by_sheet = "" if holder.ref else page.word("（据明细，无登记）", " (by a sheet, no register)")
    return f"{said or page.word('姓名不明', 'name unknown')}{by_sheet}"


def _id(page: Page, holder: Holder) -> str:
    if holder.ref is None or holder.ref.key.startswith("local:"):
        return page.word("不明", "unknown")
    return page.scope.key(holder.ref)


def spans_table(page: Page, items: Sequence[Item]) -> Table:
    """The spans of rows asked for; an open end is said in words."""
    opened = page.word("开户起", "since opening")
    rows = [
        [
            number,
            page.account(item.account),
            local_seconds(span.from_at) or opened,
            local_seconds(span.to_at),
            page.word(*WHY[span.why]).format(yuan=yuan_text(span.fen)),
        ]
        for number, item in enumerate(items, start=1)
        for span in item.spans
    ]
    columns = (
        _NUMBER,
        _ACCOUNT,
        Column("from", f"自({ZONE})", f"from ({ZONE})"),
        Column("to", f"至({ZONE})", f"to ({ZONE})"),
        Column("why", "原因", "why"),
    )
    return Table("spans", "调取时间段", "spans asked for", columns, rows)


def arrivals_table(page: Page, items: Sequence[Item]) -> Table:
    """When and with how much traced money of the case came: the particulars a bank compares."""
    rows = [
        [
            number,
            page.account(item.account),
            local_seconds(one.at),
            one.fen if one.least_fen is None else one.least_fen,
            one.fen,
            page.word("直接付款", "paid directly") if one.direct else page.word("经他户转入", "over others"),
        ]
        for number, item in enumerate(items, start=1)
        for one in item.arrivals
    ]
    columns = (
        _NUMBER,
        _ACCOUNT,
        Column("at", f"入账时间({ZONE})", f"came at ({ZONE})"),
        Column("least", "其中本案至少", "of the case at least", Kind.MONEY_FEN),
        Column("most", "其中本案至多", "of the case at most", Kind.MONEY_FEN),
        Column("way", "方式", "way"),
    )
    return Table("arrivals", "本案资金入账", "money of the case that came", columns, rows)


def annex_facts(page: Page) -> Table:
    """What the annex is about: it has nobody to sign it."""
    wanted, word = page.request.wanted, page.word
    rows = [
        (word("用途", "use"), word("内部附件，不发银行", "internal annex, not for a bank")),
        (word("请求", "request"), worded(KINDS[wanted.kind].title, page.language)),
        (word("案件编号", "case"), wanted.case),
        (word("数据截止时刻", "as of"), f"{local_seconds(wanted.now)} {ZONE}"),
        (word("标记", "marking"), page.marking),
    ]
    columns = (Column("fact", "项目", "item"), Column("said", "内容", "content"))
    return Table("facts", "附件", "annex", columns, rows)


def reasons_table(page: Page, items: Sequence[Item]) -> Table:
    """Why each account is asked for; an account without a reason has a line to fill in."""
    rows: list[list[Any]] = []
    for number, item in enumerate(items, start=1):
        account = page.account(item.account)
        for reason in item.reasons:
            rows.append([number, account, reason.said(page.language), len(reason.rows)])
        if not item.reasons:
            rows.append([number, account, f"{BLANK}{_no_reason(page)}", 0])
    columns = (
        _NUMBER,
        _ACCOUNT,
        Column("reason", "理由", "reason"),
        Column("rows", "依据行数", "source rows", Kind.COUNT),
    )
    return Table("reasons", "理由", "reasons", columns, rows)


def _no_reason(page: Page) -> str:
    return page.word(
        "（数据中没有本案资金到达或规则命中，由办案单位填写）",
        " (no traced money of the case and no rule's hit here: the officer fills it in)",
    )


def rows_table(page: Page, items: Sequence[Item]) -> Table:
    """Every source row behind the reasons and holders: file, sheet, line."""
    rows = [
        [number, page.account(item.account), *_place(page, row)]
        for number, item in enumerate(items, start=1)
        for row in _cited_rows(item)
    ]
    return Table("rows", "来源行", "source rows", (_NUMBER, _ACCOUNT, *_PLACE), rows)


def _cited_rows(item: Item) -> tuple[Row, ...]:
    told = [row for reason in item.reasons for row in reason.rows]
    told += [row for holder in item.holders for row in holder.rows]
    return tuple(dict.fromkeys(told))


def _place(page: Page, row: Row) -> list[Any]:
    place = page.places[row]
    return [place.file, place.sheet, place.line, row[1], row[0]]


def not_asked_table(page: Page) -> Table:
    """The annex: accounts that are not requested, each with the sentence that says why."""
    rows = [_not_asked_row(page, one) for one in page.request.not_asked]
    columns = (
        _ACCOUNT,
        Column("bank", "开户行", "bank"),
        Column("order", "查控单号", "order", Kind.IDENTIFIER),
        Column("code", "代码", "code", Kind.IDENTIFIER),
        Column("why", "未申请的原因", "not requested, because"),
    )
    return Table("not_requested", "未申请", "not requested", columns, rows)


def _not_asked_row(page: Page, one: NotAsked) -> list[Any]:
    return [page.account(one.account), one.bank, one.order, one.code, one.why.said(page.language)]


def notes_table(page: Page) -> Table:
    """For the officer, not for a bank: what control rows leave open, and whether detection fits the lake."""
    rows: list[list[Any]] = []
    for account in dict.fromkeys(item.account for item in page.request.items):
        item = next(one for one in page.request.items if one.account == account)
        for note in item.notes:
            where = "; ".join(f"{page.places[row].file} {row[1]}" for row in note.rows)
            rows.append([page.account(account), note.said(page.language), where])
    if page.request.findings != "fresh":
        said = page.word(
            "规则命中未列入：尚未研判，或研判早于当前数据。",
            "No hits of rules are given: nothing was detected yet, or before the present data.",
        )
        rows.append(["", said, ""])
    columns = (_ACCOUNT, Column("note", "说明", "note"), Column("rows", "来源行", "source rows"))
    return Table("notes", "提示", "notes", columns, rows)
