"""Cleans certificate numbers: id cards of 15 or 18 digits, credit codes, other papers."""

import polars as pl

from ingest.clean.check_digits import credit_code_ok, id_check_sign, id_ok
from ingest.clean.cleaned import Cleaned, half_width, mark, only_set, prepare, whole_numbers
from ingest.reasons import Reason

_CREDIT = r"^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$"


def is_credit_code(number: pl.Expr) -> pl.Expr:
    """Whether a cleaned number names a unit and not a person: letters inside, or 91 to 93 in front."""
    inside = number.str.slice(0, 17).str.contains(r"[A-Z]")
    return number.str.contains(_CREDIT) & (inside | number.str.contains(r"^9[123]"))


def clean_id(texts: pl.Series) -> Cleaned:
    """15 digits become 18; the check digit is flagged; other papers are kept; one form of `X` and width.

    SUSPECT_15_DIGIT with a wrong check digit rejects by that code: the number was a float once.
    """
    raw, codes = whole_numbers(prepare(texts))
    wide = half_width(raw).str.to_uppercase()
    text = wide.str.replace_all(r"[ -]", "")
    text = text.set(text.is_in(["0", ""]), None)
    mark(codes, Reason.NORMALISED, text != raw)
    old = text.str.contains(r"^[0-9]{15}$").fill_null(False)
    text = _lengthen(text, old)
    person = text.str.contains(r"^[0-9]{17}[0-9X]$").fill_null(False)
    unit = pl.select(is_credit_code(pl.lit(text))).to_series().fill_null(False)
    masked = text.str.contains("*", literal=True).fill_null(False)
    other = text.str.contains(r"^[A-Z0-9()]{5,24}$").fill_null(False) & ~person & ~unit
    wrong = (person & ~unit & ~id_ok(text)) | (unit & ~credit_code_ok(text))
    suspect = text.str.contains(r"^[0-9]{15}000$").fill_null(False) & ~unit
    codes[Reason.OLD_ID] = old
    codes[Reason.MASKED] = masked
    codes[Reason.CHECK_DIGIT] = wrong
    codes[Reason.SUSPECT_15_DIGIT] = suspect
    codes[Reason.UNKNOWN_SHAPE] = other
    confused = other & text.str.contains(r"^[0-9O]{15,18}$") & text.str.contains("O", literal=True)
    bad = text.is_not_null() & ~(person | unit | masked | other)
    mark(codes, Reason.BAD_IDENTIFIER, bad | confused)
    refused = only_set({Reason.SUSPECT_15_DIGIT: suspect & wrong})
    usable = person | unit | (other & ~confused)
    return Cleaned(text.set(~usable, None), only_set(codes), text.set(~masked, None), refused)


def _lengthen(text: pl.Series, old: pl.Series) -> pl.Series:
    if not old.any():
        return text
    short = text.filter(old)
    stem = short.str.slice(0, 6) + "19" + short.str.slice(6)
    long = stem + id_check_sign(stem)
    return text.scatter(old.arg_true(), long)
