"""Cleans money to whole fen, exactly: never through a float, never rounded."""

from decimal import Decimal, InvalidOperation

import polars as pl

from ingest.clean.cleaned import Cleaned, half_width, only_set, prepare
from ingest.reasons import Reason

_PLAIN = r"^([+-]?)([0-9]+)(?:\.([0-9]{0,2}))?$"
_THOUSANDS = r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$"


def clean_money(texts: pl.Series) -> Cleaned:
    """Fen as Int64; thousands marks, 元 and ¥ are taken off; over two decimals or unknown units: BAD_AMOUNT.

    A number cell holds the binary number nearest to what was typed; its shortest decimal text is what was
    typed (at most 15 significant digits), and must have at most two decimals as well.
    """
    prepared = prepare(texts)
    text = (
        half_width(prepared.text)
        .str.replace(r"^([+-]?)[¥￥]", "$1")
        .str.strip_suffix("元")
        .str.strip_chars(" ")
    )
    text = text.zip_with(
        ~text.str.contains(_THOUSANDS).fill_null(False), text.str.replace_all(",", "", literal=True)
    )
    odd = prepared.number & ~text.str.contains(_PLAIN).fill_null(False) & text.is_not_null()
    if odd.any():
        shortest = [_shortest(t) for t in text.filter(odd).to_list()]
        text = text.scatter(odd.arg_true(), pl.Series(shortest, dtype=pl.String))
    parts = text.str.extract_groups(_PLAIN).struct.unnest()
    sign, whole, cents = parts["1"], parts["2"].str.strip_chars_start("0"), parts["3"]
    fits = parts["2"].is_not_null() & (whole.str.len_chars() <= 16)
    yuan = whole.set((whole == "") | ~fits, "0").cast(pl.Int64)
    fen = yuan * 100 + cents.fill_null("").str.pad_end(2, "0").set(~fits, "0").cast(pl.Int64)
    signed = fen.zip_with((sign != "-").fill_null(True), -fen)
    codes = {
        Reason.BAD_AMOUNT: prepared.text.is_not_null() & ~fits.fill_null(False),
        Reason.CELL_ERROR: prepared.error,
    }
    return Cleaned(signed.set(~fits.fill_null(False), None), only_set(codes))


def _shortest(text: str) -> str:
    try:
        number = Decimal(repr(float(text)))
    except (InvalidOperation, ValueError, OverflowError):
        return text
    if not number.is_finite() or len(number.as_tuple().digits) > 15:
        return text
    return format(number, "f")
