"""Cleans money to whole fen, exactly: never through a float, never rounded."""

from decimal import Decimal, InvalidOperation

import polars as pl

from ingest.clean.cleaned import Cleaned, half_width, only_set, prepare
from ingest.reasons import Reason

_PLAIN = r"^([+-]?)([0-9]+)(?:\.([0-9]{0,2}))?$"
_TWO_DECIMALS = r"^[0-9]{1,15}\.[0-9]{2}$"
_THOUSANDS = r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$"


def clean_money(texts: pl.Series) -> Cleaned:
    """Fen as Int64; thousands marks, 元 and ¥ are taken off; over two decimals or unknown units: BAD_AMOUNT.

    A number cell holds the binary number nearest to what was typed; its shortest decimal text is what was
    typed (at most 15 significant digits), and must have at most two decimals as well.
    """
    prepared = prepare(texts)
    text = prepared.text
    if text.str.contains(_TWO_DECIMALS).all():
        digits = text.str.replace(".", "", literal=True).cast(pl.Int64)
        return Cleaned(digits, only_set({Reason.CELL_ERROR: prepared.error}))
    text = _without_signs(text)
    if prepared.number is not None:
        text = _typed(text, prepared.number)
    parts = text.str.extract_groups(_PLAIN).struct.unnest()
    plain = pl.col("2").is_not_null() & (pl.col("2").str.strip_chars_start("0").str.len_chars() <= 16)
    yuan = pl.when(plain).then(pl.col("2")).cast(pl.Decimal(38, 0)).cast(pl.Int64)
    cents = pl.when(plain).then(pl.col("3").fill_null("").str.pad_end(2, "0")).cast(pl.Int64)
    fen = parts.select(
        fen=pl.when(pl.col("1") == "-").then(-(yuan * 100 + cents)).otherwise(yuan * 100 + cents)
    )["fen"]
    codes = {
        Reason.BAD_AMOUNT: prepared.text.is_not_null() & fen.is_null(),
        Reason.CELL_ERROR: prepared.error,
    }
    return Cleaned(fen, only_set(codes))


def _without_signs(text: pl.Series) -> pl.Series:
    """Half-width, without currency sign, 元 and well-placed thousands marks."""
    bare = half_width(text).str.replace(r"^([+-]?)[¥￥]", "$1").str.strip_suffix("元").str.strip_chars(" ")
    grouped = bare.str.contains(_THOUSANDS).fill_null(False)
    return bare.zip_with(~grouped, bare.str.replace_all(",", "", literal=True))


def _typed(text: pl.Series, number: pl.Series) -> pl.Series:
    """What was typed into number cells whose raw text is longer than two decimals."""
    odd = number & ~text.str.contains(_PLAIN).fill_null(False) & text.is_not_null()
    if not odd.any():
        return text
    shortest = [_shortest(raw) for raw in text.filter(odd).to_list()]
    return text.scatter(odd.arg_true(), pl.Series(shortest, dtype=pl.String))


def _shortest(text: str) -> str:
    try:
        number = Decimal(repr(float(text)))
    except (InvalidOperation, ValueError, OverflowError):
        return text
    if not number.is_finite() or len(number.as_tuple().digits) > 15:
        return text
    return format(number, "f")
