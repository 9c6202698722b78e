"""Cleans phone numbers and the numbers of SIM cards and handsets."""

import polars as pl

from ingest.clean.check_digits import luhn_ok
from ingest.clean.cleaned import Cleaned, half_width, mark, only_set, prepare, whole_numbers
from ingest.reasons import Reason

# Mobile, fixed line with area code, 95/96/10/12 services, 400/800, three-digit services.
_KNOWN = r"^(1[3-9][0-9]{9}|0[1-9][0-9]{8,10}|9[56][0-9]{3,6}|1[0-2][0-9]{1,3}|[48]00[0-9]{7})$"
_PREFIX = r"^(?:\+86|0086|17951|12593)(?:86)?"
_EXTENSION = r"^(1[3-9][0-9]{9}|0[0-9]{9,11}|[48]00[0-9]{7}|95[0-9]{3,6})(?:转|,|#|-|x|X|ext\.?)([0-9]{1,6})$"


def clean_phone(texts: pl.Series) -> Cleaned:
    """Country and carrier prefixes off; fixed lines without hyphen; other digit runs are flagged.

    A number with an extension is a privacy number: kept as written, never an identifier.
    """
    raw, codes = whole_numbers(prepare(texts))
    text = half_width(raw).str.replace_all(r"[ ()]", "")
    extension = text.str.contains(_EXTENSION).fill_null(False)
    masked = text.str.contains("*", literal=True).fill_null(False)
    digits = text.str.replace_all("-", "", literal=True).str.replace(_PREFIX, "")
    digits = digits.str.replace(r"^86(1[3-9][0-9]{9})$", "$1")
    digits = digits.set(digits.is_in(["0", ""]), None)
    known = digits.str.contains(_KNOWN).fill_null(False)
    dialled = digits.str.contains(r"^\+?[0-9]{3,20}$").fill_null(False)
    zeros = digits.str.contains(r"^0+$").fill_null(False)
    strange = digits.str.contains(r"[^\x00-\x7F]").fill_null(False) & ~extension & ~masked
    mark(codes, Reason.NORMALISED, digits != raw)
    codes[Reason.MASKED] = masked
    codes[Reason.PRIVACY_NUMBER] = extension
    codes[Reason.PLACEHOLDER] = zeros
    codes[Reason.UNKNOWN_SHAPE] = digits.is_not_null() & ~known & ~masked & ~extension & ~zeros
    mark(codes, Reason.BAD_IDENTIFIER, strange & digits.str.contains(r"[\p{Nd}\p{No}]"))
    usable = dialled & ~extension & ~masked & ~zeros
    return Cleaned(digits.set(~usable, None), only_set(codes), text.set(usable | digits.is_null(), None))


def clean_digits(texts: pl.Series) -> Cleaned:
    """IMSI, ICCID: 10 to 20 digits, a hexadecimal filler allowed; others are flagged and not used."""
    raw, codes = whole_numbers(prepare(texts))
    text = half_width(raw).str.replace_all(r"[ -]", "").str.to_uppercase()
    shape = text.str.contains(r"^[0-9]{10,20}[A-F]?$").fill_null(False)
    zeros = text.str.contains(r"^0+$").fill_null(False)
    mark(codes, Reason.NORMALISED, text != raw)
    codes[Reason.PLACEHOLDER] = zeros
    codes[Reason.UNKNOWN_SHAPE] = text.is_not_null() & ~shape & ~zeros
    return Cleaned(text.set(~shape | zeros, None), only_set(codes))


def clean_imei(texts: pl.Series) -> Cleaned:
    """The 14 digits that compare; a wrong Luhn digit (of 15) is flagged, zeros are a placeholder."""
    raw, codes = whole_numbers(prepare(texts))
    text = half_width(raw).str.replace_all(r"[ -]", "")
    shape = text.str.contains(r"^[0-9]{14,16}$").fill_null(False)
    full = text.str.len_chars() == 15
    mark(codes, Reason.NORMALISED, text != raw)
    codes[Reason.CHECK_DIGIT] = shape & full & ~luhn_ok(text)
    codes[Reason.PLACEHOLDER] = (shape & is_repeated_digit(text)).fill_null(False)
    codes[Reason.UNKNOWN_SHAPE] = text.is_not_null() & ~shape
    return Cleaned(text.set(~shape, None).str.slice(0, 14), only_set(codes))


def is_repeated_digit(text: pl.Series) -> pl.Series:
    """Whether a text is one digit over and over (000000000000000)."""
    return text.str.contains(r"^(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)$")


def clean_cell(texts: pl.Series) -> Cleaned:
    """LAC or CI as decimal text; hexadecimal when it starts 0x or holds A to F."""
    prepared = prepare(texts)
    text = half_width(prepared.text).str.to_uppercase().str.strip_suffix(".0")
    decimal = text.str.contains(r"^[0-9]{1,10}$").fill_null(False)
    hexa = text.str.contains(r"^(0X)?[0-9A-F]{1,8}$").fill_null(False) & ~decimal
    plain = text.set(~decimal, None).cast(pl.Int64)
    hexed = text.set(~hexa, None).str.strip_prefix("0X").str.to_integer(base=16, strict=False)
    codes = {Reason.UNKNOWN_SHAPE: text.is_not_null() & ~decimal & ~hexa, Reason.CELL_ERROR: prepared.error}
    return Cleaned(plain.zip_with(decimal, hexed).cast(pl.String), only_set(codes))
