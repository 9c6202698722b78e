"""Every relation type of the domain, once: events in time and edges with validity (DOMAIN 4)."""

from graph.schema.kinds import Kind, Mask, Privacy
from graph.schema.types import Property, RelationType

INT, PER = Privacy.INTERNAL, Privacy.PERSONAL
TEXT, IDENT, FEN, AT = Kind.TEXT, Kind.IDENTIFIER, Kind.MONEY_FEN, Kind.INSTANT
COUNT, REAL = Kind.COUNT, Kind.REAL


def _p(name: str, kind: Kind, zh: str, en: str, privacy: Privacy = INT, mask: Mask = Mask.NONE) -> Property:
    return Property(name, kind, zh, en, privacy, mask)


_AMOUNT = _p("amount_fen", FEN, "金额", "amount")
_MEMO = _p("memo", TEXT, "摘要", "memo", PER, Mask.NAME)
_SERIAL = _p("serial", IDENT, "流水号", "serial")
_PRECISION = _p("precision", TEXT, "时间精度", "time precision: second or day")
_TERMINAL = _p("terminal", IDENT, "终端号", "terminal")
_USER = (("Account", "Device"), ("NetAccount", "Device"))
_USER_IP = (("Account", "Ip"), ("NetAccount", "Ip"))

EVENTS: tuple[RelationType, ...] = (
    RelationType(
        "TRANSFER",
        "转账",
        "Transfer",
        (("Account", "Account"),),
        True,
        "money",
        (
            _AMOUNT,
            _p("currency", TEXT, "币种", "currency"),
            _p("from_balance_fen", FEN, "付方余额", "payer's balance after"),
            _p("to_balance_fen", FEN, "收方余额", "payee's balance after"),
            _p("from_at", AT, "付方时间", "payer's time"),
            _p("to_at", AT, "收方时间", "payee's time"),
            _SERIAL,
            _p("to_serial", IDENT, "收方流水号", "payee's serial"),
            _MEMO,
            _PRECISION,
            _p("ip", TEXT, "IP地址", "IP"),
            _p("mac", IDENT, "MAC地址", "MAC", PER, Mask.HANDLE),
            _TERMINAL,
            _p("merchant_no", IDENT, "商户号", "merchant number"),
        ),
        fields=("amount_fen",),
    ),
    RelationType(
        "CASH_OUT",
        "取现",
        "Cash withdrawal",
        (("Account", "Merchant"),),
        True,
        "money",
        (
            _AMOUNT,
            _p("balance_fen", FEN, "余额", "balance after"),
            _SERIAL,
            _MEMO,
            _PRECISION,
            _TERMINAL,
            _p("branch", TEXT, "网点代码", "branch code"),
        ),
        fields=("amount_fen",),
    ),
    RelationType(
        "CASH_IN",
        "存现",
        "Cash deposit",
        (("Merchant", "Account"),),
        True,
        "money",
        (
            _AMOUNT,
            _p("balance_fen", FEN, "余额", "balance after"),
            _SERIAL,
            _MEMO,
            _PRECISION,
            _TERMINAL,
            _p("branch", TEXT, "网点代码", "branch code"),
        ),
        fields=("amount_fen",),
    ),
    RelationType(
        "TOPUP",
        "话费充值",
        "Top-up",
        (("Account", "Sim"),),
        True,
        "money",
        (_AMOUNT, _SERIAL),
        fields=("amount_fen",),
    ),
    RelationType(
        "CALLED",
        "通话",
        "Call",
        (("Sim", "Sim"),),
        True,
        "phone",
        (
            _p("duration_s", COUNT, "时长(秒)", "duration (s)"),
            _p("ended_at", AT, "结束时间", "ended at"),
            _p("from_device", IDENT, "主叫设备", "caller's device", PER, Mask.HANDLE),
            _p("to_device", IDENT, "被叫设备", "callee's device", PER, Mask.HANDLE),
            _p("from_cell", TEXT, "主叫基站", "caller's cell"),
            _p("to_cell", TEXT, "被叫基站", "callee's cell"),
            _p("from_imsi", IDENT, "主叫IMSI", "caller's IMSI", PER, Mask.HANDLE),
        ),
        fields=("duration_s",),
    ),
    RelationType(
        "SMS",
        "短信",
        "Text message",
        (("Sim", "Sim"),),
        True,
        "phone",
        (
            _p("from_device", IDENT, "主叫设备", "sender's device", PER, Mask.HANDLE),
            _p("from_cell", TEXT, "主叫基站", "sender's cell"),
        ),
    ),
    RelationType(
        "LOGGED_IN",
        "登录设备",
        "Login on device",
        _USER,
        True,
        "net",
        (
            _p("ip", TEXT, "IP", "IP"),
            _p("platform", TEXT, "平台", "platform"),
            _p("action", TEXT, "操作", "action"),
            _p("result", TEXT, "结果", "result"),
        ),
    ),
    RelationType(
        "LOGGED_IN_FROM",
        "登录IP",
        "Login from IP",
        _USER_IP,
        True,
        "net",
        (
            _p("port", COUNT, "端口", "port"),
            _p("device", IDENT, "设备", "device", PER, Mask.HANDLE),
            _p("platform", TEXT, "平台", "platform"),
            _p("action", TEXT, "操作", "action"),
            _p("result", TEXT, "结果", "result"),
        ),
    ),
    RelationType(
        "AT_CELL",
        "基站轨迹",
        "At cell site",
        (("Sim", "Cell"),),
        True,
        "phone",
        (_p("device", IDENT, "设备", "device", PER, Mask.HANDLE),),
    ),
    RelationType(
        "SENT",
        "寄出",
        "Sent",
        (("Sim", "Parcel"),),
        True,
        "place",
        (
            _p("name", TEXT, "寄件人", "sender", PER, Mask.NAME),
            _p("address", TEXT, "寄件地址", "sender's address", PER, Mask.ADDRESS),
        ),
    ),
    RelationType(
        "RECEIVED",
        "签收",
        "Received",
        (("Parcel", "Sim"),),
        True,
        "place",
        (
            _p("name", TEXT, "收件人", "recipient", PER, Mask.NAME),
            _p("address", TEXT, "收件地址", "recipient's address", PER, Mask.ADDRESS),
        ),
    ),
    RelationType(
        "OPENED_AT",
        "开户网点",
        "Opened at",
        (("Account", "Branch"),),
        True,
        "place",
        (
            _p("teller", IDENT, "柜员", "teller", PER, Mask.HANDLE),
            _PRECISION,
        ),
    ),
    RelationType(
        "OPENED_BY_AGENT", "代办开户", "Opened by agent", (("Account", "Person"),), True, "people", ()
    ),
    RelationType(
        "CONTROL",
        "查控",
        "Control",
        (("ControlOrder", "Account"),),
        True,
        "case",
        (_p("state", TEXT, "状态", "state"),),
    ),
    RelationType(
        "PAID_FROM",
        "被骗付款账户",
        "Victim paid from",
        (("Report", "Account"),),
        True,
        "case",
        (_AMOUNT,),
        fields=("amount_fen",),
    ),
    RelationType(
        "PAID_TO",
        "被骗收款账户",
        "Victim paid to",
        (("Report", "Account"),),
        True,
        "case",
        (_AMOUNT,),
        fields=("amount_fen",),
    ),
)

EDGES: tuple[RelationType, ...] = (
    RelationType(
        "HOLDS",
        "登记持有",
        "Holds (register)",
        (
            ("Person", "Account"),
            ("Organization", "Account"),
            ("Person", "Sim"),
            ("Organization", "Sim"),
            ("Person", "PayAccount"),
        ),
        False,
        "people",
    ),
    RelationType("CARD_OF", "卡账对应", "Card of account", (("Card", "Account"),), False, "money"),
    RelationType(
        "BOUND_TO", "绑定手机", "Bound to", (("Account", "Sim"), ("NetAccount", "Sim")), False, "phone"
    ),
    RelationType(
        "USED_IN",
        "机卡使用",
        "SIM used in device",
        (("Sim", "Device"),),
        False,
        "phone",
        (_p("uses", COUNT, "次数", "uses"),),
        fields=("uses",),
    ),
    RelationType("LIVES_AT", "住址", "Lives at", (("Person", "Address"),), False, "place"),
    RelationType("VICTIM_OF", "受害", "Victim of", (("Person", "Case"),), False, "case"),
    RelationType("FILED", "警情归案", "Report in case", (("Report", "Case"),), False, "case"),
    RelationType("NAMED_CALLER", "来电号码", "Named caller", (("Report", "Sim"),), False, "case"),
    RelationType("LED_TO", "涉案网址/APP", "Led to site", (("Report", "Site"),), False, "case"),
    RelationType(
        "LISTED_AS",
        "列入名单",
        "Listed as",
        (
            ("Person", "ListEntry"),
            ("Account", "ListEntry"),
            ("Sim", "ListEntry"),
            ("Organization", "ListEntry"),
        ),
        False,
        "case",
    ),
    RelationType("MENTIONS", "线索涉及", "Mentions", (("Tip", "Account"), ("Tip", "Sim")), False, "case"),
    RelationType("SENT_FROM", "寄件地址", "Sent from", (("Parcel", "Address"),), False, "place"),
    RelationType("DELIVERED_TO", "收件地址", "Delivered to", (("Parcel", "Address"),), False, "place"),
)

_OPINION_ENDS = (("Person", "Account"), ("Person", "Sim"), ("Person", "Device"))
DERIVED: tuple[RelationType, ...] = (
    RelationType(
        "CONTROLS",
        "实际控制",
        "Controls (from use)",
        _OPINION_ENDS,
        False,
        "people",
        (_p("signs", TEXT, "依据", "signs"),),
        stored=False,
    ),
    RelationType(
        "RECRUITED", "发展下线", "Recruited", (("Person", "Person"),), False, "people", stored=False
    ),
    RelationType("SUSPECT_IN", "涉嫌", "Suspect in", (("Person", "Case"),), False, "case", stored=False),
    RelationType(
        "TRANSFERRED",
        "转账合计",
        "Transferred (sum)",
        (("Account", "Account"),),
        False,
        "money",
        (
            _AMOUNT,
            _p("count", COUNT, "笔数", "count"),
        ),
        stored=False,
        fields=("amount_fen",),
    ),
    RelationType(
        "CO_LOCATED",
        "碰面",
        "Co-located",
        (("Sim", "Sim"),),
        False,
        "place",
        (_p("days", COUNT, "天数", "days"),),
        stored=False,
    ),
    RelationType(
        "SAME_AS",
        "同一",
        "Same as",
        (("Person", "Person"), ("Address", "Address")),
        False,
        "people",
        (_p("verdict", TEXT, "结论", "verdict"),),
        stored=False,
    ),
    RelationType(
        "FINDING",
        "命中",
        "Finding",
        (("Person", "Account"),),
        False,
        "case",
        (
            _p("rule", TEXT, "规则", "rule"),
            _p("score", REAL, "得分", "score"),
        ),
        stored=False,
    ),
)

RELATIONS: tuple[RelationType, ...] = EVENTS + EDGES + DERIVED
