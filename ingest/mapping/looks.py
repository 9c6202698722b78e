"""What a column's values look like: which share of them each kind's cleaner takes, and what else tells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ingest.clean.check_digits import credit_code_ok, id_ok, luhn_ok
from ingest.clean.column import clean_values
from ingest.reasons import Level, Reason
from ingest.template import Column, Template

_SAMPLE = 200
_PHONE = r"^(?:\+?86)?1[3-9][0-9]{9}$"
_HANZI_NAME = r"^[\u4e00-\u9fff·]{2,4}$"
_UNIT_NAME = r"[\u4e00-\u9fff]{2,}(?:公司|银行|店|厂|行|中心|社|部|院|馆|超市|合作社)"
_PLACE = r"[\u4e00-\u9fff]+(?:省|市|区|县|路|街|号|村|镇|乡)"
_CODED = frozenset({"direction", "success", "flag", "call_kind"})
# Kinds whose values have a form of their own: most values must pass, or the field is out of the question.
_FORMED = frozenset(
    {"time", "day", "money", "ip", "mac", "id", "phone", "imei", "digits", "region", "cell", "count", "real",
     "seconds", "weight", "account", "device", "node"}
)  # fmt: skip
# What half of the first values must at least hold: it spares asking a cleaner about every column.
_MUST = {
    "time": r"[0-9]{4}.{0,2}[0-9]{1,2}|[0-9]{5}",
    "day": r"[0-9]{4}.{0,2}[0-9]{1,2}|[0-9]{5}",
    "ip": r"[0-9]\.[0-9]|::",
    "mac": r"[0-9A-Fa-f]{2}[:-]?[0-9A-Fa-f]{2}[:-]?[0-9A-Fa-f]{2}",
    "id": r"[0-9A-Z]{8}",
    "phone": r"[0-9]{3}",
    "imei": r"[0-9]{6}",
    "digits": r"[0-9]{10}",
    "region": r"^[0-9]{6}",
    "account": r"[0-9]{4}",
    "money": r"^[+-]?[¥￥]?[0-9,]+(?:\.|元?$)",
    "real": r"^-?[0-9]+(?:\.|$)",
    "count": r"^[0-9]+$",
}
_WEAK = frozenset({"count", "seconds", "weight", "cell", "real", "node", "device", "region"})


@dataclass(frozen=True, slots=True)
class Look:
    """For (1) or against (-1) a kind; sentences in both languages say why."""

    score: float
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Values:
    """A sample of a column's filled cells, evenly taken, and what can be told without any kind."""

    texts: pl.Series
    filled: int
    distinct: int
    ids: float
    cards: float
    phones: float
    times: float
    two_decimals: float
    long_digits: float
    names: float
    places: float


def values_of(texts: Sequence[str], template: Template) -> Values:
    """The sample of at most 200 cells and its shares (0 to 1); no cells give zeros."""
    step = max(len(texts) // _SAMPLE, 1)
    sample = pl.Series("t", list(texts[::step][:_SAMPLE]), dtype=pl.String)
    bare = sample.str.replace_all(r"[ \t'-]", "").str.to_uppercase()
    time = next((c for c in template.columns.values() if c.kind == "time"), None)
    card = bare.str.contains(r"^[0-9]{15,19}$") & ~id_ok(bare)
    return Values(
        sample,
        len(texts),
        len(set(texts)),
        _share(id_ok(bare) | credit_code_ok(bare)),
        _share(card & luhn_ok(bare)),
        _share(bare.str.contains(_PHONE)),
        _pass_share(sample, time, template) if time is not None else 0.0,
        _share(sample.str.contains(r"^[+-]?[0-9][0-9,]*\.[0-9]{2}$")),
        _share(bare.str.contains(r"^[0-9]{12,30}$")),
        _share(sample.str.contains(_HANZI_NAME) | sample.str.contains(_UNIT_NAME)),
        _share(sample.str.contains(_PLACE) & (sample.str.len_chars() >= 6)),
    )


def look(values: Values, column: Column, template: Template) -> Look:
    """What the values say about a field's kind; an empty column says nothing."""
    if not values.filled:
        return Look(0.0)
    kind = column.kind
    if kind in _CODED:
        return _coded(values, _pass_share(values.texts, column, template) if values.distinct <= 12 else 0.0)
    formed = kind in _FORMED and _may_have_form(values, kind)
    passed = _pass_share(values.texts, column, template) if formed else 0.0
    if kind in _FORMED and passed < 0.5:
        return Look(-1.0, (f"只有 {passed:.0%} 的值符合",), (f"only {passed:.0%} of the values fit",))
    special = _special(values, kind)
    if special is not None:
        return special
    if kind in _FORMED:
        worth = 0.3 if kind in _WEAK else 0.8
        return Look(
            worth * passed, (f"{passed:.0%} 的值符合格式",), (f"{passed:.0%} of the values have the form",)
        )
    # Free text: nothing speaks for it, but values of a strict form speak against it.
    strict = max(values.ids, values.cards, values.phones, values.times, values.two_decimals)
    return Look(-0.5 * strict)


def _may_have_form(values: Values, kind: str) -> bool:
    pattern = re.compile(_MUST.get(kind, r"[0-9]"))
    first = values.texts.head(20).to_list()
    return 2 * sum(1 for text in first if pattern.search(text.strip())) >= len(first)


def _special(values: Values, kind: str) -> Look | None:
    """Kinds that something beyond the cleaner's yes speaks for or against."""
    if kind in ("account", "peer", "subject", "login"):
        return _account(values, kind)
    if kind == "id":
        return _said(values.ids, "校验码正确", "have a right check digit", floor=0.2)
    if kind == "phone":
        return _said(values.phones, "是手机号", "are mobile numbers", floor=0.1)
    if kind in ("imei", "digits"):
        against = max(values.phones, values.ids)
        return Look(0.7 - against, (), ()) if values.long_digits > 0.5 else Look(0.1 - against)
    if kind == "money":
        if values.long_digits > 0.5 or values.times > 0.5 or values.phones > 0.5:
            return Look(-1.0, ("值更像号码或时间",), ("the values look like numbers or times",))
        return _said(values.two_decimals, "有两位小数", "have two decimals", floor=0.3)
    if kind == "name":
        against = max(values.ids, values.phones, values.times, values.two_decimals, values.long_digits)
        return _said(values.names - against, "像姓名或单位名称", "look like names", floor=-0.3 * against)
    if kind == "address":
        return _said(values.places, "像地址", "look like addresses", floor=-0.2)
    if kind == "code" and max(values.ids, values.phones, values.two_decimals) > 0.5:
        return Look(-0.5)
    return None


def _account(values: Values, kind: str) -> Look:
    against = max(values.ids, values.phones, values.times, values.two_decimals)
    if kind in ("account", "peer") and against > 0.5:
        return Look(-1.0, ("值更像证件、电话或时间",), ("the values look like ids, phones or times",))
    if values.cards > 0.5:
        return _said(values.cards, "通过卡号校验（Luhn）", "pass the card check (Luhn)", floor=0.6)
    return _said(values.long_digits, "是长数字账号", "are long account numbers", floor=0.0)


def _coded(values: Values, passed: float) -> Look:
    if passed >= 0.9 and values.distinct <= 12:
        return Look(
            1.0, (f"{values.distinct} 种取值，全部认识",), (f"{values.distinct} different values, all known",)
        )
    if values.distinct <= 3 and values.filled >= 5:
        return Look(0.4, (f"只有 {values.distinct} 种取值",), (f"only {values.distinct} different values",))
    return Look(-1.0, ("取值太多或不认识",), ("the values are too many or unknown",))


def _said(share: float, zh: str, en: str, floor: float) -> Look:
    score = max(share, floor)
    if share < 0.5:
        return Look(score)
    return Look(score, (f"{share:.0%} 的值{zh}",), (f"{share:.0%} of the values {en}",))


def _pass_share(texts: pl.Series, column: Column, template: Template) -> float:
    """The share of cells that the kind's cleaner takes without a doubt about their form."""
    if texts.is_empty():
        return 0.0
    cleaned = clean_values(texts, column, template)
    bad = pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True)
    for reason, mask in (*cleaned.codes.items(), *cleaned.refused.items()):
        if reason.level is Level.ROW or reason is Reason.UNKNOWN_SHAPE:
            bad = bad | mask.fill_null(False)
    if column.kind == "direction":
        bad = bad | cleaned.values.is_null()
    return 1.0 - float(bad.mean() or 0.0)  # type: ignore[arg-type]  # the mean of Booleans is a float


def _share(mask: pl.Series) -> float:
    return float(mask.fill_null(False).mean() or 0.0) if len(mask) else 0.0  # type: ignore[arg-type]  # as above
