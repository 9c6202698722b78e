"""Words that all writers share: labels of relations and evidence, money and time for reading."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Literal

from graph.schema.catalog import RELATION_TYPES

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

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
BEIJING = timezone(timedelta(hours=8))
ZONE = "UTC+8"


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
        return money_text(total)
    if measure == "duration_s":
        minutes, seconds = divmod(total, 60)
        return f"{minutes}分{seconds:02d}秒" if language == "zh" else f"{minutes} min {seconds:02d} s"
    return f"{total:,} 次" if language == "zh" else f"{total:,} times"


def money_text(fen: int, currency: str = "CNY") -> str:
    """A sum of one currency with thousands marks: `¥1,234.50`, `USD 1,234.50`."""
    return f"{'¥' if currency == 'CNY' else currency + ' '}{yuan(fen):,.2f}"


def short_total(fen: int, language: Language) -> str:
    """A sum of money for a chart without room: 万 from 10,000 yuan on in Chinese, whole yuan in English."""
    if language == "zh" and fen >= 10_000_00:
        return f"{fen / 10_000_00:,.2f}".rstrip("0").rstrip(".") + "万"
    return f"¥{round(fen / 100):,}"


def local_text(at: datetime | None) -> str:
    """An instant as `2024-03-01 09:05` in UTC+8; empty for none."""
    return "" if at is None else at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def utc_text(at: datetime | None) -> str:
    """An instant in ISO 8601 with the zone, to the second; empty for none."""
    return "" if at is None else at.astimezone(UTC).isoformat(timespec="seconds")
