"""Cleans the short coded columns: direction, success, yes or no, kind of call, region."""

from collections.abc import Mapping

import polars as pl

from ingest.clean.cleaned import Cleaned, half_width, only_set, prepare
from ingest.reasons import Reason

_OUT = ("出", "付", "支出", "借", "d", "付出", "转出", "借方", "out", "支", "debit")
_IN = ("进", "入", "收", "收入", "贷", "c", "转入", "贷方", "in", "credit")
_YES = ("是", "y", "yes", "true", "成功", "success", "t")
_NO = ("否", "n", "no", "false", "失败", "failed", "fail", "f")
_CALLS = {
    "out": ("主叫", "呼出", "主", "caller", "mo", "out"),
    "in": ("被叫", "呼入", "被", "callee", "mt", "in"),
    "sms_out": ("短信", "发短信", "短信发送", "主短", "短信主叫", "发送短信", "sms"),
    "sms_in": ("收短信", "短信接收", "被短", "短信被叫", "接收短信"),
    "forward": ("呼转", "呼叫转移", "前转", "转移"),
}


def clean_direction(texts: pl.Series, codes: Mapping[str, str] | None = None) -> Cleaned:
    """`out`, `in`, or null where the mark is unclear: the running balance decides later (DOMAIN 3.1).

    codes: what a template declares, before the usual words: 借 is no outflow on a credit card's sheet.
    """
    prepared, text = _word(texts)
    declared = {code.lower(): way for code, way in (codes or {}).items()}
    value = _mapped(text, {**dict.fromkeys(_OUT, "out"), **dict.fromkeys(_IN, "in"), **declared})
    return Cleaned(value, only_set({Reason.CELL_ERROR: prepared}))


def clean_success(texts: pl.Series, codes: Mapping[str, bool]) -> Cleaned:
    """Whether the trade went through; empty means yes. An undeclared code is flagged and counts as failed:

    a wrong edge would accuse somebody, and the row stays in the lake for the day the code is declared.
    """
    error, text = _word(texts)
    known = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}
    known.update({code.lower(): value for code, value in codes.items()})
    value = text.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.Boolean)
    unclear = text.is_not_null() & value.is_null()
    filled = value.set(text.is_null(), True).fill_null(False)
    return Cleaned(filled, only_set({Reason.UNKNOWN_SHAPE: unclear, Reason.CELL_ERROR: error}))


def clean_flag(texts: pl.Series) -> Cleaned:
    """Yes or no; other texts are flagged and stay null."""
    error, text = _word(texts)
    yes = (*_YES, "1", "01", "现金", "现")
    no = (*_NO, "0", "00", "其他", "转账", "转", "非现金")
    table = {**dict.fromkeys(yes, True), **dict.fromkeys(no, False)}
    value = text.replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.Boolean)
    unclear = text.is_not_null() & value.is_null()
    return Cleaned(value, only_set({Reason.UNKNOWN_SHAPE: unclear, Reason.CELL_ERROR: error}))


def clean_call_kind(texts: pl.Series) -> Cleaned:
    """`out`, `in`, `sms_out`, `sms_in` or `forward`; other texts are flagged and stay null."""
    error, text = _word(texts)
    value = _mapped(text, {word: kind for kind, words in _CALLS.items() for word in words})
    unclear = text.is_not_null() & value.is_null()
    return Cleaned(value, only_set({Reason.UNKNOWN_SHAPE: unclear, Reason.CELL_ERROR: error}))


def clean_region(texts: pl.Series) -> Cleaned:
    """Six-digit code of the city, a county's cut to its city; other texts are flagged and stay null."""
    prepared = prepare(texts)
    text = half_width(prepared.text).str.replace(r"^([0-9]{6})[0-9]{6}$", "$1")
    shape = text.str.contains(r"^[0-9]{6}$").fill_null(False)
    value = text.set(~shape, None).str.slice(0, 4) + "00"
    codes = {Reason.UNKNOWN_SHAPE: text.is_not_null() & ~shape, Reason.CELL_ERROR: prepared.error}
    return Cleaned(value, only_set(codes))


def _word(texts: pl.Series) -> tuple[pl.Series | None, pl.Series]:
    prepared = prepare(texts)
    return prepared.error, half_width(prepared.text).str.to_lowercase()


def _mapped(text: pl.Series, table: Mapping[str, str]) -> pl.Series:
    return text.replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.String)
