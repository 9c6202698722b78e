"""Words and signs that all writers share: role characters, labels of kinds, money and time for reading."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Literal

from graph.schema.catalog import RELATION_TYPES

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

# Role code -> (character on the badge, zh, en); DOMAIN 6.
ROLE_SIGNS: dict[str, tuple[str, str, str]] = {
    "financier": ("金", "金主", "financier"),
    "den_manager": ("窝", "窝点管理", "den manager"),
    "caller": ("话", "话务/键盘手", "caller"),
    "traffic_puller": ("流", "引流推广", "traffic puller"),
    "account_seller": ("号", "号商", "account seller"),
    "card_provider": ("卡", "卡农", "card provider"),
    "card_dealer": ("商", "卡商/卡头", "card dealer"),
    "card_runner": ("收", "收卡/带队", "card runner"),
    "score_runner": ("跑", "跑分用户/码商", "score runner"),
    "score_platform": ("台", "跑分平台", "score platform"),
    "laundry_house": ("水", "水房", "laundry house"),
    "cash_crew": ("车", "车手/车队", "cash crew"),
    "otc_dealer": ("兑", "U商/承兑商", "OTC dealer"),
    "tech_keeper": ("技", "技术/GoIP维护", "tech keeper"),
    "data_seller": ("信", "信息贩子", "data seller"),
    "guarantee_group": ("保", "担保", "guarantee group"),
}
BADGE_WEIGHT = 0.5
"""A role is badged from this weight on; weaker proposals are listed only."""

# Kind of evidence (queries/weights/evidence.yml) -> (zh, en); kinds without a line show their code.
LINK_KINDS: dict[str, tuple[str, str]] = {
    "holds": ("登记持有", "registered holder"),
    "agent": ("代办开户", "opened by agent"),
    "phone": ("预留同号码", "same reserved phone"),
    "address": ("同住址", "same home"),
    "device": ("同设备登录", "same login device"),
    "sim_device": ("同机用卡", "SIMs in one device"),
    "ip_slot": ("同时段同IP", "same IP at one time"),
    "opening": ("结伴开户", "opened together"),
    "parcel": ("快件往来", "parcels"),
    "parcel_address": ("快件同地址", "parcels to one address"),
    "call": ("通话往来", "calls"),
    "cell": ("同冷僻基站", "same quiet cell"),
    "den_cell": ("同窝点基站", "same den cell"),
    "pass_through": ("快进快出", "pass-through"),
    "victim_money": ("受害人资金", "victim money"),
    "report": ("同一警情", "same report"),
}
# Sign of a role (queries/weights/roles.yml) -> (zh, en).
SIGN_WORDS: dict[str, tuple[str, str]] = {
    "at_house_cell": ("常在团伙落脚点基站", "often at the cell where the house meets"),
    "at_den_cell": ("通话在窝点基站", "calls from a den cell"),
    "calls_card_holders": ("联系持卡人", "calls card holders"),
    "calls_many_members": ("联系多名成员", "calls many members"),
    "cash_out": ("取现", "withdraws cash"),
    "deposit_first": ("先缴押金", "deposit first"),
    "few_contacts": ("联系人少", "few contacts"),
    "holds_dialler_sim": ("名下卡用于拨打", "holds a dialling SIM"),
    "holds_pool": ("持有汇聚账户", "holds a pool account"),
    "late_net_sink": ("资金末端沉淀", "late net sink"),
    "named_by_victims": ("受害人指认号码", "number named by victims"),
    "opened_in_party": ("结伴开户", "opened in a party"),
    "opens_for_others": ("代他人开户", "opens for others"),
    "own_device_runs_others": ("本人设备操作他人账户", "own device runs others' accounts"),
    "paid_by_victims": ("受害人直接付款", "paid by victims"),
    "pays_pool": ("向汇聚账户付款", "pays a pool account"),
    "phone_of_others_accounts": ("号码预留于他人账户", "phone reserved at others' accounts"),
    "receives_light_parcels": ("收取轻小快件", "receives light parcels"),
    "sends_light_parcels": ("寄出轻小快件", "sends light parcels"),
    "used_on_shared_device": ("账户在共用设备上登录", "account used on a shared device"),
    "victim_money_on_card": ("卡上过受害人资金", "victim money on the card"),
    "wage_like_pay": ("领取工资式款项", "wage-like pay"),
}
_BEIJING = timezone(timedelta(hours=8))
ZONE = "UTC+8"


def role_label(role: str, language: Language) -> str:
    """A role's name; an unknown code is shown as it is."""
    sign = ROLE_SIGNS.get(role)
    return role if sign is None else sign[1 if language == "zh" else 2]


def role_character(role: str) -> str:
    """The character on a role's badge; the first letter of a code without one."""
    return ROLE_SIGNS[role][0] if role in ROLE_SIGNS else role[:1].upper()


def sign_label(sign: str, language: Language) -> str:
    """What a role's sign says; an unknown code is shown as it is."""
    pair = SIGN_WORDS.get(sign)
    return sign if pair is None else pair[0 if language == "zh" else 1]


def kind_label(kind: str, language: Language) -> str:
    """A relation's or evidence link's name."""
    if kind in RELATION_TYPES:
        declared = RELATION_TYPES[kind]
        return declared.zh if language == "zh" else declared.en
    code = kind.removeprefix("LINK:")
    pair = LINK_KINDS.get(code)
    return code if pair is None else pair[0 if language == "zh" else 1]


def yuan(fen: int) -> Decimal:
    """Fen as yuan, exact."""
    return Decimal(fen).scaleb(-2)


def total_text(total: int | None, measure: str | None, language: Language) -> str:
    """A sum for reading: yuan with thousands marks, minutes and seconds, or times; empty without a sum."""
    if total is None or measure is None:
        return ""
    if measure == "amount_fen":
        return f"¥{yuan(total):,.2f}"
    if measure == "duration_s":
        minutes, seconds = divmod(total, 60)
        return f"{minutes}分{seconds:02d}秒" if language == "zh" else f"{minutes} min {seconds:02d} s"
    return f"{total:,} 次" if language == "zh" else f"{total:,} times"


def short_total(fen: int, language: Language) -> str:
    """A sum of money for a chart without room: 万 from 10,000 yuan on in Chinese, whole yuan in English."""
    if language == "zh" and fen >= 10_000_00:
        return f"{fen / 10_000_00:,.2f}".rstrip("0").rstrip(".") + "万"
    return f"¥{round(fen / 100):,}"


def local_text(at: datetime | None) -> str:
    """An instant as `2024-03-01 09:05` in UTC+8; empty for none."""
    return "" if at is None else at.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M")


def utc_text(at: datetime | None) -> str:
    """An instant in ISO 8601 with the zone, to the second; empty for none."""
    return "" if at is None else at.astimezone(UTC).isoformat(timespec="seconds")
