"""Cleans free text, names, addresses, codes and plain numbers."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import polars as pl

from ingest.clean.cleaned import Cleaned, Prepared, half_width, mark, only_set, prepare
from ingest.readers.encoding import utf8_lines
from ingest.reasons import Reason

_EXCEL_E = r"^[0-9](\.[0-9]+)?[eE]\+[0-9]{2}$"
_PRIVATE_USE = r"[\x{E000}-\x{F8FF}\x{F0000}-\x{10FFFD}]"
_SCHEME = r"^[a-z][a-z0-9+.-]*://"


def clean_text(texts: pl.Series) -> Cleaned:
    """Text as written, without what surrounds it; text that went through a wrong encoding is MOJIBAKE."""
    prepared = prepare(texts)
    return Cleaned(prepared.text, only_set(_text_codes(prepared.text, prepared)))


def clean_address(texts: pl.Series) -> Cleaned:
    """An address in one spelling: half-width, no blanks; different spellings of one place stay apart."""
    prepared = prepare(texts)
    text = half_width(prepared.text).str.replace_all(r"\s+", "")
    codes = _text_codes(text, prepared)
    mark(codes, Reason.NORMALISED, text != prepared.text)
    return Cleaned(text, only_set(codes))


def clean_code(texts: pl.Series) -> Cleaned:
    """A serial, order, case, terminal or waybill number: half-width, letters and hyphens kept.

    Only the form that Excel makes of a long number counts as E-notation (1.23E+17): codes may hold an E.
    """
    prepared = prepare(texts)
    text = half_width(prepared.text).str.replace_all(" ", "", literal=True)
    codes = _text_codes(text, prepared)
    mark(codes, Reason.NORMALISED, text != prepared.text)
    scientific = text.str.contains(_EXCEL_E)
    if prepared.number is None:
        codes[Reason.SCIENTIFIC_TEXT] = scientific
    else:
        codes[Reason.PRECISION_LOST] = prepared.number & text.str.contains(r"[^0-9]")
        codes[Reason.SCIENTIFIC_TEXT] = ~prepared.number & scientific
        codes[Reason.NUMERIC_CELL] = prepared.number
    return Cleaned(text, only_set(codes))


def clean_node(texts: pl.Series) -> Cleaned:
    """A node number of the test format, in which 0 is an ordinary value."""
    prepared = prepare(texts)
    shape = prepared.text.str.contains(r"^[0-9A-Za-z_.-]{1,64}$").fill_null(False)
    bad = prepared.text.is_not_null() & ~shape
    return Cleaned(prepared.text.set(~shape, None), only_set({Reason.BAD_IDENTIFIER: bad}))


def clean_numbers(texts: pl.Series) -> Cleaned:
    """Only the digit runs of a text, blank between: what else a tip-off says there never leaves the vault."""
    prepared = prepare(texts)
    runs = half_width(prepared.text).str.extract_all(r"[0-9]{5,32}").list.join(" ")
    return Cleaned(runs.set(runs == "", None), only_set({Reason.CELL_ERROR: prepared.error}))


def clean_site(texts: pl.Series) -> Cleaned:
    """A host name or package name in lower case, without scheme, path and port."""
    prepared = prepare(texts)
    text = half_width(prepared.text).str.to_lowercase().str.replace(_SCHEME, "")
    text = text.str.replace(r"[/?#].*$", "").str.replace(r":[0-9]+$", "").str.strip_prefix("www.")
    return Cleaned(text.set(text == "", None), only_set(_text_codes(text, prepared)))


def clean_count(texts: pl.Series) -> Cleaned:
    """A whole number as Int64; a number cell may end in .0; other texts are flagged and stay null."""
    prepared = prepare(texts)
    text = half_width(prepared.text).str.replace(r"\.0+$", "")
    value = text.set(~text.str.contains(r"^[+-]?[0-9]{1,18}$").fill_null(False), None).cast(pl.Int64)
    return Cleaned(value, only_set(_number_codes(prepared, value)))


def clean_real(texts: pl.Series) -> Cleaned:
    """A decimal number (coordinates) as Float64; other texts are flagged and stay null."""
    prepared = prepare(texts)
    text = half_width(prepared.text)
    shape = text.str.contains(r"^[+-]?[0-9]{1,12}(\.[0-9]{1,15})?$").fill_null(False)
    value = text.set(~shape, None).cast(pl.Float64)
    return Cleaned(value, only_set(_number_codes(prepared, value)))


def clean_seconds(texts: pl.Series) -> Cleaned:
    """A duration in whole seconds: `95`, `01:35`, `00:01:35`, `1分35秒`."""
    prepared = prepare(texts)
    text = half_width(prepared.text).str.replace(r"\.0+$", "")
    clock = text.str.extract_groups(r"^(?:(?:([0-9]{1,4}):)?([0-9]{1,3}):)?([0-9]{1,9})$").struct.unnest()
    words = text.str.extract_groups(
        r"^(?:([0-9]{1,4})(?:小时|时))?(?:([0-9]{1,4})分钟?)?(?:([0-9]{1,6})秒)?$"
    ).struct.unnest()
    value = _seconds(clock).zip_with(clock["3"].is_not_null(), _seconds(words))
    value = value.set(clock["3"].is_null() & ~text.str.contains("[时分秒]").fill_null(False), None)
    return Cleaned(value, only_set(_number_codes(prepared, value)))


def clean_weight(texts: pl.Series) -> Cleaned:
    """Kilograms with at most three decimals as whole grams; other texts are flagged and stay null."""
    prepared = prepare(texts)
    text = (
        half_width(prepared.text).str.to_lowercase().str.replace(r"(kg|千克|公斤)$", "").str.strip_chars(" ")
    )
    value = pl.Series([_grams(t) for t in text.to_list()], dtype=pl.Int64)
    return Cleaned(value, only_set(_number_codes(prepared, value)))


def _grams(text: str | None) -> int | None:
    try:
        grams = Decimal(text) * 1000 if text else None
    except InvalidOperation:
        return None
    if (
        grams is None
        or not grams.is_finite()
        or grams < 0
        or grams != grams.to_integral_value()
        or grams > 10**9
    ):
        return None
    return int(grams)


def _seconds(parts: pl.DataFrame) -> pl.Series:
    hours, minutes, seconds = (
        parts[name].cast(pl.Int64, strict=False).fill_null(0) for name in ("1", "2", "3")
    )
    return hours * 3600 + minutes * 60 + seconds


def _number_codes(prepared: Prepared, value: pl.Series) -> dict[Reason, pl.Series | None]:
    unclear = prepared.text.is_not_null() & value.is_null()
    return {Reason.UNKNOWN_SHAPE: unclear, Reason.CELL_ERROR: prepared.error}


def _text_codes(text: pl.Series, prepared: Prepared) -> dict[Reason, pl.Series | None]:
    codes: dict[Reason, pl.Series | None] = {
        Reason.CELL_ERROR: prepared.error,
        Reason.NORMALISED: prepared.unseen,
    }
    foreign = text.str.contains(r"[^\x00-\x7F]").fill_null(False)
    if foreign.any():
        codes[Reason.PRIVATE_USE] = text.str.contains(_PRIVATE_USE)
        places = foreign.arg_true()
        hits = places.gather(_mojibake(text.gather(places).to_list()))
        codes[Reason.MOJIBAKE] = pl.repeat(False, len(text), dtype=pl.Boolean, eager=True).scatter(hits, True)
    return codes


def _mojibake(texts: Sequence[str]) -> list[int]:
    """Which texts are UTF-8 that was once read as GB18030: written back they hold three-byte characters.

    They are written back in one go, a line each: a tenth of the time of one by one.
    """
    lines = (text.replace("\n", " ") for text in texts)  # a line end is the same byte in both encodings
    return list(utf8_lines("\n".join(lines).encode("gb18030")))
