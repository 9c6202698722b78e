"""Every relation type of the domain, once: events in time and edges with validity (DOMAIN 4)."""

from graph.schema.kinds import Mask
from graph.schema.shorthand import AT, COUNT, FEN, IDENT, PER, REAL, TEXT, prop
from graph.schema.types import RelationType

_AMOUNT = prop("amount_fen", FEN, "金额", "amount")
_MEMO = prop("memo", TEXT, "摘要", "memo", PER, Mask.NAME)
_SERIAL = prop("serial", IDENT, "流水号", "serial")
_PRECISION = prop("precision", TEXT, "时间精度", "time precision: second or day")
_TERMINAL = prop("terminal", IDENT, "终端号", "terminal")
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
            prop("currency", TEXT, "币种", "currency"),
            prop("from_balance_fen", FEN, "付方余额", "payer's balance after"),
            prop("to_balance_fen", FEN, "收方余额", "payee's balance after"),
            prop("from_at", AT, "付方时间", "payer's time"),
            prop("to_at", AT, "收方时间", "payee's time"),
            _SERIAL,
            prop("to_serial", IDENT, "收方流水号", "payee's serial"),
            _MEMO,
            _PRECISION,
            prop("ip", TEXT, "IP地址", "IP"),
            prop("mac", IDENT, "MAC地址", "MAC", PER, Mask.HANDLE),
            _TERMINAL,
            prop("merchant_no", IDENT, "商户号", "merchant number"),
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
            prop("balance_fen", FEN, "余额", "balance after"),
            _SERIAL,
            _MEMO,
            _PRECISION,
            _TERMINAL,
            prop("branch", TEXT, "网点代码", "branch code"),
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
            prop("balance_fen", FEN, "余额", "balance after"),
            _SERIAL,
            _MEMO,
            _PRECISION,
            _TERMINAL,
            prop("branch", TEXT, "网点代码", "branch code"),
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
            prop("duration_s", COUNT, "时长(秒)", "duration (s)"),
            prop("ended_at", AT, "结束时间", "ended at"),
            prop("from_device", IDENT, "主叫设备", "caller's device", PER, Mask.HANDLE),
            prop("to_device", IDENT, "被叫设备", "callee's device", PER, Mask.HANDLE),
            prop("from_cell", TEXT, "主叫基站", "caller's cell"),
            prop("to_cell", TEXT, "被叫基站", "callee's cell"),
            prop("from_imsi", IDENT, "主叫IMSI", "caller's IMSI", PER, Mask.HANDLE),
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
            prop("from_device", IDENT, "主叫设备", "sender's device", PER, Mask.HANDLE),
            prop("from_cell", TEXT, "主叫基站", "sender's cell"),
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
            prop("ip", TEXT, "IP", "IP"),
            prop("platform", TEXT, "平台", "platform"),
            prop("action", TEXT, "操作", "action"),
            prop("result", TEXT, "结果", "result"),
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
            prop("port", COUNT, "端口", "port"),
            prop("device", IDENT, "设备", "device", PER, Mask.HANDLE),
            prop("platform", TEXT, "平台", "platform"),
            prop("action", TEXT, "操作", "action"),
            prop("result", TEXT, "结果", "result"),
        ),
    ),
    RelationType(
        "AT_CELL",
        "基站轨迹",
        "At cell site",
        (("Sim", "Cell"),),
        True,
        "phone",
        (prop("device", IDENT, "设备", "device", PER, Mask.HANDLE),),
    ),
    RelationType(
        "SENT",
        "寄出",
        "Sent",
        (("Sim", "Parcel"),),
        True,
        "place",
        (
            prop("name", TEXT, "寄件人", "sender", PER, Mask.NAME),
            prop("address", TEXT, "寄件地址", "sender's address", PER, Mask.ADDRESS),
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
            prop("name", TEXT, "收件人", "recipient", PER, Mask.NAME),
            prop("address", TEXT, "收件地址", "recipient's address", PER, Mask.ADDRESS),
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
            prop("teller", IDENT, "柜员", "teller", PER, Mask.HANDLE),
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
        (prop("state", TEXT, "状态", "state"),),
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
        (prop("uses", COUNT, "次数", "uses"),),
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
    # Made at settling from what named people judged, never by a rule: only `same` pairs in force stand here.
    RelationType(
        "SAME_AS",
        "同一",
        "Same as",
        (
            ("Person", "Person"),
            ("Organization", "Organization"),
            ("Address", "Address"),
            ("Device", "Device"),
        ),
        False,
        "people",
        (
            prop("verdict", TEXT, "结论", "verdict"),
            prop("judged_by", TEXT, "判定人", "judged by"),
            prop("judged_at", AT, "判定时间", "judged at"),
        ),
    ),
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
        (prop("signs", TEXT, "依据", "signs"),),
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
            prop("count", COUNT, "笔数", "count"),
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
        (prop("days", COUNT, "天数", "days"),),
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
            prop("rule", TEXT, "规则", "rule"),
            prop("score", REAL, "得分", "score"),
        ),
        stored=False,
    ),
)

RELATIONS: tuple[RelationType, ...] = EVENTS + EDGES + DERIVED
