"""How each reporting bank lays out its feedback sheet: file form, column names and order, codes."""

from dataclasses import dataclass

FIELDS = (
    "own_card",
    "own_account",
    "own_name",
    "own_id",
    "time",
    "amount",
    "balance",
    "direction",
    "peer_account",
    "is_cash",
    "peer_name",
    "peer_id",
    "peer_bank",
    "memo",
    "currency",
    "branch_name",
    "branch_code",
    "place",
    "success",
    "slip_no",
    "terminal",
    "ip",
    "mac",
    "serial",
    "log_no",
    "teller",
    "merchant_name",
    "merchant_no",
    "remark",
    "kind",
    "feedback",
    "agency",
)
PRIMARY = (
    "交易卡号",
    "交易账号",
    "账户开户名称",
    "开户人证件号码",
    "交易时间",
    "交易金额",
    "交易余额",
    "收付标志",
    "交易对手账卡号",
    "现金标志",
    "对手户名",
    "对手身份证号",
    "对手开户银行",
    "摘要说明",
    "交易币种",
    "交易网点名称",
    "交易网点代码",
    "交易发生地",
    "交易是否成功",
    "传票号",
    "终端号",
    "IP地址",
    "MAC地址",
    "交易流水号",
    "日志号",
    "交易柜员号",
    "商户名称",
    "商户号",
    "备注",
    "交易类型",
    "查询反馈结果原因",
    "反馈单位",
)
_ALSO = {
    "own_card": "本方卡号",
    "own_account": "本方账号",
    "own_name": "交易户名",
    "own_id": "交易证件号码",
    "direction": "借贷标志",
    "peer_account": "对方账号",
    "peer_name": "交易对方名称",
    "peer_id": "对方证件号码",
    "peer_bank": "对方开户行",
    "memo": "交易摘要",
    "currency": "币种",
    "branch_name": "网点名称",
    "branch_code": "网点代码",
    "teller": "柜员号",
}


_DASHED, _COMPACT = "%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S"


@dataclass(frozen=True, slots=True)
class Layout:
    """One bank's sheet. codes: (in, out); yes: (success, failed); cash: (cash, other).

    peer_by: the counterparty is cited by `card` or by `account`.
    """

    bank: int
    form: str  # encoding of the CSV files, or xlsx
    codes: tuple[str, str]
    yes: tuple[str, str]
    cash: tuple[str, str]
    columns: tuple[tuple[str, str], ...]  # (field, header)
    time_format: str = _DASHED
    padded: bool = False  # identifiers carry a tab, as banks do to stop Excel from rounding them
    peer_by: str = "card"
    negative_reversals: bool = False
    empty: str = ""  # what stands in an empty column
    thousands: bool = False  # amounts carry thousands marks
    period_files: int = 1  # the export comes in this many files that overlap by some hours


def _columns(order: tuple[str, ...], also: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    names = dict(zip(FIELDS, PRIMARY, strict=True))
    return tuple((name, _ALSO[name] if name in also else names[name]) for name in order)


_ALL = tuple(name for name in FIELDS if name != "agency")
_SHORT = (
    "serial",
    "time",
    "own_account",
    "own_card",
    "own_name",
    "own_id",
    "direction",
    "amount",
    "balance",
    "currency",
    "peer_account",
    "peer_name",
    "peer_bank",
    "memo",
    "kind",
    "is_cash",
    "success",
    "branch_code",
    "terminal",
    "place",
    "ip",
    "mac",
    "remark",
    "agency",
)
_TURNED = (
    "agency",
    "own_name",
    "own_id",
    "own_card",
    "own_account",
    "time",
    "direction",
    "amount",
    "balance",
    "peer_name",
    "peer_account",
    "peer_id",
    "peer_bank",
    "memo",
    "branch_name",
    "branch_code",
    "terminal",
    "success",
    "serial",
    "log_no",
    "ip",
    "mac",
    "place",
    "is_cash",
    "merchant_name",
    "merchant_no",
    "currency",
    "kind",
    "remark",
    "teller",
)
_EVERY_ALIAS = tuple(_ALSO)

LAYOUTS: tuple[Layout, ...] = (
    Layout(0, "gb18030", ("进", "出"), ("成功", "失败"), ("现金", "转账"), _columns(_ALL, ()), padded=True),
    Layout(
        1,
        "utf-8-sig",
        ("贷", "借"),
        ("是", "否"),
        ("是", "否"),
        _columns(_SHORT, ("own_card", "own_account", "own_name", "own_id", "direction", "memo")),
        time_format=_COMPACT,
        peer_by="account",
        period_files=2,
    ),
    Layout(
        2,
        "gb18030",
        ("收", "付"),
        ("Y", "N"),
        ("现金", "其它"),
        _columns(_TURNED, ("own_id", "peer_account", "peer_name", "peer_id", "peer_bank", "currency")),
        padded=True,
        negative_reversals=True,
    ),
    Layout(
        3,
        "utf-8-sig",
        ("入", "出"),
        ("成功", "失败"),
        ("现金", "转账"),
        _columns(_SHORT, _EVERY_ALIAS),
        empty="-",
    ),
    Layout(
        4,
        "utf-8-sig",
        ("C", "D"),
        ("Y", "N"),
        ("Y", "N"),
        _columns(_TURNED, _EVERY_ALIAS),
        time_format=_COMPACT,
        padded=True,
        thousands=True,
    ),
    Layout(
        5,
        "xlsx",
        ("收入", "支出"),
        ("成功", "失败"),
        ("现金", "转账"),
        _columns(_SHORT, ("memo",)),
    ),
)
