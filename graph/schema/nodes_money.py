"""Node types of people and money (DOMAIN 4)."""

from graph.schema.kinds import Kind, Mask, Privacy
from graph.schema.types import NodeType, Property

PUB, INT, PER, INF = Privacy.PUBLIC, Privacy.INTERNAL, Privacy.PERSONAL, Privacy.INFORMANT
TEXT, IDENT, FEN, AT, DAY = Kind.TEXT, Kind.IDENTIFIER, Kind.MONEY_FEN, Kind.INSTANT, Kind.DAY
COUNT, REAL, FLAG = Kind.COUNT, Kind.REAL, Kind.FLAG

# Colour families (Okabe-Ito derived, told apart by colour-blind readers): people warm, money green,
# phones and devices blue, parcels and places brown, cases violet.
_PEOPLE, _MONEY, _PHONE, _PLACE, _CASE, _NET = (
    "#c4501b",
    "#1b7f5c",
    "#2a6fb0",
    "#8a6d3b",
    "#7b4fa3",
    "#3f7f93",
)


def _p(name: str, kind: Kind, zh: str, en: str, privacy: Privacy = INT, mask: Mask = Mask.NONE) -> Property:
    return Property(name, kind, zh, en, privacy, mask)


_NAME = _p("name", TEXT, "姓名", "name", PER, Mask.NAME)

PEOPLE_AND_MONEY: tuple[NodeType, ...] = (
    NodeType(
        "Person",
        "人员",
        "Person",
        "id number; else source sha256 and row",
        PER,
        Mask.ID_NUMBER,
        "people",
        _PEOPLE,
        "ellipse",
        "人",
        (
            _NAME,
            _p("id_type", TEXT, "证件类型", "id type"),
            _p("sex", TEXT, "性别", "sex"),
            _p("birth_on", DAY, "出生日期", "date of birth", PER, Mask.HANDLE),
            _p("home_region", TEXT, "户籍地区", "home region"),
            _p("phone", IDENT, "手机号", "phone", PER, Mask.PHONE),
            _p("address", TEXT, "住址", "address", PER, Mask.ADDRESS),
            _p("employer", TEXT, "单位", "employer"),
        ),
    ),
    NodeType(
        "Organization",
        "单位",
        "Organization",
        "credit code",
        INT,
        Mask.NONE,
        "people",
        _PEOPLE,
        "round-rectangle",
        "企",
        (
            _p("name", TEXT, "名称", "name"),
            _p("legal_rep", TEXT, "法定代表人", "legal representative", PER, Mask.NAME),
            _p("opened_on", DAY, "成立日期", "founded on"),
            _p("address", TEXT, "地址", "address"),
        ),
    ),
    NodeType(
        "Account",
        "银行账户",
        "Bank account",
        "account number",
        PER,
        Mask.CARD,
        "money",
        _MONEY,
        "round-rectangle",
        "账",
        (
            _p("bank", TEXT, "开户行", "bank"),
            _p("holder_name", TEXT, "户名", "holder's name", PER, Mask.NAME),
            _p("account_class", TEXT, "账户类别", "account class"),
            _p("corporate", FLAG, "对公账户", "corporate account"),
            _p("opened_at", AT, "开户时间", "opened at"),
            _p("closed_at", AT, "销户时间", "closed at"),
            _p("branch", TEXT, "开户网点", "branch"),
            _p("teller", TEXT, "开户柜员", "teller"),
            _p("status", TEXT, "状态", "status"),
            _p("reserved_phone", IDENT, "预留手机", "reserved phone", PER, Mask.PHONE),
            _p("balance_fen", FEN, "余额", "balance"),
            _p("balance_at", AT, "余额时间", "balance at"),
            _p("grade", TEXT, "明细质量等级", "grade of its sheets"),
            _p("synthetic", FLAG, "合成数据", "synthetic"),
        ),
    ),
    NodeType(
        "Card",
        "银行卡",
        "Bank card",
        "card number",
        PER,
        Mask.CARD,
        "money",
        _MONEY,
        "rectangle",
        "卡",
        (_p("bank", TEXT, "发卡行", "bank"),),
    ),
    NodeType(
        "PayAccount",
        "支付账户",
        "Payment account",
        "provider and id",
        PER,
        Mask.HANDLE,
        "money",
        _MONEY,
        "cut-rectangle",
        "付",
        (
            _p("provider", TEXT, "支付机构", "provider"),
            _p("merchant", FLAG, "商户", "merchant"),
        ),
    ),
    NodeType(
        "Wallet",
        "虚拟币地址",
        "Crypto wallet",
        "chain and address",
        INT,
        Mask.HANDLE,
        "money",
        _MONEY,
        "diamond",
        "币",
        (
            _p("chain", TEXT, "链", "chain"),
            _p("exchange", TEXT, "交易所", "exchange"),
        ),
    ),
    NodeType(
        "Merchant",
        "商户/终端",
        "Merchant or terminal",
        "merchant or terminal number",
        INT,
        Mask.NONE,
        "money",
        _MONEY,
        "pentagon",
        "商",
        (
            _p("name", TEXT, "商户名称", "name"),
            _p("kind", TEXT, "种类", "kind: merchant, terminal, branch counter"),
            _p("place", TEXT, "地点", "place"),
        ),
    ),
)
